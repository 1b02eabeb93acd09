/* base/civil.c — see civil.h.
 *
 * The calendar is the proleptic Gregorian one, counted in years that begin in March, so that the
 * leap day is the last of its year. Reading a time stamp happens once per log line: its 24-byte
 * form "2026-09-01T10:00:03.120Z" is read with fixed positions and no loop.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"

#include <stdio.h>

#define DAYS_PER_ERA        146097 /* 400 years: after them the calendar repeats */
#define DAYS_TO_EPOCH       719468 /* from 0000-03-01 to 1970-01-01 */
#define FACE_LEN            19     /* "2026-09-01T10:00:03" */
#define MILLIS_LEN          24     /* "2026-09-01T10:00:03.120Z" */
#define MAX_FRACTION_DIGITS 9
#define MAX_NUMBER_LEN      40

int64_t civil_to_day(struct civil date)
{
    /* days from 1 March to the first of January, February, … December */
    static const short days_before[] = { 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275 };
    int year = date.year - (date.month <= 2);
    int era = (year >= 0 ? year : year - 399) / 400;
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned days = year_of_era * 365 + year_of_era / 4 - year_of_era / 100;

    return (int64_t)era * DAYS_PER_ERA + days + days_before[date.month - 1] + date.day - 1 -
           DAYS_TO_EPOCH;
}

struct civil civil_from_day(int64_t day)
{
    int64_t era = floor_div(day + DAYS_TO_EPOCH, DAYS_PER_ERA);
    int64_t n = day + DAYS_TO_EPOCH - era * DAYS_PER_ERA;
    int64_t year_of_era = (n - n / 1460 + n / 36524 - n / 146096) / 365;
    int64_t day_of_year = n - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* 0 March … 11 February */

