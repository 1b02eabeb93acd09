/* tests/unit/test_store_files.c — how far logs were read, strange lines, and the lease.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "store/lease.h"

#include <signal.h>
#include <sys/wait.h>

/* ---- files ---- */

static struct file_state file_number(struct store *store, uint64_t number)
{
    return (struct file_state){
        .agent = ledger_name(store, NAME_AGENT, "agent", 0),
        .path = "/logs/a \xff.jsonl",
        .dev = UINT64_MAX - number,
        .ino = (UINT64_C(1) << 63) + number,
        .size = INT64_C(1) << 40,
        .mtime_ms = -5,
        .offset = (INT64_C(1) << 40) - 1,
        .head_len = 256,
        .marker_len = 64,
        .head_hash = UINT64_MAX,
        .marker_hash = UINT64_C(0x8000000000000001),
        .memory = SPAN_LIT("a\0b\xff"),
    };
}

static void put_file(struct store *store, struct file_state *file)
{
    struct err err = { 0 };

    if (store_file_put(store, file, &err) < 0)
        fail_msg("%s", err.text);
}

struct found {
    int n;
    struct file_state last;
};

static void on_file(void *to, const struct file_state *file)
{
    struct found *found = to;

    found->n++;
    assert_true(span_eq(file->memory, SPAN_LIT("a\0b\xff")));
    assert_string_equal(file->path, "/logs/a \xff.jsonl");
    assert_true(span_is(file->agent->text, "agent-0"));
    found->last = *file;
}

static struct found find_files(struct store *store)
{
    struct found found = { 0 };

    assert_int_equal(store_files_each(store, on_file, &found, NULL), 0);
    return found;
}

static void a_file_comes_back_bit_by_bit(void **state)
{
    struct ledger_bench *b = *state;
    struct file_state put;
    struct found found;

    ledger_begin(b->store);
    put = file_number(b->store, 7);
    put_file(b->store, &put);
    assert_true(put.id > 0);
    ledger_commit(b->store);
    found = find_files(b->store);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.last.id, put.id);
    assert_true(found.last.dev == put.dev && found.last.ino == put.ino);
    assert_true(found.last.head_hash == put.head_hash);
    assert_true(found.last.marker_hash == put.marker_hash);
    assert_int_equal(found.last.size, put.size);
    assert_int_equal(found.last.mtime_ms, put.mtime_ms);
    assert_int_equal(found.last.offset, put.offset);
    assert_int_equal(found.last.head_len, 256);
    assert_int_equal(found.last.marker_len, 64);
}

static void a_known_file_is_moved_on_and_not_added_again(void **state)
{
    struct ledger_bench *b = *state;
    struct file_state put;
    int64_t id;

    ledger_begin(b->store);
    put = file_number(b->store, 7);
    put_file(b->store, &put);
    id = put.id;
    put.offset = 99;
    put_file(b->store, &put);
    ledger_commit(b->store);
    assert_int_equal(put.id, id);
    assert_int_equal(find_files(b->store).n, 1);
    assert_int_equal(find_files(b->store).last.offset, 99);
}

static void an_inode_that_is_used_again_is_another_file(void **state)
{
    struct ledger_bench *b = *state;
    struct problem_count problem = { 1, 3, 10 };
    struct file_state first, second;

    ledger_begin(b->store);
    first = file_number(b->store, 7);
    put_file(b->store, &first);
    assert_int_equal(store_problem_add(b->store, first.id, &problem, NULL), 0);
    ledger_commit(b->store);

    ledger_begin(b->store);
    second = file_number(b->store, 7);
    second.offset = 1;
    put_file(b->store, &second);
    ledger_commit(b->store);
    assert_int_equal(find_files(b->store).n, 1);
    assert_int_equal(find_files(b->store).last.offset, 1);
    /* What was strange in the old one is not laid at the new one's door. */
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM problem"), 0);
}

static void a_file_that_was_rolled_back_is_not_there(void **state)
{
    struct ledger_bench *b = *state;
    struct file_state put;

    ledger_begin(b->store);
    put = file_number(b->store, 7);
    put_file(b->store, &put);
    store_rollback(b->store);
    assert_int_equal(find_files(b->store).n, 0);
}

/* ---- strange lines ---- */

static void add_problem(struct store *store, int64_t file, int kind, int64_t count, int64_t offset)
{
    struct problem_count problem = { kind, count, offset };

    assert_int_equal(store_problem_add(store, file, &problem, NULL), 0);
}

static void tell_problem(void *to, const struct problem_sum *sum)
{
    buf_printf(to, "%.*s %d x%d %s@%d\n", (int)sum->agent.len, sum->agent.p, sum->kind,
               (int)sum->count, sum->path, (int)sum->offset);
}

