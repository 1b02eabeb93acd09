/* price/entry.c — prices and other names for models, as people write them in JSON.
 *
 *   { "heron-9": { "input": 3, "output": 15, "cache_read": 0.3, "cache_write": 3.75 } }
 *   { "our-best-model": "claude-opus-5" }
 *
 * In the configuration a rate that is left out falls back as in the table; in a file of its own
 * (RUNTIME_USAGE_PRICING_FILE) it is 0. An entry that makes no sense is told and left out.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/pick.h"

static const struct {
    const char *key;
    enum price_rate rate;
} rate_keys[] = {
    { "input", RATE_INPUT },
    { "output", RATE_OUTPUT },
    { "cache_read", RATE_CACHE_READ },
    { "cache_write", RATE_CACHE_WRITE_5M },
    { "cache_write_5m", RATE_CACHE_WRITE_5M },
    { "cache_write_1h", RATE_CACHE_WRITE_1H },
};
#define RATE_KEYS (sizeof(rate_keys) / sizeof(rate_keys[0]))

/* Vendors whose models are known by their name alone. */
static const char *const makers[] = { "anthropic", "openai",   "google", "xai",    "moonshotai",
                                      "moonshot",  "deepseek", "zai",    "mistral" };

/* A key as its text, lower-case. Empty when it is no name. */
static struct span take_name(struct span key, char out[PRICE_NAME_SIZE])
{
    struct picked text = { PICKED_STRING, key, memchr(key.p, '\\', key.len) != NULL };
    struct span name = span_trim(picked_text(&text, out, PRICE_NAME_SIZE));
    size_t i;

    if (name.len == 0 || name.len >= PRICE_NAME_SIZE)
        return (struct span){ "", 0 };
    memmove(out, name.p, name.len);
    for (i = 0; i < name.len; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] |= 0x20;
    }
    return (struct span){ out, name.len };
}

/* Which rate a key tells, or NULL what is wrong with it. */
static const char *take_rate(struct span key, const struct picked *value, struct price_row *row)
{
    size_t i;

    for (i = 0; i < RATE_KEYS; i++) {
        if (!span_is(key, rate_keys[i].key))
            continue;
        if (value->type != PICKED_NUMBER ||
            !row_decimal(value->text, 6, RATE_MAX, &row->rates[rate_keys[i].rate]))
            return "must be dollars per million tokens, from 0 to 10000";
        return NULL;
    }
    return "is unknown; there are input, output, cache_read, cache_write and cache_write_1h";
}

/* Fills the row in. False when it was refused, and told. */
static bool take_entry(struct price_table *table, struct span name, struct picked entry,
                       struct price_row *row, const char *where)
{
    struct picked value;
    struct span key;
    size_t at = 0;
    const char *wrong;

    if (entry.type != PICKED_OBJECT) {
        price_table_problem(table,
                            "%s: the price of %.*s must be an object such as "
                            "{\"input\": 3, \"output\": 15}",
                            where, (int)name.len, name.p);
        return false;
    }
    while (pick_each(entry, &at, &key, &value)) {
        wrong = take_rate(key, &value, row);
        if (wrong) {
            price_table_problem(table, "%s: the price of %.*s: %.*s %s", where, (int)name.len,
                                name.p, (int)(key.len < 40 ? key.len : 40), key.p, wrong);
            return false;
        }
    }
    return true;
}

/* What a file leaves out is nothing; an hour's write is billed as any other. */
static void fill_with_zero(struct price_row *row)
{
    int i;

    if (row->rates[RATE_CACHE_WRITE_1H] < 0)
        row->rates[RATE_CACHE_WRITE_1H] = row->rates[RATE_CACHE_WRITE_5M];
    for (i = 0; i < RATE_KINDS; i++) {
        if (row->rates[i] < 0)
            row->rates[i] = 0;
    }
}

static bool is_maker(struct span vendor)
{
    size_t i;

    for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        if (span_is(vendor, makers[i]))
            return true;
    }
    return false;
}

/* "openai/gpt-5": also the model by its own name. A maker's word counts more than a reseller's. */
static void add_without_vendor(struct price_table *table, const struct price_row *row)
{
    const char *slash = memchr(row->name.p, '/', row->name.len);
    struct price_row bare = *row;
    struct span vendor;

    if (!slash || row->origin != PRICE_FILE)
        return;
    vendor = (struct span){ row->name.p, (size_t)(slash - row->name.p) };
    bare.name = (struct span){ slash + 1, row->name.len - vendor.len - 1 };
    bare.origin = is_maker(vendor) ? PRICE_FILE : PRICE_FILE_BY_MODEL;
    if (bare.name.len > 0 && !span_is(bare.name, "*"))
        price_table_add(table, &bare);
}

static void add_entry(struct price_table *table, struct span key, struct picked entry,
                      enum price_origin origin, const char *where)
{
    struct price_row row = row_blank(origin);
    char name[PRICE_NAME_SIZE];
    const char *wrong;

    row.name = take_name(key, name);
    row.source = span_of(where);
    if (row.name.len == 0) {
        price_table_problem(table, "%s: a price needs the name of a model", where);
        return;
    }
    if (!take_entry(table, row.name, entry, &row, where))
        return;
    if (origin == PRICE_FILE)
        fill_with_zero(&row);
    wrong = row_finish(&row);
    if (wrong) {
        price_table_problem(table, "%s: the price of %.*s: %s", where, (int)row.name.len,
                            row.name.p, wrong);
        return;
    }
    price_table_add(table, &row);
    add_without_vendor(table, &row);
}

void entries_add(struct price_table *table, struct span json, enum price_origin origin,
                 const char *where)
{
    static const struct pick_key keys[] = { { "rates_usd_per_million", 0 }, { NULL } };
    struct picked rates, entry, object = { PICKED_OBJECT, span_trim(json), false };
    struct span key;
    size_t at = 0;

    if (pick_json(json, keys, &rates, 1) < 0) {
        price_table_problem(
            table, "%s: prices must be one JSON object, {\"model\": {\"input\": 3, …}}", where);
        return;
    }
    if (rates.type != PICKED_ABSENT)
        object = rates;
    if (object.type != PICKED_OBJECT) {
        price_table_problem(table, "%s: rates_usd_per_million must be an object", where);
        return;
    }
    while (pick_each(object, &at, &key, &entry))
        add_entry(table, key, entry, origin, where);
}

void aliases_add(struct price_table *table, struct span json, const char *where)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct picked value, object = { PICKED_OBJECT, span_trim(json), false };
    char from[PRICE_NAME_SIZE], to[PRICE_NAME_SIZE];
    struct span key;
    size_t at = 0;

    if (pick_json(json, nothing, &value, 0) < 0)
        return; /* the configuration has refused it already */
    while (pick_each(object, &at, &key, &value)) {
        struct span name = take_name(key, from);
        struct span target = picked_text(&value, to, sizeof(to));

        if (name.len == 0 || value.type != PICKED_STRING || span_trim(target).len == 0) {
            price_table_problem(table, "%s: model_aliases: %.*s must be the name of a model", where,
                                (int)(key.len < 80 ? key.len : 80), key.p);
            continue;
        }
        table->aliases =
            xgrow(table->aliases, table->aliases_n, &table->aliases_space, sizeof(*table->aliases));
        table->aliases[table->aliases_n++] = (struct price_alias){
            { arena_text(table->arena, name), name.len },
            { arena_text(table->arena, target), target.len },
        };
    }
}
