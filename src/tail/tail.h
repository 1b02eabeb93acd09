/* tail/tail.h — find log files under roots and hear when they change.
 *
 * Knows directories, inotify and its absence. Knows nothing of agents, JSON or tokens, and never
 * opens a file: reading is tail/read.h. Not thread-safe: one loop owns one tail.
 *
 * A root may not exist yet; it is found when it appears. Directories are watched first and scanned
 * afterwards, so that nothing falls between the two. Where inotify sees nothing (network and FUSE
 * file systems, watch limit reached) the root is polled every 2 s; all roots are reconciled every
 * 15 minutes, after a queue overflow and after the machine slept.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_TAIL_H
#define TAIL_TAIL_H

#include "base/err.h"
#include "base/span.h"

struct tail;

/* A file that is there, as stat saw it. `path` is lent for the call. */
struct tail_file {
    const char *path; /* absolute */
    int root;         /* what tail_add_root answered */
    uint64_t dev, ino;
    int64_t size;     /* bytes */
    int64_t mtime_ms; /* UTC */
    int64_t birth_ms; /* UTC; mtime where the file system does not tell */
};

struct tail_hooks {
    /* A regular file that is new or may have changed. Called for every matching file by tail_scan,
     * and for the changed ones by tail_dispatch; may be called without a change. */
    void (*seen)(void *to, const struct tail_file *file);
    /* A path that was reported before is there no more (deleted, or renamed: then `seen` is called
     * for the new path too). */
    void (*gone)(void *to, const char *path);
    /* May this file name be a log of that root? Called with the path below the root. */
    bool (*wants)(void *to, int root, const char *relative_path);
    /* May this folder below that root hold logs, at any depth? NULL: every one may. */
    bool (*enters)(void *to, int root, const char *relative_path);
    /* Some folder that was known is there no more, under its name. NULL: nobody wants to know. */
    void (*folder_gone)(void *to);
};

struct tail *tail_new(const struct tail_hooks *hooks, void *to); /* hooks are copied */
void tail_free(struct tail *tail);                               /* NULL is fine */

/* Adds a folder to look in, recursively. The path is copied; it must be absolute. A root inside
 * another one is fine: a file (by device and inode) is reported once, for the first root that
 * wants it. Returns the root's number, from 0 up. */
int tail_add_root(struct tail *tail, const char *path);

/* From now on listen for changes (before the first tail_scan, so that none is missed).
 * Returns 0, or -1 with *err; tail then polls everything, which works too. */
int tail_watch(struct tail *tail, struct err *err);
int tail_fd(const struct tail *tail); /* to poll for reading; -1 without inotify */

/* Walks every root and calls `seen` for each wanted file. Symbolic links to files are followed
 * where they stay inside their root; folders are reached by their own names, so there are no loops.
 * FIFOs, devices and sockets are passed over; a folder that cannot be read is logged once and
 * skipped. */
void tail_scan(struct tail *tail);

/* Handles whatever is pending: inotify events (coalesced per file) and due polls and reconciles.
 * Never blocks. */
void tail_dispatch(struct tail *tail);

/* Milliseconds until tail_dispatch has something to do without an event on the fd. */
int64_t tail_next_ms(const struct tail *tail);

struct tail_stats {
    int roots_found;     /* of those added */
    int64_t directories; /* known now */
    int64_t watches;     /* inotify watches held */
    int64_t unreadable;  /* folders that could not be read at the last scan */
    bool polling;        /* some root is polled */
};
void tail_get_stats(const struct tail *tail, struct tail_stats *stats);
bool tail_root_exists(const struct tail *tail, int root);

#endif
