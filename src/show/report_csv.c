/* show/report_csv.c — a report as comma-separated values (RFC 4180, lines end in CR LF).
 *
 * Numbers are plain, money is exact; what is unknown is an empty field. A row of the report is one
 * line, or with a breakdown every model's part of it.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "base/civil.h"
#include "base/json_out.h"

#include <inttypes.h>

/* One line: a row, or a part of it. */
struct csv_line {
    const struct report *report;
    const struct report_row *row;
    const struct report_part *part; /* NULL: the whole row */
    const struct sums *sums;
};

void show_csv_text(struct buf *out, struct span text)
{
    size_t i;

    if (!memchr(text.p, ',', text.len) && !memchr(text.p, '"', text.len) &&
        !memchr(text.p, '\n', text.len) && !memchr(text.p, '\r', text.len)) {
        buf_add_span(out, text);
        return;
    }
    buf_add_char(out, '"');
    for (i = 0; i < text.len; i++) {
        if (text.p[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text.p[i]);
    }
    buf_add_char(out, '"');
}

static void add_time(struct buf *out, int64_t at_ms)
{
    char text[CIVIL_TIME_SIZE];

    if (at_ms == 0)
        return;
    civil_format_iso(at_ms, text);
    buf_add_text(out, text);
}

static void put_key(struct buf *out, const struct csv_line *l)
{
    show_csv_text(out, span_of(l->row->key));
}

static void put_agent(struct buf *out, const struct csv_line *l)
{
    if (l->part || l->row->agent)
        show_csv_text(out, span_of(l->part ? l->part->agent : l->row->agent));
}

static void put_project(struct buf *out, const struct csv_line *l)
{
    show_csv_text(out, span_of(l->row->project));
}

static void put_first(struct buf *out, const struct csv_line *l)
{
    add_time(out, l->row->first_ms);
}

static void put_last(struct buf *out, const struct csv_line *l)
{
    add_time(out, l->row->last_ms);
}

static void put_end(struct buf *out, const struct csv_line *l)
{
    add_time(out, l->row->block->end_ms);
}

static void put_state(struct buf *out, const struct csv_line *l)
{
    buf_add_text(out, l->row->block->gap ? "gap" : l->row->block->active ? "active" : "over");
}

static void put_models(struct buf *out, const struct csv_line *l)
{
    struct buf names = { 0 };
    size_t i;

    if (l->part) {
        show_csv_text(out, span_of(l->part->model));
        return;
    }
    for (i = 0; i < l->row->parts_n; i++)
        buf_printf(&names, "%s%s", i ? " " : "", l->row->parts[i].model);
    show_csv_text(out, buf_span(&names));
    buf_fini(&names);
}

static void put_cost(struct buf *out, const struct csv_line *l)
{
    struct json_out json;

    if (sums_unpriced(l->sums))
        return;
    json_out_init(&json, out, 0);
    json_money(&json, l->sums->cost_nusd);
}

static void put_cache_write(struct buf *out, const struct csv_line *l)
{
    buf_printf(out, "%" PRId64, sums_cache_write(l->sums));
}

static void put_total(struct buf *out, const struct csv_line *l)
{
    buf_printf(out, "%" PRId64, sums_total(l->sums));
}

#define SESSIONS (1u << REPORT_SESSION)
#define BLOCKS   (1u << REPORT_BLOCK)
#define ALL      ((1u << REPORT_BYS) - 1)

static const struct csv_column {
    const char *name; /* NULL: what the rows are */
    unsigned of;      /* reports that have it */
    void (*put)(struct buf *out, const struct csv_line *line);
    size_t at; /* offset of a number in struct sums where `put` is NULL */
} csv_columns[] = {
    { NULL, ALL, put_key },
    { "agent", ALL & ~BLOCKS, put_agent },
    { "project", SESSIONS, put_project },
    { "firstActivity", SESSIONS | BLOCKS, put_first },
    { "lastActivity", SESSIONS | BLOCKS, put_last },
    { "endTime", BLOCKS, put_end },
    { "state", BLOCKS, put_state },
    { "models", ALL, put_models },
    { "inputTokens", ALL, NULL, offsetof(struct sums, tokens[TOKEN_INPUT]) },
    { "outputTokens", ALL, NULL, offsetof(struct sums, tokens[TOKEN_OUTPUT]) },
    { "cacheCreationTokens", ALL, put_cache_write },
    { "cacheReadTokens", ALL, NULL, offsetof(struct sums, tokens[TOKEN_CACHE_READ]) },
    { "reasoningTokens", ALL, NULL, offsetof(struct sums, tokens[TOKEN_REASONING]) },
    { "totalTokens", ALL, put_total },
    { "webSearches", ALL, NULL, offsetof(struct sums, web_searches) },
    { "events", ALL, NULL, offsetof(struct sums, events) },
    { "unpricedTokens", ALL, NULL, offsetof(struct sums, unpriced_tokens) },
    { "costUSD", ALL, put_cost },
};

static bool is_wanted(const struct csv_column *column, const struct report *report,
                      const struct show_style *style)
{
    return (column->of & (1u << report->by)) && !(style->no_cost && column->put == put_cost);
}

/* `line` NULL: the names. */
static void add_line(struct buf *out, const struct report *report, const struct show_style *style,
                     const struct csv_line *line)
{
    size_t i;

    for (i = 0; i < sizeof(csv_columns) / sizeof(csv_columns[0]); i++) {
        const struct csv_column *c = &csv_columns[i];

        if (!is_wanted(c, report, style))
            continue;
        if (i > 0)
            buf_add_char(out, ',');
        if (!line)
            buf_add_text(out, c->name ? c->name : report_by_names[report->by]);
        else if (c->put)
            c->put(out, line);
        else
            buf_printf(out, "%" PRId64,
                       *(const int64_t *)(const void *)((const char *)line->sums + c->at));
    }
    buf_add_text(out, "\r\n");
}

void show_report_csv(struct buf *out, const struct report *report, const struct show_style *style)
{
    size_t i, k;

    add_line(out, report, style, NULL);
    for (i = 0; i < report->rows_n; i++) {
        const struct report_row *row = &report->rows[i];
        struct csv_line line = { report, row, NULL, &row->sums };

        if (!style->breakdown || row->parts_n == 0) {
            add_line(out, report, style, &line);
            continue;
        }
        for (k = 0; k < row->parts_n; k++) {
            line.part = &row->parts[k];
            line.sums = &row->parts[k].sums;
            add_line(out, report, style, &line);
        }
    }
}
