/* tests/unit/test_base_civil.c — dates and time stamps against hand-checked cases.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define UNTOUCHED    INT64_C(-424242)

static const struct day_case {
    struct civil date;
    int64_t day;
    int weekday;
} days[] = {
    { { 1970, 1, 1 }, 0, 3 }, /* Thursday */
    { { 1969, 12, 31 }, -1, 2 },
    { { 2000, 2, 29 }, 11016, 1 }, /* a leap year although divisible by 100 */
    { { 2000, 3, 1 }, 11017, 2 },
    { { 2026, 11, 22 }, 20779, 6 }, /* Sunday */
    { { 1900, 3, 1 }, -25508, 3 },  /* 1900 was no leap year */
    { { 2100, 3, 1 }, 47541, 0 },
    { { 0, 3, 1 }, -719468, 2 },
    { { -1, 12, 31 }, -719529, 4 },
    { { 9999, 12, 31 }, 2932896, 4 },
};

static void a_date_has_one_day_number(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(days); i++) {
        struct civil back = civil_from_day(days[i].day);

        assert_int_equal(civil_to_day(days[i].date), days[i].day);
        assert_int_equal(back.year, days[i].date.year);
        assert_int_equal(back.month, days[i].date.month);
        assert_int_equal(back.day, days[i].date.day);
        assert_int_equal(civil_weekday(days[i].day), days[i].weekday);
    }
}

/* Counts a calendar by hand over two times 400 years and more, across the year 0. */
static void days_follow_each_other_like_in_a_calendar(void **state)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t day = civil_to_day((struct civil){ -450, 1, 1 });
    int year, month, d;

    (void)state;
    for (year = -450; year < 450; year++) {
        int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        for (month = 1; month <= 12; month++) {
            for (d = 1; d <= lengths[month - 1] + (leap && month == 2); d++, day++) {
                struct civil date = civil_from_day(day);

                assert_true(date.year == year && date.month == month && date.day == d);
                assert_int_equal(civil_to_day(date), day);
            }
        }
    }
}

static void a_day_is_read_with_or_without_dashes(void **state)
{
    static const struct {
        const char *text;
        int64_t day;
    } good[] = {
        { "2026-11-22", 20779 }, { "20261122", 20779 },     { "1970-01-01", 0 },
        { "2024-02-29", 19782 }, { "0000-03-01", -719468 }, { "9999-12-31", 2932896 },
    };
    static const char *const bad[] = {
        "",           "2026-02-30",  "2026-02-29",  "2100-02-29", "2026-13-01", "2026-00-10",
        "2026-01-00", "2026-1-1",    "2026-11-2",   "2026/11/22", "202611-22",  "2026-1122",
        "-026-11-22", "2026-11-22 ", " 2026-11-22", "2026-11-2x", "+2026-1-22", "2026.11.22",
    };
    int64_t day;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good); i++) {
        assert_true(civil_parse_day(span_of(good[i].text), &day));
        assert_int_equal(day, good[i].day);
    }
    for (i = 0; i < COUNT(bad); i++) {
        day = UNTOUCHED;
        if (civil_parse_day(span_of(bad[i]), &day))
            fail_msg("accepted %s", bad[i]);
        assert_int_equal(day, UNTOUCHED);
    }
    assert_false(civil_parse_day(SPAN_ABSENT, &day));
}

static const struct stamp_case {
    const char *text;
    int64_t at_ms;
} good_stamps[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-09-01T10:00:03.120Z", 1788256803120 },
    { "2026-09-01T10:00:03Z", 1788256803000 },
    { "2026-09-01T10:00:03.1Z", 1788256803100 },
    { "2026-09-01T10:00:03.12Z", 1788256803120 },
    { "2026-09-01T10:00:03.1209Z", 1788256803120 },      /* truncated, not rounded */
    { "2026-09-01T10:00:03.120999999Z", 1788256803120 }, /* nine digits */
    { "2026-09-01 10:00:03.120Z", 1788256803120 },
    { "2026-09-01t10:00:03.120z", 1788256803120 },
    { "2026-09-01T12:00:03.120+02:00", 1788256803120 },
    { "2026-09-01T15:45:03.120+05:45", 1788256803120 },
    { "2026-08-31T23:00:03.120-11:00", 1788256803120 },
    { "2026-09-01T10:00:03.12+00:00", 1788256803120 }, /* 24 bytes and more without Z */
    { "2026-09-01T10:00:03-00:00", 1788256803000 },
    { "2026-09-01T12:00:03+02:00", 1788256803000 },
    { "2016-12-31T23:59:60Z", 1483228799000 }, /* leap second */
    { "2016-12-31T23:59:60.500Z", 1483228799500 },
    { "2017-01-01T00:59:60+01:00", 1483228799000 },
    { "1969-12-31T23:59:59.9999Z", -1 },
    { "0000-01-01T00:00:00Z", -62167219200000 },
    { "9999-12-31T23:59:59.999Z", 253402300799999 },
};

