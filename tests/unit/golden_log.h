/* tests/unit/golden_log.h — the files of a golden case, and how they arrive bit by bit.
 *
 * A file arrives as its format says: a log of lines grows, a document is there in a part and then
 * whole. What cannot stand in the tree as text is made of text here: "x.jsonl.zst" may hold plain
 * lines, which are packed; "x.db.sql" holds statements, each on lines of its own that end with ";",
 * and the database x.db grows by them.
 * SPDX-License-Identifier: MIT
 */
#ifndef GOLDEN_LOG_H
#define GOLDEN_LOG_H

#include "base/buf.h"
#include "base/civil.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/unzstd.h"
#include "ingest/feed.h"
#include "ingest/files.h"
#include "ingest/homes.h"
#include "ingest/ingest_internal.h"
#include "rows/rows.h"
#include "store/store_internal.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include <cmocka.h>

#define FILES_MAX 32

struct log {
    const struct source *source;
    const struct format *format;
    char *path, *below, *root;
    size_t home_len; /* bytes of `root` that are the home folder: not the same everywhere */
    struct buf bytes;
    int64_t first_ms;
    void *memory;         /* of the source, while it is delivered */
    size_t offset;        /* how much of it was */
    char db[64];          /* of a database: where it is made; "" else */
    enum problem refused; /* why the database could not be read the last time */
    struct buf near;
};

struct golden {
    char *folder;
    struct buf want;
    struct log logs[FILES_MAX];
    size_t n;
};

struct bench {
    struct store *store;
    struct price_table *prices;
    struct pending *pending;
    struct threads *threads;
    int64_t problems[PROBLEM_KINDS], signals;
};

/* ---- reading a case ---- */

static struct {
    struct golden *golden;
    const struct source *source;
    const char *root;
    size_t home_len;
} walking; /* nftw hands no argument on */

static bool is_database(const struct log *log)
{
    return log->format->framing == FRAMING_DATABASE;
}

static size_t memory_of(const struct log *log)
{
    return is_database(log) ? sizeof(struct database_memory) : log->format->memory;
}

static void pack(struct buf *bytes)
{
    size_t most = ZSTD_compressBound(bytes->len);
    char *packed = xmalloc(most);
    size_t n = ZSTD_compress(packed, most, bytes->p, bytes->len, 3);

    assert_false(ZSTD_isError(n));
    buf_clear(bytes);
    buf_add(bytes, packed, n);
    free(packed);
}

static void log_read(struct log *log)
{
    assert_int_equal(path_read(log->path, 1 << 20, &log->bytes, NULL), 0);
    if (log->format->framing == FRAMING_PACKED && log->bytes.len > 0 && log->bytes.p[0] == '{')
        pack(&log->bytes);
    log->memory = xcalloc(1, memory_of(log) + 1);
    if (!log->format->first_ms || !log->format->first_ms(buf_span(&log->bytes), &log->first_ms))
        log->first_ms = INT64_MAX;
    if (!is_database(log))
        return;
    snprintf(log->db, sizeof(log->db), "/tmp/tacho-golden-XXXXXX");
    assert_non_null(mkdtemp(log->db));
}

static int add_log(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    struct golden *g = walking.golden;
    char *below = xstrdup(path + strlen(walking.root) + 1);
    const struct format *format;

    (void)st;
    (void)ftw;
    if (span_ends(span_of(below), ".sql"))
        below[strlen(below) - strlen(".sql")] = '\0';
    format = type == FTW_F ? walking.source->format(span_of(below)) : NULL;
    if (!format || format->framing == FRAMING_WAL) {
        free(below);
        return 0;
    }
    assert_true(g->n < FILES_MAX);
    g->logs[g->n] = (struct log){ .source = walking.source,
                                  .format = format,
                                  .path = xstrdup(path),
                                  .below = below,
                                  .root = xstrdup(walking.root),
                                  .home_len = walking.home_len };
    log_read(&g->logs[g->n++]);
    return 0;
}

static void add_root(void *to, char *path, char *otherwise)
{
    (void)to;
    walking.root = otherwise && access(path, F_OK) < 0 ? otherwise : path;
    nftw(walking.root, add_log, 16, FTW_PHYS);
    free(path);
    free(otherwise);
}

