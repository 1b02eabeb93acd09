/* tests/unit/test_price_cost.c — what one event costs, to the nanodollar.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "base/mem.h"
#include "price/price_internal.h"
#include "random.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Round rates, so that the sums can be done in one's head: dollars per million tokens are
 * thousandths of a cent per token, 1 $/M = 1000 nanodollars per token. */
static const char csv[] =
    /* model, from, in, out, read, 5m, 1h, above, long in, out, read, 5m, 1h, fast, us, search */
    "plain,,2,10,0.2,2.5,4,,,,,,,,,,,,,,here,2026-01-01\n"
    "step,,2,10,0.2,2.5,4,200000,4,20,0.4,5,8,,,,,,,,here,2026-01-01\n"
    "dear,,2,10,0.2,2.5,4,,,,,,,6,,,,,1.1,0.01,here,2026-01-01\n"
    "tiny,,0.000001,0.000001,0.000001,0.000001,0.000001,,,,,,,1.5,,,,,1.1,,here,2026-01-01\n"
    "dated,,1,1,,,,,,,,,,,,,,,,,here,2026-01-01\n"
    "dated,2026-08-21,3,3,,,,,,,,,,,,,,,,,here,2026-01-01\n";

enum { IN, OUT, READ, FIVE, HOUR };

static const struct {
    const char *why, *model;
    int64_t tokens[5]; /* input, output, cache read, 5-minute write, 1-hour write */
    int64_t searches;
    uint32_t flags;
    int64_t want;
} cases[] = {
    { "nothing costs nothing", "plain", { 0 }, 0, 0, 0 },
    { "input", "plain", { 1 }, 0, 0, 2000 },
    { "output", "plain", { 0, 1 }, 0, 0, 10000 },
    { "a cache read", "plain", { 0, 0, 1 }, 0, 0, 200 },
    { "a 5-minute cache write", "plain", { 0, 0, 0, 1 }, 0, 0, 2500 },
    { "a 1-hour cache write", "plain", { 0, 0, 0, 0, 1 }, 0, 0, 4000 },
    { "all of them add up",
      "plain",
      { 1000, 100, 10000, 200, 700 },
      0,
      0,
      2000000 + 1000000 + 2000000 + 500000 + 2800000 },
    { "as much as one response can have",
      "plain",
      { 0, 1000000000 },
      0,
      0,
      INT64_C(10000000000000) },

    { "a prompt of exactly the threshold is short",
      "step",
      { 200000, 10 },
      0,
      0,
      400000000 + 100000 },
    { "one token more, and all of it is long", "step", { 200001, 10 }, 0, 0, 800004000 + 200000 },
    { "output does not count for the threshold",
      "step",
      { 200000, 500000 },
      0,
      0,
      INT64_C(400000000) + INT64_C(5000000000) },
    { "what was read from a cache does", "step", { 5000, 0, 250000 }, 0, 0, 20000000 + 100000000 },
    { "what was written to a cache does",
      "step",
      { 1, 0, 0, 100000, 100000 },
      0,
      0,
      4000 + 500000000 + 800000000 },
    { "250,000 of 255,000 from the cache on a model of 200,000",
      "step",
      { 4000, 0, 250000, 1000 },
      0,
      0,
      16000000 + 100000000 + 5000000 },
    { "a sum of several requests is never long",
      "step",
      { 200001, 10 },
      0,
      EVENT_SUMMED,
      400002000 + 100000 },
    { "without a step nothing is long", "plain", { 10000000 }, 0, 0, INT64_C(20000000000) },

    { "the fast mode is dearer", "dear", { 1000 }, 0, EVENT_FAST, 12000000 },
    { "where a model has one", "plain", { 1000 }, 0, EVENT_FAST, 2000000 },
    { "so is the region", "dear", { 1000 }, 0, EVENT_GEO_US, 2200000 },
    { "where a model has one, too", "plain", { 1000 }, 0, EVENT_GEO_US, 2000000 },
    { "batches cost half", "dear", { 1000 }, 0, EVENT_TIER_BATCH, 1000000 },
    { "so does flex", "dear", { 1000 }, 0, EVENT_TIER_FLEX, 1000000 },
    { "of priority no factor is known", "dear", { 1000 }, 0, EVENT_TIER_PRIORITY, 2000000 },
    { "factors multiply",
      "dear",
      { 1000 },
      0,
      EVENT_FAST | EVENT_GEO_US | EVENT_TIER_BATCH,
      6600000 },
    { "the step comes first, then the factor", "step", { 200001 }, 0, EVENT_TIER_BATCH, 400002000 },
    { "other facts change nothing",
      "dear",
      { 1000 },
      0,
      EVENT_SUBAGENT | EVENT_ESTIMATED | EVENT_STOPPED | EVENT_MAIN_CHAIN | EVENT_CROWDED,
      2000000 },

    { "ten searches", "dear", { 0 }, 10, 0, 100000000 },
    { "no factor touches a search",
      "dear",
      { 1000 },
      10,
      EVENT_FAST | EVENT_GEO_US | EVENT_TIER_BATCH,
      6600000 + 100000000 },
    { "a search costs nothing where nobody bills it", "plain", { 1000 }, 10, 0, 2000000 },

    { "a millionth of a cent's thousandth is rounded away", "tiny", { 499 }, 0, 0, 0 },
    { "half of one is rounded up", "tiny", { 500 }, 0, 0, 1 },
    { "once for all kinds together", "tiny", { 100, 100, 100, 100, 100 }, 0, 0, 1 },
    { "and behind the factors", "tiny", { 333 }, 0, EVENT_FAST, 0 },
    { "half of it up there too", "tiny", { 1000 }, 0, EVENT_FAST, 2 },
    { "with two factors", "tiny", { 303 }, 0, EVENT_FAST | EVENT_GEO_US, 0 },
    { "and just above", "tiny", { 304 }, 0, EVENT_FAST | EVENT_GEO_US, 1 },

    { "an unknown model has no cost", "ultra", { 1000 }, 0, 0, COST_UNKNOWN },
    { "not even for nothing", "ultra", { 0 }, 0, 0, COST_UNKNOWN },
    { "one whose name only begins alike is unknown", "plain-ultra", { 1000 }, 0, 0, COST_UNKNOWN },
    { "one whose name is the beginning is unknown", "plai", { 1000 }, 0, 0, COST_UNKNOWN },
    { "what is given away costs 0", "plain:free", { 1000 }, 0, 0, 0 },
    { "also where nobody knows it", "ultra:free", { 1000 }, 0, 0, 0 },
    { "a name with a date is the same model", "plain-20260101", { 1000 }, 0, 0, 2000000 },
};

