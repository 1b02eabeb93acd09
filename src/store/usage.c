/* store/usage.c — what follows from events for tasks and the usage window.
 *
 * The events of a session that a task names belong to that task: to the latest one begun before
 * them, or to the first. All others stand in usage_day, and their session counts as one task on the
 * day of its first event, under the model that wrote most. rollup.c brings the differences.
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- which task ---- */

struct tied_session {
    int32_t session;     /* 0: the place is free */
    size_t first, count; /* in `tasks`, by time */
};

struct tied_task {
    int64_t seq, started_ms;
};

/* What was looked up in this transaction. */
struct ties {
    bool asked, any;
    struct tied_session *sessions; /* open addressing */
    size_t sessions_n, sessions_space;
    struct tied_task *tasks;
    size_t tasks_n, tasks_space;
};

#define SESSIONS_FEW 64

struct ties *ties_new(void)
{
    struct ties *ties = xcalloc(1, sizeof(*ties));

    ties->sessions_space = SESSIONS_FEW;
    ties->sessions = xcalloc(ties->sessions_space, sizeof(*ties->sessions));
    return ties;
}

void ties_free(struct ties *ties)
{
    if (!ties)
        return;
    free(ties->sessions);
    free(ties->tasks);
    free(ties);
}

static void forget_ties(struct store *store)
{
    if (!store->ties->asked)
        return;
    ties_free(store->ties);
    store->ties = ties_new();
}

bool usage_has_ties(struct store *store)
{
    struct ties *ties = store->ties;
    sqlite3_stmt *statement;

    if (!ties->asked) {
        statement = store_sql(store, SQL_TASK_ANY_TIED, NULL);
        ties->any = statement && store_step(store, statement, NULL) == 1;
        ties->asked = true;
        sqlite3_reset(statement);
    }
    return ties->any;
}

static struct tied_session *place_of(struct ties *ties, int32_t session)
{
    size_t i = hash_mix(1, (uint64_t)session) & (ties->sessions_space - 1);

    while (ties->sessions[i].session && ties->sessions[i].session != session)
        i = (i + 1) & (ties->sessions_space - 1);
    return &ties->sessions[i];
}

static void widen(struct ties *ties)
{
    struct tied_session *old = ties->sessions;
    size_t n = ties->sessions_space;
    size_t i;

    ties->sessions_space *= 2;
    ties->sessions = xcalloc(ties->sessions_space, sizeof(*ties->sessions));
    for (i = 0; i < n; i++) {
        if (old[i].session)
            *place_of(ties, old[i].session) = old[i];
    }
    free(old);
}

static void read_tasks(struct store *store, struct tied_session *s)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_TIES, NULL);
    struct ties *ties = store->ties;

    s->first = ties->tasks_n;
    if (!statement)
        return;
    sqlite3_bind_int(statement, 1, s->session);
    while (store_step(store, statement, NULL) == 1) {
        ties->tasks = xgrow(ties->tasks, ties->tasks_n, &ties->tasks_space, sizeof(*ties->tasks));
        ties->tasks[ties->tasks_n++] = (struct tied_task){ sqlite3_column_int64(statement, 0),
                                                           sqlite3_column_int64(statement, 1) };
    }
    sqlite3_reset(statement);
    s->count = ties->tasks_n - s->first;
}

static const struct tied_session *tied(struct store *store, int32_t session)
{
    struct ties *ties = store->ties;
    struct tied_session *s = place_of(ties, session);

    if (s->session)
        return s;
    if (++ties->sessions_n * 2 > ties->sessions_space) {
        widen(ties);
        s = place_of(ties, session);
    }
    s->session = session;
    read_tasks(store, s);
    return s;
}

bool usage_is_tied(struct store *store, int32_t session)
{
    return usage_has_ties(store) && tied(store, session)->count > 0;
}

int64_t usage_tie(struct store *store, int32_t session, int64_t at_ms)
{
    const struct tied_session *s = tied(store, session);
    const struct tied_task *tasks = store->ties->tasks + s->first;
    size_t i;

    if (s->count == 0)
        return 0;
    for (i = s->count - 1; i > 0 && tasks[i].started_ms > at_ms; i--)
        ;
    return tasks[i].seq;
}

