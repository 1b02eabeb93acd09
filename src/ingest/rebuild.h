/* ingest/rebuild.h — a new ledger out of a damaged one and the logs. Only on request.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_REBUILD_H
#define INGEST_REBUILD_H

#include "store/salvage.h"

struct config;

struct rebuild_result {
    struct salvage salvage;
    int64_t events;       /* in the new ledger, logs included */
    char kept_aside[512]; /* where the old file lies now; "" if there was none */
};

/* Saves what can be read of the ledger, reads the logs again on top of it, puts the outcome in the
 * ledger's place and the old file aside. The old file is not touched before that. -1 with *err:
 * ERR_BUSY while another tacho reads logs into it. */
int ledger_rebuild(const struct config *config, struct rebuild_result *out, struct err *err);

#endif
