/* tests/unit/test_store_tasks.c — tasks and events in any order: what is kept of both is what would
 * be computed anew.
 * SPDX-License-Identifier: MIT
 */
#include "task_bench.h"

#include "store/salvage.h"

#define EVENING  INT64_C(1774710000000) /* 2026-03-28T15:00:00Z, a day before clocks change */
#define TWO_DAYS (2 * MS_PER_DAY)

/* ---- everything that is kept, as text ---- */

static void dump(struct store *store, struct buf *out)
{
    static const char *const queries[] = {
        "SELECT * FROM task_day ORDER BY day, agent, type, model",
        "SELECT * FROM usage_day ORDER BY day, origin, model",
        "SELECT * FROM usage_total ORDER BY day",
        "SELECT * FROM usage_session ORDER BY session",
        ("SELECT id, seen_turns, seen_input, seen_output, seen_creation, seen_read FROM task"
         " ORDER BY id"),
    };
    sqlite3_stmt *statement;
    size_t i;
    int column;

    for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        assert_int_equal(sqlite3_prepare_v2(store->db, queries[i], -1, &statement, NULL),
                         SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            for (column = 0; column < sqlite3_column_count(statement); column++)
                buf_printf(out, "%s ", (const char *)sqlite3_column_text(statement, column));
            buf_add_char(out, '\n');
        }
        sqlite3_finalize(statement);
        buf_add_text(out, "--\n");
    }
}

static void rebuild(struct store *store)
{
    struct err err = { 0 };

    ledger_begin(store);
    if (usage_rebuild(store, &err) < 0)
        fail_msg("%s", err.text);
    ledger_commit(store);
}

static void check_kept(struct store *store)
{
    struct buf kept = { 0 }, anew = { 0 };

    dump(store, &kept);
    rebuild(store);
    dump(store, &anew);
    assert_string_equal(kept.p, anew.p);
    buf_fini(&kept);
    buf_fini(&anew);
}

static void set_zone(struct store *store, const char *name)
{
    struct zone *zone = NULL;
    struct err err = { 0 };

    if (zone_open(&zone, name, &err) < 0 || store_set_usage_zone(store, zone, &err) < 0)
        fail_msg("%s", err.text);
    zone_close(zone);
}

/* ---- properties ---- */

/* Some group comes, changes, moves in time or to another session, or goes. */
static void change_a_group(struct store *store, struct dice *dice)
{
    uint64_t group = (uint64_t)roll_below(dice, 40) * UINT64_C(0x9e3779b97f4a7c15);
    struct rows was = { 0 }, now = { 0 };
    struct err err = { 0 };
    int64_t n = roll_below(dice, 3);

    if (store_group_load(store, group, &was, &err) < 0)
        fail_msg("%s", err.text);
    while (n-- > 0) {
        struct row *row = rows_add(&now);

        *row = ledger_roll_row(store, dice, EVENING, EVENING + TWO_DAYS);
        row->group = group;
        row->part = (uint64_t)n;
    }
    if (store_group_put(store, &was, &now, &err) < 0)
        fail_msg("%s", err.text);
    rows_fini(&was);
    rows_fini(&now);
}

static void whatever_comes_and_goes_what_is_kept_follows(void **state)
{
    static const char *const zones[] = { "UTC", "Europe/Berlin", "Asia/Kolkata" };
    struct ledger_bench *b = *state;
    struct dice dice = { 7 };
    int round, i;

    for (round = 0; round < 60; round++) {
        set_zone(b->store, zones[round / 20]);
        ledger_begin(b->store);
        for (i = 0; i < 12; i++) {
            if (roll_once_in(&dice, 4))
                task_roll(b->store, &dice, EVENING, EVENING + TWO_DAYS);
            else
                change_a_group(b->store, &dice);
        }
        if (roll_once_in(&dice, 8))
            store_rollback(b->store);
        else
            ledger_commit(b->store);
        check_kept(b->store);
    }
    assert_true(ledger_ask(b->store, "SELECT count(*) FROM task WHERE seen_turns > 0") > 0);
    assert_true(ledger_ask(b->store, "SELECT count(*) FROM usage_session") > 0);
}

