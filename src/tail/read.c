/* tail/read.c — see read.h.
 *
 * The buffer is a window on the file: up to 64 bytes that were delivered already (the marker), and
 * behind them bytes that were not. Every pread starts up to 64 bytes early and compares what it
 * finds there with what it knows: the mark's hash at first, its own bytes afterwards. So marker and
 * new bytes come out of one system call, and a file that is rewritten while we read is noticed at
 * the seam. The head is compared once per call: a file that was cut and has grown again keeps its
 * inode, and may look the same around the offset.
 *
 *     window  |.. marker ..\n|{"a":1}\n{"b":2}\n{"c":|   free   |
 *             p              start        newline    len        space
 *
 * A mark whose last byte is no newline stands inside a line that is too long: the file itself says
 * that passing over goes on.
 * SPDX-License-Identifier: MIT
 */
#include "tail/read.h"

#include "base/hash.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_NOATIME
#define O_NOATIME 0 /* Linux only */
#endif

enum {
    HEAD_BYTES = 256,
    MARKER_BYTES = 64,
    BUFFER_BYTES = 256 << 10,
    TRIES = 4, /* a file that changes faster than this is left to the next call */
};

struct tail_reader {
    char *p;
    size_t space;          /* bytes allocated */
    size_t len;            /* bytes that hold something */
    size_t start;          /* of the first byte that was not delivered */
    int64_t base;          /* offset in the file of p[0] */
    uint64_t seam_hash;    /* of the last min(64, len) bytes */
    char head[HEAD_BYTES]; /* the file's first bytes, as far as they were read */
};

/* One call of tail_read. */
struct reading {
    struct tail_reader *window;
    struct tail_mark *mark;
    const struct tail_taker *taker;
    int fd;
    int64_t end;   /* of the file as it was when we began: so that the call comes to an end, too */
    bool skipping; /* the window starts inside a line that is too long */
};

enum step { STEP_ON, STEP_END, STEP_STOPPED, STEP_CHANGED, STEP_FAILED };

struct tail_reader *tail_reader_new(void)
{
    struct tail_reader *reader = xcalloc(1, sizeof(*reader));

    reader->space = BUFFER_BYTES;
    reader->p = xmalloc(reader->space);
    return reader;
}

void tail_reader_free(struct tail_reader *reader)
{
    if (!reader)
        return;
    free(reader->p);
    free(reader);
}

static size_t smaller(int64_t a, size_t b)
{
    return a < (int64_t)b ? (size_t)a : b;
}

