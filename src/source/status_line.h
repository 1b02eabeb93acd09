/* source/status_line.h — what an agent tells its status line.
 *
 * Opens no file. Thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_STATUS_LINE_H
#define SOURCE_STATUS_LINE_H

#include "event/event.h"
#include "source/source.h"

#define STATUS_WINDOWS_MAX 8

/* Every field may be missing. */
struct status_line {
    char model[96];       /* its name for people; empty: not told */
    int64_t session_nusd; /* what the agent thinks its session cost; COST_UNTOLD */
    int64_t context_ppm;  /* of the context window; -1: not told */
    struct observation windows[STATUS_WINDOWS_MAX]; /* spans lent from the JSON */
    int windows_n;
};

/* False, and *out empty, where `json` is no JSON object. */
bool status_line_read(struct status_line *out, struct span json, int64_t now_ms);

/* The file of settings in which the agent's command for its status line stands; on the heap, yours
 * to free. */
char *status_line_settings(const struct source_env *env);

#endif
