/* ingest/batch.c — see batch.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/batch.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>

/* Either is enough to commit: the first bounds memory, the second what a kill costs. */
#define FULL_GROUPS 20000
#define FULL_BYTES  (64 << 20)

void batch_fini(struct batch *batch)
{
    if (batch->open)
        store_rollback(batch->store);
    free(batch->files);
    free(batch->limits.at);
    sightings_fini(&batch->sightings);
    *batch = (struct batch){ 0 };
}

int batch_begin(struct batch *batch, struct err *err)
{
    if (batch->open)
        return 0;
    if (store_begin(batch->store, err) < 0)
        return -1;
    batch->open = true;
    batch->bytes = 0;
    return 0;
}

void batch_join(struct batch *batch, struct file *file)
{
    if (file->read)
        return;
    file->read = true;
    batch->files = xgrow(batch->files, batch->n, &batch->space, sizeof(struct file *));
    batch->files[batch->n++] = file;
}

bool batch_is_full(const struct batch *batch)
{
    return pending_count(batch->pending) >= FULL_GROUPS || batch->bytes >= FULL_BYTES;
}

static void count_problems(struct tally *tally, const struct file *file)
{
    struct tally_row *row = tally_row(tally, file->source);
    int kind;

    for (kind = 1; kind < PROBLEM_KINDS; kind++)
        row->problems += file->problems[kind];
}

static int save_files(struct batch *batch, struct err *err)
{
    size_t i;

    for (i = 0; i < batch->n; i++) {
        if (batch->tally)
            count_problems(batch->tally, batch->files[i]);
        else if (file_save(batch->files[i], batch->store, err) < 0)
            return -1;
    }
    return 0;
}

static int save_progress(struct batch *batch, const struct batch_progress *p, struct err *err)
{
    return p->known ? store_set_progress(batch->store, p->permille, p->last, err) : 0;
}

int batch_commit(struct batch *batch, const struct batch_progress *progress, int64_t *changes,
                 struct err *err)
{
    struct settler settler = { batch->store, batch->prices, batch->threads, 0, batch->tally };
    size_t i;

    if (settle_all(&settler, batch->pending, err) < 0 || save_files(batch, err) < 0 ||
        sightings_write(&batch->sightings, batch->store, clock_now_ms(), &settler.changes, err) <
            0 ||
        save_progress(batch, progress, err) < 0 || store_commit(batch->store, err) < 0)
        return -1;
    batch->open = false;
    pending_clear(batch->pending);
    sightings_clear(&batch->sightings);
    threads_clear(batch->threads);
    for (i = 0; i < batch->n; i++)
        file_saved(batch->files[i]);
    batch->n = 0;
    *changes = settler.changes;
    return 0;
}

void batch_undo(struct batch *batch, void (*again)(void *to, struct file *file), void *to)
{
    size_t i;

    if (batch->open)
        store_rollback(batch->store);
    batch->open = false;
    pending_clear(batch->pending);
    sightings_clear(&batch->sightings);
    threads_clear(batch->threads);
    batch->limits.n = 0;
    for (i = 0; i < batch->n; i++) {
        file_undone(batch->files[i]);
        again(to, batch->files[i]);
    }
    batch->n = 0;
}
