/* report/when.c — days as people name them.
 * SPDX-License-Identifier: MIT
 */
#include "report/when.h"
#include "report/report_internal.h"

#include "base/civil.h"

#define DAYS_BACK_MAX 36500

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH };

/* A word stands for a whole period; its first or its last day is what counts. */
static const struct {
    const char *word;
    enum unit unit;
    int back; /* periods before the one that today is in */
} words[] = {
    { "today", UNIT_DAY, 0 },      { "yesterday", UNIT_DAY, 1 },    { "this-week", UNIT_WEEK, 0 },
    { "last-week", UNIT_WEEK, 1 }, { "this-month", UNIT_MONTH, 0 }, { "last-month", UNIT_MONTH, 1 },
};

int64_t when_week(int64_t day, int week_start)
{
    return day - (civil_weekday(day) - week_start + 7) % 7;
}

int64_t when_month(int64_t day, int back)
{
    struct civil date = civil_from_day(day);
    int64_t months = (int64_t)date.year * 12 + date.month - 1 - back;

    return civil_to_day((struct civil){ (int)floor_div(months, 12),
                                        (int)(months - floor_div(months, 12) * 12) + 1, 1 });
}

static int64_t first_of(enum unit unit, int back, const struct report_now *now)
{
    switch (unit) {
    case UNIT_WEEK:
        return when_week(now->today, now->week_start) - 7 * (int64_t)back;
    case UNIT_MONTH:
        return when_month(now->today, back);
    default:
        return now->today - back;
    }
}

bool report_when(struct span text, const struct report_now *now, enum report_bound bound,
                 int64_t *day)
{
    struct span number = { text.p, text.len > 0 ? text.len - 1 : 0 };
    int64_t days;
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!span_is(text, words[i].word))
            continue;
        *day = bound == REPORT_SINCE ? first_of(words[i].unit, words[i].back, now)
                                     : first_of(words[i].unit, words[i].back - 1, now) - 1;
        return true;
    }
    if (span_ends(text, "d") && span_int(number, &days) && days >= 1 && days <= DAYS_BACK_MAX) {
        *day = now->today - days + 1;
        return true;
    }
    return civil_parse_day(text, day);
}

int64_t report_last_periods(enum report_by by, int64_t n, const struct report_now *now)
{
    enum unit unit = by == REPORT_WEEK ? UNIT_WEEK : by == REPORT_MONTH ? UNIT_MONTH : UNIT_DAY;

    return first_of(unit, (int)(n - 1), now);
}
