/* test_tail_roots.c — roots that come and go, lie in each other, cannot be read or watched.
 * SPDX-License-Identifier: MIT
 */
#include "tail_bench.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

/* ---- roots ---- */

static void a_root_is_found_when_it_appears(void **state)
{
    struct bench *b = *state;

    add_root(b, "home/agent/r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_false(tail_root_exists(b->tail, 0));
    add(b, "home/other.jsonl", "1");
    assert_told(b, "");
    add(b, "home/agent/r/p/a.jsonl", "1");
    assert_told(b, "seen 0 home/agent/r/p/a.jsonl 1\n");
    assert_true(tail_root_exists(b->tail, 0));
    add(b, "home/agent/r/p/a.jsonl", "2");
    assert_told(b, "seen 0 home/agent/r/p/a.jsonl 2\n");
}

static void a_root_that_grows_step_by_step_is_found(void **state)
{
    struct bench *b = *state;

    add_root(b, "home/agent/r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    make_folder(b, "home");
    settle(b);
    make_folder(b, "home/agent");
    settle(b);
    add(b, "home/agent/r", "no folder");
    settle(b);
    assert_false(tail_root_exists(b->tail, 0));
    erase(b, "home/agent/r");
    make_folder(b, "home/agent/r");
    settle(b);
    assert_true(tail_root_exists(b->tail, 0));
    add(b, "home/agent/r/a.jsonl", "1");
    assert_told(b, "seen 0 home/agent/r/a.jsonl 1\n");
}

static void a_root_may_be_deleted_and_made_again(void **state)
{
    struct bench *b = *state;

    add(b, "home/r/p/a.jsonl", "1");
    add_root(b, "home/r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 home/r/p/a.jsonl 1\n");
    erase(b, "home");
    assert_told(b, "gone home/r/p/a.jsonl\n");
    assert_false(tail_root_exists(b->tail, 0));
    add(b, "home/r/p/a.jsonl", "12");
    assert_told(b, "seen 0 home/r/p/a.jsonl 2\n");
    erase(b, "home");
    add(b, "home/r/p/b.jsonl", "12");
    assert_told(b, "gone home/r/p/a.jsonl\nseen 0 home/r/p/b.jsonl 2\n");
}

static void a_root_may_be_renamed_away_above_its_head(void **state)
{
    struct bench *b = *state;

    add(b, "x/home/r/a.jsonl", "1");
    add_root(b, "x/home/r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 x/home/r/a.jsonl 1\n");
    move(b, "x", "y");
    assert_told(b, "gone x/home/r/a.jsonl\n");
    add(b, "y/home/r/a.jsonl", "2");
    assert_told(b, "");
    move(b, "y", "x");
    assert_told(b, "seen 0 x/home/r/a.jsonl 2\n");
    move(b, "x/home/r", "x/home/old");
    assert_told(b, "gone x/home/r/a.jsonl\n");
}

static void a_root_may_be_a_link(void **state)
{
    struct bench *b = *state;

    add(b, "dots/one/a.jsonl", "1");
    add(b, "dots/two/b.jsonl", "1");
    point(b, "dots/one", "r");
    watch_root(b);
    add(b, "dots/one/a.jsonl", "2");
    assert_told(b, "seen 0 r/a.jsonl 2\n");
    point(b, "dots/two", "r2");
    move(b, "r2", "r");
    assert_told(b, "gone r/a.jsonl\nseen 0 r/b.jsonl 1\n");
    erase(b, "r");
    assert_told(b, "gone r/b.jsonl\n");
}

static void a_file_under_two_roots_is_reported_once(void **state)
{
    struct bench *b = *state;

    add(b, "r/in/a.jsonl", "1");
    add(b, "r/in/a.json", "1");
    add(b, "r/b.jsonl", "1");
    add_root(b, "r/in");
    add_root(b, "r");
    add_root(b, "r/in");
    b->wanted[0] = ".json";
    b->wanted[2] = "nl";
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in/a.json 1\nseen 1 r/in/a.jsonl 1\nseen 1 r/b.jsonl 1\n");
    add(b, "r/in/a.jsonl", "2");
    add(b, "r/in/a.json", "2");
    add(b, "r/in/x/c.jsonl", "1");
    assert_told(b, "seen 0 r/in/a.json 2\nseen 1 r/in/a.jsonl 2\nseen 1 r/in/x/c.jsonl 1\n");
    move(b, "r", "s");
    assert_told(b, "gone r/in/a.json\ngone r/in/a.jsonl\ngone r/in/x/c.jsonl\ngone r/b.jsonl\n");
    move(b, "s", "r");
    settle(b);
    buf_clear(&b->told);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in/a.json 2\nseen 1 r/in/a.jsonl 2\nseen 1 r/in/x/c.jsonl 1\n"
                   "seen 1 r/b.jsonl 1\n");
    erase(b, "r/in");
    assert_told(b, "gone r/in/a.json\ngone r/in/a.jsonl\ngone r/in/x/c.jsonl\n");
    add(b, "r/in/a.json", "1");
    assert_told(b, "seen 0 r/in/a.json 1\n");
}

static void what_an_inner_root_does_not_want_is_left_to_the_outer(void **state)
{
    struct bench *b = *state;

    add(b, "r/in/x/a.jsonl", "1");
    add(b, "r/in/x/a.json", "1");
    add_root(b, "r/in");
    add_root(b, "r");
    b->wanted[0] = ".json";
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in/x/a.json 1\nseen 1 r/in/x/a.jsonl 1\n");
}

static void a_nested_root_that_appears_gets_its_files_at_once(void **state)
{
    struct bench *b = *state;

    make_folder(b, "r");
    add_root(b, "r/in");
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    add(b, "r/in/a.jsonl", "1");
    add(b, "r/b.jsonl", "1");
    assert_told(b, "seen 0 r/in/a.jsonl 1\nseen 1 r/b.jsonl 1\n");
}

static void the_order_of_nested_roots_does_not_matter(void **state)
{
    struct bench *b = *state;

    add(b, "r/in/a.jsonl", "1");
    add(b, "r/b.jsonl", "1");
    add_root(b, "r");
    add_root(b, "r/in");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in/a.jsonl 1\nseen 0 r/b.jsonl 1\n");
    erase(b, "r/in");
    add(b, "r/in/c.jsonl", "1");
    assert_told(b, "gone r/in/a.jsonl\nseen 0 r/in/c.jsonl 1\n");
}

static void a_file_falls_to_the_next_root_that_wants_it(void **state)
{
    struct bench *b = *state;

    add(b, "r/in/a.jsonl", "1");
    point(b, "r/in", "link");
    add_root(b, "link");
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 link/a.jsonl 1\n");
    erase(b, "link");
    assert_told(b, "gone link/a.jsonl\nseen 1 r/in/a.jsonl 1\n");
    point(b, "r/in", "link");
    assert_told(b, "gone r/in/a.jsonl\nseen 0 link/a.jsonl 1\n");
}

/* ---- folders that no root enters ---- */

static void a_folder_that_is_not_entered_costs_nothing(void **state)
{
    struct bench *b = *state;
    struct tail_stats stats;

    b->shut[0] = "in/parts";
    add(b, "r/in/parts/deep/a.jsonl", "1");
    add(b, "r/in/b.jsonl", "1");
    add(b, "r/parts/c.jsonl", "1");
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in/b.jsonl 1\nseen 0 r/parts/c.jsonl 1\n");
    tail_get_stats(b->tail, &stats);
    assert_int_equal(stats.directories, 3); /* r, r/in, r/parts */
    add(b, "r/in/parts/deep/a.jsonl", "2");
    add(b, "r/in/parts/d.jsonl", "2");
    add(b, "r/in/b.jsonl", "2");
    assert_told(b, "seen 0 r/in/b.jsonl 2\n");
}

static void a_folder_made_later_is_not_entered_either(void **state)
{
    struct bench *b = *state;

    b->shut[0] = "parts";
    add(b, "r/a.jsonl", "1");
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/a.jsonl 1\n");
    add(b, "r/parts/b.jsonl", "1");
    add(b, "r/other/c.jsonl", "1");
    assert_told(b, "seen 0 r/other/c.jsonl 1\n");
    move(b, "r/parts", "r/pieces");
    assert_told(b, "seen 0 r/pieces/b.jsonl 1\n");
}

static void another_root_may_enter_what_one_does_not(void **state)
{
    struct bench *b = *state;

    b->shut[0] = "parts";
    b->wanted[0] = ".other";
    add(b, "r/parts/a.jsonl", "1");
    add_root(b, "r");
    add_root(b, "r/parts");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    tail_dispatch(b->tail);
    assert_told(b, "seen 1 r/parts/a.jsonl 1\n");
}

/* ---- folders that cannot be read ---- */

/* Catches what is logged. */
struct caught {
    int stderr_fd, file_fd;
};

static struct caught catch_log(const struct bench *b)
{
    struct caught caught = { .stderr_fd = dup(STDERR_FILENO) };
    char *path = at(b, "log");

    caught.file_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    assert_true(dup2(caught.file_fd, STDERR_FILENO) >= 0);
    free(path);
    return caught;
}

/* How often the text was logged. */
static int release_log(const struct bench *b, struct caught caught, const char *text)
{
    char *path = at(b, "log");
    struct buf log = { 0 };
    const char *p;
    int count = 0;

    dup2(caught.stderr_fd, STDERR_FILENO);
    close(caught.stderr_fd);
    close(caught.file_fd);
    assert_int_equal(path_read(path, 1 << 20, &log, NULL), 0);
    for (p = log.p; p && (p = strstr(p, text)); p++)
        count++;
    buf_fini(&log);
    free(path);
    return count;
}

static void set_mode(const struct bench *b, const char *path, mode_t mode)
{
    char *folder = at(b, path);

    assert_int_equal(chmod(folder, mode), 0);
    free(folder);
}

static void become_nobody(const struct bench *b)
{
    if (geteuid() != 0) /* who may read everything */
        return;
    assert_int_equal(chown(b->top, 65534, 65534), 0);
    assert_int_equal(seteuid(65534), 0);
}

static void become_oneself(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

static void an_unreadable_folder_is_told_once_and_comes_back(void **state)
{
    static const mode_t modes[] = { 0, 0400 }; /* no listing; names that one cannot look at */
    struct bench *b = *state;
    struct tail_stats stats;
    size_t i;

    become_nobody(b);
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct caught caught;

        add(b, "r/p/a.jsonl", "1");
        add(b, "r/p/q/c.jsonl", "1");
        add(b, "r/b.jsonl", "1");
        tail_scan(b->tail);
        settle(b);
        buf_clear(&b->told);
        caught = catch_log(b);
        set_mode(b, "r/p", modes[i]);
        add(b, "r/b.jsonl", "2");
        tail_scan(b->tail);
        tail_scan(b->tail);
        tail_get_stats(b->tail, &stats);
        assert_int_equal(release_log(b, caught, "/r/p: "), 1);
        assert_int_equal(stats.unreadable, 1);
        assert_false(stats.polling);
        assert_null(strstr(b->told.p, "gone")); /* who knows */
        settle(b);
        buf_clear(&b->told);

        set_mode(b, "r/p", 0700);
        settle(b);
        add(b, "r/p/a.jsonl", "2");
        settle(b);
        assert_non_null(strstr(b->told.p, "seen 0 r/p/a.jsonl 2\n"));
        tail_get_stats(b->tail, &stats);
        assert_int_equal(stats.unreadable, 0);
        erase(b, "r");
        settle(b);
    }
    become_oneself();
}

static void an_unreadable_root_comes_back(void **state)
{
    struct bench *b = *state;
    struct caught caught;

    become_nobody(b);
    add(b, "r/a.jsonl", "1");
    set_mode(b, "r", 0);
    caught = catch_log(b);
    watch_root(b);
    assert_int_equal(release_log(b, caught, "/r: "), 1);
    assert_told(b, "");
    set_mode(b, "r", 0700);
    assert_told(b, "seen 0 r/a.jsonl 1\n");
    become_oneself();
}

/* ---- in a world of its own ---- */

/* Runs the rest of a test in a child, which may change its name spaces; a child that fails an
 * assertion has said why, and ends otherwise than with 0. */
static void in_child(struct bench *b, int flags, void (*run)(struct bench *))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (unshare(flags) < 0) {
            print_message("# not allowed here: %s\n", strerror(errno));
            _exit(0);
        }
        run(b);
        fflush(stdout);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* cmocka's assertions jump back into the test that a child must not finish. */
static void child_check(bool holds, const char *what)
{
    if (holds)
        return;
    print_message("# in the child: %s\n", what);
    fflush(stdout);
    _exit(1);
}

static void run_out_of_watches(struct bench *b)
{
    int fd = open("/proc/sys/user/max_inotify_watches", O_WRONLY);
    struct tail_stats stats;
    struct caught caught;

    if (fd < 0 || write(fd, "8", 1) != 1) {
        print_message("# the limit cannot be lowered here\n");
        return;
    }
    close(fd);
    caught = catch_log(b);
    child_check(tail_watch(b->tail, NULL) == 0, "watch");
    tail_scan(b->tail);
    tail_scan(b->tail);
    tail_get_stats(b->tail, &stats);
    child_check(release_log(b, caught, "max_user_watches") == 1, "the limit is told once");
    child_check(stats.polling && stats.watches == 8, "polling beside 8 watches");
    child_check(tail_next_ms(b->tail) <= 2000, "polling soon");
    buf_clear(&b->told);
    add(b, "r/9/a.jsonl", "2");
    add(b, "r/0/new.jsonl", "2");
    clock_skip(2000, 0);
    settle(b);
    child_check(strstr(b->told.p, "seen 0 r/9/a.jsonl 2\n") != NULL, "change in r/9");
    child_check(strstr(b->told.p, "seen 0 r/0/new.jsonl 1\n") != NULL, "new file in r/0");

    fd = open("/proc/sys/user/max_inotify_watches", O_WRONLY);
    child_check(write(fd, "99", 2) == 2, "raising the limit");
    close(fd);
    clock_skip(2000, 0);
    settle(b);
    tail_get_stats(b->tail, &stats);
    child_check(!stats.polling, "watching all again");
}

static void what_cannot_be_watched_is_polled(void **state)
{
    struct bench *b = *state;
    char name[] = "r/0/a.jsonl";

    add_root(b, "r");
    for (; name[2] <= '9'; name[2]++)
        add(b, name, "1");
    in_child(b, CLONE_NEWUSER, run_out_of_watches);
}

static void mount_and_unmount(struct bench *b)
{
    char *folder = at(b, "r/p");
    char *other = at(b, "r/a");

    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", folder, "tmpfs", 0, NULL) < 0) {
        print_message("# no mounts here\n");
        return;
    }
    add(b, "r/p/a.jsonl", "1");
    watch_root(b);
    add(b, "r/p/a.jsonl", "2");
    settle(b);
    child_check(strcmp(b->told.p, "seen 0 r/p/a.jsonl 2\n") == 0, "heard below a mount");
    buf_clear(&b->told);
    child_check(umount(folder) == 0, "umount");
    settle(b);
    child_check(b->told.p && strstr(b->told.p, "gone r/p/a.jsonl\n"), "gone with its mount");
    buf_clear(&b->told);
    add(b, "r/p/b.jsonl", "1");
    settle(b);
    child_check(strcmp(b->told.p, "seen 0 r/p/b.jsonl 1\n") == 0, "heard where the mount was");

    add(b, "r/a/c.jsonl", "1");
    child_check(mount(other, folder, NULL, MS_BIND, NULL) == 0, "bind a folder beside it");
    buf_clear(&b->told);
    tail_scan(b->tail);
    tail_scan(b->tail);
    child_check(strstr(b->told.p, "/c.jsonl") && !strstr(b->told.p, "gone r/a/c.jsonl"),
                "a second mount changes nothing");
    child_check(umount(folder) == 0, "umount");

    child_check(mount(b->top, folder, NULL, MS_BIND, NULL) == 0, "bind an ancestor");
    tail_scan(b->tail);
    tail_dispatch(b->tail);
    child_check(tail_next_ms(b->tail) > 2000, "a mount of an ancestor does not keep us busy");
    umount(folder);
    free(folder);
    free(other);
}

static void file_systems_come_and_go(void **state)
{
    struct bench *b = *state;

    make_folder(b, "r/p");
    in_child(b, CLONE_NEWNS, mount_and_unmount);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_root_is_found_when_it_appears),
        TEST(a_root_that_grows_step_by_step_is_found),
        TEST(a_root_may_be_deleted_and_made_again),
        TEST(a_root_may_be_renamed_away_above_its_head),
        TEST(a_root_may_be_a_link),
        TEST(a_file_under_two_roots_is_reported_once),
        TEST(what_an_inner_root_does_not_want_is_left_to_the_outer),
        TEST(a_nested_root_that_appears_gets_its_files_at_once),
        TEST(the_order_of_nested_roots_does_not_matter),
        TEST(a_file_falls_to_the_next_root_that_wants_it),
        TEST(a_folder_that_is_not_entered_costs_nothing),
        TEST(a_folder_made_later_is_not_entered_either),
        TEST(another_root_may_enter_what_one_does_not),
        TEST(an_unreadable_folder_is_told_once_and_comes_back),
        TEST(an_unreadable_root_comes_back),
        TEST(what_cannot_be_watched_is_polled),
        TEST(file_systems_come_and_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
