/* tui/live_limits.c — the rate limits on the live screen, a line each.
 *
 *   five_hour  ███████▌░░░░░░░░░░░░  37.5%  resets in 2h 05m  on track
 *
 * SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"

#define NAME_LEAST 9
#define NAME_MOST  24
#define BAR_LEAST  8
#define BAR_MOST   40
#define BESIDE_BAR 54 /* columns of what stands right of the bar */
#define WHOLE      1000000
#define NEARLY     900000

static const char *const paces[] = { "", "chill", "on track", "hot" };

static enum ink ink_of(const struct window_state *state)
{
    static const enum ink inks[] = {
        [PACING_NONE] = INK_BLUE,
        [PACING_CHILL] = INK_GREEN,
        [PACING_ON_TRACK] = INK_BLUE,
        [PACING_HOT] = INK_ORANGE,
    };

    return state->used_ppm >= NEARLY ? INK_RED : inks[state->pacing];
}

/* With several accounts a bucket's name needs its account's. */
static void add_name(struct buf *out, const struct limits *limits, const struct bucket *bucket)
{
    buf_clear(out);
    if (limits->accounts_n > 1)
        buf_printf(out, "%s ", bucket->account);
    buf_add_text(out, bucket->id);
}

static int name_width(const struct limits *limits)
{
    struct buf name = { 0 };
    int width = NAME_LEAST;
    size_t i;

    for (i = 0; i < limits->buckets_n; i++) {
        add_name(&name, limits, &limits->buckets[i].bucket);
        if ((int)name.len > width)
            width = (int)name.len;
    }
    buf_fini(&name);
    return width < NAME_MOST ? width : NAME_MOST;
}

static void add_window(struct pen *pen, const struct limits_bucket *b, int64_t now_ms)
{
    if (b->state.expired)
        pen_text(pen, INK_DIM, "  has reset");
    if (b->state.resets_at_ms > now_ms) {
        pen_text(pen, INK_DIM, "  resets in ");
        pen_span(pen, INK_PLAIN, b->state.resets_at_ms - now_ms);
    }
    if (b->state.pacing == PACING_NONE)
        return;
    pen_format(pen, ink_of(&b->state), "  %s", paces[b->state.pacing]);
    if (b->state.used_ppm >= WHOLE) {
        pen_text(pen, INK_RED, ": full");
    } else if (b->full_at_ms > now_ms && b->full_at_ms < b->state.resets_at_ms) {
        pen_text(pen, ink_of(&b->state), ": full in ");
        pen_span(pen, ink_of(&b->state), b->full_at_ms - now_ms);
    }
}

static void draw_bucket(struct pen pen, const struct limits *limits, const struct limits_bucket *b,
                        int name_columns)
{
    int bar = pen.at.end - pen.at.column - name_columns - BESIDE_BAR;
    struct buf name = { 0 };

    add_name(&name, limits, &b->bucket);
    pen_left(&pen, INK_PLAIN, buf_span(&name), name_columns);
    pen_text(&pen, INK_PLAIN, "  ");
    if (bar >= BAR_LEAST)
        pen_bar(&pen, ink_of(&b->state), b->state.used_ppm, WHOLE, bar < BAR_MOST ? bar : BAR_MOST);
    pen_format(&pen, INK_BOLD, " %5.1f%%", (double)b->state.used_ppm / 10000);
    add_window(&pen, b, limits->now_ms);
    buf_fini(&name);
}

int limits_rows(const struct live_frame *frame)
{
    size_t n = frame->view->limits.buckets_n;

    return 1 + (n > 0 ? (int)n : 1);
}

void limits_draw(const struct pane *pane)
{
    const struct limits *limits = &pane->frame->view->limits;
    int name_columns = name_width(limits), row;
    struct pen pen = pane_pen(pane, 0);

    pen_text(&pen, INK_BOLD, "Limits");
    if (limits->buckets_n == 0) {
        pen = pane_pen(pane, 1);
        pen_text(&pen, INK_DIM, "none seen yet; 'tacho statusline install' lets them be seen");
        return;
    }
    for (row = 1; row < pane->rows && (size_t)row <= limits->buckets_n; row++)
        draw_bucket(pane_pen(pane, row), limits, &limits->buckets[row - 1], name_columns);
    if ((size_t)row <= limits->buckets_n)
        pen_format(&pen, INK_DIM, "  and %d more", (int)limits->buckets_n - row + 1);
}