/* ---- the zone of its days ---- */

const char *store_usage_zone(struct store *store)
{
    sqlite3_stmt *statement = store_sql(store, SQL_META_GET, NULL);
    size_t size = sizeof(store->usage_zone_name);

    snprintf(store->usage_zone_name, size, "UTC");
    if (!statement)
        return store->usage_zone_name;
    sqlite3_bind_text(statement, 1, "usage_zone", -1, SQLITE_STATIC);
    if (store_step(store, statement, NULL) == 1 && sqlite3_column_text(statement, 0))
        snprintf(store->usage_zone_name, size, "%s",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_reset(statement);
    return store->usage_zone_name;
}

static bool is_zone(const struct zone *zone, const char *name)
{
    return strcmp(zone ? zone_name(zone) : "UTC", name) == 0;
}

void usage_follow(struct store *store)
{
    const char *name = store_usage_zone(store);
    struct zone *zone = NULL;

    forget_ties(store);
    if (is_zone(store->usage_zone, name) || zone_open(&zone, name, NULL) < 0)
        return;
    zone_close(store->usage_zone);
    store->usage_zone = zone;
}

int64_t usage_day_of(const struct store *store, int64_t at_ms)
{
    return store->usage_zone ? zone_day_of(store->usage_zone, at_ms) : floor_div(at_ms, MS_PER_DAY);
}

static int keep_zone(struct store *store, const struct zone *zone, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_META_SET, err);

    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, "usage_zone", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, zone_name(zone), -1, SQLITE_STATIC);
    if (store_run(store, statement, err) < 0)
        return -1;
    usage_follow(store);
    return usage_rebuild(store, err);
}

int store_set_usage_zone(struct store *store, const struct zone *zone, struct err *err)
{
    if (strcmp(store_usage_zone(store), zone_name(zone)) == 0)
        return 0;
    if (store_begin(store, err) < 0)
        return -1;
    if (keep_zone(store, zone, err) < 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

/* ---- sums per day ---- */

void usage_counts_bind(sqlite3_stmt *statement, int first, const struct usage_counts *c)
{
    sqlite3_bind_int64(statement, first++, c->tasks);
    sqlite3_bind_int64(statement, first++, c->turns);
    sqlite3_bind_int64(statement, first++, c->input);
    sqlite3_bind_int64(statement, first++, c->output);
    sqlite3_bind_int64(statement, first++, c->cache_read);
    sqlite3_bind_int64(statement, first, c->cache_creation);
}

static void bind_day(sqlite3_stmt *statement, int64_t day, const struct usage_note *where)
{
    sqlite3_bind_int64(statement, 1, day);
    sqlite3_bind_int(statement, 2, where->origin);
    sqlite3_bind_int(statement, 3, where->model);
}

static int add_row(struct store *store, int64_t day, const struct usage_note *where,
                   const struct usage_counts *c, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_DAY_ADD, err);

    if (!statement)
        return -1;
    bind_day(statement, day, where);
    usage_counts_bind(statement, 4, c);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (c->turns >= 0 && c->tasks >= 0)
        return 0;
    statement = store_sql(store, SQL_USAGE_DAY_CLEAN, err);
    if (!statement)
        return -1;
    bind_day(statement, day, where);
    return store_run(store, statement, err);
}

int usage_total_add(struct store *store, int64_t day, const struct usage_counts *c, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_TOTAL_ADD, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, day);
    usage_counts_bind(statement, 2, c);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (c->turns >= 0 && c->tasks >= 0)
        return 0;
    statement = store_sql(store, SQL_USAGE_TOTAL_CLEAN, err);
    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, day);
    return store_run(store, statement, err);
}

int usage_day_add(struct store *store, int64_t day, const struct usage_note *where,
                  const struct usage_counts *c, struct err *err)
{
    return add_row(store, day, where, c, err) < 0 || add_row(store, USAGE_EVER, where, c, err) < 0
               ? -1
               : usage_total_add(store, day, c, err);
}

