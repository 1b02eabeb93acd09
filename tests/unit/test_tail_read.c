/* test_tail_read.c — whole lines, once each, whatever happens to the file between two readings.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "tail/read.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define BUFFER (256 << 10) /* what the reader takes at a time */
#define BOM    "\xef\xbb\xbf"

/* A file in a folder of its own, a reader, and what was delivered since the last restart. */
struct bench {
    char folder[64];
    char *path;
    struct tail_reader *reader;
    struct tail_mark mark;
    struct err err;
    struct buf lines, rest;
    int pieces, restarts, too_long;
    int64_t first_offset, too_long_offset;
    int stop_after;                      /* pieces; 0: never */
    void (*meddle)(struct bench *bench); /* called once, in the middle of the first piece */
};

static int set_up(void **state)
{
    struct bench *b = xcalloc(1, sizeof(*b));

    snprintf(b->folder, sizeof(b->folder), "/tmp/tacho-read-XXXXXX");
    assert_non_null(mkdtemp(b->folder));
    b->path = path_join(b->folder, "log");
    b->reader = tail_reader_new();
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    unlink(b->path);
    assert_int_equal(rmdir(b->folder), 0);
    tail_reader_free(b->reader);
    buf_fini(&b->lines);
    buf_fini(&b->rest);
    free(b->path);
    free(b);
    return 0;
}

static bool take_piece(void *to, enum tail_piece kind, struct span bytes, int64_t offset)
{
    struct bench *b = to;

    switch (kind) {
    case TAIL_RESTART:
        b->restarts++;
        buf_clear(&b->lines);
        return true;
    case TAIL_TOO_LONG:
        b->too_long++;
        b->too_long_offset = offset;
        assert_int_equal(bytes.len, 0);
        return true;
    case TAIL_REST:
        buf_add_span(&b->rest, bytes);
        return true;
    case TAIL_LINES:
        assert_true(bytes.len > 0 && bytes.p[bytes.len - 1] == '\n');
        if (b->pieces++ == 0)
            b->first_offset = offset;
        buf_add_span(&b->lines, bytes);
        break;
    }
    if (b->meddle) {
        void (*meddle)(struct bench *) = b->meddle;

        b->meddle = NULL;
        meddle(b);
    }
    return b->stop_after == 0 || b->pieces < b->stop_after;
}

static int read_how(struct bench *b, enum tail_how how)
{
    b->pieces = b->restarts = b->too_long = 0;
    b->first_offset = b->too_long_offset = -1;
    buf_clear(&b->lines);
    buf_clear(&b->rest);
    return tail_read(b->reader, b->path, &b->mark, &(struct tail_taker){ how, take_piece, b },
                     &b->err);
}

static void read_lines(struct bench *b)
{
    assert_int_equal(read_how(b, TAIL_READ_LINES), 0);
}

static void put(const char *path, int flags, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);

    assert_true(fd >= 0);
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.p, bytes.len);

        assert_true(n > 0);
        bytes = (struct span){ bytes.p + n, bytes.len - (size_t)n };
    }
    close(fd);
}

static void append(struct bench *b, const char *text)
{
    put(b->path, O_APPEND, span_of(text));
}

static void rewrite(struct bench *b, const char *text)
{
    put(b->path, O_TRUNC, span_of(text));
}

/* `count` bytes of one letter. */
static void add_run(struct buf *buf, char letter, size_t count)
{
    buf_reserve(buf, count);
    memset(buf->p + buf->len, letter, count);
    buf->len += count;
    buf->p[buf->len] = '\0';
}

static void assert_lines(const struct bench *b, struct span want)
{
    assert_int_equal(b->lines.len, want.len);
    assert_true(span_eq(buf_span(&b->lines), want));
}

/* ---- plain reading ---- */

static const struct content_case {
    const char *why, *content, *lines, *rest;
    int64_t first_offset, mark_offset;
} content_cases[] = {
    { "an empty file has nothing", "", "", "", -1, 0 },
    { "one line", "a\n", "a\n", "", 0, 2 },
    { "several lines come together", "a\nb\n\nc\n", "a\nb\n\nc\n", "", 0, 7 },
    { "what has no newline yet stays", "a\nbc", "a\n", "bc", 0, 2 },
    { "nothing but an unfinished line", "abc", "", "abc", -1, 0 },
    { "CR stays with its line", "a\r\nb\r\n", "a\r\nb\r\n", "", 0, 6 },
    { "a BOM at the start is left out", BOM "a\n", "a\n", "", 3, 5 },
    { "a BOM elsewhere is not", "a\n" BOM "b\n", "a\n" BOM "b\n", "", 0, 7 },
    { "half a BOM is text", "\xef\xbb\n", "\xef\xbb\n", "", 0, 3 },
    { "a BOM is no rest", BOM, "", "", -1, 0 },
    { "a BOM before the rest", BOM "a", "", "a", -1, 0 },
};

