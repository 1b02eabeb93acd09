/* tests/unit/test_store_open.c — opening a ledger that is there, is not, is newer or is damaged.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include <sys/wait.h>

#define NOON INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */

static void assert_mode(const char *path, const char *ending, mode_t want)
{
    char *file = xasprintf("%s%s", path, ending);
    struct stat st;

    if (stat(file, &st) < 0)
        fail_msg("%s is missing", file);
    if ((st.st_mode & 0777) != want)
        fail_msg("%s has mode %o", file, (unsigned)(st.st_mode & 0777));
    free(file);
}

static void a_new_ledger_is_for_its_owner_alone(void **state)
{
    struct ledger_bench *b = *state;
    char *folder = path_join(b->top, "a/b");
    char *path = path_join(folder, "ledger.db");
    struct dice dice = { 1 };
    mode_t before = umask(0);

    b->store = ledger_open(path, STORE_WRITE);
    ledger_fill(b->store, &dice, 10, NOON, NOON);
    umask(before);
    assert_mode(folder, "", 0700);
    assert_mode(folder, "/..", 0700);
    assert_mode(path, "", 0600);
    assert_mode(path, "-wal", 0600);
    assert_mode(path, "-shm", 0600);
    free(path);
    free(folder);
}

static void opening_leaves_the_process_umask_alone(void **state)
{
    struct ledger_bench *b = *state;
    mode_t before = umask(0022);

    b->store = ledger_open(b->path, STORE_WRITE);
    assert_int_equal(umask(before), 0022);
    assert_mode(b->path, "", 0600);
}

static void reading_a_missing_ledger_finds_nothing_and_makes_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };

    assert_int_equal(store_open(&b->store, b->path, STORE_READ, &err), -1);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_null(b->store);
    assert_int_equal(access(b->path, F_OK), -1);
}

static void reading_an_empty_file_finds_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };

    assert_int_equal(path_write(b->path, SPAN_LIT(""), 0600, NULL), 0);
    assert_int_equal(store_open(&b->store, b->path, STORE_READ, &err), -1);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
}

static void a_folder_that_cannot_be_made_is_an_error_with_a_name(void **state)
{
    struct ledger_bench *b = *state;
    char *path = path_join(b->top, "file/ledger.db");
    char *file = path_join(b->top, "file");
    struct err err = { 0 };

    assert_int_equal(path_write(file, SPAN_LIT("x"), 0600, NULL), 0);
    assert_int_equal(store_open(&b->store, path, STORE_WRITE, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.text, file));
    free(path);
    free(file);
}

/* ---- versions ---- */

static void make_other_version(const char *path, const char *pragmas)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, pragmas, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void assert_refused_untouched(struct ledger_bench *b, enum store_mode mode,
                                     enum err_kind kind)
{
    struct buf before = { 0 }, after = { 0 };
    struct err err = { 0 };

    ledger_read_file(b->path, &before);
    assert_int_equal(store_open(&b->store, b->path, mode, &err), -1);
    assert_int_equal(err.kind, kind);
    assert_null(b->store);
    ledger_read_file(b->path, &after);
    assert_true(span_eq(buf_span(&before), buf_span(&after)));
    buf_fini(&before);
    buf_fini(&after);
}

#define OURS "PRAGMA application_id = 1952539496;"

static void a_newer_ledger_is_refused_and_left_as_it_is(void **state)
{
    struct ledger_bench *b = *state;

    make_other_version(b->path, OURS "PRAGMA user_version = 1000; CREATE TABLE later(x);");
    assert_refused_untouched(b, STORE_WRITE, ERR_NEWER);
    assert_refused_untouched(b, STORE_READ, ERR_NEWER);
}