/* A short count is the end of the file (or of what there was of it just now); -1 is an error. */
static ssize_t pread_whole(int fd, char *out, size_t size, int64_t offset)
{
    size_t got = 0;

    while (got < size) {
        ssize_t n = pread(fd, out + got, size - got, (off_t)offset + (off_t)got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* Never waits for a FIFO's other end, never becomes anybody's terminal. */
static int open_quietly(const char *path)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int fd;

    do
        fd = open(path, flags | O_NOATIME);
    while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno == EPERM) /* not our file: its access time is not ours to spare */
        fd = open(path, flags);
    return fd;
}

static enum err_kind kind_of(int why)
{
    switch (why) {
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    case ENXIO: /* a socket */
        return ERR_USAGE;
    default:
        return ERR_IO;
    }
}

static int open_log(const char *path, struct stat *st, struct err *err)
{
    int fd = open_quietly(path);

    if (fd < 0) {
        err_set(err, kind_of(errno), "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    if (fstat(fd, st) < 0) {
        err_set(err, ERR_IO, "cannot look at %s: %s", path, strerror(errno));
        close(fd);
        return -1;
    }
    if (!S_ISREG(st->st_mode)) {
        err_set(err, ERR_USAGE, "%s is not a regular file", path);
        close(fd);
        return -1;
    }
    return fd;
}

/* The mark moves to where the window starts. */
static void move_mark(struct reading *r)
{
    struct tail_reader *w = r->window;
    struct tail_mark *mark = r->mark;
    uint32_t head_len;

    mark->offset = w->base + (int64_t)w->start;
    mark->marker_len = (uint32_t)smaller(mark->offset, MARKER_BYTES);
    assert(w->start >= mark->marker_len);
    mark->marker_hash =
        hash_span((struct span){ w->p + w->start - mark->marker_len, mark->marker_len });

    head_len = (uint32_t)smaller(mark->offset, HEAD_BYTES);
    if (head_len != mark->head_len)
        mark->head_hash = hash_span((struct span){ w->head, head_len });
    mark->head_len = head_len;
}

/* Hands out what lies between the window's start and `end`. */
static enum step deliver(struct reading *r, enum tail_piece kind, size_t end)
{
    struct tail_reader *w = r->window;
    struct span bytes = { w->p + w->start, end - w->start };
    int64_t offset = w->base + (int64_t)w->start;

    if (kind == TAIL_TOO_LONG) {
        bytes.len = 0;
    } else if (offset == 0 && span_starts(bytes, "\xef\xbb\xbf")) {
        bytes = (struct span){ bytes.p + 3, bytes.len - 3 };
        offset += 3;
    }
    if (kind == TAIL_REST && bytes.len == 0)
        return STEP_ON;
    if (kind != TAIL_REST) {
        w->start = end;
        move_mark(r);
    }
    return r->taker->piece(r->taker->to, kind, bytes, offset) ? STEP_ON : STEP_STOPPED;
}

/* What was read of the file so far is void. */
static enum step restart(struct reading *r)
{
    struct tail_reader *w = r->window;
    bool had_some = r->mark->offset > 0;

    w->base = 0;
    w->start = w->len = 0;
    r->skipping = false;
    *r->mark = (struct tail_mark){ .dev = r->mark->dev, .ino = r->mark->ino };
    if (had_some && !r->taker->piece(r->taker->to, TAIL_RESTART, SPAN_LIT(""), 0))
        return STEP_STOPPED;
    return STEP_ON;
}

/* May the mark be trusted so far that reading begins at its offset? The marker is left to the first
 * pread. */
static enum step check_head(struct reading *r, const struct stat *st)
{
    struct tail_reader *w = r->window;
    const struct tail_mark *mark = r->mark;
    ssize_t n;

    if (mark->dev != st->st_dev || mark->ino != st->st_ino || mark->offset < 0 ||
        st->st_size < mark->offset)
        return STEP_CHANGED;
    if (mark->head_len != smaller(mark->offset, HEAD_BYTES) ||
        mark->marker_len != smaller(mark->offset, MARKER_BYTES))
        return STEP_CHANGED;
    n = pread_whole(r->fd, w->head, mark->head_len, 0);
    if (n < 0)
        return STEP_FAILED;
    if (n != mark->head_len || hash_span((struct span){ w->head, (size_t)n }) != mark->head_hash)
        return STEP_CHANGED;
    return STEP_ON;
}

/* Puts the window where the mark stands, or at 0 if the mark does not hold. */
static enum step begin(struct reading *r, const struct stat *st)
{
    struct tail_reader *w = r->window;
    enum step step = STEP_ON;

    r->end = st->st_size;
    if (r->mark->offset != 0)
        step = check_head(r, st);
    if (step == STEP_FAILED)
        return step;
    r->mark->dev = st->st_dev;
    r->mark->ino = st->st_ino;
    if (step == STEP_CHANGED || r->mark->offset == 0)
        return restart(r);

    w->len = w->start = r->mark->marker_len;
    w->base = r->mark->offset - r->mark->marker_len;
    w->seam_hash = r->mark->marker_hash;
    return STEP_ON;
}

/* Makes room behind the window's bytes: drops what was delivered, but for the marker, and grows
 * when one line fills it all. */
static void make_room(struct tail_reader *w)
{
    size_t drop = w->start > MARKER_BYTES ? w->start - MARKER_BYTES : 0;
    size_t most = MARKER_BYTES + (size_t)TAIL_LINE_MAX + 1;

    if (drop > 0) {
        memmove(w->p, w->p + drop, w->len - drop);
        w->len -= drop;
        w->start -= drop;
        w->base += (int64_t)drop;
    }
    if (w->len == w->space) {
        w->space = w->space * 2 < most ? w->space * 2 : most;
        w->p = xrealloc(w->p, w->space);
    }
}

/* Reads on behind the window's bytes. Never more of one line than shows it to be too long, so that
 * where a line ends up does not depend on how the reads fell. */
static enum step fill(struct reading *r)
{
    struct tail_reader *w = r->window;
    size_t seam = smaller((int64_t)w->len, MARKER_BYTES);
    size_t from = w->len - seam;
    int64_t at = w->base + (int64_t)w->len;
    size_t want = smaller(r->end - at, smaller((int64_t)(w->space - w->len), BUFFER_BYTES));
    ssize_t n;

    if (!r->skipping)
        want = smaller((int64_t)want, (size_t)TAIL_LINE_MAX + 1 - (w->len - w->start));
    n = pread_whole(r->fd, w->p + from, seam + want, at - (int64_t)seam);
    if (n < 0)
        return STEP_FAILED;
    if (n < (ssize_t)seam ||
        (seam > 0 && hash_span((struct span){ w->p + from, seam }) != w->seam_hash))
        return STEP_CHANGED;

    if (at < HEAD_BYTES)
        memcpy(w->head + at, w->p + w->len,
               smaller((int64_t)((size_t)n - seam), (size_t)(HEAD_BYTES - at)));
    w->len = from + (size_t)n;
    if ((size_t)n < seam + want)
        r->end = w->base + (int64_t)w->len; /* it has shrunk to here */
    seam = smaller((int64_t)w->len, MARKER_BYTES);
    w->seam_hash = hash_span((struct span){ w->p + w->len - seam, seam });
    return STEP_ON;
}

/* Passes over the rest of a line that is too long. */
static void skip(struct reading *r)
{
    struct tail_reader *w = r->window;
    const char *newline = memchr(w->p + w->start, '\n', w->len - w->start);

    w->start = newline ? (size_t)(newline - w->p) + 1 : w->len;
    r->skipping = !newline;
    move_mark(r);
}

/* Hands out the whole lines in the window; its bytes from `fresh` on have just been read. */
static enum step consume(struct reading *r, size_t fresh)
{
    struct tail_reader *w = r->window;
    const char *newline;
    enum step step = STEP_ON;

    if (r->skipping) {
        skip(r);
        fresh = w->start;
    }
    newline = memrchr(w->p + fresh, '\n', w->len - fresh);
    if (newline)
        step = deliver(r, TAIL_LINES, (size_t)(newline - w->p) + 1);
    if (step == STEP_ON && w->len - w->start > TAIL_LINE_MAX) {
        r->skipping = true;
        step = deliver(r, TAIL_TOO_LONG, w->len);
    }
    return step;
}

/* From where the window stands to the end of the file. */
static enum step read_on(struct reading *r)
{
    struct tail_reader *w = r->window;
    bool first = true;

    while (first || w->base + (int64_t)w->len < r->end) {
        enum step step;
        size_t fresh;

        make_room(w);
        fresh = w->len;
        step = fill(r);
        if (step != STEP_ON)
            return step;
        if (first && w->start > 0)
            r->skipping = w->p[w->start - 1] != '\n';
        first = false;
        step = consume(r, fresh);
        if (step != STEP_ON)
            return step;
    }
    return STEP_END;
}

/* Reads, and begins again at 0 as often as the file turns out to be another one. */
static enum step read_file(struct reading *r, struct stat *st)
{
    enum step step = begin(r, st);
    int tries = TRIES;

    while (step == STEP_ON) {
        step = read_on(r);
        if (step != STEP_CHANGED)
            break;
        step = restart(r);
        if (step == STEP_ON && fstat(r->fd, st) < 0)
            step = STEP_FAILED;
        r->end = st->st_size;
        if (step == STEP_ON && --tries == 0)
            step = STEP_STOPPED;
    }
    return step;
}

static void give_back(struct tail_reader *w)
{
    if (w->space == BUFFER_BYTES)
        return;
    free(w->p);
    w->space = BUFFER_BYTES;
    w->p = xmalloc(w->space);
}

int tail_read(struct tail_reader *reader, const char *path, struct tail_mark *mark,
              const struct tail_taker *taker, struct err *err)
{
    struct reading r = { .window = reader, .mark = mark, .taker = taker };
    struct stat st;
    enum step step;

    r.fd = open_log(path, &st, err);
    if (r.fd < 0)
        return -1;
    step = read_file(&r, &st);
    if (step == STEP_FAILED)
        err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    if (step == STEP_END && taker->how == TAIL_READ_REST && !r.skipping)
        deliver(&r, TAIL_REST, reader->len);
    close(r.fd);
    give_back(reader);
    return step == STEP_FAILED ? -1 : 0;
}

int tail_read_whole(const char *path, size_t max, struct tail_mark *mark, struct buf *out,
                    struct err *err)
{
    struct stat st;
    ssize_t n;
    int fd = open_log(path, &st, err);

    if (fd < 0)
        return -1;
    if (st.st_size > (off_t)max) {
        close(fd);
        err_set(err, ERR_USAGE, "%s is larger than %zu MB", path, max >> 20);
        return -1;
    }
    buf_clear(out);
    buf_reserve(out, (size_t)st.st_size);
    n = pread_whole(fd, out->p, (size_t)st.st_size, 0);
    if (n < 0)
        err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    close(fd);
    if (n < 0)
        return -1;
    out->len = (size_t)n;
    *mark = (struct tail_mark){ .dev = st.st_dev, .ino = st.st_ino, .offset = n };
    return 0;
}

int64_t tail_peek(const char *path, char *out, size_t size)
{
    struct stat st;
    int64_t n;
    int fd;

    fd = open_log(path, &st, NULL);
    if (fd < 0)
        return -1;
    n = pread_whole(fd, out, size, 0);
    close(fd);
    return n;
}
