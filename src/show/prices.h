/* show/prices.h — price rows and bills as text and JSON. Formats; looks nothing up.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_PRICES_H
#define SHOW_PRICES_H

#include "base/json_out.h"
#include "price/price.h"
#include "show/show.h"

/* Rows to list, lent. */
struct show_prices {
    const struct price_row *const *rows;
    size_t n;
};
void show_price_list(struct buf *out, const struct show_prices *prices,
                     const struct show_style *style);
void show_price_list_json(struct buf *out, const struct show_prices *prices);

/* One row as an object of a larger document. */
void show_price_row_json(struct json_out *json, const struct price_row *row);

/* What a model costs, and why. */
struct show_bill {
    struct span model; /* as it was asked for */
    int64_t at_ms;     /* the price of that time */
    struct price_match match;
    const struct price_row *row; /* NULL: there is none */
    bool has_figures;            /* a bill was made; else only the row is told */
    struct figures figures;
    struct price_bill bill;
    int64_t event_ms; /* when the event was that the figures are of; 0: they were made up */
};
void show_bill(struct buf *out, const struct show_bill *bill, const struct show_style *style);
void show_bill_json(struct buf *out, const struct show_bill *bill);

/* That the ledger's costs are of other prices than those in use, as a line. */
void show_stale_prices(struct buf *out, const struct show_style *style);

/* "$12.50", with as many decimals as there are, at least two. */
void show_exact_cost(struct buf *out, int64_t nusd);

#endif
