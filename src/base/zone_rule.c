/* base/zone_rule.c — the POSIX rule of a zone, laid out as steps.
 *
 *     CET-1CEST,M3.5.0,M10.5.0/3
 *
 * reads: standard time "CET" is UTC+1 (the sign is turned round), summer time "CEST" one hour more;
 * it begins on the last (5) Sunday (0) of March at 02:00 and ends on that of October at 03:00.
 * Names may be quoted (<+03>), offsets and times carry minutes and seconds, times may be negative
 * or beyond 24 hours, and a date may be a day of the year: J60 is always 1 March, 60 counts from 0
 * and 29 February with it. Summer time without dates follows the rule of the United States.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#define FIRST_YEAR       1900 /* of a rule without a table before it; standard time earlier */
#define CYCLE_YEARS      400
#define MAX_OFFSET_HOURS 24
#define MAX_TIME_HOURS   167 /* a week less an hour, RFC 8536 3.3.1 */

struct rule_date {
    char kind;  /* 'M' month.week.weekday, 'J' day without leap days, '0' day with them */
    int month;  /* 1…12 */
    int week;   /* 1…5, 5 is the last */
    int day;    /* M: 0 Sunday … 6; J: 1…365; 0: 0…365 */
    int time_s; /* by the clock before the change */
};

struct rule {
    int32_t standard_s; /* local = UTC + this */
    int32_t summer_s;
    bool has_summer;
    struct rule_date begin, end; /* of summer time */
};

static bool eat(struct span *rest, char c)
{
    if (rest->len == 0 || rest->p[0] != c)
        return false;
    rest->p++;
    rest->len--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A number between `least` and `most` at the start of *rest. */
static bool read_number(struct span *rest, int least, int most, int *out)
{
    int value = 0;
    size_t n = 0;

    while (n < rest->len && n < 4 && is_digit(rest->p[n]))
        value = value * 10 + rest->p[n++] - '0';
    rest->p += n;
    rest->len -= n;
    *out = value;
    return n > 0 && value >= least && value <= most;
}

/* "CET" or "<+03>": three bytes at least. What a zone calls itself is of no use here. */
static bool skip_name(struct span *rest)
{
    bool quoted = eat(rest, '<');
    size_t n = 0;

    while (n < rest->len &&
           (is_letter(rest->p[n]) ||
            (quoted && (is_digit(rest->p[n]) || rest->p[n] == '+' || rest->p[n] == '-'))))
        n++;
    rest->p += n;
    rest->len -= n;
    return n >= 3 && (!quoted || eat(rest, '>'));
}

/* "-3", "5:30", "+10:30:15" in seconds. */
static bool read_time(struct span *rest, int max_hours, int *out_s)
{
    int sign = eat(rest, '-') ? -1 : 1;
    int hours, minutes = 0, seconds = 0;

    if (sign > 0)
        eat(rest, '+');
    if (!read_number(rest, 0, max_hours, &hours))
        return false;
    if (eat(rest, ':')) {
        if (!read_number(rest, 0, 59, &minutes))
            return false;
        if (eat(rest, ':') && !read_number(rest, 0, 59, &seconds))
            return false;
    }
    *out_s = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool read_day(struct span *rest, struct rule_date *date)
{
    if (eat(rest, 'M')) {
        date->kind = 'M';
        return read_number(rest, 1, 12, &date->month) && eat(rest, '.') &&
               read_number(rest, 1, 5, &date->week) && eat(rest, '.') &&
               read_number(rest, 0, 6, &date->day);
    }
    if (eat(rest, 'J')) {
        date->kind = 'J';
        return read_number(rest, 1, 365, &date->day);
    }
    date->kind = '0';
    return read_number(rest, 0, 365, &date->day);
}

static bool read_date(struct span *rest, struct rule_date *date)
{
    if (!eat(rest, ',') || !read_day(rest, date))
        return false;
    date->time_s = 2 * 3600;
    return !eat(rest, '/') || read_time(rest, MAX_TIME_HOURS, &date->time_s);
}

static bool read_rule(struct span rest, struct rule *rule)
{
    int west_s;

    *rule = (struct rule){
        .begin = { .kind = 'M', .month = 3, .week = 2, .time_s = 2 * 3600 },
        .end = { .kind = 'M', .month = 11, .week = 1, .time_s = 2 * 3600 },
    };
    if (!skip_name(&rest) || !read_time(&rest, MAX_OFFSET_HOURS, &west_s))
        return false;
    rule->standard_s = -west_s;
    if (rest.len == 0)
        return true;

    rule->has_summer = true;
    rule->summer_s = rule->standard_s + 3600;
    if (!skip_name(&rest))
        return false;
    if (rest.len > 0 && rest.p[0] != ',') {
        if (!read_time(&rest, MAX_OFFSET_HOURS, &west_s))
            return false;
        rule->summer_s = -west_s;
    }
    if (rest.len == 0)
        return true;
    return read_date(&rest, &rule->begin) && read_date(&rest, &rule->end) && rest.len == 0;
}

/* The civil day on which a date of the rule falls in that year. */
static int64_t day_in_year(const struct rule_date *date, int year)
{
    int64_t new_year = civil_to_day((struct civil){ year, 1, 1 });
    int64_t leap_day = civil_to_day((struct civil){ year, 3, 1 }) - new_year - 59; /* 0 or 1 */
    int64_t first, length, day;
    int weekday;

    if (date->kind == '0')
        return new_year + date->day;
    if (date->kind == 'J')
        return new_year + date->day - 1 + (date->day >= 60 ? leap_day : 0);

    first = civil_to_day((struct civil){ year, date->month, 1 });
    length =
        civil_to_day((struct civil){ year + date->month / 12, date->month % 12 + 1, 1 }) - first;
    weekday = (date->day + 6) % 7; /* ours begin on Monday */
    day = (weekday - civil_weekday(first) + 7) % 7 + 7 * (date->week - 1);
    return first + (day < length ? day : day - 7);
}

bool zone_add_rule(struct zone *zone, struct span text)
{
    int64_t table_end_s = zone->steps[zone->count - 1].from_ms / MS_PER_SECOND;
    int first_year = civil_from_day(floor_div(table_end_s, SECONDS_PER_DAY)).year;
    struct rule rule;
    int year;

    if (!read_rule(text, &rule))
        return false;
    if (zone->count == 1)
        zone_add_step(zone, -ZONE_EDGE_S, rule.standard_s);
    if (!rule.has_summer)
        return true;
    if (first_year < FIRST_YEAR)
        first_year = FIRST_YEAR;

    /* A year before the cycle, so that it begins as the rule wants it and not as the table left
     * it; a year behind it, so that local times near its end find their step. */
    for (year = first_year; year <= first_year + CYCLE_YEARS + 2; year++) {
        int64_t begin_s =
            day_in_year(&rule.begin, year) * SECONDS_PER_DAY + rule.begin.time_s - rule.standard_s;
        int64_t end_s =
            day_in_year(&rule.end, year) * SECONDS_PER_DAY + rule.end.time_s - rule.summer_s;

        if (begin_s > table_end_s)
            zone_add_step(zone, begin_s, rule.summer_s);
        if (end_s > table_end_s)
            zone_add_step(zone, end_s, rule.standard_s);
    }
    zone->cycle_end_ms =
        MS_PER_DAY * civil_to_day((struct civil){ first_year + CYCLE_YEARS + 2, 1, 1 });
    return true;
}
