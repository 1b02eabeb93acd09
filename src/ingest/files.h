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
    void *memory;           /* file->memory bytes */
};

struct file {
    const struct source *source;
    const struct format *format; /* NULL while it was not seen in this process */
    size_t memory;               /* bytes of it in `now` and `saved` */
    char *path;
    size_t root_len;                  /* bytes of path that are its root, the slash included */
    int root;                         /* of the tail; -1 while it was not seen in this process */
    int64_t run;                      /* whose log it is, or 0 */
    bool told_by_lines;               /* which agent's it is, its path does not say */
    int64_t size, mtime_ms, birth_ms; /* as last seen */
    struct progress now;              /* as far as it was read */
    struct progress saved; /* as far as the ledger knows; what a failed commit goes back to */
    bool queued;           /* waits to be read */
    int64_t due_ms;        /* when it is looked at again (boot clock); 0: not at all */
    int looks;             /* that were taken since it changed */
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
struct file *files_find_path(const struct files *files, const char *path); /* slow: looks at all */
struct file *files_add(struct files *files, const struct source *source, uint64_t dev,
                       uint64_t ino);

/* It is a log of this kind. What is known of it stays, if it was read as such; else it is void. */
void file_become(struct file *file, const struct source *source, const struct format *format);
/* It belongs to this run from now on (0: to none). For a run it is read from its start again, so
 * that what was counted before becomes the run's. */
void file_belong(struct file *file, int64_t run);
/* Forgets what was read, as if the file were new: it begins again. */
void file_restart(struct file *file);
/* Memory may be larger than the source's: what is kept of a database that is followed. */
struct database_memory {
    int64_t watermarks[QUESTION_TOPICS_MAX];
    int64_t wal_size, wal_mtime_ms; /* of its write-ahead log when it was read; 0: there was none */
};
/* Notes how the log beside a database looks now; whether it looks otherwise than it was noted. */
void file_note_wal(struct file *file);
bool file_wal_moved(const struct file *file);

/* Fills the table from the ledger. */
int files_load(struct files *files, struct store *store, struct err *err);
/* Writes what was read of a file, its problems included, into the open transaction. */
int file_save(struct file *file, struct store *store, struct err *err);
void file_saved(struct file *file);  /* the commit went through */
void file_undone(struct file *file); /* it did not: back to what the ledger knows */

#endif
