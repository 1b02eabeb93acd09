/* store/rollup.c — sums that follow the events by old-versus-new differences.
 *
 * While a transaction is open, every row that comes or goes is noted here as a delta per (table,
 * bucket, origin, model); one upsert each is written when it commits.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

enum table { BY_QUARTER, BY_DAY, BY_SESSION, TABLES };

static const struct {
    enum statement add, clean;
} tables[TABLES] = {
    [BY_QUARTER] = { SQL_ROLLUP_ADD, SQL_ROLLUP_CLEAN },
    [BY_DAY] = { SQL_ROLLUP_DAY_ADD, SQL_ROLLUP_DAY_CLEAN },
    [BY_SESSION] = { SQL_ROLLUP_SESSION_ADD, SQL_ROLLUP_SESSION_CLEAN },
};

struct delta {
    enum table table;
    int32_t origin, model;
    int64_t bucket;
    int64_t first_ms, last_ms; /* of the rows that came */
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
        if (deltas->n * 2 > deltas->slots_n)
            widen(deltas);
    } else {
        to = &deltas->at[deltas->slots[slot] - 1];
    }
    sums_add(&to->sums, &d->sums, sign);
    to->shrinks |= sign < 0;
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

static int write_delta(struct store *store, const struct delta *d, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, tables[d->table].add, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, d->bucket);
    sqlite3_bind_int(statement, 2, d->origin);
    sqlite3_bind_int(statement, 3, d->model);
    sums_bind(statement, 4, &d->sums);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (d->shrinks) {
        statement = store_sql(store, tables[d->table].clean, err);
        if (!statement)
            return -1;
        sqlite3_bind_int64(statement, 1, d->bucket);
        sqlite3_bind_int(statement, 2, d->origin);
        sqlite3_bind_int(statement, 3, d->model);
        if (store_run(store, statement, err) < 0)
            return -1;
    }
    if (d->table != BY_SESSION)
        return 0;
    statement = store_sql(store, SQL_SESSION_TOUCH, err);
    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, d->bucket);
    sqlite3_bind_int64(statement, 2, d->first_ms);
    sqlite3_bind_int64(statement, 3, d->last_ms);
    return store_run(store, statement, err);
}

int rollup_flush(struct store *store, struct err *err)
{
    size_t i;

    for (i = 0; i < store->deltas->n; i++) {
        if (write_delta(store, &store->deltas->at[i], err) < 0)
            return -1;
    }
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
