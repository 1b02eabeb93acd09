/* price/cost.c — the cost of one event, in integers, rounded once.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

/* Which rate each kind of token is billed at. */
static const enum rate rate_of[TOKEN_BILLED] = {
    [TOKEN_INPUT] = RATE_INPUT,
    [TOKEN_OUTPUT] = RATE_OUTPUT,
    [TOKEN_CACHE_READ] = RATE_CACHE_READ,
    [TOKEN_CACHE_WRITE_5M] = RATE_CACHE_WRITE_5M,
    [TOKEN_CACHE_WRITE_1H] = RATE_CACHE_WRITE_1H,
};

/* A number of picodollars as a fraction, so that it is rounded once, at the end. Whatever a table
 * may say (table.c, "no bill overflows"), a billion tokens fit. */
struct amount {
    __int128 over;
    int64_t under;
};

static void multiply(struct amount *a, int64_t ppm)
{
    if (ppm == FACTOR_ONE)
        return;
    a->over *= ppm;
    a->under *= FACTOR_ONE;
}

static int64_t row_cost(const struct price_row *row, const struct figures *figures, uint32_t flags)
{
    /* A request moves to the long rates as a whole; a sum of several requests never does. */
    bool is_long = !(flags & EVENT_SUMMED) && figures_prompt(figures) > row->long_above;
    const int64_t *rates = is_long ? row->long_rates : row->rates;
    struct amount a = { 0, 1000 }; /* nanodollars */
    int kind;

    for (kind = 0; kind < TOKEN_BILLED; kind++)
        a.over += (__int128)figures->tokens[kind] * rates[rate_of[kind]];
    if (flags & EVENT_FAST)
        multiply(&a, row->fast_ppm);
    if (flags & EVENT_GEO_US)
        multiply(&a, row->geo_ppm);
    if (flags & (EVENT_TIER_BATCH | EVENT_TIER_FLEX))
        a.under *= 2; /* both cost half; of priority no factor is known */
    return (int64_t)((a.over + a.under / 2) / a.under) +
           figures->web_searches * row->web_search_nusd;
}

int64_t price_cost(const struct price_table *table, struct span model, int64_t at_ms,
                   const struct figures *figures, uint32_t flags)
{
    const struct price_row *row = price_find(table, model, at_ms);
    char name[PRICE_NAME_SIZE];
    bool is_free = false;

    if (!row) {
        size_t len = price_model_name(model, name, &is_free);

        row = price_find(table, (struct span){ name, len }, at_ms);
    }
    if (is_free)
        return 0;
    return row ? row_cost(row, figures, flags) : COST_UNKNOWN;
}
