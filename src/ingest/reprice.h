/* ingest/reprice.h — the cost of all that is in the ledger, computed anew.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_REPRICE_H
#define INGEST_REPRICE_H

#include "base/err.h"
#include "event/event.h"

struct config;

struct reprice_result {
    int64_t events;  /* looked at */
    int64_t changed; /* of them, those whose cost moved */
    int64_t newly_priced, newly_unpriced;
    int64_t before_nusd, after_nusd; /* of what had, has a price */
    int64_t unpriced;                /* events that still have none */
};

/* Prices every event from `since_ms` on (INT64_MIN: all) by the table in use, in one transaction.
 * -1 with *err: ERR_BUSY while another tacho writes into the ledger. */
int ledger_reprice(const struct config *config, int64_t since_ms, struct reprice_result *out,
                   struct err *err);

#endif
