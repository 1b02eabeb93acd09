/* server/wait.c — see wait.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/wait.h"

#include <stddef.h>

void wait_leave(struct wait *wait)
{
    struct wait_queue *queue = wait->queue;

    if (!queue)
        return;
    if (wait->prev)
        wait->prev->next = wait->next;
    else
        queue->first = wait->next;
    if (wait->next)
        wait->next->prev = wait->prev;
    else
        queue->last = wait->prev;
    *wait = (struct wait){ 0 };
}

void wait_join(struct wait_queue *queue, struct wait *wait, int64_t now_ms)
{
    wait_leave(wait);
    wait->queue = queue;
    wait->due_ms = now_ms + queue->patience_ms;
    wait->prev = queue->last;
    if (queue->last)
        queue->last->next = wait;
    else
        queue->first = wait;
    queue->last = wait;
}

struct wait *wait_due(const struct wait_queue *queue, int64_t now_ms)
{
    return queue->first && queue->first->due_ms <= now_ms ? queue->first : NULL;
}
