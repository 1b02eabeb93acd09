/* show/usage_table.c — `tacho usage`.
 *
 *   31.2M tokens since Mon 16 Nov 00:00 UTC, next reset in 1d 14h
 *   2.1M input, 0.9M output, 26.0M cache read, 2.2M cache written; 41 tasks, 980 turns
 *   62.4% of 50.0M: yellow
 *
 *   AGENT    TYPE    MODEL   TASKS  TURNS  INPUT  OUTPUT
 *   writer   worker  h-2        12    301   1.1M  400.2K
 *
 *   16 Nov ▂▅▁ ▇█ 21 Nov
 *
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"
#include "show/usage.h"

#include <inttypes.h>

enum { NAME, TYPE, MODEL, TASKS, TURNS, INPUT, OUTPUT, COLUMNS };
#define CELL_MAX   28  /* columns of a name */
#define SPARKS_MAX 120 /* days drawn */

static const char *const heads[COLUMNS] = { "AGENT", "TYPE",  "MODEL", "TASKS",
                                            "TURNS", "INPUT", "OUTPUT" };
static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static const struct {
    enum paint paint;
    const char *advice;
} states[] = {
    [USAGE_GREEN] = { PAINT_GREEN, "" },
    [USAGE_YELLOW] = { PAINT_YELLOW, "" },
    [USAGE_ORANGE] = { PAINT_ORANGE, ", dispatches may soon fail" },
    [USAGE_RED] = { PAINT_RED, ", dispatches are about to fail" },
};

/* ---- the head ---- */

/* "Mon 16 Nov 00:00" */
static void add_time(struct buf *out, const struct zone *zone, int64_t at_ms)
{
    int64_t wall_ms;
    struct civil date = zone_civil(zone, at_ms, &wall_ms);
    int64_t minutes = wall_ms / MS_PER_MINUTE;

    buf_printf(out, "%s %d %s %02" PRId64 ":%02" PRId64,
               weekdays[civil_weekday(civil_to_day(date))], date.day, months[date.month - 1],
               minutes / 60, minutes % 60);
}

static void add_since(struct buf *out, const struct usage *usage)
{
    struct zone *zone = NULL;

    if (usage->since_ms == USAGE_NONE || zone_open(&zone, usage->zone_name, NULL) < 0)
        return;
    buf_add_text(out, " since ");
    add_time(out, zone, usage->since_ms);
    buf_printf(out, " %s", usage->zone_name);
    if (usage->reset_ms != USAGE_NONE) {
        buf_add_text(out, ", next reset in ");
        show_duration(out, usage->reset_ms - usage->now_ms);
    }
    zone_close(zone);
}

static void add_split(struct buf *out, const struct usage_part *p)
{
    const struct {
        int64_t tokens;
        const char *what;
    } parts[] = { { p->input, " input, " },
                  { p->output, " output, " },
                  { p->cache_read, " cache read, " },
                  { p->cache_creation, " cache written; " } };
    size_t i;

    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        show_tokens(out, parts[i].tokens);
        buf_add_text(out, parts[i].what);
    }
    show_count(out, p->tasks);
    buf_add_text(out, p->tasks == 1 ? " task, " : " tasks, ");
    show_count(out, p->turns);
    buf_add_text(out, p->turns == 1 ? " turn\n" : " turns\n");
}

static void add_threshold(struct buf *out, const struct usage *usage,
                          const struct show_style *style)
{
    int64_t used = usage_part_tokens(&usage->totals);
    enum usage_state state;
    struct buf words = { 0 };

    if (usage->threshold == 0)
        return;
    state = usage_state_of(used, usage->threshold);
    buf_printf(out, "%.2f%% of ", (double)used * 100 / (double)usage->threshold);
    show_tokens(out, usage->threshold);
    buf_add_text(out, ": ");
    buf_printf(&words, "%s%s", usage_state_names[state], states[state].advice);
    show_paint(out, style, states[state].paint, buf_span(&words));
    buf_add_char(out, '\n');
    buf_fini(&words);
}

/* ---- the table ---- */

static void add_cell(struct buf *out, const struct usage_agent *a, int column, bool unicode)
{
    switch (column) {
    case NAME:
        show_text(out, span_of(a->name), CELL_MAX, unicode);
        break;
    case TYPE:
        show_text(out, span_of(a->type), CELL_MAX, unicode);
        break;
    case MODEL:
        show_text(out, a->model ? show_model_name(a->model) : SPAN_LIT("-"), CELL_MAX, unicode);
        break;
    case TASKS:
        show_count(out, a->part.tasks);
        break;
    case TURNS:
        show_count(out, a->part.turns);
        break;
    case INPUT:
        show_tokens(out, a->part.input);
        break;
    default:
        show_tokens(out, a->part.output);
    }
}

