/* report/report.c — gather sums from the ledger into rows and parts.
 *
 * Days of the ledger's home zone are read as they are kept; any other zone is put together from
 * quarter hours, since every zone's days begin on one.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/hash.h"
#include "base/mem.h"
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>

const char *const report_by_names[REPORT_BYS] = {
    [REPORT_DAY] = "day",         [REPORT_WEEK] = "week",   [REPORT_MONTH] = "month",
    [REPORT_MODEL] = "model",     [REPORT_AGENT] = "agent", [REPORT_PROJECT] = "project",
    [REPORT_MACHINE] = "machine",
};

/* A row while it grows. */
struct gathered {
    int64_t key; /* the period's first day, or the id of a name */
    const struct name *name;
    struct sums sums;
    struct gathered_part {
        const struct name *agent, *model;
        struct sums sums;
    } * parts;
    size_t parts_n, parts_space;
};

struct gather {
    const struct report_query *query;
    bool by_day;                 /* buckets are days, not quarter hours */
    int64_t first_day, last_day; /* with use; first > last: none */
    struct plans plans;
    struct gathered *at;
    size_t n, space, last; /* last: index of the row found last; rows come in runs */
};

/* ---- which row ---- */

static int64_t week_of(int64_t day, int week_start)
{
    int back = (civil_weekday(day) - week_start + 7) % 7;

    return day - back;
}

static int64_t month_of(int64_t day)
{
    struct civil date = civil_from_day(day);

    date.day = 1;
    return civil_to_day(date);
}

static const struct name *name_of(enum report_by by, const struct store_sum *sum)
{
    switch (by) {
    case REPORT_MODEL:
        return sum->model;
    case REPORT_AGENT:
        return sum->origin->agent;
    case REPORT_PROJECT:
        return sum->origin->project;
    case REPORT_MACHINE:
        return sum->origin->machine;
    default:
        return NULL;
    }
}

static int64_t key_of(const struct report_query *query, int64_t day, const struct name *name)
{
    switch (query->by) {
    case REPORT_DAY:
        return day;
    case REPORT_WEEK:
        return week_of(day, query->week_start);
    case REPORT_MONTH:
        return month_of(day);
    default:
        return name->id;
    }
}

static struct gathered *row_for(struct gather *g, int64_t key)
{
    size_t i;

    if (g->n > 0 && g->at[g->last].key == key)
        return &g->at[g->last];
    /* Periods come in order, so a new one is not searched for among the old. */
    if (g->query->by > REPORT_MONTH) {
        for (i = 0; i < g->n; i++) {
            if (g->at[i].key == key) {
                g->last = i;
                return &g->at[i];
            }
        }
    }
    g->at = xgrow(g->at, g->n, &g->space, sizeof(*g->at));
    g->at[g->n] = (struct gathered){ .key = key };
    g->last = g->n;
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

static void take_sum(void *to, const struct store_sum *sum)
{
    struct gather *g = to;
    const struct name *name = name_of(g->query->by, sum);
    int64_t day =
        g->by_day ? sum->bucket : zone_day_of(g->query->zone, sum->bucket * MS_PER_QUARTER);
    struct gathered *row = row_for(g, key_of(g->query, day, name));
    struct sums sums = sum->sums;

    if (g->first_day > g->last_day)
        g->first_day = g->last_day = day;
    g->first_day = day < g->first_day ? day : g->first_day;
    g->last_day = day > g->last_day ? day : g->last_day;
    row->name = name;
    plans_add(&g->plans, sum->origin->agent->text, &sums);
    sums_choose(&sums, g->query->cost);
    sums_add(&row->sums, &sums, 1);
    sums_add(part_for(row, sum), &sums, 1);
}

/* ---- from the ledger ---- */

static int64_t quarter_at(const struct zone *zone, int64_t day)
{
    return floor_div(zone_day_start_ms(zone, day), MS_PER_QUARTER);
}

static int read_sums(struct store *store, struct gather *g, struct err *err)
{
    const struct store_sink sink = { take_sum, g };
    const struct report_query *q = g->query;

    g->by_day = strcmp(store_home(store), zone_name(q->zone)) == 0;
    if (g->by_day)
        return store_sum_days(store, q->since_day,
                              q->until_day == REPORT_OPEN ? INT64_MAX : q->until_day, &sink, err);
    return store_sum_quarters(
        store, q->since_day == REPORT_OPEN ? INT64_MIN : quarter_at(q->zone, q->since_day),
        q->until_day == REPORT_OPEN ? INT64_MAX : quarter_at(q->zone, q->until_day + 1), &sink,
        err);
}

/* ---- into the report ---- */

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

    return (x->day > y->day) - (x->day < y->day);
}