static const char *const bad_stamps[] = {
    "",
    "2026-09-01",
    "2026-09-01T10:00:03",
    "2026-09-01T10:00:03.120",
    "2026-09-01T10:00:03.Z",
    "2026-09-01T10:00:03,120Z",
    "2026-09-01T10:00:03.1201201201Z",
    "2026-09-01T10:00:03.12xZ",
    "2026-09-01T10:00:03.12 Z",
    "2026-09-01T10:00:03.120Z ",
    " 2026-09-01T10:00:03.120Z",
    "2026-09-01T10:00:03.120ZZ",
    "2026-09-01_10:00:03.120Z",
    "2026-09-01T24:00:00.000Z",
    "2026-09-01T10:60:00.000Z",
    "2026-09-01T10:00:61.000Z",
    "2026-09-01T10:00:60.000Z", /* no leap second can be here */
    "2016-12-31T23:59:60+01:00",
    "2026-02-29T10:00:00.000Z",
    "2026-00-01T10:00:00.000Z",
    "2026-09-01T10:00:03+2:00",
    "2026-09-01T10:00:03+0200",
    "2026-09-01T10:00:03+24:00",
    "2026-09-01T10:00:03+02:60",
    "2026-09-01T10:00:03+02:00Z",
    "2026-09-01T10:00:03 02:00",
    "12026-09-01T10:00:03Z",
    "-026-09-01T10:00:03Z",
    "Tue, 01 Sep 2026 10:00:03 GMT",
};

static void rfc3339_is_read_to_the_millisecond(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good_stamps); i++) {
        int64_t at_ms = UNTOUCHED;

        if (!civil_parse_rfc3339(span_of(good_stamps[i].text), &at_ms))
            fail_msg("refused %s", good_stamps[i].text);
        if (at_ms != good_stamps[i].at_ms)
            fail_msg("%s became %lld", good_stamps[i].text, (long long)at_ms);
    }
}

static void what_is_not_rfc3339_is_refused_and_nothing_changes(void **state)
{
    int64_t at_ms = UNTOUCHED;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bad_stamps); i++) {
        if (civil_parse_rfc3339(span_of(bad_stamps[i]), &at_ms))
            fail_msg("accepted %s", bad_stamps[i]);
        assert_int_equal(at_ms, UNTOUCHED);
    }
    assert_false(civil_parse_rfc3339(SPAN_ABSENT, &at_ms));
}

/* Any byte in any place of the 24-byte form: what is accepted must be what is written back. */
static void the_fast_form_accepts_nothing_but_itself(void **state)
{
    char text[] = "2026-09-01T10:00:03.120Z";
    char back[CIVIL_TIME_SIZE];
    size_t place;
    int c;

    (void)state;
    for (place = 0; place < sizeof(text) - 1; place++) {
        char kept = text[place];

        for (c = 0; c < 256; c++) {
            struct span span = { text, sizeof(text) - 1 };
            int64_t at_ms;

            text[place] = (char)c;
            if (!civil_parse_rfc3339(span, &at_ms))
                continue;
            civil_format_iso(at_ms, back);
            if (place == 10 && (c == ' ' || c == 't'))
                continue;
            if (place == 23 && c == 'z')
                continue;
            assert_memory_equal(back, text, span.len);
        }
        text[place] = kept;
    }
}

