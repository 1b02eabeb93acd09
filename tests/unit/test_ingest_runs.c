/* tests/unit/test_ingest_runs.c — whose run a log is, and how runs begin and end.
 * SPDX-License-Identifier: MIT
 */
#include "ingest_bench.h"

#define HOUR_MS MS_PER_HOUR

static struct ingest *follow(struct ingest_bench *b)
{
    char *folder = ingest_path(b, "runs");
    struct err err = { 0 };

    ingest_free(b->ingest);
    b->ingest = ingest_open(b->ledger->store, b->home);
    assert_int_equal(ingest_follow_runs(b->ingest, folder, 6 * HOUR_MS, &err), 0);
    free(folder);
    return b->ingest;
}

static void look(struct ingest_bench *b)
{
    struct err err = { 0 };

    if (ingest_all(b->ingest, INGEST_LINES, &err) < 0)
        fail_msg("%s", err.text);
}

static int64_t output_of(const struct ingest_bench *b, int run)
{
    char *sql = xasprintf("SELECT ifnull(sum(output), 0) FROM run_total WHERE run = %d", run);
    int64_t output = ledger_ask(b->ledger->store, sql);

    free(sql);
    return output;
}

static enum run_state state_of(const struct ingest_bench *b, int64_t id)
{
    struct run run;

    assert_int_equal(store_run_get(b->ledger->store, id, &run, NULL), 1);
    return run.state;
}

static int64_t add_dir(struct ingest_bench *b, const char *below)
{
    char *dir = ingest_path(b, below);
    struct run run = { .kind = RUN_BY_DIR,
                       .dir = span_of(dir),
                       .created_ms = clock_now_ms(),
                       .finished_ms = RUN_NO_TIME };

    assert_int_equal(ingest_run_add(b->ingest, &run, NULL), 0);
    free(dir);
    return run.id;
}

static void a_restart_in_the_middle_changes_nothing(void **state)
{
    struct ingest_bench *b = *state;
    int i;

    for (i = 0; i < 5; i++) {
        ingest_answers(b, "runs/7/mount/a.jsonl", i * 10 + 1, i * 10 + 10);
        ingest_append(b, "runs/7/mount/a.jsonl", i == 2 ? "torn{\n" : "");
        follow(b);
        look(b);
        look(b);
        assert_int_equal(output_of(b, 7), (i + 1) * 1000);
        assert_int_equal(ingest_output(b), (i + 1) * 1000);
    }
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT problems FROM run"), 1);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM file"), 1);
}

static void a_folder_that_is_registered_brings_what_was_counted_before(void **state)
{
    struct ingest_bench *b = *state;
    int64_t id;

    ingest_answers(b, PROJECTS "-w/a.jsonl", 1, 10);
    ingest_answers(b, PROJECTS "-x/b.jsonl", 11, 20);
    follow(b);
    look(b);
    assert_int_equal(ingest_output(b), 2000);
    id = add_dir(b, PROJECTS "-w");
    look(b);
    assert_int_equal(output_of(b, (int)id), 1000);
    assert_int_equal(ingest_output(b), 2000);
    ingest_answers(b, PROJECTS "-w/a.jsonl", 21, 21);
    assert_int_equal(ingest_run_end(b->ingest, id, RUN_SUCCEEDED, NULL), 0);
    assert_int_equal(output_of(b, (int)id), 1100);
    ingest_answers(b, PROJECTS "-w/a.jsonl", 22, 22); /* when it has ended, it is the host's */
    look(b);
    assert_int_equal(output_of(b, (int)id), 1100);
    assert_int_equal(ingest_output(b), 2200);
    follow(b);
    look(b);
    assert_int_equal(output_of(b, (int)id), 1100);
}

