/* ledger_bench.h — a folder with a ledger in it and rows to fill it; for the tests of store,
 * ingest and report.
 * SPDX-License-Identifier: MIT
 */
#ifndef LEDGER_BENCH_H
#define LEDGER_BENCH_H

#include "base/mem.h"
#include "base/path.h"
#include "random.h"
#include "store/store_internal.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct ledger_bench {
    char top[64]; /* the folder */
    char *path;   /* of the ledger in it */
    struct store *store;
};

static inline int ledger_remove_one(const char *path, const struct stat *st, int type,
                                    struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (type == FTW_DNR || type == FTW_DP)
        chmod(path, 0700);
    return remove(path);
}

static inline struct store *ledger_open(const char *path, enum store_mode mode)
{
    struct store *store = NULL;
    struct err err = { 0 };

    if (store_open(&store, path, mode, &err) < 0)
        fail_msg("%s", err.text);
    return store;
}

/* Only the folder. */
static inline int ledger_set_up_folder(void **state)
{
    struct ledger_bench *b = xcalloc(1, sizeof(*b));

    snprintf(b->top, sizeof(b->top), "/tmp/tacho-ledger-XXXXXX");
    assert_non_null(mkdtemp(b->top));
    b->path = path_join(b->top, "ledger.db");
    *state = b;
    return 0;
}

static inline int ledger_set_up(void **state)
{
    struct ledger_bench *b;

    ledger_set_up_folder(state);
    b = *state;
    b->store = ledger_open(b->path, STORE_WRITE);
    return 0;
}

