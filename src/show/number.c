/* show/number.c — numbers as people write them. All integer arithmetic, rounded half up.
 * SPDX-License-Identifier: MIT
 */
#include "show/show.h"

#include "base/civil.h"

#include <inttypes.h>
#include <stdio.h>

#define NUSD_PER_CENT INT64_C(10000000)

/* The size of n without its sign, which goes to `out`; safe for INT64_MIN. */
static uint64_t add_sign(struct buf *out, int64_t n)
{
    if (n >= 0)
        return (uint64_t)n;
    buf_add_char(out, '-');
    return -(uint64_t)n;
}

static void add_grouped(struct buf *out, uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
    int i;

    for (i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, digits[i]);
    }
}

void show_count(struct buf *out, int64_t n)
{
    add_grouped(out, add_sign(out, n));
}

/* n in thousands of thousands…: one decimal below 100 units, none above. Below 1000 as it is. */
static void add_scaled(struct buf *out, int64_t signed_n, const char *const units[5])
{
    uint64_t n = add_sign(out, signed_n);
    uint64_t unit = 1, tenths;
    int i = 0;

    /* 999,500 would be 1000K when rounded, so it is 1.0M. */
    while (i < 4 && n >= 1000 * unit - (i > 0 ? unit / 2 : 0)) {
        unit *= 1000;
        i++;
    }
    tenths = unit >= 10 ? (n + unit / 20) / (unit / 10) : n * 10;
    if (i == 0)
        buf_printf(out, "%" PRIu64, n);
    else if (tenths < 1000)
        buf_printf(out, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
    else
        buf_printf(out, "%" PRIu64, (n + unit / 2) / unit);
    buf_add_text(out, units[i]);
}

void show_tokens(struct buf *out, int64_t tokens)
{
    static const char *const units[5] = { "", "K", "M", "B", "T" };

    add_scaled(out, tokens, units);
}

void show_bytes(struct buf *out, int64_t bytes)
{
    static const char *const units[5] = { " B", " kB", " MB", " GB", " TB" };

    add_scaled(out, bytes, units);
}

void show_cost(struct buf *out, const struct sums *s, bool unicode)
{
    uint64_t cents;

    if (sums_unpriced(s)) {
        buf_add_text(out, unicode ? "\u2014" : "-");
        return;
    }
    if (s->cost_nusd > 0 && s->cost_nusd < NUSD_PER_CENT) {
        buf_add_text(out, "<$0.01");
    } else {
        cents = (add_sign(out, s->cost_nusd) + NUSD_PER_CENT / 2) / NUSD_PER_CENT;
        buf_add_char(out, '$');
        add_grouped(out, cents / 100);
        buf_printf(out, ".%02" PRIu64, cents % 100);
    }
    if (s->unpriced_tokens > 0)
        buf_add_char(out, '+');
}

void show_duration(struct buf *out, int64_t ms)
{
    int64_t s = (ms + 500) / MS_PER_SECOND;
    int64_t minutes = ms / MS_PER_MINUTE;
    int64_t hours = ms / MS_PER_HOUR;

    if (ms < 9950)
        buf_printf(out, "%" PRId64 ".%" PRId64 " s", (ms + 50) / 1000, (ms + 50) % 1000 / 100);
    else if (s < 60)
        buf_printf(out, "%" PRId64 " s", s);
    else if (s < 3600)
        buf_printf(out, "%" PRId64 "m %02" PRId64 "s", s / 60, s % 60);
    else if (hours < 24)
        buf_printf(out, "%" PRId64 "h %02" PRId64 "m", hours, minutes % 60);
    else
        buf_printf(out, "%" PRId64 "d %02" PRId64 "h", hours / 24, hours % 24);
}
