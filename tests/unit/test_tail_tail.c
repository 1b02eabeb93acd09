/* test_tail_tail.c — every file is found and every change is heard, in real folders.
 * SPDX-License-Identifier: MIT
 */
#include "tail_bench.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

/* ---- scanning ---- */

static void a_scan_reports_every_wanted_file(void **state)
{
    struct bench *b = *state;

    add(b, "r/a.jsonl", "1234");
    add(b, "r/p/q/b.jsonl", "");
    add(b, "r/p/q/.c.jsonl", "1");
    add(b, "r/p/notes.txt", "1");
    add(b, "r/line\nfeed.jsonl", "1");
    add(b, "r/\xff\xfe.jsonl", "12");
    add(b, "outside.jsonl", "1");
    assert_int_equal(add_root(b, "r/"), 0);
    tail_scan(b->tail);
    assert_non_null(strstr(b->told.p, "seen 0 r/line\nfeed.jsonl 1\n"));
    erase(b, "r/line\nfeed.jsonl");
    buf_clear(&b->told);
    tail_scan(b->tail);
    assert_told(b, "gone r/line\nfeed.jsonl\nseen 0 r/a.jsonl 4\nseen 0 r/p/q/b.jsonl 0\n"
                   "seen 0 r/p/q/.c.jsonl 1\nseen 0 r/\xff\xfe.jsonl 2\n");
    assert_true(tail_root_exists(b->tail, 0));
    assert_int_equal(tail_fd(b->tail), -1);
}

static void what_is_no_regular_file_is_never_touched(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct bench *b = *state;
    char *fifo = at(b, "r/fifo.jsonl");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    make_folder(b, "r/folder.jsonl");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/r/socket.jsonl", b->top);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    point(b, "fifo.jsonl", "r/link.jsonl");
    watch_root(b);
    tail_scan(b->tail);
    assert_told(b, "");
    assert_int_equal(unlink(fifo), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_told(b, "");
    add(b, "r/a.jsonl", "1");
    assert_told(b, "seen 0 r/a.jsonl 1\n");
    erase(b, "r/a.jsonl");
    move(b, "r/fifo.jsonl", "r/a.jsonl");
    assert_told(b, "gone r/a.jsonl\n");
    close(fd);
    free(fifo);
}

static void folders_are_followed_32_deep(void **state)
{
    struct bench *b = *state;
    struct buf path = { 0 };
    int depth;

    buf_add_text(&path, "r");
    for (depth = 1; depth <= 34; depth++) {
        buf_add_text(&path, "/d");
        if (depth == 32 || depth == 33) {
            char *file = path_join(path.p, "x.jsonl");

            add(b, file, depth == 32 ? "in" : "beyond");
            free(file);
        }
    }
    add_root(b, "r");
    tail_scan(b->tail);
    assert_non_null(strstr(b->told.p, "/x.jsonl 2\n"));
    assert_null(strstr(b->told.p, "/x.jsonl 6\n"));
    buf_fini(&path);
}

static void scanning_again_reports_all_again(void **state)
{
    struct bench *b = *state;

    add(b, "r/a.jsonl", "1");
    watch_root(b);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/a.jsonl 1\n");
}

/* ---- events ---- */

static void changes_to_files_are_heard(void **state)
{
    struct bench *b = *state;

    add(b, "r/p/a.jsonl", "1");
    watch_root(b);
    add(b, "r/p/a.jsonl", "2");
    add(b, "r/p/a.jsonl", "3");
    add(b, "r/p/notes.txt", "3");
    assert_told(b, "seen 0 r/p/a.jsonl 3\n");
    add(b, "r/p/b.jsonl", "");
    assert_told(b, "seen 0 r/p/b.jsonl 0\n");
    move(b, "r/p/b.jsonl", "r/c.jsonl");
    assert_told(b, "gone r/p/b.jsonl\nseen 0 r/c.jsonl 0\n");
    move(b, "r/c.jsonl", "r/c.old");
    assert_told(b, "gone r/c.jsonl\n");
    move(b, "r/c.old", "r/c.jsonl");
    assert_told(b, "seen 0 r/c.jsonl 0\n");
    erase(b, "r/c.jsonl");
    assert_told(b, "gone r/c.jsonl\n");
    add(b, "r/t.tmp", "new");
    assert_told(b, "");
    move(b, "r/t.tmp", "r/p/a.jsonl");
    assert_told(b, "seen 0 r/p/a.jsonl 3\n");
    move(b, "r/p/a.jsonl", "out.jsonl");
    assert_told(b, "gone r/p/a.jsonl\n");
    add(b, "out.jsonl", "4");
    assert_told(b, "");
    move(b, "out.jsonl", "r/in.jsonl");
    assert_told(b, "seen 0 r/in.jsonl 4\n");
}

static void a_write_that_leaves_the_size_is_heard(void **state)
{
    struct bench *b = *state;
    char *path;
    int fd;

    add(b, "r/a.jsonl", "one");
    watch_root(b);
    path = at(b, "r/a.jsonl");
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "two", 3, 0), 3);
    assert_told(b, "seen 0 r/a.jsonl 3\n");
    assert_int_equal(pwrite(fd, "six", 3, 0), 3);
    assert_told(b, "seen 0 r/a.jsonl 3\n");
    close(fd); /* nothing more to say */
    assert_told(b, "");
    free(path);
}