static void strange_lines_add_up_by_agent_and_kind_with_one_place_to_look(void **state)
{
    struct ledger_bench *b = *state;
    struct file_state one, two, other;
    struct buf told = { 0 };

    ledger_begin(b->store);
    one = file_number(b->store, 1);
    one.path = "/z";
    two = file_number(b->store, 2);
    two.path = "/a";
    other = file_number(b->store, 3);
    other.path = "/c";
    other.agent = ledger_name(b->store, NAME_AGENT, "agent", 1);
    put_file(b->store, &one);
    put_file(b->store, &two);
    put_file(b->store, &other);
    add_problem(b->store, one.id, 1, 2, 500);
    add_problem(b->store, one.id, 1, 1, 900); /* later in the file: the first place stays */
    add_problem(b->store, two.id, 1, 4, 70);
    add_problem(b->store, one.id, 3, 1, 20);
    add_problem(b->store, other.id, 1, 5, 30);
    ledger_commit(b->store);
    assert_int_equal(store_problems_each(b->store, tell_problem, &told, NULL), 0);
    assert_string_equal(told.p, "agent-0 1 x7 /a@70\nagent-0 3 x1 /z@20\nagent-1 1 x5 /c@30\n");

    buf_clear(&told);
    ledger_begin(b->store);
    assert_int_equal(store_problems_clear(b->store, two.id, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(store_problems_each(b->store, tell_problem, &told, NULL), 0);
    assert_string_equal(told.p, "agent-0 1 x3 /z@500\nagent-0 3 x1 /z@20\nagent-1 1 x5 /c@30\n");
    buf_fini(&told);
}

/* ---- the lease ---- */

static bool can_take(const char *path, enum err_kind *kind)
{
    struct lease *lease = NULL;
    struct err err = { 0 };
    int rc = lease_take(&lease, path, &err);

    *kind = err.kind;
    lease_give(lease);
    return rc == 0;
}

/* A child that has the lease until it is killed; *told reads one byte once it has. */
static pid_t start_holder(const char *path, int *told)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        struct lease *lease;
        char ok = lease_take(&lease, path, NULL) == 0 ? 'y' : 'n';

        if (write(ends[1], &ok, 1) == 1)
            pause();
        _exit(1);
    }
    close(ends[1]);
    *told = ends[0];
    return child;
}

static void only_one_process_has_the_lease_and_a_kill_frees_it(void **state)
{
    struct ledger_bench *b = *state;
    enum err_kind kind;
    char ok = 0;
    int told, status;
    pid_t child = start_holder(b->path, &told);

    assert_int_equal(read(told, &ok, 1), 1);
    assert_int_equal(ok, 'y');
    assert_false(can_take(b->path, &kind));
    assert_int_equal(kind, ERR_BUSY);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(can_take(b->path, &kind));
    assert_true(can_take(b->path, &kind)); /* and it was given back */
    close(told);
}

static void two_holders_in_one_process_are_one_too_many(void **state)
{
    struct ledger_bench *b = *state;
    struct lease *lease;
    enum err_kind kind;

    assert_int_equal(lease_take(&lease, b->path, NULL), 0);
    assert_false(can_take(b->path, &kind));
    assert_int_equal(kind, ERR_BUSY);
    lease_give(lease);
    assert_true(can_take(b->path, &kind));
}

/* Unlike the locks of old, closing another handle on the file does not drop it. */
static void closing_the_ledger_does_not_give_the_lease_back(void **state)
{
    struct ledger_bench *b = *state;
    struct lease *lease;
    struct store *other;
    enum err_kind kind;

    assert_int_equal(lease_take(&lease, b->path, NULL), 0);
    other = ledger_open(b->path, STORE_WRITE);
    store_close(other);
    assert_false(can_take(b->path, &kind));
    lease_give(lease);
}

static void a_ledger_in_memory_is_always_free(void **state)
{
    enum err_kind kind;
    struct lease *lease;

    (void)state;
    assert_int_equal(lease_take(&lease, ":memory:", NULL), 0);
    assert_true(can_take(":memory:", &kind));
    lease_give(lease);
    assert_int_equal(access(":memory:.lease", F_OK), -1);
}

static void a_lease_in_a_missing_folder_is_an_error_but_not_busy(void **state)
{
    struct ledger_bench *b = *state;
    char *path = path_join(b->top, "missing/ledger.db");
    enum err_kind kind;

    assert_false(can_take(path, &kind));
    assert_int_equal(kind, ERR_IO);
    free(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_comes_back_bit_by_bit),
        TEST(a_known_file_is_moved_on_and_not_added_again),
        TEST(an_inode_that_is_used_again_is_another_file),
        TEST(a_file_that_was_rolled_back_is_not_there),
        TEST(strange_lines_add_up_by_agent_and_kind_with_one_place_to_look),
        TEST(only_one_process_has_the_lease_and_a_kill_frees_it),
        TEST(two_holders_in_one_process_are_one_too_many),
        TEST(closing_the_ledger_does_not_give_the_lease_back),
        cmocka_unit_test(a_ledger_in_memory_is_always_free),
        TEST(a_lease_in_a_missing_folder_is_an_error_but_not_busy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
