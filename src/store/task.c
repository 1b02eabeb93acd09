/* store/task.c — pieces of work as they were reported, and what the ledger adds to them.
 *
 * A task that does not say what it spent gets what its session's events add up to (columns
 * `seen_…`); task_day follows whatever a task's row says. When a task comes, goes or is replaced,
 * the events of its session are taken from where they counted and counted anew.
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* A task as it is stored. The spans die with the statement. */
struct stored {
    struct task task;
    int64_t seq;
    struct usage_counts seen; /* `tasks` is not used */
};

/* ---- columns ---- */

static struct span text_column(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text ? (struct span){ text, (size_t)sqlite3_column_bytes(statement, column) }
                : SPAN_ABSENT;
}

static int64_t number_column(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? TASK_NULL
               : sqlite3_column_int64(statement, column);
}

static void bind_text(sqlite3_stmt *statement, int at, struct span text)
{
    if (text.p)
        sqlite3_bind_text(statement, at, text.p, (int)text.len, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, at);
}

static void bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
    if (number == TASK_NULL)
        sqlite3_bind_null(statement, at);
    else
        sqlite3_bind_int64(statement, at, number);
}

static void read_stored(sqlite3_stmt *statement, struct stored *out)
{
    struct span *const texts[] = { &out->task.id,    &out->task.agent,   &out->task.type,
                                   &out->task.model, &out->task.session, &out->task.status };
    int64_t *const numbers[] = {
        &out->task.started_ms,     &out->task.finished_ms, &out->task.turns,
        &out->task.input,          &out->task.output,      &out->task.cache_creation,
        &out->task.cache_read,     &out->task.cost_nusd,   &out->seq,
        &out->seen.turns,          &out->seen.input,       &out->seen.output,
        &out->seen.cache_creation, &out->seen.cache_read
    };
    int column = 0;
    size_t i;

    *out = (struct stored){ 0 };
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = text_column(statement, column++);
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        *numbers[i] = number_column(statement, column++);
}

static void bind_task(sqlite3_stmt *statement, const struct task *task)
{
    const struct span texts[] = { task->id,    task->agent,   task->type,
                                  task->model, task->session, task->status };
    const int64_t numbers[] = { task->started_ms, task->finished_ms, task->turns,
                                task->input,      task->output,      task->cache_creation,
                                task->cache_read, task->cost_nusd };
    int at = 1;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        bind_text(statement, at++, texts[i]);
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        bind_number(statement, at++, numbers[i]);
}

/* ---- its part of the sums ---- */

static int64_t told(int64_t number)
{
    return number == TASK_NULL ? 0 : number;
}

static struct usage_counts worth(const struct stored *s)
{
    bool own = task_has_tokens(&s->task);

    return (struct usage_counts){
        .tasks = 1,
        .turns = s->task.turns != TASK_NULL || own ? told(s->task.turns) : s->seen.turns,
        .input = own ? told(s->task.input) : s->seen.input,
        .output = own ? told(s->task.output) : s->seen.output,
        .cache_read = own ? told(s->task.cache_read) : s->seen.cache_read,
        .cache_creation = own ? told(s->task.cache_creation) : s->seen.cache_creation,
    };
}

static void bind_day(sqlite3_stmt *statement, int64_t day, const struct task *task)
{
    sqlite3_bind_int64(statement, 1, day);
    bind_text(statement, 2, task->agent);
    bind_text(statement, 3, task->type);
    bind_text(statement, 4, task->model.p ? task->model : SPAN_LIT(""));
}

static int add_row(struct store *store, int64_t day, const struct task *task,
                   const struct usage_counts *c, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_DAY_ADD, err);

    if (!statement)
        return -1;
    bind_day(statement, day, task);
    usage_counts_bind(statement, 5, c);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (c->tasks >= 0)
        return 0;
    statement = store_sql(store, SQL_TASK_DAY_CLEAN, err);
    if (!statement)
        return -1;
    bind_day(statement, day, task);
    return store_run(store, statement, err);
}

static int add_to_day(struct store *store, const struct task *task, const struct usage_counts *c,
                      struct err *err)
{
    int64_t day = usage_day_of(store, task->started_ms);

    return add_row(store, day, task, c, err) < 0 || add_row(store, USAGE_EVER, task, c, err) < 0
               ? -1
               : usage_total_add(store, day, c, err);
}

static struct usage_counts difference(const struct usage_counts *a, const struct usage_counts *b)
{
    return (struct usage_counts){
        a->tasks - b->tasks,   a->turns - b->turns,           a->input - b->input,
        a->output - b->output, a->cache_read - b->cache_read, a->cache_creation - b->cache_creation
    };
}

