/* tui/live_draw.c — where everything stands on the live screen.
 *
 * From the top: the moment and the sums; limits; the block; the pulse; then models and sessions,
 * beside each other where there is room; at the foot what keys do. Small screens lose blank lines
 * first and rows of lists next.
 * SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"

#include "base/civil.h"

#include <stdio.h>

#define ROWS_LEAST    10
#define COLUMNS_LEAST 40
#define TALL          32  /* rows: room for blank lines and a higher graph */
#define WIDE          110 /* columns: lists stand side by side */
#define MARGIN        1
#define BLOCK_ROWS    3
#define FIXED_ROWS    12 /* head, block, pulse, foot, and the blank lines between */

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct pen pane_pen(const struct pane *pane, int row)
{
    return (struct pen){
        .screen = pane->screen,
        .at = { pane->row + row, pane->column, pane->column + pane->columns },
        .unicode = pane->frame->unicode,
    };
}

/* ---- head and foot ---- */

static void head_draw(const struct pane *pane)
{
    const struct view *v = pane->frame->view;
    int64_t wall_ms, day = zone_day_of(v->zone, v->now_ms);
    struct civil date = zone_civil(v->zone, v->now_ms, &wall_ms);
    struct pen pen = pane_pen(pane, 0);
    char when[96];

    snprintf(when, sizeof(when), "%s %d %s %02d:%02d %s", weekdays[civil_weekday(day)], date.day,
             months[date.month - 1], (int)(wall_ms / MS_PER_HOUR),
             (int)(wall_ms % MS_PER_HOUR / MS_PER_MINUTE), zone_name(v->zone));
    pen_text(&pen, INK_BOLD, "Today ");
    pen_tokens(&pen, INK_PLAIN, sums_total(&v->today.totals), 0);
    pen_text(&pen, INK_DIM, " tokens ");
    pen_cost(&pen, INK_BOLD, &v->today.totals, 0);
    pen_text(&pen, INK_BOLD, "   Week ");
    pen_tokens(&pen, INK_PLAIN, sums_total(&v->week), 0);
    pen_text(&pen, INK_DIM, " tokens ");
    pen_cost(&pen, INK_BOLD, &v->week, 0);
    pen_end(&pen, INK_DIM, span_of(when));
}

static void add_keys(struct pen *pen)
{
    const char *key, *what;
    size_t i;

    for (i = 0; live_key_help(i, &key, &what); i++) {
        pen_text(pen, INK_BOLD, key);
        pen_format(pen, INK_DIM, " %s  ", what);
    }
}

static void foot_draw(const struct pane *pane)
{
    const struct live_choice *choice = pane->frame->choice;
    struct pen pen = pane_pen(pane, 0);
    char state[96];

    if (choice->typing) {
        pen_text(&pen, INK_BOLD, "filter: ");
        pen_left(&pen, INK_PLAIN, span_of(choice->filter), (int)strlen(choice->filter));
        pen_text(&pen, INK_REVERSE, " ");
        pen_end(&pen, INK_DIM, SPAN_LIT("Enter keeps it, Esc lets it go"));
        return;
    }
    if (pane->frame->trouble) {
        pen_left(&pen, INK_RED, span_of(pane->frame->trouble), pane->columns);
        return;
    }
    add_keys(&pen);
    if (choice->paused)
        pen_text(&pen, INK_REVERSE, " paused ");
    snprintf(state, sizeof(state), "by %s%s%s", live_sort_names[choice->sort],
             choice->filter[0] ? ", only " : "", choice->filter);
    pen_end(&pen, INK_DIM, span_of(state));
}

/* ---- help ---- */

static const char *const help_words[] = {
    "Limits     how far each rate limit is used up, and whether that is ahead of time:",
    "           green behind it, orange well ahead, red from 90 % on.",
    "Block      five hours from the full hour of the first use; its pace is all it used",
    "           over the time between its first and last use.",
    "Tokens     of every kind, caches too, minute by minute; now is at the right.",
    "Sessions   a dot stands before one that was used in the last five minutes.",
    "",
    "Logs are read here unless 'tacho serve' does it; nothing is shown from elsewhere.",
};

static void help_draw(const struct pane *pane)
{
    struct pen pen = pane_pen(pane, 0);
    const char *key, *what;
    int row = 2;
    size_t i;

    pen_text(&pen, INK_BOLD, "tacho live");
    for (i = 0; live_key_help(i, &key, &what); i++) {
        pen = pane_pen(pane, row++);
        pen_left(&pen, INK_BOLD, span_of(key), 11);
        pen_text(&pen, INK_PLAIN, what);
    }
    row++;
    for (i = 0; i < sizeof(help_words) / sizeof(help_words[0]) && row < pane->rows; i++) {
        pen = pane_pen(pane, row++);
        pen_text(&pen, INK_PLAIN, help_words[i]);
    }
}

/* ---- the whole ---- */

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Draws a pane of so many rows and moves `rest` below it. */
static void take(struct pane *rest, int rows, int gap, void (*draw)(const struct pane *pane))
{
    struct pane pane = *rest;

    pane.rows = least(rows, rest->rows);
    if (pane.rows > 0)
        draw(&pane);
    rest->row += pane.rows + gap;
    rest->rows -= pane.rows + gap;
}

/* A list with its title. */
static int list_rows(size_t n)
{
    return n > 0 ? (int)n + 1 : 2;
}

static void lists_draw(struct pane *rest, bool airy)
{
    struct pane left = *rest, right = *rest;
    int models = list_rows(rest->frame->view->today.rows_n);

    if (rest->rows < 2)
        return;
    if (rest->columns < WIDE) {
        take(rest, least(models, rest->rows / 2), airy, models_draw);
        take(rest, rest->rows, 0, sessions_draw);
        return;
    }
    left.columns = (rest->columns - 4) / 2;
    right.column += left.columns + 4;
    right.columns = rest->columns - left.columns - 4;
    models_draw(&left);
    sessions_draw(&right);
}

/* Do blank lines between the panes leave room for every row of the lists? */
static bool has_room(const struct live_frame *frame, int rows, int columns)
{
    const struct view *v = frame->view;
    int models = list_rows(v->today.rows_n), sessions = list_rows(v->sessions.rows_n);
    int lists = columns >= WIDE ? (models > sessions ? models : sessions) : models + sessions + 1;

    return rows >= FIXED_ROWS + limits_rows(frame) + lists;
}

void live_draw(struct screen *screen, const struct live_frame *frame)
{
    int rows = screen_rows(screen), columns = screen_columns(screen);
    struct pane rest = { screen, frame, 0, MARGIN, rows - 1, columns - 2 * MARGIN };
    struct pane foot = { screen, frame, rows - 1, MARGIN, 1, columns - 2 * MARGIN };
    bool tall = rows >= TALL, airy = tall || has_room(frame, rows, rest.columns);

    screen_clear(screen);
    if (rows < ROWS_LEAST || columns < COLUMNS_LEAST) {
        screen_put(screen, (struct screen_at){ 0, 0, columns }, INK_PLAIN,
                   SPAN_LIT("too small: 40x10 at least"));
        return;
    }
    foot_draw(&foot);
    if (frame->choice->help) {
        help_draw(&rest);
        return;
    }
    take(&rest, 1, 1, head_draw);
    take(&rest, least(limits_rows(frame), rows / 4 + 1), airy, limits_draw);
    take(&rest, BLOCK_ROWS, airy, block_draw);
    take(&rest, tall ? 5 : 3, airy, pulse_draw);
    lists_draw(&rest, airy);
}