static struct figures figures_of(const int64_t tokens[5], int64_t searches)
{
    return (struct figures){
        .tokens = { [TOKEN_INPUT] = tokens[IN],
                    [TOKEN_OUTPUT] = tokens[OUT],
                    [TOKEN_CACHE_READ] = tokens[READ],
                    [TOKEN_CACHE_WRITE_5M] = tokens[FIVE],
                    [TOKEN_CACHE_WRITE_1H] = tokens[HOUR],
                    [TOKEN_REASONING] = tokens[OUT] }, /* a part of output: never billed beside */
        .web_searches = searches,
        .logged_nusd = 123456789, /* what the agent thinks changes nothing */
    };
}

static struct price_table *open_table(const char *text)
{
    struct price_table *table = NULL;
    struct err err = { 0 };

    if ((text ? price_parse(&table, span_of(text), &err) : price_open(&table, &err)) < 0)
        fail_msg("%s", err.text);
    return table;
}

static void every_kind_of_token_has_its_price(void **state)
{
    struct price_table *table = open_table(csv);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct figures figures = figures_of(cases[i].tokens, cases[i].searches);
        int64_t got = price_cost(table, span_of(cases[i].model), 0, &figures, cases[i].flags);

        if (got != cases[i].want)
            fail_msg("%s: %" PRId64 " and not %" PRId64, cases[i].why, got, cases[i].want);
    }
    price_close(table);
}

