/* store/query.c — sums for reports, and the home zone that days are kept in.
 *
 * Whole days of the home zone come from rollup_day, quarter hours from rollup, anything finer from
 * the events themselves.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include "base/civil.h"

#include <stdio.h>

int each_sum(struct store *store, sqlite3_stmt *statement, const struct store_sink *sink,
             struct err *err)
{
    int rc;

    while ((rc = store_step(store, statement, err)) == 1) {
        struct store_sum sum = {
            .bucket = sqlite3_column_int64(statement, 0),
            .origin = origin_by_id(store, sqlite3_column_int(statement, 1), err),
            .model = names_by_id(store, sqlite3_column_int(statement, 2), err),
        };

        if (!sum.origin || !sum.model) {
            rc = -1;
            break;
        }
        sums_read(statement, 3, &sum.sums);
        sink->row(sink->to, &sum);
    }
    sqlite3_reset(statement);
    return rc;
}

/* The statement with its two bounds. NULL with *err. */
static sqlite3_stmt *bounded(struct store *store, enum statement which, int64_t low, int64_t high,
                             struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, which, err);

    if (statement) {
        sqlite3_bind_int64(statement, 1, low);
        sqlite3_bind_int64(statement, 2, high);
    }
    return statement;
}

int store_sum_days(struct store *store, int64_t first, int64_t last, const struct store_sink *sink,
                   struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SUM_DAYS, first, last, err);

    return statement ? each_sum(store, statement, sink, err) : -1;
}

int store_sum_quarters(struct store *store, int64_t first, int64_t end,
                       const struct store_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SUM_QUARTERS, first, end, err);

    return statement ? each_sum(store, statement, sink, err) : -1;
}

/* What a single event is put under. */
typedef int64_t bucket_fn(const struct row *row);

static int64_t quarter_of(const struct row *row)
{
    return floor_div(row->at_ms, MS_PER_QUARTER);
}

static int64_t session_of(const struct row *row)
{
    return row->session->id;
}

static int each_event(struct store *store, struct timespan span, bucket_fn *bucket,
                      const struct store_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SUM_EVENTS, span.since_ms, span.until_ms, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct store_sum sum;
        struct row row;

        if (event_read(store, statement, &row, err) < 0) {
            rc = -1;
            break;
        }
        sum = (struct store_sum){
            .bucket = bucket(&row), .at_ms = row.at_ms, .model = row.model, .origin = row.origin
        };
        row_sums(&row, &sum.sums);
        sink->row(sink->to, &sum);
    }
    sqlite3_reset(statement);
    return rc;
}

int store_sum_events(struct store *store, struct timespan span, const struct store_sink *sink,
                     struct err *err)
{
    return each_event(store, span, quarter_of, sink, err);
}

int store_sum_session_events(struct store *store, struct timespan span,
                             const struct store_sink *sink, struct err *err)
{
    return each_event(store, span, session_of, sink, err);
}

int store_each_event(struct store *store, struct timespan span,
                     void (*row)(void *to, const struct row *row), void *to, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SUM_EVENTS, span.since_ms, span.until_ms, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct row event;

        if (event_read(store, statement, &event, err) < 0) {
            rc = -1;
            break;
        }
        row(to, &event);
    }
    sqlite3_reset(statement);
    return rc;
}

/* ---- sessions ---- */

int store_sessions(struct store *store, struct timespan span,
                   void (*row)(void *to, const struct store_session *session), void *to,
                   struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SESSIONS, span.since_ms, span.until_ms, err);
    int rc;

    if (!statement)
        return -1;
    while ((rc = store_step(store, statement, err)) == 1) {
        struct store_session session = {
            .id = sqlite3_column_int(statement, 0),
            .agent = names_by_id(store, sqlite3_column_int(statement, 1), err),
            .text = store_column(statement, 2),
            .first_ms = sqlite3_column_int64(statement, 3),
            .last_ms = sqlite3_column_int64(statement, 4),
        };

        if (!session.agent) {
            rc = -1;
            break;
        }
        row(to, &session);
    }
    sqlite3_reset(statement);
    return rc;
}

int store_sum_sessions(struct store *store, int32_t first, int32_t last,
                       const struct store_sink *sink, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_SUM_SESSIONS, first, last, err);

    return statement ? each_sum(store, statement, sink, err) : -1;
}

/* ---- when something was used ---- */

/* The first row of (number, origin, model) that matches. 1 and *found, 0, or -1 with *err. */
static int find_match(struct store *store, sqlite3_stmt *statement, const struct store_match *match,
                      int64_t *found, struct err *err)
{
    int rc;

    while ((rc = store_step(store, statement, err)) == 1) {
        const struct origin *origin = origin_by_id(store, sqlite3_column_int(statement, 1), err);
        const struct name *model = names_by_id(store, sqlite3_column_int(statement, 2), err);

        if (!origin || !model) {
            rc = -1;
            break;
        }
        if (match->is(match->to, origin, model)) {
            *found = sqlite3_column_int64(statement, 0);
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

int store_next_quarter(struct store *store, int64_t quarter, const struct store_match *match,
                       int64_t *found, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_QUARTER_NEXT, err);

    if (statement)
        sqlite3_bind_int64(statement, 1, quarter);
    return statement ? find_match(store, statement, match, found, err) : -1;
}

int store_first_event(struct store *store, struct timespan span, const struct store_match *match,
                      int64_t *at_ms, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_EVENT_FIRST_IN, span.since_ms, span.until_ms, err);

    return statement ? find_match(store, statement, match, at_ms, err) : -1;
}

int store_last_event(struct store *store, struct timespan span, const struct store_match *match,
                     int64_t *at_ms, struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_EVENT_LAST_IN, span.since_ms, span.until_ms, err);

    return statement ? find_match(store, statement, match, at_ms, err) : -1;
}

