/* store/events.c — the rows of one group: load them, put others in their place.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

void rows_fini(struct rows *rows)
{
    free(rows->at);
    *rows = (struct rows){ 0 };
}

struct row *rows_add(struct rows *rows)
{
    rows->at = xgrow(rows->at, rows->n, &rows->space, sizeof(*rows->at));
    rows->at[rows->n] = (struct row){ 0 };
    return &rows->at[rows->n++];
}

/* ---- keys ---- */

static void put_be(unsigned char *to, uint64_t value)
{
    int i;

    for (i = 7; i >= 0; i--, value >>= 8)
        to[i] = (unsigned char)value;
}

static uint64_t get_be(const unsigned char *from)
{
    uint64_t value = 0;
    int i;

    for (i = 0; i < 8; i++)
        value = value << 8 | from[i];
    return value;
}

/* The part of an extra is made from that of the response it belongs to. */
static uint64_t stored_part(uint64_t part, int32_t iteration)
{
    return iteration == 0 ? part : hash_mix(part, (uint64_t)iteration);
}

static void make_key(unsigned char key[KEY_SIZE], uint64_t group, uint64_t part)
{
    put_be(key, group);
    put_be(key + 8, part);
}

/* ---- columns ---- */

#define EVENT_ID_COLUMN 17 /* behind those of EVENT_COLUMNS in sql.c */

static void bind_row(sqlite3_stmt *statement, const struct row *row,
                     const unsigned char key[KEY_SIZE])
{
    int at = 1, kind;

    sqlite3_bind_blob(statement, at++, key, KEY_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, at++, row->at_ms);
    sqlite3_bind_int(statement, at++, row->session->id);
    sqlite3_bind_int(statement, at++, row->origin->id);
    sqlite3_bind_int(statement, at++, row->model->id);
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        sqlite3_bind_int64(statement, at++, row->figures.tokens[kind]);
    sqlite3_bind_int64(statement, at++, row->figures.web_searches);
    if (row->figures.logged_nusd == COST_UNTOLD)
        sqlite3_bind_null(statement, at++);
    else
        sqlite3_bind_int64(statement, at++, row->figures.logged_nusd);
    if (row->cost_nusd == COST_UNKNOWN)
        sqlite3_bind_null(statement, at++);
    else
        sqlite3_bind_int64(statement, at++, row->cost_nusd);
    sqlite3_bind_int64(statement, at++, row_bits(row));
    sqlite3_bind_int(statement, at++, row->iteration);
    sqlite3_bind_int64(statement, at, row->run);
}

static int64_t column_or(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

int event_read(struct store *store, sqlite3_stmt *statement, struct row *row, struct err *err)
{
    const unsigned char *key = sqlite3_column_blob(statement, 0);
    int64_t bits;
    int at = 1, kind;

    row->id = sqlite3_column_int64(statement, EVENT_ID_COLUMN);
    if (!key || sqlite3_column_bytes(statement, 0) != KEY_SIZE) {
        err_set(err, ERR_DAMAGED, "the ledger %s is damaged (a key of the wrong size)",
                store->path);
        return -1;
    }
    row->group = get_be(key);
    row->part = get_be(key + 8);
    row->at_ms = sqlite3_column_int64(statement, at++);
    row->session = session_by_id(store, sqlite3_column_int(statement, at++), err);
    row->origin = origin_by_id(store, sqlite3_column_int(statement, at++), err);
    row->model = names_by_id(store, sqlite3_column_int(statement, at++), err);
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        row->figures.tokens[kind] = sqlite3_column_int64(statement, at++);
    row->figures.web_searches = sqlite3_column_int64(statement, at++);
    row->figures.logged_nusd = column_or(statement, at++, COST_UNTOLD);
    row->cost_nusd = column_or(statement, at++, COST_UNKNOWN);
    bits = sqlite3_column_int64(statement, at++);
    row->flags = (uint32_t)bits;
    row->mark = (uint32_t)(bits >> 32);
    row->iteration = sqlite3_column_int(statement, at++);
    row->run = sqlite3_column_int64(statement, at);
    if (row->iteration < 0 || row->iteration > EVENT_EXTRAS_MAX) {
        err_set(err, ERR_DAMAGED, "the ledger %s is damaged (extra %d)", store->path,
                (int)row->iteration);
        return -1;
    }
    return row->session && row->origin && row->model ? 0 : -1;
}

/* Gives every extra the part of its response back, which the key holds only mixed. */
static void find_parents(struct rows *rows, size_t from)
{
    size_t i, k;

    for (i = from; i < rows->n; i++) {
        struct row *extra = &rows->at[i];

        for (k = from; extra->iteration > 0 && k < rows->n; k++) {
            const struct row *row = &rows->at[k];

            if (row->iteration == 0 && stored_part(row->part, extra->iteration) == extra->part) {
                extra->part = row->part;
                break;
            }
        }
    }
}

sqlite3_stmt *group_sql(struct store *store, enum statement which, uint64_t group,
                        struct key_range *range, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);

    if (!statement)
        return NULL;
    make_key(range->low, group, 0);
    make_key(range->high, group, UINT64_MAX);
    sqlite3_bind_blob(statement, 1, range->low, KEY_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 2, range->high, KEY_SIZE, SQLITE_STATIC);
    return statement;
}