/* What a newer program that was killed leaves: its last transactions stand in the log beside. */
static void a_newer_ledger_with_a_log_beside_it_is_left_as_it_is(void **state)
{
    struct ledger_bench *b = *state;
    char *wal = xasprintf("%s-wal", b->path);
    pid_t child = fork();
    struct stat before, after;
    int status;

    if (child == 0) {
        sqlite3 *db = NULL;

        sqlite3_open(b->path, &db);
        sqlite3_exec(db,
                     OURS "PRAGMA journal_mode = WAL; PRAGMA user_version = 1000;"
                          "CREATE TABLE later(x); INSERT INTO later VALUES(1);",
                     NULL, NULL, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(stat(wal, &before), 0);
    assert_true(before.st_size > 0);
    assert_refused_untouched(b, STORE_READ, ERR_NEWER);
    assert_refused_untouched(b, STORE_WRITE, ERR_NEWER);
    assert_int_equal(stat(wal, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    free(wal);
}

static void a_version_that_cannot_be_is_damage(void **state)
{
    struct ledger_bench *b = *state;

    make_other_version(b->path, OURS "PRAGMA user_version = -3; CREATE TABLE event(x);");
    assert_refused_untouched(b, STORE_WRITE, ERR_DAMAGED);
    assert_refused_untouched(b, STORE_READ, ERR_DAMAGED);
}

static void another_programs_database_is_refused_and_left_as_it_is(void **state)
{
    struct ledger_bench *b = *state;

    make_other_version(b->path, "CREATE TABLE recipe(x); INSERT INTO recipe VALUES('soup');");
    assert_refused_untouched(b, STORE_WRITE, ERR_DAMAGED);
    make_other_version(b->path, "PRAGMA user_version = 1");
    assert_refused_untouched(b, STORE_WRITE, ERR_DAMAGED);
    assert_refused_untouched(b, STORE_READ, ERR_DAMAGED);
}

/* ---- damage ---- */

static void a_file_that_is_no_database_is_damaged(void **state)
{
    struct ledger_bench *b = *state;
    struct buf text = { 0 };
    int i;

    for (i = 0; i < 1000; i++)
        buf_add_text(&text, "This is a letter to my aunt.\n");
    assert_int_equal(path_write(b->path, buf_span(&text), 0600, NULL), 0);
    buf_fini(&text);
    assert_refused_untouched(b, STORE_READ, ERR_DAMAGED);
    assert_refused_untouched(b, STORE_WRITE, ERR_DAMAGED);
}

static void overwrite(const char *path, int64_t from, int64_t to, int byte)
{
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    assert_int_equal(fseek(f, (long)from, SEEK_SET), 0);
    while (from++ < to)
        fputc(byte, f);
    assert_int_equal(fclose(f), 0);
}

static void overwritten_pages_are_told_as_damage(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 2 };
    struct rows rows = { 0 };
    struct err err = { 0 };
    struct stat st;
    int64_t i;
    bool damaged = false;

    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_fill(b->store, &dice, 3000, NOON, NOON + 1000);
    store_close(b->store);
    b->store = NULL;
    assert_int_equal(stat(b->path, &st), 0);
    overwrite(b->path, st.st_size / 4096 / 2 * 4096, st.st_size,
              0xee); /* behind the tables' roots */

    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_begin(b->store);
    for (i = 0; i < 100 && !damaged; i++)
        damaged = store_group_load(b->store, roll(&dice), &rows, &err) < 0;
    assert_true(damaged);
    assert_int_equal(err.kind, ERR_DAMAGED);
    assert_non_null(strstr(err.text, b->path));
    rows_fini(&rows);
}

/* ---- two handles, many processes ---- */

static void a_reader_sees_what_was_committed_and_nothing_else(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 3 };
    struct store *reader;
    struct row row;

    b->store = ledger_open(b->path, STORE_WRITE);
    reader = ledger_open(b->path, STORE_READ);
    assert_true(store_is_empty(reader));
    assert_int_equal(store_last_event_ms(reader), 0);

    ledger_begin(b->store);
    row = ledger_roll_row(b->store, &dice, NOON, NOON);
    row.group = 1;
    ledger_put_one(b->store, &row);
    assert_true(store_is_empty(reader));
    ledger_commit(b->store);
    assert_false(store_is_empty(reader));
    assert_int_equal(store_last_event_ms(reader), NOON);
    store_close(reader);
}

static void a_reader_cannot_write(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };
    struct store *reader;

    b->store = ledger_open(b->path, STORE_WRITE);
    reader = ledger_open(b->path, STORE_READ);
    assert_null(store_name(reader, NAME_MODEL, SPAN_LIT("new"), &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_int_not_equal(sqlite3_exec(reader->db, "DELETE FROM meta", NULL, NULL, NULL), SQLITE_OK);
    store_close(reader);
}

static void many_processes_may_make_a_ledger_at_once(void **state)
{
    struct ledger_bench *b = *state;
    pid_t children[8];
    int round, i;

    for (round = 0; round < 30; round++) {
        char *path = xasprintf("%s/%d.db", b->top, round);

        for (i = 0; i < 8; i++) {
            children[i] = fork();
            if (children[i] == 0) {
                struct store *store = NULL;
                struct err err = { 0 };
                int rc = store_open(&store, path, STORE_WRITE, &err);

                if (rc < 0)
                    fprintf(stderr, "%s\n", err.text);
                _exit(rc < 0);
            }
        }
        for (i = 0; i < 8; i++) {
            int status;

            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        free(path);
    }
}

static void a_ledger_in_memory_works_like_any(void **state)
{
    struct ledger_bench *b = *state;
    struct store_facts facts;
    struct dice dice = { 4 };

    b->store = ledger_open(":memory:", STORE_WRITE);
    ledger_fill(b->store, &dice, 7, NOON, NOON + 5);
    assert_int_equal(store_get_facts(b->store, &facts, NULL), 0);
    assert_int_equal(facts.events, 7);
    assert_false(facts.complete);
}

static void facts_are_remembered(void **state)
{
    struct ledger_bench *b = *state;
    struct store_facts facts;
    struct dice dice = { 5 };

    b->store = ledger_open(b->path, STORE_WRITE);
    ledger_begin(b->store);
    assert_int_equal(store_set_progress(b->store, 421, false, NULL), 0);
    assert_int_equal(store_set_price_version(b->store, INT64_C(0x7123456789abcdef), NULL), 0);
    ledger_commit(b->store);
    ledger_fill(b->store, &dice, 100, NOON, NOON);
    store_close(b->store);
    b->store = NULL;

    b->store = ledger_open(b->path, STORE_WRITE);
    assert_int_equal(store_get_facts(b->store, &facts, NULL), 0);
    assert_int_equal(facts.events, 100);
    assert_int_equal(facts.last_event_ms, NOON);
    assert_false(facts.complete);
    assert_int_equal(facts.read_permille, 421);
    assert_true(facts.size_bytes >= 100 * 40);
    assert_int_equal(store_price_version(b->store), INT64_C(0x7123456789abcdef));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up_folder, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_ledger_is_for_its_owner_alone),
        TEST(opening_leaves_the_process_umask_alone),
        TEST(reading_a_missing_ledger_finds_nothing_and_makes_nothing),
        TEST(reading_an_empty_file_finds_nothing),
        TEST(a_folder_that_cannot_be_made_is_an_error_with_a_name),
        TEST(a_newer_ledger_is_refused_and_left_as_it_is),
        TEST(a_newer_ledger_with_a_log_beside_it_is_left_as_it_is),
        TEST(a_version_that_cannot_be_is_damage),
        TEST(another_programs_database_is_refused_and_left_as_it_is),
        TEST(a_file_that_is_no_database_is_damaged),
        TEST(overwritten_pages_are_told_as_damage),
        TEST(a_reader_sees_what_was_committed_and_nothing_else),
        TEST(a_reader_cannot_write),
        TEST(many_processes_may_make_a_ledger_at_once),
        TEST(a_ledger_in_memory_works_like_any),
        TEST(facts_are_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
