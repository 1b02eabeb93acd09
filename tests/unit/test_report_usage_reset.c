/* tests/unit/test_report_usage_reset.c — when a usage window begins: by the clock of its zone,
 * across both changes of clocks, at the instants just before, at and after.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "report/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct reset_case {
    const char *why, *reset, *now, *last, *next;
} cases[] = {
    { "Monday in UTC unless told", NULL, "2026-11-22T08:00:00Z", "2026-11-16T00:00:00.000Z",
      "2026-11-23T00:00:00.000Z" },
    { "a millisecond before", NULL, "2026-11-22T23:59:59.999Z", "2026-11-16T00:00:00.000Z",
      "2026-11-23T00:00:00.000Z" },
    { "at it", NULL, "2026-11-23T00:00:00.000Z", "2026-11-23T00:00:00.000Z",
      "2026-11-30T00:00:00.000Z" },
    { "a millisecond after", NULL, "2026-11-23T00:00:00.001Z", "2026-11-23T00:00:00.000Z",
      "2026-11-30T00:00:00.000Z" },
    { "a text", "sunday 04:30 UTC", "2026-11-22T04:29:59.999Z", "2026-11-15T04:30:00.000Z",
      "2026-11-22T04:30:00.000Z" },
    { "a text in short", "Thu", "2026-11-22T08:00:00Z", "2026-11-19T00:00:00.000Z",
      "2026-11-26T00:00:00.000Z" },
    { "an object", "{\"weekday\":\"tuesday\",\"time\":\"23:15\",\"timezone\":\"Asia/Kolkata\"}",
      "2026-11-22T08:00:00Z", "2026-11-17T17:45:00.000Z", "2026-11-24T17:45:00.000Z" },
    { "Berlin, into summer time", "monday 00:00 Europe/Berlin", "2026-03-28T12:00:00Z",
      "2026-03-22T23:00:00.000Z", "2026-03-29T22:00:00.000Z" },
    { "Berlin, just before that reset", "monday 00:00 Europe/Berlin", "2026-03-29T21:59:59.999Z",
      "2026-03-22T23:00:00.000Z", "2026-03-29T22:00:00.000Z" },
    { "Berlin, at that reset", "monday 00:00 Europe/Berlin", "2026-03-29T22:00:00Z",
      "2026-03-29T22:00:00.000Z", "2026-04-05T22:00:00.000Z" },
    { "Berlin, out of summer time", "monday 00:00 Europe/Berlin", "2026-10-25T12:00:00Z",
      "2026-10-18T22:00:00.000Z", "2026-10-25T23:00:00.000Z" },
    { "Berlin, an hour that does not exist", "sunday 02:30 Europe/Berlin", "2026-03-29T12:00:00Z",
      "2026-03-29T01:00:00.000Z", "2026-04-05T00:30:00.000Z" },
    { "Berlin, an hour that exists twice", "sunday 02:30 Europe/Berlin", "2026-10-25T01:00:00Z",
      "2026-10-25T00:30:00.000Z", "2026-11-01T01:30:00.000Z" },
    { "New York, into summer time", "sunday 20:00 America/New_York", "2026-03-08T23:59:59.999Z",
      "2026-03-02T01:00:00.000Z", "2026-03-09T00:00:00.000Z" },
    { "New York, out of summer time", "sunday 20:00 America/New_York", "2026-11-02T01:00:00Z",
      "2026-11-02T01:00:00.000Z", "2026-11-09T01:00:00.000Z" },
    { "by instant", "{\"at\":\"2026-11-03T17:20:00Z\",\"every_days\":7}", "2026-11-22T08:00:00Z",
      "2026-11-17T17:20:00.000Z", "2026-11-24T17:20:00.000Z" },
    { "by instant, long before it", "{\"at\":\"2026-11-03T17:20:00Z\",\"every_days\":5}",
      "2026-10-01T00:00:00Z", "2026-09-29T17:20:00.000Z", "2026-10-04T17:20:00.000Z" },
    { "by instant, at it", "{\"at\":\"2026-11-03T17:20:00Z\"}", "2026-11-10T17:20:00Z",
      "2026-11-10T17:20:00.000Z", "2026-11-17T17:20:00.000Z" },
};

static void windows_begin_when_the_setting_says(void **state)
{
    char last[CIVIL_TIME_SIZE], next[CIVIL_TIME_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct reset_case *c = &cases[i];
        struct usage_reset reset;
        struct err err = { 0 };
        int64_t now_ms;

        if (usage_reset_read(&reset, c->reset, &err) < 0)
            fail_msg("%s: %s", c->why, err.text);
        assert_true(civil_parse_rfc3339(span_of(c->now), &now_ms));
        civil_format_iso(usage_reset_last(&reset, now_ms), last);
        civil_format_iso(usage_reset_next(&reset, now_ms), next);
        if (strcmp(last, c->last) != 0 || strcmp(next, c->next) != 0)
            fail_msg("%s: %s … %s", c->why, last, next);
        usage_reset_fini(&reset);
    }
}

static void a_local_reset_stays_at_its_local_hour(void **state)
{
    static const char *const zones[] = { "Europe/Berlin", "America/New_York" };
    int64_t begin = INT64_C(1767225600000); /* 2026-01-01 */
    size_t z;
    int hour;

    (void)state;
    for (z = 0; z < 2; z++) {
        struct usage_reset reset;
        char text[64];
        int64_t wall_ms;

        snprintf(text, sizeof(text), "wednesday 06:45 %s", zones[z]);
        assert_int_equal(usage_reset_read(&reset, text, NULL), 0);
        for (hour = 0; hour < 366 * 24; hour++) {
            int64_t now = begin + hour * MS_PER_HOUR;
            int64_t last = usage_reset_last(&reset, now), next = usage_reset_next(&reset, now);

            assert_true(last <= now && now < next);
            assert_int_equal(usage_reset_last(&reset, next - 1), last);
            assert_int_equal(usage_reset_last(&reset, next), next);
            zone_civil(reset.zone, last, &wall_ms);
            assert_int_equal(wall_ms, 6 * MS_PER_HOUR + 45 * MS_PER_MINUTE);
        }
        usage_reset_fini(&reset);
    }
}

