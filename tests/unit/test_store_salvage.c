/* tests/unit/test_store_salvage.c — what can be read of a damaged ledger is saved, and no more.
 *
 * Pages are found through SQLite's own statistics table; where the library was built without it,
 * the tests that need to hit a page are skipped.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "base/hash.h"
#include "store/salvage.h"

#define NOON   INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */
#define MINUTE INT64_C(60000)
#define PAGE   4096
#define EVENTS 2000

struct bench {
    struct ledger_bench *ledger;
    char *to; /* where it is saved to */
    struct salvage result;
};

/* Rows a minute apart, so that their numbers tell their times; every tenth has an extra. */
static void fill(struct store *store)
{
    struct dice dice = { 11 };
    int i;

    ledger_set_home(store, "Europe/Berlin");
    ledger_begin(store);
    for (i = 0; i < EVENTS; i++) {
        struct row row = ledger_roll_row(store, &dice, NOON + i * MINUTE, NOON + i * MINUTE);

        row.group = hash_mix((uint64_t)i / 2, 1);
        row.part = i % 2 ? 1 : 0;
        row.iteration = i % 2;
        if (i % 2) { /* an extra goes with the response before it */
            struct rows was = { 0 }, now = { 0 };

            store_group_load(store, row.group, &was, NULL);
            *rows_add(&now) = was.at[0];
            row.part = 0;
            *rows_add(&now) = row;
            assert_int_equal(store_group_put(store, &was, &now, NULL), 0);
            rows_fini(&was);
            rows_fini(&now);
        } else {
            ledger_put_one(store, &row);
        }
    }
    ledger_commit(store);
}

static int set_up(void **state)
{
    struct bench *b = xcalloc(1, sizeof(*b));

    ledger_set_up_folder((void **)&b->ledger);
    b->to = path_join(b->ledger->top, "saved.db");
    b->ledger->store = ledger_open(b->ledger->path, STORE_WRITE);
    fill(b->ledger->store);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    void *ledger = b->ledger;

    ledger_tear_down(&ledger);
    free(b->to);
    free(b);
    return 0;
}

/* ---- damage ---- */

static void overwrite_page(const char *path, int64_t page, int byte)
{
    char junk[PAGE];
    FILE *f = fopen(path, "r+");

    memset(junk, byte, sizeof(junk));
    assert_non_null(f);
    assert_int_equal(fseek(f, (long)((page - 1) * PAGE), SEEK_SET), 0);
    assert_int_equal(fwrite(junk, sizeof(junk), 1, f), 1);
    assert_int_equal(fclose(f), 0);
}

/* The page that holds the n-th part of a table or index in its order, and how many rows: 0 rows
 * where there is none. */
struct page {
    int64_t number, rows;
};

static struct page find_page(struct store *store, const char *table, int nth)
{
    char *sql = xasprintf("SELECT pageno, ncell FROM dbstat WHERE name = '%s' AND pagetype = 'leaf'"
                          " ORDER BY path LIMIT 1 OFFSET %d",
                          table, nth);
    sqlite3_stmt *statement = NULL;
    struct page page = { 0, 0 };

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        page =
            (struct page){ sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1) };
    sqlite3_finalize(statement);
    free(sql);
    return page;
}

static struct page need_page(struct bench *b, const char *table, int nth)
{
    struct page page = find_page(b->ledger->store, table, nth);

    if (page.number == 0)
        skip();
    return page;
}

/* Everything into the main file, and nobody has it open. */
static void close_ledger(struct bench *b)
{
    store_close(b->ledger->store);
    b->ledger->store = NULL;
}

static struct store *save(struct bench *b)
{
    struct err err = { 0 };

    if (store_salvage(b->ledger->path, b->to, &b->result, &err) < 0)
        fail_msg("%s", err.text);
    b->ledger->store = ledger_open(b->to, STORE_WRITE);
    return b->ledger->store;
}

/* ---- tests ---- */

