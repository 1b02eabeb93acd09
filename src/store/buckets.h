/* store/buckets.h — rate-limit buckets as they were last seen, their past, and announcements to
 * deliver.
 *
 * Part of the handle in store.h; same thread rule. What a new sighting means for a bucket is
 * decided in limits/, not here.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_BUCKETS_H
#define STORE_BUCKETS_H

#include "store/store.h"

#define BUCKET_NAME_SIZE 96

/* One window of one account. */
struct bucket {
    int64_t row;                    /* 0: not stored yet */
    char account[BUCKET_NAME_SIZE]; /* "claude", … */
    char id[BUCKET_NAME_SIZE];      /* "five_hour", "weekly", … */
    char plan[BUCKET_NAME_SIZE];    /* as last told; empty: never */
    int64_t at_ms;                  /* when it was last seen */
    int64_t used, of;               /* the utilization, as the fraction it was told in; of > 0 */
    int64_t window_s;               /* 0: not known */
    int64_t resets_at_ms;           /* 0: not told */
    int announced;                  /* the highest threshold announced in this window; 0: none */
    enum observation_via via;
    struct allowance tokens, requests;
};

/* 1 and *out; 0 where there is none; -1 with *err. */
int store_bucket_load(struct store *store, const char *account, const char *id, struct bucket *out,
                      struct err *err);
/* Adds or replaces by account and id; sets `row`. Inside a transaction. */
int store_bucket_put(struct store *store, struct bucket *bucket, struct err *err);
/* By account, then id. */
typedef void store_bucket_fn(void *to, const struct bucket *bucket);
int store_buckets_each(struct store *store, store_bucket_fn *fn, void *to, struct err *err);

/* ---- the past ---- */

struct store_sighting {
    int64_t at_ms, used_ppm, resets_at_ms;
};
/* One per bucket and instant; the later call wins. Inside a transaction. */
int store_sighting_add(struct store *store, int64_t bucket, const struct store_sighting *sighting,
                       struct err *err);
/* Oldest first. */
struct store_sighting_sink {
    void (*fn)(void *to, const struct store_sighting *sighting);
    void *to;
};
int store_sightings_each(struct store *store, int64_t bucket, struct timespan span,
                         const struct store_sighting_sink *sink, struct err *err);
/* Leaves the last of every minute of the span. Inside a transaction. */
int store_sightings_thin(struct store *store, int64_t bucket, struct timespan span,
                         struct err *err);

/* ---- what asking an account's provider came to ---- */

struct account_state {
    char account[BUCKET_NAME_SIZE];
    char error[32];      /* "expired", …; empty: the last call went well */
    int64_t error_at_ms; /* of that error */
    int64_t due_ms;      /* not to be asked before */
    int failures;        /* in a row */
    uint64_t mark;       /* of the credentials that were refused; 0: none were */
};
/* 1 and *out; 0 where there is none (*out is then zeroed but for its name); -1 with *err. */
int store_account_load(struct store *store, const char *account, struct account_state *out,
                       struct err *err);
typedef void store_account_fn(void *to, const struct account_state *state);
int store_accounts_each(struct store *store, store_account_fn *fn, void *to, struct err *err);
int store_account_put(struct store *store, const struct account_state *state, struct err *err);

#endif
