/* report/usage_reset.c — when the usage window begins anew.
 *
 *   "monday 00:00 UTC"
 *   {"weekday": "sunday", "time": "04:00", "timezone": "Europe/Berlin"}
 *   {"at": "2026-11-03T17:20:00Z", "every_days": 7}
 *
 * By weekday, the local hour is what stays when clocks change; by instant, the length.
 * SPDX-License-Identifier: MIT
 */
#include "report/usage_internal.h"

#include "base/pick.h"

#include <strings.h>

#define EVERY_DAYS_MAX 366
#define ALLOWED                                                                                    \
    "\"monday 00:00 UTC\", {\"weekday\":\"monday\",\"time\":\"00:00\",\"timezone\":\"UTC\"} or "   \
    "{\"at\":\"2026-11-03T17:20:00Z\",\"every_days\":7}"

static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday" };

/* The texts a reset is made of, wherever they stood. */
struct words {
    char weekday[16], time[16], zone[128], at[64];
};

static int refuse(const char *text, const char *why, struct err *err)
{
    err_set(err, ERR_USAGE, "usage_reset: %s in %.120s; allowed are " ALLOWED, why, text);
    return -1;
}

/* "monday", "Mon" */
static bool parse_weekday(struct span text, int *weekday)
{
    int i;

    for (i = 0; i < 7; i++) {
        if ((text.len == 3 || text.len == strlen(weekdays[i])) &&
            strncasecmp(text.p, weekdays[i], text.len) == 0) {
            *weekday = i;
            return true;
        }
    }
    return false;
}

/* "00:00" … "23:59" */
static bool parse_time(struct span text, int64_t *wall_ms)
{
    int64_t hour, minute;

    if (text.len != 5 || text.p[2] != ':' || !span_int((struct span){ text.p, 2 }, &hour) ||
        !span_int((struct span){ text.p + 3, 2 }, &minute) || text.p[0] < '0' || text.p[3] < '0' ||
        hour > 23 || minute > 59)
        return false;
    *wall_ms = hour * MS_PER_HOUR + minute * MS_PER_MINUTE;
    return true;
}

static int set_weekly(struct usage_reset *reset, const struct words *words, const char *text,
                      struct err *err)
{
    if (!parse_weekday(span_of(words->weekday), &reset->weekday))
        return refuse(text, "there is no such weekday", err);
    if (!parse_time(span_of(words->time), &reset->wall_ms))
        return refuse(text, "the time is not between 00:00 and 23:59", err);
    if (!words->zone[0] || zone_open(&reset->zone, words->zone, NULL) < 0)
        return refuse(text, "there is no such time zone", err);
    return 0;
}