static inline int ledger_tear_down(void **state)
{
    struct ledger_bench *b = *state;

    store_close(b->store);
    assert_int_equal(nftw(b->top, ledger_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(b->path);
    free(b);
    return 0;
}

static inline void ledger_begin(struct store *store)
{
    struct err err = { 0 };

    if (store_begin(store, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void ledger_commit(struct store *store)
{
    struct err err = { 0 };

    if (store_commit(store, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void ledger_set_home(struct store *store, const char *name)
{
    struct zone *zone = NULL;
    struct err err = { 0 };

    if (zone_open(&zone, name, &err) < 0 || store_set_home(store, zone, &err) < 0)
        fail_msg("%s", err.text);
    zone_close(zone);
}

static inline int64_t ledger_ask(struct store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* As a ledger was before it had this table: tables are numbered as they were made, so those that
 * came with it and after it go. The version is the caller's to set. */
static inline void ledger_forget_since(struct store *store, const char *table)
{
    sqlite3_stmt *statement = NULL;
    struct buf drops = { 0 };

    assert_int_equal(sqlite3_prepare_v2(store->db,
                                        "SELECT name FROM sqlite_master WHERE type = 'table' AND"
                                        " name NOT LIKE 'sqlite%' AND rowid >= (SELECT rowid FROM"
                                        " sqlite_master WHERE name = ?1)",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 0);

        buf_printf(&drops, "DROP TABLE %s;", name);
        if (strcmp(name, "run") == 0) /* it came with columns of other tables */
            buf_add_text(&drops, "ALTER TABLE event DROP COLUMN run;"
                                 "ALTER TABLE member DROP COLUMN run;"
                                 "ALTER TABLE file DROP COLUMN run;");
    }
    sqlite3_finalize(statement);
    assert_true(drops.len > 0);
    assert_int_equal(sqlite3_exec(store->db, drops.p, NULL, NULL, NULL), SQLITE_OK);
    buf_fini(&drops);
}

static inline void ledger_forget_tasks(struct store *store)
{
    ledger_forget_since(store, "task");
}

/* Where rows come from: a few of everything. */
static inline const struct name *ledger_name(struct store *store, enum name_kind kind,
                                             const char *stem, int64_t number)
{
    char text[64];
    struct err err = { 0 };
    const struct name *name;
    int n = snprintf(text, sizeof(text), "%s-%d", stem, (int)number);

    name = store_name(store, kind, (struct span){ text, (size_t)n }, &err);
    if (!name)
        fail_msg("%s", err.text);
    return name;
}

static inline void ledger_roll_origin(struct store *store, struct dice *dice, struct row *row)
{
    struct origin origin = {
        .agent = ledger_name(store, NAME_AGENT, "agent", roll_below(dice, 2)),
        .project = ledger_name(store, NAME_PROJECT, "project", roll_below(dice, 4)),
        .machine = ledger_name(store, NAME_MACHINE, "machine", 0),
        .account = ledger_name(store, NAME_ACCOUNT, "account", 0),
        .subagent = roll_once_in(dice, 4),
    };
    char session[32];
    int n = snprintf(session, sizeof(session), "s-%d", (int)roll_below(dice, 6));

    row->origin = store_origin(store, &origin, NULL);
    row->session =
        store_session(store, origin.agent, (struct span){ session, (size_t)n }, SPAN_ABSENT, NULL);
    row->model = ledger_name(store, NAME_MODEL, "model", roll_below(dice, 3));
}

/* A row somewhere in [low_ms, high_ms]; identity is left to the caller. */
static inline struct row ledger_roll_row(struct store *store, struct dice *dice, int64_t low_ms,
                                         int64_t high_ms)
{
    struct row row = { .at_ms = roll_between(dice, low_ms, high_ms) };
    int kind;

    ledger_roll_origin(store, dice, &row);
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        row.figures.tokens[kind] = roll_once_in(dice, 3) ? 0 : roll_below(dice, 100000);
    row.figures.web_searches = roll_once_in(dice, 5) ? roll_below(dice, 5) : 0;
    row.figures.logged_nusd = roll_once_in(dice, 4) ? roll_below(dice, 1000000) : COST_UNTOLD;
    row.cost_nusd = roll_once_in(dice, 4) ? COST_UNKNOWN : roll_below(dice, 1000000000);
    row.flags = roll_once_in(dice, 4) ? EVENT_ESTIMATED : 0;
    row.run = row.figures.tokens[TOKEN_INPUT] % 3; /* 0: of none */
    return row;
}

static inline void ledger_put_one(struct store *store, const struct row *row)
{
    struct rows was = { 0 }, now = { 0 };
    struct err err = { 0 };

    *rows_add(&now) = *row;
    if (store_group_load(store, row->group, &was, &err) < 0 ||
        store_group_put(store, &was, &now, &err) < 0)
        fail_msg("%s", err.text);
    rows_fini(&was);
    rows_fini(&now);
}

/* `n` groups of one row each, in one transaction. */
static inline void ledger_fill(struct store *store, struct dice *dice, int n, int64_t low_ms,
                               int64_t high_ms)
{
    ledger_begin(store);
    while (n-- > 0) {
        struct row row = ledger_roll_row(store, dice, low_ms, high_ms);

        row.group = roll(dice);
        ledger_put_one(store, &row);
    }
    ledger_commit(store);
}

static inline void ledger_read_file(const char *path, struct buf *out)
{
    struct err err = { 0 };

    if (path_read(path, (size_t)1 << 30, out, &err) < 0)
        fail_msg("%s", err.text);
}

/* ---- the sums as they would be if they were computed anew ---- */

static inline void ledger_day_of(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct zone *zone = sqlite3_user_data(context);

    (void)n;
    sqlite3_result_int64(context, zone_day_of(zone, sqlite3_value_int64(values[0])));
}

static inline void ledger_compare(struct store *store, const char *table, const char *sums)
{
    char *more = xasprintf("SELECT count(*) FROM (SELECT * FROM %s EXCEPT %s)", table, sums);
    char *less = xasprintf("SELECT count(*) FROM (%s EXCEPT SELECT * FROM %s)", sums, table);

    if (ledger_ask(store, more) != 0 || ledger_ask(store, less) != 0)
        fail_msg("%s does not say what the events say", table);
    free(more);
    free(less);
}

static inline void ledger_compare_sums(struct store *store, const char *table, const char *bucket)
{
    char *sums = xasprintf(
        "SELECT %s, origin, model, count(*), sum(input), sum(output), sum(cache_read),"
        " sum(cache_write_5m), sum(cache_write_1h), sum(reasoning), sum(web_search),"
        " sum(ifnull(cost_nusd, 0)), sum(ifnull(logged_nusd, 0)),"
        " sum(CASE WHEN cost_nusd IS NULL THEN input + output + cache_read + cache_write_5m"
        " + cache_write_1h ELSE 0 END), sum((flags & 2) <> 0),"
        " sum(CASE WHEN logged_nusd > 0 THEN logged_nusd ELSE ifnull(cost_nusd, 0) END),"
        " sum(CASE WHEN ifnull(logged_nusd, 0) <= 0 AND cost_nusd IS NULL THEN input + output"
        " + cache_read + cache_write_5m + cache_write_1h ELSE 0 END),"
        " sum(CASE WHEN logged_nusd IS NULL THEN input + output + cache_read + cache_write_5m"
        " + cache_write_1h ELSE 0 END) FROM event WHERE %s IS NOT NULL GROUP BY 1, 2, 3",
        bucket, bucket);

    ledger_compare(store, table, sums);
    free(sums);
}

/* The tables of sums against the events; days cut in `zone_name`. */
static inline void ledger_check_sums(struct store *store, const char *zone_name)
{
    struct zone *zone = NULL;

    assert_int_equal(zone_open(&zone, zone_name, NULL), 0);
    sqlite3_create_function(store->db, "day_of", 1, SQLITE_UTF8, zone, ledger_day_of, NULL, NULL);
    ledger_compare_sums(store, "rollup", "at_ms / 900000");
    ledger_compare_sums(store, "rollup_day", "day_of(at_ms)");
    ledger_compare_sums(store, "rollup_session", "session");
    ledger_compare_sums(store, "run_total", "nullif(run, 0)");
    ledger_compare(store, "run_quarter",
                   "SELECT at_ms / 900000, run, count(*) FROM event WHERE run <> 0 GROUP BY 1, 2");
    sqlite3_create_function(store->db, "day_of", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL);
    zone_close(zone);
}

#endif