static void swapped_names_are_told_apart(void **state)
{
    struct bench *b = *state;

    add(b, "r/a.jsonl", "1");
    add(b, "r/b.jsonl", "12");
    watch_root(b);
    move(b, "r/a.jsonl", "r/t");
    move(b, "r/b.jsonl", "r/a.jsonl");
    move(b, "r/t", "r/b.jsonl");
    settle(b);
    assert_non_null(strstr(b->told.p, "seen 0 r/a.jsonl 2\n"));
    assert_non_null(strstr(b->told.p, "seen 0 r/b.jsonl 1\n"));
    buf_clear(&b->told);
    add(b, "r/a.jsonl", "3");
    add(b, "r/b.jsonl", "2");
    assert_told(b, "seen 0 r/a.jsonl 3\nseen 0 r/b.jsonl 2\n");
}

static void new_folders_are_looked_into_at_once(void **state)
{
    struct bench *b = *state;

    make_folder(b, "r");
    watch_root(b);
    add(b, "r/n/e/s/t/a.jsonl", "1");
    assert_told(b, "seen 0 r/n/e/s/t/a.jsonl 1\n");
    add(b, "r/n/e/s/t/b.jsonl", "1");
    add(b, "r/n/e/c.jsonl", "1");
    assert_told(b, "seen 0 r/n/e/s/t/b.jsonl 1\nseen 0 r/n/e/c.jsonl 1\n");
    erase(b, "r/n/e");
    assert_told(b, "gone r/n/e/s/t/a.jsonl\ngone r/n/e/s/t/b.jsonl\ngone r/n/e/c.jsonl\n");
    add(b, "r/n/e/c.jsonl", "1");
    assert_told(b, "seen 0 r/n/e/c.jsonl 1\n");
    erase(b, "r/n/e");
    add(b, "r/n/e/d.jsonl", "1"); /* the folder may have its inode again */
    settle(b);
    add(b, "r/n/e/d.jsonl", "2");
    settle(b);
    assert_non_null(strstr(b->told.p, "gone r/n/e/c.jsonl\n"));
    assert_non_null(strstr(b->told.p, "seen 0 r/n/e/d.jsonl 2\n"));
}

