/* tui/view.h — all that the live screen shows, as it was at one moment.
 *
 * Asks report/ and limits/; computes nothing. Not thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "limits/limits.h"
#include "report/report.h"

#define VIEW_MINUTES 240 /* as far as the pulse looks back */

/* Zeroed = nothing is known yet. */
struct view {
    int64_t now_ms;
    const struct zone *zone; /* lent */
    struct report today;     /* by model */
    struct report sessions;  /* of today */
    struct report blocks;    /* the active one, or none */
    struct sums week;
    struct limits limits;
    int64_t pulse[VIEW_MINUTES]; /* tokens; the last is the present minute */
};

/* 0, or -1 with *err; then *view is as it was. */
int view_load(struct view *view, struct store *store, const struct zone *zone, enum cost_kind cost,
              struct err *err);
void view_fini(struct view *view);

#endif
