/* server/delay.c — see delay.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/delay.h"

/* One customer of a provider has 64 bits of addresses to himself. */
static struct address group_of(const struct address *peer)
{
    struct address group = *peer;

    if (!address_is_v4(peer))
        memset(group.bytes + 8, 0, 8);
    return group;
}

static struct delay_peer *place_for(struct delay *delay, const struct address *group,
                                    int64_t now_ms)
{
    struct delay_peer *oldest = &delay->peers[0];

    for (int i = 0; i < DELAY_PEERS; i++) {
        struct delay_peer *peer = &delay->peers[i];

        if (peer->failures > 0 && now_ms - peer->last_ms >= DELAY_FORGET_MS)
            peer->failures = 0;
        if (peer->failures > 0 && address_equal(&peer->address, group))
            return peer;
        if (oldest->failures > 0 && (peer->failures == 0 || peer->last_ms < oldest->last_ms))
            oldest = peer;
    }
    *oldest = (struct delay_peer){ .address = *group };
    return oldest;
}

int64_t delay_failed(struct delay *delay, const struct address *peer, int64_t now_ms)
{
    struct address group = group_of(peer);
    struct delay_peer *place = place_for(delay, &group, now_ms);
    int64_t wait_ms;

    place->last_ms = now_ms;
    if (place->failures >= DELAY_FAILURES)
        return -1;
    wait_ms = (int64_t)DELAY_FIRST_MS << place->failures;
    place->failures++;
    return wait_ms < DELAY_MOST_MS ? wait_ms : DELAY_MOST_MS;
}
