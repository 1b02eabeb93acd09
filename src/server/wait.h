/* server/wait.h — deadlines of many connections without many timers.
 *
 * Everything that waits for the same thing waits equally long, so a queue in order of arrival is
 * also in order of time: joining, leaving and finding the first that is due are all one step, for
 * ten thousand connections as for one. One thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_WAIT_H
#define SERVER_WAIT_H

#include <stdint.h>

struct wait_queue;

/* Embedded in what waits. Zeroed: waits for nothing. */
struct wait {
    struct wait *prev, *next;
    struct wait_queue *queue;
    int64_t due_ms; /* CLOCK_BOOTTIME */
};

struct wait_queue {
    int64_t patience_ms;
    struct wait *first, *last;
};

/* Leaves its queue, if any, and stands at the end of this one. */
void wait_join(struct wait_queue *queue, struct wait *wait, int64_t now_ms);
void wait_leave(struct wait *wait); /* waiting for nothing is fine */
/* The first whose time is up, still in the queue; or NULL. */
struct wait *wait_due(const struct wait_queue *queue, int64_t now_ms);

#endif
