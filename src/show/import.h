/* show/import.h — what came into the ledger from elsewhere. Appends text; prints nothing.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_IMPORT_H
#define SHOW_IMPORT_H

#include "base/buf.h"

struct show_import_row {
    const char *agent, *title; /* "claude", "Claude Code" */
    int64_t files, events_new, events_known, problems;
};
struct show_import {
    const char *machine;
    const struct show_import_row *rows; /* an agent each */
    size_t n;
    int64_t refused; /* links and such in archives, and names that lead out of them */
};

void show_import_text(struct buf *out, const struct show_import *import, bool unicode);
void show_import_json(struct buf *out, const struct show_import *import);

#endif