static void measure(const struct usage *usage, bool unicode, int widths[COLUMNS])
{
    struct buf cell = { 0 };
    size_t i;
    int column;

    for (column = 0; column < COLUMNS; column++) {
        widths[column] = (int)strlen(heads[column]);
        for (i = 0; i < usage->agents_n; i++) {
            buf_clear(&cell);
            add_cell(&cell, &usage->agents[i], column, unicode);
            if (show_width(buf_span(&cell)) > widths[column])
                widths[column] = show_width(buf_span(&cell));
        }
    }
    buf_fini(&cell);
}

static void add_row(struct buf *out, const struct usage_agent *a, const int widths[COLUMNS],
                    const struct show_style *style)
{
    struct buf cell = { 0 }, line = { 0 };
    int column;

    for (column = 0; column < COLUMNS; column++) {
        buf_clear(&cell);
        if (a)
            add_cell(&cell, a, column, style->unicode);
        else
            buf_add_text(&cell, heads[column]);
        if (column > 0)
            buf_add_text(&line, "  ");
        show_padded(&line, buf_span(&cell), widths[column],
                    column >= TASKS ? SIDE_RIGHT : SIDE_LEFT);
    }
    show_paint(out, style, a ? PAINT_PLAIN : PAINT_DIM, buf_span(&line));
    buf_add_char(out, '\n');
    buf_fini(&cell);
    buf_fini(&line);
}

static void add_table(struct buf *out, const struct usage *usage, const struct show_style *style)
{
    int widths[COLUMNS];
    size_t i;

    buf_add_char(out, '\n');
    measure(usage, style->unicode, widths);
    add_row(out, NULL, widths, style);
    for (i = 0; i < usage->agents_n; i++)
        add_row(out, &usage->agents[i], widths, style);
}

/* ---- days ---- */

static void add_date(struct buf *out, int64_t day)
{
    struct civil date = civil_from_day(day);

    buf_printf(out, "%d %s", date.day, months[date.month - 1]);
}

/* One mark per day, as high as its tokens; a day without any is blank. */
static void add_sparks(struct buf *out, const struct usage *usage, const struct show_style *style)
{
    static const char *const high[] = { " ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                        "\u2585", "\u2586", "\u2587", "\u2588" };
    static const char *const plain[] = { " ", ".", ".", ":", ":", "-", "=", "+", "#" };
    size_t first = usage->days_n > SPARKS_MAX ? usage->days_n - SPARKS_MAX : 0;
    struct buf sparks = { 0 };
    int64_t most = 1;
    size_t i;

    for (i = first; i < usage->days_n; i++) {
        if (usage_part_tokens(&usage->days[i].part) > most)
            most = usage_part_tokens(&usage->days[i].part);
    }
    for (i = first; i < usage->days_n; i++) {
        double share = (double)usage_part_tokens(&usage->days[i].part) / (double)most;
        int height = share <= 0 ? 0 : 1 + (int)(share * 7.0);

        buf_add_text(&sparks, style->unicode ? high[height] : plain[height]);
    }
    buf_add_char(out, '\n');
    add_date(out, usage->days[first].day);
    buf_add_char(out, ' ');
    show_paint(out, style, PAINT_INK, buf_span(&sparks));
    buf_add_char(out, ' ');
    add_date(out, usage->days[usage->days_n - 1].day);
    buf_add_char(out, '\n');
    buf_fini(&sparks);
}

void show_usage(struct buf *out, const struct usage *usage, const struct show_style *style)
{
    struct buf number = { 0 };

    show_tokens(&number, usage_part_tokens(&usage->totals));
    buf_add_text(&number, " tokens");
    show_paint(out, style, PAINT_BOLD, buf_span(&number));
    buf_fini(&number);
    add_since(out, usage);
    buf_add_char(out, '\n');
    add_split(out, &usage->totals);
    add_threshold(out, usage, style);
    if (usage->agents_n == 0)
        buf_add_text(out, "\nNo task and no session falls into this window.\n");
    else
        add_table(out, usage, style);
    if (usage->days_n > 1)
        add_sparks(out, usage, style);
    if (!usage->complete)
        buf_printf(out, "\nLogs are still being read (%d%%): this is not all yet.\n",
                   usage->read_permille / 10);
}
