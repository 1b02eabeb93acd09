/* Tests of show/glance.c: the whole text, by eye.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "show_samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct glance_case {
    const char *why;
    struct show_style style;
    const char *want;
} cases[] = {
    { "a pipe", { .width = 0, .unicode = true },
      "Today       1.5K tokens       —  h-2-preview\n"
      "This week   2.2M tokens  $1.92+\n"
      "\n"
      "Mon 16 Nov  ████████████████████████████████  1.1M   $0.96\n"
      "Tue 17 Nov                                       0   $0.00\n"
      "Wed 18 Nov  ████████████████████████████████  1.1M  $0.96+\n"
      "Thu 19 Nov                                       0   $0.00\n"
      "Fri 20 Nov                                       0   $0.00\n"
      "Sat 21 Nov                                       0   $0.00\n"
      "Sun 22 Nov  ▏                                 1.5K       —\n"
      "+ 3,000 tokens have no known price\n" },
    { "no room for bars", { .width = 30, .unicode = true },
      "Today       1.5K tokens       —\n"
      "This week   2.2M tokens  $1.92+\n"
      "\n"
      "Mon 16 Nov  1.1M   $0.96\n"
      "Tue 17 Nov     0   $0.00\n"
      "Wed 18 Nov  1.1M  $0.96+\n"
      "Thu 19 Nov     0   $0.00\n"
      "Fri 20 Nov     0   $0.00\n"
      "Sat 21 Nov     0   $0.00\n"
      "Sun 22 Nov  1.5K       —\n"
      "+ 3,000 tokens have no known price\n" },
    { "40 columns shorten the bars", { .width = 40, .unicode = true },
      "Today       1.5K tokens       —\n"
      "This week   2.2M tokens  $1.92+\n"
      "\n"
      "Mon 16 Nov  ██████████████  1.1M   $0.96\n"
      "Tue 17 Nov                     0   $0.00\n"
      "Wed 18 Nov  ██████████████  1.1M  $0.96+\n"
      "Thu 19 Nov                     0   $0.00\n"
      "Fri 20 Nov                     0   $0.00\n"
      "Sat 21 Nov                     0   $0.00\n"
      "Sun 22 Nov  ▏               1.5K       —\n"
      "+ 3,000 tokens have no known price\n" },
    { "80 columns in ASCII", { .width = 80 },
      "Today       1.5K tokens       -  h-2-preview\n"
      "This week   2.2M tokens  $1.92+\n"
      "\n"
      "Mon 16 Nov  ################################  1.1M   $0.96\n"
      "Tue 17 Nov                                       0   $0.00\n"
      "Wed 18 Nov  ################################  1.1M  $0.96+\n"
      "Thu 19 Nov                                       0   $0.00\n"
      "Fri 20 Nov                                       0   $0.00\n"
      "Sat 21 Nov                                       0   $0.00\n"
      "Sun 22 Nov  #                                 1.5K       -\n"
      "+ 3,000 tokens have no known price\n" },
    { "80 columns in colour", { .width = 80, .color = true, .unicode = true },
      "Today       1.5K tokens  \033[1m     —\033[0m  \033[2mh-2-preview\033[0m\n"
      "This week   2.2M tokens  \033[1m$1.92+\033[0m\n"
      "\n"
      "Mon 16 Nov  \033[34m████████████████████████████████\033[0m  1.1M   $0.96\n"
      "Tue 17 Nov                                       0   $0.00\n"
      "Wed 18 Nov  \033[34m████████████████████████████████\033[0m  1.1M  $0.96+\n"
      "Thu 19 Nov                                       0   $0.00\n"
      "Fri 20 Nov                                       0   $0.00\n"
      "Sat 21 Nov                                       0   $0.00\n"
      "\033[1mSun 22 Nov\033[0m  \033[34m▏\033[0m                                 1.5K  \033[1m     —\033[0m\n"
      "\033[2m+ 3,000 tokens have no known price\033[0m\n" },
};
/* clang-format on */

static void the_glance_looks_as_drawn(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = { 0 };

        show_glance(&out, &sample_today, &sample_report, &cases[i].style);
        if (!span_is(buf_span(&out), cases[i].want))
            fail_msg("%s: got\n%s", cases[i].why, out.p);
        buf_fini(&out);
    }
}

static void a_week_without_use_has_no_bars(void **state)
{
    struct show_style style = { .width = 80, .unicode = true };
    struct buf out = { 0 };

    (void)state;
    show_glance(&out, &sample_empty, &sample_empty, &style);
    assert_string_equal(out.p, "Today       0 tokens  $0.00\n"
                               "This week   0 tokens  $0.00\n");
    buf_fini(&out);
}

static void half_the_tokens_get_half_the_bar(void **state)
{
    static struct report_row rows[] = {
        { .key = "2026-11-16", .day = 20773, .sums = { .tokens = { INT64_C(1) << 61 } } },
        { .key = "2026-11-17", .day = 20774, .sums = { .tokens = { INT64_C(1) << 60 } } },
    };
    struct report week = { .by = REPORT_DAY,
                           .since_day = 20773,
                           .until_day = 20774,
                           .rows = rows,
                           .rows_n = 2,
                           .rows_total = 2,
                           .complete = true };
    struct show_style style = { .width = 0 };
    struct buf out = { 0 };

    (void)state;
    show_glance(&out, &sample_empty, &week, &style);
    assert_non_null(strstr(out.p, "Mon 16 Nov  ################################  2305843T"));
    assert_non_null(strstr(out.p, "Tue 17 Nov  ################                  1152922T"));
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_glance_looks_as_drawn),
        cmocka_unit_test(a_week_without_use_has_no_bars),
        cmocka_unit_test(half_the_tokens_get_half_the_bar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
