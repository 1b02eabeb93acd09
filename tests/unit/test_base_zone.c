/* tests/unit/test_base_zone.c — zones and rules against hand-checked cases and against the
 * C library. Needs the system's tzdata.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t ms_of(const char *stamp)
{
    int64_t at_ms;

    assert_true(civil_parse_rfc3339(span_of(stamp), &at_ms));
    return at_ms;
}

static int64_t day_of(const char *text)
{
    int64_t day;

    assert_true(civil_parse_day(span_of(text), &day));
    return day;
}

static struct zone *open_zone(const char *name)
{
    struct zone *zone;
    struct err err;

    if (zone_open(&zone, name, &err) < 0)
        fail_msg("%s", err.text);
    return zone;
}

/* A zone made of nothing but a rule. */
static struct zone *open_rule(const char *rule)
{
    struct zone_places places = {
        .tz = rule, .folder = "/nowhere", .localtime = "/nowhere/l", .timezone = "/nowhere/t"
    };
    struct zone *zone;
    struct err err;

    if (zone_open_at(&zone, "", &places, &err) < 0)
        fail_msg("%s", err.text);
    return zone;
}

static const struct start_case {
    const char *why, *zone, *day, *start;
} starts[] = {
    { "winter", "Europe/Berlin", "2026-11-22", "2026-11-21T23:00:00Z" },
    { "summer", "Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z" },
    { "the day the clock jumps", "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z" },
    { "the day after", "Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z" },
    { "years behind the table", "Europe/Berlin", "2087-07-01", "2087-06-30T22:00:00Z" },
    { "centuries behind it", "Europe/Berlin", "2887-07-01", "2887-06-30T22:00:00Z" },
    { "midnight is missing", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" },
    { "the day after", "America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00:00Z" },
    { "back at midnight to 23:00", "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z" },
    { "midnight is missing", "Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z" },
    { "back at midnight to 23:00", "Asia/Beirut", "2022-10-30", "2022-10-29T22:00:00Z" },
    { "midnight is missing", "Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z" },
    { "back at 24:00 to 23:00", "Africa/Cairo", "2026-10-30", "2026-10-29T22:00:00Z" },
    { "midnight is missing", "America/Havana", "2026-03-08", "2026-03-08T05:00:00Z" },
    { "00:00 stands twice: the earlier", "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z" },
    { "the day after has 25 hours behind it", "America/Havana", "2026-11-02",
      "2026-11-02T05:00:00Z" },
    { "midnight is missing", "Asia/Tehran", "2021-03-22", "2021-03-21T20:30:00Z" },
    { "back at midnight to 23:00", "Asia/Tehran", "2021-09-22", "2021-09-21T20:30:00Z" },
    { "back at 00:01 to 23:01", "America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z" },
    { "the last before the leap", "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z" },
    { "the day left out", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" },
    { "the day after it", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
    { "and the next", "Pacific/Apia", "2012-01-01", "2011-12-31T10:00:00Z" },
    { "a day lived twice is one", "Pacific/Kwajalein", "1969-09-30", "1969-09-29T13:00:00Z" },
    { "of 47 hours", "Pacific/Kwajalein", "1969-10-01", "1969-10-01T12:00:00Z" },
    { "45 minutes", "Asia/Kathmandu", "2026-11-22", "2026-11-21T18:15:00Z" },
    { "summer is half an hour", "Australia/Lord_Howe", "2026-01-10", "2026-01-09T13:00:00Z" },
    { "winter is the other half", "Australia/Lord_Howe", "2026-07-10", "2026-07-09T13:30:00Z" },
    { "summer time is the standard", "Europe/Dublin", "2060-07-01", "2060-06-30T23:00:00Z" },
    { "a time before midnight", "America/Nuuk", "2060-03-28", "2060-03-28T01:00:00Z" },
    { "UTC", "UTC", "2026-11-22", "2026-11-22T00:00:00Z" },
};

static void a_day_starts_when_its_clock_first_shows_it(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(starts); i++) {
        struct zone *zone = open_zone(starts[i].zone);
        int64_t start_ms = zone_day_start_ms(zone, day_of(starts[i].day));
        char text[CIVIL_TIME_SIZE];

        civil_format_iso(start_ms, text);
        if (start_ms != ms_of(starts[i].start))
            fail_msg("%s %s, %s: %s", starts[i].zone, starts[i].day, starts[i].why, text);
        zone_close(zone);
    }
}

static const char *const walked[] = {
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Tehran",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
    "Asia/Gaza",
    "America/Nuuk",
    "Antarctica/Troll",
    "Pacific/Kwajalein",
};

static void check_days(const struct zone *zone, int64_t from, int64_t to)
{
    int64_t day;

    for (day = from; day < to; day++) {
        int64_t start_ms = zone_day_start_ms(zone, day);
        int64_t next_ms = zone_day_start_ms(zone, day + 1);

        if (start_ms > next_ms)
            fail_msg("%s: day %lld ends before it starts", zone_name(zone), (long long)day);
        if (start_ms == next_ms)
            continue;
        if (zone_day_of(zone, start_ms) != day || zone_day_of(zone, next_ms - 1) != day ||
            zone_day_of(zone, start_ms + (next_ms - start_ms) / 2) != day ||
            zone_day_of(zone, next_ms) <= day)
            fail_msg("%s: day %lld is not constant", zone_name(zone), (long long)day);
    }
}

static void days_cover_all_time_and_never_overlap(void **state)
{
    static const char *const spans[][2] = {
        { "2000-01-01", "2036-01-01" },
        { "1965-01-01", "1970-01-01" },
        { "2435-01-01", "2442-01-01" }, /* across the end of the first 400 years */
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(walked); i++) {
        struct zone *zone = open_zone(walked[i]);

        for (k = 0; k < COUNT(spans); k++)
            check_days(zone, day_of(spans[k][0]), day_of(spans[k][1]));
        zone_close(zone);
    }
}

/* St. John's turned back at 00:01 to 23:01: by the clock that hour is Saturday again. */
static void a_day_that_has_begun_goes_on(void **state)
{
    struct zone *zone = open_zone("America/St_Johns");
    int64_t sunday = day_of("2010-11-07");
    int64_t start_ms = zone_day_start_ms(zone, sunday);
    int64_t minute, wall_ms;
    struct civil date;

    (void)state;
    assert_int_equal(zone_day_of(zone, start_ms - 1), sunday - 1);
    for (minute = 0; minute < 25 * 60; minute++)
        assert_int_equal(zone_day_of(zone, start_ms + minute * MS_PER_MINUTE), sunday);
    assert_int_equal(zone_day_of(zone, start_ms + 25 * MS_PER_HOUR), sunday + 1);

    date = zone_civil(zone, start_ms + 30 * MS_PER_MINUTE, &wall_ms);
    assert_int_equal(date.day, 6);
    assert_int_equal(wall_ms, 23 * MS_PER_HOUR + 30 * MS_PER_MINUTE);
    zone_close(zone);
}

static const struct wall_case {
    const char *why, *zone, *day;
    int64_t wall_minutes;
    const char *at;
} walls[] = {
    { "plain", "Europe/Berlin", "2026-11-22", 14 * 60 + 5, "2026-11-22T13:05:00Z" },
    { "in the gap", "Europe/Berlin", "2026-03-29", 150, "2026-03-29T01:00:00Z" },
    { "its first minute", "Europe/Berlin", "2026-03-29", 120, "2026-03-29T01:00:00Z" },
    { "behind it", "Europe/Berlin", "2026-03-29", 180, "2026-03-29T01:00:00Z" },
    { "in the fold", "Europe/Berlin", "2026-10-25", 150, "2026-10-25T00:30:00Z" },
    { "behind it", "Europe/Berlin", "2026-10-25", 180, "2026-10-25T02:00:00Z" },
    { "half a gap", "Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:30:00Z" },
    { "noon of no day", "Pacific/Apia", "2011-12-30", 720, "2011-12-30T10:00:00Z" },
    { "rule: in the fold", "Europe/Berlin", "2070-10-26", 150, "2070-10-26T00:30:00Z" },
};

static void a_wall_time_is_an_instant(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(walls); i++) {
        struct zone *zone = open_zone(walls[i].zone);
        int64_t at_ms =
            zone_wall_ms(zone, day_of(walls[i].day), walls[i].wall_minutes * MS_PER_MINUTE);

        if (at_ms != ms_of(walls[i].at))
            fail_msg("%s %s, %s: %lld", walls[i].zone, walls[i].day, walls[i].why,
                     (long long)at_ms);
        zone_close(zone);
    }
}

/* With TZ set to `tz`, does the C library show what we show at this instant? */
static void compare_at(const struct zone *zone, const char *tz, time_t at_s)
{
    int64_t wall_ms = 0;
    struct civil date;
    struct tm tm;

    assert_non_null(localtime_r(&at_s, &tm));
    date = zone_civil(zone, (int64_t)at_s * 1000 + 999, &wall_ms);
    if (zone_offset_s(zone, (int64_t)at_s * 1000) != tm.tm_gmtoff ||
        date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1 || date.day != tm.tm_mday ||
        wall_ms != (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * 1000 + 999)
        fail_msg("%s differs at %lld", tz, (long long)at_s);
}

static void compare_with_libc(const struct zone *zone, const char *tz)
{
    const time_t from_s = 0;
    const time_t to_s = ms_of("2090-01-01T00:00:00Z") / 1000;
    time_t at_s;
    size_t i;

    setenv("TZ", tz, 1);
    tzset();
    for (at_s = from_s; at_s < to_s; at_s += 14 * 3600 + 59)
        compare_at(zone, tz, at_s);
    for (i = 0; i < zone->count; i++) { /* and on both sides of every change */
        at_s = zone->steps[i].from_ms / 1000;
        if (at_s > from_s && at_s < to_s) {
            compare_at(zone, tz, at_s - 1);
            compare_at(zone, tz, at_s);
        }
    }
    unsetenv("TZ");
    tzset();
}

static void the_c_library_agrees_about_zones(void **state)
{
    static const char *const names[] = {
        "Europe/Berlin",     "America/New_York",    "America/Sao_Paulo", "Asia/Beirut",
        "Africa/Cairo",      "America/Havana",      "Asia/Tehran",       "Pacific/Apia",
        "Asia/Kathmandu",    "Australia/Lord_Howe", "America/St_Johns",  "Europe/Dublin",
        "Africa/Casablanca", "Asia/Gaza",           "America/Nuuk",      "Asia/Jerusalem",
        "Etc/GMT+12",        "Pacific/Kiritimati",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(names); i++) {
        struct zone *zone = open_zone(names[i]);

        compare_with_libc(zone, names[i]);
        zone_close(zone);
    }
}

static void the_c_library_agrees_about_rules(void **state)
{
    static const char *const rules[] = {
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "<+03>-3",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "AAA3BBB,J60/1,J300/2:30:15",
        "AAA-5:45BBB-6:15,59,300/-3",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rules); i++) {
        struct zone *zone = open_rule(rules[i]);

        compare_with_libc(zone, rules[i]);
        assert_string_equal(zone_name(zone), rules[i]);
        zone_close(zone);
    }
}

/* Not for the comparison: the C library looks at one year's dates only and errs at New Year. */
static void a_rule_can_mean_summer_all_year(void **state)
{
    static const char *const rules[] = { "XXX3EDT4,0/0,J365/23", "EST5EDT,J1/0,J365/25" };
    int64_t at_ms;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rules); i++) {
        struct zone *zone = open_rule(rules[i]);

        for (at_ms = ms_of("1990-01-01T00:00:00Z"); at_ms < ms_of("2060-01-01T00:00:00Z");
             at_ms += MS_PER_HOUR)
            assert_int_equal(zone_offset_s(zone, at_ms), -4 * 3600);
        zone_close(zone);
    }
}

