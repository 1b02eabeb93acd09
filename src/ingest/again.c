/* ingest/again.c — see again.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/again.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>

/* Milliseconds to wait before each look; the last one goes on. */
static const int64_t waits[] = { 20, 80, 320, 1280, 2000 };
enum { WAITS = sizeof(waits) / sizeof(waits[0]) };

void again_fini(struct again *again)
{
    free(again->at);
    *again = (struct again){ 0 };
}

void again_add(struct again *again, struct file *file)
{
    if (file->due_ms == 0) {
        again->at = xgrow(again->at, again->n, &again->space, sizeof(struct file *));
        again->at[again->n++] = file;
    }
    file->due_ms = clock_boot_ms() + waits[file->looks];
    if (file->looks < WAITS - 1)
        file->looks++;
}

bool again_is_due(const struct file *file)
{
    return file->looks < WAITS - 1;
}

void again_reset(struct file *file)
{
    file->looks = 0;
}

void again_take(struct again *again, struct queue *queue)
{
    int64_t now_ms = clock_boot_ms();
    size_t i, kept = 0;

    for (i = 0; i < again->n; i++) {
        struct file *file = again->at[i];

        if (file->due_ms > now_ms) {
            again->at[kept++] = file;
            continue;
        }
        file->due_ms = 0;
        queue_add(queue, file);
    }
    again->n = kept;
}

int64_t again_next_ms(const struct again *again)
{
    int64_t next_ms = 0;
    size_t i;

    for (i = 0; i < again->n; i++) {
        if (next_ms == 0 || again->at[i]->due_ms < next_ms)
            next_ms = again->at[i]->due_ms;
    }
    return next_ms;
}
