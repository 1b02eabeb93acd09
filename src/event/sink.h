/* event/sink.h — where whoever reads a log puts what it found. Plain data.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_SINK_H
#define EVENT_SINK_H

#include "event/event.h"
#include "event/thread.h"

struct sink {
    void (*event)(void *to, const struct event *event);
    void (*observation)(void *to, const struct observation *observation);
    void *to;
    /* Before the events of a thread; NULL: nobody asks. */
    void (*thread)(void *to, const struct thread_news *news);
};

#endif
