/* Tests of show/report_table.c: whole tables, by eye, at the widths that terminals have.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "show_samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct table_case {
    const char *why;
    const struct report *report;
    struct show_style style;
    const char *want;
} cases[] = {
    { "a pipe gets all of it", &sample_report, { .width = 0, .unicode = true },
      "Date        Models                 Input  Output  Cache write  Cache read      Total    Cost\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653      117,698     984,181  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953      117,698     984,181  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300            0           0      1,500       —\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "Total                              7,590  31,906      235,396   1,968,362  2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "40 columns hold total and cost", &sample_report, { .width = 40, .unicode = true },
      "Date            Total    Cost\n"
      "─────────────────────────────\n"
      "2026-11-16  1,120,127   $0.96\n"
      "2026-11-18  1,121,627  $0.96+\n"
      "2026-11-22      1,500       —\n"
      "─────────────────────────────\n"
      "Total       2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "80 columns join the cache", &sample_report, { .width = 80, .unicode = true },
      "Date        Models                 Input  Output      Cache      Total    Cost\n"
      "──────────────────────────────────────────────────────────────────────────────\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653  1,101,879  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953  1,101,879  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300          0      1,500       —\n"
      "──────────────────────────────────────────────────────────────────────────────\n"
      "Total                              7,590  31,906  2,203,758  2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "80 columns in ASCII", &sample_report, { .width = 80 },
      "Date        Models                 Input  Output      Cache      Total    Cost\n"
      "------------------------------------------------------------------------------\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653  1,101,879  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953  1,101,879  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300          0      1,500       -\n"
      "------------------------------------------------------------------------------\n"
      "Total                              7,590  31,906  2,203,758  2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "80 columns in ASCII and colour", &sample_report, { .width = 80, .color = true },
      "\033[2mDate        Models                 Input  Output      Cache      Total    Cost\033[0m\n"
      "\033[2m------------------------------------------------------------------------------\033[0m\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653  1,101,879  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953  1,101,879  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300          0      1,500       -\n"
      "\033[2m------------------------------------------------------------------------------\033[0m\n"
      "\033[1mTotal                              7,590  31,906  2,203,758  2,243,254  $1.92+\033[0m\n"
      "\033[2m+ 3,000 tokens have no known price\033[0m\n" },
    { "120 columns hold everything", &sample_report, { .width = 120, .unicode = true },
      "Date        Models                 Input  Output  Cache write  Cache read      Total    Cost\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653      117,698     984,181  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953      117,698     984,181  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300            0           0      1,500       —\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "Total                              7,590  31,906      235,396   1,968,362  2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "120 columns in colour", &sample_report, { .width = 120, .color = true, .unicode = true },
      "\033[2mDate        Models                 Input  Output  Cache write  Cache read      Total    Cost\033[0m\n"
      "\033[2m────────────────────────────────────────────────────────────────────────────────────────────\033[0m\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653      117,698     984,181  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953      117,698     984,181  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300            0           0      1,500       —\n"
      "\033[2m────────────────────────────────────────────────────────────────────────────────────────────\033[0m\n"
      "\033[1mTotal                              7,590  31,906      235,396   1,968,362  2,243,254  $1.92+\033[0m\n"
      "\033[2m+ 3,000 tokens have no known price\033[0m\n" },
    { "compact, however wide", &sample_report, { .width = 120, .unicode = true, .compact = true },
      "Date        Models                 Input  Output    Cost\n"
      "────────────────────────────────────────────────────────\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300       —\n"
      "────────────────────────────────────────────────────────\n"
      "Total                              7,590  31,906  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "200 columns are not filled up", &sample_report, { .width = 200, .unicode = true },
      "Date        Models                 Input  Output  Cache write  Cache read      Total    Cost\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "2026-11-16  opus-4-5, haiku-4-5    2,595  15,653      117,698     984,181  1,120,127   $0.96\n"
      "2026-11-18  opus-4-5, h-2-preview  3,795  15,953      117,698     984,181  1,121,627  $0.96+\n"
      "2026-11-22  h-2-preview            1,200     300            0           0      1,500       —\n"
      "────────────────────────────────────────────────────────────────────────────────────────────\n"
      "Total                              7,590  31,906      235,396   1,968,362  2,243,254  $1.92+\n"
      "+ 3,000 tokens have no known price\n" },
    { "hostile names at 40 columns", &sample_hostile, { .width = 40, .unicode = true },
      "Project                Total        Cost\n"
      "────────────────────────────────────────\n"
      "/home/ada/pr…        435,879     <$0.01+\n"
      "────────────────────────────────────────\n"
      "Total          2,169,761,159  $1,234.57+\n"
      "1 of 40 rows; the total is of all\n"
      "+ 3,000 tokens have no known price\n"
      "still reading the logs: 42%\n" },
    { "hostile names in ASCII", &sample_hostile, { .width = 80 },
      "Project               Input     Output          Cache          Total        Cost\n"
      "--------------------------------------------------------------------------------\n"
      "/home/ada/pr...       3,183      4,422        428,274        435,879     <$0.01+\n"
      "--------------------------------------------------------------------------------\n"
      "Total            12,345,678  9,876,543  2,147,538,938  2,169,761,159  $1,234.57+\n"
      "1 of 40 rows; the total is of all\n"
      "+ 3,000 tokens have no known price\n"
      "still reading the logs: 42%\n" },
    { "hostile names at 120 columns", &sample_hostile, { .width = 120, .unicode = true },
      "Project                       Models             Input     Output  Cache write     Cache read          Total        Cost\n"
      "────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
      "/home/ada/projects/a/very/d…  大模型-72b,…       3,183      4,422       55,290        372,984        435,879     <$0.01+\n"
      "────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
      "Total                                       12,345,678  9,876,543       55,290  2,147,483,648  2,169,761,159  $1,234.57+\n"
      "1 of 40 rows; the total is of all\n"
      "+ 3,000 tokens have no known price\n"
      "still reading the logs: 42%\n" },
    { "nothing is said in a sentence", &sample_empty, { .width = 80, .unicode = true },
      "No usage found.\n" },
};
/* clang-format on */

