/* report/report_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_REPORT_INTERNAL_H
#define REPORT_REPORT_INTERNAL_H

#include "base/arena.h"
#include "report/report.h"

/* ---- plan.c ---- */

struct plan {
    struct span agent; /* lent from the query */
    int64_t price_nusd;
    struct sums sums;
};
/* Zeroed = none. */
struct plans {
    struct plan *at;
    size_t n, space;
};
/* `json` as in report_query.plans. -1 with *err naming the agent. */
int plans_read(struct plans *plans, const char *json, struct err *err);
void plans_add(struct plans *plans, struct span agent, const struct sums *sums);
void plans_fill(const struct plans *plans, struct report *report);
void plans_fini(struct plans *plans);

#endif