static void a_renamed_folder_takes_its_files_along(void **state)
{
    struct bench *b = *state;

    add(b, "r/p/q/a.jsonl", "1");
    watch_root(b);
    move(b, "r/p", "r/z");
    assert_told(b, "gone r/p/q/a.jsonl\nseen 0 r/z/q/a.jsonl 1\n");
    add(b, "r/z/q/a.jsonl", "2");
    assert_told(b, "seen 0 r/z/q/a.jsonl 2\n");
    make_folder(b, "r/y");
    move(b, "r/z/q", "r/y/q");
    assert_told(b, "gone r/z/q/a.jsonl\nseen 0 r/y/q/a.jsonl 2\n");
    move(b, "r/y", "y");
    assert_told(b, "gone r/y/q/a.jsonl\n");
    add(b, "y/q/a.jsonl", "3");
    assert_told(b, "");
    move(b, "y", "r/w");
    assert_told(b, "seen 0 r/w/q/a.jsonl 3\n");
}

static void parents_and_children_may_change_places(void **state)
{
    struct bench *b = *state;

    add(b, "r/p/q/a.jsonl", "1");
    add(b, "r/p/b.jsonl", "1");
    watch_root(b);
    move(b, "r/p/q", "r/q");
    move(b, "r/p", "r/q/p");
    settle(b);
    clock_skip(MINUTES_MS(15), 0);
    settle(b);
    buf_clear(&b->told);
    add(b, "r/q/a.jsonl", "2");
    add(b, "r/q/p/b.jsonl", "2");
    assert_told(b, "seen 0 r/q/a.jsonl 2\nseen 0 r/q/p/b.jsonl 2\n");
}

static void a_name_may_change_its_kind(void **state)
{
    struct bench *b = *state;

    add(b, "r/x.jsonl", "1");
    watch_root(b);
    erase(b, "r/x.jsonl");
    add(b, "r/x.jsonl/y.jsonl", "12");
    assert_told(b, "gone r/x.jsonl\nseen 0 r/x.jsonl/y.jsonl 2\n");
    erase(b, "r/x.jsonl");
    add(b, "r/x.jsonl", "123");
    assert_told(b, "gone r/x.jsonl/y.jsonl\nseen 0 r/x.jsonl 3\n");
}

static void lost_events_are_made_up_for(void **state)
{
    struct buf text = { 0 };
    struct bench *b = *state;
    char *path;
    int fds[2];
    long most, i;

    assert_int_equal(path_read("/proc/sys/fs/inotify/max_queued_events", 32, &text, NULL), 0);
    most = strtol(text.p, NULL, 10);
    buf_fini(&text);
    add(b, "r/a.jsonl", "");
    add(b, "r/b.jsonl", "");
    add(b, "r/c.jsonl", "");
    watch_root(b);
    path = at(b, "r/a.jsonl");
    fds[0] = open(path, O_WRONLY);
    free(path);
    path = at(b, "r/b.jsonl");
    fds[1] = open(path, O_WRONLY);
    free(path);
    for (i = 0; i < most + 10; i++) /* in turns: the kernel merges equal neighbours */
        assert_int_equal(pwrite(fds[i % 2], "x", 1, 0), 1);
    add(b, "r/new/d.jsonl", "1"); /* beyond what the queue holds */
    erase(b, "r/c.jsonl");
    assert_told(b, "seen 0 r/a.jsonl 1\nseen 0 r/b.jsonl 1\nseen 0 r/new/d.jsonl 1\n"
                   "gone r/c.jsonl\n");
    add(b, "r/new/d.jsonl", "2");
    assert_told(b, "seen 0 r/new/d.jsonl 2\n");
    close(fds[0]);
    close(fds[1]);
}

/* ---- links ---- */