static void a_sound_ledger_is_saved_whole(void **state)
{
    struct bench *b = *state;
    struct store *saved;
    int64_t output = ledger_ask(b->ledger->store, "SELECT sum(output) FROM event");
    int64_t cost = ledger_ask(b->ledger->store, "SELECT sum(cost_nusd) FROM event");

    close_ledger(b);
    saved = save(b);
    assert_int_equal(b->result.saved, EVENTS);
    assert_int_equal(b->result.lost, 0);
    assert_int_equal(b->result.first_ms, NOON);
    assert_int_equal(b->result.last_ms, NOON + (EVENTS - 1) * MINUTE);
    assert_int_equal(b->result.gap_first_ms, 0);
    assert_int_equal(b->result.gap_last_ms, 0);
    assert_int_equal(ledger_ask(saved, "SELECT sum(output) FROM event"), output);
    assert_int_equal(ledger_ask(saved, "SELECT sum(cost_nusd) FROM event"), cost);
    ledger_check_sums(saved, "UTC"); /* its home is still to be told */
    ledger_set_home(saved, "Europe/Berlin");
    ledger_check_sums(saved, "Europe/Berlin");
}

static void a_saved_group_is_found_again_with_its_extras(void **state)
{
    struct bench *b = *state;
    struct rows rows = { 0 };
    struct store *saved;
    int i;

    close_ledger(b);
    saved = save(b);
    for (i = 0; i < EVENTS / 2; i += 100) {
        rows_fini(&rows);
        assert_int_equal(store_group_load(saved, hash_mix((uint64_t)i, 1), &rows, NULL), 0);
        assert_int_equal(rows.n, 2);
        assert_true(rows.at[0].part == 0 && rows.at[1].part == 0);
        assert_int_equal(rows.at[0].iteration + rows.at[1].iteration, 1);
    }
    rows_fini(&rows);
}

static void lost_pages_cost_their_own_rows_and_no_others(void **state)
{
    static const int bytes[] = { 0x00, 0xff, 0xa5 };
    struct bench *b = *state;
    struct store *saved;
    int64_t lost = 0;
    size_t i;

    for (i = 0; i < 3; i++)
        lost += need_page(b, "event", (int)i * 2 + 20).rows;
    for (i = 0; i < 3; i++) {
        int64_t page = find_page(b->ledger->store, "event", (int)i * 2 + 20).number;

        sqlite3_wal_checkpoint_v2(b->ledger->store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL);
        overwrite_page(b->ledger->path, page, bytes[i]);
    }
    close_ledger(b);
    saved = save(b);
    assert_int_equal(b->result.saved, EVENTS - lost);
    assert_int_equal(b->result.lost, lost);
    assert_int_equal(b->result.first_ms, NOON);
    assert_int_equal(b->result.last_ms, NOON + (EVENTS - 1) * MINUTE);
    assert_true(b->result.gap_first_ms > NOON);
    assert_true(b->result.gap_last_ms < NOON + (EVENTS - 1) * MINUTE);
    assert_true(b->result.gap_last_ms - b->result.gap_first_ms >= lost * MINUTE);
    assert_int_equal(ledger_ask(saved, "SELECT count(*) FROM event"), EVENTS - lost);
    ledger_check_sums(saved, "UTC");
}

