/* base/civil.h — dates and time stamps without a time zone (all UTC).
 *
 * A day is a count of days since 1970-01-01, so that days can be added and compared.
 * Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/span.h"

#define MS_PER_SECOND  INT64_C(1000)
#define MS_PER_MINUTE  INT64_C(60000)
#define MS_PER_QUARTER INT64_C(900000) /* quarter of an hour: the ledger's grain */
#define MS_PER_HOUR    INT64_C(3600000)
#define MS_PER_DAY     INT64_C(86400000)

struct civil {
    int year;  /* may be negative */
    int month; /* 1…12 */
    int day;   /* 1…31 */
};

/* Years within 292 million of 1970, which is what milliseconds in 64 bits can say. */
int64_t civil_to_day(struct civil date);
struct civil civil_from_day(int64_t day);
int civil_weekday(int64_t day); /* 0 Monday … 6 Sunday */

/* "2026-11-22" or "20261122": true and *day, or false (also for 2026-02-30). */
bool civil_parse_day(struct span text, int64_t *day);
#define CIVIL_DAY_SIZE 18
void civil_format_day(int64_t day, char out[CIVIL_DAY_SIZE]); /* "2026-11-22" */

/* RFC 3339 ("2026-09-01T10:00:03.120Z", "…+02:00", 0…9 fraction digits, 'T' or blank) to UTC
 * milliseconds: true, or false and *at_ms untouched. A leap second counts as the second before. */
bool civil_parse_rfc3339(struct span text, int64_t *at_ms);
/* RFC 3339, or Unix seconds, milliseconds, microseconds or nanoseconds as an integer or decimal
 * fraction; the unit is guessed by size (>= 1e17 ns, >= 1e14 us, >= 1e11 ms, else s).
 * An exponent ("1.7672256e9") is read too; what is negative or lies beyond 64 bits is not. */
bool civil_parse_time(struct span text, int64_t *at_ms);
#define CIVIL_TIME_SIZE 32
void civil_format_iso(int64_t at_ms, char out[CIVIL_TIME_SIZE]); /* "2026-09-01T10:00:03.120Z" */

/* Rounds towards minus infinity; b > 0. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

#endif
