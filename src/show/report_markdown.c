/* show/report_markdown.c — a report as a table in Markdown: the widest layout, nothing cut.
 * SPDX-License-Identifier: MIT
 */
#include "show/columns.h"

struct markdown {
    struct buf *out;
    const struct report *report;
    const struct show_style *style;
    unsigned layout;
};

/* What would end a cell or become something else is escaped. */
static void add_cell(struct buf *out, struct span text)
{
    size_t i;

    buf_add_char(out, ' ');
    for (i = 0; i < text.len; i++) {
        if (strchr("|\\`*_<>[]", text.p[i]))
            buf_add_char(out, '\\');
        buf_add_char(out, text.p[i]);
    }
    buf_add_text(out, " |");
}

/* `row` NULL: the heads. */
static void add_line(const struct markdown *m, const struct report_row *row)
{
    const struct column_line line = { m->report, row };
    struct buf text = { 0 };
    int id;

    buf_add_char(m->out, '|');
    for (id = 0; id < COLUMNS; id++) {
        if (!(m->layout & (1u << id)))
            continue;
        buf_clear(&text);
        if (row)
            columns[id].write(&text, &line, m->style->unicode);
        else
            buf_add_text(&text, column_head(m->report, (enum column_id)id));
        add_cell(m->out, buf_span(&text));
    }
    buf_add_char(m->out, '\n');
    buf_fini(&text);
}

static void add_sides(const struct markdown *m)
{
    int id;

    buf_add_char(m->out, '|');
    for (id = 0; id < COLUMNS; id++) {
        if (m->layout & (1u << id))
            buf_add_text(m->out, columns[id].side == SIDE_LEFT ? " --- |" : " ---: |");
    }
    buf_add_char(m->out, '\n');
}

static void add_parts(const struct markdown *m, const struct report_row *row)
{
    size_t i;

    for (i = 0; m->style->breakdown && i < row->parts_n; i++) {
        struct span model = show_model_name(row->parts[i].model);
        struct buf key = { 0 };
        struct report_row part = { .project = "", .sums = row->parts[i].sums };

        buf_add_text(&key, "- ");
        buf_add_span(&key, model);
        part.key = key.p;
        add_line(m, &part);
        buf_fini(&key);
    }
}

void show_report_markdown(struct buf *out, const struct report *report,
                          const struct show_style *style)
{
    const struct report_row totals = { .key = "Total", .sums = report->totals };
    struct markdown m = { out, report, style, 0 };
    size_t i, compact;

    m.layout = column_layouts(report, &compact)[0] & ~column_unwanted(report, style);
    add_line(&m, NULL);
    add_sides(&m);
    for (i = 0; i < report->rows_n; i++) {
        add_line(&m, &report->rows[i]);
        add_parts(&m, &report->rows[i]);
    }
    add_line(&m, &totals);
}
