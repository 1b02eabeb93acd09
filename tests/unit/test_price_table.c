/* tests/unit/test_price_table.c — reading price rows, finding the one that was valid.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/civil.h"
#include "base/mem.h"
#include "price/price_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* name, date, rates … source, checked */
#define GOOD "m,,1,2,,,,,,,,,,,,,,,,,here,2026-01-01\n"

static const struct price_row *row_at(const struct price_table *table, const char *name,
                                      int64_t at_ms)
{
    struct price_match match = price_match(table, span_of(name));

    return match.rule == PRICE_BY_NAME ? price_match_row(&match, at_ms) : NULL;
}

static int parse(const char *csv, struct err *err)
{
    struct price_table *table = NULL;
    int rc = price_parse(&table, span_of(csv), err);

    assert_true((rc == 0) == (table != NULL));
    price_close(table);
    return rc;
}

static const struct {
    const char *why, *row;
} bad_rows[] = {
    { "too few columns", "x,,1,2,,,,,,,,,,,,,,,,,here" },
    { "too many columns", "x,,1,2,,,,,,,,,,,,,,,,,here,2026-01-01,more" },
    { "a comma too many at the end", "x,,1,2,,,,,,,,,,,,,,,,,here,2026-01-01," },
    { "no columns", "x" },
    { "no model", ",,1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "two blanks between models", "x  y,,1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a date that is none", "x,2026-02-30,1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a date with a time", "x,2026-02-03T00:00Z,1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "no input", "x,,,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "no output", "x,,1,,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a negative rate", "x,,-1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a negative rate below one", "x,,-0.5,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a minus behind the point", "x,,1.-5,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a plus", "x,,+1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a point without decimals", "x,,1.,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a point without an integer", "x,,.5,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "an exponent", "x,,1e1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a dollar sign", "x,,$1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a blank", "x,, 1,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "more decimals than can be kept", "x,,0.0000001,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a rate beyond all measure", "x,,10000,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a rate that overflows", "x,,99999999999999999999,2,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a cache rate that is a word", "x,,1,2,free,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "a long step without rates", "x,,1,2,,,,200000,,,,,,,,,,,,,here,2026-01-01" },
    { "a long step without its output", "x,,1,2,,,,200000,2,,,,,,,,,,,,here,2026-01-01" },
    { "a long step that is no integer", "x,,1,2,,,,200k,2,4,,,,,,,,,,,here,2026-01-01" },
    { "a long step below nothing", "x,,1,2,,,,-1,2,4,,,,,,,,,,,here,2026-01-01" },
    { "long rates without a step", "x,,1,2,,,,,2,4,,,,,,,,,,,here,2026-01-01" },
    { "a factor that is a word", "x,,1,2,,,,,,,,,,fast,,,,,,,here,2026-01-01" },
    { "a factor below nothing", "x,,1,2,,,,,,,,,,,,,,,-1.1,,here,2026-01-01" },
    { "a factor beyond all measure", "x,,1,2,,,,,,,,,,20,,,,,,,here,2026-01-01" },
    { "a search beyond all measure", "x,,1,2,,,,,,,,,,,,,,,,100,here,2026-01-01" },
    { "a search that is a word", "x,,1,2,,,,,,,,,,,,,,,,yes,here,2026-01-01" },
    { "no source", "x,,1,2,,,,,,,,,,,,,,,,,,2026-01-01" },
    { "no date when it was checked", "x,,1,2,,,,,,,,,,,,,,,,,here," },
    { "a second price for one model and time", "m,,3,4,,,,,,,,,,,,,,,,,here,2026-01-01" },
    { "the same also behind another name", "x m,,3,4,,,,,,,,,,,,,,,,,here,2026-01-01" },
};

static void a_row_that_makes_no_sense_is_named_by_its_line(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
        char *csv =
            xasprintf("# remark\nmodels,valid_from\n\n" GOOD "%s\n# end\n", bad_rows[i].row);
        struct err err = { 0 };

        if (parse(csv, &err) == 0)
            fail_msg("%s was accepted", bad_rows[i].why);
        assert_int_equal(err.kind, ERR_USAGE);
        if (!strstr(err.text, "line 5"))
            fail_msg("%s: %s", bad_rows[i].why, err.text);
        free(csv);
    }
}

static void remarks_headings_blank_lines_and_a_missing_last_newline_are_fine(void **state)
{
    (void)state;
    assert_int_equal(parse("", NULL), 0);
    assert_int_equal(parse("# only this", NULL), 0);
    assert_int_equal(parse("\n\n" GOOD "\n", NULL), 0);
    assert_int_equal(parse("m,,1,2,,,,,,,,,,,,,,,,,here,2026-01-01", NULL), 0);
}

