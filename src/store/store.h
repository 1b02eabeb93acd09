/* store/store.h — the ledger: the only room that knows its SQL.
 *
 * One SQLite file (WAL). It keeps what it is given and does not care where it came from. One writer
 * (whoever holds the lease) and any number of readers, each with a handle of its own; a handle
 * belongs to one thread at a time.
 *
 * Names (agents, models, projects, …) are kept once and handed out as `const struct name *`: lent,
 * valid until the handle is closed or store_rollback was called.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "event/sums.h"

struct store;

enum store_mode {
    STORE_READ,
    STORE_WRITE,
    STORE_GLANCE, /* STORE_READ that waits for nobody: whoever has it locked makes it ERR_BUSY */
};

/* Opens the ledger at `path` (or ":memory:"); in STORE_WRITE it is made (folder 0700, file 0600) or
 * brought up to date if need be. 0, or -1 with *err: ERR_NOT_FOUND (not in STORE_WRITE),
 * ERR_DAMAGED (also for a database that is no ledger), ERR_NEWER (written by a newer tacho),
 * ERR_IO, ERR_BUSY. What is no ledger of ours is left untouched. */
int store_open(struct store **out, const char *path, enum store_mode mode, struct err *err);
void store_close(struct store *store); /* rolls an open transaction back; NULL is fine */
const char *store_path(const struct store *store);

/* ---- transactions ---- */

int store_begin(struct store *store, struct err *err);
/* The same, for what no log can give back: its commit is on disk when it returns. */
int store_begin_sure(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err); /* on -1 everything was rolled back */
void store_rollback(struct store *store);               /* also forgets all names */

/* ---- names ---- */

struct name {
    int32_t id;
    struct span text;
};

enum name_kind { NAME_AGENT = 1, NAME_MODEL, NAME_PROJECT, NAME_MACHINE, NAME_ACCOUNT };

/* Where events come from; events and roll-ups carry its id. */
struct origin {
    int32_t id;
    const struct name *agent, *project, *machine, *account;
    bool subagent;
};

/* These look up and, in STORE_WRITE inside a transaction, add. NULL with *err when that fails. */
const struct name *store_name(struct store *store, enum name_kind kind, struct span text,
                              struct err *err);
const struct origin *store_origin(struct store *store, const struct origin *wanted,
                                  struct err *err);
const struct name *store_session(struct store *store, const struct name *agent, struct span text,
                                 struct span parent, struct err *err);

/* Is the file whole? 1; 0 with what is not in *why; -1 with *err where that cannot be told. */
int store_check(struct store *store, struct buf *why, struct err *err);
/* A copy of the whole ledger in a new file (0600); one that is there is left as it is. */
int store_copy(struct store *store, const char *path, struct err *err);
/* Gives back the room that nothing stands in any more. STORE_WRITE, outside a transaction. */
int store_vacuum(struct store *store, struct err *err);

/* The root of the repository that a project's folder lies in: itself where it lies in none, NULL
 * where nobody has noted it. */
const struct name *store_root(struct store *store, const struct name *project);
int store_set_root(struct store *store, const struct name *project, struct span root,
                   struct err *err);

/* ---- what is in it ---- */

struct store_facts {
    int64_t events, size_bytes;
    int64_t last_event_ms; /* 0: none */
    bool complete;         /* false: the first read of the logs is still under way */
    int read_permille;     /* how far it is */
};
int store_get_facts(struct store *store, struct store_facts *facts, struct err *err);
int64_t store_last_event_ms(struct store *store); /* 0: none */
int64_t store_revision(struct store *store);      /* moves whenever another handle committed */

/* Has every log been read to its end at least once? If not, *permille tells how far it is. */
bool store_is_complete(struct store *store, int *permille);
/* Says how far the first read is; part of the open transaction. */
int store_set_progress(struct store *store, int permille, bool complete, struct err *err);

/* Has the ledger any event? (A first read may then skip looking for what cannot be there.) */
bool store_is_empty(struct store *store);

/* Which price table the costs were computed with; 0 before the first. */
int64_t store_price_version(struct store *store);
int store_set_price_version(struct store *store, int64_t version, struct err *err);

/* The zone that `rollup_day` is cut in. Changing it recomputes that table. STORE_WRITE. */
int store_set_home(struct store *store, const struct zone *zone, struct err *err);
const char *store_home(struct store *store); /* its name, lent until the next call; "" if unset */

#endif