static void the_calendar_repeats_after_400_years(void **state)
{
    static const int64_t cycle_days = 146097;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(walked); i++) {
        struct zone *zone = open_zone(walked[i]);
        int64_t day;

        for (day = day_of("2090-01-01"); day < day_of("2095-01-01"); day++) {
            int64_t start_ms = zone_day_start_ms(zone, day);

            assert_int_equal(zone_day_start_ms(zone, day + 3 * cycle_days),
                             start_ms + 3 * cycle_days * MS_PER_DAY);
            assert_int_equal(zone_offset_s(zone, start_ms + 3 * cycle_days * MS_PER_DAY),
                             zone_offset_s(zone, start_ms));
        }
        zone_close(zone);
    }
}

/* A change that belongs to the first hours of a year by its rule, to the year before by the clock.
 */
static void a_change_at_new_year_is_found_in_every_year(void **state)
{
    static const int64_t wall_ms = 22 * MS_PER_HOUR + 30 * MS_PER_MINUTE;
    struct zone *zone = open_rule("AAA12BBB,J1/-3,J180"); /* at 21:00 it is 22:00 */
    int year;

    (void)state;
    for (year = 2290; year < 2310; year++) {
        int64_t day = civil_to_day((struct civil){ year, 12, 31 });

        assert_int_equal(zone_wall_ms(zone, day, wall_ms),
                         day * MS_PER_DAY + wall_ms + 11 * MS_PER_HOUR);
    }
    zone_close(zone);
}

