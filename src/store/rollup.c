/* store/rollup.c — sums that follow the events by old-versus-new differences.
 *
 * While a transaction is open, every row that comes or goes is noted here as a delta per (table,
 * bucket, origin, model); one upsert each is written when it commits.
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

/* BY_USAGE: days of the usage zone, of sessions without a task; BY_TASK: by the task's seq. */
enum table { BY_QUARTER, BY_DAY, BY_SESSION, BY_RUN, BY_USAGE, BY_TASK, TABLES };

static const struct {
    enum statement add, clean;
} tables[BY_USAGE] = {
    [BY_QUARTER] = { SQL_ROLLUP_ADD, SQL_ROLLUP_CLEAN },
    [BY_DAY] = { SQL_ROLLUP_DAY_ADD, SQL_ROLLUP_DAY_CLEAN },
    [BY_SESSION] = { SQL_ROLLUP_SESSION_ADD, SQL_ROLLUP_SESSION_CLEAN },
    [BY_RUN] = { SQL_ROLLUP_RUN_ADD, SQL_ROLLUP_RUN_CLEAN },
};

struct delta {
    enum table table;
    int32_t origin, model;
    int64_t bucket;
    int64_t first_ms, last_ms; /* of the rows that came */
    int64_t lost_ms;           /* the first of the rows that went; INT64_MAX: none did */
    bool shrinks;              /* a row went: the sum may have come to nothing */
    struct sums sums;
};

struct deltas {
    struct delta *at;
    size_t n, space;
    uint32_t *slots; /* open addressing: index + 1 into at */
    size_t slots_n;  /* power of two */
};

#define SLOTS_FEW  64
#define SLOTS_KEPT 4096

struct deltas *deltas_new(void)
{
    struct deltas *deltas = xcalloc(1, sizeof(*deltas));

    deltas->slots_n = SLOTS_FEW;
    deltas->slots = xcalloc(deltas->slots_n, sizeof(*deltas->slots));
    return deltas;
}

void deltas_free(struct deltas *deltas)
{
    if (!deltas)
        return;
    free(deltas->at);
    free(deltas->slots);
    free(deltas);
}

void deltas_clear(struct deltas *deltas)
{
    deltas->n = 0;
    if (deltas->slots_n <= SLOTS_KEPT) {
        memset(deltas->slots, 0, deltas->slots_n * sizeof(*deltas->slots));
        return;
    }
    free(deltas->at); /* what a large batch took is not needed to follow logs */
    free(deltas->slots);
    *deltas = (struct deltas){ .slots_n = SLOTS_FEW };
    deltas->slots = xcalloc(deltas->slots_n, sizeof(*deltas->slots));
}

static size_t slot_of(const struct deltas *deltas, const struct delta *d)
{
    uint64_t who = (uint64_t)(uint32_t)d->origin << 32 | (uint32_t)d->model;
    size_t i = hash_mix(who, (uint64_t)d->bucket * TABLES + d->table) & (deltas->slots_n - 1);

    while (deltas->slots[i]) {
        const struct delta *o = &deltas->at[deltas->slots[i] - 1];

        if (o->table == d->table && o->bucket == d->bucket && o->origin == d->origin &&
            o->model == d->model)
            break;
        i = (i + 1) & (deltas->slots_n - 1);
    }
    return i;
}

static void widen(struct deltas *deltas)
{
    size_t i;

    deltas->slots_n *= 2;
    free(deltas->slots);
    deltas->slots = xcalloc(deltas->slots_n, sizeof(*deltas->slots));
    for (i = 0; i < deltas->n; i++)
        deltas->slots[slot_of(deltas, &deltas->at[i])] = (uint32_t)(i + 1);
}

static void note(struct deltas *deltas, const struct delta *d, int sign)
{
    size_t slot = slot_of(deltas, d);
    struct delta *to;

    if (!deltas->slots[slot]) {
        deltas->at = xgrow(deltas->at, deltas->n, &deltas->space, sizeof(*deltas->at));
        deltas->at[deltas->n++] = *d;
        deltas->slots[slot] = (uint32_t)deltas->n;
        to = &deltas->at[deltas->n - 1];
        to->sums = (struct sums){ 0 };
        to->lost_ms = INT64_MAX;
        if (deltas->n * 2 > deltas->slots_n)
            widen(deltas);
    } else {
        to = &deltas->at[deltas->slots[slot] - 1];
    }
    sums_add(&to->sums, &d->sums, sign);
    to->shrinks |= sign < 0;
    if (sign < 0 && d->first_ms < to->lost_ms)
        to->lost_ms = d->first_ms;
    if (sign > 0 && d->first_ms < to->first_ms)
        to->first_ms = d->first_ms;
    if (sign > 0 && d->last_ms > to->last_ms)
        to->last_ms = d->last_ms;
}

