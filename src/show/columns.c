/* show/columns.c — what a table of a report may have in it, and which of that when.
 *
 * A column is a head, a side and a function that writes a cell. A layout is a set of columns; each
 * kind of report has a list of them from roomy to narrow.
 * SPDX-License-Identifier: MIT
 */
#include "show/columns.h"

static void write_key(struct buf *out, const struct column_line *line, bool unicode)
{
    struct span key = span_of(line->row->key);

    if (line->report->by == REPORT_SESSION && !line->row->when)
        return; /* its first column says what the line is */
    if (line->report->by == REPORT_MODEL)
        key = show_model_name(line->row->key);
    if (key.len == 0)
        key = SPAN_LIT("(none)");
    show_text(out, key, 0, unicode);
}

static void write_when(struct buf *out, const struct column_line *line, bool unicode)
{
    show_text(out, span_of(line->row->when ? line->row->when : line->row->key), 0, unicode);
}

static void write_state(struct buf *out, const struct column_line *line, bool unicode)
{
    const struct report_block *block = line->row->block;

    (void)unicode;
    if (!block)
        return;
    if (block->gap) {
        buf_add_text(out, "gap ");
        show_duration(out, block->end_ms - block->start_ms);
    } else if (block->active) {
        buf_add_text(out, "active");
        if (block->has_rate) {
            buf_add_text(out, ", ");
            show_duration(out, block->minutes_left * INT64_C(60000));
            buf_add_text(out, " left");
        }
    } else {
        show_duration(out, line->row->last_ms - line->row->first_ms);
    }
}

static void write_project(struct buf *out, const struct column_line *line, bool unicode)
{
    show_text(out, span_of(line->row->project ? line->row->project : ""), 0, unicode);
}

static void write_models(struct buf *out, const struct column_line *line, bool unicode)
{
    show_models(out, line->row, unicode);
}

/* A gap has no figures, not zeros. */
static bool is_gap(const struct column_line *line)
{
    return line->row->block && line->row->block->gap;
}

static void write_number(struct buf *out, const struct column_line *line, int64_t n)
{
    if (!is_gap(line))
        show_count(out, n);
}

static void write_input(struct buf *out, const struct column_line *line, bool unicode)
{
    (void)unicode;
    write_number(out, line, line->row->sums.tokens[TOKEN_INPUT]);
}

static void write_output(struct buf *out, const struct column_line *line, bool unicode)
{
    (void)unicode;
    write_number(out, line, line->row->sums.tokens[TOKEN_OUTPUT]);
}

static void write_cache_write(struct buf *out, const struct column_line *line, bool unicode)
{
    (void)unicode;
    write_number(out, line, sums_cache_write(&line->row->sums));
}

static void write_cache_read(struct buf *out, const struct column_line *line, bool unicode)
{
    (void)unicode;
    write_number(out, line, line->row->sums.tokens[TOKEN_CACHE_READ]);
}

static void write_cache(struct buf *out, const struct column_line *line, bool unicode)
{
    const struct sums *s = &line->row->sums;

    (void)unicode;
    write_number(out, line, sums_cache_write(s) + s->tokens[TOKEN_CACHE_READ]);
}

static void write_total(struct buf *out, const struct column_line *line, bool unicode)
{
    (void)unicode;
    write_number(out, line, sums_total(&line->row->sums));
}

static void write_limit(struct buf *out, const struct column_line *line, bool unicode)
{
    int64_t limit = line->report->token_limit, tokens = sums_total(&line->row->sums);

    (void)unicode;
    if (!line->row->block || is_gap(line) || limit <= 0)
        return;
    show_count(out, (int64_t)(((__int128)tokens * 100 + limit / 2) / limit));
    buf_add_char(out, '%');
}

static void write_cost(struct buf *out, const struct column_line *line, bool unicode)
{
    if (!is_gap(line))
        show_cost(out, &line->row->sums, unicode);
}