/* ---- single stories ---- */

static void put_event(struct store *store, uint64_t group, const char *session, int64_t at_ms)
{
    struct dice dice = { 3 };
    struct row row = ledger_roll_row(store, &dice, at_ms, at_ms);

    row.group = group;
    row.session = store_session(store, row.origin->agent, span_of(session), SPAN_ABSENT, NULL);
    row.figures.tokens[TOKEN_INPUT] = 10;
    ledger_put_one(store, &row);
}

static int64_t seen(struct store *store, const char *id)
{
    char *sql = xasprintf("SELECT seen_input FROM task WHERE id = '%s'", id);
    int64_t n = ledger_ask(store, sql);

    free(sql);
    return n;
}

static void a_task_finds_its_session_whichever_comes_first(void **state)
{
    struct ledger_bench *b = *state;
    struct task first = task_plain("first", "w", "s-a", EVENING);
    struct task later = task_plain("later", "w", "s-b", EVENING);

    task_put_alone(b->store, &first);
    ledger_begin(b->store);
    put_event(b->store, 1, "s-a", EVENING + 5);
    put_event(b->store, 2, "s-b", EVENING + 5);
    ledger_commit(b->store);
    task_put_alone(b->store, &later);
    assert_int_equal(seen(b->store, "first"), 10);
    assert_int_equal(seen(b->store, "later"), 10);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM usage_session"), 0);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM usage_day"), 0);
}

static void events_go_to_the_latest_task_begun_before_them(void **state)
{
    struct ledger_bench *b = *state;
    struct task one = task_plain("one", "w", "s", EVENING);
    struct task two = task_plain("two", "w", "s", EVENING + 1000);

    ledger_begin(b->store);
    put_event(b->store, 1, "s", EVENING - 7); /* before the first: it is the first's */
    put_event(b->store, 2, "s", EVENING + 999);
    put_event(b->store, 3, "s", EVENING + 1000);
    task_put(b->store, &two);
    task_put(b->store, &one);
    ledger_commit(b->store);
    assert_int_equal(seen(b->store, "one"), 20);
    assert_int_equal(seen(b->store, "two"), 10);
}

static void a_replaced_task_lets_its_session_go(void **state)
{
    struct ledger_bench *b = *state;
    struct task task = task_plain("t", "w", "s", EVENING);
    bool replaced = false;
    struct err err;

    ledger_begin(b->store);
    put_event(b->store, 1, "s", EVENING);
    task_put(b->store, &task);
    ledger_commit(b->store);
    task.session = SPAN_ABSENT;
    ledger_begin(b->store);
    assert_int_equal(store_task_put(b->store, &task, &replaced, &err), 0);
    ledger_commit(b->store);
    assert_true(replaced);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM task"), 1);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(tasks) FROM usage_day WHERE day > 0"), 1);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(input) FROM usage_day WHERE day > 0"), 10);
    assert_int_equal(seen(b->store, "t"), 0);
}

/* ---- older ledgers ---- */

static void a_ledger_of_version_3_keeps_its_events_and_gets_its_sums(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 11 };
    struct buf before = { 0 }, after = { 0 };

    ledger_fill(b->store, &dice, 500, EVENING, EVENING + TWO_DAYS);
    dump(b->store, &before);
    ledger_forget_tasks(b->store);
    assert_int_equal(sqlite3_exec(b->store->db, "PRAGMA user_version = 3", NULL, NULL, NULL), 0);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    dump(b->store, &after);
    assert_string_equal(before.p, after.p);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(turns) FROM usage_total"), 500);
    buf_fini(&before);
    buf_fini(&after);
}

