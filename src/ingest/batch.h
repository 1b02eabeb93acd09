/* ingest/batch.h — what is read and committed together. Room-internal.
 *
 * A batch is a transaction of the ledger: it begins with the first file that has news and holds the
 * groups that were read and how far each file was. It is committed whole, or undone without a
 * trace. SPDX-License-Identifier: MIT
 */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include "ingest/files.h"
#include "ingest/ingest_internal.h"
#include "ingest/runs.h"

/* Zeroed but for the first four = none is open. */
struct batch {
    struct store *store;
    const struct price_table *prices;
    struct pending *pending;
    struct threads *threads;
    struct tally *tally; /* counts what is found in files that are not followed: nothing is kept of
                            them. NULL: they are followed */
    bool open;
    int64_t bytes; /* read in it */
    struct file **files;
    size_t n, space;
    struct sightings sightings; /* of rate limits */
    struct run_limits limits;   /* to be told to those who follow runs */
};

void batch_fini(struct batch *batch); /* rolls an open one back */

int batch_begin(struct batch *batch, struct err *err); /* fine when one is open */
void batch_join(struct batch *batch, struct file *file);
bool batch_is_full(const struct batch *batch); /* commit before reading on */

/* Tells how far the first read is, where that matters. */
struct batch_progress {
    bool known; /* write it */
    bool last;  /* the first read ends with this batch */
    int permille;
};
/* Writes everything and commits. *changes: groups that were written. -1 with *err: batch_undo is
 * due. */
int batch_commit(struct batch *batch, const struct batch_progress *progress, int64_t *changes,
                 struct err *err);
/* Back to what the ledger knows; `again` hears of every file that has to be read again. */
void batch_undo(struct batch *batch, void (*again)(void *to, struct file *file), void *to);

#endif
