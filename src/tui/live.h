/* tui/live.h — the live screen: what is used now, and how long the limits last.
 *
 * Has the terminal to itself until somebody quits. SPDX-License-Identifier: MIT
 */
#ifndef TUI_LIVE_H
#define TUI_LIVE_H

#include "base/err.h"
#include "base/zone.h"
#include "event/sums.h"

#include <stdbool.h>

struct config;
struct store;

struct live_setup {
    struct store *store;         /* STORE_WRITE, lent */
    const struct config *config; /* where logs are */
    const struct zone *zone;
    enum cost_kind cost;
    bool color, unicode;
};
/* Returns the exit code once it is over, or -1 with *err where it could not begin; the terminal is
 * as it was either way. */
int live_run(const struct live_setup *setup, struct err *err);

#endif
