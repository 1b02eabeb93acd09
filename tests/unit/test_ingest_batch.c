/* tests/unit/test_ingest_batch.c — a batch is committed whole or not at all, and then done again.
 * SPDX-License-Identifier: MIT
 */
#include "ingest_bench.h"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#define A PROJECTS "-w/a.jsonl"

/* Enough for several batches: 20,000 answers make one. */
#define MANY 50000

static void write_many(const struct ingest_bench *b)
{
    ingest_answers(b, PROJECTS "-w/a.jsonl", 1, 20000);
    ingest_answers(b, PROJECTS "-w/b.jsonl", 15001, 45000); /* a copy of part of it, and more */
    ingest_answers(b, PROJECTS "-x/c.jsonl", 45001, MANY);
}

static int64_t log_bytes(const struct ingest_bench *b)
{
    struct ingest_status status;

    ingest_get_status(b->ingest, &status);
    return status.bytes;
}

/* Every file stands in the ledger once, read to its end. */
static void check_files(const struct ingest_bench *b, int64_t files)
{
    struct store *store = b->ledger->store;

    assert_int_equal(ledger_ask(store, "SELECT count(*) FROM file"), files);
    assert_int_equal(ledger_ask(store, "SELECT count(*) FROM file WHERE offset <> size"), 0);
    assert_int_equal(ledger_ask(store, "SELECT ifnull(sum(offset), 0) FROM file"), log_bytes(b));
}

/* ---- killed ---- */

struct countdown {
    int left;
};

static void die_at_zero(void *to)
{
    struct countdown *c = to;

    if (c->left-- == 0)
        _exit(7);
}

/* In a process of its own: reads until so many batches are committed, and is gone. */
static bool read_and_die(const struct ingest_bench *b, int commits)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct countdown c = { commits };
        struct store *store = ledger_open(b->ledger->path, STORE_WRITE);
        struct ingest *ingest = ingest_open(store, b->home);

        ingest_on_change(ingest, die_at_zero, &c);
        _exit(ingest_all(ingest, INGEST_REST, NULL) < 0 ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 7 || WEXITSTATUS(status) == 0);
    return WEXITSTATUS(status) == 7;
}

static void a_reader_that_dies_between_batches_is_resumed_exactly(void **state)
{
    struct ingest_bench *b = *state;
    int64_t before = 0;
    int deaths = 0;

    write_many(b);
    store_close(b->ledger->store); /* a handle must not live on in two processes */
    b->ledger->store = NULL;
    while (read_and_die(b, 0)) {
        b->ledger->store = ledger_open(b->ledger->path, STORE_READ);
        assert_true(ingest_events(b) > before); /* what was committed is there, and adds up */
        assert_int_equal(ingest_output(b), ingest_events(b) * 100);
        ledger_check_sums(b->ledger->store, "UTC");
        before = ingest_events(b);
        store_close(b->ledger->store);
        b->ledger->store = NULL;
        deaths++;
    }
    assert_true(deaths >= 3);
    b->ledger->store = ledger_open(b->ledger->path, STORE_WRITE);
    assert_int_equal(ingest_events(b), MANY);
    ingest_look(b, MANY, MANY * 100);
    check_files(b, 3);
}

/* ---- stopped ---- */

struct stopper {
    struct ingest *ingest;
};

static void stop_it(void *to)
{
    struct stopper *s = to;

    ingest_stop(s->ingest);
}

static void a_reader_that_is_stopped_in_a_file_goes_on_there_the_next_time(void **state)
{
    struct ingest_bench *b = *state;
    int stops = 0;

    write_many(b);
    for (;;) {
        struct stopper stopper;
        struct ingest_status status;
        int64_t before = ingest_events(b);

        stopper.ingest = ingest_open(b->ledger->store, b->home);
        ingest_on_change(stopper.ingest, stop_it, &stopper);
        assert_int_equal(ingest_all(stopper.ingest, INGEST_LINES, NULL), 0);
        ingest_get_status(stopper.ingest, &status);
        ingest_free(stopper.ingest);
        if (ingest_events(b) == before)
            break;
        stops++;
    }
    assert_true(stops >= 3);
    ingest_look(b, MANY, MANY * 100);
    check_files(b, 3);
}

static struct ingest *to_stop; /* a signal handler is handed nothing */

static void on_alarm(int signal)
{
    (void)signal;
    ingest_stop(to_stop);
}

/* From outside, wherever it is just then: mostly in the middle of a file and long before a batch is
 * full. */
static void a_reader_that_is_stopped_anywhere_loses_nothing(void **state)
{
    struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
    int delay;

    (void)state;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    for (delay = 4; delay < 80; delay += 12) {
        struct itimerval timer = { .it_value.tv_usec = delay * 1000 };
        struct ingest_bench *b;

        ingest_set_up((void **)&b);
        ingest_answers(b, A, 1, 6000);
        to_stop = ingest_open(b->ledger->store, b->home);
        assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
        assert_int_equal(ingest_all(to_stop, INGEST_LINES, NULL), 0);
        setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
        ingest_free(to_stop);
        ingest_look(b, 6000, 600000);
        check_files(b, 1);
        ingest_tear_down((void **)&b);
    }
    signal(SIGALRM, SIG_DFL);
}

static void a_reader_that_is_stopped_before_it_begins_reads_nothing_and_loses_nothing(void **state)
{
    struct ingest_bench *b = *state;
    struct ingest *ingest = ingest_open(b->ledger->store, b->home);
    int permille;

    ingest_answers(b, A, 1, 2000);
    ingest_stop(ingest);
    assert_int_equal(ingest_all(ingest, INGEST_LINES, NULL), 0);
    assert_false(store_is_complete(b->ledger->store, &permille));
    ingest_free(ingest);
    ingest_look(b, 2000, 200000);
    assert_true(store_is_complete(b->ledger->store, &permille));
}

