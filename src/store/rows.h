/* store/rows.h — billed responses as the ledger holds them: load a group, put another in its place.
 *
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/store.h"

/* One member of a group: a billed event, or (in table `member`) a rival that is not. */
struct row {
    int64_t id; /* 0: not stored yet */
    uint64_t group, part;
    int32_t iteration; /* 0 the response itself; n its n-th extra */
    uint32_t flags;    /* enum event_flag */
    uint32_t mark;     /* as in struct event */
    int64_t at_ms;
    int64_t run; /* whose it is, or 0 */
    struct figures figures;
    int64_t cost_nusd; /* list price, or COST_UNKNOWN */
    const struct name *model, *session;
    const struct origin *origin;
};

/* Rows of one group, grown as needed. Zeroed = empty. */
struct rows {
    struct row *at;
    size_t n, space;
};
void rows_fini(struct rows *rows);
struct row *rows_add(struct rows *rows); /* a zeroed row at the end */
/* Do both say the same of a group? Ids and order do not matter. */
bool rows_equal(const struct rows *a, const struct rows *b);

/* The billed rows of a group, and all its members where the group is crowded. Appended to *rows. */
int store_group_load(struct store *store, uint64_t group, struct rows *rows, struct err *err);
int store_members_load(struct store *store, uint64_t group, struct rows *rows, struct err *err);

/* Makes `now` the billed rows of their group in place of `was` (as loaded); roll-ups follow by the
 * difference when the transaction commits. Ids are carried over by (part, iteration). */
int store_group_put(struct store *store, const struct rows *was, struct rows *now, struct err *err);
int store_members_put(struct store *store, uint64_t group, const struct rows *members,
                      struct err *err);

/* Takes all that is billed to the sessions of that name (every agent's) out of the ledger, with all
 * copies of it; *events is how many rows that were. Inside a transaction. */
int store_forget_session(struct store *store, struct span session, int64_t *events,
                         struct err *err);

/* Gives every event of a span another cost. The pricer sets cost_nusd and flags of the row (which
 * comes without its key) and touches nothing else. Inside a transaction; roll-ups follow when it
 * commits. */
struct store_pricer {
    void (*price)(void *to, struct row *row);
    void *to;
};
int store_reprice(struct store *store, struct timespan span, const struct store_pricer *pricer,
                  struct err *err);

/* One event by its id. 1 when there is one, 0 when there is none, -1 with *err. */
int store_event_by_id(struct store *store, int64_t id, struct row *row, struct err *err);

/* The last event of a model before `until_ms`, the end of a quarter hour. 1 when there is one, 0
 * when there is none, -1 with *err. */
int store_last_of_model(struct store *store, struct span model, int64_t until_ms, struct row *row,
                        struct err *err);

#endif
