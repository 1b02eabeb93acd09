/* ingest/files.h — the log files known to an ingest, and how far each was read. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_FILES_H
#define INGEST_FILES_H

#include "source/source.h"
#include "store/files.h"
#include "tail/read.h"
#include "tail/tail.h"

/* How far a file was read, and what its source remembers there. */
struct progress {
    int64_t id; /* of the file in the ledger; 0: not there yet */
    struct tail_mark mark;
    int64_t size, mtime_ms; /* when it was read */
    void *memory;           /* source->memory bytes */
};

struct file {
    const struct source *source;
    char *path;
    size_t root_len;                  /* bytes of path that are its root, the slash included */
    int root;                         /* of the tail; -1 while it was not seen in this process */
    int64_t size, mtime_ms, birth_ms; /* as last seen */
    struct progress now;              /* as far as it was read */
    struct progress saved; /* as far as the ledger knows; what a failed commit goes back to */
    bool queued;           /* waits to be read */
    bool read;             /* read since the last commit */
    bool restarted;        /* problems counted before are void */
    int64_t problems[PROBLEM_KINDS], problem_at[PROBLEM_KINDS]; /* since the last commit */
};

/* Files by device and inode. Zeroed = empty; the pointers stay valid until files_fini. */
struct files {
    struct file **at;
    size_t n, space;
    uint32_t *slots;
    size_t slots_n;
};

void files_fini(struct files *files);
struct file *files_find(const struct files *files, uint64_t dev, uint64_t ino);
struct file *files_add(struct files *files, const struct source *source, uint64_t dev,
                       uint64_t ino);

void progress_copy(struct progress *to, const struct progress *from, size_t memory);

/* Fills the table from the ledger. */
int files_load(struct files *files, struct store *store, struct err *err);
/* Writes what was read of a file, its problems included, into the open transaction. */
int file_save(struct file *file, struct store *store, struct err *err);
void file_saved(struct file *file);  /* the commit went through */
void file_undone(struct file *file); /* it did not: back to what the ledger knows */

#endif