void row_sums(const struct row *row, struct sums *out)
{
    *out = (struct sums){
        .events = 1,
        .web_searches = row->figures.web_searches,
        .estimated = (row->flags & EVENT_ESTIMATED) != 0,
    };
    memcpy(out->tokens, row->figures.tokens, sizeof(out->tokens));
    if (row->cost_nusd == COST_UNKNOWN)
        out->unpriced_tokens = figures_total(&row->figures);
    else
        out->cost_nusd = row->cost_nusd;
    if (row->figures.logged_nusd != COST_UNTOLD)
        out->logged_nusd = row->figures.logged_nusd;
    else
        out->unlogged_tokens = figures_total(&row->figures);
    out->auto_nusd = out->logged_nusd > 0 ? out->logged_nusd : out->cost_nusd;
    out->auto_unpriced = out->logged_nusd > 0 ? 0 : out->unpriced_tokens;
}

static void note_task(struct store *store, int64_t seq, struct delta d, int sign)
{
    d.table = BY_TASK;
    d.bucket = seq;
    d.origin = d.model = 0;
    note(store->deltas, &d, sign);
}

/* collect_usage will count the row to its day, as it does with all; a task's row belongs there. */
static void note_tied(struct store *store, const struct row *row, struct delta d, int sign)
{
    note_task(store, usage_tie(store, row->session->id, row->at_ms), d, sign);
    d.table = BY_USAGE;
    d.bucket = usage_day_of(store, row->at_ms);
    note(store->deltas, &d, -sign);
}

void rollup_note_usage(struct store *store, const struct usage_note *where, const struct sums *sums,
                       int sign)
{
    struct delta d = { .table = BY_USAGE,
                       .bucket = usage_day_of(store, where->at_ms),
                       .origin = where->origin,
                       .model = where->model,
                       .first_ms = where->at_ms,
                       .last_ms = where->at_ms,
                       .sums = *sums };

    if (usage_is_tied(store, where->session))
        note_task(store, usage_tie(store, where->session, where->at_ms), d, sign);
    else
        note(store->deltas, &d, sign);
}

/* Notes the sums of `d` in every table that the row stands in. */
static void note_everywhere(struct store *store, const struct row *row, struct delta d, int sign)
{
    d.origin = row->origin->id;
    d.model = row->model->id;
    d.first_ms = d.last_ms = row->at_ms;
    d.table = BY_QUARTER;
    d.bucket = floor_div(row->at_ms, MS_PER_QUARTER);
    note(store->deltas, &d, sign);
    d.table = BY_DAY;
    d.bucket =
        store->home ? zone_day_of(store->home, row->at_ms) : floor_div(row->at_ms, MS_PER_DAY);
    note(store->deltas, &d, sign);
    d.table = BY_SESSION;
    d.bucket = row->session->id;
    note(store->deltas, &d, sign);
    if (usage_has_ties(store) && usage_is_tied(store, row->session->id))
        note_tied(store, row, d, sign);
    if (row->run == 0)
        return;
    d.table = BY_RUN;
    d.bucket = row->run;
    note(store->deltas, &d, sign);
}

void rollup_note(struct store *store, const struct row *row, int sign)
{
    struct delta d = { 0 };

    row_sums(row, &d.sums);
    note_everywhere(store, row, d, sign);
}

void rollup_note_change(struct store *store, const struct row *old, const struct row *row)
{
    struct delta d = { 0 };
    struct sums before;

    row_sums(old, &before);
    row_sums(row, &d.sums);
    sums_add(&d.sums, &before, -1);
    note_everywhere(store, row, d, 1);
}

/* Days of the usage zone begin on quarter hours too, so they are sums of those. */
static void collect_usage(struct store *store)
{
    size_t n = store->deltas->n;
    size_t i;

    for (i = 0; i < n; i++) {
        struct delta d = store->deltas->at[i];

        if (d.table != BY_QUARTER)
            continue;
        d.table = BY_USAGE;
        d.bucket = usage_day_of(store, d.bucket * MS_PER_QUARTER);
        note(store->deltas, &d, 1);
    }
}

