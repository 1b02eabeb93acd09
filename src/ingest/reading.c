/* ingest/reading.c — see reading.h. One function per framing; the table at the end says which.
 *
 * Lines are read on from where they were left. Everything else is read anew whenever it changed:
 * what was counted before is recognised by its keys.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/reading.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/unzstd.h"
#include "rows/rows.h"
#include "source/any.h"

#include <stdlib.h>

#define PACKED_MAX ((size_t)256 << 20) /* bytes of a compressed log */
#define NEAR_MAX   ((size_t)16 << 20)  /* of a file that says more about another */

void reading_fini(struct reading *reading)
{
    buf_fini(&reading->whole);
    buf_fini(&reading->near);
}

static bool has_to_pause(const struct reading *r)
{
    return batch_is_full(r->batch) || *r->stop;
}

static bool goes_on(const struct reading *r)
{
    return r->feed.err.kind == ERR_NONE && !has_to_pause(r);
}

static void count_bytes(struct reading *r, size_t n)
{
    r->batch->bytes += (int64_t)n;
    r->done_bytes += (int64_t)n;
}

/* ---- what the scan may ask for ---- */

static struct span read_near(void *near, enum near from, const char *name)
{
    struct reading *r = near;
    const char *path = r->file->path;
    char *folder = from == NEAR_ROOT ? xstrndup(path, r->file->root_len) : path_dir(path);
    char *wanted = path_find(folder, name);

    buf_clear(&r->near);
    if (!wanted || path_read(wanted, NEAR_MAX, &r->near, NULL) < 0)
        buf_clear(&r->near);
    free(folder);
    free(wanted);
    return buf_span(&r->near);
}

static int open_feed(struct reading *r, struct err *err)
{
    struct file *file = r->file;
    struct store *store = r->batch->store;

    r->feed = (struct feed){
        .source = file->source,
        .format = file->format,
        .scanner = {
            .below = span_of(file->path + file->root_len),
            .root = { file->path, file->root_len > 1 ? file->root_len - 1 : file->root_len },
            .mtime_ms = file->mtime_ms,
            .memory = file->now.memory,
            .read_near = read_near,
            .near = r,
        },
        .store = store,
        .home = r->home,
        .pending = r->batch->pending,
        .sightings = r->batch->tally ? NULL : &r->batch->sightings, /* old ones tell nothing */
        .threads = r->batch->threads,
        .run = file->run,
        .limits = &r->batch->limits,
        .agent = store_name(store, NAME_AGENT, span_of(file->source->name), err),
    };
    if (!r->feed.agent)
        return -1;
    r->feed.machine = store_name(store, NAME_MACHINE, span_of(r->machine), err);
    r->feed.account = store_name(store, NAME_ACCOUNT, span_of(file->source->name), err);
    return r->feed.machine && r->feed.account ? 0 : -1;
}

static void restart(struct reading *r)
{
    file_restart(r->file);
    memset(r->feed.problems, 0, sizeof(r->feed.problems));
}

/* Whatever was read of the file before, it is another one now. */
static void begin_anew(struct reading *r)
{
    if (r->file->now.mark.offset > 0)
        restart(r);
}

/* ---- lines ---- */

/* Counted now, but read again once its newline is there: the memory stays behind it. */
static void take_rest(struct reading *r, struct span bytes)
{
    size_t size = r->file->memory;
    void *memory = xmalloc(size);

    if (r->file->source == &source_any) { /* whose log it is, is no secret of the rest */
        feed_rest(&r->feed, bytes);
        free(memory);
        return;
    }
    memcpy(memory, r->file->now.memory, size);
    feed_rest(&r->feed, bytes);
    memcpy(r->file->now.memory, memory, size);
    free(memory);
}

