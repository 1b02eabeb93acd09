/* ingest/catch_up.h — bring the ledger up to date once, for a command that reports from it.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_CATCH_UP_H
#define INGEST_CATCH_UP_H

#include "store/store.h"

struct config;
struct ingest;
struct price_table;

struct catch_up_result {
    bool stale_prices;   /* the ledger's costs are of other prices than those in use */
    bool held_elsewhere; /* another tacho has the lease and reads: the report shows what is there */
    int64_t files, bytes; /* of logs that are there */
};

/* Reads whatever is new in the logs into `store` (STORE_WRITE), if nobody else is about it.
 * `progress` (may be NULL) hears how far a long first read is. A ledger that cannot take more
 * (disk full) is -1 with *err; what was committed before stays. */
int catch_up(struct store *store, const struct config *config,
             void (*progress)(void *to, int permille), void *to, struct catch_up_result *out,
             struct err *err);

/* The price table that the configuration asks for; what is wrong with it is logged. */
int catch_up_table(struct price_table **out, const struct config *config, struct err *err);
/* Has an ingest use that table. A ledger without events remembers which prices its costs are of;
 * *stale tells whether they are of other prices. */
int catch_up_prices(struct ingest *ingest, struct store *store, const struct config *config,
                    bool *stale, struct err *err);

/* Has an ingest follow the run folders that the configuration names. */
int catch_up_runs(struct ingest *ingest, const struct config *config, struct err *err);

/* The environment of this process, as sources ask it. */
struct source_env catch_up_env(const struct config *config);
/* Sets the zone that the ledger keeps its days in: `zone`, unless it has one already and `keep`. */
int catch_up_home(struct store *store, const struct zone *zone, bool keep, struct err *err);

#endif
