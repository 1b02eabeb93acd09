/* store/reprice.c — walk all events and give them another cost; roll-ups follow by the difference.
 *
 * Rows are read in runs and written behind each run, so that no statement reads what another is
 * writing. Only rows that change are written.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#define ROWS_PER_RUN 4096

/* Appends the next run of rows from *id on, which moves behind it. 1 when there are none. */
static int read_run(struct store *store, struct timespan span, int64_t *id, struct rows *rows,
                    struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_RUN, err);
    int rc = 0;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, *id);
    sqlite3_bind_int64(statement, 2, span.since_ms);
    sqlite3_bind_int64(statement, 3, span.until_ms);
    while (rows->n < ROWS_PER_RUN && (rc = store_step(store, statement, err)) == 1) {
        if (event_read(store, statement, rows_add(rows), err) < 0) {
            rc = -1;
            break;
        }
    }
    sqlite3_reset(statement);
    if (rows->n > 0)
        *id = rows->at[rows->n - 1].id + 1;
    return rc < 0 ? -1 : rows->n == 0;
}

static int write_cost(struct store *store, const struct row *row, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_COST, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, row->id);
    if (row->cost_nusd == COST_UNKNOWN)
        sqlite3_bind_null(statement, 2);
    else
        sqlite3_bind_int64(statement, 2, row->cost_nusd);
    sqlite3_bind_int64(statement, 3, row->flags);
    return store_run(store, statement, err);
}

static int reprice_run(struct store *store, struct rows *rows, const struct store_pricer *pricer,
                       struct err *err)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        struct row *row = &rows->at[i];
        struct row old = *row;

        pricer->price(pricer->to, row);
        if (old.cost_nusd == row->cost_nusd && old.flags == row->flags)
            continue;
        rollup_note_change(store, &old, row);
        if (write_cost(store, row, err) < 0)
            return -1;
    }
    return 0;
}

int store_reprice(struct store *store, struct timespan span, const struct store_pricer *pricer,
                  struct err *err)
{
    struct rows rows = { 0 };
    int64_t id = INT64_MIN;
    int rc;

    while ((rc = read_run(store, span, &id, &rows, err)) == 0 &&
           (rc = reprice_run(store, &rows, pricer, err)) == 0)
        rows.n = 0;
    rows_fini(&rows);
    return rc < 0 ? -1 : 0;
}