static void the_lowest_run_has_it(void **state)
{
    struct ingest_bench *b = *state;

    ingest_answers(b, PROJECTS "-w/a.jsonl", 1, 9);
    ingest_answers(b, "runs/20/mount/x/y/z.jsonl", 1, 6);
    follow(b);
    look(b);
    assert_int_equal(output_of(b, 20), 600);
    ingest_answers(b, "runs/3/mount/z.jsonl", 1, 2);
    ingest_answers(b, "runs/30/mount/z.jsonl", 1, 8);
    look(b);
    assert_int_equal(output_of(b, 3), 200);
    assert_int_equal(output_of(b, 20), 400);
    assert_int_equal(output_of(b, 30), 200);
    assert_int_equal(ingest_output(b), 900);
    ledger_check_sums(b->ledger->store, "UTC");
}

static void a_run_without_news_has_ended(void **state)
{
    struct ingest_bench *b = *state;
    int64_t now_ms = clock_now_ms();
    int64_t id;

    ingest_answers(b, "runs/7/mount/a.jsonl", 1, 1);
    follow(b);
    look(b);
    id = add_dir(b, "nowhere");
    assert_int_equal(state_of(b, 7), RUN_RUNNING);
    clock_fix(now_ms + 5 * HOUR_MS);
    look(b);
    assert_in_range(ingest_next_ms(b->ingest), 1, HOUR_MS);
    look(b);
    assert_int_equal(state_of(b, 7), RUN_RUNNING);
    clock_fix(now_ms + 6 * HOUR_MS + MS_PER_MINUTE);
    look(b);
    assert_int_equal(state_of(b, 7), RUN_SUCCEEDED);
    assert_int_equal(state_of(b, id), RUN_SUCCEEDED);
    clock_fix(-1);
}

static void a_folder_that_vanished_while_nobody_looked_is_noticed(void **state)
{
    struct ingest_bench *b = *state;
    struct run run = { .id = 9, .created_ms = clock_now_ms(), .finished_ms = RUN_NO_TIME };
    char *mount = ingest_path(b, "runs/7/mount"), *other = ingest_path(b, "runs/8");

    ingest_answers(b, "runs/7/mount/a.jsonl", 1, 1);
    ingest_answers(b, "runs/8/mount/a.jsonl", 2, 2);
    follow(b);
    look(b);
    assert_int_equal(ingest_run_add(b->ingest, &run, NULL), 0); /* its folder may still come */
    ingest_free(b->ingest);
    b->ingest = NULL;
    ingest_delete(b, "runs/7/mount/a.jsonl");
    assert_int_equal(rmdir(mount), 0);
    follow(b);
    look(b);
    assert_int_equal(state_of(b, 7), RUN_CANCELLED);
    assert_int_equal(state_of(b, 8), RUN_RUNNING);
    assert_int_equal(state_of(b, 9), RUN_RUNNING);
    assert_int_equal(output_of(b, 7), 100);
    free(mount);
    free(other);
}

static void an_end_that_was_asked_for_comes_with_the_last_line(void **state)
{
    struct ingest_bench *b = *state;
    struct buf line = { 0 };

    ingest_answers(b, "runs/7/mount/a.jsonl", 1, 1);
    follow(b);
    look(b);
    ledger_begin(b->ledger->store);
    assert_int_equal(store_run_ask_end(b->ledger->store, 7, RUN_FAILED, NULL), 0);
    ledger_commit(b->ledger->store);
    ingest_answer(&line, 2, 100);
    ingest_append(b, "runs/7/mount/b.jsonl", line.p); /* a file of one line without its newline */
    assert_int_equal(ingest_runs_attend(b->ingest, NULL), 0);
    assert_int_equal(state_of(b, 7), RUN_FAILED);
    look(b); /* tells of the new file where nobody watches */
    assert_int_equal(ingest_run_end(b->ingest, 7, RUN_FAILED, NULL), 0);
    assert_int_equal(output_of(b, 7), 200);
    buf_fini(&line);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ingest_set_up, ingest_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_restart_in_the_middle_changes_nothing),
        TEST(a_folder_that_is_registered_brings_what_was_counted_before),
        TEST(the_lowest_run_has_it),
        TEST(a_run_without_news_has_ended),
        TEST(a_folder_that_vanished_while_nobody_looked_is_noticed),
        TEST(an_end_that_was_asked_for_comes_with_the_last_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
