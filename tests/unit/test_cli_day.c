/* Tests of cli/day.c.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "cli/cli_internal.h"

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
};

static void days_are_understood_as_people_name_them(void **state)
{
    int64_t today = 0, day;
    char got[CIVIL_DAY_SIZE];
    size_t i;

    (void)state;
    assert_true(civil_parse_day(SPAN_LIT(TODAY), &today));
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (!day_parse(span_of(cases[i].text), today, &day)) {
            if (cases[i].want)
                fail_msg("'%s' was refused", cases[i].text);
            continue;
        }
        civil_format_day(day, got);
        if (!cases[i].want)
            fail_msg("'%s' was taken as %s", cases[i].text, got);
        assert_string_equal(got, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_understood_as_people_name_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
