/* store/settings.c — see settings.h.
 * SPDX-License-Identifier: MIT
 */
#include "store/settings.h"

#include "store/store_internal.h"

static struct span column_span(sqlite3_stmt *statement, int at)
{
    return (struct span){ (const char *)sqlite3_column_text(statement, at),
                          (size_t)sqlite3_column_bytes(statement, at) };
}

int store_setting_get(struct store *store, const char *key, struct buf *out, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SETTING_GET, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    rc = store_step(store, statement, err);
    if (rc == 1)
        buf_add_span(out, column_span(statement, 0));
    sqlite3_reset(statement);
    return rc;
}

int store_setting_put(struct store *store, const char *key, struct span value, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SETTING_PUT, err);

    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, value.p, (int)value.len, SQLITE_STATIC);
    return store_run(store, statement, err);
}

int store_settings_each(struct store *store, store_setting_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SETTINGS, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1)
        fn(to, (const char *)sqlite3_column_text(statement, 0), column_span(statement, 1));
    return rc;
}
