/* report/estimate.h — the limit of a block of five hours, guessed from those of the last month.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_ESTIMATE_H
#define REPORT_ESTIMATE_H

#include "base/err.h"
#include "event/estimate.h"

struct store;

/* Tells the sink of every agent that it wants to hear of and that has finished blocks enough. 0, or
 * -1 with *err. */
int report_estimates(struct store *store, int64_t now_ms, const struct estimate_sink *sink,
                     struct err *err);

#endif