/* ---- a ledger that takes no more ---- */

static void limit_pages(struct store *store, int64_t more)
{
    char *sql =
        xasprintf("PRAGMA max_page_count = %d",
                  (int)(more < 0 ? INT32_MAX - 1 : ledger_ask(store, "PRAGMA page_count") + more));

    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    free(sql);
}

static void count_call(void *to)
{
    ++*(int *)to;
}

/* Full at the first page, the second, …, so at every place where a batch can fail: in the end the
 * files' numbers in the ledger are void, too. */
static void a_batch_that_does_not_fit_is_done_again_and_nothing_is_lost(void **state)
{
    struct ingest_bench *b = *state;
    struct ingest_status status;
    int64_t more = 0;
    int i, rc;

    b->look = LOOK_AGAIN;
    ingest_answers(b, A, 1, 10);
    ingest_look(b, 10, 1000);
    for (i = 0; i < 20; i++) {
        char *name = xasprintf(PROJECTS "-w/%d.jsonl", i);

        ingest_answers(b, name, 1000 + i * 20, 1019 + i * 20);
        free(name);
    }
    do {
        struct err err = { 0 };

        limit_pages(b->ledger->store, more++);
        rc = ingest_all(b->ingest, INGEST_LINES, &err);
        limit_pages(b->ledger->store, -1);
        ingest_get_status(b->ingest, &status);
        assert_int_equal(err.kind, rc < 0 ? ERR_FULL : ERR_NONE);
        assert_int_equal(status.trouble.kind, err.kind);
        assert_int_equal(ingest_events(b), rc < 0 ? 10 : 410);
        assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM file"),
                         rc < 0 ? 1 : 21);
    } while (rc < 0);
    assert_true(more > 10);
    ingest_look(b, 410, 41000);
    check_files(b, 21);
}

static void the_follower_tries_again_by_itself_after_a_while(void **state)
{
    struct ingest_bench *b = *state;
    struct ingest_status status;
    struct err err = { 0 };

    b->look = LOOK_FOLLOW;
    ingest_answers(b, A, 1, 10);
    ingest_look(b, 10, 1000);
    limit_pages(b->ledger->store, 0);
    ingest_answers(b, A, 11, 500);
    /* Until inotify has told and the commit has failed. */
    do {
        struct pollfd fd = { ingest_fd(b->ingest), POLLIN, 0 };

        poll(&fd, 1, 50);
        ingest_step(b->ingest, &err);
        ingest_get_status(b->ingest, &status);
    } while (status.trouble.kind == ERR_NONE);
    assert_int_equal(status.trouble.kind, ERR_FULL);
    assert_true(ingest_next_ms(b->ingest) > 0);
    assert_int_equal(ingest_step(b->ingest, &err), 0); /* too early: nothing is tried */
    assert_int_equal(ingest_events(b), 10);

    limit_pages(b->ledger->store, -1);
    clock_skip(5000, 0);
    assert_int_equal(ingest_next_ms(b->ingest), 0);
    assert_int_equal(ingest_step(b->ingest, &err), 0);
    ingest_get_status(b->ingest, &status);
    assert_int_equal(status.trouble.kind, ERR_NONE);
    ingest_look(b, 500, 50000);
    check_files(b, 1);
}

/* ---- what it tells ---- */

static void the_first_read_is_told_as_it_goes_and_its_end_is_remembered(void **state)
{
    struct ingest_bench *b = *state;
    struct ingest_status status;
    int changes = 0;

    write_many(b);
    b->ingest = ingest_open(b->ledger->store, b->home);
    ingest_on_change(b->ingest, count_call, &changes);
    ingest_get_status(b->ingest, &status);
    assert_false(status.complete);
    assert_true(status.roots_n >= 2); /* two of them of the agent that is written here */
    assert_int_equal(ingest_all(b->ingest, INGEST_LINES, NULL), 0);
    assert_true(changes >= 3);
    ingest_get_status(b->ingest, &status);
    assert_true(status.complete);
    assert_false(status.reading);
    assert_int_equal(status.permille, 1000);
    assert_int_equal(status.files, 3);
    assert_int_equal(status.roots[0].files, 0);
    assert_int_equal(status.roots[1].files, 3);
    assert_int_equal(status.roots[1].bytes, status.bytes);
}

static void nothing_new_is_no_change(void **state)
{
    struct ingest_bench *b = *state;
    int changes = 0;

    b->look = LOOK_AGAIN;
    ingest_answers(b, A, 1, 10);
    ingest_look(b, 10, 1000);
    ingest_on_change(b->ingest, count_call, &changes);
    ingest_look(b, 10, 1000);
    assert_int_equal(changes, 0);
    ingest_answers(b, PROJECTS "-w/copy.jsonl", 1, 10);
    ingest_look(b, 10, 1000);
    assert_int_equal(changes, 0); /* a copy is read, and changes nothing that anybody sees */
    ingest_answers(b, A, 11, 11);
    ingest_look(b, 11, 1100);
    assert_int_equal(changes, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ingest_set_up, ingest_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reader_that_dies_between_batches_is_resumed_exactly),
        TEST(a_reader_that_is_stopped_in_a_file_goes_on_there_the_next_time),
        cmocka_unit_test(a_reader_that_is_stopped_anywhere_loses_nothing),
        TEST(a_reader_that_is_stopped_before_it_begins_reads_nothing_and_loses_nothing),
        TEST(a_batch_that_does_not_fit_is_done_again_and_nothing_is_lost),
        TEST(the_follower_tries_again_by_itself_after_a_while),
        TEST(the_first_read_is_told_as_it_goes_and_its_end_is_remembered),
        TEST(nothing_new_is_no_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
