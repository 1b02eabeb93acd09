/* tail_bench.h — a folder to play in, a tail, and a record of what it told; for the tests of tail.
 *
 * What the hooks are told is written down as lines ("seen 0 a/x.jsonl 4", "gone a/x.jsonl", paths
 * below the test's folder) and compared sorted, since folders have no order.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_BENCH_H
#define TAIL_BENCH_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "tail/tail.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DEADLINE_MS   5000
#define MINUTES_MS(n) ((n)*INT64_C(60000))

struct bench {
    char top[64];
    struct tail *tail;
    struct buf told;
    const char *wanted[4]; /* per root: the ending that it wants; NULL: ".jsonl" */
    const char *shut[4];   /* per root: the folder that it does not enter; NULL: none */
};

static inline void on_seen(void *to, const struct tail_file *file)
{
    struct bench *b = to;
    struct stat st;

    assert_int_equal(strncmp(file->path, b->top, strlen(b->top)), 0);
    if (stat(file->path, &st) == 0 && st.st_ino == file->ino) {
        assert_int_equal(st.st_dev, file->dev);
        assert_true(file->mtime_ms > 0 && file->birth_ms > 0);
    }
    buf_printf(&b->told, "seen %d %s %lld\n", file->root, file->path + strlen(b->top) + 1,
               (long long)file->size);
}

static inline void on_gone(void *to, const char *path)
{
    struct bench *b = to;

    buf_printf(&b->told, "gone %s\n", path + strlen(b->top) + 1);
}

static inline bool on_wants(void *to, int root, const char *relative_path)
{
    const struct bench *b = to;

    assert_true(relative_path[0] != '/' && relative_path[0] != '\0');
    return span_ends(span_of(relative_path), b->wanted[root] ? b->wanted[root] : ".jsonl");
}

static inline bool on_enters(void *to, int root, const char *relative_path)
{
    const struct bench *b = to;

    assert_true(relative_path[0] != '/' && relative_path[0] != '\0');
    return !b->shut[root] || strcmp(relative_path, b->shut[root]) != 0;
}

static inline int set_up(void **state)
{
    static const struct tail_hooks hooks = { on_seen, on_gone, on_wants, on_enters };
    struct bench *b = xcalloc(1, sizeof(*b));

    snprintf(b->top, sizeof(b->top), "/tmp/tacho-tail-XXXXXX");
    assert_non_null(mkdtemp(b->top));
    b->tail = tail_new(&hooks, b);
    *state = b;
    return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int tear_down(void **state)
{
    struct bench *b = *state;

    tail_free(b->tail);
    assert_int_equal(nftw(b->top, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    buf_fini(&b->told);
    free(b);
    return 0;
}

/* ---- things to do below the test's folder ---- */

static inline char *at(const struct bench *b, const char *path)
{
    return path_join(b->top, path);
}

static inline void make_folder(const struct bench *b, const char *path)
{
    char *folder = at(b, path);

    assert_int_equal(path_make(folder, NULL), 0);
    free(folder);
}

/* Appends; makes the file and its folders. */
static inline void add(const struct bench *b, const char *path, const char *text)
{
    char *file = at(b, path);
    char *folder = path_dir(file);
    int fd;

    assert_int_equal(path_make(folder, NULL), 0);
    fd = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    free(folder);
    free(file);
}

static inline void erase(const struct bench *b, const char *path)
{
    char *victim = at(b, path);

    assert_int_equal(nftw(victim, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(victim);
}

static inline void two_names(const struct bench *b, const char *from, const char *to,
                             int (*call)(const char *, const char *))
{
    char *old = at(b, from);
    char *new = at(b, to);

    assert_int_equal(call(old, new), 0);
    free(old);
    free(new);
}

static inline void move(const struct bench *b, const char *from, const char *to)
{
    two_names(b, from, to, rename);
}

static inline void point(const struct bench *b, const char *target, const char *name)
{
    char *path = at(b, name);

    assert_int_equal(symlink(target, path), 0);
    free(path);
}

static inline int add_root(struct bench *b, const char *path)
{
    char *root = at(b, path);
    int number = tail_add_root(b->tail, root);

    free(root);
    return number;
}

/* ---- what was told ---- */

static inline int by_text(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

static inline char *sorted(const char *text)
{
    struct span lines[4096], rest = span_of(text);
    struct buf out = { 0 };
    size_t count = 0, i;

    while (count < 4096 && span_split(&rest, '\n', &lines[count]))
        count += lines[count].len > 0;
    qsort(lines, count, sizeof(lines[0]), by_text);
    for (i = 0; i < count; i++) {
        buf_add_span(&out, lines[i]);
        buf_add_char(&out, '\n');
    }
    return buf_take(&out);
}

static inline bool is_readable(const struct bench *b, int timeout_ms)
{
    struct pollfd fd = { .fd = tail_fd(b->tail), .events = POLLIN };

    return fd.fd >= 0 && poll(&fd, 1, timeout_ms) > 0;
}

/* Handles what is pending now. */
static inline void settle(struct bench *b)
{
    do
        tail_dispatch(b->tail);
    while (is_readable(b, 0));
}

/* Waits until this and nothing else has been told, and begins a new page. */
static inline void assert_told(struct bench *b, const char *want)
{
    int64_t until_ms = clock_boot_ms() + DEADLINE_MS;
    char *want_sorted = sorted(want), *got = NULL;

    for (;;) {
        settle(b);
        free(got);
        got = sorted(b->told.p ? b->told.p : "");
        if (strcmp(got, want_sorted) == 0 || clock_boot_ms() >= until_ms ||
            strlen(got) > strlen(want_sorted) || !is_readable(b, DEADLINE_MS / 10))
            break;
    }
    assert_string_equal(got, want_sorted);
    free(want_sorted);
    free(got);
    buf_clear(&b->told);
}

/* One root "r", watched and scanned; what the scan told is forgotten. */
static inline void watch_root(struct bench *b)
{
    add_root(b, "r");
    assert_int_equal(tail_watch(b->tail, NULL), 0);
    tail_scan(b->tail);
    settle(b);
    buf_clear(&b->told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
