/* store/buckets.c — see buckets.h.
 * SPDX-License-Identifier: MIT
 */
#include "store/buckets.h"

#include "store/store_internal.h"

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static void read_text(sqlite3_stmt *statement, int at, char *out, size_t size)
{
    span_copy((struct span){ (const char *)sqlite3_column_text(statement, at),
                             (size_t)sqlite3_column_bytes(statement, at) },
              out, size);
}

/* ---- buckets ---- */

static void read_bucket(sqlite3_stmt *statement, struct bucket *b)
{
    int at = 0;

    *b = (struct bucket){ 0 };
    b->row = sqlite3_column_int64(statement, at++);
    read_text(statement, at++, b->account, sizeof(b->account));
    read_text(statement, at++, b->id, sizeof(b->id));
    read_text(statement, at++, b->plan, sizeof(b->plan));
    b->at_ms = sqlite3_column_int64(statement, at++);
    b->used = sqlite3_column_int64(statement, at++);
    b->of = sqlite3_column_int64(statement, at++);
    b->window_s = sqlite3_column_int64(statement, at++);
    b->resets_at_ms = sqlite3_column_int64(statement, at++);
    b->announced = sqlite3_column_int(statement, at++);
    b->via = (enum observation_via)sqlite3_column_int(statement, at++);
    b->tokens.remaining = sqlite3_column_int64(statement, at++);
    b->tokens.limit = sqlite3_column_int64(statement, at++);
    b->requests.remaining = sqlite3_column_int64(statement, at++);
    b->requests.limit = sqlite3_column_int64(statement, at);
}

int store_bucket_load(struct store *store, const char *account, const char *id, struct bucket *out,
                      struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_BUCKET_GET, err);
    int rc;

    if (!statement)
        return -1;
    bind_text(statement, 1, account);
    bind_text(statement, 2, id);
    rc = store_step(store, statement, err);
    if (rc == 1)
        read_bucket(statement, out);
    sqlite3_reset(statement);
    return rc;
}

int store_bucket_put(struct store *store, struct bucket *b, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_BUCKET_PUT, err);
    int at = 1;

    if (!statement)
        return -1;
    bind_text(statement, at++, b->account);
    bind_text(statement, at++, b->id);
    bind_text(statement, at++, b->plan);
    sqlite3_bind_int64(statement, at++, b->at_ms);
    sqlite3_bind_int64(statement, at++, b->used);
    sqlite3_bind_int64(statement, at++, b->of);
    sqlite3_bind_int64(statement, at++, b->window_s);
    sqlite3_bind_int64(statement, at++, b->resets_at_ms);
    sqlite3_bind_int(statement, at++, b->announced);
    sqlite3_bind_int(statement, at++, b->via);
    sqlite3_bind_int64(statement, at++, b->tokens.remaining);
    sqlite3_bind_int64(statement, at++, b->tokens.limit);
    sqlite3_bind_int64(statement, at++, b->requests.remaining);
    sqlite3_bind_int64(statement, at, b->requests.limit);
    if (store_step(store, statement, err) != 1)
        return -1;
    b->row = sqlite3_column_int64(statement, 0);
    return store_step(store, statement, err); /* to its end: else it would stay open */
}

int store_buckets_each(struct store *store, store_bucket_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_BUCKETS, err);
    struct bucket bucket;
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        read_bucket(statement, &bucket);
        fn(to, &bucket);
    }
    return rc;
}

/* ---- the past ---- */

int store_sighting_add(struct store *store, int64_t bucket, const struct store_sighting *sighting,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SIGHTING_ADD, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, bucket);
    sqlite3_bind_int64(statement, 2, sighting->at_ms);
    sqlite3_bind_int64(statement, 3, sighting->used_ppm);
    sqlite3_bind_int64(statement, 4, sighting->resets_at_ms);
    return store_run(store, statement, err);
}

static sqlite3_stmt *bind_span(struct store *store, enum statement which, int64_t bucket,
                               struct timespan span, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);

    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, bucket);
    sqlite3_bind_int64(statement, 2, span.since_ms);
    sqlite3_bind_int64(statement, 3, span.until_ms);
    return statement;
}

int store_sightings_each(struct store *store, int64_t bucket, struct timespan span,
                         const struct store_sighting_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = bind_span(store, SQL_SIGHTINGS, bucket, span, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct store_sighting s = { sqlite3_column_int64(statement, 0),
                                    sqlite3_column_int64(statement, 1),
                                    sqlite3_column_int64(statement, 2) };

        sink->fn(sink->to, &s);
    }
    return rc;
}

int store_sightings_thin(struct store *store, int64_t bucket, struct timespan span, struct err *err)
{
    return store_run(store, bind_span(store, SQL_SIGHTINGS_THIN, bucket, span, err), err);
}

/* ---- accounts ---- */

static void read_account(sqlite3_stmt *statement, struct account_state *out)
{
    read_text(statement, 0, out->account, sizeof(out->account));
    read_text(statement, 1, out->error, sizeof(out->error));
    out->error_at_ms = sqlite3_column_int64(statement, 2);
    out->due_ms = sqlite3_column_int64(statement, 3);
    out->failures = sqlite3_column_int(statement, 4);
    out->mark = (uint64_t)sqlite3_column_int64(statement, 5);
}

int store_account_load(struct store *store, const char *account, struct account_state *out,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_ACCOUNT_GET, err);
    int rc;

    *out = (struct account_state){ 0 };
    span_copy(span_of(account), out->account, sizeof(out->account));
    if (!statement)
        return -1;
    bind_text(statement, 1, account);
    rc = store_step(store, statement, err);
    if (rc == 1)
        read_account(statement, out);
    sqlite3_reset(statement);
    return rc;
}

int store_accounts_each(struct store *store, store_account_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_ACCOUNTS, err);
    struct account_state state;
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        read_account(statement, &state);
        fn(to, &state);
    }
    return rc;
}

int store_account_put(struct store *store, const struct account_state *state, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_ACCOUNT_PUT, err);

    if (!statement)
        return -1;
    bind_text(statement, 1, state->account);
    bind_text(statement, 2, state->error);
    sqlite3_bind_int64(statement, 3, state->error_at_ms);
    sqlite3_bind_int64(statement, 4, state->due_ms);
    sqlite3_bind_int(statement, 5, state->failures);
    sqlite3_bind_int64(statement, 6, (sqlite3_int64)state->mark);
    return store_run(store, statement, err);
}
