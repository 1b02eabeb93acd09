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
#include "show/columns.h"

#include "base/civil.h"

#define GAP 2

struct table {
    struct buf *out;
    const struct show_style *style;
    const struct report *report;
    const struct report_row *totals;
    int widths[COLUMNS]; /* 0: the column is not drawn */
};

static int least_width(const struct table *t, enum column_id cell)
{
    int natural = t->widths[cell];
    int least = columns[cell].least;

    return least > 0 && least < natural ? least : natural;
}

static void measure_row(struct table *t, const struct report_row *row)
{
    struct column_line line = { t->report, row };
    struct buf text = { 0 };
    int cell;

    for (cell = 0; cell < COLUMNS; cell++) {
        int width;

        buf_clear(&text);
        columns[cell].write(&text, &line, t->style->unicode);
        width = show_width(buf_span(&text));
        if (width > t->widths[cell])
            t->widths[cell] = width;
    }
    buf_fini(&text);
}

/* A part of a row as a row of its own, its model where the key stands. */
static struct report_row row_of(const struct report_part *part, struct buf *key, bool unicode)
{
    buf_clear(key);
    buf_add_text(key, unicode ? "\u2514 " : "- ");
    show_text(key, show_model_name(part->model), 0, unicode);
    return (struct report_row){ .key = key->p, .project = "", .sums = part->sums };
}

typedef void row_fn(struct table *t, const struct report_row *row);

static void each_part(struct table *t, const struct report_row *row, row_fn *fn)
{
    struct buf key = { 0 };
    size_t i;

    for (i = 0; t->style->breakdown && i < row->parts_n; i++) {
        struct report_row part = row_of(&row->parts[i], &key, t->style->unicode);

        fn(t, &part);
    }
    buf_fini(&key);
}

/* Natural widths of all columns, whether they will be drawn or not. */
static void measure(struct table *t)
{
    size_t i;
    int cell;

    for (cell = 0; cell < COLUMNS; cell++)
        t->widths[cell] = show_width(span_of(column_head(t->report, (enum column_id)cell)));
    for (i = 0; i < t->report->rows_n; i++) {
        measure_row(t, &t->report->rows[i]);
        each_part(t, &t->report->rows[i], measure_row);
    }
    measure_row(t, t->totals);
}

/* What is left of the terminal when every column has its least width; negative: too narrow. */
static int room_left(const struct table *t, unsigned layout)
{
    int left = t->style->width + GAP;
    int cell;

    for (cell = 0; cell < COLUMNS; cell++) {
        if (layout & (1u << cell))
            left -= least_width(t, (enum column_id)cell) + GAP;
    }
    return left;
}

static unsigned choose_layout(const struct table *t)
{
    unsigned without = column_unwanted(t->report, t->style);
    size_t i;
    const unsigned *layouts = column_layouts(t->report, &i);

    if (!t->style->compact)
        i = 0;
    if (t->style->width > 0) {
        while (layouts[i + 1] && room_left(t, layouts[i] & ~without) < 0)
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

    for (cell = 0; cell < COLUMNS; cell++) {
        int least = least_width(t, (enum column_id)cell);
        int more = t->widths[cell] - least;

        if (!(layout & (1u << cell))) {
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

    for (cell = 0; cell < COLUMNS; cell++)
        total += t->widths[cell] > 0 ? t->widths[cell] + GAP : 0;
    return total;
}

/* Draws one line; `row` NULL draws the heads. */
static void draw_line(struct table *t, const struct report_row *row, enum paint paint)
{
    struct column_line line = { t->report, row };
    struct buf whole = { 0 }, text = { 0 }, cut = { 0 };
    int cell;

    for (cell = 0; cell < COLUMNS; cell++) {
        if (t->widths[cell] == 0)
            continue;
        buf_clear(&text);
        buf_clear(&cut);
        if (row)
            columns[cell].write(&text, &line, t->style->unicode);
        else
            buf_add_text(&text, column_head(t->report, (enum column_id)cell));
        show_text(&cut, buf_span(&text), t->widths[cell], t->style->unicode);
        if (whole.len > 0)
            buf_printf(&whole, "%*s", GAP, "");
        show_padded(&whole, buf_span(&cut), t->widths[cell], columns[cell].side);
    }
    while (whole.len > 0 && whole.p[whole.len - 1] == ' ')
        whole.len--;
    show_paint(t->out, t->style, paint, buf_span(&whole));
    buf_add_char(t->out, '\n');
    buf_fini(&whole);
    buf_fini(&text);
    buf_fini(&cut);
}

static void draw_part(struct table *t, const struct report_row *row)
{
    draw_line(t, row, PAINT_DIM);
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
    for (i = 0; i < report->rows_n; i++) {
        const struct report_block *block = report->rows[i].block;

        draw_line(&t, &report->rows[i], block && block->gap ? PAINT_DIM : PAINT_PLAIN);
        each_part(&t, &report->rows[i], draw_part);
    }
    show_rule(out, style, table_width(&t));
    draw_line(&t, &totals, PAINT_BOLD);
    show_notes(out, report, style);
}
