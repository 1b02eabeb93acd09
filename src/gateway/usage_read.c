/* gateway/usage_read.c — values as gateways write them: numbers in quotes, times of three kinds.
 *
 * Whatever is missing, null, NaN, infinite, negative or of another type is "not there"; nothing
 * here complains. SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "gateway/usage_internal.h"

#include <math.h>
#include <stdlib.h>

#define COUNT_MAX   1e12 /* tokens, calls, limits: beyond it nothing was ever counted */
#define DOLLARS_MAX 1e9
#define TIME_MAX_MS INT64_C(253402300799999) /* the last of the year 9999 */
#define NUMBER_LEN  64

/* ---- single values ---- */

/* A decimal number and nothing else: strtod alone would take "nan", "inf" and "0x10" as well. */
static bool parse_number(struct span text, double *out)
{
    char copy[NUMBER_LEN], *end;

    text = span_trim(text);
    if (text.len == 0 || text.len >= sizeof(copy))
        return false;
    span_copy(text, copy, sizeof(copy));
    if (strspn(copy, "0123456789+-.eE") != text.len)
        return false;
    *out = strtod(copy, &end);
    return *end == '\0' && isfinite(*out);
}

bool usage_number(const json_t *value, double *out)
{
    if (json_is_string(value))
        return parse_number(span_of(json_string_value(value)), out);
    if (!json_is_number(value))
        return false;
    *out = json_number_value(value);
    return isfinite(*out);
}

bool usage_count(const json_t *value, int64_t *out)
{
    double number;

    if (!usage_number(value, &number) || number < 0 || number > COUNT_MAX)
        return false;
    *out = (int64_t)number;
    return true;
}

bool usage_money(const json_t *value, int64_t *nusd)
{
    double dollars;

    if (!usage_number(value, &dollars) || dollars < 0 || dollars > DOLLARS_MAX)
        return false;
    *nusd = llround(dollars * 1e9);
    return true;
}

struct span usage_text(const json_t *value)
{
    struct span text = span_trim(span_of(json_string_value(value)));

    return text.len > 0 ? text : SPAN_ABSENT;
}

bool usage_is_empty(const json_t *value)
{
    return !value || json_is_null(value) || json_is_false(value) ||
           (json_is_object(value) && json_object_size(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_number(value) && json_number_value(value) == 0);
}

/* "2026-11-22T10:00:00Z"; without a zone it is UTC; a bare day is its midnight. */
static bool parse_iso(struct span text, int64_t *at_ms)
{
    char zoned[NUMBER_LEN];
    int64_t day;
    size_t len;

    if (civil_parse_rfc3339(text, at_ms))
        return true;
    if (text.len == 10 && text.p[4] == '-' && civil_parse_day(text, &day)) {
        *at_ms = day * MS_PER_DAY;
        return true;
    }
    if (text.len + 2 > sizeof(zoned))
        return false;
    len = span_copy(text, zoned, sizeof(zoned));
    zoned[len++] = 'Z';
    return civil_parse_rfc3339((struct span){ zoned, len }, at_ms);
}

enum small_numbers { SMALL_IS_NOTHING, SMALL_IS_SECONDS_FROM_NOW };

static bool read_moment(const json_t *value, enum small_numbers small, int64_t now_ms,
                        int64_t *at_ms)
{
    struct span text = usage_text(value);
    int64_t found = -1;
    double number;

    if (usage_number(value, &number)) {
        if (number >= 1e12 && number <= (double)TIME_MAX_MS)
            found = (int64_t)number;
        else if (number >= 1e9 && number < 1e12)
            found = (int64_t)(number * 1000);
        else if (small == SMALL_IS_SECONDS_FROM_NOW && number >= 0 && number < 1e9)
            found = now_ms + (int64_t)(number * 1000);
    } else if (text.p && !parse_iso(text, &found)) {
        return false;
    }
    if (found <= 0 || found > TIME_MAX_MS)
        return false;
    *at_ms = found;
    return true;
}

bool usage_time(const json_t *value, int64_t *at_ms)
{
    return read_moment(value, SMALL_IS_NOTHING, 0, at_ms);
}

bool usage_reset(const json_t *value, int64_t now_ms, int64_t *at_ms)
{
    return read_moment(value, SMALL_IS_SECONDS_FROM_NOW, now_ms, at_ms);
}

struct span usage_keep(struct arena *arena, struct span text)
{
    return text.p ? (struct span){ arena_text(arena, text), text.len } : text;
}

/* ---- the first readable one of several names ---- */

const json_t *place_get(struct place place, const char *key)
{
    const json_t *value = json_object_get(place.over, key);

    if (!value || json_is_null(value))
        value = json_object_get(place.under, key);
    return json_is_null(value) ? NULL : value;
}

bool place_count(struct place place, const char *const *names, int64_t *out)
{
    for (; *names; names++) {
        if (usage_count(place_get(place, *names), out))
            return true;
    }
    return false;
}

bool place_money(struct place place, const char *const *names, int64_t *nusd)
{
    for (; *names; names++) {
        if (usage_money(place_get(place, *names), nusd))
            return true;
    }
    return false;
}

bool place_time(struct place place, const char *const *names, int64_t *at_ms)
{
    for (; *names; names++) {
        if (usage_time(place_get(place, *names), at_ms))
            return true;
    }
    return false;
}

struct span place_text(struct place place, const char *const *names)
{
    struct span text = SPAN_ABSENT;

    for (; *names && !text.p; names++)
        text = usage_text(place_get(place, *names));
    return text;
}

int64_t usage_add(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}
