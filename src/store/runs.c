/* store/runs.c — see runs.h.
 *
 * While a transaction is open every change of a run's event is noted here as a turn: for the
 * quarter hours in which a run was at work, and for whoever listens to the run once it is
 * committed. SPDX-License-Identifier: MIT
 */
#include "store/runs.h"

#include "base/civil.h"
#include "base/mem.h"
#include "store/store_internal.h"

#include <stdlib.h>

/* What a change of one event adds to a run. */
struct turn {
    int64_t run, at_ms;
    const struct name *model;
    struct run_tokens more;
    int events; /* 1 came, -1 went, 0 changed */
};

struct turns {
    struct turn *at;
    size_t n, space;
};

#define TURNS_KEPT 4096 /* what a large batch took is not needed to follow logs */

struct turns *turns_new(void)
{
    return xcalloc(1, sizeof(struct turns));
}

void turns_free(struct turns *turns)
{
    if (!turns)
        return;
    free(turns->at);
    free(turns);
}

void runs_forget(struct store *store)
{
    struct turns *turns = store->turns;

    turns->n = 0;
    if (turns->space <= TURNS_KEPT)
        return;
    free(turns->at);
    *turns = (struct turns){ 0 };
}

/* ---- turns ---- */

static struct turn *add_turn(struct turns *turns, const struct row *row, int sign)
{
    struct run_tokens t = run_tokens_of(row->figures.tokens);
    struct turn *turn;

    turns->at = xgrow(turns->at, turns->n, &turns->space, sizeof(*turns->at));
    turn = &turns->at[turns->n++];
    *turn = (struct turn){ row->run, row->at_ms, row->model, t, sign };
    if (sign < 0)
        turn->more = (struct run_tokens){ -t.input, -t.output, -t.cache_read, -t.cache_create };
    return turn;
}

static int64_t quarter_of(int64_t at_ms)
{
    return floor_div(at_ms, MS_PER_QUARTER);
}

void runs_note(struct store *store, const struct row *old, const struct row *row)
{
    bool was = old && old->run != 0, is = row && row->run != 0;
    struct run_tokens before;
    struct turn *turn;

    if (was && is && old->run == row->run && old->model == row->model &&
        quarter_of(old->at_ms) == quarter_of(row->at_ms)) {
        before = run_tokens_of(old->figures.tokens);
        turn = add_turn(store->turns, row, 1);
        turn->events = 0;
        turn->more.input -= before.input;
        turn->more.output -= before.output;
        turn->more.cache_read -= before.cache_read;
        turn->more.cache_create -= before.cache_create;
        return;
    }
    if (was)
        add_turn(store->turns, old, -1);
    if (is)
        add_turn(store->turns, row, 1);
}

static int by_time(const void *a, const void *b)
{
    const struct turn *x = *(struct turn *const *)a, *y = *(struct turn *const *)b;

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return (x > y) - (x < y); /* as they came */
}

static bool adds_nothing(const struct run_tokens *t)
{
    return t->input == 0 && t->output == 0 && t->cache_read == 0 && t->cache_create == 0;
}

void store_run_news_take(struct store *store, run_news_fn *fn, void *to)
{
    struct turns *turns = store->turns;
    struct turn **order = xcalloc(turns->n + 1, sizeof(*order));
    size_t i;

    for (i = 0; i < turns->n; i++)
        order[i] = &turns->at[i];
    qsort(order, turns->n, sizeof(*order), by_time);
    for (i = 0; i < turns->n; i++) {
        const struct turn *turn = order[i];

        if (!adds_nothing(&turn->more))
            fn(to, &(struct run_news){ .kind = RUN_NEWS_USAGE,
                                       .run = turn->run,
                                       .model = turn->model->text,
                                       .more = turn->more });
    }
    free(order);
    runs_forget(store);
}

static int flush_quarter(struct store *store, enum statement which, const struct turn *turn,
                         struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, quarter_of(turn->at_ms));
    sqlite3_bind_int64(statement, 2, turn->run);
    if (which == SQL_RUN_QUARTER_ADD)
        sqlite3_bind_int(statement, 3, turn->events);
    return store_run(store, statement, err);
}

