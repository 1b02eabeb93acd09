/* tests/unit/test_price_open.c — the table in use: configuration, files and other names on top.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "base/path.h"
#include "config/config.h"
#include "ledger_bench.h"
#include "price/price.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MILLION      INT64_C(1000000)

/* Dollars per million tokens of input, in thousandths; -1 unknown. */
static int64_t input_rate(const struct price_table *table, const char *model, const char *day_text)
{
    struct figures figures = { .tokens[TOKEN_INPUT] = MILLION };
    int64_t day, cost;

    assert_true(civil_parse_day(span_of(day_text), &day));
    cost = price_cost(table, span_of(model), day * MS_PER_DAY, &figures, EVENT_SUMMED);
    return cost == COST_UNKNOWN ? -1 : cost / 1000000;
}

/* What stands on top of the built-in table. */
struct top {
    const char *prices, *aliases, *file, *imported;
};

static struct price_table *open_top(struct ledger_bench *b, const struct top *top)
{
    char *config_path = path_join(b->top, "config.json");
    char *file_path = path_join(b->top, "file.json");
    char *imported_path = path_join(b->top, "prices.csv");
    struct config config = { .config_path = config_path };
    struct price_table *table = NULL;
    struct err err = { 0 };

    if (top->prices)
        config.prices = xstrdup(top->prices);
    if (top->aliases)
        config.model_aliases = xstrdup(top->aliases);
    if (top->file) {
        config.pricing_file = file_path;
        assert_int_equal(path_write(file_path, span_of(top->file), 0600, NULL), 0);
    }
    unlink(imported_path);
    if (top->imported)
        assert_int_equal(path_write(imported_path, span_of(top->imported), 0600, NULL), 0);
    if (price_open_config(&table, &config, &err) < 0)
        fail_msg("%s", err.text);
    free(config.prices);
    free(config.model_aliases);
    free(config_path);
    free(file_path);
    free(imported_path);
    return table;
}

static const struct {
    const char *why;
    struct top top;
    const char *model, *at;
    int64_t want; /* thousandths of a dollar per million tokens */
} cases[] = {
    { "nothing on top", { NULL }, "gpt-5.6", "2026-08-20", 5000 },
    { "a configured price replaces every date of the model",
      { .prices = "{\"gpt-5.6\":{\"input\":7,\"output\":1}}" },
      "gpt-5.6",
      "2026-08-20",
      7000 },
    { "and the other names of its row keep theirs",
      { .prices = "{\"gpt-5.6\":{\"input\":7,\"output\":1}}" },
      "gpt-5.6-sol",
      "2026-08-20",
      5000 },
    { "it is found under a reseller's name",
      { .prices = "{\"heron-9\":{\"input\":0.000001e6,\"output\":1}}" },
      "openrouter/heron-9:v",
      "2026-01-01",
      -1 },
    { "with a date behind it",
      { .prices = "{\"heron-9\":{\"input\":1.25,\"output\":1}}" },
      "openrouter/heron-9-20260101",
      "2026-01-01",
      1250 },
    { "a vendor's star is everything of it",
      { .prices = "{\"nest/*\":{\"input\":0,\"output\":0}}" },
      "nest/heron",
      "2026-01-01",
      0 },
    { "a price of its own goes before what is given away",
      { .prices = "{\"heron:free\":{\"input\":2,\"output\":0}}" },
      "heron:free",
      "2026-01-01",
      2000 },
    { "a file, plain",
      { .file = "{\"openai/gpt-5.6\":{\"input\":9}}" },
      "gpt-5.6",
      "2026-11-01",
      9000 },
    { "a file, wrapped",
      { .file = "{\"rates_usd_per_million\":{\"openai/gpt-5.6\":{\"input\":9}}}" },
      "gpt-5.6-2026-08-01",
      "2026-11-01",
      9000 },
    { "a rate that the file leaves out is nothing",
      { .file = "{\"openai/gpt-5.6\":{\"output\":9}}" },
      "gpt-5.6",
      "2026-11-01",
      0 },
    { "a reseller's price in the file is not the maker's",
      { .file = "{\"nest/gpt-5.6\":{\"input\":1},\"openai/gpt-5.6\":{\"input\":9}}" },
      "gpt-5.6",
      "2026-11-01",
      9000 },
    { "but it is the reseller's",
      { .file = "{\"nest/gpt-5.6\":{\"input\":1},\"openai/gpt-5.6\":{\"input\":9}}" },
      "nest/gpt-5.6",
      "2026-11-01",
      1000 },
    { "the configuration goes before the file",
      { .prices = "{\"gpt-5.6\":{\"input\":7,\"output\":1}}",
        .file = "{\"openai/gpt-5.6\":{\"input\":9}}" },
      "gpt-5.6",
      "2026-11-01",
      7000 },
    { "an imported row adds a date",
      { .imported = "gpt-5.6,2026-11-10,6,6,,,,,,,,,,,,,,,,,there,2026-11-10\n" },
      "gpt-5.6",
      "2026-11-10",
      6000 },
    { "and leaves the days before as they were",
      { .imported = "gpt-5.6,2026-11-10,6,6,,,,,,,,,,,,,,,,,there,2026-11-10\n" },
      "gpt-5.6",
      "2026-11-09",
      4000 },
    { "an imported row of the same date replaces",
      { .imported = "gpt-5.6,2026-08-21,6,6,,,,,,,,,,,,,,,,,there,2026-11-10\n" },
      "gpt-5.6",
      "2026-11-09",
      6000 },
    { "another name",
      { .aliases = "{\"our-best\":\"claude-opus-5\"}" },
      "our-best",
      "2026-11-01",
      5000 },
    { "another name, as a log may write it",
      { .aliases = "{\"our-best\":\"claude-opus-5\"}" },
      "anthropic/Our-Best-20260101",
      "2026-11-01",
      5000 },
    { "another name that leads nowhere",
      { .aliases = "{\"our-best\":\"nobody\"}" },
      "our-best",
      "2026-11-01",
      -1 },
    { "another name goes before a price of that name",
      { .aliases = "{\"gpt-5.6\":\"claude-opus-5-5\"}" },
      "gpt-5.6",
      "2026-11-01",
      4000 },
};

