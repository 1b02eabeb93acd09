/* store/threads.c — see threads.h.
 *
 * Marks lie in pieces of PIECE_STEPS, so that a log that grows by a line rewrites one of them.
 * SPDX-License-Identifier: MIT
 */
#include "store/threads.h"

#include "base/mem.h"
#include "store/store_internal.h"

#include <stdlib.h>

#define PIECE_STEPS 64
#define MARK_SIZE   8

void thread_row_fini(struct thread_row *row)
{
    free(row->thread.steps);
    free(row->name);
    *row = (struct thread_row){ 0 };
}

static void put_mark(unsigned char *to, uint64_t mark)
{
    int i;

    for (i = 0; i < MARK_SIZE; i++)
        to[i] = (unsigned char)(mark >> 8 * i);
}

static uint64_t get_mark(const unsigned char *from)
{
    uint64_t mark = 0;
    int i;

    for (i = 0; i < MARK_SIZE; i++)
        mark |= (uint64_t)from[i] << 8 * i;
    return mark;
}

/* ---- load ---- */

static void add_piece(struct lineage *t, int64_t piece, const unsigned char *bytes, int size)
{
    int64_t first = piece * PIECE_STEPS, n = size / MARK_SIZE, i;

    if (piece < 0 || n < 1 || n > PIECE_STEPS || first + n > THREAD_STEPS_MAX)
        return; /* nothing that we have written */
    t->steps = xreallocarray(t->steps, (size_t)(first + n), sizeof(*t->steps));
    for (; t->steps_n < first; t->steps_n++)
        t->steps[t->steps_n] = 0;
    for (i = 0; i < n; i++)
        t->steps[first + i] = get_mark(bytes + i * MARK_SIZE);
    t->steps_n = first + n;
}

static int load_steps(struct store *store, struct lineage *t, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_STEPS, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)t->id);
    while ((rc = store_step(store, statement, err)) == 1) {
        if (sqlite3_column_bytes(statement, 1) > 0)
            add_piece(t, sqlite3_column_int64(statement, 0), sqlite3_column_blob(statement, 1),
                      sqlite3_column_bytes(statement, 1));
    }
    sqlite3_reset(statement);
    return rc;
}

int store_thread_load(struct store *store, uint64_t id, struct thread_row *row, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_THREAD, err);
    struct lineage *t = &row->thread;
    int rc, at = 0;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)id);
    rc = store_step(store, statement, err);
    if (rc == 1) {
        row->stored = true;
        row->agent = names_by_id(store, sqlite3_column_int(statement, at++), err);
        row->name = xstrndup((const char *)sqlite3_column_blob(statement, at),
                             (size_t)sqlite3_column_bytes(statement, at));
        at++;
        t->id = id;
        t->name = span_of(row->name);
        t->parent = (uint64_t)sqlite3_column_int64(statement, at++);
        t->evidence = (uint32_t)sqlite3_column_int64(statement, at++);
        t->told = sqlite3_column_int64(statement, at++);
        t->told_at = sqlite3_column_int64(statement, at++);
        t->inherited = sqlite3_column_int64(statement, at);
    }
    sqlite3_reset(statement);
    if (rc == 1 && (!row->agent || load_steps(store, t, err) < 0))
        return -1;
    return rc;
}

/* ---- put ---- */

static int put_steps(struct store *store, const struct lineage *t, int64_t first, struct err *err)
{
    int64_t piece;

    for (piece = first / PIECE_STEPS; piece * PIECE_STEPS < t->steps_n; piece++) {
        int64_t from = piece * PIECE_STEPS, left = t->steps_n - from;
        int n = left < PIECE_STEPS ? (int)left : PIECE_STEPS, i;
        sqlite3_stmt *statement = store_sql(store, SQL_STEPS_PUT, err);
        unsigned char bytes[PIECE_STEPS * MARK_SIZE];

        if (!statement)
            return -1;
        for (i = 0; i < n; i++)
            put_mark(bytes + i * MARK_SIZE, t->steps[from + i]);
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)t->id);
        sqlite3_bind_int64(statement, 2, piece);
        sqlite3_bind_blob(statement, 3, bytes, n * MARK_SIZE, SQLITE_STATIC);
        if (store_run(store, statement, err) < 0)
            return -1;
    }
    return 0;
}

int store_thread_put(struct store *store, struct thread_row *row, int64_t first, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_THREAD_PUT, err);
    const struct lineage *t = &row->thread;
    int at = 1;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, at++, (sqlite3_int64)t->id);
    sqlite3_bind_int(statement, at++, row->agent->id);
    sqlite3_bind_text(statement, at++, t->name.p, (int)t->name.len, SQLITE_STATIC);
    sqlite3_bind_int64(statement, at++, (sqlite3_int64)t->parent);
    sqlite3_bind_int64(statement, at++, t->evidence);
    sqlite3_bind_int64(statement, at++, t->told);
    sqlite3_bind_int64(statement, at++, t->told_at);
    sqlite3_bind_int64(statement, at, t->inherited);
    if (store_run(store, statement, err) < 0 || put_steps(store, t, first, err) < 0)
        return -1;
    row->stored = true;
    return 0;
}

/* ---- kin ---- */

int store_threads_of(struct store *store, uint64_t parent, store_thread_fn *fn, void *to,
                     struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_THREADS_OF, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)parent);
    while ((rc = store_step(store, statement, err)) == 1)
        fn(to, (uint64_t)sqlite3_column_int64(statement, 0));
    sqlite3_reset(statement);
    return rc;
}

/* ---- out of a damaged ledger ---- */

static const struct name *same_agent(struct store *to, const struct name *agent, struct err *err)
{
    return store_name(to, NAME_AGENT, agent->text, err);
}

int threads_rescue(struct store *from, struct store *to, struct err *err)
{
    sqlite3_stmt *statement = store_sql(from, SQL_THREAD_IDS, NULL);
    int rc = 0;

    while (statement && rc == 0 && store_step(from, statement, NULL) == 1) {
        struct thread_row row = { 0 };

        if (store_thread_load(from, (uint64_t)sqlite3_column_int64(statement, 0), &row, NULL) ==
            1) {
            row.agent = same_agent(to, row.agent, err);
            rc = row.agent ? store_thread_put(to, &row, 0, err) : -1;
        }
        thread_row_fini(&row);
    }
    if (statement)
        sqlite3_reset(statement);
    return rc;
}