static const struct {
    const char *reset, *says;
} bad[] = {
    { "mondag 00:00 UTC", "no such weekday in mondag 00:00 UTC" },
    { "", "no such weekday" },
    { "monday 24:00 UTC", "time is not between 00:00 and 23:59" },
    { "monday 0:00 UTC", "time is not between" },
    { "monday -1:00", "time is not between" },
    { "monday 00:00 Mars/Base", "no such time zone" },
    { "monday 00:00 UTC now", "more than weekday, time and zone" },
    { "{\"weekday\":\"monday\",\"hour\":3}", "unknown key" },
    { "{\"weekday\":1}", "no short text" },
    { "{\"at\":\"soon\"}", "is no time" },
    { "{\"at\":\"2026-11-03T17:20:00Z\",\"every_days\":0}", "whole number from 1 to 366" },
    { "{\"at\":\"2026-11-03T17:20:00Z\",\"every_days\":1.5}", "whole number from 1 to 366" },
    { "{\"at\":\"2026-11-03T17:20:00Z\",\"time\":\"10:00\"}", "without weekday and time" },
    { "{\"every_days\":7}", "needs \"at\"" },
    { "{\"weekday\":", "no JSON object" },
};

static void a_bad_reset_names_key_value_and_what_is_allowed(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct usage_reset reset;
        struct err err = { 0 };

        assert_int_equal(usage_reset_read(&reset, bad[i].reset, &err), -1);
        if (!strstr(err.text, bad[i].says) || !strstr(err.text, "usage_reset: ") ||
            !strstr(err.text, "allowed are \"monday 00:00 UTC\""))
            fail_msg("%s: %s", bad[i].reset, err.text);
        usage_reset_fini(&reset);
    }
}

static const struct {
    int64_t used, tokens;
    enum usage_state state;
} thresholds[] = {
    { 0, 10000, USAGE_GREEN },
    { 4999, 10000, USAGE_GREEN },
    { 5000, 10000, USAGE_YELLOW },
    { 7999, 10000, USAGE_YELLOW },
    { 8000, 10000, USAGE_ORANGE },
    { 9500, 10000, USAGE_ORANGE },
    { 9501, 10000, USAGE_RED },
    { 20000, 10000, USAGE_RED },
    { 49999999999999, 100000000000000, USAGE_GREEN }, /* rounds to 50 % and is not */
    { 95000000000001, 100000000000000, USAGE_RED },
    { INT64_MAX, INT64_MAX, USAGE_RED },
};

static void states_change_exactly_at_their_thresholds(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(thresholds) / sizeof(thresholds[0]); i++)
        assert_int_equal(usage_state_of(thresholds[i].used, thresholds[i].tokens),
                         thresholds[i].state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_begin_when_the_setting_says),
        cmocka_unit_test(a_local_reset_stays_at_its_local_hour),
        cmocka_unit_test(a_bad_reset_names_key_value_and_what_is_allowed),
        cmocka_unit_test(states_change_exactly_at_their_thresholds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
