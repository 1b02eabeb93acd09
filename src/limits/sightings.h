/* limits/sightings.h — observations on their way into the ledger.
 *
 * Gathered while logs are read and written with their batch, each bucket once. Of what is older
 * than a day, one a minute is kept. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef LIMITS_SIGHTINGS_H
#define LIMITS_SIGHTINGS_H

#include "limits/window.h"

/* Zeroed = empty. */
struct sightings {
    struct bucket *at;
    size_t n, space;
};

void sightings_fini(struct sightings *sightings);
void sightings_clear(struct sightings *sightings);

/* `account` is whose it is where the observation names none. */
void sightings_add(struct sightings *sightings, const struct observation *seen, struct span account,
                   int64_t now_ms);

/* Writes them, inside the open transaction, and adds to *changes how many buckets say something
 * else now. They stay: clear them after the commit. */
int sightings_write(const struct sightings *sightings, struct store *store, int64_t now_ms,
                    int64_t *changes, struct err *err);

#endif
