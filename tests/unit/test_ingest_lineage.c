/* tests/unit/test_ingest_lineage.c — forks read out of real files, over the lives of processes.
 * SPDX-License-Identifier: MIT
 */
#include "ingest_bench.h"

#include "store/salvage.h"

#define DAY    ".codex/sessions/2026/09/02/rollout-2026-09-02T08-00-00-"
#define PARENT DAY "0199a1b2-0000-7000-8000-00000000000a.jsonl"
#define FORK   DAY "0199a1b2-0000-7000-8000-00000000000b.jsonl"

static void add_line(struct buf *out, const char *type, const char *payload)
{
    buf_printf(out, "{\"timestamp\":\"2026-09-02T08:00:00Z\",\"type\":\"%s\",\"payload\":{%s}}\n",
               type, payload);
}

/* Turns `first` … `last` of three counts each: 10 tokens of output in a turn. */
static void add_turns(struct buf *out, int first, int last)
{
    static const int outputs[] = { 2, 3, 5 };
    int i, sum = (first - 1) * 10;
    char text[256];

    for (; first <= last; first++) {
        snprintf(text, sizeof(text), "\"turn_id\":\"t%d\",\"model\":\"gpt-5\",\"cwd\":\"/w\"",
                 first);
        add_line(out, "turn_context", text);
        for (i = 0; i < 3; i++) {
            sum += outputs[i];
            snprintf(text, sizeof(text),
                     "\"type\":\"token_count\",\"info\":{\"total_token_usage\":"
                     "{\"output_tokens\":%d},\"last_token_usage\":{\"output_tokens\":%d}}",
                     sum, outputs[i]);
            add_line(out, "event_msg", text);
        }
    }
}

static void write_parent(const struct ingest_bench *b)
{
    struct buf text = { 0 };

    add_line(&text, "session_meta", "\"id\":\"a\",\"cwd\":\"/w\"");
    add_turns(&text, 1, 4);
    ingest_write(b, PARENT, buf_span(&text), O_APPEND);
    buf_fini(&text);
}

/* Four turns of the parent and two of its own. */
static void write_fork(const struct ingest_bench *b)
{
    struct buf text = { 0 };

    add_line(&text, "session_meta", "\"id\":\"b\",\"forked_from_id\":\"a\",\"cwd\":\"/w\"");
    add_turns(&text, 1, 6);
    ingest_write(b, FORK, buf_span(&text), O_APPEND);
    buf_fini(&text);
}

static void a_parent_that_was_deleted_is_still_known(void **state)
{
    struct ingest_bench *b = *state;

    for (b->look = LOOK_ANEW; b->look < LOOKS; b->look++) {
        write_parent(b);
        ingest_look(b, 12, 40);
        ingest_delete(b, PARENT);
        ingest_look(b, 12, 40);
        write_fork(b);
        ingest_look(b, 18, 60);
        ingest_delete(b, FORK);
        ingest_free(b->ingest);
        b->ingest = NULL;
        sqlite3_exec(b->ledger->store->db,
                     "DELETE FROM event; DELETE FROM member; DELETE FROM thread; DELETE FROM step;"
                     "DELETE FROM file; DELETE FROM rollup; DELETE FROM rollup_day;"
                     "DELETE FROM rollup_session",
                     NULL, NULL, NULL);
    }
}

static void a_parent_that_comes_late_takes_back_what_was_counted(void **state)
{
    struct ingest_bench *b = *state;

    b->look = LOOK_AGAIN;
    write_fork(b);
    ingest_look(b, 18, 60);
    ingest_delete(b, FORK); /* is not needed for that */
    ingest_look(b, 18, 60);
    write_parent(b);
    ingest_look(b, 18, 60);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM event e JOIN session s"
                                                  " ON s.id = e.session WHERE s.text = 'b'"),
                     6);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM member"), 12);
    ingest_look(b, 18, 60);
}

/* A writer that holds the ledger makes the commit fail; nothing of it may be left behind. */
static void a_batch_that_failed_is_settled_anew(void **state)
{
    struct ingest_bench *b = *state;
    struct err err = { 0 };

    b->look = LOOK_AGAIN;
    write_fork(b);
    ingest_look(b, 18, 60);
    write_parent(b);
    sqlite3_exec(
        b->ledger->store->db,
        "CREATE TRIGGER refuse BEFORE INSERT ON member BEGIN SELECT raise(FAIL, 'no'); END", NULL,
        NULL, NULL);
    assert_int_equal(ingest_all(b->ingest, INGEST_LINES, &err), -1);
    assert_int_equal(ingest_output(b), 60);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM thread"), 1);
    sqlite3_exec(b->ledger->store->db, "DROP TRIGGER refuse", NULL, NULL, NULL);
    b->look = LOOK_ANEW;
    ingest_look(b, 18, 60);
}

static void a_rescued_ledger_still_knows_the_parent(void **state)
{
    struct ingest_bench *b = *state;
    char *to = path_join(b->ledger->top, "saved.db");
    struct salvage result;

    b->look = LOOK_ANEW;
    write_parent(b);
    ingest_look(b, 12, 40);
    ingest_delete(b, PARENT);
    ingest_free(b->ingest);
    b->ingest = NULL;
    store_close(b->ledger->store);
    assert_int_equal(store_salvage(b->ledger->path, to, &result, NULL), 0);
    b->ledger->store = ledger_open(to, STORE_WRITE);
    ledger_set_home(b->ledger->store, "UTC");
    write_fork(b);
    ingest_look(b, 18, 60);
    free(to);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ingest_set_up, ingest_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_parent_that_was_deleted_is_still_known),
        TEST(a_parent_that_comes_late_takes_back_what_was_counted),
        TEST(a_batch_that_failed_is_settled_anew),
        TEST(a_rescued_ledger_still_knows_the_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
