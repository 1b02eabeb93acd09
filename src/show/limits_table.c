/* show/limits_table.c — rate limits for people.
 *
 *   claude  max, seen 2m ago
 *     five_hour  ███████▌             37.5%  resets in 2h 05m  on track
 *     weekly     ██████████████▌      72.0%  resets in 3d 14h  hot: full in 1d 02h
 *
 * SPDX-License-Identifier: MIT
 */
#include "show/limits.h"
#include "show/show_internal.h"

#include "base/civil.h"

#define BAR_WIDTH   20
#define WIDE_ENOUGH 76 /* columns; with fewer there is no bar */
#define WHOLE       1000000

static const char *const eighths[] = { "",       "\u258f", "\u258e", "\u258d",
                                       "\u258c", "\u258b", "\u258a", "\u2589" };
static const char *const paces[] = { "", "chill", "on track", "hot" };

/* Minutes are enough: seconds would only seem exact. */
static void add_span(struct buf *out, int64_t ms)
{
    if (ms < MS_PER_HOUR)
        buf_printf(out, "%d min", ms < MS_PER_MINUTE ? 1 : (int)(ms / MS_PER_MINUTE));
    else
        show_duration(out, ms);
}

static void add_bar(struct buf *out, const struct show_style *style, int64_t ppm)
{
    int64_t parts = (ppm < WHOLE ? ppm : WHOLE) * BAR_WIDTH * 8 / WHOLE;
    struct buf bar = { 0 }, padded = { 0 };
    int64_t i;

    for (i = 0; i < parts / 8; i++)
        buf_add_text(&bar, style->unicode ? "\u2588" : "#");
    if (style->unicode)
        buf_add_text(&bar, eighths[parts % 8]);
    show_padded(&padded, buf_span(&bar), BAR_WIDTH, SIDE_LEFT);
    show_paint(out, style, PAINT_INK, buf_span(&padded));
    buf_add_text(out, "  ");
    buf_fini(&bar);
    buf_fini(&padded);
}

static void add_window(struct buf *out, const struct limits_bucket *b, int64_t now_ms)
{
    if (b->state.expired)
        buf_add_text(out, "  has reset");
    if (b->state.resets_at_ms == 0)
        return;
    buf_add_text(out, "  resets in ");
    add_span(out, b->state.resets_at_ms - now_ms);
}

static void add_pace(struct buf *out, const struct show_style *style, const struct limits_bucket *b,
                     int64_t now_ms)
{
    struct buf text = { 0 };

    if (b->state.pacing == PACING_NONE)
        return;
    buf_printf(&text, "  %s", paces[b->state.pacing]);
    if (b->state.used_ppm >= WHOLE) {
        buf_add_text(&text, ": full");
    } else if (b->full_at_ms > now_ms && b->full_at_ms < b->state.resets_at_ms) {
        buf_add_text(&text, ": full in ");
        add_span(&text, b->full_at_ms - now_ms);
    }
    show_paint(out, style, b->state.pacing == PACING_HOT ? PAINT_BOLD : PAINT_PLAIN,
               buf_span(&text));
    buf_fini(&text);
}

static void add_bucket(struct buf *out, const struct limits_bucket *b, int name_width,
                       const struct show_style *style, int64_t now_ms)
{
    buf_add_text(out, "  ");
    show_padded(out, span_of(b->bucket.id), name_width, SIDE_LEFT);
    buf_add_text(out, "  ");
    if (style->width == 0 || style->width >= WIDE_ENOUGH)
        add_bar(out, style, b->state.used_ppm);
    buf_printf(out, "%5.1f%%", (double)b->state.used_ppm / 10000);
    add_window(out, b, now_ms);
    add_pace(out, style, b, now_ms);
    buf_add_char(out, '\n');
}

/* ~ marks it: nobody but past use told of it. */
static void add_estimate(struct buf *out, const struct estimate *e, int name_width,
                         const struct show_style *style, int64_t now_ms)
{
    int64_t ppm = limits_estimate_ppm(e);

    buf_add_text(out, "  ");
    show_padded(out, SPAN_LIT(LIMITS_ESTIMATED), name_width, SIDE_LEFT);
    buf_add_text(out, "  ");
    if (style->width == 0 || style->width >= WIDE_ENOUGH)
        add_bar(out, style, ppm);
    buf_printf(out, "~%.1f%%", (double)ppm / 10000);
    if (e->resets_at_ms > now_ms) {
        buf_add_text(out, "  resets in ");
        add_span(out, e->resets_at_ms - now_ms);
    }
    buf_printf(out, "  estimated from %d past blocks\n", e->blocks);
}

static void add_account(struct buf *out, const struct limits_account *a,
                        const struct show_style *style, int64_t now_ms)
{
    const int own_width = (int)strlen(LIMITS_ESTIMATED);
    int width = 0;
    size_t i;

    show_text(out, span_of(a->name), 0, style->unicode);
    if (a->plan[0]) {
        buf_add_text(out, "  ");
        show_text(out, span_of(a->plan), 0, style->unicode);
    }
    if (a->at_ms > 0)
        buf_add_text(out, a->plan[0] ? ", seen " : "  seen ");
    if (a->at_ms > 0 && now_ms - a->at_ms < MS_PER_MINUTE) {
        buf_add_text(out, "just now");
    } else if (a->at_ms > 0) {
        add_span(out, now_ms - a->at_ms);
        buf_add_text(out, " ago");
    }
    if (a->error[0])
        buf_printf(out, "  (%s)", a->error);
    buf_add_char(out, '\n');
    for (i = 0; i < a->n; i++) {
        int own = (int)strlen(a->buckets[i].bucket.id);

        width = own > width ? own : width;
    }
    if (a->estimate.limit_tokens > 0) {
        width = width > own_width ? width : own_width;
        add_estimate(out, &a->estimate, width, style, now_ms);
    }
    for (i = 0; i < a->n; i++)
        add_bucket(out, &a->buckets[i], width, style, now_ms);
}

void show_limits_table(struct buf *out, const struct limits *limits, const struct show_style *style)
{
    size_t i;

    if (limits->accounts_n == 0) {
        buf_add_text(out, "No rate limit has been seen yet. They come from logs that tell of them "
                          "and from the agent's status line.\n");
        return;
    }
    for (i = 0; i < limits->accounts_n; i++) {
        if (i > 0)
            buf_add_char(out, '\n');
        add_account(out, &limits->accounts[i], style, limits->now_ms);
    }
}

void show_crossing(struct buf *out, const struct limits_crossing *c)
{
    buf_printf(out, "%s: %s is at %d %% of its limit", c->bucket.account, c->bucket.id,
               (int)(c->state.used_ppm / 10000));
    if (c->state.resets_at_ms > 0) {
        buf_add_text(out, "; it resets in ");
        add_span(out, c->state.resets_at_ms - c->at_ms);
    }
    buf_add_char(out, '.');
}