static void rates_are_exact_to_the_millionth_of_a_dollar(void **state)
{
    struct price_table *table = NULL;
    const struct price_row *row;

    (void)state;
    assert_int_equal(price_parse(&table,
                                 SPAN_LIT("m,,0.000001,9999.999999,12.5,0.30,0,200000,1,2,3,4,"
                                          "5,2.5,,,,,1.1,0.01,here,2026-01-01\n"),
                                 NULL),
                     0);
    row = row_at(table, "m", 0);
    assert_non_null(row);
    assert_int_equal(row->rates[RATE_INPUT], 1);
    assert_int_equal(row->rates[RATE_OUTPUT], INT64_C(9999999999));
    assert_int_equal(row->rates[RATE_CACHE_READ], 12500000);
    assert_int_equal(row->rates[RATE_CACHE_WRITE_5M], 300000);
    assert_int_equal(row->rates[RATE_CACHE_WRITE_1H], 0);
    assert_int_equal(row->long_above, 200000);
    assert_int_equal(row->long_rates[RATE_CACHE_WRITE_1H], 5000000);
    assert_int_equal(row->factors[FACTOR_FAST], 2500000);
    assert_int_equal(row->factors[FACTOR_GEO_US], 1100000);
    assert_int_equal(row->web_search_nusd, 10000000);
    price_close(table);
}

static void rates_left_out_fall_back_to_the_input_rate(void **state)
{
    struct price_table *table = NULL;
    const struct price_row *row;

    (void)state;
    assert_int_equal(
        price_parse(&table, SPAN_LIT("m,,3,15,,,,200000,6,30,,,,,,,,,,,here,2026-01-01\n"), NULL),
        0);
    row = row_at(table, "m", 0);
    assert_int_equal(row->rates[RATE_CACHE_READ], 3000000);
    assert_int_equal(row->rates[RATE_CACHE_WRITE_5M], 3000000);
    assert_int_equal(row->rates[RATE_CACHE_WRITE_1H], 6000000);
    assert_int_equal(row->long_rates[RATE_CACHE_READ], 6000000);
    assert_int_equal(row->long_rates[RATE_CACHE_WRITE_5M], 6000000);
    assert_int_equal(row->long_rates[RATE_CACHE_WRITE_1H], 12000000);
    assert_int_equal(row->factors[FACTOR_FAST], -1);
    assert_int_equal(row->factors[FACTOR_BATCH], FACTOR_ONE / 2);
    assert_int_equal(row->factors[FACTOR_GEO_US], -1);
    assert_int_equal(row->web_search_nusd, 0);
    price_close(table);
}

static int64_t input_rate(const struct price_table *table, const char *name, int64_t at_ms)
{
    const struct price_row *row = row_at(table, name, at_ms);

    return row ? row->rates[RATE_INPUT] / 1000000 : -1;
}

static void the_row_that_was_valid_at_the_time_is_found(void **state)
{
    static const char csv[] = "b,2026-03-01,3,3,,,,,,,,,,,,,,,,,here,2026-01-01\n"
                              "b a,,1,1,,,,,,,,,,,,,,,,,here,2026-01-01\n"
                              "b,2026-01-01,2,2,,,,,,,,,,,,,,,,,here,2026-01-01\n"
                              "c,2026-01-01,5,5,,,,,,,,,,,,,,,,,here,2026-01-01\n";
    int64_t january = civil_to_day((struct civil){ 2026, 1, 1 }) * MS_PER_DAY;
    int64_t march = civil_to_day((struct civil){ 2026, 3, 1 }) * MS_PER_DAY;
    struct price_table *table = NULL;

    (void)state;
    assert_int_equal(price_parse(&table, span_of(csv), NULL), 0);
    assert_int_equal(input_rate(table, "b", INT64_MIN), 1);
    assert_int_equal(input_rate(table, "b", january - 1), 1);
    assert_int_equal(input_rate(table, "b", january), 2);
    assert_int_equal(input_rate(table, "b", march - 1), 2);
    assert_int_equal(input_rate(table, "b", march), 3);
    assert_int_equal(input_rate(table, "b", INT64_MAX), 3);
    assert_int_equal(input_rate(table, "a", march), 1);
    assert_int_equal(input_rate(table, "c", january - 1), -1); /* not on sale yet */
    assert_int_equal(input_rate(table, "c", january), 5);
    assert_int_equal(input_rate(table, "", january), -1);
    assert_int_equal(input_rate(table, "bb", january), -1);
    price_close(table);
}

static void any_change_of_a_price_changes_the_version(void **state)
{
    struct price_table *one = NULL, *two = NULL, *same = NULL;

    (void)state;
    assert_int_equal(price_parse(&one, SPAN_LIT(GOOD), NULL), 0);
    assert_int_equal(price_parse(&same, SPAN_LIT(GOOD), NULL), 0);
    assert_int_equal(price_parse(&two, SPAN_LIT("m,,1,3,,,,,,,,,,,,,,,,,here,2026-01-01\n"), NULL),
                     0);
    assert_int_equal(price_version(one), price_version(same));
    assert_int_not_equal(price_version(one), price_version(two));
    assert_true(price_version(one) > 0 && price_version(two) > 0);
    price_close(one);
    price_close(two);
    price_close(same);
}