const struct column columns[COLUMNS] = {
    [COLUMN_WHEN] = { NULL, SIDE_LEFT, 0, write_when },
    [COLUMN_STATE] = { "State", SIDE_LEFT, 0, write_state },
    [COLUMN_KEY] = { NULL, SIDE_LEFT, 12, write_key },
    [COLUMN_PROJECT] = { "Project", SIDE_LEFT, 12, write_project },
    [COLUMN_MODELS] = { "Models", SIDE_LEFT, 12, write_models },
    [COLUMN_INPUT] = { "Input", SIDE_RIGHT, 0, write_input },
    [COLUMN_OUTPUT] = { "Output", SIDE_RIGHT, 0, write_output },
    [COLUMN_CACHE_WRITE] = { "Cache write", SIDE_RIGHT, 0, write_cache_write },
    [COLUMN_CACHE_READ] = { "Cache read", SIDE_RIGHT, 0, write_cache_read },
    [COLUMN_CACHE] = { "Cache", SIDE_RIGHT, 0, write_cache },
    [COLUMN_TOTAL] = { "Total", SIDE_RIGHT, 0, write_total },
    [COLUMN_LIMIT] = { "Limit", SIDE_RIGHT, 0, write_limit },
    [COLUMN_COST] = { "Cost", SIDE_RIGHT, 0, write_cost },
};

static const char *const key_heads[REPORT_BYS] = {
    [REPORT_DAY] = "Date",        [REPORT_WEEK] = "Week of",    [REPORT_MONTH] = "Month",
    [REPORT_MODEL] = "Model",     [REPORT_AGENT] = "Agent",     [REPORT_PROJECT] = "Project",
    [REPORT_MACHINE] = "Machine", [REPORT_SESSION] = "Session", [REPORT_BLOCK] = "Block",
};

const char *column_head(const struct report *report, enum column_id id)
{
    if (id == COLUMN_WHEN)
        return report->by == REPORT_BLOCK ? "Block from" : "Last use";
    return id == COLUMN_KEY ? key_heads[report->by] : columns[id].head;
}

/* ---- layouts ---- */

#define C(id)   (1u << (COLUMN_##id))
#define FIGURES C(INPUT) | C(OUTPUT) | C(CACHE_WRITE) | C(CACHE_READ) | C(TOTAL) | C(COST)
#define JOINED  C(INPUT) | C(OUTPUT) | C(CACHE) | C(TOTAL) | C(COST)

static const unsigned of_rows[] = {
    C(KEY) | C(MODELS) | FIGURES,
    C(KEY) | C(MODELS) | JOINED,
    C(KEY) | JOINED,
    C(KEY) | C(MODELS) | C(INPUT) | C(OUTPUT) | C(COST),
    C(KEY) | C(MODELS) | C(TOTAL) | C(COST),
    C(KEY) | C(TOTAL) | C(COST),
    0,
};
static const unsigned of_sessions[] = {
    C(WHEN) | C(KEY) | C(PROJECT) | C(MODELS) | FIGURES,
    C(WHEN) | C(KEY) | C(PROJECT) | C(MODELS) | JOINED,
    C(WHEN) | C(KEY) | C(PROJECT) | C(MODELS) | C(TOTAL) | C(COST),
    C(WHEN) | C(KEY) | C(PROJECT) | C(TOTAL) | C(COST),
    C(WHEN) | C(KEY) | C(TOTAL) | C(COST),
    C(WHEN) | C(TOTAL) | C(COST),
    0,
};
static const unsigned of_blocks[] = {
    C(WHEN) | C(STATE) | C(MODELS) | C(LIMIT) | FIGURES,
    C(WHEN) | C(STATE) | C(MODELS) | C(LIMIT) | JOINED,
    C(WHEN) | C(STATE) | C(LIMIT) | JOINED,
    C(WHEN) | C(STATE) | C(MODELS) | C(LIMIT) | C(TOTAL) | C(COST),
    C(WHEN) | C(STATE) | C(LIMIT) | C(TOTAL) | C(COST),
    C(WHEN) | C(TOTAL) | C(COST),
    0,
};

const unsigned *column_layouts(const struct report *report, size_t *compact)
{
    *compact = 3;
    if (report->by == REPORT_SESSION)
        return of_sessions;
    return report->by == REPORT_BLOCK ? of_blocks : of_rows;
}

unsigned column_unwanted(const struct report *report, const struct show_style *style)
{
    return (report->by == REPORT_MODEL ? C(MODELS) : 0) | (style->no_cost ? C(COST) : 0) |
           (report->token_limit > 0 ? 0 : C(LIMIT));
}