static void links_are_followed_inside_the_root_only(void **state)
{
    struct bench *b = *state;

    add(b, "out/secret.jsonl", "1");
    add(b, "r/data/raw.bin", "1");
    point(b, "../out/secret.jsonl", "r/out.jsonl");
    point(b, "../out", "r/out");
    point(b, "data/raw.bin", "r/in.jsonl");
    point(b, "..", "r/data/up");
    point(b, ".", "r/self");
    point(b, "nowhere", "r/dangling.jsonl");
    point(b, "loop.jsonl", "r/loop.jsonl");
    watch_root(b);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/in.jsonl 1\n");
    add(b, "r/data/raw.bin", "2"); /* heard under its own name, told under the one we want */
    assert_told(b, "seen 0 r/in.jsonl 2\n");
    move(b, "r/data/raw.bin", "r/data/raw.jsonl");
    settle(b);
    assert_non_null(strstr(b->told.p, "gone r/in.jsonl\n"));
    assert_non_null(strstr(b->told.p, "seen 0 r/data/raw.jsonl 2\n"));
    buf_clear(&b->told);
    point(b, "data/raw.jsonl", "r/again.jsonl"); /* its own name is better */
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/data/raw.jsonl 2\n");
}

static void a_file_with_two_names_is_reported_once(void **state)
{
    struct bench *b = *state;

    add(b, "r/a.jsonl", "1");
    watch_root(b);
    two_names(b, "r/a.jsonl", "r/b.jsonl", link);
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/a.jsonl 1\n");
    add(b, "r/b.jsonl", "2");
    assert_told(b, "seen 0 r/a.jsonl 2\n");
    erase(b, "r/a.jsonl");
    settle(b);
    clock_skip(2000, 0);
    assert_true(tail_next_ms(b->tail) == 0);
    assert_told(b, "gone r/a.jsonl\nseen 0 r/b.jsonl 2\n");
}

/* ---- without events ---- */

static void idle_means_idle(void **state)
{
    struct bench *b = *state;

    add(b, "r/a.jsonl", "1");
    watch_root(b);
    assert_true(tail_next_ms(b->tail) > MINUTES_MS(14));
    tail_dispatch(b->tail);
    assert_true(tail_next_ms(b->tail) > MINUTES_MS(14));
    assert_false(is_readable(b, 0));
    assert_told(b, "");
}

static const struct unheard_case {
    const char *why;
    int64_t awake_ms, asleep_ms;
} unheard_cases[] = {
    { "the quarter of an hour is over", MINUTES_MS(15), 0 },
    { "the machine slept a while", 0, 3000 },
};

static void changes_without_events_are_found_in_the_end(void **state)
{
    struct bench *b = *state;
    size_t i;

    add(b, "r/a.jsonl", "123");
    add(b, "r/b.jsonl", "123");
    watch_root(b);
    for (i = 0; i < sizeof(unheard_cases) / sizeof(unheard_cases[0]); i++) {
        char *file = at(b, "r/a.jsonl");
        int fd = open(file, O_RDWR);
        char *map = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

        assert_ptr_not_equal(map, MAP_FAILED);
        print_message("# %s\n", unheard_cases[i].why);
        map[0]++; /* a write through a mapping makes no event, nor does reading back the time */
        assert_int_equal(msync(map, 1, MS_SYNC), 0);
        assert_told(b, "");
        clock_skip(unheard_cases[i].awake_ms, unheard_cases[i].asleep_ms);
        assert_told(b, "seen 0 r/a.jsonl 3\n");
        munmap(map, 1);
        close(fd);
        settle(b);
        buf_clear(&b->told);
        free(file);
    }
}