/* ---- the table that we ship ---- */

static void check_rates(struct span models, const int64_t rates[])
{
    if (rates[RATE_CACHE_READ] > rates[RATE_INPUT])
        fail_msg("%.*s: reading a cache costs more than not having one", (int)models.len, models.p);
    if (rates[RATE_OUTPUT] < rates[RATE_INPUT])
        fail_msg("%.*s: output costs less than input", (int)models.len, models.p);
    if (rates[RATE_CACHE_WRITE_5M] < rates[RATE_INPUT] ||
        rates[RATE_CACHE_WRITE_1H] < rates[RATE_CACHE_WRITE_5M])
        fail_msg("%.*s: a cache is written for less than nothing", (int)models.len, models.p);
}

/* Nothing that nobody did: no row says that a vendor's page was opened. A package comes with the
 * version that has the figure. */
static bool is_source(struct span source)
{
    struct span npm, package, version;

    if (span_is(source, "compiled") || span_is(source, "runs on your own machine"))
        return true;
    return span_split(&source, ' ', &npm) && span_is(npm, "npm") &&
           span_split(&source, ' ', &package) && package.len > 0 &&
           span_split(&source, ' ', &version) && version.len > 0 && version.p[0] >= '0' &&
           version.p[0] <= '9';
}

static void check_row(const struct price_table *table, struct span *c)
{
    int64_t from = INT64_MIN, checked;
    struct span names = c[0], name;

    if (c[1].len > 0) {
        assert_true(civil_parse_day(c[1], &from));
        from *= MS_PER_DAY;
    }
    assert_true(civil_parse_day(c[21], &checked));
    if (!is_source(c[20]))
        fail_msg("%.*s: '%.*s' tells no source", (int)c[0].len, c[0].p, (int)c[20].len, c[20].p);
    while (span_split(&names, ' ', &name)) {
        struct price_match match = price_match(table, name);
        const struct price_row *row = price_match_row(&match, from);
        char clean[PRICE_NAME_SIZE];
        bool is_free;

        assert_non_null(row);
        assert_true(row->valid_from_ms == from);
        check_rates(c[0], row->rates);
        if (row->long_above != INT64_MAX) {
            check_rates(c[0], row->long_rates);
            assert_true(row->long_rates[RATE_INPUT] > row->rates[RATE_INPUT]);
        }
        /* A name that is cleaned to another one would never be found. */
        price_model_name(name, clean, &is_free);
        if (!span_is(name, clean))
            fail_msg("%.*s is looked for as %s", (int)name.len, name.p, clean);
        if (span_starts(name, "claude")) {
            /* Its maker's rule: for an hour at twice the input rate, for minutes at 1.25 times
             * (the oldest small model is rounded down). */
            assert_true(row->rates[RATE_CACHE_WRITE_1H] == 2 * row->rates[RATE_INPUT]);
            assert_true(row->rates[RATE_CACHE_WRITE_5M] * 4 == row->rates[RATE_INPUT] * 5 ||
                        span_is(name, "claude-3-haiku"));
            assert_int_equal(row->factors[FACTOR_GEO_US], 1100000);
            assert_int_equal(row->web_search_nusd, 10000000);
        }
    }
}

static void every_price_we_ship_has_a_source_and_stands_to_reason(void **state)
{
    struct span rest = span_of(price_csv), line;
    struct price_table *table = NULL;
    struct err err = { 0 };
    int rows = 0;

    (void)state;
    if (price_open(&table, &err) < 0)
        fail_msg("%s", err.text);
    while (span_split(&rest, '\n', &line)) {
        struct span columns[22];
        int n = 0;

        if (line.len == 0 || line.p[0] == '#' || span_starts(line, "models,"))
            continue;
        while (n < 22 && span_split(&line, ',', &columns[n]))
            n++;
        assert_int_equal(n, 22);
        check_row(table, columns);
        rows++;
    }
    assert_true(rows > 50);
    price_close(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_makes_no_sense_is_named_by_its_line),
        cmocka_unit_test(remarks_headings_blank_lines_and_a_missing_last_newline_are_fine),
        cmocka_unit_test(rates_are_exact_to_the_millionth_of_a_dollar),
        cmocka_unit_test(rates_left_out_fall_back_to_the_input_rate),
        cmocka_unit_test(the_row_that_was_valid_at_the_time_is_found),
        cmocka_unit_test(any_change_of_a_price_changes_the_version),
        cmocka_unit_test(every_price_we_ship_has_a_source_and_stands_to_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
