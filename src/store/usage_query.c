/* store/usage_query.c — sums for the usage window: whole days as they are kept, the rest from the
 * events and tasks themselves.
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

static struct span text_column(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return (struct span){ text ? text : "", (size_t)sqlite3_column_bytes(statement, column) };
}

static void read_counts(sqlite3_stmt *statement, int column, struct usage_sum *sum)
{
    sum->tasks = sqlite3_column_int64(statement, column++);
    sum->turns = sqlite3_column_int64(statement, column++);
    sum->input = sqlite3_column_int64(statement, column++);
    sum->output = sqlite3_column_int64(statement, column++);
    sum->cache_read = sqlite3_column_int64(statement, column++);
    sum->cache_creation = sqlite3_column_int64(statement, column);
}

/* Whom a sum of the ledger belongs to. */
static int set_owner(struct store *store, struct usage_sum *sum, int32_t origin, int32_t model,
                     struct err *err)
{
    const struct name *name = names_by_id(store, model, err);

    sum->origin = origin_by_id(store, origin, err);
    if (!sum->origin || !name)
        return -1;
    sum->agent = sum->origin->agent->text;
    sum->type = sum->origin->subagent ? SPAN_LIT("sub-agent") : SPAN_LIT("main");
    sum->model = name->text;
    return 0;
}

/* ---- whole days ---- */

static int each_task_day(struct store *store, sqlite3_stmt *statement,
                         const struct usage_sink *sink, struct err *err)
{
    int rc;

    while ((rc = store_step(store, statement, err)) == 1) {
        struct usage_sum sum = {
            .at = sqlite3_column_int64(statement, 0),
            .agent = text_column(statement, 1),
            .type = text_column(statement, 2),
            .model = text_column(statement, 3),
        };

        read_counts(statement, 4, &sum);
        sink->row(sink->to, &sum);
    }
    return rc;
}

static int each_usage_day(struct store *store, sqlite3_stmt *statement,
                          const struct usage_sink *sink, struct err *err)
{
    int rc;

    while ((rc = store_step(store, statement, err)) == 1) {
        struct usage_sum sum = { .at = sqlite3_column_int64(statement, 0) };

        if (set_owner(store, &sum, sqlite3_column_int(statement, 1),
                      sqlite3_column_int(statement, 2), err) < 0) {
            sqlite3_reset(statement);
            return -1;
        }
        read_counts(statement, 3, &sum);
        sink->row(sink->to, &sum);
    }
    return rc;
}

static int each_day(struct store *store, int64_t first, int64_t last, const struct usage_sink *sink,
                    struct err *err)
{
    sqlite3_stmt *tasks = store_sql(store, SQL_TASK_DAYS, err);
    sqlite3_stmt *usage = store_sql(store, SQL_USAGE_DAYS, err);

    if (!tasks || !usage)
        return -1;
    sqlite3_bind_int64(tasks, 1, first);
    sqlite3_bind_int64(tasks, 2, last);
    sqlite3_bind_int64(usage, 1, first);
    sqlite3_bind_int64(usage, 2, last);
    return each_task_day(store, tasks, sink, err) < 0 ? -1
                                                      : each_usage_day(store, usage, sink, err);
}

int store_usage_days(struct store *store, int64_t first_day, const struct usage_sink *sink,
                     struct err *err)
{
    return each_day(store, first_day > USAGE_EVER ? first_day : USAGE_EVER + 1, INT64_MAX, sink,
                    err);
}

int store_usage_ever(struct store *store, const struct usage_sink *sink, struct err *err)
{
    sqlite3_stmt *totals = store_sql(store, SQL_USAGE_TOTALS, err);
    int rc;

    if (!totals)
        return -1;
    while ((rc = store_step(store, totals, err)) == 1) {
        struct usage_sum sum = { .at = sqlite3_column_int64(totals, 0) };

        read_counts(totals, 1, &sum);
        sink->row(sink->to, &sum);
    }
    return rc < 0 ? -1 : each_day(store, USAGE_EVER, USAGE_EVER, sink, err);
}

/* ---- any span ---- */

static int each_event(struct store *store, sqlite3_stmt *statement, const struct usage_sink *sink,
                      struct err *err)
{
    int rc;

    while ((rc = store_step(store, statement, err)) == 1) {
        struct usage_note where;
        struct usage_sum sum = { .turns = 1 };
        struct sums sums;

        usage_event_read(statement, &where, &sums);
        sum.at = where.at_ms;
        if (set_owner(store, &sum, where.origin, where.model, err) < 0) {
            sqlite3_reset(statement);
            return -1;
        }
        sum.input = sums.tokens[TOKEN_INPUT];
        sum.output = sums.tokens[TOKEN_OUTPUT];
        sum.cache_read = sums.tokens[TOKEN_CACHE_READ];
        sum.cache_creation = sums_cache_write(&sums);
        sink->row(sink->to, &sum);
    }
    return rc;
}

int store_usage_events(struct store *store, struct timespan span, const struct usage_sink *sink,
                       struct err *err)
{
    sqlite3_stmt *events = store_sql(store, SQL_USAGE_EVENTS, err);

    if (!events || task_sums_each(store, span, sink, err) < 0)
        return -1;
    sqlite3_bind_int64(events, 1, span.since_ms);
    sqlite3_bind_int64(events, 2, span.until_ms);
    return each_event(store, events, sink, err);
}

/* ---- sessions ---- */

/* A session that began before the window and goes on in it. */
struct straddler {
    int32_t session; /* 0: the place is free */
    bool child;      /* of another session */
    int64_t first_ms;
    struct usage_models models;
};