/* "monday 00:00 Europe/Berlin": zone and time may be left out. */
static int read_text(struct usage_reset *reset, const char *text, struct err *err)
{
    struct words words = { .time = "00:00", .zone = "UTC" };
    struct {
        char *place;
        size_t size;
    } places[] = { { words.weekday, sizeof(words.weekday) },
                   { words.time, sizeof(words.time) },
                   { words.zone, sizeof(words.zone) } };
    struct span rest = span_of(text), word;
    size_t n = 0;

    while (span_split(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (n == 3 || word.len >= places[n].size)
            return refuse(text, "this is more than weekday, time and zone", err);
        span_copy(word, places[n].place, places[n].size);
        n++;
    }
    return set_weekly(reset, &words, text, err);
}

enum { V_WEEKDAY, V_TIME, V_ZONE, V_AT, V_EVERY, V_COUNT };
static const struct pick_key keys[] = {
    { "weekday", V_WEEKDAY, NULL }, { "time", V_TIME, NULL },        { "timezone", V_ZONE, NULL },
    { "at", V_AT, NULL },           { "every_days", V_EVERY, NULL }, { NULL, 0, NULL },
};

/* True, also where there is nothing: then `out` stays. */
static bool take_text(const struct picked *value, char *out, size_t size)
{
    char scratch[256];
    struct span text;

    if (value->type == PICKED_ABSENT)
        return true;
    text = picked_text(value, scratch, sizeof(scratch));
    if (!text.p || text.len >= size)
        return false;
    span_copy(text, out, size);
    return true;
}

static int set_fixed(struct usage_reset *reset, const struct words *words,
                     const struct picked *every, struct err *err, const char *text)
{
    int64_t days = 7;

    if (every->type != PICKED_ABSENT &&
        (every->type != PICKED_NUMBER || !span_int(every->text, &days) || days < 1 ||
         days > EVERY_DAYS_MAX))
        return refuse(text, "every_days is no whole number from 1 to 366", err);
    if (!civil_parse_rfc3339(span_of(words->at), &reset->at_ms))
        return refuse(text, "\"at\" is no time such as 2026-11-03T17:20:00Z", err);
    reset->every_days = (int)days;
    if (!words->zone[0] || zone_open(&reset->zone, words->zone, NULL) < 0)
        return refuse(text, "there is no such time zone", err);
    return 0;
}

static int read_object(struct usage_reset *reset, const char *text, struct err *err)
{
    struct words words = { .weekday = "monday", .time = "00:00", .zone = "UTC" };
    struct picked v[V_COUNT], object = { PICKED_OBJECT, span_of(text), false }, value;
    struct span name;
    size_t at = 0;
    int i;

    if (pick_json(object.text, keys, v, V_COUNT) < 0)
        return refuse(text, "this is no JSON object", err);
    while (pick_each(object, &at, &name, &value)) {
        for (i = 0; keys[i].name && !span_is(name, keys[i].name); i++)
            ;
        if (!keys[i].name)
            return refuse(text, "there is an unknown key", err);
    }
    if (!take_text(&v[V_WEEKDAY], words.weekday, sizeof(words.weekday)) ||
        !take_text(&v[V_TIME], words.time, sizeof(words.time)) ||
        !take_text(&v[V_ZONE], words.zone, sizeof(words.zone)) ||
        !take_text(&v[V_AT], words.at, sizeof(words.at)))
        return refuse(text, "there is a value that is no short text", err);
    if (!words.at[0])
        return v[V_EVERY].type == PICKED_ABSENT ? set_weekly(reset, &words, text, err)
                                                : refuse(text, "every_days needs \"at\"", err);
    if (v[V_WEEKDAY].type != PICKED_ABSENT || v[V_TIME].type != PICKED_ABSENT)
        return refuse(text, "\"at\" goes without weekday and time", err);
    return set_fixed(reset, &words, &v[V_EVERY], err, text);
}

int usage_reset_read(struct usage_reset *reset, const char *text, struct err *err)
{
    *reset = (struct usage_reset){ 0 };
    if (!text)
        text = "monday 00:00 UTC";
    return text[0] == '{' ? read_object(reset, text, err) : read_text(reset, text, err);
}

void usage_reset_fini(struct usage_reset *reset)
{
    zone_close(reset->zone);
    *reset = (struct usage_reset){ 0 };
}

static int64_t weekly_at(const struct usage_reset *reset, int64_t day)
{
    /* Midnight may not exist; then the day's first instant does for it. */
    return reset->wall_ms == 0 ? zone_day_start_ms(reset->zone, day)
                               : zone_wall_ms(reset->zone, day, reset->wall_ms);
}

/* The reset `weeks` behind the last one. */
static int64_t reset_at(const struct usage_reset *reset, int64_t now_ms, int weeks)
{
    int64_t length = reset->every_days * MS_PER_DAY, day;

    if (reset->every_days > 0)
        return reset->at_ms + (floor_div(now_ms - reset->at_ms, length) + weeks) * length;
    day = zone_day_of(reset->zone, now_ms);
    day -= (civil_weekday(day) - reset->weekday + 7) % 7;
    if (weekly_at(reset, day) > now_ms)
        day -= 7;
    return weekly_at(reset, day + 7 * weeks);
}

int64_t usage_reset_last(const struct usage_reset *reset, int64_t now_ms)
{
    return reset_at(reset, now_ms, 0);
}

int64_t usage_reset_next(const struct usage_reset *reset, int64_t now_ms)
{
    return reset_at(reset, now_ms, 1);
}