static void whole_lines_are_delivered_and_the_rest_on_request(void **state)
{
    struct bench *b = *state;
    size_t i;

    for (i = 0; i < sizeof(content_cases) / sizeof(content_cases[0]); i++) {
        const struct content_case *c = &content_cases[i];

        print_message("# %s\n", c->why);
        rewrite(b, c->content);
        b->mark = (struct tail_mark){ 0 };
        assert_int_equal(read_how(b, TAIL_READ_REST), 0);
        assert_lines(b, span_of(c->lines));
        assert_true(span_is(buf_span(&b->rest), c->rest));
        assert_int_equal(b->first_offset, c->first_offset);
        assert_int_equal(b->mark.offset, c->mark_offset);
        assert_int_equal(b->restarts, 0);

        b->mark = (struct tail_mark){ 0 };
        read_lines(b);
        assert_int_equal(b->rest.len, 0);
        assert_int_equal(b->mark.offset, c->mark_offset);
    }
}

static void only_what_was_appended_is_delivered(void **state)
{
    struct bench *b = *state;
    struct stat st;

    rewrite(b, "one\ntwo\n");
    read_lines(b);
    append(b, "three\nfo");
    read_lines(b);
    assert_lines(b, SPAN_LIT("three\n"));
    assert_int_equal(b->first_offset, 8);
    append(b, "ur\n");
    read_lines(b);
    assert_lines(b, SPAN_LIT("four\n"));
    assert_int_equal(b->first_offset, 14);
    read_lines(b);
    assert_int_equal(b->pieces, 0);
    assert_int_equal(stat(b->path, &st), 0);
    assert_true(b->mark.dev == st.st_dev && b->mark.ino == st.st_ino);
}

static void the_rest_does_not_move_the_mark(void **state)
{
    struct bench *b = *state;

    rewrite(b, "one\ntw");
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_true(span_is(buf_span(&b->rest), "tw"));
    append(b, "o\n");
    read_lines(b);
    assert_lines(b, SPAN_LIT("two\n"));
}

static void reading_stops_where_the_caller_says(void **state)
{
    struct bench *b = *state;
    struct buf text = { 0 };
    size_t delivered;

    while (text.len < 3 * BUFFER)
        buf_add_text(&text, "some line or other\n");
    put(b->path, O_TRUNC, buf_span(&text));
    b->stop_after = 1;
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_int_equal(b->pieces, 1);
    delivered = b->lines.len;
    assert_true(delivered < text.len);
    assert_int_equal(b->mark.offset, delivered);

    b->stop_after = 0;
    read_lines(b);
    assert_int_equal(b->restarts, 0);
    assert_int_equal(b->first_offset, delivered);
    assert_int_equal(b->lines.len, text.len - delivered);
    buf_fini(&text);
}

static void newlines_may_fall_anywhere_around_the_end_of_the_buffer(void **state)
{
    struct bench *b = *state;
    int shift;

    for (shift = -70; shift <= 70; shift++) {
        struct buf text = { 0 };

        add_run(&text, 'x', (size_t)(BUFFER / 2 - 1));
        buf_add_char(&text, '\n');
        add_run(&text, 'y', (size_t)(BUFFER / 2 + shift));
        buf_add_text(&text, "\nz\n");
        put(b->path, O_TRUNC, buf_span(&text));
        b->mark = (struct tail_mark){ 0 };
        read_lines(b);
        assert_lines(b, buf_span(&text));
        assert_int_equal(b->mark.offset, text.len);
        read_lines(b);
        assert_int_equal(b->pieces + b->restarts, 0);
        buf_fini(&text);
    }
}

/* ---- long lines ---- */

static void a_line_larger_than_the_buffer_comes_whole(void **state)
{
    struct bench *b = *state;
    struct buf text = { 0 };

    buf_add_text(&text, "before\n");
    add_run(&text, 'x', 3 << 20);
    buf_add_text(&text, "\nafter\n");
    put(b->path, O_TRUNC, buf_span(&text));
    read_lines(b);
    assert_lines(b, buf_span(&text));
    assert_int_equal(b->too_long, 0);
    buf_fini(&text);
}

