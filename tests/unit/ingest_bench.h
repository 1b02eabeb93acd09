/* ingest_bench.h — a home folder with made-up transcripts, and an ingest that reads them into a
 * ledger beside it; for the tests of ingest.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_BENCH_H
#define INGEST_BENCH_H

#include "ledger_bench.h"

#include "base/clock.h"
#include "base/log.h"
#include "ingest/ingest.h"

#include <fcntl.h>
#include <poll.h>

#define PROJECTS ".claude/projects/"

/* How a change of the logs gets noticed. */
enum look {
    LOOK_ANEW,   /* by another process, which reads to the last byte: a command */
    LOOK_AGAIN,  /* by one that looks at everything again */
    LOOK_FOLLOW, /* by one that is told: the daemon */
    LOOKS
};

struct ingest_bench {
    struct ledger_bench *ledger;
    char *home;
    enum look look;
    struct ingest *ingest;
};

static inline const char **ingest_config_dir(void)
{
    static const char *value;

    return &value;
}

static inline const char *ingest_variable(const char *name)
{
    return strcmp(name, "CLAUDE_CONFIG_DIR") == 0 ? *ingest_config_dir() : NULL;
}

static inline struct ingest *ingest_open(struct store *store, const char *home)
{
    struct source_env env = { .home = home, .get = ingest_variable };
    struct ingest *ingest = NULL;
    struct err err = { 0 };

    if (ingest_new(&ingest, store, &env, &err) < 0)
        fail_msg("%s", err.text);
    return ingest;
}

static inline int ingest_set_up(void **state)
{
    struct ingest_bench *b = xcalloc(1, sizeof(*b));

    log_set("test", LOG_QUIET);
    ledger_set_up_folder((void **)&b->ledger);
    assert_int_equal(chmod(b->ledger->top, 0755), 0);
    b->home = path_join(b->ledger->top, "home");
    b->ledger->store = ledger_open(b->ledger->path, STORE_WRITE);
    ledger_set_home(b->ledger->store, "UTC");
    *state = b;
    return 0;
}

static inline int ingest_tear_down(void **state)
{
    struct ingest_bench *b = *state;
    void *ledger = b->ledger;

    ingest_free(b->ingest);
    *ingest_config_dir() = NULL;
    ledger_tear_down(&ledger);
    free(b->home);
    free(b);
    return 0;
}

/* ---- logs ---- */

static inline char *ingest_path(const struct ingest_bench *b, const char *below)
{
    return path_join(b->home, below);
}

static inline void ingest_write(const struct ingest_bench *b, const char *below, struct span bytes,
                                int flags)
{
    char *path = ingest_path(b, below), *folder = path_dir(path);
    int fd;

    assert_int_equal(path_make(folder, NULL), 0);
    fd = open(path, O_WRONLY | O_CREAT | flags, 0644);
    assert_true(fd >= 0);
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.p, bytes.len);

        assert_true(n > 0);
        bytes.p += n;
        bytes.len -= (size_t)n;
    }
    close(fd);
    free(folder);
    free(path);
}

static inline void ingest_append(const struct ingest_bench *b, const char *below, const char *text)
{
    ingest_write(b, below, span_of(text), O_APPEND);
}

/* One answer: `number` makes its ids and its hour, `output` is what it costs. */
static inline void ingest_answer(struct buf *out, int number, int output)
{
    buf_printf(out,
               "{\"type\":\"assistant\",\"timestamp\":\"2026-09-%02dT%02d:%02d:00.000Z\","
               "\"sessionId\":\"s\",\"requestId\":\"r%d\",\"isSidechain\":false,\"cwd\":\"/w\",",
               number % 28 + 1, number / 28 % 24, number / 672 % 60, number);
    buf_printf(out,
               "\"message\":{\"id\":\"m%d\",\"model\":\"claude-opus-5\",\"stop_reason\":\"x\","
               "\"usage\":{\"input_tokens\":1,\"output_tokens\":%d}}}",
               number, output);
}

/* Whole lines for the answers first … last, each of 100 tokens, appended to a log. */
static inline void ingest_answers(const struct ingest_bench *b, const char *below, int first,
                                  int last)
{
    struct buf text = { 0 };

    for (; first <= last; first++) {
        ingest_answer(&text, first, 100);
        buf_add_char(&text, '\n');
    }
    ingest_write(b, below, buf_span(&text), O_APPEND);
    buf_fini(&text);
}

static inline void ingest_move(const struct ingest_bench *b, const char *from, const char *to)
{
    char *old = ingest_path(b, from), *new = ingest_path(b, to), *folder = path_dir(new);

    assert_int_equal(path_make(folder, NULL), 0);
    assert_int_equal(rename(old, new), 0);
    free(folder);
    free(old);
    free(new);
}

static inline void ingest_delete(const struct ingest_bench *b, const char *below)
{
    char *path = ingest_path(b, below);

    assert_int_equal(unlink(path), 0);
    free(path);
}

static inline void ingest_cut(const struct ingest_bench *b, const char *below, int64_t size)
{
    char *path = ingest_path(b, below);

    assert_int_equal(truncate(path, (off_t)size), 0);
    free(path);
}

/* ---- reading them ---- */

static inline int64_t ingest_events(const struct ingest_bench *b)
{
    return ledger_ask(b->ledger->store, "SELECT count(*) FROM event");
}

static inline int64_t ingest_output(const struct ingest_bench *b)
{
    return ledger_ask(b->ledger->store, "SELECT ifnull(sum(output), 0) FROM event");
}

static inline void ingest_follow(struct ingest_bench *b, int64_t events, int64_t output)
{
    struct err err = { 0 };
    int64_t deadline = clock_boot_ms() + 5000;

    while (clock_boot_ms() < deadline &&
           (ingest_events(b) != events || ingest_output(b) != output)) {
        struct pollfd fd = { ingest_fd(b->ingest), POLLIN, 0 };
        int64_t wait = ingest_next_ms(b->ingest);

        poll(&fd, 1, (int)(wait < 50 ? wait : 50));
        assert_int_equal(ingest_step(b->ingest, &err), 0);
    }
    /* Nothing more comes of what is still to be heard. */
    assert_int_equal(ingest_step(b->ingest, &err), 0);
}

/* Looks at the logs as the bench does; afterwards there are so many answers and tokens of output.
 */
static inline void ingest_look(struct ingest_bench *b, int64_t events, int64_t output)
{
    struct err err = { 0 };

    if (b->look == LOOK_ANEW) {
        ingest_free(b->ingest);
        b->ingest = NULL;
    }
    if (b->look == LOOK_FOLLOW && b->ingest) {
        ingest_follow(b, events, output);
    } else {
        if (!b->ingest) {
            b->ingest = ingest_open(b->ledger->store, b->home);
            if (b->look == LOOK_FOLLOW)
                assert_int_equal(ingest_watch(b->ingest, &err), 0);
        }
        if (ingest_all(b->ingest, b->look == LOOK_ANEW ? INGEST_REST : INGEST_LINES, &err) < 0)
            fail_msg("%s", err.text);
    }
    assert_int_equal(ingest_events(b), events);
    assert_int_equal(ingest_output(b), output);
    ledger_check_sums(b->ledger->store, "UTC");
}

#endif
