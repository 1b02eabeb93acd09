/* tests/unit/test_store_gateways.c — what is kept of gateways, and ledgers from before.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"
#include "store/gateways.h"

#define NOON INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */
#define HOME SPAN_LIT("11111111-2222-4333-8444-555555555555")

struct seen {
    int readings, gauges;
    struct store_reading last;
    int64_t last_ppm, last_at_ms;
    char label[32];
};

static void see_reading(void *to, const struct store_reading *reading)
{
    struct seen *seen = to;

    assert_true(reading->at_ms > seen->last.at_ms);
    seen->readings++;
    seen->last = *reading;
}

static void see_gauge(void *to, const struct store_gauge *gauge)
{
    struct seen *seen = to;

    seen->gauges++;
    seen->last_ppm = gauge->used_ppm;
    seen->last_at_ms = gauge->at_ms;
    span_copy(gauge->label, seen->label, sizeof(seen->label));
}

static void note(struct store *store, struct span id, int64_t at_ms, int64_t cost)
{
    const struct store_gauge gauge = { 0, SPAN_LIT("p"), SPAN_LIT("5h"), cost * 2, 9 };
    const struct store_gateway_note note = { id, { at_ms, cost, 2, 3, 4, 5, 6, 7, 8 }, &gauge, 1 };
    struct err err = { 0 };

    if (store_gateway_note(store, &note, &err) < 0)
        fail_msg("%s", err.text);
}

static struct seen look(struct store *store, struct span id, int64_t since_ms, int64_t until_ms)
{
    struct seen seen = { .readings = 0 };
    const struct store_gateway_query query = { id, since_ms, until_ms, &seen };

    assert_int_equal(store_gateway_readings(store, &query, see_reading, NULL), 0);
    assert_int_equal(store_gateway_gauges(store, &query, see_gauge, NULL), 0);
    return seen;
}

static void the_last_reading_of_five_minutes_stays(void **state)
{
    struct ledger_bench *b = *state;
    struct seen seen;

    b->store = ledger_open(b->path, STORE_WRITE);
    note(b->store, HOME, NOON, 10);
    note(b->store, HOME, NOON + 60000, 20);
    note(b->store, HOME, NOON + STORE_READING_MS + 1, 30);
    seen = look(b->store, HOME, 0, INT64_MAX);
    assert_int_equal(seen.readings, 2);
    assert_int_equal(seen.gauges, 2);
    assert_int_equal(seen.last.at_ms, NOON + STORE_READING_MS);
    assert_int_equal(seen.last.cost_nusd, 30);
    assert_int_equal(seen.last.resets_ms, 8);
    assert_int_equal(seen.last_ppm, 60);
    assert_string_equal(seen.label, "5h");
    seen = look(b->store, HOME, NOON, NOON + STORE_READING_MS);
    assert_int_equal(seen.readings, 1);
    assert_int_equal(seen.last.cost_nusd, 20);
}

static void gateways_do_not_see_each_other(void **state)
{
    struct ledger_bench *b = *state;

    b->store = ledger_open(b->path, STORE_WRITE);
    note(b->store, HOME, NOON, 10);
    note(b->store, SPAN_LIT("other"), NOON, 50);
    assert_int_equal(look(b->store, HOME, 0, INT64_MAX).last.cost_nusd, 10);
    assert_int_equal(look(b->store, SPAN_LIT("other"), 0, INT64_MAX).last.cost_nusd, 50);
    assert_int_equal(look(b->store, SPAN_LIT("none"), 0, INT64_MAX).readings, 0);
}

static void an_older_ledger_learns_of_gateways_and_loses_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 3 };

    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &dice, 50, NOON, NOON + 86400000);
    ledger_check_sums(b->store, "UTC");
    ledger_forget_since(b->store, "gateway");
    assert_int_equal(sqlite3_exec(b->store->db, "PRAGMA user_version = 4", NULL, NULL, NULL),
                     SQLITE_OK);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_check_sums(b->store, "UTC");
    note(b->store, HOME, NOON, 10);
    assert_int_equal(look(b->store, HOME, 0, INT64_MAX).readings, 1);
}

#define WITH_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, ledger_set_up_folder, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_last_reading_of_five_minutes_stays),
        WITH_FOLDER(gateways_do_not_see_each_other),
        WITH_FOLDER(an_older_ledger_learns_of_gateways_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
