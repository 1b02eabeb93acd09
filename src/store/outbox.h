/* store/outbox.h — announcements that somebody still has to be told of.
 *
 * Written in the transaction that marks what they are about; taken out when they were delivered, so
 * each is delivered at least once. Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "base/buf.h"
#include "store/store.h"

/* How it is to be delivered (stored: never renumber). */
enum outbox_channel { OUTBOX_HOOK = 1, OUTBOX_WEBHOOK };

struct outbox_item {
    int64_t id; /* of the row */
    enum outbox_channel channel;
    int64_t created_ms, due_ms;
    int tries;       /* so far */
    struct buf body; /* yours to buf_fini */
};

/* Inside a transaction. */
int store_outbox_add(struct store *store, enum outbox_channel channel, struct span body,
                     int64_t now_ms, struct err *err);
/* The one that is due first: 1 and *out; 0 where there is none; -1 with *err. */
int store_outbox_first(struct store *store, struct outbox_item *out, struct err *err);
/* Inside a transaction: it was delivered or given up, or is to be tried again then. */
int store_outbox_drop(struct store *store, int64_t id, struct err *err);
int store_outbox_retry(struct store *store, int64_t id, int64_t due_ms, struct err *err);

#endif
