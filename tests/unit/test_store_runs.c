/* tests/unit/test_store_runs.c — runs in the ledger: what they are told to be, what they spend, and
 * that an older ledger and a damaged one lose nothing of it.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "store/runs.h"
#include "store/salvage.h"

#define NOON INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */

static int64_t add(struct store *store, int64_t id, const char *label)
{
    struct run run = {
        .id = id, .label = span_of(label), .created_ms = NOON, .finished_ms = RUN_NO_TIME
    };
    struct err err = { 0 };
    int rc;

    ledger_begin(store);
    rc = store_run_add(store, &run, &err);
    ledger_commit(store);
    return rc == 0 ? run.id : 0;
}

static struct run get(struct store *store, int64_t id)
{
    struct run run;

    assert_int_equal(store_run_get(store, id, &run, NULL), 1);
    return run;
}

static void a_run_is_what_it_was_told(void **state)
{
    struct ledger_bench *b = *state;
    struct run run;

    assert_int_equal(add(b->store, 0, NULL), 1);
    assert_int_equal(add(b->store, 40, "it's \"forty\""), 40);
    assert_int_equal(add(b->store, 0, NULL), 41);
    assert_int_equal(add(b->store, 40, "another"), 0);
    run = get(b->store, 40);
    assert_true(span_is(run.label, "it's \"forty\""));
    assert_null(run.model.p);
    assert_int_equal(run.state, RUN_RUNNING);
    assert_true(run.finished_ms == RUN_NO_TIME);
    assert_int_equal(store_run_get(b->store, 39, &run, NULL), 0);

    ledger_begin(b->store);
    assert_int_equal(store_run_ask_end(b->store, 40, RUN_FAILED, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(get(b->store, 40).ending, RUN_FAILED);
    ledger_begin(b->store);
    assert_int_equal(store_run_set_state(b->store, 40, RUN_FAILED, NOON + 5, NULL), 0);
    ledger_commit(b->store);
    run = get(b->store, 40);
    assert_int_equal(run.state, RUN_FAILED);
    assert_int_equal(run.ending, RUN_RUNNING);
    assert_int_equal(run.finished_ms, NOON + 5);
}

static void a_strange_line_counts_once(void **state)
{
    struct ledger_bench *b = *state;

    add(b->store, 1, NULL);
    add(b->store, 2, NULL);
    ledger_begin(b->store);
    assert_int_equal(store_run_problem(b->store, 1, UINT64_MAX, NULL), 0);
    assert_int_equal(store_run_problem(b->store, 1, UINT64_MAX, NULL), 0);
    assert_int_equal(store_run_problem(b->store, 1, 0, NULL), 0);
    assert_int_equal(store_run_problem(b->store, 2, 0, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(get(b->store, 1).parse_errors, 2);
    assert_int_equal(get(b->store, 2).parse_errors, 1);
}

/* ---- what is told ---- */

struct heard {
    struct run_tokens sums[4]; /* by run */
};

static void hear(void *to, const struct run_news *news)
{
    struct heard *heard = to;
    struct run_tokens *sum = &heard->sums[news->run];

    assert_int_equal(news->kind, RUN_NEWS_USAGE);
    sum->input += news->more.input;
    sum->output += news->more.output;
    sum->cache_read += news->more.cache_read;
    sum->cache_create += news->more.cache_create;
}

static int64_t total(struct store *store, int run, const char *column)
{
    char *sql = xasprintf("SELECT ifnull(sum(%s), 0) FROM run_total WHERE run = %d", column, run);
    int64_t value = ledger_ask(store, sql);

    free(sql);
    return value;
}

static void increments_add_up_to_the_totals(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 7 };
    struct heard heard = { 0 };
    int round, i, run;

    for (round = 0; round < 60; round++) {
        ledger_begin(b->store);
        for (i = 0; i < 10; i++) {
            struct row row = ledger_roll_row(b->store, &dice, NOON, NOON + MS_PER_DAY);

            row.run = roll_below(&dice, 4);
            row.group = (uint64_t)roll_below(&dice, 40);
            ledger_put_one(b->store, &row);
        }
        if (roll_once_in(&dice, 5)) {
            store_rollback(b->store); /* what was not committed is not told */
            store_run_news_take(b->store, hear, NULL);
        } else {
            ledger_commit(b->store);
            store_run_news_take(b->store, hear, &heard);
        }
        for (run = 1; run < 4; run++) {
            assert_int_equal(heard.sums[run].input, total(b->store, run, "input"));
            assert_int_equal(heard.sums[run].output, total(b->store, run, "output"));
            assert_int_equal(heard.sums[run].cache_read, total(b->store, run, "cache_read"));
            assert_int_equal(heard.sums[run].cache_create,
                             total(b->store, run, "cache_write_5m + cache_write_1h"));
        }
    }
    ledger_check_sums(b->store, "UTC");
}

/* ---- sessions ---- */

static void put(struct store *store, const char *project, const char *session, int64_t at_ms,
                uint64_t group)
{
    struct dice dice = { 1 };
    struct row row = ledger_roll_row(store, &dice, at_ms, at_ms);
    struct origin origin = *row.origin;

    origin.project = store_name(store, NAME_PROJECT, span_of(project), NULL);
    row.origin = store_origin(store, &origin, NULL);
    row.session = store_session(store, origin.agent, span_of(session), SPAN_ABSENT, NULL);
    row.figures =
        (struct figures){ .tokens = { [TOKEN_OUTPUT] = 1 << group }, .logged_nusd = COST_UNTOLD };
    row.group = group;
    row.run = group == 9 ? 3 : 0;
    ledger_put_one(store, &row);
}

static void a_run_takes_the_sessions_that_begin_in_its_folder_and_time(void **state)
{
    struct ledger_bench *b = *state;
    struct run_claim claim = { 5, SPAN_LIT("/w/shop/"), { NOON, NOON + 1000 } };

    add(b->store, 5, NULL);
    ledger_begin(b->store);
    put(b->store, "/w/shop", "old", NOON - 1, 0);
    put(b->store, "/w/shop", "old", NOON + 1, 1);
    put(b->store, "/w/shop", "new", NOON, 2);
    put(b->store, "/w/shop/deep", "deep", NOON + 999, 3);
    put(b->store, "/w/shop", "new", NOON + 1000, 4); /* goes on behind the end */
    put(b->store, "/w/shopping", "near", NOON + 2, 5);
    put(b->store, "/w", "above", NOON + 2, 6);
    put(b->store, "/w/shop", "late", NOON + 1000, 7);
    put(b->store, "/w/shop", "taken", NOON + 2, 9); /* of another run */
    ledger_commit(b->store);
    ledger_begin(b->store);
    assert_int_equal(store_run_claim(b->store, &claim, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(total(b->store, 5, "output"), (1 << 2) + (1 << 3));
    assert_int_equal(total(b->store, 3, "output"), 1 << 9);
    ledger_check_sums(b->store, "UTC");
}

/* ---- other ledgers ---- */

static void a_ledger_from_before_runs_keeps_its_events(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 3 };
    int64_t output;

    ledger_fill(b->store, &dice, 300, NOON, NOON + MS_PER_DAY);
    output = ledger_ask(b->store, "SELECT sum(output) FROM event");
    ledger_forget_since(b->store, "run");
    assert_int_equal(sqlite3_exec(b->store->db, "PRAGMA user_version = 7", NULL, NULL, NULL), 0);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(output) FROM event"), output);
    assert_int_equal(ledger_ask(b->store, "SELECT sum(run) FROM event"), 0);
    ledger_fill(b->store, &dice, 30, NOON, NOON + MS_PER_DAY);
    ledger_check_sums(b->store, "UTC");
}

static void rescue(struct ledger_bench *b)
{
    char *to = path_join(b->top, "new.db");
    struct salvage salvage;
    struct err err = { 0 };

    store_close(b->store);
    b->store = NULL;
    if (store_salvage(b->path, to, &salvage, &err) < 0)
        fail_msg("%s", err.text);
    b->store = ledger_open(to, STORE_WRITE);
    assert_int_equal(salvage.saved, 300);
    free(to);
}

static void runs_are_saved_from_a_damaged_ledger(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 4 };
    int64_t output;

    add(b->store, 1, "one");
    ledger_fill(b->store, &dice, 300, NOON, NOON + MS_PER_DAY);
    ledger_begin(b->store);
    assert_int_equal(store_run_problem(b->store, 1, 77, NULL), 0);
    ledger_commit(b->store);
    output = total(b->store, 1, "output");
    assert_true(output > 0);
    rescue(b);
    assert_int_equal(total(b->store, 1, "output"), output);
    assert_int_equal(get(b->store, 1).parse_errors, 1);
    assert_true(span_is(get(b->store, 1).label, "one"));
    ledger_begin(b->store);
    assert_int_equal(store_run_problem(b->store, 1, 77, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(get(b->store, 1).parse_errors, 1);
}

static void a_damaged_ledger_from_before_runs_is_saved_too(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 5 };

    ledger_fill(b->store, &dice, 300, NOON, NOON + MS_PER_DAY);
    ledger_forget_since(b->store, "run");
    assert_int_equal(sqlite3_exec(b->store->db, "PRAGMA user_version = 7", NULL, NULL, NULL), 0);
    rescue(b);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM event WHERE run = 0"), 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_what_it_was_told),
        TEST(a_strange_line_counts_once),
        TEST(increments_add_up_to_the_totals),
        TEST(a_run_takes_the_sessions_that_begin_in_its_folder_and_time),
        TEST(a_ledger_from_before_runs_keeps_its_events),
        TEST(runs_are_saved_from_a_damaged_ledger),
        TEST(a_damaged_ledger_from_before_runs_is_saved_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
