/* ingest/import.h — logs that lie in a folder elsewhere go into the ledger, once.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_IMPORT_H
#define INGEST_IMPORT_H

#include "ingest/tally.h"
#include "store/store.h"

struct config;

struct import;

/* Brings the ledger up to date with this machine's own logs first: what both have stays its own.
 * `machine` (NULL: this one) is lent. `stop` (may be NULL) is asked now and then whether to end.
 * -1 with *err: ERR_BUSY while another tacho writes into the ledger. */
int import_open(struct import **out, const struct config *config, const char *machine,
                bool (*stop)(void), struct err *err);
void import_close(struct import *import); /* NULL is fine */

/* Reads the file, or all below the folder. *homes: in how many home folders there were logs; 0 is
 * no error. -1 with *err: what could be committed was. */
int import_path(struct import *import, const char *path, int *homes, struct err *err);

const char *import_machine(const struct import *import);       /* lent */
const struct tally *import_tally(const struct import *import); /* of all paths so far; lent */

#endif
