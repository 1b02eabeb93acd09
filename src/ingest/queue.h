/* ingest/queue.h — files that wait to be read, and in which order. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_QUEUE_H
#define INGEST_QUEUE_H

#include "ingest/files.h"

struct queued {
    struct file *file;
    int64_t first_ms; /* of an unseen file's lines; 0 for known ones, which come first */
};

/* Zeroed = empty. */
struct queue {
    struct queued *at;
    size_t n, space;
};

void queue_fini(struct queue *queue);
void queue_add(struct queue *queue, struct file *file); /* once, however often it is added */

/* Takes everything out, in the order in which it is to be read; yours to free. *bytes: how much
 * there is to read in all. */
struct queued *queue_take(struct queue *queue, size_t *n, int64_t *bytes);

#endif
