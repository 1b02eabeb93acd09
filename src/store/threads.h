/* store/threads.h — threads of conversation and the marks of their steps (event/thread.h).
 *
 * Part of the handle in store.h; same thread rule. Inside a transaction.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_THREADS_H
#define STORE_THREADS_H

#include "event/thread.h"
#include "store/store.h"

struct thread_row {
    struct lineage thread; /* its steps are on the heap; thread_row_fini */
    char *name;            /* on the heap: what thread.name spans */
    const struct name *agent;
    bool stored;
};
void thread_row_fini(struct thread_row *row);

/* Fills a zeroed row. 1 when there is such a thread, 0 when there is none, -1 with *err. */
int store_thread_load(struct store *store, uint64_t id, struct thread_row *row, struct err *err);
/* Writes it; its steps only from `first` on. */
int store_thread_put(struct store *store, struct thread_row *row, int64_t first, struct err *err);

/* Threads with this parent that show evidence of copies, in the order of their names' bytes. */
typedef void store_thread_fn(void *to, uint64_t id);
int store_threads_of(struct store *store, uint64_t parent, store_thread_fn *fn, void *to,
                     struct err *err);

#endif
