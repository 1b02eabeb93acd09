/* report/when.h — days as people name them.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_WHEN_H
#define REPORT_WHEN_H

#include "report/report.h"

/* What words about days refer to. */
struct report_now {
    int64_t today;
    int week_start; /* 0 Monday … 6 Sunday */
};
enum report_bound { REPORT_SINCE, REPORT_UNTIL };
/* 2026-11-22, 20261122, today, yesterday, 7d (the first of the last seven days, today among them),
 * last-week, this-month, …: their first day, or as REPORT_UNTIL their last. True and *day. */
bool report_when(struct span text, const struct report_now *now, enum report_bound bound,
                 int64_t *day);
#define REPORT_WHEN_WORDS "2026-11-01, 20261101, today, yesterday, 7d, last-week or last-month"
/* The first day of the last `n` days, weeks or months, the present one among them. */
int64_t report_last_periods(enum report_by by, int64_t n, const struct report_now *now);

#endif