/* ---- one event ---- */

/* The quarter hour in which the model was used last, before `end`. 1, 0 when there is none, -1. */
static int last_quarter(struct store *store, int32_t model, int64_t end, int64_t *quarter,
                        struct err *err)
{
    sqlite3_stmt *statement = bounded(store, SQL_MODEL_QUARTER, model, end, err);
    int rc;

    if (!statement)
        return -1;
    rc = store_step(store, statement, err);
    if (rc == 1 && sqlite3_column_type(statement, 0) == SQLITE_NULL)
        rc = 0;
    *quarter = rc == 1 ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return rc;
}

static int find_model(struct store *store, struct span model, int32_t *id, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_NAME_FIND, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, NAME_MODEL);
    sqlite3_bind_text(statement, 2, model.p, (int)model.len, SQLITE_STATIC);
    rc = store_step(store, statement, err);
    *id = rc == 1 ? sqlite3_column_int(statement, 0) : 0;
    sqlite3_reset(statement);
    return rc;
}

int store_event_by_id(struct store *store, int64_t id, struct row *row, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_BY_ID, err);
    int rc;

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, id);
    rc = store_step(store, statement, err);
    if (rc == 1 && event_read(store, statement, row, err) < 0)
        rc = -1;
    sqlite3_reset(statement);
    return rc;
}

int store_last_of_model(struct store *store, struct span model, int64_t until_ms, struct row *row,
                        struct err *err)
{
    sqlite3_stmt *statement;
    int64_t quarter;
    int32_t id;
    int rc = find_model(store, model, &id, err);

    if (rc == 1)
        rc = last_quarter(store, id, floor_div(until_ms, MS_PER_QUARTER), &quarter, err);
    if (rc != 1)
        return rc;
    statement = bounded(store, SQL_MODEL_LAST, quarter * MS_PER_QUARTER,
                        (quarter + 1) * MS_PER_QUARTER, err);
    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 3, id);
    rc = store_step(store, statement, err);
    if (rc == 1 && event_read(store, statement, row, err) < 0)
        rc = -1;
    sqlite3_reset(statement);
    return rc;
}

/* ---- the home zone ---- */

const char *store_home(struct store *store)
{
    sqlite3_stmt *statement = store_sql(store, SQL_META_GET, NULL);

    store->home_name[0] = '\0';
    if (!statement)
        return store->home_name;
    sqlite3_bind_text(statement, 1, "home_zone", -1, SQLITE_STATIC);
    if (store_step(store, statement, NULL) == 1 && sqlite3_column_text(statement, 0))
        snprintf(store->home_name, sizeof(store->home_name), "%s",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_reset(statement);
    return store->home_name;
}

/* One row of rollup on its way into rollup_day; deltas gather what falls on one day. */
struct recut {
    struct store *store;
    const struct zone *zone;
    struct err *err;
    int rc;
};

static void add_to_day(void *to, const struct store_sum *sum)
{
    struct recut *r = to;
    sqlite3_stmt *statement;

    if (r->rc < 0)
        return;
    statement = store_sql(r->store, SQL_ROLLUP_DAY_ADD, r->err);
    if (!statement) {
        r->rc = -1;
        return;
    }
    sqlite3_bind_int64(statement, 1, zone_day_of(r->zone, sum->bucket * MS_PER_QUARTER));
    sqlite3_bind_int(statement, 2, sum->origin->id);
    sqlite3_bind_int(statement, 3, sum->model->id);
    sums_bind(statement, 4, &sum->sums);
    r->rc = store_run(r->store, statement, r->err);
}

static int recut_days(struct store *store, const struct zone *zone, struct err *err)
{
    struct recut r = { store, zone, err, 0 };
    const struct store_sink sink = { add_to_day, &r };
    sqlite3_stmt *statement;

    if (store_run(store, store_sql(store, SQL_ROLLUP_DAY_EMPTY, err), err) < 0 ||
        store_sum_quarters(store, INT64_MIN, INT64_MAX, &sink, err) < 0 || r.rc < 0)
        return -1;
    statement = store_sql(store, SQL_META_SET, err);
    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, "home_zone", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, zone_name(zone), -1, SQLITE_STATIC);
    return store_run(store, statement, err);
}

/* The system's zone may have a name by which only the system opens it (a rule in TZ). */
static int open_home(struct zone **out, const char *name, struct err *err)
{
    if (zone_open(out, name, err) == 0)
        return 0;
    if (zone_open(out, "", NULL) < 0)
        return -1;
    if (strcmp(zone_name(*out), name) == 0)
        return 0;
    zone_close(*out);
    *out = NULL;
    return -1;
}

void home_follow(struct store *store)
{
    const char *name = store_home(store);
    struct zone *home = NULL;

    if (!name[0] || (store->home && strcmp(zone_name(store->home), name) == 0) ||
        open_home(&home, name, NULL) < 0)
        return;
    zone_close(store->home);
    store->home = home;
}

static int change_home(struct store *store, const struct zone *zone, struct err *err)
{
    if (store_begin(store, err) < 0)
        return -1;
    if (recut_days(store, zone, err) < 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

int store_set_home(struct store *store, const struct zone *zone, struct err *err)
{
    struct zone *home = NULL;

    if (open_home(&home, zone_name(zone), err) < 0)
        return -1;
    if (strcmp(store_home(store), zone_name(zone)) != 0 && change_home(store, home, err) < 0) {
        zone_close(home); /* the days are still cut as before */
        return -1;
    }
    zone_close(store->home);
    store->home = home;
    return 0;
}
