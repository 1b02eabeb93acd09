/* tail/read.h — read what a log file has gained since last time, whole lines only.
 *
 * The caller keeps a mark per file: how far it got and what the bytes there looked like. Reading
 * goes on at the mark if the file is still the one that was marked, and starts at 0 if not (shrunk,
 * rewritten, truncated and grown again, another inode). Uses pread on a bounded buffer; never mmap,
 * since a file that is cut under our eyes must not kill us. Never locks, never writes, does not
 * change access to the file for its owner (O_NOATIME where allowed).
 * A reader is one buffer: not thread-safe, one per thread, reused for many files.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_READ_H
#define TAIL_READ_H

#include "base/buf.h"
#include "base/err.h"

#define TAIL_LINE_MAX (64 << 20) /* bytes; a longer line is reported as such and passed over */

struct tail_mark {
    uint64_t dev, ino;
    int64_t offset;      /* just after the last newline that was delivered, or inside a line that
                            is too long and being passed over */
    uint32_t head_len;   /* min(256, offset): how many bytes head_hash covers, from byte 0 */
    uint32_t marker_len; /* min(64, offset): how many bytes marker_hash covers, before offset */
    uint64_t head_hash;
    uint64_t marker_hash;
};

enum tail_piece {
    TAIL_RESTART, /* what was read of this file so far is void: the bytes that follow start at 0;
                     only where something was read */
    TAIL_LINES,   /* one or more whole lines, the last newline included */
    TAIL_REST,    /* bytes after the last newline; only with TAIL_READ_REST, once, at the end */
    TAIL_TOO_LONG /* a line over TAIL_LINE_MAX begins at `offset`; no bytes; read on behind it */
};

/* Called with pieces in file order. `bytes` is lent for the call; `offset` is where they begin in
 * the file. A UTF-8 BOM at offset 0 is left out of `bytes`. Return false to stop early: the mark
 * then stands behind the piece just delivered. */
typedef bool tail_piece_fn(void *to, enum tail_piece kind, struct span bytes, int64_t offset);

enum tail_how { TAIL_READ_LINES, TAIL_READ_REST };

/* How to read, and who takes the pieces. */
struct tail_taker {
    enum tail_how how;
    tail_piece_fn *piece;
    void *to;
};

struct tail_reader;
struct tail_reader *tail_reader_new(void);
void tail_reader_free(struct tail_reader *reader); /* NULL is fine */

/* Reads `path` from the mark to its last complete line and moves the mark. A zeroed mark is a file
 * never seen. The buffer is given back when a long line made it grow.
 * Returns 0, or -1 with *err: ERR_NOT_FOUND (no such file), ERR_IO (named), ERR_USAGE (not a
 * regular file). After -1 the mark stands behind the last piece that was delivered. */
int tail_read(struct tail_reader *reader, const char *path, struct tail_mark *mark,
              const struct tail_taker *taker, struct err *err);

/* Reads a file whole, as it is at one moment or nearly so; `mark` gets its identity, and its size
 * as offset. 0, or -1 with *err: as tail_read, and ERR_USAGE when it is larger than `max`. */
int tail_read_whole(const char *path, size_t max, struct tail_mark *mark, struct buf *out,
                    struct err *err);

/* The first bytes of a file, at most `size`; for ordering unseen files by their first line.
 * Returns the count, or -1. */
int64_t tail_peek(const char *path, char *out, size_t size);

#endif
