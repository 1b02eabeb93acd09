/* show/limits.h — rate limits as a table for people and as JSON for programs.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_LIMITS_H
#define SHOW_LIMITS_H

#include "base/json_out.h"
#include "limits/limits.h"
#include "show/show.h"

/* What existing clients call UsageState, as one object: without the limits of API keys. */
void show_usage_state(struct json_out *out, const struct limits_account *account);

/* Every account with all its buckets, pacing and forecast. */
void show_limits_json(struct buf *out, const struct limits *limits, int indent);

/* Bars, percentages and count-downs, a line per bucket; a sentence where nothing is known. */
void show_limits_table(struct buf *out, const struct limits *limits,
                       const struct show_style *style);

/* A crossing as a sentence: "five_hour is at 92 % of its limit; it resets in 1h 05m." */
void show_crossing(struct buf *out, const struct limits_crossing *crossing);

#endif