static bool on_piece(void *to, enum tail_piece kind, struct span bytes, int64_t offset)
{
    struct reading *r = to;

    switch (kind) {
    case TAIL_RESTART:
        restart(r);
        r->anew = r->file->told_by_lines && r->file->source != &source_any;
        return !r->anew;
    case TAIL_LINES:
        feed_lines(&r->feed, bytes, offset);
        count_bytes(r, bytes.len);
        break;
    case TAIL_REST:
        take_rest(r, bytes);
        break;
    case TAIL_TOO_LONG:
        feed_problem(&r->feed, PROBLEM_TOO_LONG, offset, SPAN_ABSENT);
        break;
    }
    return goes_on(r);
}

static int read_lines(struct reading *r, struct err *err)
{
    const struct tail_taker taker = {
        r->how == INGEST_REST ? TAIL_READ_REST : TAIL_READ_LINES,
        on_piece,
        r,
    };

    return tail_read(r->reader, r->file->path, &r->file->now.mark, &taker, err);
}

/* ---- files that are read whole ---- */

/* Reads it into r->whole. What is too large is a problem of the file, not of the reading. */
static int read_whole(struct reading *r, size_t max, struct err *err)
{
    struct tail_mark mark = r->file->now.mark;

    buf_clear(&r->whole);
    if (tail_read_whole(r->file->path, max, &mark, &r->whole, err) < 0) {
        if (err->kind != ERR_USAGE)
            return -1;
        begin_anew(r);
        feed_problem(&r->feed, PROBLEM_TOO_LONG, 0, SPAN_ABSENT);
        return 0;
    }
    begin_anew(r);
    r->file->now.mark = mark;
    count_bytes(r, r->whole.len);
    return 0;
}

static void give_back(struct buf *buf)
{
    if (buf->space > (1 << 20))
        buf_fini(buf);
}

static int read_document(struct reading *r, struct err *err)
{
    int rc = read_whole(r, TAIL_LINE_MAX, err);
    struct span text = buf_span(&r->whole);

    if (span_starts(text, "\xef\xbb\xbf"))
        text = (struct span){ text.p + 3, text.len - 3 };
    if (rc == 0 && text.len > 0)
        feed_document(&r->feed, text);
    give_back(&r->whole);
    return rc;
}

/* Lines that come out of a compressed file. */
struct unpacking {
    struct reading *reading;
    struct buf lines; /* not yet fed: at most one that has no end so far */
    int64_t offset;   /* of its first byte in the unpacked log */
    bool too_long;
};

static bool on_unpacked(void *to, struct span bytes)
{
    struct unpacking *u = to;
    struct feed *feed = &u->reading->feed;
    const char *newline = memrchr(bytes.p, '\n', bytes.len);
    size_t whole;

    if (!newline) {
        u->too_long = u->lines.len + bytes.len > TAIL_LINE_MAX;
        buf_add_span(&u->lines, bytes);
    } else {
        whole = (size_t)(newline - bytes.p) + 1;
        buf_add(&u->lines, bytes.p, whole);
        feed_lines(feed, buf_span(&u->lines), u->offset);
        u->offset += (int64_t)u->lines.len;
        buf_clear(&u->lines);
        buf_add(&u->lines, bytes.p + whole, bytes.len - whole);
    }
    if (u->too_long)
        feed_problem(feed, PROBLEM_TOO_LONG, u->offset, SPAN_ABSENT);
    return !u->too_long && feed->err.kind == ERR_NONE && !*u->reading->stop;
}

static int read_packed(struct reading *r, struct err *err)
{
    struct unpacking u = { .reading = r };

    if (read_whole(r, PACKED_MAX, err) < 0)
        return -1;
    if (r->whole.len > 0 && !unzstd_each(buf_span(&r->whole), on_unpacked, &u))
        feed_problem(&r->feed, PROBLEM_NOT_JSON, u.offset, SPAN_ABSENT);
    if (u.lines.len > 0 && !u.too_long)
        feed_rest(&r->feed, buf_span(&u.lines));
    buf_fini(&u.lines);
    give_back(&r->whole);
    return 0;
}

