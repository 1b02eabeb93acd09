/* Tests of report/when.c.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "report/when.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TODAY "2026-11-22"

static const struct day_case {
    const char *text, *want; /* NULL: refused */
} cases[] = {
    { "2026-11-01", "2026-11-01" },
    { "20261101", "2026-11-01" },
    { "today", TODAY },
    { "yesterday", "2026-11-21" },
    { "1d", TODAY },
    { "7d", "2026-11-16" },
    { "30d", "2026-10-24" },
    { "2028-02-29", "2028-02-29" },
    { "2026-02-29", NULL },
    { "2026-13-01", NULL },
    { "2026-11-01 ", NULL },
    { "2026-11", NULL },
    { "0d", NULL },
    { "-7d", NULL },
    { "7 d", NULL },
    { "36501d", NULL },
    { "99999999999999999999d", NULL },
    { "d", NULL },
    { "", NULL },
    { "Today", NULL },
    { "tomorrow", NULL },
    { "last-week", "2026-11-09" },
    { "this-week", "2026-11-16" },
    { "this-month", "2026-11-01" },
    { "last-month", "2026-10-01" },
    { "last-year", NULL },
};
static const struct day_case ends[] = {
    { "today", TODAY },
    { "yesterday", "2026-11-21" },
    { "last-week", "2026-11-15" },
    { "this-week", TODAY },
    { "this-month", "2026-11-30" },
    { "last-month", "2026-10-31" },
    { "2026-11-01", "2026-11-01" },
};

static void check(const struct day_case *c, const struct report_now *now, enum report_bound bound)
{
    char got[CIVIL_DAY_SIZE];
    int64_t day;

    if (!report_when(span_of(c->text), now, bound, &day)) {
        if (c->want)
            fail_msg("'%s' was refused", c->text);
        return;
    }
    civil_format_day(day, got);
    if (!c->want)
        fail_msg("'%s' was taken as %s", c->text, got);
    assert_string_equal(got, c->want);
}

/* A Sunday. */
static struct report_now now_of(const char *today)
{
    struct report_now now = { 0 };

    assert_true(civil_parse_day(span_of(today), &now.today));
    return now;
}

static void days_are_understood_as_people_name_them(void **state)
{
    const struct report_now now = now_of(TODAY);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(&cases[i], &now, REPORT_SINCE);
}

static void a_period_named_as_a_bound_is_included_whole(void **state)
{
    const struct report_now now = now_of(TODAY);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        check(&ends[i], &now, REPORT_UNTIL);
}

static void a_week_begins_on_the_day_that_was_chosen(void **state)
{
    struct report_now now = now_of(TODAY);

    (void)state;
    now.week_start = 6;
    check(&(struct day_case){ "this-week", TODAY }, &now, REPORT_SINCE);
    check(&(struct day_case){ "last-week", "2026-11-15" }, &now, REPORT_SINCE);
}

static void the_last_periods_end_with_the_present_one(void **state)
{
    static const struct {
        enum report_by by;
        int64_t n;
        const char *today, *want;
    } rows[] = {
        { REPORT_DAY, 1, TODAY, TODAY },
        { REPORT_DAY, 7, TODAY, "2026-11-16" },
        { REPORT_WEEK, 1, TODAY, "2026-11-16" },
        { REPORT_WEEK, 3, TODAY, "2026-11-02" },
        { REPORT_MONTH, 1, TODAY, "2026-11-01" },
        { REPORT_MONTH, 12, TODAY, "2025-12-01" },
        { REPORT_MONTH, 2, "2026-01-31", "2025-12-01" },
    };
    char got[CIVIL_DAY_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct report_now now = now_of(rows[i].today);

        civil_format_day(report_last_periods(rows[i].by, rows[i].n, &now), got);
        assert_string_equal(got, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_understood_as_people_name_them),
        cmocka_unit_test(a_period_named_as_a_bound_is_included_whole),
        cmocka_unit_test(a_week_begins_on_the_day_that_was_chosen),
        cmocka_unit_test(the_last_periods_end_with_the_present_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
