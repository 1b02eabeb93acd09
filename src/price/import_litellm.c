/* price/import_litellm.c — LiteLLM's model_prices_and_context_window.json.
 *
 *   { "gpt-5.5": { "input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05,
 *                  "input_cost_per_token_above_272k_tokens": 1e-05, "mode": "chat", … } }
 *
 * Dollars per single token. Keys with a reseller's path may contradict the bare key, which counts.
 * SPDX-License-Identifier: MIT
 */
#include "price/import_internal.h"

#define PER_TOKEN_DIGITS 12 /* dollars per token to picodollars */

/* Longer names first: one is the beginning of another. */
static const struct {
    const char *key;
    enum price_rate rate;
} rate_keys[] = {
    { "input_cost_per_token", RATE_INPUT },
    { "output_cost_per_token", RATE_OUTPUT },
    { "cache_read_input_token_cost", RATE_CACHE_READ },
    { "cache_creation_input_token_cost_above_1hr", RATE_CACHE_WRITE_1H },
    { "cache_creation_input_token_cost", RATE_CACHE_WRITE_5M },
};

static const struct {
    const char *suffix;
    enum price_factor factor;
} factor_keys[] = {
    { "_batches", FACTOR_BATCH },
    { "_flex", FACTOR_FLEX },
    { "_priority", FACTOR_PRIORITY },
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Makers whose models are known by their name alone. */
static const char *const makers[] = { "dashscope/", "deepseek/", "mistral/", "minimax/" };

/* An entry while it is read. */
struct entry {
    struct import_offer offer;
    int64_t factor_rates[FACTORS]; /* the rate of input with the factor in it */
    bool is_text;                  /* a model that writes text */
};

/* "_above_200k_tokens" */
static bool parse_step(struct span suffix, int64_t *above)
{
    static const char head[] = "_above_", tail[] = "k_tokens";
    struct span number;

    if (!span_starts(suffix, head) || !span_ends(suffix, tail) ||
        suffix.len <= sizeof(head) + sizeof(tail) - 2)
        return false;
    number = (struct span){ suffix.p + sizeof(head) - 1,
                            suffix.len - (sizeof(head) - 1) - (sizeof(tail) - 1) };
    if (!span_int(number, above) || *above < 1 || *above > 1000000)
        return false;
    *above *= 1000;
    return true;
}

/* Of several steps the lowest counts: a request moves there wholly. */
static bool take_step(struct price_row *row, enum price_rate rate, int64_t above,
                      const struct picked *value)
{
    int i;

    if (above > row->long_above)
        return true;
    for (i = 0; i < RATE_KINDS && above < row->long_above; i++)
        row->long_rates[i] = -1;
    row->long_above = above;
    return import_rate(value, PER_TOKEN_DIGITS, &row->long_rates[rate]);
}

static bool take_suffix(struct entry *e, enum price_rate rate, struct span suffix,
                        const struct picked *value)
{
    int64_t above;
    size_t i;

    if (suffix.len == 0)
        return import_rate(value, PER_TOKEN_DIGITS, &e->offer.row.rates[rate]);
    if (parse_step(suffix, &above))
        return value->type == PICKED_ABSENT || take_step(&e->offer.row, rate, above, value);
    for (i = 0; rate == RATE_INPUT && i < COUNT(factor_keys); i++) {
        if (span_is(suffix, factor_keys[i].suffix))
            return import_rate(value, PER_TOKEN_DIGITS, &e->factor_rates[factor_keys[i].factor]);
    }
    return true;
}

static bool take_cost(struct entry *e, struct span key, const struct picked *value)
{
    size_t i;

    for (i = 0; i < COUNT(rate_keys); i++) {
        size_t n = strlen(rate_keys[i].key);

        if (span_starts(key, rate_keys[i].key))
            return take_suffix(e, rate_keys[i].rate, (struct span){ key.p + n, key.len - n },
                               value);
    }
    return true;
}

static bool is_text_mode(const struct picked *mode)
{
    return span_is(mode->text, "chat") || span_is(mode->text, "completion") ||
           span_is(mode->text, "responses");
}

static void take_extras(struct entry *e, const struct picked *entry)
{
    static const struct pick_key special[] = { { "fast", 1 }, { NULL } };
    static const struct pick_key keys[] = { { "mode", 0 },
                                            { "provider_specific_entry", -1, special },
                                            { NULL } };
    struct picked v[2];

    pick_json(entry->text, keys, v, 2);
    e->is_text = v[0].type == PICKED_ABSENT || is_text_mode(&v[0]);
    if (v[1].type == PICKED_NUMBER)
        row_decimal(v[1].text, 6, 20 * FACTOR_ONE - 1, &e->offer.row.factors[FACTOR_FAST]);
}

/* The name that logs have for the key, in `out`; ranks keys by how plainly they say it. */
static void name_model(struct import_offer *offer, struct span key, char out[PRICE_NAME_SIZE])
{
    struct span bare = key;
    bool is_free;
    size_t i;

    for (i = 0; i < COUNT(makers); i++) {
        if (span_starts(key, makers[i]))
            bare = (struct span){ key.p + strlen(makers[i]), key.len - strlen(makers[i]) };
    }
    offer->model = (struct span){ out, price_model_name(bare, out, &is_free) };
    offer->rank = span_eq(offer->model, key);
}

static void take_model(struct price_import *import, struct span key, const struct picked *value)
{
    struct entry e = { .offer = { .row = row_blank(PRICE_IMPORTED) } };
    char name[PRICE_NAME_SIZE];
    struct picked cost;
    struct span cost_key;
    size_t at = 0;
    int i;

    name_model(&e.offer, key, name);
    for (i = 0; i < FACTORS; i++)
        e.factor_rates[i] = -1;
    if (value->type != PICKED_OBJECT) {
        e.offer.why = "is no object";
        import_take(import, &e.offer);
        return;
    }
    while (pick_each(*value, &at, &cost_key, &cost)) {
        if (!take_cost(&e, cost_key, &cost))
            e.offer.why = "has a cost that is no price";
    }
    take_extras(&e, value);
    for (i = 0; i < FACTORS; i++) {
        if (e.factor_rates[i] >= 0)
            e.offer.row.factors[i] =
                import_factor(e.factor_rates[i], e.offer.row.rates[RATE_INPUT]);
    }
    if (e.is_text)
        import_take(import, &e.offer);
}

void import_litellm(struct price_import *import, struct picked models)
{
    struct picked value;
    struct span key;
    size_t at = 0;

    while (pick_each(models, &at, &key, &value)) {
        if (!span_is(key, "sample_spec"))
            take_model(import, key, &value);
    }
}
