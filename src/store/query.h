/* store/query.h — sums for reports.
 *
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "store/store.h"

struct store_sum {
    int64_t bucket; /* day, or quarter hour since 1970, or 0 */
    const struct name *model;
    const struct origin *origin;
    struct sums sums;
};
/* Where the rows of an answer go. */
struct store_sink {
    void (*row)(void *to, const struct store_sum *sum);
    void *to;
};

/* Days of the home zone, both included. */
int store_sum_days(struct store *store, int64_t first, int64_t last, const struct store_sink *sink,
                   struct err *err);
/* Whole quarter hours [first, end). */
int store_sum_quarters(struct store *store, int64_t first, int64_t end,
                       const struct store_sink *sink, struct err *err);
/* Single events of a span, each as a sum of one; bucket = its quarter. */
int store_sum_events(struct store *store, struct timespan span, const struct store_sink *sink,
                     struct err *err);

#endif
