/* tests/unit/test_limits_window.c — names of windows, roll-over, pacing, thresholds, forecast.
 * SPDX-License-Identifier: MIT
 */
#include "limits/window.h"

#include "base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW    INT64_C(1788000000000)
#define HOUR   MS_PER_HOUR
#define MINUTE MS_PER_MINUTE

static struct observation seen(const char *limit, int64_t at_ms, int64_t used_ppm, int64_t reset_ms)
{
    struct observation o = OBSERVATION_NONE;

    o.limit = span_of(limit);
    o.at_ms = at_ms;
    o.used_ppm = used_ppm;
    o.resets_at_ms = reset_ms;
    return o;
}

static struct bucket read_one(const struct observation *o, int64_t now_ms)
{
    struct bucket b;

    assert_true(window_read(o, SPAN_LIT("a"), now_ms, &b));
    return b;
}

/* ---- names ---- */

static const struct {
    const char *limit, *limit_id;
    int64_t window_s;
    const char *want; /* NULL: no window */
    int64_t want_s;
} names[] = {
    { "five_hour", NULL, 0, "five_hour", 18000 },
    { "5h", NULL, 0, "five_hour", 18000 },
    { NULL, NULL, 18000, "five_hour", 18000 },
    { "seven_day", NULL, 0, "weekly", 604800 },
    { "7d", NULL, 0, "weekly", 604800 },
    { "Week", NULL, 0, "weekly", 604800 },
    { NULL, NULL, 604800, "weekly", 604800 },
    { "seven_day_sonnet", NULL, 0, "sonnet_weekly", 604800 },
    { "7d-sonnet", NULL, 0, "sonnet_weekly", 604800 },
    { "Sonnet", NULL, 0, "sonnet_weekly", 604800 },
    { "7d-opus", NULL, 0, "opus_weekly", 604800 },
    { NULL, NULL, 8 * 3600, "8h", 8 * 3600 },
    { NULL, NULL, 30 * 86400, "30d", 30 * 86400 },
    { "7d_oi", NULL, 0, "7d_oi", 604800 },
    { "seven_day_cowork", NULL, 0, "seven_day_cowork", 604800 },
    { NULL, "spark", 18000, "spark:five_hour", 18000 },
    { "api_tokens", NULL, 60, "api_tokens", 60 },
    { "unknown", NULL, 0, NULL, 0 },
    { NULL, NULL, 0, NULL, 0 },
    { "99999h", NULL, 0, NULL, 0 },
};

static void windows_are_named_by_their_length(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct observation o = seen(names[i].limit, NOW, 0, 0);
        struct bucket b;
        bool known;

        o.window_s = names[i].window_s;
        o.limit_id = span_of(names[i].limit_id);
        known = window_read(&o, SPAN_LIT("a"), NOW, &b);
        if (known != (names[i].want != NULL))
            fail_msg("case %zu is %s", i, b.id);
        if (!known)
            continue;
        assert_string_equal(b.id, names[i].want);
        assert_int_equal(b.window_s, names[i].want_s);
    }
}

static void tokens_count_before_requests_and_both_before_a_percentage(void **state)
{
    struct observation o = seen("5h", NOW, 900000, 0);
    struct bucket b;

    (void)state;
    o.requests = (struct allowance){ 50, 100 };
    b = read_one(&o, NOW);
    assert_int_equal(window_at(&b, NOW).used_ppm, 500000);
    o.tokens = (struct allowance){ 250, 1000 };
    b = read_one(&o, NOW);
    assert_int_equal(window_at(&b, NOW).used_ppm, 750000);
    o.tokens.remaining = 2000;
    b = read_one(&o, NOW);
    assert_int_equal(window_at(&b, NOW).used_ppm, 0);
}

/* ---- roll-over ---- */

static const struct {
    const char *why;
    int64_t at_ms, used_ppm, reset_ms;
    enum window_news want;
} sightings[] = {
    { "the first", NOW, 500000, NOW + 2 * HOUR, WINDOW_BEGAN },
    { "the same again", NOW, 500000, NOW + 2 * HOUR, WINDOW_SAME },
    { "an older one", NOW - 1, 900000, NOW + 2 * HOUR, WINDOW_OLD },
    { "more is used", NOW + 1000, 600000, NOW + 2 * HOUR, WINDOW_NEWER },
    { "sources differ by seconds", NOW + 2000, 600000, NOW + 2 * HOUR + 3000, WINDOW_NEWER },
    { "less is used, the reset moved little", NOW + 3000, 550000, NOW + 2 * HOUR, WINDOW_NEWER },
    { "the reset moved, more is used", NOW + 4000, 650000, NOW + 3 * HOUR, WINDOW_NEWER },
    { "the reset moved, less is used", NOW + 5000, 100000, NOW + 4 * HOUR, WINDOW_BEGAN },
    { "no reset told", NOW + 6000, 110000, 0, WINDOW_NEWER },
    { "it begins where the last ends", NOW + 7000, 120000, NOW + 9 * HOUR - 5 * MINUTE,
      WINDOW_BEGAN },
    { "the old reset has passed", NOW + 9 * HOUR, 130000, NOW + 9 * HOUR + MINUTE, WINDOW_BEGAN },
};

static void a_window_rolls_over_when_its_time_has_come(void **state)
{
    struct bucket known = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(sightings) / sizeof(sightings[0]); i++) {
        struct observation o =
            seen("5h", sightings[i].at_ms, sightings[i].used_ppm, sightings[i].reset_ms);
        struct bucket b = read_one(&o, NOW + 24 * HOUR);
        enum window_news news;

        known.announced = 75;
        news = window_merge(&known, &b, NOW + 24 * HOUR);
        if (news != sightings[i].want)
            fail_msg("%s: %d", sightings[i].why, news);
        assert_int_equal(known.announced, news == WINDOW_BEGAN ? 0 : 75);
    }
}

