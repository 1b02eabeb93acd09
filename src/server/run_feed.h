/* server/run_feed.h — what one subscriber of a run's socket has yet to be told.
 *
 * Turn by turn while it keeps up. Increments that it missed are folded into one per model, so that
 * what it was told always adds up, and a slow one costs no memory. Knows no sockets.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_RUN_FEED_H
#define SERVER_RUN_FEED_H

#include "base/buf.h"
#include "event/run.h"

enum {
    RUN_FEED_TURNS = 64,   /* that may wait one by one */
    RUN_FEED_MODELS = 256, /* and beyond that, models */
};

struct run_turn;

struct run_feed {
    int64_t run;
    bool state_due;
    enum run_state state; /* told last, or to be told */
    bool limit_due;
    struct run_news limit; /* the latest */
    struct run_turn *turns;
    size_t n, space;
};

struct run_feed *run_feed_new(int64_t run, enum run_state state); /* its state is due */
void run_feed_free(struct run_feed *feed);                        /* NULL is fine */
/* Notes news of its run. False: more than can be folded; give the subscriber up. */
bool run_feed_put(struct run_feed *feed, const struct run_news *news);
/* The next message, added to *out. False: all is told. */
bool run_feed_next(struct run_feed *feed, struct buf *out);

#endif