int runs_flush(struct store *store, struct err *err)
{
    const struct turns *turns = store->turns;
    size_t i;

    for (i = 0; i < turns->n; i++) {
        const struct turn *turn = &turns->at[i];

        if (turn->events != 0 && flush_quarter(store, SQL_RUN_QUARTER_ADD, turn, err) < 0)
            return -1;
    }
    for (i = 0; i < turns->n; i++) {
        if (turns->at[i].events < 0 &&
            flush_quarter(store, SQL_RUN_QUARTER_CLEAN, &turns->at[i], err) < 0)
            return -1;
    }
    return 0;
}

/* ---- rows ---- */

static void bind_text(sqlite3_stmt *statement, int at, struct span text)
{
    if (text.p)
        sqlite3_bind_text64(statement, at, text.p, text.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(statement, at);
}

static struct span column_text(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(statement, at);

    return text ? (struct span){ text, (size_t)sqlite3_column_bytes(statement, at) } : SPAN_ABSENT;
}

void run_read(sqlite3_stmt *statement, struct run *run)
{
    int at = 0, state;

    run->id = sqlite3_column_int64(statement, at++);
    run->kind = (enum run_kind)sqlite3_column_int(statement, at++);
    state = sqlite3_column_int(statement, at++);
    run->state = state >= 0 && state < RUN_STATES ? (enum run_state)state : RUN_CANCELLED;
    state = sqlite3_column_int(statement, at++);
    run->ending = state >= 0 && state < RUN_STATES ? (enum run_state)state : RUN_CANCELLED;
    run->project_id = sqlite3_column_int64(statement, at++);
    run->agent = column_text(statement, at++);
    run->model = column_text(statement, at++);
    run->label = column_text(statement, at++);
    run->dir = column_text(statement, at++);
    run->created_ms = sqlite3_column_int64(statement, at++);
    run->finished_ms = sqlite3_column_type(statement, at) == SQLITE_NULL
                           ? RUN_NO_TIME
                           : sqlite3_column_int64(statement, at);
    run->parse_errors = sqlite3_column_int64(statement, at + 1);
}

int store_run_add(struct store *store, struct run *run, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUN_ADD, err);
    int at = 1;

    if (!statement)
        return -1;
    if (run->id == 0)
        sqlite3_bind_null(statement, at++); /* the next one */
    else
        sqlite3_bind_int64(statement, at++, run->id);
    sqlite3_bind_int(statement, at++, (int)run->kind);
    sqlite3_bind_int(statement, at++, (int)run->state);
    sqlite3_bind_int(statement, at++, (int)run->ending);
    sqlite3_bind_int64(statement, at++, run->project_id);
    bind_text(statement, at++, run->agent);
    bind_text(statement, at++, run->model);
    bind_text(statement, at++, run->label);
    bind_text(statement, at++, run->dir);
    sqlite3_bind_int64(statement, at++, run->created_ms);
    if (run->finished_ms == RUN_NO_TIME)
        sqlite3_bind_null(statement, at++);
    else
        sqlite3_bind_int64(statement, at++, run->finished_ms);
    sqlite3_bind_int64(statement, at, run->parse_errors);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (sqlite3_changes(store->db) == 0)
        return 1;
    run->id = sqlite3_last_insert_rowid(store->db);
    return 0;
}

/* Moves the run's texts to where they outlive the statement. */
static void keep_texts(struct store *store, struct run *run)
{
    struct span *const texts[] = { &run->agent, &run->model, &run->label, &run->dir };
    struct buf *kept = &store->run_texts;
    size_t need = 0, i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        need += texts[i]->len;
    buf_clear(kept);
    buf_reserve(kept, need);
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *at = kept->p + kept->len;

        if (!texts[i]->p)
            continue;
        buf_add_span(kept, *texts[i]);
        texts[i]->p = at;
    }
}

int store_run_get(struct store *store, int64_t id, struct run *run, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUN_GET, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, id);
    rc = store_step(store, statement, err);
    if (rc == 1) {
        run_read(statement, run);
        keep_texts(store, run);
    }
    sqlite3_reset(statement); /* a statement left open would keep the handle in the past */
    return rc;
}

