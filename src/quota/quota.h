/* quota/quota.h — ask providers how far an account's limits are used up, where its owner wants it.
 *
 * A thread of its own with a ledger handle of its own. Asks seldom (etiquette.h), reads the
 * agent's credentials and never writes or renews them, shows them to nobody but the provider.
 * SPDX-License-Identifier: MIT
 */
#ifndef QUOTA_QUOTA_H
#define QUOTA_QUOTA_H

#include "base/err.h"

struct config;
struct quota;
struct store;

/* Called on the thread of `quota` after something was written through its handle `store`. */
typedef void quota_changed_fn(void *to, struct store *store);

/* Starts asking for the accounts that the configuration switches on; *out stays NULL where that is
 * none. 0, or -1 with *err (ERR_USAGE names what is wrong in the configuration). */
int quota_start(struct quota **out, const struct config *config, quota_changed_fn *changed,
                void *to, struct err *err);
void quota_stop(struct quota *quota); /* waits for a call that is under way; NULL is fine */

#endif
