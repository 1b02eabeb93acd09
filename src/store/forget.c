/* store/forget.c — a session leaves the ledger; roll-ups and tasks follow by the difference.
 *
 * What is billed to it goes, and with it every copy of those responses: otherwise one that another
 * session holds would be billed there the next time anybody looks. What is billed to others stays,
 * also where this session holds a copy of it. The session's name stays in its dictionary.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* Numbers out of a statement: ids, or hashes of groups. */
struct numbers {
    int64_t *at;
    size_t n, space;
};

static void add_number(struct numbers *numbers, int64_t number)
{
    numbers->at = xgrow(numbers->at, numbers->n, &numbers->space, sizeof(*numbers->at));
    numbers->at[numbers->n++] = number;
}

static int find_sessions(struct store *store, struct span text, struct numbers *ids,
                         struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_SESSIONS_BY_TEXT, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_text64(statement, 1, text.p, text.len, SQLITE_STATIC, SQLITE_UTF8);
    while ((rc = store_step(store, statement, err)) == 1)
        add_number(ids, sqlite3_column_int64(statement, 0));
    sqlite3_reset(statement);
    return rc;
}

/* Groups with a billed row of the session. */
static int find_groups(struct store *store, int64_t session, struct numbers *groups,
                       struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_OF_SESSION, err);
    struct row row;
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, session);
    while ((rc = store_step(store, statement, err)) == 1) {
        if (event_read(store, statement, &row, err) < 0) {
            rc = -1;
            break;
        }
        if (groups->n == 0 || groups->at[groups->n - 1] != (int64_t)row.group)
            add_number(groups, (int64_t)row.group);
    }
    sqlite3_reset(statement);
    return rc;
}

static bool has_part(const struct rows *rows, uint64_t part)
{
    size_t i = 0;

    while (i < rows->n && rows->at[i].part != part)
        i++;
    return i < rows->n;
}

/* Those of `from` that stay: neither the session's own nor copies of a row that goes. */
static void keep_others(const struct rows *from, const struct rows *gone, struct rows *kept)
{
    size_t i;

    for (i = 0; i < from->n; i++) {
        if (!has_part(gone, from->at[i].part))
            *rows_add(kept) = from->at[i];
    }
}

static int forget_group(struct store *store, int64_t session, uint64_t group, int64_t *events,
                        struct err *err)
{
    static const struct rows none;
    struct rows billed = { 0 }, members = { 0 }, gone = { 0 };
    struct rows billed_kept = { 0 }, members_kept = { 0 };
    int rc = -1;
    size_t i;

    if (store_group_load(store, group, &billed, err) < 0 ||
        store_members_load(store, group, &members, err) < 0)
        goto out;
    for (i = 0; i < billed.n; i++) {
        if (billed.at[i].session->id == session)
            *rows_add(&gone) = billed.at[i];
    }
    keep_others(&billed, &gone, &billed_kept);
    keep_others(&members, &gone, &members_kept);
    if (store_group_put(store, &billed, &billed_kept, err) < 0)
        goto out;
    if (members.n > 0 &&
        store_members_put(store, group, billed_kept.n > 0 ? &members_kept : &none, err) < 0)
        goto out;
    *events += (int64_t)gone.n;
    rc = 0;
out:
    rows_fini(&billed);
    rows_fini(&members);
    rows_fini(&gone);
    rows_fini(&billed_kept);
    rows_fini(&members_kept);
    return rc;
}

int store_forget_session(struct store *store, struct span session, int64_t *events, struct err *err)
{
    struct numbers ids = { 0 }, groups = { 0 };
    int rc = find_sessions(store, session, &ids, err);
    size_t i, k;

    *events = 0;
    for (i = 0; i < ids.n && rc == 0; i++) {
        groups.n = 0;
        rc = find_groups(store, ids.at[i], &groups, err);
        for (k = 0; k < groups.n && rc == 0; k++)
            rc = forget_group(store, ids.at[i], (uint64_t)groups.at[k], events, err);
    }
    free(ids.at);
    free(groups.at);
    return rc;
}
