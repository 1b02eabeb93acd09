/* store/outbox.c — see outbox.h.
 * SPDX-License-Identifier: MIT
 */
#include "store/outbox.h"

#include "store/store_internal.h"

int store_outbox_add(struct store *store, enum outbox_channel channel, struct span body,
                     int64_t now_ms, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_OUTBOX_ADD, err);

    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, channel);
    sqlite3_bind_text(statement, 2, body.p, (int)body.len, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, now_ms);
    return store_run(store, statement, err);
}

int store_outbox_first(struct store *store, struct outbox_item *out, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_OUTBOX_FIRST, err);
    int rc;

    *out = (struct outbox_item){ 0 };
    if (!statement)
        return -1;
    rc = store_step(store, statement, err);
    if (rc == 1) {
        out->id = sqlite3_column_int64(statement, 0);
        out->channel = (enum outbox_channel)sqlite3_column_int(statement, 1);
        out->created_ms = sqlite3_column_int64(statement, 2);
        out->due_ms = sqlite3_column_int64(statement, 3);
        out->tries = sqlite3_column_int(statement, 4);
        buf_add(&out->body, sqlite3_column_text(statement, 5),
                (size_t)sqlite3_column_bytes(statement, 5));
    }
    sqlite3_reset(statement);
    return rc;
}

int store_outbox_drop(struct store *store, int64_t id, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_OUTBOX_DROP, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, id);
    return store_run(store, statement, err);
}

int store_outbox_retry(struct store *store, int64_t id, int64_t due_ms, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_OUTBOX_RETRY, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, due_ms);
    return store_run(store, statement, err);
}