/* ---- where a session counts ---- */

/* A row of usage_session. */
struct counted {
    bool there;
    int64_t first_ms;
    int32_t origin, model;
    int64_t tasks; /* 0: a sub-agent's session, counted with the one it works for */
};

static int read_counted(struct store *store, int32_t session, struct counted *out, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_SESSION_GET, err);
    int rc;

    *out = (struct counted){ 0 };
    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, session);
    rc = store_step(store, statement, err);
    if (rc == 1)
        *out = (struct counted){ true, sqlite3_column_int64(statement, 0),
                                 sqlite3_column_int(statement, 1), sqlite3_column_int(statement, 2),
                                 sqlite3_column_int64(statement, 3) };
    sqlite3_reset(statement);
    return rc;
}

static int write_counted(struct store *store, int32_t session, const struct counted *c,
                         struct err *err)
{
    sqlite3_stmt *statement =
        store_sql(store, c->there ? SQL_USAGE_SESSION_SET : SQL_USAGE_SESSION_DROP, err);

    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, session);
    if (c->there) {
        sqlite3_bind_int64(statement, 2, c->first_ms);
        sqlite3_bind_int(statement, 3, c->origin);
        sqlite3_bind_int(statement, 4, c->model);
        sqlite3_bind_int64(statement, 5, c->tasks);
    }
    return store_run(store, statement, err);
}

/* One task more or less on the day of c->first_ms. */
static int count_session(struct store *store, const struct counted *c, int sign, struct err *err)
{
    const struct usage_note where = { .origin = c->origin, .model = c->model };
    const struct usage_counts one = { .tasks = sign * c->tasks };

    return c->there && c->tasks > 0
               ? usage_day_add(store, usage_day_of(store, c->first_ms), &where, &one, err)
               : 0;
}

void usage_models_add(struct usage_models *models, const struct origin *origin,
                      const struct name *model, int64_t output)
{
    int i = 0;

    while (i < models->n && (models->at[i].origin != origin || models->at[i].model != model))
        i++;
    if (i == USAGE_MODELS_MAX)
        return;
    if (i == models->n)
        models->at[models->n++] = (struct usage_model){ origin, model, 0 };
    models->at[i].output += output;
}

/* Output of the model in all that is of the same kind: main work may stand in several projects. */
static int64_t output_of(const struct usage_models *models, const struct usage_model *m)
{
    int64_t output = 0;
    int i;

    for (i = 0; i < models->n; i++) {
        if (models->at[i].model == m->model &&
            models->at[i].origin->subagent == m->origin->subagent)
            output += models->at[i].output;
    }
    return output;
}

/* < 0: `a` goes before `b`. Names decide at last, since ids tell in which order logs were read. */
static int64_t order_models(const struct usage_models *models, const struct usage_model *a,
                            const struct usage_model *b)
{
    int64_t order = (int64_t)a->origin->subagent - b->origin->subagent;

    if (order == 0)
        order = output_of(models, b) - output_of(models, a);
    if (order == 0)
        order = span_cmp(a->model->text, b->model->text);
    if (order == 0)
        order = b->output - a->output;
    return order ? order : span_cmp(a->origin->project->text, b->origin->project->text);
}

const struct usage_model *usage_models_best(const struct usage_models *models)
{
    const struct usage_model *best = NULL;
    int i;

    for (i = 0; i < models->n; i++) {
        if (!best || order_models(models, &models->at[i], best) < 0)
            best = &models->at[i];
    }
    return best;
}

static int read_models(struct store *store, int32_t session, struct usage_models *models,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_MODELS, err);
    int rc;

    models->n = 0;
    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, session);
    while ((rc = store_step(store, statement, err)) == 1) {
        const struct origin *origin = origin_by_id(store, sqlite3_column_int(statement, 0), err);
        const struct name *model = names_by_id(store, sqlite3_column_int(statement, 1), err);

        if (!origin || !model) {
            rc = -1;
            break;
        }
        usage_models_add(models, origin, model, sqlite3_column_int64(statement, 2));
    }
    sqlite3_reset(statement);
    return rc;
}

