/* tests/unit/test_store_full.c — a ledger that cannot grow loses nothing and writes nothing half.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include <signal.h>
#include <sys/resource.h>

#define NOON INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */

/* Fills a transaction until the ledger takes no more or `n` rows are in. 0, or -1 with *err. */
static int fill_until_full(struct store *store, struct dice *dice, int n, struct err *err)
{
    if (store_begin(store, err) < 0)
        return -1;
    while (n-- > 0) {
        struct row row = ledger_roll_row(store, dice, NOON, NOON + MS_PER_DAY);
        struct rows was = { 0 }, now = { 0 };
        int rc;

        row.group = roll(dice);
        *rows_add(&now) = row;
        rc = store_group_put(store, &was, &now, err);
        rows_fini(&now);
        if (rc < 0) {
            store_rollback(store);
            return -1;
        }
    }
    return store_commit(store, err);
}

static void check_whole(struct store *store, int64_t events)
{
    assert_int_equal(ledger_ask(store, "SELECT count(*) FROM event"), events);
    assert_int_equal(ledger_ask(store, "SELECT count(*) FROM pragma_integrity_check"
                                       " WHERE integrity_check <> 'ok'"),
                     0);
    ledger_check_sums(store, "UTC");
}

static void limit_pages(struct store *store, int64_t more)
{
    char *sql =
        xasprintf("PRAGMA max_page_count = %d",
                  (int)(more < 0 ? INT32_MAX - 1 : ledger_ask(store, "PRAGMA page_count") + more));

    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    free(sql);
}

/* Full at the first page, the second, …: while rows are written and while sums are. */
static void a_full_disk_takes_the_whole_transaction_back(void **state)
{
    struct ledger_bench *b = *state;
    int64_t more;
    int failed = 0;

    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &(struct dice){ 1 }, 500, NOON, NOON + MS_PER_DAY);
    for (more = 0; more < 120; more += 3) {
        struct dice dice = { 2 };
        struct err err = { 0 };

        limit_pages(b->store, more);
        if (fill_until_full(b->store, &dice, 1500, &err) == 0)
            break;
        failed++;
        assert_int_equal(err.kind, ERR_FULL);
        assert_non_null(strstr(err.text, b->path));
        limit_pages(b->store, -1);
        check_whole(b->store, 500);
    }
    assert_true(failed > 10);
    assert_true(more < 120);
    check_whole(b->store, 2000);
}

static void once_there_is_room_again_the_same_work_succeeds(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 3 };
    struct err err = { 0 };

    ledger_set_home(b->store, "UTC");
    limit_pages(b->store, 2);
    assert_int_equal(fill_until_full(b->store, &dice, 1000, &err), -1);
    limit_pages(b->store, -1);
    dice.state = 3;
    assert_int_equal(fill_until_full(b->store, &dice, 1000, &err), 0);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_READ);
    check_whole(b->store, 1000);
}

/* A limit of the process on file sizes fails the write itself, in the log beside the ledger. */
static void a_write_that_fails_takes_the_whole_transaction_back(void **state)
{
    struct ledger_bench *b = *state;
    struct rlimit before, tight;
    rlim_t kb;

    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &(struct dice){ 4 }, 100, NOON, NOON + MS_PER_DAY);
    sqlite3_wal_checkpoint_v2(b->store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (kb = 8; kb <= 128; kb += 24) {
        struct dice dice = { 5 };
        struct err err = { 0 };
        int rc;

        tight = before;
        tight.rlim_cur = kb << 10;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        rc = fill_until_full(b->store, &dice, 2000, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(rc, -1);
        assert_true(err.kind == ERR_IO || err.kind == ERR_FULL);
        check_whole(b->store, 100);
    }
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(fill_until_full(b->store, &(struct dice){ 5 }, 2000, NULL), 0);
    check_whole(b->store, 2100);
}

static void another_writer_makes_us_busy_and_not_broken(void **state)
{
    struct ledger_bench *b = *state;
    struct store *other = ledger_open(b->path, STORE_WRITE);
    struct dice dice = { 6 };
    struct err err = { 0 };

    ledger_set_home(b->store, "UTC");
    sqlite3_busy_timeout(b->store->db, 1);
    ledger_begin(other);
    assert_int_equal(fill_until_full(b->store, &dice, 10, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    store_close(other);
    assert_int_equal(fill_until_full(b->store, &dice, 10, &err), 0);
    check_whole(b->store, 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_full_disk_takes_the_whole_transaction_back),
        TEST(once_there_is_room_again_the_same_work_succeeds),
        TEST(a_write_that_fails_takes_the_whole_transaction_back),
        TEST(another_writer_makes_us_busy_and_not_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