static void the_fast_form_and_the_long_one_agree(void **state)
{
    int64_t at_ms, slow_ms, want_ms = 0;
    char text[64];
    int i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        want_ms += INT64_C(197000123);
        civil_format_iso(want_ms, text);
        assert_true(civil_parse_rfc3339(span_of(text), &at_ms));
        assert_int_equal(at_ms, want_ms);
        memcpy(text + 23, "456+00:00", 10);
        assert_true(civil_parse_rfc3339(span_of(text), &slow_ms));
        assert_int_equal(slow_ms, want_ms);
    }
}

static const struct stamp_case good_times[] = {
    { "2026-09-01T10:00:03.120Z", 1788256803120 },
    { "1788256803", 1788256803000 },
    { "1788256803.12", 1788256803120 },
    { "1788256803.1209999", 1788256803120 },
    { "1788256803120", 1788256803120 },
    { "1788256803120.75", 1788256803120 },
    { "1788256803120456", 1788256803120 },
    { "1788256803120456789", 1788256803120 },
    { "1.788256803E9", 1788256803000 },
    { "1.788256803120e+12", 1788256803120 },
    { "17882568031200e-4", 1788256803120 },
    { "0", 0 },
    { "0.0019", 1 },
    { "1e-30", 0 },
    { "99999999999", 99999999999000 }, /* the last that are seconds */
    { "100000000000", 100000000000 },  /* the first milliseconds */
    { "99999999999999", 99999999999999 },
    { "100000000000000", 100000000000 }, /* the first microseconds */
    { "99999999999999999", 99999999999999 },
    { "100000000000000000", 100000000000 }, /* the first nanoseconds */
    { "9223372036854775807", 9223372036854 },
};

static const char *const bad_times[] = {
    "",      "-1",
    "+1",    ".5",
    "1.",    "1.e3",
    "1e",    "1e+",
    "1e100", "1x",
    " 1",    "1 ",
    "0x10",  "nan",
    "inf",   "1.2.3",
    "1e5.5", "9223372036854775808",
    "1e40",  "2026-09-01",
    "1_000", "12345678901234567890123456789012345678901",
};

static void a_unix_time_shows_its_unit_by_its_size(void **state)
{
    int64_t at_ms;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good_times); i++) {
        at_ms = UNTOUCHED;
        if (!civil_parse_time(span_of(good_times[i].text), &at_ms))
            fail_msg("refused %s", good_times[i].text);
        if (at_ms != good_times[i].at_ms)
            fail_msg("%s became %lld", good_times[i].text, (long long)at_ms);
    }
    for (i = 0; i < COUNT(bad_times); i++) {
        at_ms = UNTOUCHED;
        if (civil_parse_time(span_of(bad_times[i]), &at_ms))
            fail_msg("accepted %s", bad_times[i]);
        assert_int_equal(at_ms, UNTOUCHED);
    }
    assert_false(civil_parse_time(SPAN_ABSENT, &at_ms));
}

static void times_are_written_as_they_are_read(void **state)
{
    char day[CIVIL_DAY_SIZE], text[CIVIL_TIME_SIZE];

    (void)state;
    civil_format_day(20779, day);
    assert_string_equal(day, "2026-11-22");
    civil_format_iso(1788256803120, text);
    assert_string_equal(text, "2026-09-01T10:00:03.120Z");
    civil_format_iso(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    civil_format_iso(INT64_MAX, text);
    assert_string_equal(text, "292278994-08-17T07:12:55.807Z");
    civil_format_iso(INT64_MIN, text);
    assert_string_equal(text, "-292275055-05-16T16:47:04.192Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_has_one_day_number),
        cmocka_unit_test(days_follow_each_other_like_in_a_calendar),
        cmocka_unit_test(a_day_is_read_with_or_without_dashes),
        cmocka_unit_test(rfc3339_is_read_to_the_millisecond),
        cmocka_unit_test(what_is_not_rfc3339_is_refused_and_nothing_changes),
        cmocka_unit_test(the_fast_form_accepts_nothing_but_itself),
        cmocka_unit_test(the_fast_form_and_the_long_one_agree),
        cmocka_unit_test(a_unix_time_shows_its_unit_by_its_size),
        cmocka_unit_test(times_are_written_as_they_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
