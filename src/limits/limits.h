/* limits/limits.h — every account's rate limits as they stand now, for whoever shows them.
 *
 * Prints nothing. Not thread-safe per struct.
 * SPDX-License-Identifier: MIT
 */
#ifndef LIMITS_LIMITS_H
#define LIMITS_LIMITS_H

#include "event/estimate.h"
#include "limits/window.h"

struct limits_bucket {
    struct bucket bucket;
    struct window_state state;
    int64_t full_at_ms; /* at the last hours' pace; 0: not foreseeable, or not asked */
};

struct limits_account {
    char name[BUCKET_NAME_SIZE];
    char plan[BUCKET_NAME_SIZE];         /* empty: never told */
    int64_t at_ms;                       /* newest sighting; 0: none */
    char error[32];                      /* what keeps it from being known; empty: nothing does */
    int64_t error_at_ms;                 /* 0: nobody asked */
    const struct limits_bucket *buckets; /* by id; lent */
    size_t n;
    struct estimate estimate; /* of its five hours, where no provider tells of them */
};

struct limits {
    int64_t now_ms;
    const char *plans;               /* as the configuration names them, or NULL; lent */
    struct limits_bucket *buckets;   /* by account, then id */
    struct limits_account *accounts; /* by name */
    size_t buckets_n, accounts_n, buckets_space, accounts_space;
};

enum limits_depth { LIMITS_STATE, LIMITS_FORECAST };
/* 0, or -1 with *err. limits_fini either way. */
int limits_load(struct limits *out, struct store *store, int64_t now_ms, enum limits_depth depth,
                struct err *err);
void limits_fini(struct limits *limits);

struct config;
/* Plans are called what the configuration, which is lent, calls them. */
void limits_name_plans(struct limits *limits, const struct config *config);

#define LIMITS_ESTIMATED "five_hour"
/* Takes the estimates of accounts whose five hours no provider has told of lately. */
struct estimate_sink limits_estimates(struct limits *limits);
int64_t limits_estimate_ppm(const struct estimate *estimate); /* of the limit, in millionths */

/* The account of that key; absent: the first agent's, or the only one there is. False: there is
 * none of that name. Where nothing was ever observed and none is asked for, an empty one. */
bool limits_account(const struct limits *limits, struct span key, struct limits_account *out);

/* The first instant after now at which a bucket changes by itself; INT64_MAX: none will. */
int64_t limits_next_ms(const struct limits_account *account, int64_t now_ms);

/* ---- announcing ---- */

/* The thresholds of a bucket: the configuration's for it, else those set on the page, else the
 * configuration's for all, else 75 and 90. */
int limits_thresholds(struct store *store, const struct config *config, const char *bucket,
                      struct thresholds *out, struct err *err);

/* "[75,90]": false, and nothing changed, when it is no such list. */
bool limits_thresholds_read(struct span json, struct thresholds *out);

struct limits_crossing {
    struct bucket bucket; /* marked */
    struct window_state state;
    int threshold; /* percent */
    int64_t at_ms;
};
/* Announces every threshold that is due: each is marked in a transaction that is on disk before
 * `fn` hears of it, so none is announced twice. `more` (may be NULL) runs inside that transaction.
 * For a handle in STORE_WRITE. */
struct limits_herald {
    const struct config *config;
    int (*more)(void *to, struct store *store, const struct limits_crossing *crossing,
                struct err *err);
    void (*fn)(void *to, const struct limits_crossing *crossing);
    void *to;
};
int limits_announce(struct store *store, const struct limits_herald *herald, int64_t now_ms,
                    struct err *err);

#endif
