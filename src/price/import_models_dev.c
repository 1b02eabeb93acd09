/* price/import_models_dev.c — the api.json of models.dev.
 *
 *   { "openai": { "models": { "gpt-5.5": { "cost": { "input": 5, "output": 30, "cache_read": 0.5,
 *       "context_over_200k": { "input": 10, … } } } } } }
 *
 * Dollars per million tokens. Only what makers ask for their own models is taken; a reseller's
 * price is not the model's.
 * SPDX-License-Identifier: MIT
 */
#include "price/import_internal.h"

#define PER_MILLION_DIGITS 6 /* dollars per million tokens to picodollars per token */
#define OVER_200K          200000

static const char *const makers[] = { "anthropic", "openai",   "google",  "xai",     "moonshotai",
                                      "zai",       "deepseek", "mistral", "alibaba", "minimax" };

enum { COST_INPUT, COST_OUTPUT, COST_READ, COST_WRITE, COST_TIERS, COST_OVER, COST_KEYS };
static const struct pick_key cost_keys[] = {
    { "input", COST_INPUT },
    { "output", COST_OUTPUT },
    { "cache_read", COST_READ },
    { "cache_write", COST_WRITE },
    { "tiers", COST_TIERS },
    { "context_over_200k", COST_OVER },
    { NULL },
};
static const enum price_rate rate_of[] = {
    [COST_INPUT] = RATE_INPUT,
    [COST_OUTPUT] = RATE_OUTPUT,
    [COST_READ] = RATE_CACHE_READ,
    [COST_WRITE] = RATE_CACHE_WRITE_5M,
};

/* The four rates of an object that was picked by cost_keys. */
static bool take_rates(const struct picked *v, int64_t rates[RATE_KINDS])
{
    int i;

    for (i = COST_INPUT; i <= COST_WRITE; i++) {
        if (!import_rate(&v[i], PER_MILLION_DIGITS, &rates[rate_of[i]]))
            return false;
    }
    return true;
}

static bool take_long(struct price_row *row, struct span cost, int64_t above)
{
    struct picked v[COST_KEYS];

    if (above >= row->long_above || pick_json(cost, cost_keys, v, COST_KEYS) < 0)
        return true; /* of several steps the lowest counts */
    row->long_above = above;
    return take_rates(v, row->long_rates);
}

static bool take_tiers(struct price_row *row, struct picked tiers)
{
    static const struct pick_key tier_keys[] = { { "size", 0 }, { NULL } };
    static const struct pick_key keys[] = { { "tier", -1, tier_keys }, { NULL } };
    struct picked tier, size;
    size_t at = 0;
    int64_t above;

    while (tiers.type == PICKED_ARRAY && pick_each(tiers, &at, NULL, &tier)) {
        if (tier.type != PICKED_OBJECT || pick_json(tier.text, keys, &size, 1) < 0 ||
            picked_int(&size, &above) != PICKED_INT_OK || above < 1)
            continue;
        if (!take_long(row, tier.text, above))
            return false;
    }
    return true;
}

static bool take_cost(struct price_row *row, struct span cost)
{
    struct picked v[COST_KEYS];

    if (pick_json(cost, cost_keys, v, COST_KEYS) < 0 || !take_rates(v, row->rates) ||
        !take_tiers(row, v[COST_TIERS]))
        return false;
    return v[COST_OVER].type != PICKED_OBJECT || row->long_above < INT64_MAX ||
           take_long(row, v[COST_OVER].text, OVER_200K);
}

/* The fast mode has a price list of its own, which is a factor where it is one. */
static void take_fast(struct price_row *row, const struct picked *input)
{
    int64_t rate = -1;

    if (import_rate(input, PER_MILLION_DIGITS, &rate) && rate >= 0)
        row->factors[FACTOR_FAST] = import_factor(rate, row->rates[RATE_INPUT]);
}

static void take_model(struct price_import *import, struct span key, const struct picked *value)
{
    static const struct pick_key input_keys[] = { { "input", 1 }, { NULL } };
    static const struct pick_key fast_keys[] = { { "cost", -1, input_keys }, { NULL } };
    static const struct pick_key mode_keys[] = { { "fast", -1, fast_keys }, { NULL } };
    static const struct pick_key extra_keys[] = { { "modes", -1, mode_keys }, { NULL } };
    static const struct pick_key keys[] = { { "cost", 0 },
                                            { "experimental", -1, extra_keys },
                                            { NULL } };
    struct import_offer offer = { .row = row_blank(PRICE_IMPORTED) };
    char name[PRICE_NAME_SIZE];
    struct picked v[2];
    bool is_free;

    if (value->type != PICKED_OBJECT || pick_json(value->text, keys, v, 2) < 0 ||
        v[0].type == PICKED_ABSENT)
        return; /* listed without a price */
    offer.model = (struct span){ name, price_model_name(key, name, &is_free) };
    offer.rank = span_eq(offer.model, key);
    if (is_free)
        return;
    if (v[0].type != PICKED_OBJECT || !take_cost(&offer.row, v[0].text))
        offer.why = "has a cost that is no price";
    else
        take_fast(&offer.row, &v[1]);
    import_take(import, &offer);
}

static void take_provider(struct price_import *import, const struct picked *provider)
{
    static const struct pick_key keys[] = { { "models", 0 }, { NULL } };
    struct picked models, value;
    struct span key;
    size_t at = 0;

    if (provider->type != PICKED_OBJECT || pick_json(provider->text, keys, &models, 1) < 0 ||
        models.type != PICKED_OBJECT)
        return;
    while (pick_each(models, &at, &key, &value))
        take_model(import, key, &value);
}

void import_models_dev(struct price_import *import, struct picked providers)
{
    struct picked value;
    struct span key;
    size_t at = 0, i;

    while (pick_each(providers, &at, &key, &value)) {
        for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
            if (span_is(key, makers[i]))
                take_provider(import, &value);
        }
    }
}
