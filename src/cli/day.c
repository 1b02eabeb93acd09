/* cli/day.c — days as people name them.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"

#define DAYS_BACK_MAX 36500

static const struct {
    const char *word;
    int64_t from_today;
} named[] = { { "today", 0 }, { "yesterday", -1 } };

bool day_parse(struct span text, int64_t today, int64_t *day)
{
    struct span number = { text.p, text.len > 0 ? text.len - 1 : 0 };
    int64_t days;
    size_t i;

    for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (span_is(text, named[i].word)) {
            *day = today + named[i].from_today;
            return true;
        }
    }
    if (span_ends(text, "d") && span_int(number, &days) && days >= 1 && days <= DAYS_BACK_MAX) {
        *day = today - days + 1;
        return true;
    }
    return civil_parse_day(text, day);
}
