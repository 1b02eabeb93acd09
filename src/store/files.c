/* store/files.c — how far each log was read, and what was strange in it.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

/* 64-bit device numbers, inodes and hashes are stored as the signed integers of the same bits. */
static void bind_bits(sqlite3_stmt *statement, int at, uint64_t bits)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)bits);
}

static uint64_t column_bits(sqlite3_stmt *statement, int at)
{
    return (uint64_t)sqlite3_column_int64(statement, at);
}

int store_files_each(struct store *store, store_file_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_FILES, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct file_state f = { 0 };
        int at = 0;

        f.id = sqlite3_column_int64(statement, at++);
        f.agent = names_by_id(store, sqlite3_column_int(statement, at++), err);
        f.path = (const char *)sqlite3_column_text(statement, at++);
        f.dev = column_bits(statement, at++);
        f.ino = column_bits(statement, at++);
        f.size = sqlite3_column_int64(statement, at++);
        f.mtime_ms = sqlite3_column_int64(statement, at++);
        f.offset = sqlite3_column_int64(statement, at++);
        f.head_len = (uint32_t)sqlite3_column_int64(statement, at++);
        f.head_hash = column_bits(statement, at++);
        f.marker_len = (uint32_t)sqlite3_column_int64(statement, at++);
        f.marker_hash = column_bits(statement, at++);
        f.memory.p = sqlite3_column_blob(statement, at);
        f.memory.len = (size_t)sqlite3_column_bytes(statement, at++);
        f.run = sqlite3_column_int64(statement, at);
        if (!f.agent) {
            rc = -1;
            break;
        }
        fn(to, &f);
    }
    sqlite3_reset(statement);
    return rc;
}

static int forget_inode(struct store *store, uint64_t dev, uint64_t ino, struct err *err)
{
    static const enum statement both[] = { SQL_PROBLEM_FORGET, SQL_FILE_FORGET };
    size_t i;

    for (i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        sqlite3_stmt *statement = store_sql(store, both[i], err);

        if (!statement)
            return -1;
        bind_bits(statement, 1, dev);
        bind_bits(statement, 2, ino);
        if (store_run(store, statement, err) < 0)
            return -1;
    }
    return 0;
}

int store_file_put(struct store *store, struct file_state *f, struct err *err)
{
    sqlite3_stmt *statement;
    int at = 1;

    /* An inode that is used again: what was known of its former file is void. */
    if (f->id == 0 && forget_inode(store, f->dev, f->ino, err) < 0)
        return -1;
    statement = store_sql(store, f->id ? SQL_FILE_SET : SQL_FILE_ADD, err);
    if (!statement)
        return -1;
    sqlite3_bind_int(statement, at++, f->agent->id);
    sqlite3_bind_text(statement, at++, f->path, -1, SQLITE_STATIC);
    bind_bits(statement, at++, f->dev);
    bind_bits(statement, at++, f->ino);
    sqlite3_bind_int64(statement, at++, f->size);
    sqlite3_bind_int64(statement, at++, f->mtime_ms);
    sqlite3_bind_int64(statement, at++, f->offset);
    sqlite3_bind_int64(statement, at++, f->head_len);
    bind_bits(statement, at++, f->head_hash);
    sqlite3_bind_int64(statement, at++, f->marker_len);
    bind_bits(statement, at++, f->marker_hash);
    sqlite3_bind_blob(statement, at++, f->memory.p, (int)f->memory.len, SQLITE_STATIC);
    sqlite3_bind_int64(statement, at++, f->run);
    if (f->id)
        sqlite3_bind_int64(statement, at, f->id);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (!f->id)
        f->id = sqlite3_last_insert_rowid(store->db);
    return 0;
}

int store_problem_add(struct store *store, int64_t file_id, const struct problem_count *problem,
                      struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_PROBLEM_ADD, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, file_id);
    sqlite3_bind_int(statement, 2, problem->kind);
    sqlite3_bind_int64(statement, 3, problem->count);
    sqlite3_bind_int64(statement, 4, problem->offset);
    return store_run(store, statement, err);
}

int store_problems_clear(struct store *store, int64_t file_id, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_PROBLEM_CLEAR, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, file_id);
    return store_run(store, statement, err);
}

int store_problems_each(struct store *store, store_problem_fn *fn, void *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_PROBLEMS, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct problem_sum sum = {
            .agent = { sqlite3_column_blob(statement, 0),
                       (size_t)sqlite3_column_bytes(statement, 0) },
            .kind = sqlite3_column_int(statement, 1),
            .count = sqlite3_column_int64(statement, 2),
            .path = (const char *)sqlite3_column_text(statement, 3),
            .offset = sqlite3_column_int64(statement, 4),
        };

        fn(to, &sum);
    }
    sqlite3_reset(statement);
    return rc;
}
