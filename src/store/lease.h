/* store/lease.h — who may read logs into a ledger.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "base/err.h"

struct lease;
/* Takes the right to ingest into the ledger at `path`, freed by the kernel with the process.
 * ERR_BUSY when another process has it. ":memory:" always succeeds. */
int lease_take(struct lease **out, const char *path, struct err *err);
void lease_give(struct lease *lease); /* NULL is fine */

#endif