static void tables_look_as_drawn(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = { 0 };

        show_report_table(&out, cases[i].report, &cases[i].style);
        if (!span_is(buf_span(&out), cases[i].want))
            fail_msg("%s: got\n%s", cases[i].why, out.p);
        buf_fini(&out);
    }
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    const struct report *const reports[] = { &sample_report, &sample_hostile };
    struct span rest, line;
    size_t i;
    int width;

    (void)state;
    for (i = 0; i < 2; i++) {
        for (width = 40; width <= 220; width++) {
            struct show_style style = { .width = width,
                                        .unicode = width % 2,
                                        .compact = width % 3 };
            struct buf out = { 0 };

            show_report_table(&out, reports[i], &style);
            rest = buf_span(&out);
            while (span_split(&rest, '\n', &line)) {
                if (show_width(line) > width)
                    fail_msg("wider than %d:\n%s", width, out.p);
            }
            buf_fini(&out);
        }
    }
}

static void an_empty_report_names_its_days(void **state)
{
    struct report report = sample_empty;
    struct show_style style = { .width = 80 };
    struct buf out = { 0 };

    (void)state;
    report.since_day = 20773;
    report.until_day = 20779;
    show_report_table(&out, &report, &style);
    assert_string_equal(out.p, "No usage found from 2026-11-16 until 2026-11-22.\n");
    buf_fini(&out);
}

static void every_kind_of_report_has_a_head(void **state)
{
    static const char *const heads[REPORT_BYS] = { "Date",    "Week of",  "Month",
                                                   "Model",   "Agent",    "Project",
                                                   "Machine", "Last use", "Block from" };
    struct report report = sample_report;
    struct show_style style = { .width = 0 };
    int by;

    (void)state;
    for (by = 0; by < REPORT_BYS; by++) {
        struct buf out = { 0 };

        report.by = (enum report_by)by;
        show_report_table(&out, &report, &style);
        assert_true(span_starts(buf_span(&out), heads[by]));
        assert_int_equal(strstr(out.p, "Models") == NULL, by == REPORT_MODEL);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_look_as_drawn),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(an_empty_report_names_its_days),
        cmocka_unit_test(every_kind_of_report_has_a_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