static void a_price_changes_at_midnight_utc_to_the_millisecond(void **state)
{
    struct price_table *table = open_table(csv);
    struct figures figures = { .tokens[TOKEN_INPUT] = 1 };
    int64_t change = civil_to_day((struct civil){ 2026, 8, 21 }) * MS_PER_DAY;

    (void)state;
    assert_int_equal(price_cost(table, SPAN_LIT("dated"), change - 1, &figures, 0), 1000);
    assert_int_equal(price_cost(table, SPAN_LIT("dated"), change, &figures, 0), 3000);
    assert_int_equal(price_cost(table, SPAN_LIT("dated"), INT64_MIN, &figures, 0), 1000);
    assert_int_equal(price_cost(table, SPAN_LIT("dated"), INT64_MAX, &figures, 0), 3000);
    price_close(table);
}

/* ---- the table that we ship ---- */

static const struct {
    const char *why, *model, *at;
    int64_t tokens[5];
    int64_t searches;
    uint32_t flags;
    int64_t want;
} shipped[] = {
    { "an answer of Opus 5",
      "claude-opus-5",
      "2026-09-01",
      { 4, 812, 30500, 200, 1000 },
      1,
      0,
      20000 + 20300000 + 15250000 + 1250000 + 10000000 + 10000000 },
    { "the same, fast and in the US",
      "claude-opus-5",
      "2026-09-01",
      { 1000, 100 },
      0,
      EVENT_FAST | EVENT_GEO_US,
      16500000 },
    { "700 of 1000 written for an hour",
      "claude-opus-5",
      "2026-09-01",
      { 0, 0, 0, 300, 700 },
      0,
      0,
      1875000 + 7000000 },
    { "Opus 4.6 fast", "claude-opus-4-6", "2026-09-01", { 1000, 1000 }, 0, EVENT_FAST, 180000000 },
    { "Opus 4.6 long, on its last day",
      "claude-opus-4-6",
      "2026-03-12",
      { 200001 },
      0,
      0,
      2000010000 },
    { "Opus 4.6 long, the day after",
      "claude-opus-4-6",
      "2026-03-13",
      { 200001 },
      0,
      0,
      1000005000 },
    { "Sonnet 4.5 at its threshold",
      "claude-sonnet-4-5-20250929",
      "2026-09-01",
      { 200000 },
      0,
      0,
      600000000 },
    { "Sonnet 4.5 above",
      "claude-sonnet-4-5-20250929",
      "2026-09-01",
      { 200001 },
      0,
      0,
      1200006000 },
    { "Haiku 5.5 above its lower one",
      "claude-haiku-5-5",
      "2026-09-01",
      { 1, 0, 100000 },
      0,
      0,
      500 + 5000000 },
    { "GPT 5.6 before its price fell", "gpt-5.6", "2026-08-20", { 1000, 1000 }, 0, 0, 35000000 },
    { "GPT 5.6 after", "gpt-5.6-sol", "2026-08-21", { 1000, 1000 }, 0, 0, 24000000 },
    { "what is not GPT 5.4", "gpt-5.4-ultra", "2026-09-01", { 1000 }, 0, 0, COST_UNKNOWN },
    { "a synthetic answer", "<synthetic>", "2026-09-01", { 1000 }, 0, 0, COST_UNKNOWN },
};

static void the_prices_we_ship_give_what_the_makers_would_bill(void **state)
{
    struct price_table *table = open_table(NULL);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(shipped); i++) {
        struct figures figures = figures_of(shipped[i].tokens, shipped[i].searches);
        int64_t day, got;

        assert_true(civil_parse_day(span_of(shipped[i].at), &day));
        got = price_cost(table, span_of(shipped[i].model), day * MS_PER_DAY + 5, &figures,
                         shipped[i].flags);
        if (got != shipped[i].want)
            fail_msg("%s: %" PRId64 " and not %" PRId64, shipped[i].why, got, shipped[i].want);
    }
    price_close(table);
}

/* ---- against the formula as it stands in the books ---- */

static const struct price_row *row_at(const struct price_table *table, const char *name,
                                      int64_t at_ms)
{
    struct price_match match = price_match(table, span_of(name));

    return match.rule == PRICE_BY_NAME ? price_match_row(&match, at_ms) : NULL;
}

struct fraction {
    __int128 over, under;
};

static void times(struct fraction *f, int64_t over, int64_t under)
{
    f->over *= over;
    f->under *= under;
}

