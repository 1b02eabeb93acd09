/* price/cost.c — the cost of one event, in integers, rounded once.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#define HALF_PPM INT64_C(500000)

/* Which rate each kind of token is billed at. */
static const enum rate rate_of[TOKEN_BILLED] = {
    [TOKEN_INPUT] = RATE_INPUT,
    [TOKEN_OUTPUT] = RATE_OUTPUT,
    [TOKEN_CACHE_READ] = RATE_CACHE_READ,
    [TOKEN_CACHE_WRITE_5M] = RATE_CACHE_WRITE_5M,
    [TOKEN_CACHE_WRITE_1H] = RATE_CACHE_WRITE_1H,
};

static int64_t factor_ppm(const struct price_row *row, enum event_flag flag)
{
    switch (flag) {
    case EVENT_FAST:
        return row->fast_ppm;
    case EVENT_GEO_US:
        return row->geo_ppm;
    case EVENT_TIER_BATCH:
    case EVENT_TIER_FLEX:
        return HALF_PPM;
    default:
        return FACTOR_ONE;
    }
}

static const enum event_flag factor_flags[] = { EVENT_FAST, EVENT_GEO_US, EVENT_TIER_BATCH,
                                                EVENT_TIER_FLEX };
#define FACTORS (sizeof(factor_flags) / sizeof(factor_flags[0]))

static int64_t row_cost(const struct price_row *row, const struct figures *figures, uint32_t flags)
{
    /* A request moves to the long rates as a whole; a sum of several requests never does. */
    bool is_long = !(flags & EVENT_SUMMED) && figures_prompt(figures) > row->long_above;
    const int64_t *rates = is_long ? row->long_rates : row->rates;
    __int128 cost = 0, unit = 1000; /* cost / unit is nanodollars */
    size_t i;
    int kind;

    for (kind = 0; kind < TOKEN_BILLED; kind++)
        cost += (__int128)figures->tokens[kind] * rates[rate_of[kind]];
    for (i = 0; i < FACTORS; i++) {
        int64_t ppm = flags & factor_flags[i] ? factor_ppm(row, factor_flags[i]) : FACTOR_ONE;

        if (ppm != FACTOR_ONE) {
            cost *= ppm;
            unit *= FACTOR_ONE;
        }
    }
    return (int64_t)((cost + unit / 2) / unit) + figures->web_searches * row->web_search_nusd;
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
