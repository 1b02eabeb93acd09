/* price/price_internal.h — a row of the table, shared by the files of this room.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_INTERNAL_H
#define PRICE_INTERNAL_H

#include "price/price.h"

/* In the order of the CSV's columns. */
enum rate {
    RATE_INPUT,
    RATE_OUTPUT,
    RATE_CACHE_READ,
    RATE_CACHE_WRITE_5M,
    RATE_CACHE_WRITE_1H,
    RATE_KINDS
};

#define FACTOR_ONE INT64_C(1000000)

struct price_row {
    struct span name;
    int line;                  /* of the table, from 1 */
    int64_t valid_from_ms;     /* UTC; INT64_MIN: always */
    int64_t rates[RATE_KINDS]; /* picodollars per token */
    int64_t long_above;        /* tokens of prompt; INT64_MAX: no such step */
    int64_t long_rates[RATE_KINDS];
    int64_t fast_ppm, geo_ppm; /* factors in millionths */
    int64_t web_search_nusd;   /* per search */
};

/* The row valid at that time for exactly this name, or NULL. */
const struct price_row *price_find(const struct price_table *table, struct span name,
                                   int64_t at_ms);

extern const char price_csv[]; /* made from prices.csv by the build */

#endif
