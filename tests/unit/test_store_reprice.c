/* tests/unit/test_store_reprice.c — other costs for old events, and a ledger from before they were
 * kept three ways.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"
#include "store/query.h"

#define DAY_MS   INT64_C(86400000)
#define FIRST_MS (INT64_C(20000) * DAY_MS)
#define LAST_MS  (FIRST_MS + 3 * DAY_MS)

static void fill(struct ledger_bench *b, int n)
{
    struct dice dice = { 5 };

    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &dice, n, FIRST_MS, LAST_MS);
    ledger_check_sums(b->store, "UTC");
}

/* ---- other costs ---- */

struct change {
    struct dice dice;
    int64_t seen;
};

static void change_some(void *to, struct row *row)
{
    struct change *c = to;

    c->seen++;
    if (roll_once_in(&c->dice, 3))
        row->cost_nusd = roll_once_in(&c->dice, 3) ? COST_UNKNOWN : roll_below(&c->dice, 1000000);
    row->flags = (row->flags & ~(uint32_t)EVENT_UNPRICED) |
                 (row->cost_nusd == COST_UNKNOWN ? EVENT_UNPRICED : 0);
}

static int64_t reprice(struct store *store, int64_t since_ms, uint64_t seed)
{
    struct change change = { { seed }, 0 };
    struct store_pricer pricer = { change_some, &change };
    struct err err = { 0 };

    ledger_begin(store);
    if (store_reprice(store, (struct timespan){ since_ms, INT64_MAX }, &pricer, &err) < 0)
        fail_msg("%s", err.text);
    ledger_commit(store);
    return change.seen;
}

static void roll_ups_follow_every_cost_that_moves(void **state)
{
    struct ledger_bench *b = *state;
    uint64_t seed;

    fill(b, 9000); /* more than one run of rows */
    for (seed = 1; seed < 4; seed++) {
        assert_int_equal(reprice(b->store, INT64_MIN, seed), 9000);
        ledger_check_sums(b->store, "UTC");
    }
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM event WHERE"
                                          " (cost_nusd IS NULL) != (flags & 4 != 0)"),
                     0);
}

static void what_is_older_than_asked_for_stays(void **state)
{
    struct ledger_bench *b = *state;
    int64_t since_ms = FIRST_MS + DAY_MS, before;

    fill(b, 500);
    before = ledger_ask(b->store, "SELECT sum(cost_nusd) FROM event WHERE at_ms < 1728086400000");
    assert_int_equal(since_ms, INT64_C(1728086400000));
    assert_int_equal(reprice(b->store, since_ms, 3),
                     ledger_ask(b->store, "SELECT count(*) FROM event WHERE at_ms >="
                                          " 1728086400000"));
    assert_int_equal(
        ledger_ask(b->store, "SELECT sum(cost_nusd) FROM event WHERE at_ms < 1728086400000"),
        before);
    ledger_check_sums(b->store, "UTC");
}

static void an_empty_ledger_has_nothing_to_price(void **state)
{
    struct ledger_bench *b = *state;

    assert_int_equal(reprice(b->store, INT64_MIN, 1), 0);
}

static void the_last_event_of_a_model_is_found(void **state)
{
    struct ledger_bench *b = *state;
    struct row row = { 0 };
    int64_t last;

    fill(b, 300);
    last = ledger_ask(b->store, "SELECT max(at_ms) FROM event JOIN name n ON n.id = model"
                                " WHERE n.text = 'model-1'");
    assert_int_equal(store_last_of_model(b->store, SPAN_LIT("model-1"), INT64_MAX, &row, NULL), 1);
    assert_int_equal(row.at_ms, last);
    assert_true(span_is(row.model->text, "model-1"));
    last = ledger_ask(b->store, "SELECT max(at_ms) FROM event JOIN name n ON n.id = model"
                                " WHERE n.text = 'model-1' AND at_ms < 1728086400000");
    assert_int_equal(
        store_last_of_model(b->store, SPAN_LIT("model-1"), INT64_C(1728086400000), &row, NULL), 1);
    assert_int_equal(row.at_ms, last);
    assert_int_equal(store_last_of_model(b->store, SPAN_LIT("model-1"), FIRST_MS, &row, NULL), 0);
    assert_int_equal(store_last_of_model(b->store, SPAN_LIT("model-7"), INT64_MAX, &row, NULL), 0);
}

/* ---- an older ledger ---- */

/* Tables that came with later versions. */
static const char later_tables[] = "DROP TABLE bucket; DROP TABLE sighting; DROP TABLE account;"
                                   "DROP TABLE setting; DROP TABLE outbox;";

static void make_it_version_1(struct store *store)
{
    static const char *const tables[] = { "rollup", "rollup_day", "rollup_session" };
    static const char *const columns[] = { "auto_nusd", "auto_unpriced", "unlogged" };
    size_t i, k;

    for (i = 0; i < 3; i++) {
        for (k = 0; k < 3; k++) {
            char *sql = sqlite3_mprintf("ALTER TABLE %s DROP COLUMN %s", tables[i], columns[k]);

            assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
            sqlite3_free(sql);
        }
    }
    assert_int_equal(sqlite3_exec(store->db, later_tables, NULL, NULL, NULL), SQLITE_OK);
    ledger_forget_tasks(store);
    assert_int_equal(sqlite3_exec(store->db, "PRAGMA user_version = 1", NULL, NULL, NULL),
                     SQLITE_OK);
}

static void a_ledger_of_version_1_gets_its_sums_of_logged_costs(void **state)
{
    struct ledger_bench *b = *state;

    fill(b, 2000);
    make_it_version_1(b->store);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM event"), 2000);
    assert_string_equal(store_home(b->store), "");
    ledger_set_home(b->store, "UTC"); /* as whoever reads logs does before anything else */
    ledger_check_sums(b->store, "UTC");
}

int main(void)
{
#define WITH_LEDGER(test) cmocka_unit_test_setup_teardown(test, ledger_set_up, ledger_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_LEDGER(roll_ups_follow_every_cost_that_moves),
        WITH_LEDGER(what_is_older_than_asked_for_stays),
        WITH_LEDGER(an_empty_ledger_has_nothing_to_price),
        WITH_LEDGER(the_last_event_of_a_model_is_found),
        WITH_LEDGER(a_ledger_of_version_1_gets_its_sums_of_logged_costs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