static int write_seen(struct store *store, int64_t seq, const struct usage_counts *more,
                      struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_SEEN, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, seq);
    sqlite3_bind_int64(statement, 2, more->turns);
    sqlite3_bind_int64(statement, 3, more->input);
    sqlite3_bind_int64(statement, 4, more->output);
    sqlite3_bind_int64(statement, 5, more->cache_creation);
    sqlite3_bind_int64(statement, 6, more->cache_read);
    return store_run(store, statement, err);
}

int task_see(struct store *store, int64_t seq, const struct usage_counts *more, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_BY_SEQ, err);
    struct usage_counts before, after;
    struct stored s;
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, seq);
    rc = store_step(store, statement, err);
    if (rc != 1)
        return rc;
    read_stored(statement, &s);
    before = worth(&s);
    s.seen.turns += more->turns;
    s.seen.input += more->input;
    s.seen.output += more->output;
    s.seen.cache_read += more->cache_read;
    s.seen.cache_creation += more->cache_creation;
    after = worth(&s);
    after = difference(&after, &before);
    rc = add_to_day(store, &s.task, &after, err);
    sqlite3_reset(statement);
    return rc < 0 ? rc : write_seen(store, seq, more, err);
}

int task_rebuild(struct store *store, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASKS_ALL, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct usage_counts counts;
        struct stored s;

        read_stored(statement, &s);
        counts = worth(&s);
        if (add_to_day(store, &s.task, &counts, err) < 0) {
            rc = -1;
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

/* ---- events of its session ---- */

/* Notes all events of one session. *first_ms gets the earliest. */
static int note_events(struct store *store, int32_t session, int sign, int64_t *first_ms,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_BOUNDS, err);
    struct usage_note where;
    struct sums sums;
    int64_t low, high;
    int rc;

    *first_ms = INT64_MAX;
    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, session);
    rc = store_step(store, statement, err);
    low = rc == 1 ? sqlite3_column_int64(statement, 0) : 0;
    high = rc == 1 ? sqlite3_column_int64(statement, 1) : 0;
    sqlite3_reset(statement);
    statement = rc == 1 ? store_sql(store, SQL_SESSION_EVENTS, err) : NULL;
    if (!statement)
        return rc == 0 ? 0 : -1;
    sqlite3_bind_int(statement, 1, session);
    sqlite3_bind_int64(statement, 2, low);
    sqlite3_bind_int64(statement, 3, high);
    while ((rc = store_step(store, statement, err)) == 1) {
        usage_event_read(statement, &where, &sums);
        rollup_note_usage(store, &where, &sums, sign);
        if (where.at_ms < *first_ms)
            *first_ms = where.at_ms;
    }
    return rc;
}

enum { NAMESAKES_MAX = 16 }; /* agents with a session of the same name */

static int find_sessions(struct store *store, struct span text, int32_t ids[NAMESAKES_MAX],
                         struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSIONS_BY_TEXT, err);
    int n = 0;

    if (!statement)
        return -1;
    bind_text(statement, 1, text);
    while (n < NAMESAKES_MAX && store_step(store, statement, err) == 1)
        ids[n++] = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return n;
}

/* Takes the events of a session of that name from where they count (-1), or counts them (1). */
static int count_events(struct store *store, struct span text, int sign, struct err *err)
{
    int32_t ids[NAMESAKES_MAX];
    int64_t first_ms;
    int n, i;

    if (!text.p)
        return 0;
    n = find_sessions(store, text, ids, err);
    for (i = 0; i < n; i++) {
        if (note_events(store, ids[i], sign, &first_ms, err) < 0 || rollup_flush(store, err) < 0)
            return -1;
        if (sign > 0 && first_ms != INT64_MAX &&
            usage_settle(store, ids[i], first_ms, INT64_MAX, err) < 0)
            return -1;
    }
    return n < 0 ? -1 : 0;
}

/* ---- put ---- */

static int drop(struct store *store, const struct stored *old, struct err *err)
{
    static const struct usage_counts none;
    struct usage_counts counts = worth(old);
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_DROP, err);

    counts = difference(&none, &counts);
    if (!statement || add_to_day(store, &old->task, &counts, err) < 0)
        return -1;
    bind_text(statement, 1, old->task.id);
    return store_run(store, statement, err);
}

static int add(struct store *store, const struct task *task, struct err *err)
{
    const struct stored s = { .task = *task };
    const struct usage_counts counts = worth(&s);
    sqlite3_stmt *statement = store_sql(store, SQL_TASK_ADD, err);

    if (!statement)
        return -1;
    bind_task(statement, task);
    return store_run(store, statement, err) < 0 ? -1 : add_to_day(store, task, &counts, err);
}

