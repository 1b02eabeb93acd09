/* report/runs.c — see runs.h.
 * SPDX-License-Identifier: MIT
 */
#include "report/runs.h"

#include "base/arena.h"
#include "base/civil.h"
#include "base/mem.h"
#include "store/query.h"
#include "store/runs.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- sums of one run ---- */

/* Sums as they come, by model, and which agent and model spent most. */
struct gather {
    struct report_run_models *models; /* NULL: nobody asks */
    struct arena *arena;
    struct sums sums;
    int64_t most;
    const struct name *agent, *model; /* of the row with most tokens; NULL: no row */
};

static void add_model(struct gather *g, const struct store_sum *sum)
{
    struct report_run_models *m = g->models;
    size_t i;

    for (i = 0; i < m->rows_n && !span_is(sum->model->text, m->rows[i].model); i++)
        ;
    if (i == m->rows_n) {
        m->rows = xgrow(m->rows, m->rows_n, &m->rows_space, sizeof(*m->rows));
        m->rows[m->rows_n++] =
            (struct report_run_model){ .model = arena_text(g->arena, sum->model->text) };
    }
    sums_add(&m->rows[i].sums, &sum->sums, 1);
}

static void add_sum(void *to, const struct store_sum *sum)
{
    struct gather *g = to;
    int64_t total = sums_total(&sum->sums);

    sums_add(&g->sums, &sum->sums, 1);
    if (!g->model || total > g->most) {
        g->most = total;
        g->agent = sum->origin->agent;
        g->model = sum->model;
    }
    if (g->models)
        add_model(g, sum);
}

/* ---- lists ---- */

struct listing {
    const struct report_runs_query *query;
    struct report_runs *out;
};

static const char *keep(struct arena *arena, struct span text)
{
    return text.p ? arena_text(arena, text) : NULL;
}

static struct report_run *add_run(struct report_runs *out, const struct run *run)
{
    struct report_run *row;

    out->rows = xgrow(out->rows, out->rows_n, &out->rows_space, sizeof(*out->rows));
    row = &out->rows[out->rows_n++];
    *row = (struct report_run){
        .id = run->id,
        .project_id = run->project_id,
        .state = run->state,
        .agent = keep(out->arena, run->agent),
        .model = keep(out->arena, run->model),
        .label = keep(out->arena, run->label),
        .dir = keep(out->arena, run->dir),
        .created_ms = run->created_ms,
        .finished_ms = run->finished_ms == RUN_NO_TIME ? REPORT_RUN_OPEN : run->finished_ms,
        .parse_errors = run->parse_errors,
    };
    return row;
}

/* Is `part` in `text`, whatever the case of its letters? */
static bool has_text(const char *text, struct span part)
{
    size_t i;

    for (; text && *text; text++) {
        for (i = 0; i < part.len && text[i]; i++) {
            if (tolower((unsigned char)text[i]) != tolower((unsigned char)part.p[i]))
                break;
        }
        if (i == part.len)
            return true;
    }
    return false;
}

static bool matches(const struct report_run *row, const struct report_runs_query *query)
{
    char id[24];

    if (!(query->states & 1u << row->state) ||
        (query->project_id != REPORT_RUN_OPEN && query->project_id != row->project_id))
        return false;
    if (query->text.len == 0)
        return true;
    snprintf(id, sizeof(id), "%" PRId64, row->id);
    return has_text(id, query->text) || has_text(row->agent, query->text) ||
           has_text(row->model, query->text) || has_text(row->label, query->text) ||
           has_text(row->dir, query->text);
}

static bool list_run(void *to, const struct run *run)
{
    struct listing *l = to;

    add_run(l->out, run);
    return true;
}

/* What it spent, and the names that follow from that where none were registered. */
static int fill(struct store *store, struct report_run *row, struct arena *arena, struct err *err)
{
    struct gather g = { .arena = arena };
    const struct store_sink sink = { add_sum, &g };

    if (store_run_sums(store, row->id, &sink, err) < 0)
        return -1;
    row->sums = g.sums;
    if (!row->agent)
        row->agent = g.agent ? arena_text(arena, g.agent->text) : "unknown";
    if (!row->model && g.model)
        row->model = arena_text(arena, g.model->text);
    return 0;
}

static int fill_all(struct store *store, struct report_runs *out, struct err *err)
{
    size_t i;

    for (i = 0; i < out->rows_n; i++) {
        if (fill(store, &out->rows[i], out->arena, err) < 0)
            return -1;
    }
    return 0;
}

/* Leaves the rows that match, and of these the page that was asked for. */
static void cut(struct report_runs *out, const struct report_runs_query *query)
{
    size_t i, n = 0;

    out->total = 0;
    for (i = 0; i < out->rows_n; i++) {
        int64_t place;

        if (!matches(&out->rows[i], query))
            continue;
        place = out->total++;
        if (place >= query->offset && (query->limit < 0 || place - query->offset < query->limit))
            out->rows[n++] = out->rows[i];
    }
    out->rows_n = n;
}

