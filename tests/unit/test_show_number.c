/* Tests of show/number.c.
 * SPDX-License-Identifier: MIT
 */
#include "show/show.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef void number_fn(struct buf *out, int64_t n);

static const struct number_case {
    number_fn *write;
    int64_t n;
    const char *want;
} cases[] = {
    { show_count, 0, "0" },
    { show_count, 999, "999" },
    { show_count, 1000, "1,000" },
    { show_count, 3237, "3,237" },
    { show_count, 1234567890, "1,234,567,890" },
    { show_count, -1234, "-1,234" },
    { show_count, INT64_MIN, "-9,223,372,036,854,775,808" },
    { show_tokens, 0, "0" },
    { show_tokens, 981, "981" },
    { show_tokens, 1000, "1.0K" },
    { show_tokens, 4249, "4.2K" },
    { show_tokens, 4250, "4.3K" },
    { show_tokens, 99949, "99.9K" },
    { show_tokens, 99950, "100K" },
    { show_tokens, 609400, "609K" },
    { show_tokens, 999499, "999K" },
    { show_tokens, 999500, "1.0M" },
    { show_tokens, 4200000, "4.2M" },
    { show_tokens, 1300000000, "1.3B" },
    { show_tokens, INT64_MAX, "9223372T" },
    { show_tokens, -4200, "-4.2K" },
    { show_bytes, 812, "812 B" },
    { show_bytes, 4000, "4.0 kB" },
    { show_bytes, 1000000000, "1.0 GB" },
    { show_duration, 0, "0.0 s" },
    { show_duration, 900, "0.9 s" },
    { show_duration, 9949, "9.9 s" },
    { show_duration, 9950, "10 s" },
    { show_duration, 12000, "12 s" },
    { show_duration, 59499, "59 s" },
    { show_duration, 59500, "1m 00s" },
    { show_duration, 303000, "5m 03s" },
    { show_duration, 7500000, "2h 05m" },
    { show_duration, 136800000, "1d 14h" },
};

static void numbers_are_written_as_people_write_them(void **state)
{
    struct buf out = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buf_clear(&out);
        cases[i].write(&out, cases[i].n);
        assert_string_equal(out.p, cases[i].want);
    }
    buf_fini(&out);
}

static const struct cost_case {
    const char *why;
    int64_t cost_nusd, tokens, unpriced;
    bool unicode;
    const char *want;
} costs[] = {
    { "nothing costs nothing", 0, 0, 0, true, "$0.00" },
    { "free tokens cost nothing", 0, 100, 0, true, "$0.00" },
    { "a trace is not nothing", 1, 100, 0, true, "<$0.01" },
    { "just below a cent", 9999999, 100, 0, true, "<$0.01" },
    { "a cent", 10000000, 100, 0, true, "$0.01" },
    { "half a cent goes up", 12335000000, 100, 0, true, "$12.34" },
    { "less goes down", 12344999999, 100, 0, true, "$12.34" },
    { "thousands are grouped", 1234567890123, 100, 0, true, "$1,234.57" },
    { "a part without a price", 1230000000, 100, 40, true, "$1.23+" },
    { "a part without a price beside a trace", 5, 100, 40, true, "<$0.01+" },
    { "no price at all is a dash", 0, 100, 100, true, "\u2014" },
    { "and a plain dash in ASCII", 0, 100, 100, false, "-" },
};

static void an_unknown_cost_is_never_zero(void **state)
{
    struct buf out = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
        struct sums s = { .tokens[TOKEN_INPUT] = costs[i].tokens,
                          .cost_nusd = costs[i].cost_nusd,
                          .unpriced_tokens = costs[i].unpriced };

        buf_clear(&out);
        show_cost(&out, &s, costs[i].unicode);
        assert_string_equal(out.p, costs[i].want);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_as_people_write_them),
        cmocka_unit_test(an_unknown_cost_is_never_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
