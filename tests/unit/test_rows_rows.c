/* tests/unit/test_rows_rows.c — reading another program's database in every state it may be in.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "rows/rows.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
    char top[64];
    char *path;
    sqlite3 *writer; /* the other program */
    struct buf got;  /* "topic: cell cell\n" for each row */
    int stop_after;  /* rows, from when on an end is asked for; 0: never */
    int rows;        /* that came */
    int64_t watermarks[QUESTION_TOPICS_MAX];
    struct err err;
};

static int set_up(void **state)
{
    struct bench *b = xcalloc(1, sizeof(*b));

    snprintf(b->top, sizeof(b->top), "/tmp/tacho-rows-test-XXXXXX");
    assert_non_null(mkdtemp(b->top));
    b->path = path_join(b->top, "a #1 %41?.db"); /* what has a meaning in a URI */
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    struct dirent **names = NULL;
    int n = scandir(b->top, &names, NULL, alphasort);

    sqlite3_close(b->writer);
    while (n-- > 0) {
        char *path = path_join(b->top, names[n]->d_name);

        unlink(path);
        free(path);
        free(names[n]);
    }
    free(names);
    rmdir(b->top);
    buf_fini(&b->got);
    free(b->path);
    free(b);
    return 0;
}

/* ---- the other program ---- */