static void without_inotify_all_is_polled(void **state)
{
    struct bench *b = *state;
    struct tail_stats stats;

    add(b, "r/p/a.jsonl", "1");
    add_root(b, "r");
    add_root(b, "later");
    tail_scan(b->tail);
    assert_told(b, "seen 0 r/p/a.jsonl 1\n");
    tail_get_stats(b->tail, &stats);
    assert_true(stats.polling && stats.watches == 0);
    assert_int_equal(stats.roots_found, 1);
    add(b, "r/p/a.jsonl", "2");
    add(b, "r/q/b.jsonl", "1");
    add(b, "later/c.jsonl", "1");
    assert_told(b, "");
    assert_true(tail_next_ms(b->tail) > 0 && tail_next_ms(b->tail) <= 2000);
    clock_skip(2000, 0);
    assert_int_equal(tail_next_ms(b->tail), 0);
    assert_told(b, "seen 0 r/p/a.jsonl 2\nseen 0 r/q/b.jsonl 1\nseen 1 later/c.jsonl 1\n");
    move(b, "r/p", "r/z");
    erase(b, "r/q");
    erase(b, "later");
    clock_skip(2000, 0);
    assert_told(b, "gone r/p/a.jsonl\nseen 0 r/z/a.jsonl 2\ngone r/q/b.jsonl\n"
                   "gone later/c.jsonl\n");
    clock_skip(2000, 0);
    assert_told(b, "");
}

static void watching_may_begin_after_a_scan(void **state)
{
    struct bench *b = *state;
    struct tail_stats stats;

    add(b, "r/p/a.jsonl", "1");
    add_root(b, "r");
    tail_scan(b->tail);
    buf_clear(&b->told);
    add(b, "r/p/b.jsonl", "1");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    assert_int_equal(tail_next_ms(b->tail), 0);
    assert_told(b, "seen 0 r/p/b.jsonl 1\n");
    add(b, "r/p/a.jsonl", "2");
    assert_told(b, "seen 0 r/p/a.jsonl 2\n");
    tail_get_stats(b->tail, &stats);
    assert_int_equal(stats.directories, 2);
    assert_true(stats.watches > 2 && !stats.polling);
}

/* ---- any history leads to what is there ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed >> 11;
}

/* A path of one to three letters out of few, so that names meet; "r/a/c/b.jsonl". */
static char *random_path(const struct bench *b, uint64_t *seed, const char *ending)
{
    struct buf path = { 0 };
    uint64_t depth = next_random(seed) % 3 + 1;

    buf_printf(&path, "%s/r", b->top);
    while (depth-- > 0)
        buf_printf(&path, "/%c", (char)('a' + next_random(seed) % 4));
    buf_add_text(&path, ending);
    return buf_take(&path);
}

static void write_random(const char *path, uint64_t *seed)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    char text[9] = "........";

    if (fd < 0)
        return;
    assert_true(write(fd, text, next_random(seed) % 8 + 1) > 0);
    close(fd);
}

/* Most calls do something, some fail: both is fine. */
static void change_at_random(const struct bench *b, uint64_t *seed)
{
    char *file = random_path(b, seed, ".jsonl"), *other = random_path(b, seed, ".jsonl");
    char *folder = random_path(b, seed, ""), *target = random_path(b, seed, "");

    switch (next_random(seed) % 12) {
    case 0:
    case 1:
        path_make(folder, NULL);
        break;
    case 2:
        rename(folder, target);
        break;
    case 3:
        rename(file, other);
        break;
    case 4:
        unlink(file);
        break;
    case 5:
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        break;
    case 6:
        rename(folder, file);
        break;
    default:
        write_random(file, seed);
        break;
    }
    free(file);
    free(other);
    free(folder);
    free(target);
}

/* What is known: one line per file, kept up to date from what was told. */
struct known {
    struct buf files; /* "<path> <size>\n" */
};

static void forget(struct known *known, struct span path)
{
    struct span rest = buf_span(&known->files), line;
    struct buf kept = { 0 };

    while (span_split(&rest, '\n', &line)) {
        if (line.len == 0 || (line.len > path.len && line.p[path.len] == ' ' &&
                              memcmp(line.p, path.p, path.len) == 0))
            continue;
        buf_add_span(&kept, line);
        buf_add_char(&kept, '\n');
    }
    buf_fini(&known->files);
    known->files = kept;
}