/* ---- databases ---- */

static bool on_row(void *to, int topic, const struct cell *cells, int n)
{
    struct reading *r = to;
    int i;

    if (r->feed.err.kind != ERR_NONE)
        return false;
    feed_row(&r->feed, topic, cells);
    for (i = 0; i < n; i++)
        r->batch->bytes += (int64_t)cells[i].text.len;
    return goes_on(r);
}

static int read_database(struct reading *r, struct err *err)
{
    struct database_memory *memory = r->file->now.memory;
    const struct rows_taker taker = { on_row, r };
    int rc;

    file_note_wal(r->file); /* as it was before: what comes while we read will be seen */
    rc = rows_read(r->file->path, r->file->format->questions, memory->watermarks, &taker, err);
    if (rc < 0 && (err->kind == ERR_DAMAGED || err->kind == ERR_USAGE)) {
        restart(r); /* said once, however often it is tried */
        file_note_wal(r->file);
        feed_problem(&r->feed, err->kind == ERR_USAGE ? PROBLEM_UNKNOWN_FORMAT : PROBLEM_DAMAGED, 0,
                     SPAN_ABSENT);
        rc = 0;
    }
    r->file->now.mark.offset = r->file->size;
    return rc;
}

/* ---- the door ---- */

typedef int read_fn(struct reading *r, struct err *err);
static read_fn *const framings[] = {
    [FRAMING_LINES] = read_lines,
    [FRAMING_PACKED] = read_packed,
    [FRAMING_DOCUMENT] = read_document,
    [FRAMING_DATABASE] = read_database,
};

static void take_problems(struct reading *r)
{
    struct file *file = r->file;
    int kind;

    for (kind = 0; kind < PROBLEM_KINDS; kind++) {
        if (r->feed.problems[kind] > 0 && file->problems[kind] == 0)
            file->problem_at[kind] = r->feed.problem_at[kind];
        file->problems[kind] += r->feed.problems[kind];
    }
}

/* The log of a run whose agent is known now begins again as such; one that was written anew may be
 * another agent's. True: it is to be read once more. */
static bool turn_into(struct reading *r)
{
    struct file *file = r->file;
    const struct source *told = NULL;

    if (r->anew)
        told = &source_any;
    else if (file->source == &source_any)
        told = source_any_told(file->now.memory);
    r->anew = false;
    if (!told)
        return false;
    file_become(file, told, told->lines);
    file_restart(file);
    memset(r->feed.problems, 0, sizeof(r->feed.problems));
    return true;
}

static enum reading_end end_of(const struct reading *r, int rc, const struct err *why)
{
    if (rc < 0 && why->kind == ERR_NOT_FOUND)
        return READING_GONE;
    if (rc < 0 && why->kind == ERR_BUSY)
        return READING_LATER;
    if (rc < 0)
        log_warning("%s", why->text);
    return rc == 0 && has_to_pause(r) ? READING_MORE : READING_DONE;
}

int reading_file(struct reading *r, struct file *file, enum ingest_how how, enum reading_end *end,
                 struct err *err)
{
    struct err why = { 0 };
    bool turns;
    int rc;

    r->file = file;
    r->how = how;
    if (open_feed(r, err) < 0)
        return -1;
    batch_join(r->batch, file);
    rc = framings[file->format->framing](r, &why);
    turns = turn_into(r);
    take_problems(r);
    if (r->feed.err.kind != ERR_NONE) {
        *err = r->feed.err;
        return -1;
    }
    *end = rc == 0 && turns ? READING_MORE : end_of(r, rc, &why);
    /* Where there may be more to read, the size stays as it was known: so it will be looked at. */
    if (rc == 0 && *end == READING_DONE) {
        file->now.size = file->size;
        file->now.mtime_ms = file->mtime_ms;
    }
    return 0;
}