static void make_sparse(struct bench *b, int64_t line_len)
{
    rewrite(b, "before\n");
    assert_int_equal(truncate(b->path, 7 + line_len), 0);
}

static void the_longest_line_is_still_a_line(void **state)
{
    struct bench *b = *state;

    make_sparse(b, TAIL_LINE_MAX);
    append(b, "\nafter\n");
    read_lines(b);
    assert_int_equal(b->too_long, 0);
    assert_int_equal(b->lines.len, 7 + TAIL_LINE_MAX + 1 + 6);
}

static void one_byte_more_is_too_long(void **state)
{
    struct bench *b = *state;

    make_sparse(b, TAIL_LINE_MAX + 1);
    append(b, "\nafter\n");
    read_lines(b);
    assert_int_equal(b->too_long, 1);
    assert_int_equal(b->too_long_offset, 7);
    assert_lines(b, SPAN_LIT("before\nafter\n"));
    read_lines(b);
    assert_int_equal(b->pieces + b->restarts + b->too_long, 0);
}

static void a_line_that_grows_without_end_is_reported_once(void **state)
{
    struct bench *b = *state;

    make_sparse(b, 100 << 20);
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_int_equal(b->too_long, 1);
    assert_lines(b, SPAN_LIT("before\n"));
    assert_int_equal(b->rest.len, 0);

    append(b, "more of it");
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_int_equal(b->too_long + b->restarts + b->pieces, 0);
    assert_int_equal(b->rest.len, 0);

    append(b, "its end\nafter\nre");
    assert_int_equal(read_how(b, TAIL_READ_REST), 0);
    assert_int_equal(b->too_long + b->restarts, 0);
    assert_lines(b, SPAN_LIT("after\n"));
    assert_true(span_is(buf_span(&b->rest), "re"));
}

/* ---- files that are not what they were ---- */

#define LINE_64  "0123456789012345678901234567890123456789012345678901234567890ab\n"
#define OTHER_64 "9123456789012345678901234567890123456789012345678901234567890ab\n"
#define HEAD_320 LINE_64 LINE_64 LINE_64 LINE_64 LINE_64

static const struct change_case {
    const char *why, *before, *after;
    int restarts;
} change_cases[] = {
    { "it has shrunk", "one\ntwo\n", "one\n", 1 },
    { "it is empty now", "one\ntwo\n", "", 1 },
    { "cut and grown to the same size", "one\ntwo\n", "six\nten\n", 1 },
    { "cut and grown beyond", "one\n", "six\nten\n", 1 },
    { "another head, the same marker", OTHER_64 HEAD_320, LINE_64 HEAD_320, 1 },
    { "the same head, another marker", HEAD_320 OTHER_64, HEAD_320 LINE_64, 1 },
    { "the same head, cut inside the marker", HEAD_320 LINE_64, HEAD_320 "012\n", 1 },
    { "the same again is no change", HEAD_320 LINE_64, HEAD_320 LINE_64, 0 },
    { "nothing had been delivered", "one", "six\n", 0 },
};

static void a_file_that_changed_is_read_from_the_start(void **state)
{
    struct bench *b = *state;
    size_t i;

    for (i = 0; i < sizeof(change_cases) / sizeof(change_cases[0]); i++) {
        const struct change_case *c = &change_cases[i];

        print_message("# %s\n", c->why);
        rewrite(b, c->before);
        b->mark = (struct tail_mark){ 0 };
        read_lines(b);
        rewrite(b, c->after);
        read_lines(b);
        assert_int_equal(b->restarts, c->restarts);
        if (c->restarts > 0 || b->pieces > 0) {
            assert_lines(b, span_of(c->after));
            assert_int_equal(b->mark.offset, strlen(c->after));
        }
    }
}

static void another_file_of_the_same_name_is_read_from_the_start(void **state)
{
    struct bench *b = *state;
    char *other = path_join(b->folder, "other");

    rewrite(b, "one\ntwo\n");
    read_lines(b);
    put(other, O_TRUNC, SPAN_LIT("one\ntwo\nsix\n"));
    assert_int_equal(rename(other, b->path), 0);
    read_lines(b);
    assert_int_equal(b->restarts, 1);
    assert_lines(b, SPAN_LIT("one\ntwo\nsix\n"));
    free(other);
}

