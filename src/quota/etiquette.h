/* quota/etiquette.h — when a provider may be asked again.
 *
 * At most one call in five minutes and account, never on the dot. Where the provider says how long
 * it wants to be left alone, that long; else after failures 5, 10, 20, 40, 60 minutes. Credentials
 * that were refused are not shown again until their file has changed. Pure; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef QUOTA_ETIQUETTE_H
#define QUOTA_ETIQUETTE_H

#include "store/buckets.h"

#define QUOTA_CALL_MS INT64_C(10000) /* a call is given up after that */

/* What became of a look at an account. */
enum outcome {
    OUTCOME_SEEN,      /* the provider told its windows */
    OUTCOME_REFUSED,   /* it does not take these credentials */
    OUTCOME_TOO_OFTEN, /* it wants to be left alone */
    OUTCOME_FAILED,    /* no answer, or none that makes sense */
    OUTCOME_EXPIRED,   /* it was not asked: the credentials are out of date or were refused */
    OUTCOME_MISSING,   /* it was not asked: there are no credentials */
};

struct verdict {
    enum outcome outcome;
    int64_t retry_after_s; /* as the provider told it; 0: it did not */
    uint64_t mark;         /* of the credentials' file as it was read */
};

/* May the account be looked at now? */
bool etiquette_is_due(const struct account_state *state, int64_t now_ms);

/* Puts the next look off, so that nobody else makes the call that is about to be made. */
void etiquette_claim(struct account_state *state, int64_t now_ms);

/* What the look that began at `now_ms` came to. */
void etiquette_settle(struct account_state *state, const struct verdict *verdict, int64_t now_ms);

#endif
