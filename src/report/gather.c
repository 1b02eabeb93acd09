/* report/gather.c — rows and parts while they grow, and how they become a report.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct gathered *gather_add(struct gather *g, int64_t key)
{
    g->at = xgrow(g->at, g->n, &g->space, sizeof(*g->at));
    g->at[g->n] = (struct gathered){ .key = key };
    return &g->at[g->n++];
}

static struct sums *part_for(struct gathered *row, const struct store_sum *sum)
{
    size_t i;

    for (i = 0; i < row->parts_n; i++) {
        if (row->parts[i].model == sum->model && row->parts[i].agent == sum->origin->agent)
            return &row->parts[i].sums;
    }
    row->parts = xgrow(row->parts, row->parts_n, &row->parts_space, sizeof(*row->parts));
    row->parts[row->parts_n] = (struct gathered_part){ sum->origin->agent, sum->model, { 0 } };
    return &row->parts[row->parts_n++].sums;
}

void gather_day(struct gather *g, int64_t day)
{
    if (g->first_day > g->last_day)
        g->first_day = g->last_day = day;
    g->first_day = day < g->first_day ? day : g->first_day;
    g->last_day = day > g->last_day ? day : g->last_day;
}

bool gather_wants(struct gather *g, const struct store_sum *sum)
{
    return filter_takes(&g->filter, sum->origin, sum->model);
}

void gather_sum(struct gather *g, struct gathered *row, int64_t day, const struct store_sum *sum)
{
    struct sums sums = sum->sums;

    if (sums.events == 0)
        return;
    gather_day(g, day);
    plans_add(&g->plans, sum->origin->agent->text, &sums);
    sums_choose(&sums, g->query->cost);
    sums_add(&row->sums, &sums, 1);
    sums_add(part_for(row, sum), &sums, 1);
    if (!row->project || sums_total(&sums) > row->project_tokens) {
        row->project = fold_project(&g->folds, sum->origin->project);
        row->project_tokens = sums_total(&sums);
    }
}

struct timespan gather_span(const struct gather *g)
{
    const struct report_query *q = g->query;

    return (struct timespan){
        q->since_day == REPORT_OPEN ? INT64_MIN : zone_day_start_ms(q->zone, q->since_day),
        q->until_day == REPORT_OPEN ? INT64_MAX : zone_day_start_ms(q->zone, q->until_day + 1),
    };
}

/* ---- order ---- */

static int by_tokens(const struct sums *a, const struct sums *b)
{
    int64_t x = sums_total(a), y = sums_total(b);

    return (x < y) - (x > y);
}

static int order_parts(const void *a, const void *b)
{
    const struct report_part *x = a, *y = b;
    int order = by_tokens(&x->sums, &y->sums);

    if (order == 0)
        order = strcmp(x->model, y->model);
    return order ? order : strcmp(x->agent, y->agent);
}

static int order_periods(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;

    if (x->block && x->block->start_ms == y->block->start_ms)
        return y->block->gap - x->block->gap;
    return x->block ? (x->block->start_ms > y->block->start_ms) * 2 - 1
                    : (x->day > y->day) - (x->day < y->day);
}

static int order_names(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    int order = by_tokens(&x->sums, &y->sums);

    return order ? order : strcmp(x->key, y->key);
}

static void reverse(struct report_row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n / 2; i++) {
        struct report_row row = rows[i];

        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = row;
    }
}

static void sort(struct report *report, const struct report_query *q)
{
    bool timed = q->by <= REPORT_MONTH || q->by == REPORT_BLOCK;
    enum report_order usual = timed ? REPORT_ASCENDING : REPORT_DESCENDING;

    if (report->rows_n > 1)
        qsort(report->rows, report->rows_n, sizeof(*report->rows),
              timed ? order_periods : order_names);
    if (q->order != REPORT_USUAL && q->order != usual)
        reverse(report->rows, report->rows_n);
}

static void cut(struct report *report, int64_t limit, int64_t offset)
{
    int64_t n = (int64_t)report->rows_n;

    offset = offset < 0 ? 0 : offset > n ? n : offset;
    n -= offset;
    report->rows += offset;
    report->rows_n = (size_t)(limit > 0 && limit < n ? limit : n);
}

/* ---- into the report ---- */

/* "2026-11-22 14:05" */
static const char *clock_text(const struct gather *g, int64_t at_ms)
{
    char text[CIVIL_DAY_SIZE + 16];
    int64_t wall_ms, minutes;
    struct civil date = zone_civil(g->query->zone, at_ms, &wall_ms);
    int n;

    civil_format_day(civil_to_day(date), text);
    minutes = wall_ms / MS_PER_MINUTE;
    n = (int)strlen(text);
    snprintf(text + n, sizeof(text) - (size_t)n, " %02d:%02d", (int)(minutes / 60),
             (int)(minutes % 60));
    return arena_text(g->report->arena, span_of(text));
}

static void fill_row(struct gather *g, const struct gathered *from, struct report_row *row)
{
    struct arena *arena = g->report->arena;
    bool session = g->query->by == REPORT_SESSION;
    size_t i;

    *row = (struct report_row){
        .key = from->text,
        .day = g->query->by <= REPORT_MONTH ? from->key : REPORT_OPEN,
        .first_ms = from->first_ms,
        .last_ms = from->last_ms,
        .agent = from->agent,
        .project = session ? arena_text(arena, from->project->text) : NULL,
        .when = from->block ? clock_text(g, from->block->start_ms)
                : session   ? clock_text(g, from->last_ms)
                            : NULL,
        .block = from->block,
        .sums = from->sums,
        .parts = arena_take(arena, from->parts_n * sizeof(*row->parts)),
        .parts_n = from->parts_n,
    };
    for (i = 0; i < from->parts_n; i++) {
        row->parts[i] = (struct report_part){
            arena_text(arena, from->parts[i].agent->text),
            arena_text(arena, from->parts[i].model->text),
            from->parts[i].sums,
        };
    }
    if (row->parts_n > 1)
        qsort(row->parts, row->parts_n, sizeof(*row->parts), order_parts);
}

void gather_fill(struct gather *g)
{
    const struct report_query *q = g->query;
    struct report *report = g->report;
    size_t i;

    if (report->since_day == REPORT_OPEN && g->first_day <= g->last_day)
        report->since_day = g->first_day;
    if (report->until_day == REPORT_OPEN && g->first_day <= g->last_day)
        report->until_day = g->last_day;
    report->rows = arena_take(report->arena, g->n * sizeof(*report->rows));
    for (i = 0; i < g->n; i++) {
        if (g->at[i].sums.events == 0 && !g->at[i].block)
            continue;
        fill_row(g, &g->at[i], &report->rows[report->rows_n++]);
        sums_add(&report->totals, &g->at[i].sums, 1);
    }
    report->rows_total = (int64_t)report->rows_n;
    sort(report, q);
    cut(report, q->limit, q->offset);
    plans_fill(&g->plans, report);
}

void gather_fini(struct gather *g)
{
    size_t i;

    for (i = 0; i < g->n; i++)
        free(g->at[i].parts);
    free(g->at);
    filter_fini(&g->filter);
    folds_fini(&g->folds);
    plans_fini(&g->plans);
}