struct straddlers {
    struct straddler *at;
    size_t n, space;
    int32_t *slots; /* open addressing: index + 1 */
    size_t slots_n;
    int64_t last_ms; /* of all of them */
};

static void add_straddler(struct straddlers *all, int32_t session, bool child)
{
    struct straddler *s;

    all->at = xgrow(all->at, all->n, &all->space, sizeof(*all->at));
    s = &all->at[all->n++];
    s->session = session;
    s->child = child;
    s->first_ms = INT64_MAX;
    s->models.n = 0;
}

static void index_straddlers(struct straddlers *all)
{
    size_t i, slot;

    for (all->slots_n = 64; all->slots_n < all->n * 2; all->slots_n *= 2)
        ;
    all->slots = xcalloc(all->slots_n, sizeof(*all->slots));
    for (i = 0; i < all->n; i++) {
        slot = hash_mix(1, (uint64_t)all->at[i].session) & (all->slots_n - 1);
        while (all->slots[slot])
            slot = (slot + 1) & (all->slots_n - 1);
        all->slots[slot] = (int32_t)(i + 1);
    }
}

static struct straddler *find_straddler(const struct straddlers *all, int32_t session)
{
    size_t slot = hash_mix(1, (uint64_t)session) & (all->slots_n - 1);

    for (; all->slots[slot]; slot = (slot + 1) & (all->slots_n - 1)) {
        if (all->at[all->slots[slot] - 1].session == session)
            return &all->at[all->slots[slot] - 1];
    }
    return NULL;
}

/* Tells of sessions that begin in the span, and gathers those that began before it. */
static int read_sessions(struct store *store, struct timespan span, struct straddlers *all,
                         const struct usage_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_SESSIONS, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, span.since_ms);
    while ((rc = store_step(store, statement, err)) == 1) {
        struct usage_sum sum = { .at = sqlite3_column_int64(statement, 1),
                                 .tasks = sqlite3_column_int64(statement, 4) };

        if (sum.at < span.since_ms) {
            add_straddler(all, sqlite3_column_int(statement, 0),
                          sqlite3_column_int(statement, 6) != 0);
            if (sqlite3_column_int64(statement, 5) > all->last_ms)
                all->last_ms = sqlite3_column_int64(statement, 5);
        }
        if (sum.at < span.since_ms || sum.at >= span.until_ms || sum.tasks == 0)
            continue;
        if (set_owner(store, &sum, sqlite3_column_int(statement, 2),
                      sqlite3_column_int(statement, 3), err) < 0) {
            sqlite3_reset(statement);
            return -1;
        }
        sink->row(sink->to, &sum);
    }
    return rc;
}

/* What the straddlers wrote from `since_ms` on. */
static int read_straddlers(struct store *store, int64_t since_ms, struct straddlers *all,
                           struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_EVENTS, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, since_ms);
    sqlite3_bind_int64(statement, 2, all->last_ms + 1);
    while ((rc = store_step(store, statement, err)) == 1) {
        struct straddler *s = find_straddler(all, sqlite3_column_int(statement, 1));
        int64_t at_ms = sqlite3_column_int64(statement, 0);
        const struct origin *origin;
        const struct name *model;

        if (!s)
            continue;
        origin = origin_by_id(store, sqlite3_column_int(statement, 2), err);
        model = names_by_id(store, sqlite3_column_int(statement, 3), err);
        if (!origin || !model) {
            sqlite3_reset(statement);
            return -1;
        }
        s->first_ms = at_ms < s->first_ms ? at_ms : s->first_ms;
        usage_models_add(&s->models, origin, model, sqlite3_column_int64(statement, 5));
    }
    return rc;
}

static void tell_straddlers(const struct straddlers *all, const struct usage_sink *sink)
{
    size_t i;

    for (i = 0; i < all->n; i++) {
        const struct straddler *s = &all->at[i];
        const struct usage_model *best = usage_models_best(&s->models);
        struct usage_sum sum = { .at = s->first_ms, .tasks = 1 };

        if (!best || (best->origin->subagent && s->child))
            continue;
        sum.origin = best->origin;
        sum.agent = best->origin->agent->text;
        sum.type = SPAN_LIT("main");
        sum.model = best->model->text;
        sink->row(sink->to, &sum);
    }
}

int store_usage_sessions(struct store *store, struct timespan span, const struct usage_sink *sink,
                         struct err *err)
{
    struct straddlers all = { .last_ms = INT64_MIN };
    int rc = read_sessions(store, span, &all, sink, err);

    if (rc == 0 && all.n > 0) {
        index_straddlers(&all);
        rc = read_straddlers(store, span.since_ms, &all, err);
        tell_straddlers(&all, sink);
    }
    free(all.at);
    free(all.slots);
    return rc;
}

/* ---- the whole ---- */

static int64_t first_of(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store_sql(store, which, NULL);
    int64_t first = TASK_NULL;

    if (!statement)
        return first;
    if (store_step(store, statement, NULL) == 1 && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        first = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return first;
}

int64_t store_usage_first_ms(struct store *store)
{
    int64_t event = first_of(store, SQL_EVENT_FIRST), task = first_of(store, SQL_TASK_FIRST);

    if (event == TASK_NULL || task == TASK_NULL)
        return event == TASK_NULL ? task : event;
    return event < task ? event : task;
}

int store_snapshot_begin(struct store *store, struct err *err)
{
    return store_run(store, store_sql(store, SQL_SNAPSHOT, err), err);
}

void store_snapshot_end(struct store *store)
{
    store_run(store, store_sql(store, SQL_ROLLBACK, NULL), NULL);
}