static int by_time_and_path(const void *a, const void *b)
{
    const struct log *x = a, *y = b;

    if (x->first_ms != y->first_ms)
        return x->first_ms < y->first_ms ? -1 : 1;
    return strcmp(x->path, y->path);
}

static void golden_read(struct golden *g, const char *folder, const struct source *source)
{
    char *in = path_join(folder, "in"), *want = path_join(folder, "want.txt");
    struct source_env env = homes_env(in);

    *g = (struct golden){ .folder = xstrdup(folder) };
    assert_int_equal(path_read(want, 1 << 20, &g->want, NULL), 0);
    walking.golden = g;
    walking.source = source;
    walking.home_len = strlen(in);
    source->roots(&env, add_root, NULL);
    qsort(g->logs, g->n, sizeof(g->logs[0]), by_time_and_path);
    free(in);
    free(want);
}

static void drop_database(const struct log *log)
{
    static const char *const names[] = { "db", "db-journal", "db-wal", "db-shm" };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *name = path_join(log->db, names[i]);

        unlink(name);
        free(name);
    }
}

static void golden_fini(struct golden *g)
{
    size_t i;

    for (i = 0; i < g->n; i++) {
        struct log *log = &g->logs[i];

        if (is_database(log)) {
            drop_database(log);
            rmdir(log->db);
        }
        free(log->path);
        free(log->below);
        free(log->root);
        free(log->memory);
        buf_fini(&log->bytes);
        buf_fini(&log->near);
    }
    buf_fini(&g->want);
    free(g->folder);
}

/* ---- delivering it ---- */

static void flush(struct bench *b)
{
    struct settler settler = { b->store, b->prices, b->threads, 0 };
    struct err err = { 0 };

    settle_all(&settler, b->pending, &err);
    assert_string_equal(err.text, "");
    pending_clear(b->pending);
    threads_clear(b->threads);
}

static struct span read_near(void *near, enum near from, const char *name)
{
    struct log *log = near;
    char *folder = from == NEAR_ROOT ? xstrdup(log->root) : path_dir(log->path);
    char *path = path_find(folder, name);

    buf_clear(&log->near);
    if (!path || path_read(path, 1 << 20, &log->near, NULL) < 0)
        buf_clear(&log->near);
    free(folder);
    free(path);
    return buf_span(&log->near);
}

static struct feed open_feed(struct bench *b, struct log *log)
{
    struct feed feed = {
        .source = log->source,
        .format = log->format,
        .scanner = { .below = span_of(log->below),
                     .root = span_of(log->root + log->home_len),
                     .mtime_ms = 1,
                     .memory = log->memory,
                     .read_near = read_near,
                     .near = log },
        .store = b->store,
        .pending = b->pending,
        .threads = b->threads,
        .agent = store_name(b->store, NAME_AGENT, span_of(log->source->name), NULL),
        .machine = store_name(b->store, NAME_MACHINE, SPAN_LIT("m"), NULL),
        .account = store_name(b->store, NAME_ACCOUNT, span_of(log->source->name), NULL),
    };

    return feed;
}

static void close_feed(struct bench *b, const struct feed *feed)
{
    int kind;

    assert_int_equal(feed->err.kind, ERR_NONE);
    for (kind = 0; kind < PROBLEM_KINDS; kind++)
        b->problems[kind] += feed->problems[kind];
    b->signals += feed->observations;
    flush(b);
}

static void forget(struct log *log)
{
    log->offset = 0;
    log->refused = PROBLEM_NONE;
    memset(log->memory, 0, memory_of(log) + 1);
}

static void log_rewind(struct log *log)
{
    forget(log);
    if (is_database(log))
        drop_database(log);
}

/* A look whose lines will be read again: the memory stays behind it. */
static void feed_a_rest(struct feed *feed, struct log *log, struct span rest)
{
    void *memory = xmalloc(memory_of(log) + 1);

    memcpy(memory, log->memory, memory_of(log));
    feed_rest(feed, rest);
    memcpy(log->memory, memory, memory_of(log));
    free(memory);
}