/* In tenths. */
static int64_t factor_of(const struct price_row *row, enum price_factor factor)
{
    return row->factors[factor] < 0 ? 10 : row->factors[factor] / 100000;
}

/* Rates in millionths of a dollar per million tokens; the answer in nanodollars, half up. */
static int64_t reference(const struct price_row *row, const int64_t tokens[5], int64_t searches,
                         uint32_t flags)
{
    int64_t prompt = tokens[IN] + tokens[READ] + tokens[FIVE] + tokens[HOUR];
    bool is_long = prompt > row->long_above && !(flags & EVENT_SUMMED);
    const int64_t *r = is_long ? row->long_rates : row->rates;
    struct fraction f = { (__int128)tokens[IN] * r[RATE_INPUT] +
                              (__int128)tokens[OUT] * r[RATE_OUTPUT] +
                              (__int128)tokens[READ] * r[RATE_CACHE_READ] +
                              (__int128)tokens[FIVE] * r[RATE_CACHE_WRITE_5M] +
                              (__int128)tokens[HOUR] * r[RATE_CACHE_WRITE_1H],
                          1000 };

    if (flags & EVENT_FAST)
        times(&f, factor_of(row, is_long ? FACTOR_LONG_FAST : FACTOR_FAST), 10);
    if (flags & EVENT_GEO_US)
        times(&f, factor_of(row, FACTOR_GEO_US), 10);
    if (flags & (EVENT_TIER_BATCH | EVENT_TIER_FLEX))
        times(&f, 1, 2);
    return (int64_t)((2 * f.over + f.under) / (2 * f.under)) + searches * row->web_search_nusd;
}

static void any_event_costs_what_the_formula_says(void **state)
{
    static const char *const models[] = { "plain", "step", "dear", "tiny", "dated" };
    static const uint32_t tiers[] = { 0, EVENT_TIER_BATCH, EVENT_TIER_FLEX, EVENT_TIER_PRIORITY };
    struct price_table *table = open_table(csv);
    struct dice dice = { 17 };
    int i, k;

    (void)state;
    for (i = 0; i < 50000; i++) {
        const char *model = models[roll_below(&dice, COUNT(models))];
        uint32_t flags = tiers[roll_below(&dice, COUNT(tiers))];
        int64_t tokens[5], searches = roll_below(&dice, 20);
        struct figures figures;

        flags |= roll_once_in(&dice, 3) ? EVENT_FAST : 0;
        flags |= roll_once_in(&dice, 3) ? EVENT_GEO_US : 0;
        flags |= roll_once_in(&dice, 5) ? EVENT_SUMMED : 0;
        for (k = 0; k < 5; k++)
            tokens[k] = roll_below(&dice, roll_once_in(&dice, 4) ? 200000000 : 70000);
        figures = figures_of(tokens, searches);
        assert_int_equal(price_cost(table, span_of(model), 0, &figures, flags),
                         reference(row_at(table, model, 0), tokens, searches, flags));
    }
    price_close(table);
}

/* The dearest row there is, every factor at once, more tokens than a response can have. */
static void no_bill_overflows(void **state)
{
    struct price_table *table = open_table("m,,9999.999999,9999.999999,,,,,,,,,,19.999999,,,,,"
                                           "19.999999,99,here,2026-01-01\n");
    struct figures figures = { .tokens[TOKEN_INPUT] = 1000000000 };

    (void)state;
    assert_int_equal(price_cost(table, SPAN_LIT("m"), 0, &figures, 0), INT64_C(9999999999000000));
    assert_int_equal(price_cost(table, SPAN_LIT("m"), 0, &figures, EVENT_FAST | EVENT_GEO_US),
                     INT64_C(3999999599600010040));
    figures = (struct figures){ .tokens[TOKEN_OUTPUT] = 2 };
    assert_int_equal(
        price_cost(table, SPAN_LIT("m"), 0, &figures, EVENT_TIER_BATCH | EVENT_TIER_FLEX),
        10000000);
    price_close(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_token_has_its_price),
        cmocka_unit_test(a_price_changes_at_midnight_utc_to_the_millisecond),
        cmocka_unit_test(the_prices_we_ship_give_what_the_makers_would_bill),
        cmocka_unit_test(any_event_costs_what_the_formula_says),
        cmocka_unit_test(no_bill_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
