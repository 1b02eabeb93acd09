/* source/demo.h — invented log lines in a real agent's format, for the demo.
 *
 * The other direction of this room's knowledge: how such a log is written. Opens nothing.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_DEMO_H
#define SOURCE_DEMO_H

#include "base/buf.h"

#define DEMO_LOGS     ".claude/projects" /* below a home */
#define DEMO_MODELS   3
#define DEMO_PROJECTS 4

struct demo_turn {
    int64_t session;                                /* names the session */
    int64_t at_ms;                                  /* UTC; makes the response's ids */
    int project;                                    /* 0 … DEMO_PROJECTS - 1 */
    int model;                                      /* 0 … DEMO_MODELS - 1, dear ones first */
    int64_t input, output, cache_read, cache_write; /* tokens */
};

/* Path below DEMO_LOGS of the file that holds the session: a folder and a name. */
void demo_path(struct buf *out, const struct demo_turn *turn);
void demo_line(struct buf *out, const struct demo_turn *turn);

#endif