/* Its whole lines are read, and the rest as at a last look. */
static void deliver_lines(struct bench *b, struct log *log, struct span all, bool with_rest)
{
    const char *last = memrchr(all.p, '\n', all.len);
    size_t whole = last ? (size_t)(last - all.p) + 1 : 0;
    size_t bom = all.len >= 3 && memcmp(all.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    struct feed feed = open_feed(b, log);

    if (log->offset < bom)
        log->offset = bom;
    if (whole > log->offset) {
        feed_lines(&feed, (struct span){ all.p + log->offset, whole - log->offset },
                   (int64_t)log->offset);
        log->offset = whole;
    }
    if (with_rest && all.len > log->offset)
        feed_a_rest(&feed, log, (struct span){ all.p + log->offset, all.len - log->offset });
    close_feed(b, &feed);
}

static void deliver_packed(struct bench *b, struct log *log, struct span all, bool with_rest)
{
    struct buf lines = { 0 };

    forget(log);
    if (!unzstd(all, 1 << 20, &lines))
        b->problems[PROBLEM_NOT_JSON]++;
    deliver_lines(b, log, buf_span(&lines), with_rest);
    buf_fini(&lines);
}

static void deliver_document(struct bench *b, struct log *log, struct span all)
{
    struct feed feed = open_feed(b, log);

    forget(log);
    if (span_starts(all, "\xef\xbb\xbf"))
        all = (struct span){ all.p + 3, all.len - 3 };
    if (all.len > 0)
        feed_document(&feed, all);
    log->offset = all.len;
    close_feed(b, &feed);
}

static bool on_row(void *to, int topic, const struct cell *cells, int n)
{
    (void)n;
    feed_row(to, topic, cells);
    return true;
}

/* Runs the statements that came since, and reads on. */
static void deliver_database(struct bench *b, struct log *log, size_t len)
{
    struct database_memory *memory = log->memory;
    char *path = path_join(log->db, "db");
    char *statements = xstrndup(log->bytes.p + log->offset, len - log->offset);
    struct feed feed = open_feed(b, log);
    const struct rows_taker taker = { on_row, &feed };
    struct err err = { 0 };
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, statements, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", log->path, sqlite3_errmsg(db));
    sqlite3_close(db);
    b->problems[log->refused] -= log->refused != PROBLEM_NONE;
    log->refused = PROBLEM_NONE;
    if (rows_read(path, log->format->questions, memory->watermarks, &taker, &err) < 0)
        log->refused = err.kind == ERR_USAGE ? PROBLEM_UNKNOWN_FORMAT : PROBLEM_DAMAGED;
    b->problems[log->refused] += log->refused != PROBLEM_NONE;
    log->offset = len;
    close_feed(b, &feed);
    free(statements);
    free(path);
}

/* May the log stand like this for a moment, so many of its bytes written? */
static bool log_may_end(const struct log *log, size_t len)
{
    if (log->bytes.p[len - 1] != '\n')
        return false;
    if (is_database(log))
        return len >= 2 && log->bytes.p[len - 2] == ';';
    return log->format->framing == FRAMING_LINES;
}

/* May it be torn there? A database is never: only what was committed is read. */
static bool log_may_be_cut(const struct log *log, size_t len)
{
    return !is_database(log) || (len > 0 && log_may_end(log, len));
}

/* The log has grown to `len` bytes. */
static void log_deliver(struct bench *b, struct log *log, size_t len, bool with_rest)
{
    struct span all = { log->bytes.p ? log->bytes.p : "", len };

    switch (log->format->framing) {
    case FRAMING_LINES:
        deliver_lines(b, log, all, with_rest);
        break;
    case FRAMING_PACKED:
        deliver_packed(b, log, all, with_rest);
        break;
    case FRAMING_DOCUMENT:
        deliver_document(b, log, all);
        break;
    case FRAMING_DATABASE:
        deliver_database(b, log, len);
        break;
    case FRAMING_WAL:
        break;
    }
}

static void log_deliver_whole(struct bench *b, struct log *log)
{
    log_deliver(b, log, log->bytes.len, true);
}

static void begin(struct bench *b, struct golden *g)
{
    size_t i;

    assert_int_equal(store_begin(b->store, NULL), 0);
    memset(b->problems, 0, sizeof(b->problems));
    b->signals = 0;
    for (i = 0; i < g->n; i++)
        log_rewind(&g->logs[i]);
}

#endif