static bool is_nothing(const struct delta *d)
{
    static const int64_t none[TOKEN_KINDS];

    return d->sums.events == 0 && memcmp(d->sums.tokens, none, sizeof(none)) == 0;
}

static int write_usage(struct store *store, const struct delta *d, struct err *err)
{
    const struct usage_note where = { .origin = d->origin, .model = d->model };
    const struct usage_counts counts = {
        .turns = d->sums.events,
        .input = d->sums.tokens[TOKEN_INPUT],
        .output = d->sums.tokens[TOKEN_OUTPUT],
        .cache_read = d->sums.tokens[TOKEN_CACHE_READ],
        .cache_creation = sums_cache_write(&d->sums),
    };

    if (is_nothing(d))
        return 0;
    return d->table == BY_TASK ? task_see(store, d->bucket, &counts, err)
                               : usage_day_add(store, d->bucket, &where, &counts, err);
}

static int write_key(struct store *store, const struct delta *d, sqlite3_stmt *statement,
                     struct err *err)
{
    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, d->bucket);
    sqlite3_bind_int(statement, 2, d->origin);
    sqlite3_bind_int(statement, 3, d->model);
    return store_run(store, statement, err);
}

static int touch_session(struct store *store, const struct delta *d, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSION_TOUCH, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, d->bucket);
    sqlite3_bind_int64(statement, 2, d->first_ms);
    sqlite3_bind_int64(statement, 3, d->last_ms);
    return store_run(store, statement, err);
}

static int write_delta(struct store *store, const struct delta *d, struct err *err)
{
    sqlite3_stmt *statement;

    if (d->table >= BY_USAGE)
        return write_usage(store, d, err);
    statement = store_sql(store, tables[d->table].add, err);
    if (!statement)
        return -1;
    sums_bind(statement, 4, &d->sums);
    if (write_key(store, d, statement, err) < 0)
        return -1;
    if (d->shrinks && write_key(store, d, store_sql(store, tables[d->table].clean, err), err) < 0)
        return -1;
    return d->table == BY_SESSION ? touch_session(store, d, err) : 0;
}

/* Where sessions count as tasks, now that their sums are written. */
static int settle_sessions(struct store *store, struct err *err)
{
    size_t i;

    for (i = 0; i < store->deltas->n; i++) {
        const struct delta *d = &store->deltas->at[i];

        if (d->table == BY_SESSION &&
            usage_settle(store, (int32_t)d->bucket, d->first_ms, d->lost_ms, err) < 0)
            return -1;
    }
    return 0;
}

int rollup_flush(struct store *store, struct err *err)
{
    size_t i;

    collect_usage(store);
    for (i = 0; i < store->deltas->n; i++) {
        if (write_delta(store, &store->deltas->at[i], err) < 0)
            return -1;
    }
    if (settle_sessions(store, err) < 0)
        return -1;
    deltas_clear(store->deltas);
    return 0;
}

void sums_bind(sqlite3_stmt *statement, int first, const struct sums *s)
{
    int kind;

    sqlite3_bind_int64(statement, first++, s->events);
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        sqlite3_bind_int64(statement, first++, s->tokens[kind]);
    sqlite3_bind_int64(statement, first++, s->web_searches);
    sqlite3_bind_int64(statement, first++, s->cost_nusd);
    sqlite3_bind_int64(statement, first++, s->logged_nusd);
    sqlite3_bind_int64(statement, first++, s->unpriced_tokens);
    sqlite3_bind_int64(statement, first++, s->estimated);
    sqlite3_bind_int64(statement, first++, s->auto_nusd);
    sqlite3_bind_int64(statement, first++, s->auto_unpriced);
    sqlite3_bind_int64(statement, first, s->unlogged_tokens);
}

void sums_read(sqlite3_stmt *statement, int first, struct sums *s)
{
    int kind;

    s->events = sqlite3_column_int64(statement, first++);
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        s->tokens[kind] = sqlite3_column_int64(statement, first++);
    s->web_searches = sqlite3_column_int64(statement, first++);
    s->cost_nusd = sqlite3_column_int64(statement, first++);
    s->logged_nusd = sqlite3_column_int64(statement, first++);
    s->unpriced_tokens = sqlite3_column_int64(statement, first++);
    s->estimated = sqlite3_column_int64(statement, first++);
    s->auto_nusd = sqlite3_column_int64(statement, first++);
    s->auto_unpriced = sqlite3_column_int64(statement, first++);
    s->unlogged_tokens = sqlite3_column_int64(statement, first);
}
