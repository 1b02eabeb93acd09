/* store/files.h — how far each log was read, and what was strange in it.
 *
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "store/store.h"

struct file_state {
    int64_t id; /* 0: not stored yet */
    const struct name *agent;
    const char *path;
    uint64_t dev, ino;
    int64_t size, mtime_ms; /* as last seen; nothing to do while both stay */
    int64_t offset;
    uint32_t head_len, marker_len;
    uint64_t head_hash, marker_hash;
    struct span memory; /* the source's; plain bytes */
    int64_t run;        /* what it was read for, or 0 */
};
typedef void store_file_fn(void *to, const struct file_state *file);
int store_files_each(struct store *store, store_file_fn *fn, void *to, struct err *err);
int store_file_put(struct store *store, struct file_state *file, struct err *err); /* sets id */

/* Strange lines of one kind, by a number the caller chose (1…). */
struct problem_count {
    int kind;
    int64_t count;
    int64_t offset; /* of the first; the ledger keeps the first it was told */
};
int store_problem_add(struct store *store, int64_t file_id, const struct problem_count *problem,
                      struct err *err);
int store_problems_clear(struct store *store, int64_t file_id, struct err *err);
struct problem_sum {
    struct span agent;
    int kind;
    int64_t count;
    const char *path; /* of a file that has one */
    int64_t offset;   /* where in it */
};
typedef void store_problem_fn(void *to, const struct problem_sum *sum);
/* By agent and kind: the sum, and one place to look. Lent for the call. */
int store_problems_each(struct store *store, store_problem_fn *fn, void *to, struct err *err);

#endif