static void run(struct bench *b, const char *sql)
{
    if (!b->writer)
        assert_int_equal(sqlite3_open(b->path, &b->writer), SQLITE_OK);
    if (sqlite3_exec(b->writer, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(b->writer));
}

static void make_table(struct bench *b, const char *mode)
{
    char *pragma = xasprintf("PRAGMA journal_mode = %s", mode);

    run(b, pragma);
    run(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, at INTEGER, word TEXT)");
    run(b, "INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two')");
    free(pragma);
}

static void close_writer(struct bench *b)
{
    assert_int_equal(sqlite3_close(b->writer), SQLITE_OK);
    b->writer = NULL;
}

static char *beside(struct bench *b, const char *suffix)
{
    return xasprintf("%s%s", b->path, suffix);
}

/* The program dies in the middle of its life: what it leaves beside its database stays. */
static void crash(struct bench *b, const char *mode, const char *sql)
{
    pid_t child;
    int status;

    make_table(b, mode);
    close_writer(b);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *db = NULL;

        if (sqlite3_open(b->path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL))
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

/* ---- reading ---- */

static const struct question by_time[] = {
    { 0, "t(id, at, word)", "SELECT at, word FROM t WHERE at >= ?1 ORDER BY at", 0 },
    { 0, NULL, NULL, 0 },
};

static bool on_row(void *to, int topic, const struct cell *cells, int n)
{
    struct bench *b = to;
    int i;

    buf_printf(&b->got, "%d:", topic);
    for (i = 0; i < n; i++) {
        if (cells[i].type == CELL_INT)
            buf_printf(&b->got, " %" PRId64, cells[i].number);
        else if (cells[i].type == CELL_NULL)
            buf_add_text(&b->got, " null");
        else if (cells[i].type == CELL_REAL)
            buf_printf(&b->got, " ~%" PRId64 "=%.*s", cells[i].number, (int)cells[i].text.len,
                       cells[i].text.p);
        else
            buf_printf(&b->got, " %.*s", (int)cells[i].text.len, cells[i].text.p);
    }
    buf_add_char(&b->got, '\n');
    return b->stop_after == 0 || ++b->rows < b->stop_after;
}

static int ask(struct bench *b, const struct question *questions)
{
    const struct rows_taker taker = { on_row, b };

    buf_clear(&b->got);
    b->rows = 0;
    b->err = (struct err){ 0 };
    return rows_read(b->path, questions, b->watermarks, &taker, &b->err);
}

static void assert_got(struct bench *b, const char *wanted)
{
    assert_string_equal(b->got.p ? b->got.p : "", wanted);
}

/* The names in the folder, their sizes and times: what a trace would change. */
static void list(struct bench *b, struct buf *out)
{
    struct dirent **names = NULL;
    int n = scandir(b->top, &names, NULL, alphasort), i;

    for (i = 0; i < n; i++) {
        char *path = path_join(b->top, names[i]->d_name);
        bool is_index = span_ends(span_of(path), "-shm"); /* who reads along says so in it */
        struct stat st;

        if (names[i]->d_name[0] != '.') {
            assert_int_equal(stat(path, &st), 0);
            buf_printf(out, "%s %lld", names[i]->d_name, (long long)st.st_size);
            if (!is_index)
                buf_printf(out, " %lld.%09ld", (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
            buf_add_char(out, '\n');
        }
        free(path);
        free(names[i]);
    }
    free(names);
}

static int ask_without_a_trace(struct bench *b, const struct question *questions)
{
    struct buf before = { 0 }, after = { 0 };
    int rc;

    list(b, &before);
    rc = ask(b, questions);
    list(b, &after);
    assert_string_equal(before.p ? before.p : "", after.p ? after.p : "");
    buf_fini(&before);
    buf_fini(&after);
    return rc;
}

static void assert_refused(struct bench *b, enum err_kind kind)
{
    assert_int_equal(ask_without_a_trace(b, by_time), -1);
    if (b->err.kind != kind)
        fail_msg("kind %d: %s", b->err.kind, b->err.text);
    assert_non_null(strstr(b->err.text, b->path));
}

/* ---- states of a database ---- */

static void a_closed_database_is_read_without_a_trace(void **state)
{
    static const char *const modes[] = { "DELETE", "TRUNCATE", "PERSIST", "WAL" };
    size_t i;

    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct bench *b = *state;

        make_table(b, modes[i]);
        close_writer(b);
        memset(b->watermarks, 0, sizeof(b->watermarks));
        if (ask_without_a_trace(b, by_time) < 0)
            fail_msg("%s: %s", modes[i], b->err.text);
        assert_got(b, "0: 10 one\n0: 20 two\n");
        tear_down(state);
        set_up(state);
    }
}

static void a_live_writer_is_followed_commit_by_commit(void **state)
{
    struct bench *b = *state;

    make_table(b, "WAL");
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n");
    run(b, "BEGIN; INSERT INTO t VALUES (3, 30, 'three')");
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 20 two\n");
    run(b, "COMMIT");
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 20 two\n0: 30 three\n");
    run(b, "PRAGMA wal_checkpoint(TRUNCATE)"); /* we are in nobody's way */
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 30 three\n");
}

static void what_a_crash_left_in_the_log_is_read(void **state)
{
    struct bench *b = *state;

    crash(b, "WAL", "INSERT INTO t VALUES (3, 30, 'three')");
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n0: 30 three\n");
}

static void a_log_without_its_index_is_read_from_a_copy(void **state)
{
    struct bench *b = *state;
    char *index = beside(b, "-shm");

    crash(b, "WAL", "INSERT INTO t VALUES (3, 30, 'three')");
    assert_int_equal(unlink(index), 0);
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n0: 30 three\n");
    free(index);
}

static void an_empty_log_is_as_good_as_none(void **state)
{
    struct bench *b = *state;
    char *log = beside(b, "-wal");

    make_table(b, "WAL");
    close_writer(b);
    assert_true(close(open(log, O_CREAT | O_WRONLY, 0644)) == 0);
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n");
    free(log);
}

static void a_transaction_cut_off_is_left_to_its_program(void **state)
{
    struct bench *b = *state;

    crash(b, "DELETE",
          "PRAGMA cache_size = 1; BEGIN;"
          "UPDATE t SET word = hex(randomblob(20000)); INSERT INTO t VALUES (3, 30, 'three');"
          "UPDATE t SET word = hex(randomblob(30000))");
    assert_refused(b, ERR_BUSY);
    run(b, "SELECT * FROM t"); /* it comes back and rolls back */
    close_writer(b);
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n");
}

static void what_is_no_database_is_damaged(void **state)
{
    struct bench *b = *state;

    assert_int_equal(
        path_write(b->path, SPAN_LIT("{\"this\": \"is no database at all\"}"), 0600, NULL), 0);
    assert_refused(b, ERR_DAMAGED);
}

static void a_database_cut_off_is_damaged(void **state)
{
    struct bench *b = *state;

    make_table(b, "DELETE");
    run(b, "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
           "INSERT INTO t SELECT i, i, hex(randomblob(100)) FROM n");
    close_writer(b);
    assert_int_equal(truncate(b->path, 20 * 4096), 0);
    assert_refused(b, ERR_DAMAGED);
}

static void an_empty_file_has_no_tables(void **state)
{
    struct bench *b = *state;

    assert_int_equal(path_write(b->path, SPAN_LIT(""), 0600, NULL), 0);
    assert_refused(b, ERR_USAGE);
}

static void no_file_is_not_found(void **state)
{
    assert_refused(*state, ERR_NOT_FOUND);
}

static void a_transaction_half_written_is_waited_for(void **state)
{
    struct bench *b = *state;

    make_table(b, "DELETE");
    run(b, "PRAGMA cache_size = 1; BEGIN; UPDATE t SET word = hex(randomblob(20000));"
           "INSERT INTO t VALUES (3, 30, hex(randomblob(20000))); DELETE FROM t WHERE id < 3;"
           "UPDATE t SET word = 'three'");
    assert_refused(b, ERR_BUSY);
    run(b, "COMMIT");
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 30 three\n");
}

static bool write_meanwhile(void *to, int topic, const struct cell *cells, int n)
{
    (void)topic;
    (void)cells;
    (void)n;
    run(to, "INSERT INTO t VALUES (NULL, 99, 'meanwhile')");
    return true;
}

static void what_is_written_while_it_is_read_is_read_again(void **state)
{
    struct bench *b = *state;
    const struct rows_taker taker = { write_meanwhile, b };

    make_table(b, "DELETE");
    close_writer(b);
    assert_int_equal(rows_read(b->path, by_time, b->watermarks, &taker, &b->err), -1);
    assert_int_equal(b->err.kind, ERR_BUSY);
    assert_int_equal(b->watermarks[0], 0);
    assert_int_equal(ask_without_a_trace(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n0: 99 meanwhile\n0: 99 meanwhile\n");
}

/* ---- questions ---- */

static void the_first_question_that_fits_is_asked(void **state)
{
    static const struct question questions[] = {
        { 0, "t(id, at, word) u(id)", "SELECT 'joined' FROM t JOIN u ON u.id = t.id", -1 },
        { 0, "t(id, colour)", "SELECT 'colour' FROM t", -1 },
        { 0, "t(id, at)", "SELECT 'plain', id FROM t ORDER BY id", -1 },
        { 0, "t(id)", "SELECT 'plainer' FROM t", -1 },
        { 1, "v(id)", "SELECT 'view' FROM v", -1 },
        { 2, "t(word)", "SELECT word FROM t WHERE id = 1", -1 },
        { 0, NULL, NULL, 0 },
    };
    struct bench *b = *state;

    make_table(b, "DELETE");
    assert_int_equal(ask(b, questions), 0);
    assert_got(b, "0: plain 1\n0: plain 2\n2: one\n");
    run(b, "CREATE TABLE u (id); INSERT INTO u VALUES (2)");
    assert_int_equal(ask(b, questions), 0);
    assert_got(b, "0: joined\n2: one\n");
}

static void tables_nobody_knows_are_another_version(void **state)
{
    struct bench *b = *state;

    run(b, "CREATE TABLE x (y)");
    assert_refused(b, ERR_USAGE);
}

static void every_kind_of_value_comes_through(void **state)
{
    static const struct question questions[] = {
        { 3, "t(id)", "SELECT NULL, 7, 2.5, 'text', x'626c6f62', '' FROM t WHERE id = 1", -1 },
        { 0, NULL, NULL, 0 },
    };
    struct bench *b = *state;

    make_table(b, "DELETE");
    assert_int_equal(ask(b, questions), 0);
    assert_got(b, "3: null 7 ~2=2.5 text blob \n");
}

static void a_watermark_is_the_largest_value_seen(void **state)
{
    struct bench *b = *state;

    make_table(b, "DELETE");
    assert_int_equal(ask(b, by_time), 0);
    assert_int_equal(b->watermarks[0], 20);
    run(b, "INSERT INTO t VALUES (5, 15, 'late'), (6, 20, 'equal'), (7, 21, 'new')");
    assert_int_equal(ask(b, by_time), 0);
    assert_got(b, "0: 20 two\n0: 20 equal\n0: 21 new\n");
    assert_int_equal(b->watermarks[0], 21);
}

static void an_end_asked_for_comes_with_the_next_step_of_the_watermark(void **state)
{
    struct bench *b = *state;

    make_table(b, "DELETE");
    run(b, "INSERT INTO t VALUES (3, 20, 'b'), (4, 20, 'c'), (5, 20, 'd'), (6, 30, 'e')");
    b->stop_after = 1;
    assert_int_equal(ask(b, by_time), 0);
    assert_got(b, "0: 10 one\n");
    assert_int_equal(ask(b, by_time), 0);
    assert_got(b, "0: 10 one\n0: 20 two\n");
    assert_int_equal(ask(b, by_time), 0);
    assert_got(b, "0: 20 two\n0: 20 b\n0: 20 c\n0: 20 d\n0: 30 e\n");
}

static void after_an_end_no_other_question_is_asked(void **state)
{
    static const struct question questions[] = {
        { 0, "t(id)", "SELECT id FROM t WHERE id > ?1 ORDER BY id", 0 },
        { 1, "t(word)", "SELECT word FROM t", -1 },
        { 0, NULL, NULL, 0 },
    };
    struct bench *b = *state;

    make_table(b, "DELETE");
    b->stop_after = 1;
    assert_int_equal(ask(b, questions), 0);
    assert_got(b, "0: 1\n");
    b->stop_after = 0;
    assert_int_equal(ask(b, questions), 0);
    assert_got(b, "0: 2\n1: one\n1: two\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_closed_database_is_read_without_a_trace),
        TEST(a_live_writer_is_followed_commit_by_commit),
        TEST(what_a_crash_left_in_the_log_is_read),
        TEST(a_log_without_its_index_is_read_from_a_copy),
        TEST(an_empty_log_is_as_good_as_none),
        TEST(a_transaction_cut_off_is_left_to_its_program),
        TEST(what_is_no_database_is_damaged),
        TEST(a_database_cut_off_is_damaged),
        TEST(an_empty_file_has_no_tables),
        TEST(no_file_is_not_found),
        TEST(a_transaction_half_written_is_waited_for),
        TEST(what_is_written_while_it_is_read_is_read_again),
        TEST(the_first_question_that_fits_is_asked),
        TEST(tables_nobody_knows_are_another_version),
        TEST(every_kind_of_value_comes_through),
        TEST(a_watermark_is_the_largest_value_seen),
        TEST(an_end_asked_for_comes_with_the_next_step_of_the_watermark),
        TEST(after_an_end_no_other_question_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