static void an_inode_used_again_is_another_file(void **state)
{
    struct bench *b = *state;
    int tries;

    for (tries = 0; tries < 100; tries++) {
        struct stat st;
        uint64_t ino;

        rewrite(b, "one\ntwo\n");
        b->mark = (struct tail_mark){ 0 };
        read_lines(b);
        ino = b->mark.ino;
        assert_int_equal(unlink(b->path), 0);
        rewrite(b, "six\nten\nmore\n");
        assert_int_equal(stat(b->path, &st), 0);
        read_lines(b);
        assert_int_equal(b->restarts, 1);
        assert_lines(b, SPAN_LIT("six\nten\nmore\n"));
        if (st.st_ino == ino)
            return;
    }
    print_message("# this file system does not use inodes again\n");
}

static void a_mark_that_cannot_be_is_not_trusted(void **state)
{
    struct bench *b = *state;
    struct tail_mark good, bad[6];
    size_t i;

    rewrite(b, HEAD_320);
    read_lines(b);
    good = b->mark;
    for (i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].head_len = 10;
    bad[1].marker_len = 1 << 30;
    bad[2].offset = -5;
    bad[3].offset = INT64_MAX;
    bad[4].marker_hash++;
    bad[5].head_hash++;
    for (i = 0; i < 6; i++) {
        b->mark = bad[i];
        read_lines(b);
        assert_lines(b, SPAN_LIT(HEAD_320));
        assert_memory_equal(&b->mark, &good, sizeof(good));
    }
}

/* ---- changes while we read ---- */

static void fill_buffers(struct bench *b, char letter, int buffers)
{
    struct buf text = { 0 };

    while (text.len < (size_t)buffers * BUFFER) {
        add_run(&text, letter, 99);
        buf_add_char(&text, '\n');
    }
    put(b->path, O_TRUNC, buf_span(&text));
    buf_fini(&text);
}

static void write_other_lines(struct bench *b)
{
    fill_buffers(b, 'b', 4);
}

static void cut_to_one_line(struct bench *b)
{
    assert_int_equal(truncate(b->path, 100), 0);
}

static void add_a_line(struct bench *b)
{
    append(b, "late\n");
}

static void a_file_rewritten_while_read_is_begun_anew(void **state)
{
    struct bench *b = *state;
    struct buf now = { 0 };

    fill_buffers(b, 'a', 3);
    b->meddle = write_other_lines;
    read_lines(b);
    assert_int_equal(b->restarts, 1);
    assert_int_equal(path_read(b->path, 8 << 20, &now, NULL), 0);
    assert_lines(b, buf_span(&now));
    buf_fini(&now);
}

static void a_file_cut_while_read_is_begun_anew(void **state)
{
    struct bench *b = *state;

    fill_buffers(b, 'a', 3);
    b->meddle = cut_to_one_line;
    read_lines(b);
    assert_int_equal(b->restarts, 1);
    assert_int_equal(b->lines.len, 100);
    assert_int_equal(b->mark.offset, 100);
}

static void what_is_appended_while_read_is_not_lost(void **state)
{
    struct bench *b = *state;
    size_t first;

    fill_buffers(b, 'a', 3);
    b->meddle = add_a_line;
    read_lines(b);
    first = b->lines.len;
    read_lines(b);
    assert_int_equal(b->restarts, 0);
    assert_lines(b, SPAN_LIT("late\n"));
    assert_int_equal(b->first_offset, first);
}

/* ---- things that are no logs ---- */

static void what_is_no_regular_file_is_refused_without_waiting(void **state)
{
    struct bench *b = *state;
    char byte;

    assert_int_equal(read_how(b, TAIL_READ_LINES), -1);
    assert_int_equal(b->err.kind, ERR_NOT_FOUND);
    assert_int_equal(tail_peek(b->path, &byte, 1), -1);

    assert_int_equal(mkfifo(b->path, 0600), 0);
    assert_int_equal(read_how(b, TAIL_READ_LINES), -1);
    assert_int_equal(b->err.kind, ERR_USAGE);
    assert_int_equal(tail_peek(b->path, &byte, 1), -1);
    unlink(b->path);

    assert_int_equal(mkdir(b->path, 0700), 0);
    assert_int_equal(read_how(b, TAIL_READ_LINES), -1);
    assert_int_equal(b->err.kind, ERR_USAGE);
    assert_non_null(strstr(b->err.text, b->path));
    rmdir(b->path);
}

static void reading_leaves_no_trace_in_the_access_time(void **state)
{
    const struct timespec long_ago[2] = { { 1000, 0 }, { 2000, 0 } };
    struct bench *b = *state;
    struct stat st;

    rewrite(b, "one\n");
    assert_int_equal(utimensat(AT_FDCWD, b->path, long_ago, 0), 0);
    read_lines(b);
    assert_int_equal(stat(b->path, &st), 0);
    assert_int_equal(st.st_atime, 1000);
}

