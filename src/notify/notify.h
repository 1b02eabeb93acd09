/* notify/notify.h — deliver what is in the outbox, at least once each.
 *
 * A thread of its own with a ledger handle of its own, so that a slow command holds nobody up. It
 * sleeps until it is kicked or something is due again.
 * SPDX-License-Identifier: MIT
 */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "base/buf.h"
#include "base/err.h"
#include "limits/limits.h"

struct config;
struct notifier;

/* Is anybody to be told beside those who listen on a socket? */
bool notify_wanted(const struct config *config);

/* Puts a crossing into the outbox, inside the transaction that marks it. `text` says it to people.
 */
int notify_put(struct store *store, const struct config *config,
               const struct limits_crossing *crossing, struct span text, struct err *err);

int notifier_start(struct notifier **out, const struct config *config, struct err *err);
void notifier_kick(struct notifier *notifier); /* from any thread: look again; NULL is fine */
void notifier_stop(struct notifier *notifier); /* waits for what is under way; NULL is fine */

#endif
