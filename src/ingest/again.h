/* ingest/again.h — files that are to be looked at again in a while. Room-internal.
 *
 * A commit to another program's database may be seen before it can be read: the log beside it is
 * written first and becomes valid a moment later, and of that moment nobody tells. So a database is
 * looked at a few times after it changed, each time waiting longer; one that somebody is writing,
 * until that is over.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_AGAIN_H
#define INGEST_AGAIN_H

#include "ingest/queue.h"

/* Zeroed = empty. */
struct again {
    struct file **at;
    size_t n, space;
};

void again_fini(struct again *again);
/* Looks at the file again in a while, which is longer each time until again_reset. */
void again_add(struct again *again, struct file *file);
/* Is it worth another look, if nothing is known to be amiss with it? */
bool again_is_due(const struct file *file);
/* The file has changed: it is looked at now, and waiting begins anew. */
void again_reset(struct file *file);
/* Moves the files whose time has come into the queue. */
void again_take(struct again *again, struct queue *queue);
int64_t again_next_ms(const struct again *again); /* boot clock; 0: never */

#endif