static void a_peek_shows_the_first_bytes(void **state)
{
    struct bench *b = *state;
    char out[8];

    rewrite(b, "one\ntwo\n");
    assert_int_equal(tail_peek(b->path, out, 5), 5);
    assert_memory_equal(out, "one\nt", 5);
    rewrite(b, "ab");
    assert_int_equal(tail_peek(b->path, out, sizeof(out)), 2);
}

/* ---- any history gives the same lines ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed >> 11;
}

static void add_random(struct buf *text, uint64_t *seed)
{
    static const size_t sizes[] = { 3, 40, 200, 900, 5000, 300000 };
    size_t count = next_random(seed) % sizes[next_random(seed) % 6] + 1;
    uint64_t line = next_random(seed) % 4 == 0 ? 100000 : 50;

    while (count-- > 0)
        buf_add_char(text,
                     next_random(seed) % line == 0 ? '\n' : (char)('a' + next_random(seed) % 26));
}

/* Changes the file in one of the ways that files change, and the model with it. */
static void change_at_random(struct bench *b, struct buf *model, uint64_t *seed)
{
    size_t old = model->len;
    char *other;

    switch (next_random(seed) % 16) {
    case 0:
        model->len = old ? next_random(seed) % old : 0;
        assert_int_equal(truncate(b->path, (off_t)model->len), 0);
        break;
    case 1:
        buf_clear(model);
        add_random(model, seed);
        put(b->path, O_TRUNC, buf_span(model));
        break;
    case 2: /* cut, and grown again to at least the old size */
        buf_clear(model);
        do
            add_random(model, seed);
        while (model->len < old);
        put(b->path, O_TRUNC, buf_span(model));
        break;
    case 3:
        other = path_join(b->folder, "other");
        buf_clear(model);
        add_random(model, seed);
        put(other, O_TRUNC, buf_span(model));
        assert_int_equal(rename(other, b->path), 0);
        free(other);
        break;
    default:
        add_random(model, seed);
        put(b->path, O_APPEND, (struct span){ model->p + old, model->len - old });
        break;
    }
}

static void any_split_delivers_what_one_reading_would(void **state)
{
    struct bench *b = *state;
    struct buf model = { 0 }, known = { 0 };
    uint64_t seed = UINT64_C(0x5eed0f7ac40);
    int round;

    put(b->path, O_TRUNC, SPAN_LIT(""));
    for (round = 0; round < 1500; round++) {
        const char *last;

        change_at_random(b, &model, &seed);
        if (next_random(&seed) % 3 == 0)
            continue;
        b->stop_after = next_random(&seed) % 8 == 0;
        do {
            read_lines(b);
            if (b->restarts > 0)
                buf_clear(&known);
            buf_add_span(&known, buf_span(&b->lines));
        } while (b->stop_after && b->pieces > 0);

        last = model.len ? memrchr(model.p, '\n', model.len) : NULL;
        assert_int_equal(known.len, last ? last - model.p + 1 : 0);
        assert_true(span_eq(buf_span(&known), (struct span){ model.p, known.len }));
        assert_int_equal(b->mark.offset, known.len);
        if (model.len > 2 << 20) {
            buf_clear(&model);
            put(b->path, O_TRUNC, SPAN_LIT(""));
        }
    }
    buf_fini(&model);
    buf_fini(&known);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_lines_are_delivered_and_the_rest_on_request),
        TEST(only_what_was_appended_is_delivered),
        TEST(the_rest_does_not_move_the_mark),
        TEST(reading_stops_where_the_caller_says),
        TEST(newlines_may_fall_anywhere_around_the_end_of_the_buffer),
        TEST(a_line_larger_than_the_buffer_comes_whole),
        TEST(the_longest_line_is_still_a_line),
        TEST(one_byte_more_is_too_long),
        TEST(a_line_that_grows_without_end_is_reported_once),
        TEST(a_file_that_changed_is_read_from_the_start),
        TEST(another_file_of_the_same_name_is_read_from_the_start),
        TEST(an_inode_used_again_is_another_file),
        TEST(a_mark_that_cannot_be_is_not_trusted),
        TEST(a_file_rewritten_while_read_is_begun_anew),
        TEST(a_file_cut_while_read_is_begun_anew),
        TEST(what_is_appended_while_read_is_not_lost),
        TEST(what_is_no_regular_file_is_refused_without_waiting),
        TEST(reading_leaves_no_trace_in_the_access_time),
        TEST(a_peek_shows_the_first_bytes),
        TEST(any_split_delivers_what_one_reading_would),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
