/* quota/etiquette.c — see etiquette.h.
 * SPDX-License-Identifier: MIT
 */
#include "quota/etiquette.h"

#include "base/civil.h"
#include "base/hash.h"

#define EVERY_MS       (5 * MS_PER_MINUTE)
#define BACK_OFF_MS    (60 * MS_PER_MINUTE)
#define RETRY_MOST_MS  MS_PER_DAY
#define JITTER_MOST_MS MS_PER_MINUTE
#define DOUBLINGS_MOST 8

/* Indexed by outcome: the words that clients know. */
static const char *const errors[] = { "",        "expired", "rate_limited",
                                      "network", "expired", "missing_credentials" };

/* Waits count from the beginning of a call, the provider's wish from its end: the least jitter
 * covers the call. */
static int64_t jitter_ms(const struct account_state *state, int64_t now_ms)
{
    uint64_t chance = hash_mix(hash_span(span_of(state->account)), (uint64_t)now_ms);

    return QUOTA_CALL_MS + (int64_t)(chance % (uint64_t)(JITTER_MOST_MS - QUOTA_CALL_MS));
}

static int64_t back_off_ms(int failures)
{
    int64_t wait_ms = EVERY_MS << (failures < DOUBLINGS_MOST ? failures - 1 : DOUBLINGS_MOST);

    return wait_ms < BACK_OFF_MS ? wait_ms : BACK_OFF_MS;
}

bool etiquette_is_due(const struct account_state *state, int64_t now_ms)
{
    /* further away than it was ever put: the clock has been set back */
    return state->due_ms <= now_ms || state->due_ms - now_ms > RETRY_MOST_MS + JITTER_MOST_MS;
}

void etiquette_claim(struct account_state *state, int64_t now_ms)
{
    state->due_ms = now_ms + EVERY_MS + jitter_ms(state, now_ms);
}

static int64_t wait_ms(const struct account_state *state, const struct verdict *verdict)
{
    int64_t wish_s = verdict->retry_after_s, usual_ms;

    if (verdict->outcome != OUTCOME_TOO_OFTEN && verdict->outcome != OUTCOME_FAILED)
        return EVERY_MS;
    usual_ms = back_off_ms(state->failures);
    if (wish_s <= 0)
        return usual_ms;
    if (wish_s > RETRY_MOST_MS / MS_PER_SECOND)
        return RETRY_MOST_MS;
    return wish_s * MS_PER_SECOND > EVERY_MS ? wish_s * MS_PER_SECOND : EVERY_MS;
}

void etiquette_settle(struct account_state *state, const struct verdict *verdict, int64_t now_ms)
{
    enum outcome outcome = verdict->outcome;
    bool failed = outcome == OUTCOME_TOO_OFTEN || outcome == OUTCOME_FAILED;

    state->failures = failed ? state->failures + 1 : 0;
    if (outcome == OUTCOME_REFUSED)
        state->mark = verdict->mark;
    else if (outcome != OUTCOME_EXPIRED)
        state->mark = 0;
    span_copy(span_of(errors[outcome]), state->error, sizeof(state->error));
    state->error_at_ms = outcome == OUTCOME_SEEN ? 0 : now_ms;
    state->due_ms = now_ms + wait_ms(state, verdict) + jitter_ms(state, now_ms);
}
