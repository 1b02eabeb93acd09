/* show/report_table.c — a report as a table that fits its terminal.
 *
 *   Date        Models                   Input  Output  Cache write  Cache read      Total    Cost
 *   ──────────────────────────────────────────────────────────────────────────────────────────────
 *   2026-11-21  opus-4-5, haiku-4-5      2,563  15,653      110,698     984,181  1,113,095   $0.96
 *   ──────────────────────────────────────────────────────────────────────────────────────────────
 *   Total                                2,563  15,653      110,698     984,181  1,113,095   $0.96
 *
 * Cells are written twice: once to measure, once to draw, so that nothing but widths is kept. The
 * columns that are texts shrink first; then the next narrower layout is tried.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "base/civil.h"

#define GAP 2

/* One line of the table: a row of the report, or its totals. */
struct line {
    const struct report *report;
    const struct report_row *row;
};

typedef void cell_fn(struct buf *out, const struct line *line, bool unicode);

static void write_key(struct buf *out, const struct line *line, bool unicode)
{
    struct span key = span_of(line->row->key);

    if (line->report->by == REPORT_MODEL)
        key = show_model_name(line->row->key);
    show_text(out, key, 0, unicode);
}

static void write_models(struct buf *out, const struct line *line, bool unicode)
{
    show_models(out, line->row, unicode);
}

static void write_input(struct buf *out, const struct line *line, bool unicode)
{
    (void)unicode;
    show_count(out, line->row->sums.tokens[TOKEN_INPUT]);
}

static void write_output(struct buf *out, const struct line *line, bool unicode)
{
    (void)unicode;
    show_count(out, line->row->sums.tokens[TOKEN_OUTPUT]);
}

static void write_cache_write(struct buf *out, const struct line *line, bool unicode)
{
    (void)unicode;
    show_count(out, sums_cache_write(&line->row->sums));
}

static void write_cache_read(struct buf *out, const struct line *line, bool unicode)
{
    (void)unicode;
    show_count(out, line->row->sums.tokens[TOKEN_CACHE_READ]);
}

static void write_cache(struct buf *out, const struct line *line, bool unicode)
{
    const struct sums *s = &line->row->sums;

    (void)unicode;
    show_count(out, sums_cache_write(s) + s->tokens[TOKEN_CACHE_READ]);
}

static void write_total(struct buf *out, const struct line *line, bool unicode)
{
    (void)unicode;
    show_count(out, sums_total(&line->row->sums));
}

static void write_cost(struct buf *out, const struct line *line, bool unicode)
{
    show_cost(out, &line->row->sums, unicode);
}

enum cell { KEY, MODELS, INPUT, OUTPUT, CACHE_WRITE, CACHE_READ, CACHE, TOTAL, COST, CELLS };

static const struct column {
    const char *head; /* NULL: after what the rows are */
    enum side side;
    int least; /* columns a text may be cut to; 0: never cut */
    cell_fn *write;
} columns[CELLS] = {
    [KEY] = { NULL, SIDE_LEFT, 12, write_key },
    [MODELS] = { "Models", SIDE_LEFT, 12, write_models },
    [INPUT] = { "Input", SIDE_RIGHT, 0, write_input },
    [OUTPUT] = { "Output", SIDE_RIGHT, 0, write_output },
    [CACHE_WRITE] = { "Cache write", SIDE_RIGHT, 0, write_cache_write },
    [CACHE_READ] = { "Cache read", SIDE_RIGHT, 0, write_cache_read },
    [CACHE] = { "Cache", SIDE_RIGHT, 0, write_cache },
    [TOTAL] = { "Total", SIDE_RIGHT, 0, write_total },
    [COST] = { "Cost", SIDE_RIGHT, 0, write_cost },
};

static const char *const key_heads[REPORT_BYS] = {
    [REPORT_DAY] = "Date",        [REPORT_WEEK] = "Week of", [REPORT_MONTH] = "Month",
    [REPORT_MODEL] = "Model",     [REPORT_AGENT] = "Agent",  [REPORT_PROJECT] = "Project",
    [REPORT_MACHINE] = "Machine",
};

/* From roomy to narrow; the first that fits is drawn, the last whatever the width. */
#define C(cell) (1u << (cell))
#define COMPACT 3 /* where --compact begins */
static const unsigned layouts[] = {
    C(KEY) | C(MODELS) | C(INPUT) | C(OUTPUT) | C(CACHE_WRITE) | C(CACHE_READ) | C(TOTAL) | C(COST),
    C(KEY) | C(MODELS) | C(INPUT) | C(OUTPUT) | C(CACHE) | C(TOTAL) | C(COST),
    C(KEY) | C(INPUT) | C(OUTPUT) | C(CACHE) | C(TOTAL) | C(COST),
    C(KEY) | C(MODELS) | C(INPUT) | C(OUTPUT) | C(COST),
    C(KEY) | C(MODELS) | C(TOTAL) | C(COST),
    C(KEY) | C(TOTAL) | C(COST),
};
#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

struct table {
    struct buf *out;
    const struct show_style *style;
    const struct report *report;
    const struct report_row *totals;
    int widths[CELLS]; /* 0: the column is not drawn */
};