static void tasks_are_saved_from_a_damaged_ledger(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 5 };
    char *to = path_join(b->top, "new.db");
    struct salvage salvage;
    struct err err = { 0 };
    int64_t tasks, turns;
    int i;

    ledger_fill(b->store, &dice, 300, EVENING, EVENING + TWO_DAYS);
    ledger_begin(b->store);
    for (i = 0; i < 30; i++)
        task_roll(b->store, &dice, EVENING, EVENING + TWO_DAYS);
    ledger_commit(b->store);
    tasks = ledger_ask(b->store, "SELECT count(*) FROM task");
    turns = ledger_ask(b->store, "SELECT sum(seen_turns) FROM task");
    store_close(b->store);
    b->store = NULL;
    if (store_salvage(b->path, to, &salvage, &err) < 0)
        fail_msg("%s", err.text);
    b->store = ledger_open(to, STORE_WRITE);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM task"), tasks);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(seen_turns) FROM task"), turns);
    check_kept(b->store);
    free(to);
}

/* ---- other programs' tables ---- */

static int take_legacy(void *to, const struct task *task, struct err *err)
{
    (void)err;
    task_put(to, task);
    return 0;
}

static void make_legacy(const struct ledger_bench *b, char **path, const char *sql)
{
    sqlite3 *db;

    *path = path_join(b->top, "history.db");
    assert_int_equal(sqlite3_open(*path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_history_without_token_columns_comes_in_with_nothing_told(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };
    char *path;

    make_legacy(b, &path,
                "CREATE TABLE task_history(id INTEGER PRIMARY KEY, agent_name TEXT, turns INTEGER,"
                " started_at TEXT, output_tokens INTEGER);"
                "INSERT INTO task_history VALUES(1, 'w', 4, '2026-09-01 10:00:00', NULL),"
                " (2, 'w', NULL, '1788256800', 7);");
    ledger_begin(b->store);
    assert_int_equal(store_legacy_tasks(path, "task_history", take_legacy, b->store, &err), 0);
    ledger_commit(b->store);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM task WHERE input IS NULL"
                                          " AND cache_read IS NULL AND cost_nusd IS NULL"),
                     2);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM task WHERE output IS NULL"), 1);
    assert_int_equal(ledger_ask(b->store, "SELECT max(started_ms) FROM task"), 1788256800000);
    assert_int_equal(ledger_ask(b->store, "SELECT min(started_ms) FROM task"), 1788256800000);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(turns) FROM task_day WHERE day > 0"), 4);
    free(path);
}

static void a_bad_row_of_a_history_is_named(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };
    char *path;

    make_legacy(b, &path,
                "CREATE TABLE h(id TEXT, agent TEXT, started TEXT);"
                "INSERT INTO h VALUES('a', 'w', '2026-09-01T10:00:00Z'), ('b', 'w', 'soon');");
    ledger_begin(b->store);
    assert_int_equal(store_legacy_tasks(path, "h", take_legacy, b->store, &err), -1);
    store_rollback(b->store);
    assert_true(span_has(span_of(err.text), "row 2: started is no time: soon"));
    assert_int_equal(store_legacy_tasks(path, "x\" y", take_legacy, b->store, &err), -1);
    assert_true(span_has(span_of(err.text), "no such table"));
    free(path);
}

int main(void)
{
#define WITH_LEDGER(test) cmocka_unit_test_setup_teardown(test, ledger_set_up, ledger_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_LEDGER(whatever_comes_and_goes_what_is_kept_follows),
        WITH_LEDGER(a_task_finds_its_session_whichever_comes_first),
        WITH_LEDGER(events_go_to_the_latest_task_begun_before_them),
        WITH_LEDGER(a_replaced_task_lets_its_session_go),
        WITH_LEDGER(a_ledger_of_version_3_keeps_its_events_and_gets_its_sums),
        WITH_LEDGER(tasks_are_saved_from_a_damaged_ledger),
        WITH_LEDGER(a_history_without_token_columns_comes_in_with_nothing_told),
        WITH_LEDGER(a_bad_row_of_a_history_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