static void what_the_table_says_does_not_come_back_after_400_years(void **state)
{
    struct zone *zone = zone_new("Test/Zone");

    (void)state;
    zone_add_step(zone, ms_of("2037-06-01T00:00:00Z") / 1000, 5 * 3600);
    assert_true(zone_add_rule(zone, SPAN_LIT("CET-1CEST,M3.5.0,M10.5.0/3")));
    zone_seal(zone);
    assert_int_equal(zone_offset_s(zone, ms_of("2037-05-31T23:59:59Z")), 0);
    assert_int_equal(zone_offset_s(zone, ms_of("2037-06-01T00:00:00Z")), 5 * 3600);
    assert_int_equal(zone_offset_s(zone, ms_of("2037-12-01T00:00:00Z")), 3600);
    assert_int_equal(zone_offset_s(zone, ms_of("2437-05-01T00:00:00Z")), 2 * 3600);
    assert_int_equal(zone_offset_s(zone, ms_of("2437-07-01T00:00:00Z")), 2 * 3600);
    assert_int_equal(zone_offset_s(zone, ms_of("2438-02-01T00:00:00Z")), 3600);
    zone_close(zone);
}

/* 25:00 has been shown, then the clock goes back twice within an hour. */
static void a_day_goes_on_over_two_turns_back(void **state)
{
    struct zone *zone = zone_new("Test/Zone");
    int64_t hour;

    (void)state;
    zone_add_step(zone, -ZONE_EDGE_S, 10 * 3600);
    zone_add_step(zone, 15 * 3600, 0);
    zone_add_step(zone, 16 * 3600, -10 * 3600);
    zone_seal(zone);
    assert_int_equal(zone_day_start_ms(zone, 1), 14 * MS_PER_HOUR);
    assert_int_equal(zone_day_of(zone, 14 * MS_PER_HOUR - 1), 0);
    for (hour = 14; hour < 24 + 24 + 10; hour++)
        assert_int_equal(zone_day_of(zone, hour * MS_PER_HOUR), 1);
    assert_int_equal(zone_day_start_ms(zone, 2), (24 + 24 + 10) * MS_PER_HOUR);
    check_days(zone, -3, 5);
    zone_close(zone);
}