static void choose_costs(struct report_runs *out, enum cost_kind cost)
{
    size_t i;

    for (i = 0; i < out->rows_n; i++)
        sums_choose(&out->rows[i].sums, cost);
}

int report_runs(struct store *store, const struct report_runs_query *query, struct report_runs *out,
                struct err *err)
{
    struct listing l = { query, out };
    bool by_text = query->text.len > 0; /* which may stand in a name that follows from the sums */

    *out = (struct report_runs){ .arena = arena_new() };
    if (store_runs_each(store, list_run, &l, err) < 0 || (by_text && fill_all(store, out, err) < 0))
        return -1;
    cut(out, query);
    if (!by_text && fill_all(store, out, err) < 0)
        return -1;
    choose_costs(out, query->cost);
    return 0;
}

int report_run(struct store *store, int64_t id, enum cost_kind cost, struct report_runs *out,
               struct err *err)
{
    struct run run;
    int rc;

    *out = (struct report_runs){ .arena = arena_new() };
    rc = store_run_get(store, id, &run, err);
    if (rc != 1)
        return rc;
    out->total = 1;
    rc = fill(store, add_run(out, &run), out->arena, err);
    choose_costs(out, cost);
    return rc;
}

void report_runs_fini(struct report_runs *runs)
{
    free(runs->rows);
    arena_free(runs->arena);
    *runs = (struct report_runs){ 0 };
}

/* ---- models of one run ---- */

static int by_tokens(const void *a, const void *b)
{
    const struct report_run_model *x = a, *y = b;
    int64_t s = sums_total(&x->sums), t = sums_total(&y->sums);

    return s != t ? (s < t ? 1 : -1) : strcmp(x->model, y->model);
}

int report_run_models(struct store *store, int64_t id, struct report_run_models *out,
                      struct err *err)
{
    struct gather g = { .models = out };
    const struct store_sink sink = { add_sum, &g };

    *out = (struct report_run_models){ .arena = arena_new() };
    g.arena = out->arena;
    if (id <= 0)
        return 0;
    if (store_run_sums(store, id, &sink, err) < 0)
        return -1;
    if (out->rows_n > 1)
        qsort(out->rows, out->rows_n, sizeof(*out->rows), by_tokens);
    return 0;
}

void report_run_models_fini(struct report_run_models *models)
{
    free(models->rows);
    arena_free(models->arena);
    *models = (struct report_run_models){ 0 };
}

/* ---- runs per day ---- */

struct run_day {
    int64_t day, run;
};

struct run_days {
    const struct report_run_days *asked;
    struct run_day *at;
    size_t n, space;
};

static void add_day(struct run_days *d, int64_t day, int64_t run)
{
    if (day < d->asked->first_day || day >= d->asked->first_day + (int64_t)d->asked->days)
        return;
    d->at = xgrow(d->at, d->n, &d->space, sizeof(*d->at));
    d->at[d->n++] = (struct run_day){ day, run };
}

static void add_quarter(void *to, int64_t run, int64_t quarter)
{
    struct run_days *d = to;

    add_day(d, zone_day_of(d->asked->zone, quarter * MS_PER_QUARTER), run);
}

static bool add_created(void *to, const struct run *run)
{
    struct run_days *d = to;

    add_day(d, zone_day_of(d->asked->zone, run->created_ms), run->id);
    return true;
}

static int by_day_and_run(const void *a, const void *b)
{
    const struct run_day *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->run > y->run) - (x->run < y->run);
}

int report_run_days(struct store *store, const struct report_run_days *days, struct err *err)
{
    struct run_days d = { .asked = days };
    const struct store_run_quarters sink = { add_quarter, &d };
    int64_t first_ms = zone_day_start_ms(days->zone, days->first_day);
    int64_t end_ms = zone_day_start_ms(days->zone, days->first_day + (int64_t)days->days);
    int rc = -1;
    size_t i;

    memset(days->counts, 0, days->days * sizeof(*days->counts));
    if (store_run_quarters_each(store, floor_div(first_ms, MS_PER_QUARTER),
                                floor_div(end_ms, MS_PER_QUARTER), &sink, err) < 0 ||
        store_runs_each(store, add_created, &d, err) < 0)
        goto out;
    if (d.n > 1)
        qsort(d.at, d.n, sizeof(*d.at), by_day_and_run);
    for (i = 0; i < d.n; i++) {
        if (i == 0 || by_day_and_run(&d.at[i - 1], &d.at[i]) != 0)
            days->counts[d.at[i].day - days->first_day]++;
    }
    rc = 0;
out:
    free(d.at);
    return rc;
}
