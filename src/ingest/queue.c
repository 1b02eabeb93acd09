/* ingest/queue.c — see queue.h.
 *
 * Files that the ledger knows come first. Unseen ones are taken in the order of their first lines,
 * so that of two copies of a history the older file owns it. SPDX-License-Identifier: MIT
 */
#include "ingest/queue.h"

#include "base/mem.h"

#include <stdlib.h>

#define PEEK_BYTES 16384 /* of an unseen file, to find its first time */

void queue_fini(struct queue *queue)
{
    free(queue->at);
    *queue = (struct queue){ 0 };
}

void queue_add(struct queue *queue, struct file *file)
{
    if (file->queued)
        return;
    file->queued = true;
    queue->at = xgrow(queue->at, queue->n, &queue->space, sizeof(*queue->at));
    queue->at[queue->n++] = (struct queued){ file, 0 };
}

static int by_first_time(const void *a, const void *b)
{
    const struct queued *x = a, *y = b;

    if (x->first_ms != y->first_ms)
        return x->first_ms < y->first_ms ? -1 : 1;
    if (x->file->birth_ms != y->file->birth_ms)
        return x->file->birth_ms < y->file->birth_ms ? -1 : 1;
    return strcmp(x->file->path, y->file->path);
}

static int64_t first_time(const struct file *file)
{
    char head[PEEK_BYTES];
    int64_t n = file->format->first_ms ? tail_peek(file->path, head, sizeof(head)) : -1;
    int64_t at_ms;

    if (n < 0 || !file->format->first_ms((struct span){ head, (size_t)n }, &at_ms))
        return INT64_MAX;
    return at_ms;
}

struct queued *queue_take(struct queue *queue, size_t *n, int64_t *bytes)
{
    struct queued *taken = queue->at;
    size_t i;

    *n = queue->n;
    *bytes = 0;
    for (i = 0; i < *n; i++) {
        const struct file *file = taken[i].file;

        taken[i].file->queued = false;
        if (file->size > file->now.mark.offset)
            *bytes += file->size - file->now.mark.offset;
        if (file->now.id == 0 && *n > 1)
            taken[i].first_ms = first_time(file);
    }
    if (*n > 1)
        qsort(taken, *n, sizeof(*taken), by_first_time);
    *queue = (struct queue){ 0 };
    return taken;
}
