/* price/cost.c — the cost of one event, in integers, rounded once.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

/* Beyond these nothing is a response that somebody was billed for. */
#define TOKENS_MAX INT64_C(1000000000000)
#define COST_MAX   (INT64_MAX / 2)
#define WIDEST     ((__int128)(~(unsigned __int128)0 >> 1))

/* Which rate each kind of token is billed at. */
static const enum price_rate rate_of[TOKEN_BILLED] = {
    [TOKEN_INPUT] = RATE_INPUT,
    [TOKEN_OUTPUT] = RATE_OUTPUT,
    [TOKEN_CACHE_READ] = RATE_CACHE_READ,
    [TOKEN_CACHE_WRITE_5M] = RATE_CACHE_WRITE_5M,
    [TOKEN_CACHE_WRITE_1H] = RATE_CACHE_WRITE_1H,
};

/* Of the service tiers only the first that is set counts. */
static const struct {
    enum event_flag flag;
    enum price_factor factor;
    bool is_tier;
} flag_factors[] = {
    { EVENT_FAST, FACTOR_FAST, false },
    { EVENT_GEO_US, FACTOR_GEO_US, false },
    { EVENT_TIER_BATCH, FACTOR_BATCH, true },
    { EVENT_TIER_FLEX, FACTOR_FLEX, true },
    { EVENT_TIER_PRIORITY, FACTOR_PRIORITY, true },
};

static bool is_billable(const struct figures *f)
{
    int kind;

    for (kind = 0; kind < TOKEN_BILLED; kind++) {
        if (f->tokens[kind] < 0 || f->tokens[kind] > TOKENS_MAX)
            return false;
    }
    return f->web_searches >= 0 && f->web_searches <= TOKENS_MAX;
}

static void choose_factors(struct price_bill *bill, uint32_t flags)
{
    bool tier = false;
    size_t i;

    for (i = 0; i < sizeof(flag_factors) / sizeof(flag_factors[0]); i++) {
        enum price_factor factor = flag_factors[i].factor;

        if (!(flags & flag_factors[i].flag) || (tier && flag_factors[i].is_tier))
            continue;
        tier |= flag_factors[i].is_tier;
        if (factor == FACTOR_FAST && bill->is_long)
            factor = FACTOR_LONG_FAST;
        bill->guessed |= bill->row->factors[factor] < 0;
        bill->factors[bill->factors_n++] = factor;
    }
}

static int64_t add_up(const struct price_bill *bill, const struct figures *f)
{
    __int128 cost = 0, unit = 1000; /* cost / unit is nanodollars */
    int i;

    for (i = 0; i < TOKEN_BILLED; i++)
        cost += (__int128)f->tokens[i] * bill->token_pusd[i];
    for (i = 0; i < bill->factors_n; i++) {
        int64_t factor = bill->row->factors[bill->factors[i]];

        if (factor < 0 || factor == FACTOR_ONE)
            continue;
        if (factor > 0 && cost > WIDEST / factor / 2)
            return COST_UNKNOWN;
        cost *= factor;
        unit *= FACTOR_ONE;
    }
    cost = (cost + unit / 2) / unit;
    cost += (__int128)f->web_searches * bill->row->web_search_nusd;
    return cost > COST_MAX ? COST_UNKNOWN : (int64_t)cost;
}

struct price_bill price_bill(const struct price_match *match, int64_t at_ms,
                             const struct figures *figures, uint32_t flags)
{
    struct price_bill bill = { .cost_nusd = COST_UNKNOWN };
    int kind;

    if (match->is_free) {
        bill.cost_nusd = 0;
        return bill;
    }
    bill.row = price_match_row(match, at_ms);
    if (!bill.row || !is_billable(figures))
        return bill;
    /* A request moves to the long rates as a whole; a sum of several requests never does. */
    bill.is_long = !(flags & EVENT_SUMMED) && figures_prompt(figures) > bill.row->long_above;
    bill.guessed = bill.row->guessed_cache_read && figures->tokens[TOKEN_CACHE_READ] > 0;
    for (kind = 0; kind < TOKEN_BILLED; kind++)
        bill.token_pusd[kind] =
            (bill.is_long ? bill.row->long_rates : bill.row->rates)[rate_of[kind]];
    choose_factors(&bill, flags);
    bill.cost_nusd = add_up(&bill, figures);
    return bill;
}

int64_t price_cost(const struct price_table *table, struct span model, int64_t at_ms,
                   const struct figures *figures, uint32_t flags)
{
    struct price_match match = price_match(table, model);

    return price_bill(&match, at_ms, figures, flags).cost_nusd;
}