/* The stored task of that id. The statement is left on its row: reset it. 1, 0 none, -1. */
static int find(struct store *store, struct span id, struct stored *out, sqlite3_stmt **statement,
                struct err *err)
{
    int rc;

    *statement = store_sql(store, SQL_TASK_BY_ID, err);
    if (!*statement)
        return -1;
    bind_text(*statement, 1, id);
    rc = store_step(store, *statement, err);
    if (rc == 1)
        read_stored(*statement, out);
    return rc;
}

/* The old task of that id goes. Its session is copied: events will be counted anew. */
static int withdraw(struct store *store, struct span id, char **session, struct err *err)
{
    sqlite3_stmt *statement;
    struct stored old;
    int rc = find(store, id, &old, &statement, err);

    *session = NULL;
    if (rc == 1 && old.task.session.p) {
        *session = xstrndup(old.task.session.p, old.task.session.len);
        sqlite3_reset(statement);
        if (count_events(store, span_of(*session), -1, err) < 0)
            return -1;
        rc = find(store, id, &old, &statement, err); /* it sees nothing any more */
    }
    if (rc == 1 && drop(store, &old, err) < 0)
        rc = -1;
    sqlite3_reset(statement);
    return rc;
}

int store_task_put(struct store *store, const struct task *task, bool *replaced, struct err *err)
{
    char *before = NULL;
    int rc = -1, had;
    bool same;

    had = rollup_flush(store, err) < 0 ? -1 : withdraw(store, task->id, &before, err);
    if (had < 0)
        goto out;
    same = before && task->session.p && span_is(task->session, before);
    if (!same && count_events(store, task->session, -1, err) < 0)
        goto out;
    if (add(store, task, err) < 0)
        goto out;
    usage_follow(store); /* other tasks name these sessions now */
    if (count_events(store, task->session, 1, err) < 0 ||
        (!same && count_events(store, span_of(before), 1, err) < 0))
        goto out;
    if (replaced)
        *replaced = had == 1;
    rc = 0;
out:
    free(before);
    return rc;
}

int task_rescue(struct store *from, struct store *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(from, SQL_TASKS_ALL, NULL);
    struct stored s;
    int rc = 0;

    /* no such table: the ledger is from before tasks */
    while (statement && rc == 0 && store_step(from, statement, NULL) == 1) {
        read_stored(statement, &s);
        if (s.task.id.p && s.task.agent.p && s.task.type.p)
            rc = store_task_put(to, &s.task, NULL, err);
    }
    sqlite3_reset(statement);
    return rc;
}

/* ---- read ---- */

typedef bool stored_fn(void *to, const struct stored *s);

static int each_stored(struct store *store, struct timespan span, stored_fn *fn, void *to,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_TASKS_STARTED, err);
    struct stored s;
    bool more = true;
    int rc = 0;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, span.since_ms);
    sqlite3_bind_int64(statement, 2, span.until_ms);
    while (more && (rc = store_step(store, statement, err)) == 1) {
        read_stored(statement, &s);
        more = fn(to, &s);
    }
    sqlite3_reset(statement);
    return rc < 0 ? -1 : 0;
}

/* Somebody who wants to see tasks as they were reported. */
struct reader {
    store_task_fn *fn;
    void *to;
};

static bool tell_task(void *to, const struct stored *s)
{
    struct reader *reader = to;

    return reader->fn(reader->to, &s->task);
}

int store_tasks_each(struct store *store, struct timespan span, store_task_fn *fn, void *to,
                     struct err *err)
{
    struct reader reader = { fn, to };

    return each_stored(store, span, tell_task, &reader, err);
}

static bool sum_task(void *to, const struct stored *s)
{
    const struct usage_sink *sink = to;
    const struct usage_counts c = worth(s);
    struct usage_sum sum = { .at = s->task.started_ms,
                             .agent = s->task.agent,
                             .type = s->task.type,
                             .model = s->task.model.p ? s->task.model : SPAN_LIT(""),
                             .tasks = c.tasks,
                             .turns = c.turns,
                             .input = c.input,
                             .output = c.output,
                             .cache_read = c.cache_read,
                             .cache_creation = c.cache_creation };

    sink->row(sink->to, &sum);
    return true;
}

int task_sums_each(struct store *store, struct timespan span, const struct usage_sink *sink,
                   struct err *err)
{
    struct usage_sink copy = *sink;

    return each_stored(store, span, sum_task, &copy, err);
}

void store_set_patience(struct store *store, int ms)
{
    sqlite3_busy_timeout(store->db, ms);
}

int store_set_durable(struct store *store, struct err *err)
{
    return sqlite3_exec(store->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : store_fail(store, "open", err);
}