static void a_later_word_goes_before_an_earlier_one(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(cases); i++) {
        struct price_table *table = open_top(*state, &cases[i].top);
        int64_t got = input_rate(table, cases[i].model, cases[i].at);

        if (got != cases[i].want)
            fail_msg("%s: %d and not %d", cases[i].why, (int)got, (int)cases[i].want);
        if (price_problem(table, 0))
            fail_msg("%s: %s", cases[i].why, price_problem(table, 0));
        price_close(table);
    }
}

static const struct {
    const char *why;
    struct top top;
    const char *said; /* part of the problem */
} bad[] = {
    { "a negative rate",
      { .prices = "{\"gpt-5.6\":{\"input\":-1,\"output\":1}}" },
      "config.json: the price of gpt-5.6: input must be dollars" },
    { "a word",
      { .prices = "{\"gpt-5.6\":{\"input\":\"1\",\"output\":1}}" },
      "gpt-5.6: input must be dollars" },
    { "a rate beyond all measure",
      { .prices = "{\"gpt-5.6\":{\"input\":1e4,\"output\":1}}" },
      "gpt-5.6: input must be dollars" },
    { "a key that nobody knows",
      { .prices = "{\"gpt-5.6\":{\"inputs\":1,\"output\":1}}" },
      "gpt-5.6: inputs is unknown" },
    { "no output", { .prices = "{\"gpt-5.6\":{\"input\":1}}" }, "gpt-5.6: input and output must" },
    { "no object", { .prices = "{\"gpt-5.6\":3}" }, "gpt-5.6 must be an object" },
    { "an empty name", { .prices = "{\" \":{\"input\":1,\"output\":1}}" }, "needs the name" },
    { "a file that is not there is said to be missing", { .file = "" }, "must be one JSON object" },
    { "a file cut short",
      { .file = "{\"openai/gpt-5.6\":{\"input\":9" },
      "must be one JSON object" },
    { "a wrap around nothing", { .file = "{\"rates_usd_per_million\":3}" }, "must be an object" },
    { "an imported row without rates",
      { .imported = "gpt-5.6,,,,,,,,,,,,,,,,,,,,there,2026-11-10\n" },
      "prices.csv, line 1" },
    { "an alias that is no name", { .aliases = "{\"a\":3}" }, "model_aliases: a must be" },
};

static void a_bad_entry_is_told_and_the_table_stays_in_force(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(bad); i++) {
        struct price_table *table = open_top(*state, &bad[i].top);
        const char *problem = price_problem(table, 0);

        if (!problem || !strstr(problem, bad[i].said))
            fail_msg("%s: %s", bad[i].why, problem ? problem : "was accepted");
        assert_null(price_problem(table, 1));
        assert_int_equal(input_rate(table, "gpt-5.6", "2026-11-01"), 4000);
        price_close(table);
    }
}

static void one_bad_entry_spoils_no_other(void **state)
{
    struct price_table *table =
        open_top(*state, &(struct top){ .prices = "{\"a\":{\"input\":-1},\"b\":{\"input\":2,"
                                                  "\"output\":3}}" });

    assert_int_equal(input_rate(table, "b", "2026-11-01"), 2000);
    assert_int_equal(input_rate(table, "a", "2026-11-01"), -1);
    price_close(table);
}

static void what_is_on_top_changes_the_version(void **state)
{
    static const struct top tops[] = {
        { NULL },
        { .prices = "{\"b\":{\"input\":2,\"output\":3}}" },
        { .aliases = "{\"b\":\"gpt-5.6\"}" },
    };
    int64_t versions[COUNT(tops)];
    size_t i, k;

    for (i = 0; i < COUNT(tops); i++) {
        struct price_table *table = open_top(*state, &tops[i]);

        versions[i] = price_version(table);
        for (k = 0; k < i; k++)
            assert_int_not_equal(versions[i], versions[k]);
        price_close(table);
    }
}