/* The session's first event at or after `from_ms`; INT64_MAX where there is none. */
static int64_t find_first(struct store *store, int32_t session, int64_t from_ms)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_FIRST, NULL);
    int64_t first = INT64_MAX;

    if (!statement)
        return first;
    sqlite3_bind_int(statement, 1, session);
    sqlite3_bind_int64(statement, 2, from_ms);
    if (store_step(store, statement, NULL) == 1)
        first = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return first;
}

static bool has_parent(struct store *store, int32_t session)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_BOUNDS, NULL);
    bool has;

    if (!statement)
        return false;
    sqlite3_bind_int(statement, 1, session);
    has = store_step(store, statement, NULL) == 1 && sqlite3_column_int(statement, 2);
    sqlite3_reset(statement);
    return has;
}

int usage_settle(struct store *store, int32_t session, int64_t first_ms, int64_t lost_ms,
                 struct err *err)
{
    struct usage_models models;
    const struct usage_model *best;
    struct counted old, now = { 0 };

    if (read_counted(store, session, &old, err) < 0 ||
        read_models(store, session, &models, err) < 0)
        return -1;
    best = usage_is_tied(store, session) ? NULL : usage_models_best(&models);
    if (best) {
        now =
            (struct counted){ true, old.there && old.first_ms < first_ms ? old.first_ms : first_ms,
                              best->origin->id, best->model->id,
                              !best->origin->subagent || !has_parent(store, session) };
        if (lost_ms <= now.first_ms)
            now.first_ms = find_first(store, session, now.first_ms);
    }
    if (old.there == now.there && old.first_ms == now.first_ms && old.origin == now.origin &&
        old.model == now.model && old.tasks == now.tasks)
        return 0;
    if (count_session(store, &old, -1, err) < 0 || count_session(store, &now, 1, err) < 0)
        return -1;
    return write_counted(store, session, &now, err);
}

/* ---- anew ---- */

void usage_event_read(sqlite3_stmt *statement, struct usage_note *where, struct sums *sums)
{
    where->at_ms = sqlite3_column_int64(statement, 0);
    where->session = sqlite3_column_int(statement, 1);
    where->origin = sqlite3_column_int(statement, 2);
    where->model = sqlite3_column_int(statement, 3);
    *sums = (struct sums){ .events = 1 };
    sums->tokens[TOKEN_INPUT] = sqlite3_column_int64(statement, 4);
    sums->tokens[TOKEN_OUTPUT] = sqlite3_column_int64(statement, 5);
    sums->tokens[TOKEN_CACHE_READ] = sqlite3_column_int64(statement, 6);
    sums->tokens[TOKEN_CACHE_WRITE_5M] = sqlite3_column_int64(statement, 7);
}

static int note_all(struct store *store, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_USAGE_ALL_EVENTS, err);
    struct usage_note where;
    struct sums sums;
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        usage_event_read(statement, &where, &sums);
        rollup_note_usage(store, &where, &sums, 1);
    }
    return rc < 0 ? -1 : rollup_flush(store, err);
}

static int settle_all(struct store *store, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_FIRSTS, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        if (usage_settle(store, sqlite3_column_int(statement, 0),
                         sqlite3_column_int64(statement, 1), INT64_MAX, err) < 0) {
            rc = -1;
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

int usage_rebuild(struct store *store, struct err *err)
{
    static const enum statement empties[] = { SQL_USAGE_DAY_EMPTY, SQL_USAGE_SESSION_EMPTY,
                                              SQL_TASK_DAY_EMPTY, SQL_USAGE_TOTAL_EMPTY,
                                              SQL_TASK_UNSEE };
    size_t i;

    if (rollup_flush(store, err) < 0)
        return -1;
    for (i = 0; i < sizeof(empties) / sizeof(empties[0]); i++) {
        if (store_run(store, store_sql(store, empties[i], err), err) < 0)
            return -1;
    }
    if (task_rebuild(store, err) < 0 || note_all(store, err) < 0)
        return -1;
    return settle_all(store, err);
}