static void a_lost_end_is_a_gap_too(void **state)
{
    struct bench *b = *state;
    int64_t last = ledger_ask(b->ledger->store, "SELECT max(pageno) FROM dbstat"
                                                " WHERE name = 'event' AND pagetype = 'leaf'");

    sqlite3_wal_checkpoint_v2(b->ledger->store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    overwrite_page(b->ledger->path, last, 0xff);
    close_ledger(b);
    save(b);
    assert_true(b->result.saved > EVENTS - 100);
    assert_true(b->result.saved < EVENTS);
    assert_int_equal(b->result.lost, EVENTS - b->result.saved);
    assert_int_equal(b->result.gap_first_ms, b->result.last_ms);
}

static void lost_names_do_not_cost_tokens(void **state)
{
    struct bench *b = *state;
    int64_t output = ledger_ask(b->ledger->store, "SELECT sum(output) FROM event");
    struct store *saved;

    assert_int_equal(sqlite3_exec(b->ledger->store->db,
                                  "DELETE FROM name WHERE text IN ('model-1', 'project-2');"
                                  "DELETE FROM session WHERE id % 2 = 0;"
                                  "DELETE FROM origin WHERE id % 3 = 0;"
                                  "UPDATE name SET kind = 0 WHERE text = 'model-0'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    close_ledger(b);
    saved = save(b);
    assert_int_equal(b->result.saved, EVENTS);
    assert_int_equal(ledger_ask(saved, "SELECT sum(output) FROM event"), output);
    assert_true(ledger_ask(saved, "SELECT count(*) FROM event e JOIN name n ON n.id = e.model"
                                  " WHERE n.text = 'unknown'") > 0);
    ledger_check_sums(saved, "UTC");
}

/* A page that is still a page may hold anything. */
static void rows_that_cannot_be_are_not_saved(void **state)
{
    static const char *const nonsense[] = {
        "UPDATE event SET output = -5 WHERE id = 10",
        "UPDATE event SET input = 9000000000000000000 WHERE id = 20",
        "UPDATE event SET web_search = -1 WHERE id = 30",
        "UPDATE event SET iteration = 2000000000 WHERE id = 40",
        "UPDATE event SET iteration = -1 WHERE id = 50",
        "UPDATE event SET key = x'00' WHERE id = 60",
        "UPDATE event SET at_ms = 9000000000000000000 WHERE id = 70",
        "UPDATE event SET cost_nusd = 9000000000000000000 WHERE id = 80",
    };
    struct bench *b = *state;
    struct store *saved;
    size_t i;

    for (i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        assert_int_equal(sqlite3_exec(b->ledger->store->db, nonsense[i], NULL, NULL, NULL),
                         SQLITE_OK);
    close_ledger(b);
    saved = save(b);
    assert_int_equal(b->result.saved, EVENTS - 8);
    assert_int_equal(b->result.lost, 8);
    assert_int_equal(b->result.last_ms, NOON + (EVENTS - 1) * MINUTE);
    ledger_check_sums(saved, "UTC");
}

/* Far beyond the others: looking for rows up to there must not take for ever. */
static void a_row_with_an_impossible_number_does_not_hold_us_up(void **state)
{
    struct bench *b = *state;
    struct page page = need_page(b, "event", 30);

    assert_int_equal(sqlite3_exec(b->ledger->store->db,
                                  "UPDATE event SET id = 9000000000000000000 WHERE id = 2000", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    sqlite3_wal_checkpoint_v2(b->ledger->store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    overwrite_page(b->ledger->path, page.number, 0);
    close_ledger(b);
    save(b);
    assert_int_equal(b->result.saved, EVENTS - page.rows);
}

static void a_table_whose_root_is_lost_is_lost_quickly(void **state)
{
    struct bench *b = *state;
    int64_t root =
        ledger_ask(b->ledger->store, "SELECT rootpage FROM sqlite_master WHERE name = 'event'");

    close_ledger(b);
    overwrite_page(b->ledger->path, root, 0xff);
    save(b);
    assert_int_equal(b->result.saved, 0);
    assert_int_equal(b->result.lost, EVENTS);
}

static void of_garbage_nothing_is_saved_and_an_empty_ledger_made(void **state)
{
    struct bench *b = *state;
    struct buf junk = { 0 };
    struct dice dice = { 12 };
    int i;

    close_ledger(b);
    for (i = 0; i < 100000; i++)
        buf_add_char(&junk, (char)roll(&dice));
    assert_int_equal(path_write(b->ledger->path, buf_span(&junk), 0600, NULL), 0);
    buf_fini(&junk);
    save(b);
    assert_int_equal(b->result.saved, 0);
    assert_true(store_is_empty(b->ledger->store));
}

static void a_ledger_cut_in_half_gives_its_first_half(void **state)
{
    struct bench *b = *state;
    struct stat st;

    close_ledger(b);
    assert_int_equal(stat(b->ledger->path, &st), 0);
    assert_int_equal(truncate(b->ledger->path, st.st_size / PAGE / 2 * PAGE), 0);
    save(b);
    assert_true(b->result.saved > EVENTS / 10);
    assert_true(b->result.saved < EVENTS);
    ledger_check_sums(b->ledger->store, "UTC");
}

static void copy_file(const char *from, const char *to, const char *ending, struct buf *bytes)
{
    char *a = xasprintf("%s%s", from, ending), *b = xasprintf("%s%s", to, ending);

    ledger_read_file(a, bytes);
    assert_int_equal(path_write(b, buf_span(bytes), 0600, NULL), 0);
    free(a);
    free(b);
}

static void assert_holds(const char *path, const char *ending, const struct buf *bytes)
{
    char *file = xasprintf("%s%s", path, ending);
    struct buf now = { 0 };

    ledger_read_file(file, &now);
    assert_true(span_eq(buf_span(&now), buf_span(bytes)));
    buf_fini(&now);
    free(file);
}

/* As a kill leaves it: half of it in the log beside. */
static void the_damaged_ledger_itself_is_not_touched(void **state)
{
    struct bench *b = *state;
    char *from = path_join(b->ledger->top, "killed.db");
    struct buf file = { 0 }, wal = { 0 };
    struct err err = { 0 };

    copy_file(b->ledger->path, from, "", &file);
    copy_file(b->ledger->path, from, "-wal", &wal);
    assert_true(wal.len > 0);
    assert_int_equal(store_salvage(from, b->to, &b->result, &err), 0);
    assert_int_equal(b->result.saved, EVENTS);
    assert_holds(from, "", &file);
    assert_holds(from, "-wal", &wal);
    buf_fini(&file);
    buf_fini(&wal);
    free(from);
}

static void nothing_is_saved_over_a_file_that_is_there(void **state)
{
    struct bench *b = *state;
    struct err err = { 0 };

    assert_int_equal(path_write(b->to, SPAN_LIT("mine"), 0600, NULL), 0);
    assert_int_equal(store_salvage(b->ledger->path, b->to, &b->result, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
}

/* Whatever is overwritten: no crash, no hang, never more than there was, and sums that agree. */
static void any_damage_is_survived(void **state)
{
    struct bench *b = *state;
    struct dice dice = { 13 };
    struct buf whole = { 0 };
    int i, n;

    close_ledger(b);
    ledger_read_file(b->ledger->path, &whole);
    for (i = 0; i < 10; i++) {
        char *wal = xasprintf("%s-wal", b->ledger->path);

        assert_int_equal(path_write(b->ledger->path, buf_span(&whole), 0600, NULL), 0);
        unlink(wal);
        free(wal);
        for (n = (int)roll_between(&dice, 1, 12); n > 0; n--)
            overwrite_page(b->ledger->path,
                           roll_between(&dice, i < 6 ? 3 : 1, (int64_t)whole.len / PAGE),
                           (int)roll_below(&dice, 256));
        save(b);
        assert_true(b->result.saved >= 0 && b->result.saved <= EVENTS);
        assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM event"),
                         b->result.saved);
        ledger_check_sums(b->ledger->store, "UTC");
        close_ledger(b);
        assert_int_equal(unlink(b->to), 0);
    }
    buf_fini(&whole);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sound_ledger_is_saved_whole),
        TEST(a_saved_group_is_found_again_with_its_extras),
        TEST(lost_pages_cost_their_own_rows_and_no_others),
        TEST(a_lost_end_is_a_gap_too),
        TEST(lost_names_do_not_cost_tokens),
        TEST(rows_that_cannot_be_are_not_saved),
        TEST(a_row_with_an_impossible_number_does_not_hold_us_up),
        TEST(a_table_whose_root_is_lost_is_lost_quickly),
        TEST(of_garbage_nothing_is_saved_and_an_empty_ledger_made),
        TEST(a_ledger_cut_in_half_gives_its_first_half),
        TEST(the_damaged_ledger_itself_is_not_touched),
        TEST(nothing_is_saved_over_a_file_that_is_there),
        TEST(any_damage_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