    return (struct civil){
        .year = (int)(era * 400 + year_of_era + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
}

int civil_weekday(int64_t day)
{
    int64_t since_monday = day + 3; /* 1970-01-01 was a Thursday */

    return (int)(since_monday - floor_div(since_monday, 7) * 7);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digits as a number; anything else sets *bad, so that one test at the end covers them all. */
static inline int two_digits(const char *p, unsigned *bad)
{
    unsigned tens = (unsigned char)p[0] - (unsigned)'0';
    unsigned ones = (unsigned char)p[1] - (unsigned)'0';

    *bad |= (tens > 9) | (ones > 9);
    return (int)(tens * 10 + ones);
}

static inline bool is_date(struct civil date)
{
    static const unsigned char lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > lengths[date.month - 1])
        return false;
    return date.month != 2 || date.day < 29 ||
           (date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0));
}

bool civil_parse_day(struct span text, int64_t *day)
{
    int dash = text.len == 10;
    struct civil date;
    unsigned bad = 0;

    if (text.len != 8 && text.len != 10)
        return false;
    if (dash && (text.p[4] != '-' || text.p[7] != '-'))
        return false;
    date.year = two_digits(text.p, &bad) * 100 + two_digits(text.p + 2, &bad);
    date.month = two_digits(text.p + 4 + dash, &bad);
    date.day = two_digits(text.p + 6 + 2 * dash, &bad);
    if (bad || !is_date(date))
        return false;
    *day = civil_to_day(date);
    return true;
}

void civil_format_day(int64_t day, char out[CIVIL_DAY_SIZE])
{
    struct civil date = civil_from_day(day);

    snprintf(out, CIVIL_DAY_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
}

void civil_format_iso(int64_t at_ms, char out[CIVIL_TIME_SIZE])
{
    int64_t rest = at_ms % MS_PER_DAY;
    unsigned ms = (unsigned)(rest < 0 ? rest + MS_PER_DAY : rest);
    char date[CIVIL_DAY_SIZE];

    civil_format_day(floor_div(at_ms, MS_PER_DAY), date);
    snprintf(out, CIVIL_TIME_SIZE, "%sT%02u:%02u:%02u.%03uZ", date, ms / 3600000 % 24,
             ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

/* The first 19 bytes of a time stamp as if they were UTC. A leap second becomes the second before
 * and sets *leap: whether it stands where one can stand is known once the offset is. */
static inline bool read_face(const char *p, int64_t *at_ms, bool *leap)
{
    unsigned bad = (p[4] != '-') | (p[7] != '-') | (p[13] != ':') | (p[16] != ':') |
                   ((p[10] != 'T') & (p[10] != ' ') & (p[10] != 't'));
    int year = two_digits(p, &bad) * 100 + two_digits(p + 2, &bad);
    struct civil date = { year, two_digits(p + 5, &bad), two_digits(p + 8, &bad) };
    int hour = two_digits(p + 11, &bad);
    int minute = two_digits(p + 14, &bad);
    int second = two_digits(p + 17, &bad);

    if (bad || hour > 23 || minute > 59 || second > 60 || !is_date(date))
        return false;
    *leap = second == 60;
    *at_ms = civil_to_day(date) * MS_PER_DAY +
             (hour * 3600 + minute * 60 + second - *leap) * MS_PER_SECOND;
    return true;
}

/* ".120" and the like at *p, or nothing: milliseconds, the rest dropped; -1 if malformed. */
static int read_fraction(const char **p, const char *end)
{
    const char *digits = *p + 1;
    const char *q = digits;
    int weight = 100;
    int ms = 0;

    if (*p == end || **p != '.')
        return 0;
    for (; q < end && is_digit(*q); q++) {
        ms += (*q - '0') * weight;
        weight /= 10;
    }
    if (q == digits || q - digits > MAX_FRACTION_DIGITS)
        return -1;
    *p = q;
    return ms;
}

/* "Z" or "+02:00", and nothing behind it. */
static bool read_offset(const char *p, const char *end, int64_t *offset_ms)
{
    unsigned bad = 0;
    int hours, minutes;

    *offset_ms = 0;
    if (end - p == 1)
        return *p == 'Z' || *p == 'z';
    if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':')
        return false;
    hours = two_digits(p + 1, &bad);
    minutes = two_digits(p + 4, &bad);
    if (bad || hours > 23 || minutes > 59)
        return false;
    *offset_ms = (hours * 60 + minutes) * (*p == '-' ? -MS_PER_MINUTE : MS_PER_MINUTE);
    return true;
}

static bool is_last_second_of_day(int64_t at_ms)
{
    return (at_ms + MS_PER_SECOND) % MS_PER_DAY == 0;
}

bool civil_parse_rfc3339(struct span text, int64_t *at_ms)
{
    int64_t face_ms, offset_ms = 0;
    const char *p, *end;
    unsigned bad = 0;
    bool leap;
    int ms;

    if (text.len <= FACE_LEN || !read_face(text.p, &face_ms, &leap))
        return false;
    p = text.p + FACE_LEN;
    end = text.p + text.len;
    if (text.len == MILLIS_LEN && p[0] == '.' && p[4] == 'Z') {
        ms = two_digits(p + 1, &bad) * 10 + two_digits(p + 2, &bad) % 10;
    } else {
        ms = read_fraction(&p, end);
        bad = ms < 0 || !read_offset(p, end, &offset_ms);
    }
    if (bad || (leap && !is_last_second_of_day(face_ms - offset_ms)))
        return false;
    *at_ms = face_ms - offset_ms + ms;
    return true;
}

/* A number as digits and the place of its point, so that units are changed without rounding. */
struct decimal {
    char digits[MAX_NUMBER_LEN];
    int count;
    int point; /* digits before the point; may lie outside of the digits */
};

static bool read_exponent(const char *p, const char *end, int *exponent)
{
    bool negative = p < end && *p == '-';
    int value = 0;

    p += p < end && (*p == '-' || *p == '+');
    if (p == end || end - p > 2)
        return false;
    for (; p < end; p++) {
        if (!is_digit(*p))
            return false;
        value = value * 10 + *p - '0';
    }
    *exponent = negative ? -value : value;
    return true;
}

/* "1767225600", "1767225600.25", "1.7672256e9" (Java writes large doubles so). Not negative. */
static bool read_decimal(struct span text, struct decimal *number)
{
    const char *p = text.p;
    const char *end;
    int exponent = 0;

    if (text.len == 0 || text.len > MAX_NUMBER_LEN)
        return false;
    end = p + text.len;
    number->count = 0;
    while (p < end && is_digit(*p))
        number->digits[number->count++] = *p++;
    number->point = number->count;
    if (p < end && *p == '.') {
        for (p++; p < end && is_digit(*p); p++)
            number->digits[number->count++] = *p;
        if (number->count == number->point)
            return false;
    }
    if (number->point == 0)
        return false;
    if (p < end && (*p == 'e' || *p == 'E')) {
        if (!read_exponent(p + 1, end, &exponent))
            return false;
        p = end;
    }
    number->point += exponent;
    return p == end;
}

/* The number times 10^shift, what follows the point dropped; false if it does not fit. */
static bool scale(const struct decimal *number, int shift, int64_t *out)
{
    int64_t value = 0;
    int i;

    for (i = 0; i < number->point + shift; i++) {
        int digit = i < number->count ? number->digits[i] - '0' : 0;

        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value;
    return true;
}

bool civil_parse_time(struct span text, int64_t *at_ms)
{
    static const struct unit {
        int64_t least; /* a number this large or larger is in this unit */
        int shift;     /* to milliseconds, as a power of ten */
    } units[] = {
        { INT64_C(100000000000000000), -6 }, /* nanoseconds */
        { INT64_C(100000000000000), -3 },    /* microseconds */
        { INT64_C(100000000000), 0 },        /* milliseconds */
        { 0, 3 },                            /* seconds */
    };
    const struct unit *unit = units;
    struct decimal number;
    int64_t whole;

    if (civil_parse_rfc3339(text, at_ms))
        return true;
    if (!read_decimal(text, &number) || !scale(&number, 0, &whole))
        return false;
    while (whole < unit->least)
        unit++;
    return scale(&number, unit->shift, at_ms);
}