static int order_names(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    int order = by_tokens(&x->sums, &y->sums);

    return order ? order : strcmp(x->key, y->key);
}

static const char *key_text(struct arena *arena, enum report_by by, const struct gathered *g)
{
    char day[CIVIL_DAY_SIZE];

    if (g->name)
        return arena_text(arena, g->name->text);
    civil_format_day(g->key, day);
    return arena_text(arena, (struct span){ day, by == REPORT_MONTH ? 7 : strlen(day) });
}

static void fill_row(struct arena *arena, enum report_by by, const struct gathered *g,
                     struct report_row *row)
{
    size_t i;

    *row = (struct report_row){
        .key = key_text(arena, by, g),
        .day = g->name ? REPORT_OPEN : g->key,
        .sums = g->sums,
        .parts = arena_take(arena, g->parts_n * sizeof(*row->parts)),
        .parts_n = g->parts_n,
    };
    for (i = 0; i < g->parts_n; i++) {
        row->parts[i] =
            (struct report_part){ arena_text(arena, g->parts[i].agent->text),
                                  arena_text(arena, g->parts[i].model->text), g->parts[i].sums };
    }
    qsort(row->parts, row->parts_n, sizeof(*row->parts), order_parts);
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

static void cut(struct report *report, int64_t limit, int64_t offset)
{
    int64_t n = (int64_t)report->rows_n;

    offset = offset < 0 ? 0 : offset > n ? n : offset;
    n -= offset;
    report->rows += offset;
    report->rows_n = (size_t)(limit > 0 && limit < n ? limit : n);
}

static void fill(struct report *report, const struct gather *g)
{
    const struct report_query *q = g->query;
    bool periods = q->by <= REPORT_MONTH;
    size_t i;

    report->by = q->by;
    report->cost = q->cost;
    report->arena = arena_new();
    report->zone_name = arena_text(report->arena, span_of(zone_name(q->zone)));
    report->since_day = q->since_day;
    report->until_day = q->until_day;
    if (report->since_day == REPORT_OPEN && g->first_day <= g->last_day)
        report->since_day = g->first_day;
    if (report->until_day == REPORT_OPEN && g->first_day <= g->last_day)
        report->until_day = g->last_day;
    report->rows = arena_take(report->arena, g->n * sizeof(*report->rows));
    report->rows_n = g->n;
    report->rows_total = (int64_t)g->n;
    for (i = 0; i < g->n; i++) {
        fill_row(report->arena, q->by, &g->at[i], &report->rows[i]);
        sums_add(&report->totals, &g->at[i].sums, 1);
    }
    if (report->rows_n > 1)
        qsort(report->rows, report->rows_n, sizeof(*report->rows),
              periods ? order_periods : order_names);
    if (periods && q->order == REPORT_DESCENDING)
        reverse(report->rows, report->rows_n);
    cut(report, q->limit, q->offset);
    plans_fill(&g->plans, report);
}

int report_build(struct store *store, const struct report_query *query, struct report *out,
                 struct err *err)
{
    struct gather g = { .query = query, .first_day = 1 };
    int rc;
    size_t i;

    *out = (struct report){ 0 };
    rc = plans_read(&g.plans, query->plans, err);
    if (rc == 0)
        rc = read_sums(store, &g, err);
    if (rc == 0) {
        fill(out, &g);
        out->complete = store_is_complete(store, &out->read_permille);
    }
    for (i = 0; i < g.n; i++)
        free(g.at[i].parts);
    free(g.at);
    plans_fini(&g.plans);
    return rc;
}

void report_fini(struct report *report)
{
    arena_free(report->arena);
    *report = (struct report){ 0 };
}

/* ---- one span ---- */

static void add_sum(void *to, const struct store_sum *sum)
{
    sums_add(to, &sum->sums, 1);
}

int report_span(struct store *store, struct timespan span, struct sums *out, struct err *err)
{
    int64_t first =
        floor_div(span.since_ms, MS_PER_QUARTER) + (span.since_ms % MS_PER_QUARTER != 0);
    int64_t end = floor_div(span.until_ms, MS_PER_QUARTER);
    const struct store_sink sink = { add_sum, out };
    struct timespan before = span, behind = span;

    *out = (struct sums){ 0 };
    if (first >= end)
        return store_sum_events(store, span, &sink, err);
    /* The quarters that the bounds cut are read event by event. */
    before.until_ms = first * MS_PER_QUARTER;
    behind.since_ms = end * MS_PER_QUARTER;
    if (store_sum_quarters(store, first, end, &sink, err) < 0 ||
        store_sum_events(store, before, &sink, err) < 0)
        return -1;
    return store_sum_events(store, behind, &sink, err);
}
