/* price/price.h — what tokens cost: a dated table of list prices and exact arithmetic.
 *
 * Rates are picodollars per token, costs nanodollars; sums are taken in 128 bits and rounded once
 * per event. No floating point anywhere. A model without a row has no cost: COST_UNKNOWN, never 0.
 * A table never changes once opened and may be used by any thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_PRICE_H
#define PRICE_PRICE_H

#include "base/err.h"
#include "event/event.h"

struct price_table;

/* The built-in table (src/price/prices.csv). */
int price_open(struct price_table **out, struct err *err);
void price_close(struct price_table *table); /* NULL is fine */

/* Changes whenever a price does: the ledger's costs carry it. Never 0. */
int64_t price_version(const struct price_table *table);

/* One event: list cost in nanodollars, or COST_UNKNOWN. `flags` as in enum event_flag. */
int64_t price_cost(const struct price_table *table, struct span model, int64_t at_ms,
                   const struct figures *figures, uint32_t flags);

/* ---- for tests and for reading tables from elsewhere ---- */

/* A table from CSV text in the columns of prices.csv. -1 with *err naming the line. */
int price_parse(struct price_table **out, struct span csv, struct err *err);

/* A model's name without what resellers and dates add to it (docs/prices.md, "Model names"),
 * lower-case, in `out`; empty for a name too long for any table. Returns its length. *is_free is
 * set where the name says so (":free"). */
#define PRICE_NAME_SIZE 128
size_t price_model_name(struct span model, char out[PRICE_NAME_SIZE], bool *is_free);

#endif