static void a_clock_that_was_ahead_blocks_nothing(void **state)
{
    struct observation ahead = seen("5h", NOW + 24 * HOUR, 900000, NOW + 25 * HOUR);
    struct observation right = seen("5h", NOW + 1000, 300000, NOW + HOUR);
    struct bucket known = read_one(&ahead, NOW + 24 * HOUR), b = read_one(&right, NOW + 1000);

    (void)state;
    assert_int_not_equal(window_merge(&known, &b, NOW + 1000), WINDOW_OLD);
    assert_int_equal(window_at(&known, NOW + 1000).used_ppm, 300000);
    b = read_one(&ahead, NOW); /* and a line of the future is taken for one of now */
    assert_int_equal(b.at_ms, NOW);
}

static void a_reset_that_passed_empties_the_bucket(void **state)
{
    struct observation o = seen("5h", NOW, 500000, NOW + HOUR);
    struct bucket b = read_one(&o, NOW);
    struct window_state s = window_at(&b, NOW + HOUR - 1);

    (void)state;
    assert_false(s.expired);
    assert_int_equal(s.began_ms, NOW - 4 * HOUR);
    s = window_at(&b, NOW + HOUR);
    assert_true(s.expired);
    assert_int_equal(s.used_ppm, 0);
    assert_int_equal(s.resets_at_ms, 0);
    assert_int_equal(s.pacing, PACING_NONE);
}

/* ---- pacing and thresholds ---- */

static void pacing_holds_use_against_time(void **state)
{
    static const struct {
        int64_t used_ppm, elapsed_ms;
        enum pacing want;
        int64_t delta_ppm;
    } cases[] = {
        { 750000, 150 * MINUTE, PACING_HOT, 250000 },
        { 749999, 150 * MINUTE, PACING_ON_TRACK, 249999 },
        { 300000, 150 * MINUTE, PACING_CHILL, -200000 },
        { 300001, 150 * MINUTE, PACING_ON_TRACK, -199999 },
        { 850000, 180 * MINUTE, PACING_HOT, 250000 },
        { 100000, -20 * MINUTE, PACING_ON_TRACK, 100000 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct observation o = seen("5h", NOW, cases[i].used_ppm, NOW + 5 * HOUR);
        struct bucket b = read_one(&o, NOW);
        struct window_state s = window_at(&b, NOW + cases[i].elapsed_ms);

        assert_int_equal(s.pacing, cases[i].want);
        assert_int_equal(s.delta_ppm, cases[i].delta_ppm);
    }
}

static void thresholds_are_compared_exactly_and_once(void **state)
{
    struct thresholds t = { { 75, 90 }, 2 };
    struct observation o = seen("5h", NOW, -1, NOW + HOUR);
    struct bucket b;

    (void)state;
    o.tokens = (struct allowance){ 250001, 1000000 };
    b = read_one(&o, NOW);
    assert_int_equal(window_crossed(&b, &t, NOW), 0);
    o.tokens.remaining = 250000;
    b = read_one(&o, NOW);
    assert_int_equal(window_crossed(&b, &t, NOW), 75);
    assert_int_equal(window_crossed(&b, &t, NOW + 10 * MINUTE - 1), 75);
    assert_int_equal(window_crossed(&b, &t, NOW + 10 * MINUTE), 0); /* news of old is none */
    b.announced = 75;
    assert_int_equal(window_crossed(&b, &t, NOW), 0);
    o.tokens.remaining = 1;
    b = read_one(&o, NOW);
    assert_int_equal(window_crossed(&b, &t, NOW), 90); /* of both, the highest */
    assert_int_equal(window_crossed(&b, &t, NOW + HOUR), 0);
}

static void limits_of_an_api_key_are_never_announced(void **state)
{
    struct thresholds t = { { 75, 90 }, 2 };
    struct observation o = seen("api_tokens", NOW, 990000, NOW + MINUTE);
    struct bucket b;

    (void)state;
    o.window_s = 60;
    b = read_one(&o, NOW);
    assert_int_equal(window_crossed(&b, &t, NOW), 0);
}

/* ---- forecast ---- */

static void the_forecast_follows_the_pace(void **state)
{
    static const struct {
        struct window_pace pace;
        int64_t want;
    } cases[] = {
        { { NOW, NOW + HOUR, 200000, 600000 }, NOW + 2 * HOUR },
        { { NOW, NOW + HOUR, 600000, 600000 }, 0 },
        { { NOW, NOW + 9 * MINUTE, 0, 600000 }, 0 },
        { { NOW, NOW + HOUR, 900000, 1000000 }, NOW + HOUR },
        { { NOW, NOW + HOUR, 0, 1 }, 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(window_full_at(&cases[i].pace), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_named_by_their_length),
        cmocka_unit_test(tokens_count_before_requests_and_both_before_a_percentage),
        cmocka_unit_test(a_window_rolls_over_when_its_time_has_come),
        cmocka_unit_test(a_clock_that_was_ahead_blocks_nothing),
        cmocka_unit_test(a_reset_that_passed_empties_the_bucket),
        cmocka_unit_test(pacing_holds_use_against_time),
        cmocka_unit_test(thresholds_are_compared_exactly_and_once),
        cmocka_unit_test(limits_of_an_api_key_are_never_announced),
        cmocka_unit_test(the_forecast_follows_the_pace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