/* Runs a statement about one run, with a number and perhaps another. */
static int set(struct store *store, enum statement which, const int64_t values[3], struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);
    int i;

    if (!statement)
        return -1;
    for (i = 0; i < sqlite3_bind_parameter_count(statement); i++)
        sqlite3_bind_int64(statement, i + 1, values[i]);
    return store_run(store, statement, err);
}

int store_run_set_state(struct store *store, int64_t id, enum run_state state, int64_t at_ms,
                        struct err *err)
{
    return set(store, SQL_RUN_STATE, (int64_t[]){ id, state, at_ms }, err);
}

int store_run_ask_end(struct store *store, int64_t id, enum run_state state, struct err *err)
{
    return set(store, SQL_RUN_ASK_END, (int64_t[]){ id, state, 0 }, err);
}

int store_run_problem(struct store *store, int64_t id, uint64_t mark, struct err *err)
{
    const int64_t values[] = { id, (int64_t)mark, 0 };

    if (set(store, SQL_RUN_PROBLEM_ADD, values, err) < 0)
        return -1;
    return sqlite3_changes(store->db) > 0 ? set(store, SQL_RUN_PROBLEM_COUNT, values, err) : 0;
}

int store_runs_each(struct store *store, store_run_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUNS, err);
    bool more = true;
    int rc;

    if (!statement)
        return -1;
    while ((rc = more ? store_step(store, statement, err) : 0) == 1) {
        struct run run;

        run_read(statement, &run);
        more = fn(to, &run);
    }
    sqlite3_reset(statement);
    return rc;
}

/* ---- sums ---- */

int store_run_sums(struct store *store, int64_t run, const struct store_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUN_SUMS, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, run);
    return each_sum(store, statement, sink, err);
}

int store_run_quarters_each(struct store *store, int64_t first, int64_t end,
                            const struct store_run_quarters *sink, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUN_QUARTERS, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, end);
    while ((rc = store_step(store, statement, err)) == 1)
        sink->fn(sink->to, sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1));
    sqlite3_reset(statement);
    return rc;
}

/* ---- sessions that become a run's ---- */

static bool lies_in(struct span path, struct span dir)
{
    while (dir.len > 1 && dir.p[dir.len - 1] == '/')
        dir.len--;
    return path.len >= dir.len && memcmp(path.p, dir.p, dir.len) == 0 &&
           (path.len == dir.len || path.p[dir.len] == '/' || dir.len == 1);
}

static int find_claimed(struct store *store, const struct run_claim *claim, struct rows *rows,
                        struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_RUN_CLAIMABLE, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, claim->span.since_ms);
    sqlite3_bind_int64(statement, 2, claim->span.until_ms);
    while ((rc = store_step(store, statement, err)) == 1) {
        struct row *row = rows_add(rows);

        if (event_read(store, statement, row, err) < 0) {
            rc = -1;
            break;
        }
        if (!lies_in(row->origin->project->text, claim->dir))
            rows->n--;
    }
    sqlite3_reset(statement);
    return rc;
}

static int claim_row(struct store *store, const struct row *old, int64_t run, struct err *err)
{
    sqlite3_stmt *statement;
    struct row row = *old;
    struct key_range range;

    row.run = run;
    rollup_note(store, old, -1);
    rollup_note(store, &row, 1);
    runs_note(store, old, &row);
    if (set(store, SQL_RUN_CLAIM_EVENT, (int64_t[]){ row.id, run, 0 }, err) < 0)
        return -1;
    if (!(row.flags & EVENT_CROWDED))
        return 0;
    statement = group_sql(store, SQL_RUN_CLAIM_MEMBERS, row.group, &range, err);
    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 3, run);
    return store_run(store, statement, err);
}

int store_run_claim(struct store *store, const struct run_claim *claim, struct err *err)
{
    struct rows rows = { 0 };
    int rc = find_claimed(store, claim, &rows, err);
    size_t i;

    for (i = 0; i < rows.n && rc == 0; i++)
        rc = claim_row(store, &rows.at[i], claim->run, err);
    rows_fini(&rows);
    return rc;
}