static void learn(struct known *known, struct bench *b)
{
    struct span rest = buf_span(&b->told), line, word, path;

    while (span_split(&rest, '\n', &line)) {
        bool seen;

        if (line.len == 0)
            continue;
        span_split(&line, ' ', &word);
        seen = span_is(word, "seen");
        if (seen)
            span_split(&line, ' ', &word);
        span_split(&line, ' ', &path);
        forget(known, path);
        if (seen)
            buf_printf(&known->files, "%.*s %.*s\n", (int)path.len, path.p, (int)line.len, line.p);
    }
    buf_clear(&b->told);
}

static struct buf found; /* nftw knows no context */

static int find_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    if (type == FTW_F && span_ends(span_of(path), ".jsonl"))
        buf_printf(&found, "%s %lld\n", strstr(path, "/r/") + 1, (long long)st->st_size);
    return 0;
}

static void assert_known(const struct bench *b, const struct known *known)
{
    char *got = sorted(known->files.p ? known->files.p : ""), *want;

    buf_clear(&found);
    nftw(b->top, find_one, 16, FTW_PHYS);
    want = sorted(found.p ? found.p : "");
    assert_string_equal(got, want);
    free(got);
    free(want);
}

static void any_history_leads_to_what_is_there(void **state)
{
    struct bench *b = *state;
    struct known known = { 0 };
    uint64_t seed = UINT64_C(0x7ac0);
    int round;

    make_folder(b, "r");
    watch_root(b);
    for (round = 0; round < 4000; round++) {
        change_at_random(b, &seed);
        if (next_random(&seed) % 4 == 0)
            tail_dispatch(b->tail);
        if (next_random(&seed) % 50 == 0)
            tail_scan(b->tail);
        if (next_random(&seed) % 8 == 0) {
            settle(b);
            learn(&known, b);
            assert_known(b, &known);
        }
    }
    buf_fini(&known.files);
    buf_fini(&found);
}

static void a_world_that_changes_while_we_look_is_known_in_the_end(void **state)
{
    struct bench *b = *state;
    struct known known = { 0 };
    uint64_t seed = UINT64_C(0xacce55);
    int round, status;

    make_folder(b, "r");
    watch_root(b);
    for (round = 0; round < 20; round++) {
        pid_t child = fork();
        int i;

        assert_true(child >= 0);
        if (child == 0) {
            seed += (uint64_t)round << 20;
            for (i = 0; i < 300; i++)
                change_at_random(b, &seed);
            _exit(0);
        }
        while (waitpid(child, &status, WNOHANG) == 0) {
            tail_dispatch(b->tail);
            if (round % 4 == 0)
                tail_scan(b->tail);
        }
        assert_int_equal(status, 0);
        settle(b);
        clock_skip(2000, 0); /* where everything moved, a second look may be due */
        settle(b);
        learn(&known, b);
        assert_known(b, &known);
    }
    buf_fini(&known.files);
    buf_fini(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_scan_reports_every_wanted_file),
        TEST(what_is_no_regular_file_is_never_touched),
        TEST(folders_are_followed_32_deep),
        TEST(scanning_again_reports_all_again),
        TEST(changes_to_files_are_heard),
        TEST(a_write_that_leaves_the_size_is_heard),
        TEST(swapped_names_are_told_apart),
        TEST(new_folders_are_looked_into_at_once),
        TEST(a_renamed_folder_takes_its_files_along),
        TEST(parents_and_children_may_change_places),
        TEST(a_name_may_change_its_kind),
        TEST(lost_events_are_made_up_for),
        TEST(links_are_followed_inside_the_root_only),
        TEST(a_file_with_two_names_is_reported_once),
        TEST(idle_means_idle),
        TEST(changes_without_events_are_found_in_the_end),
        TEST(without_inotify_all_is_polled),
        TEST(watching_may_begin_after_a_scan),
        TEST(any_history_leads_to_what_is_there),
        TEST(a_world_that_changes_while_we_look_is_known_in_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