static int load(struct store *store, enum statement which, uint64_t group, struct rows *rows,
                struct err *err)
{
    struct key_range range;
    sqlite3_stmt *statement = group_sql(store, which, group, &range, err);
    size_t before = rows->n;
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        if (event_read(store, statement, rows_add(rows), err) < 0) {
            rc = -1;
            break;
        }
    }
    sqlite3_reset(statement);
    find_parents(rows, before);
    return rc;
}

int store_group_load(struct store *store, uint64_t group, struct rows *rows, struct err *err)
{
    return load(store, SQL_EVENT_GROUP, group, rows, err);
}

int store_members_load(struct store *store, uint64_t group, struct rows *rows, struct err *err)
{
    return load(store, SQL_MEMBER_GROUP, group, rows, err);
}

/* ---- put ---- */

int event_write(struct store *store, enum statement which, const struct row *row, uint64_t part,
                struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);
    unsigned char key[KEY_SIZE];

    if (!statement)
        return -1;
    make_key(key, row->group, part);
    bind_row(statement, row, key);
    if (which == SQL_EVENT_SET)
        sqlite3_bind_int64(statement, 18, row->id);
    return store_run(store, statement, err);
}

static int write_row(struct store *store, enum statement which, const struct row *row,
                     struct err *err)
{
    return event_write(store, which, row, stored_part(row->part, row->iteration), err);
}

static int move_in_time(struct store *store, const struct row *row, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_TIME, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, row->id);
    sqlite3_bind_int64(statement, 2, row->at_ms);
    return store_run(store, statement, err);
}

static int drop_row(struct store *store, const struct row *row, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_DROP, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, row->id);
    return store_run(store, statement, err);
}

static struct row *find_row(const struct rows *rows, uint64_t part, int32_t iteration)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        if (rows->at[i].part == part && rows->at[i].iteration == iteration)
            return &rows->at[i];
    }
    return NULL;
}

static bool same_row(const struct row *a, const struct row *b)
{
    return row_bits(a) == row_bits(b) && a->at_ms == b->at_ms && a->cost_nusd == b->cost_nusd &&
           a->model == b->model && a->session == b->session && a->origin == b->origin &&
           a->run == b->run && memcmp(&a->figures, &b->figures, sizeof(a->figures)) == 0;
}

bool rows_equal(const struct rows *a, const struct rows *b)
{
    size_t i;

    for (i = 0; i < a->n && a->n == b->n; i++) {
        const struct row *other = find_row(b, a->at[i].part, a->at[i].iteration);

        if (!other || !same_row(&a->at[i], other))
            return false;
    }
    return a->n == b->n;
}

static int replace_row(struct store *store, const struct row *old, struct row *row, struct err *err)
{
    row->id = old->id;
    if (same_row(old, row))
        return 0;
    rollup_note(store, old, -1);
    rollup_note(store, row, 1);
    runs_note(store, old, row);
    if (old->at_ms != row->at_ms && move_in_time(store, row, err) < 0)
        return -1;
    return write_row(store, SQL_EVENT_SET, row, err);
}

int store_group_put(struct store *store, const struct rows *was, struct rows *now, struct err *err)
{
    size_t i;

    for (i = 0; i < was->n; i++) {
        const struct row *old = &was->at[i];

        if (find_row(now, old->part, old->iteration))
            continue;
        rollup_note(store, old, -1);
        runs_note(store, old, NULL);
        if (drop_row(store, old, err) < 0)
            return -1;
    }
    for (i = 0; i < now->n; i++) {
        struct row *row = &now->at[i];
        const struct row *old = find_row(was, row->part, row->iteration);

        if (old) {
            if (replace_row(store, old, row, err) < 0)
                return -1;
            continue;
        }
        rollup_note(store, row, 1);
        runs_note(store, NULL, row);
        if (write_row(store, SQL_EVENT_ADD, row, err) < 0)
            return -1;
        row->id = sqlite3_last_insert_rowid(store->db);
    }
    return 0;
}

int store_members_put(struct store *store, uint64_t group, const struct rows *members,
                      struct err *err)
{
    struct key_range range;
    sqlite3_stmt *statement = group_sql(store, SQL_MEMBER_DROP, group, &range, err);
    size_t i;

    if (!statement || store_run(store, statement, err) < 0)
        return -1;
    for (i = 0; i < members->n; i++) {
        if (write_row(store, SQL_MEMBER_PUT, &members->at[i], err) < 0)
            return -1;
    }
    return 0;
}