static void the_ends_of_time_do_not_overflow(void **state)
{
    static const int64_t edges[] = { INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX };
    struct zone *zone = open_zone("Australia/Lord_Howe");
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(edges); i++) {
        for (k = 0; k < COUNT(edges); k++)
            zone_wall_ms(zone, edges[i], edges[k]);
        zone_civil(zone, edges[i], NULL);
        assert_in_range(zone_offset_s(zone, edges[i]) + 50000, 50000, 100000);
        if (i > 0) {
            assert_true(zone_day_of(zone, edges[i]) >= zone_day_of(zone, edges[i - 1]));
            assert_true(zone_day_start_ms(zone, edges[i]) >= zone_day_start_ms(zone, edges[i - 1]));
        }
    }
    zone_close(zone);
}

static void a_rule_is_read_strictly(void **state)
{
    static const char *const bad[] = {
        "",
        "CET",
        "CE-1",
        "-1",
        "CET-1C",
        "<+3>-3",
        "CET-25",
        "CET-1:60",
        "CET-1CEST,",
        "<CET-1",
        "CET1,M3.5.0,M10.5.0",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J365",
        "CET-1CEST,J1,J366",
        "CET-1CEST,0,366",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3 ",
        "CET-1CEST,M3.5.0,M10.5.0/3,",
        "CET-99999999999",
        "C\xc3\xa9T-1",
        "CET-1CEST,M3.5.0/,M10.5.0",
    };
    struct zone *zone = zone_new("Test/Zone");
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bad); i++) {
        if (zone_add_rule(zone, span_of(bad[i])))
            fail_msg("accepted %s", bad[i]);
        assert_int_equal(zone->count, 1);
    }
    zone_close(zone);
    zone_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_starts_when_its_clock_first_shows_it),
        cmocka_unit_test(days_cover_all_time_and_never_overlap),
        cmocka_unit_test(a_day_that_has_begun_goes_on),
        cmocka_unit_test(a_wall_time_is_an_instant),
        cmocka_unit_test(the_c_library_agrees_about_zones),
        cmocka_unit_test(the_c_library_agrees_about_rules),
        cmocka_unit_test(a_rule_can_mean_summer_all_year),
        cmocka_unit_test(the_calendar_repeats_after_400_years),
        cmocka_unit_test(a_change_at_new_year_is_found_in_every_year),
        cmocka_unit_test(what_the_table_says_does_not_come_back_after_400_years),
        cmocka_unit_test(a_day_goes_on_over_two_turns_back),
        cmocka_unit_test(the_ends_of_time_do_not_overflow),
        cmocka_unit_test(a_rule_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
