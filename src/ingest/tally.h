/* ingest/tally.h — what an import found, agent by agent. Room-internal but for its rows.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_TALLY_H
#define INGEST_TALLY_H

#include "source/source.h"

struct tally_row {
    const struct source *source;
    int64_t files, bytes;
    int64_t events_new;   /* in the ledger now and not before */
    int64_t events_known; /* in the logs, and in the ledger before */
    int64_t problems;     /* lines and files that were not understood */
};

/* Rows stand in the order of the registry; agents of whom nothing was found have none. Zeroed =
 * empty. */
struct tally {
    struct tally_row *rows;
    size_t n, space;
    uint64_t *seen; /* groups met so far; open addressing, 0 is a free place */
    size_t seen_n, seen_space;
};
void tally_fini(struct tally *tally);

struct tally_row *tally_row(struct tally *tally, const struct source *source);
/* A group that had `was` billed rows has `now`; 0: one of which nothing was read, but which others
 * bear upon. */
void tally_group(struct tally *tally, const struct source *source, uint64_t group, int64_t was,
                 int64_t now);

#endif