static const char *head_of(const struct table *t, enum cell cell)
{
    return cell == KEY ? key_heads[t->report->by] : columns[cell].head;
}

static int least_width(const struct table *t, enum cell cell)
{
    int natural = t->widths[cell];
    int least = columns[cell].least;

    return least > 0 && least < natural ? least : natural;
}

static void measure_row(struct table *t, const struct report_row *row)
{
    struct line line = { t->report, row };
    struct buf text = { 0 };
    int cell;

    for (cell = 0; cell < CELLS; cell++) {
        int width;

        buf_clear(&text);
        columns[cell].write(&text, &line, t->style->unicode);
        width = show_width(buf_span(&text));
        if (width > t->widths[cell])
            t->widths[cell] = width;
    }
    buf_fini(&text);
}

/* Natural widths of all columns, whether they will be drawn or not. */
static void measure(struct table *t)
{
    size_t i;
    int cell;

    for (cell = 0; cell < CELLS; cell++)
        t->widths[cell] = show_width(span_of(head_of(t, (enum cell)cell)));
    for (i = 0; i < t->report->rows_n; i++)
        measure_row(t, &t->report->rows[i]);
    measure_row(t, t->totals);
}

/* What is left of the terminal when every column has its least width; negative: too narrow. */
static int room_left(const struct table *t, unsigned layout)
{
    int left = t->style->width + GAP;
    int cell;

    for (cell = 0; cell < CELLS; cell++) {
        if (layout & C(cell))
            left -= least_width(t, (enum cell)cell) + GAP;
    }
    return left;
}

static unsigned choose_layout(const struct table *t)
{
    unsigned without = t->report->by == REPORT_MODEL ? C(MODELS) : 0;
    size_t i = t->style->compact ? COMPACT : 0;

    if (t->style->width > 0) {
        while (i + 1 < LAYOUTS && room_left(t, layouts[i] & ~without) < 0)
            i++;
    }
    return layouts[i] & ~without;
}

/* Hands what is left to the columns that can use it, in their order; the others are set to 0. */
static void fit(struct table *t)
{
    unsigned layout = choose_layout(t);
    int left = room_left(t, layout);
    int cell;

    for (cell = 0; cell < CELLS; cell++) {
        int least = least_width(t, (enum cell)cell);
        int more = t->widths[cell] - least;

        if (!(layout & C(cell))) {
            t->widths[cell] = 0;
        } else if (t->style->width > 0) {
            more = left <= 0 ? 0 : more < left ? more : left;
            t->widths[cell] = least + more;
            left -= more;
        }
    }
}

static int table_width(const struct table *t)
{
    int total = -GAP;
    int cell;

    for (cell = 0; cell < CELLS; cell++)
        total += t->widths[cell] > 0 ? t->widths[cell] + GAP : 0;
    return total;
}

/* Draws one line; `row` NULL draws the heads. */
static void draw_line(struct table *t, const struct report_row *row, enum paint paint)
{
    struct line line = { t->report, row };
    struct buf whole = { 0 }, text = { 0 }, cut = { 0 };
    int cell;

    for (cell = 0; cell < CELLS; cell++) {
        if (t->widths[cell] == 0)
            continue;
        buf_clear(&text);
        buf_clear(&cut);
        if (row)
            columns[cell].write(&text, &line, t->style->unicode);
        else
            buf_add_text(&text, head_of(t, (enum cell)cell));
        show_text(&cut, buf_span(&text), t->widths[cell], t->style->unicode);
        if (whole.len > 0)
            buf_printf(&whole, "%*s", GAP, "");
        show_padded(&whole, buf_span(&cut), t->widths[cell], columns[cell].side);
    }
    show_paint(t->out, t->style, paint, buf_span(&whole));
    buf_add_char(t->out, '\n');
    buf_fini(&whole);
    buf_fini(&text);
    buf_fini(&cut);
}

static void draw_empty(struct buf *out, const struct report *report)
{
    char day[CIVIL_DAY_SIZE];

    buf_add_text(out, "No usage found");
    if (report->since_day != REPORT_OPEN) {
        civil_format_day(report->since_day, day);
        buf_printf(out, " from %s", day);
    }
    if (report->until_day != REPORT_OPEN) {
        civil_format_day(report->until_day, day);
        buf_printf(out, " until %s", day);
    }
    buf_add_text(out, ".\n");
}

void show_report_table(struct buf *out, const struct report *report, const struct show_style *style)
{
    struct report_row totals = { .key = "Total", .sums = report->totals };
    struct table t = { .out = out, .style = style, .report = report, .totals = &totals };
    size_t i;

    if (report->rows_n == 0) {
        draw_empty(out, report);
        show_notes(out, report, style);
        return;
    }
    measure(&t);
    fit(&t);
    draw_line(&t, NULL, PAINT_DIM);
    show_rule(out, style, table_width(&t));
    for (i = 0; i < report->rows_n; i++)
        draw_line(&t, &report->rows[i], PAINT_PLAIN);
    show_rule(out, style, table_width(&t));
    draw_line(&t, &totals, PAINT_BOLD);
    show_notes(out, report, style);
}
