/* tui/live_block.c — the present block of five hours, and the tokens of every minute.
 *
 *   Block 12:00-17:00   1.2M tokens  $3.40   2h 55m left
 *     12.3K a minute, $1.20 an hour; at this pace 3.4M tokens, $6.90 at its end
 *     five_hour runs out at 15:40, 1h 20m before it resets
 *
 * SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"

#define MINUTES_PER_HOUR 60
#define WIDE_ENOUGH      76 /* columns for whole sentences */

static void add_clock(struct pen *pen, enum ink ink, const struct zone *zone, int64_t at_ms)
{
    int64_t wall_ms;

    zone_civil(zone, at_ms, &wall_ms);
    pen_format(pen, ink, "%02d:%02d", (int)(wall_ms / MS_PER_HOUR),
               (int)(wall_ms % MS_PER_HOUR / MS_PER_MINUTE));
}

/* ---- the block ---- */

static void add_head(struct pen *pen, const struct view *view, const struct report_row *row)
{
    const struct report_block *block = row->block;

    pen_text(pen, INK_BOLD, "Block ");
    add_clock(pen, INK_BOLD, view->zone, block->start_ms);
    pen_text(pen, INK_BOLD, pen->unicode ? "\u2013" : "-");
    add_clock(pen, INK_BOLD, view->zone, block->end_ms);
    pen_text(pen, INK_PLAIN, "  ");
    pen_tokens(pen, INK_PLAIN, sums_total(&row->sums), 0);
    pen_text(pen, INK_DIM, " tokens  ");
    pen_cost(pen, INK_BOLD, &row->sums, 0);
    pen_text(pen, INK_PLAIN, "  ");
    if (block->end_ms > view->now_ms) {
        pen_span(pen, INK_PLAIN, block->end_ms - view->now_ms);
        pen_text(pen, INK_DIM, " left");
    }
}

static void add_rate(struct pen *pen, const struct report_row *row)
{
    const struct report_block *block = row->block;
    bool priced = !sums_unpriced(&row->sums);

    pen_tokens(pen, INK_PLAIN, block->tokens_per_hour / MINUTES_PER_HOUR, 0);
    pen_text(pen, INK_DIM, " a minute");
    if (priced) {
        pen_text(pen, INK_DIM, ", ");
        pen_money(pen, INK_PLAIN, block->cost_nusd_per_hour);
        pen_text(pen, INK_DIM, " an hour");
    }
    pen_text(pen, INK_DIM, pen->at.end >= WIDE_ENOUGH ? "; at this pace " : "; comes to ");
    pen_tokens(pen, INK_PLAIN, block->projected_tokens, 0);
    if (priced) {
        pen_text(pen, INK_DIM, " tokens, ");
        pen_money(pen, INK_PLAIN, block->projected_nusd);
    }
    pen_text(pen, INK_DIM, " at its end");
}

/* The limit that runs out first before it resets, or NULL. */
static const struct limits_bucket *first_to_end(const struct limits *limits)
{
    const struct limits_bucket *first = NULL;
    size_t i;

    for (i = 0; i < limits->buckets_n; i++) {
        const struct limits_bucket *b = &limits->buckets[i];

        if (b->full_at_ms > limits->now_ms && b->full_at_ms < b->state.resets_at_ms &&
            (!first || b->full_at_ms < first->full_at_ms))
            first = b;
    }
    return first;
}

static void add_end(struct pen *pen, const struct view *view)
{
    const struct limits_bucket *b = first_to_end(&view->limits);

    if (view->limits.buckets_n == 0)
        return;
    if (!b) {
        pen_text(pen, INK_DIM, "at this pace every limit lasts until it resets");
        return;
    }
    pen_left(pen, INK_ORANGE, span_of(b->bucket.id), (int)strlen(b->bucket.id));
    pen_text(pen, INK_ORANGE, " runs out ");
    if (b->full_at_ms - view->now_ms < MS_PER_DAY) {
        pen_text(pen, INK_ORANGE, "at ");
        add_clock(pen, INK_ORANGE, view->zone, b->full_at_ms);
    } else {
        pen_text(pen, INK_ORANGE, "in ");
        pen_span(pen, INK_ORANGE, b->full_at_ms - view->now_ms);
    }
    pen_text(pen, INK_DIM, ", ");
    pen_span(pen, INK_PLAIN, b->state.resets_at_ms - b->full_at_ms);
    pen_text(pen, INK_DIM, " before it resets");
}

void block_draw(const struct pane *pane)
{
    const struct view *view = pane->frame->view;
    const struct report_row *row = view->blocks.rows_n > 0 ? &view->blocks.rows[0] : NULL;
    struct pen pen = pane_pen(pane, 0);

    if (row) {
        add_head(&pen, view, row);
    } else {
        pen_text(&pen, INK_BOLD, "Block");
        pen_text(&pen, INK_DIM, "  none: nothing was used for five hours");
    }
    pen = pane_pen(pane, 1);
    if (row && row->block->has_rate)
        add_rate(&pen, row);
    else if (row)
        pen_text(&pen, INK_DIM, "too short yet to tell a pace");
    pen = pane_pen(pane, 2);
    add_end(&pen, view);
}

/* ---- the pulse ---- */

static const char *const steps[] = { " ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                     "\u2585", "\u2586", "\u2587", "\u2588" };
static const char *const plain_steps[] = { " ", ".", ".", ":", ":", "|", "|", "#", "#" };

/* How much of a row (in eighths) the bar of a minute fills; `below` rows are under it. */
static int eighths_of(int64_t tokens, int64_t most, int rows, int below)
{
    int all = most > 0 ? (int)((__int128)tokens * rows * 8 / most) : 0;
    int here;

    if (tokens > 0 && all == 0)
        all = 1; /* something is not nothing */
    here = all - below * 8;
    return here < 0 ? 0 : here > 8 ? 8 : here;
}

void pulse_draw(const struct pane *pane)
{
    const struct view *view = pane->frame->view;
    int minutes = pane->columns < VIEW_MINUTES ? pane->columns : VIEW_MINUTES, i, row;
    const int64_t *tokens = view->pulse + VIEW_MINUTES - minutes;
    struct pen pen = pane_pen(pane, 0);
    int64_t most = 0;

    for (i = 0; i < minutes; i++)
        most = tokens[i] > most ? tokens[i] : most;
    pen_text(&pen, INK_BOLD, "Tokens a minute");
    pen_format(&pen, INK_DIM, "  last %d min, at most ", minutes);
    pen_tokens(&pen, INK_DIM, most, 0);
    for (row = 1; row < pane->rows; row++) {
        pen = pane_pen(pane, row);
        for (i = 0; i < minutes; i++) {
            int n = eighths_of(tokens[i], most, pane->rows - 1, pane->rows - 1 - row);

            pen_text(&pen, INK_BLUE, pane->frame->unicode ? steps[n] : plain_steps[n]);
        }
    }
}