/* ---- what the shipped table knows ---- */

static const struct {
    const char *model;
    int64_t want; /* thousandths of a dollar per million tokens of input */
} known[] = {
    { "claude-3-opus", 15000 },
    { "claude-3-sonnet", 3000 },
    { "claude-opus-4-7", 5000 },
    { "claude-opus-4-5", 5000 },
    { "claude-haiku-4-5", 1000 },
    { "claude-3-5-haiku", 800 },
    { "gpt-4o", 2500 },
    { "gpt-4o-mini", 150 },
    { "gpt-4-5", 75000 },
    { "gpt-4-turbo", 10000 },
    { "gpt-4", 30000 },
    { "gpt-3-5-turbo", 500 },
    { "o1", 15000 },
    { "o1-mini", 1100 },
    { "o3", 2000 },
    { "o3-mini", 1100 },
    { "o4-mini", 1100 },
    { "gpt-5.6-terra", 2000 },
    { "moonshotai/kimi-k3", 3000 },
    { "z-ai/glm-5.2", 1400 },
    { "xai/grok-4.7", 2000 },
    { "vertex_ai/gemini-3.1-pro-preview", 2000 },
    { "projects/p/locations/global/publishers/anthropic/models/claude-opus-5@default", 5000 },
    { "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-5-20251101-v1:0",
      5000 },
    { "claude-3-5-sonnet-v2@20241022", 3000 },
    { "ollama/llama4:70b", 0 },
    { "lmstudio/anything", 0 },
    { "llama.cpp/a/b", 0 },
    { "heron-9:free", 0 },
    { "ollama", -1 },
    { "heron-9", -1 },
    { "gpt-5.4-ultra", -1 },
    { "qwen4-coder", -1 },
};

static void the_models_that_people_use_have_a_price(void **state)
{
    struct price_table *table = NULL;
    size_t i;

    (void)state;
    assert_int_equal(price_open(&table, NULL), 0);
    for (i = 0; i < COUNT(known); i++) {
        int64_t got = input_rate(table, known[i].model, "2026-11-22");

        if (got != known[i].want)
            fail_msg("%s: %d and not %d", known[i].model, (int)got, (int)known[i].want);
    }
    price_close(table);
}

static const struct {
    const char *why, *model;
    int64_t input, cache_read;
    uint32_t flags;
    int64_t want;
    bool guessed;
} bills[] = {
    { "a fast short prompt", "gpt-5.6-sol", 1000, 0, EVENT_FAST, 8000000, false },
    { "a long one is not served fast", "gpt-5.6-sol", 272001, 0, EVENT_FAST, 2176008000, false },
    { "fast where both are", "gpt-5.5", 272001, 0, EVENT_FAST, 6800025000, false },
    { "of priority no factor is known", "gpt-5.5", 1000, 0, EVENT_TIER_PRIORITY, 5000000, true },
    { "fast where no such mode is", "claude-opus-5-5", 1000, 0, EVENT_FAST, 4000000, true },
    { "of two tiers one counts", "gpt-5.5", 1000, 0, EVENT_TIER_BATCH | EVENT_TIER_FLEX, 2500000,
      false },
    { "a cache rate that is told", "gpt-5.5", 0, 1000, 0, 500000, false },
};

static void a_bill_says_when_it_had_to_guess(void **state)
{
    struct price_table *table = NULL;
    size_t i;

    (void)state;
    assert_int_equal(price_open(&table, NULL), 0);
    for (i = 0; i < COUNT(bills); i++) {
        struct price_match match = price_match(table, span_of(bills[i].model));
        struct figures figures = {
            .tokens = { [TOKEN_INPUT] = bills[i].input, [TOKEN_CACHE_READ] = bills[i].cache_read }
        };
        struct price_bill bill =
            price_bill(&match, INT64_C(1793000000000), &figures, bills[i].flags);

        if (bill.cost_nusd != bills[i].want)
            fail_msg("%s: %lld", bills[i].why, (long long)bill.cost_nusd);
        if (bill.guessed != bills[i].guessed)
            fail_msg("%s: guessed is %d", bills[i].why, bill.guessed);
    }
    price_close(table);
}

int main(void)
{
#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, ledger_set_up_folder, ledger_tear_down)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_later_word_goes_before_an_earlier_one),
        IN_FOLDER(a_bad_entry_is_told_and_the_table_stays_in_force),
        IN_FOLDER(one_bad_entry_spoils_no_other),
        IN_FOLDER(what_is_on_top_changes_the_version),
        cmocka_unit_test(the_models_that_people_use_have_a_price),
        cmocka_unit_test(a_bill_says_when_it_had_to_guess),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
