/* server/delay.h — how long an address waits after wrong tokens.
 *
 * Right tokens are never delayed: with 256 random bits nobody guesses one, and a neighbour behind
 * the same address must not be able to lock the owner out. What is held back is the answer to a
 * wrong one, longer each time. A fixed table; the address that was quiet longest makes room.
 * Reads no clock: the time comes in. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_DELAY_H
#define SERVER_DELAY_H

#include "server/address.h"

enum {
    DELAY_PEERS = 256,
    DELAY_FIRST_MS = 250,         /* doubled with every further failure … */
    DELAY_MOST_MS = 8000,         /* … up to this */
    DELAY_FAILURES = 10,          /* from then on refused at once … */
    DELAY_FORGET_MS = 15 * 60000, /* … until the address was quiet for so long */
};

struct delay_peer {
    struct address address; /* IPv6: the first 64 bits */
    int failures;           /* 0: the place is free */
    int64_t last_ms;        /* of the last failure */
};

struct delay {
    struct delay_peer peers[DELAY_PEERS];
};

/* One more wrong token: how long its answer is held back in ms, or -1 for "refuse at once". */
int64_t delay_failed(struct delay *delay, const struct address *peer, int64_t now_ms);

#endif
