/* tests/unit/test_store_roots.c — a project's root is noted once and stays.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#define NOON INT64_C(1790000000000)

static const struct name *project(struct store *store, const char *text)
{
    const struct name *name = store_name(store, NAME_PROJECT, span_of(text), NULL);

    assert_non_null(name);
    return name;
}

static void note(struct store *store, const char *text, const char *root)
{
    ledger_begin(store);
    assert_int_equal(store_set_root(store, project(store, text), span_of(root), NULL), 0);
    ledger_commit(store);
}

static void nobody_has_looked_at_first(void **state)
{
    struct ledger_bench *b = *state;

    ledger_begin(b->store);
    assert_null(store_root(b->store, project(b->store, "/work/shop")));
    ledger_commit(b->store);
}

static void a_root_is_a_project_and_may_be_the_project_itself(void **state)
{
    struct ledger_bench *b = *state;

    note(b->store, "/work/shop/src", "/work/shop");
    note(b->store, "/work/inn", "/work/inn");
    assert_ptr_equal(store_root(b->store, project(b->store, "/work/shop/src")),
                     project(b->store, "/work/shop"));
    assert_ptr_equal(store_root(b->store, project(b->store, "/work/inn")),
                     project(b->store, "/work/inn"));
    assert_null(store_root(b->store, project(b->store, "/work/shop")));
}

static void another_handle_reads_what_was_noted(void **state)
{
    struct ledger_bench *b = *state;
    struct store *reader;

    note(b->store, "/work/inn", "/work/inn");
    reader = ledger_open(b->path, STORE_READ);
    assert_ptr_equal(store_root(reader, project(reader, "/work/inn")),
                     project(reader, "/work/inn"));
    note(b->store, "/work/shop/src", "/work/shop");
    assert_true(span_is(store_root(reader, project(reader, "/work/shop/src"))->text, "/work/shop"));
    store_close(reader);
}

static void what_was_rolled_back_is_not_noted(void **state)
{
    struct ledger_bench *b = *state;

    note(b->store, "/work/shop/src", "/work/shop/src");
    ledger_begin(b->store);
    assert_int_equal(
        store_set_root(b->store, project(b->store, "/work/shop/src"), SPAN_LIT("/work/shop"), NULL),
        0);
    store_rollback(b->store);
    assert_true(
        span_is(store_root(b->store, project(b->store, "/work/shop/src"))->text, "/work/shop/src"));
}

static void an_older_ledger_learns_of_roots_and_loses_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 5 };

    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &dice, 50, NOON, NOON + 86400000);
    ledger_forget_since(b->store, "project_root");
    assert_int_equal(sqlite3_exec(b->store->db, "PRAGMA user_version = 6", NULL, NULL, NULL),
                     SQLITE_OK);
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_check_sums(b->store, "UTC");
    nobody_has_looked_at_first(state);
    note(b->store, "/work/shop/src", "/work/shop");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_has_looked_at_first),
        TEST(a_root_is_a_project_and_may_be_the_project_itself),
        TEST(another_handle_reads_what_was_noted),
        TEST(what_was_rolled_back_is_not_noted),
        TEST(an_older_ledger_learns_of_roots_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
