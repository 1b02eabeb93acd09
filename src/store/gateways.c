/* store/gateways.c — see gateways.h.
 * SPDX-License-Identifier: MIT
 */
#include "store/gateways.h"

#include "store/store_internal.h"

static void bind_text(sqlite3_stmt *statement, int at, struct span text)
{
    sqlite3_bind_text(statement, at, text.p ? text.p : "", (int)text.len, SQLITE_STATIC);
}

/* The gateway's number; 0 when it has none, -1 with *err. */
static int64_t find(struct store *store, struct span uuid, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_GATEWAY_FIND, err);
    int64_t id = 0;
    int rc;

    if (!statement)
        return -1;
    bind_text(statement, 1, uuid);
    rc = store_step(store, statement, err);
    if (rc == 1)
        id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return rc < 0 ? -1 : id;
}

static int64_t find_or_add(struct store *store, struct span uuid, struct err *err)
{
    int64_t id = find(store, uuid, err);
    sqlite3_stmt *statement;

    if (id != 0)
        return id;
    statement = store_sql(store, SQL_GATEWAY_ADD, err);
    if (!statement)
        return -1;
    bind_text(statement, 1, uuid);
    return store_run(store, statement, err) < 0 ? -1 : sqlite3_last_insert_rowid(store->db);
}

static int put_reading(struct store *store, int64_t id, const struct store_reading *r,
                       struct err *err)
{
    const int64_t values[] = { id,           r->at_ms,         r->cost_nusd,
                               r->tokens,    r->output_tokens, r->calls,
                               r->tokens_e4, r->speed_nusd,    r->started_ms,
                               r->resets_ms };
    sqlite3_stmt *statement = store_sql(store, SQL_GATEWAY_READ, err);

    if (!statement)
        return -1;
    for (int i = 0; i < (int)(sizeof(values) / sizeof(values[0])); i++)
        sqlite3_bind_int64(statement, i + 1, values[i]);
    return store_run(store, statement, err);
}

static int put_gauge(struct store *store, int64_t id, int64_t at_ms, const struct store_gauge *g,
                     struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_GATEWAY_GAUGE, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, at_ms);
    bind_text(statement, 3, g->provider);
    bind_text(statement, 4, g->label);
    sqlite3_bind_int64(statement, 5, g->used_ppm);
    sqlite3_bind_int64(statement, 6, g->resets_ms);
    return store_run(store, statement, err);
}

static int put_all(struct store *store, const struct store_gateway_note *note, struct err *err)
{
    struct store_reading reading = note->reading;
    int64_t id = find_or_add(store, note->gateway, err);

    reading.at_ms -= reading.at_ms % STORE_READING_MS;
    if (id < 0 || put_reading(store, id, &reading, err) < 0)
        return -1;
    for (size_t i = 0; i < note->gauges_n; i++)
        if (put_gauge(store, id, reading.at_ms, &note->gauges[i], err) < 0)
            return -1;
    return 0;
}

int store_gateway_note(struct store *store, const struct store_gateway_note *note, struct err *err)
{
    if (store_begin(store, err) < 0)
        return -1;
    if (put_all(store, note, err) < 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

/* The statement with its three bounds; NULL with *err, or without where nothing is known. */
static sqlite3_stmt *begin_query(struct store *store, enum statement which,
                                 const struct store_gateway_query *query, int *rc, struct err *err)
{
    int64_t id = find(store, query->gateway, err);
    sqlite3_stmt *statement = id > 0 ? store_sql(store, which, err) : NULL;

    *rc = id < 0 || (id > 0 && !statement) ? -1 : 0;
    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, query->since_ms);
    sqlite3_bind_int64(statement, 3, query->until_ms);
    return statement;
}

int store_gateway_readings(struct store *store, const struct store_gateway_query *query,
                           void (*fn)(void *to, const struct store_reading *reading),
                           struct err *err)
{
    int rc;
    sqlite3_stmt *s = begin_query(store, SQL_GATEWAY_READINGS, query, &rc, err);

    while (s && (rc = store_step(store, s, err)) == 1)
        fn(query->to,
           &(struct store_reading){ sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
                                    sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3),
                                    sqlite3_column_int64(s, 4), sqlite3_column_int64(s, 5),
                                    sqlite3_column_int64(s, 6), sqlite3_column_int64(s, 7),
                                    sqlite3_column_int64(s, 8) });
    return rc;
}

static struct span text_of(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(statement, at);

    return (struct span){ text ? text : "", (size_t)sqlite3_column_bytes(statement, at) };
}

int store_gateway_gauges(struct store *store, const struct store_gateway_query *query,
                         void (*fn)(void *to, const struct store_gauge *gauge), struct err *err)
{
    int rc;
    sqlite3_stmt *s = begin_query(store, SQL_GATEWAY_GAUGES, query, &rc, err);

    while (s && (rc = store_step(store, s, err)) == 1)
        fn(query->to,
           &(struct store_gauge){ sqlite3_column_int64(s, 0), text_of(s, 1), text_of(s, 2),
                                  sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4) });
    return rc;
}
