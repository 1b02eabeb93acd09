/* quota/asker.c — one look at one account.
 *
 *   claim in the ledger ─▶ credentials ─▶ provider ─▶ sightings and the account's state, at once
 *
 * The claim is committed before the call: two processes on one ledger make one call between them.
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota_internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "limits/sightings.h"
#include "net/fetch.h"

#include <stdlib.h>

#define ANSWER_MOST (256 << 10)

/* What an answer is taken into. */
struct taking {
    struct sightings sightings;
    const struct provider *provider;
    int64_t now_ms;
};

static void take(void *to, const struct observation *seen)
{
    struct taking *t = to;

    sightings_add(&t->sightings, seen, span_of(t->provider->account), t->now_ms);
}

/* ---- the call ---- */

static int call(const struct asker *a, const struct credentials *c, struct fetch_answer *answer,
                struct err *err)
{
    const struct provider *p = a->provider;
    char *url = xasprintf("%s%s", a->base ? a->base : p->base, p->path);
    char *bearer = xasprintf("Authorization: Bearer %s", c->token);
    char *holder =
        p->holder_header && c->holder ? xasprintf("%s: %s", p->holder_header, c->holder) : NULL;
    const char *headers[5] = { "Accept: application/json", bearer };
    struct fetch_request request = { url, headers, SPAN_ABSENT, a->limit_ms, ANSWER_MOST };
    size_t n = 2;
    int rc;

    if (p->header)
        headers[n++] = p->header;
    if (holder)
        headers[n++] = holder;
    rc = fetch(&request, answer, err);
    explicit_bzero(bearer, strlen(bearer));
    free(bearer);
    free(holder);
    free(url);
    return rc;
}

static enum outcome judge(const struct fetch_answer *answer, const struct credentials *c,
                          struct taking *t)
{
    const struct sink sink = { NULL, take, t };
    struct observation about = OBSERVATION_NONE;

    if (answer->status == 401 || answer->status == 403)
        return OUTCOME_REFUSED;
    if (answer->status == 429)
        return OUTCOME_TOO_OFTEN;
    about.at_ms = t->now_ms;
    about.plan = c->plan[0] ? span_of(c->plan) : SPAN_ABSENT;
    about.via = VIA_ENDPOINT;
    if (answer->status == 200 && t->provider->answer(buf_span(&answer->body), &about, &sink))
        return OUTCOME_SEEN;
    return OUTCOME_FAILED;
}

static struct verdict ask(const struct asker *a, const struct account_state *state,
                          struct taking *t)
{
    struct fetch_answer answer = { 0 };
    struct verdict verdict = { OUTCOME_FAILED, 0, 0 };
    struct credentials c;
    struct err err = { 0 };

    credentials_read(&c, a->provider, &a->env);
    verdict.mark = c.mark;
    if (!c.token)
        verdict.outcome = OUTCOME_MISSING;
    else if (c.mark == state->mark || (c.expires_ms > 0 && c.expires_ms <= t->now_ms))
        verdict.outcome = OUTCOME_EXPIRED;
    else if (call(a, &c, &answer, &err) < 0)
        log_info("%s: its provider does not answer: %s", a->provider->account, err.text);
    else
        verdict.outcome = judge(&answer, &c, t);
    verdict.retry_after_s = answer.retry_after_s;
    credentials_fini(&c);
    buf_fini(&answer.body);
    return verdict;
}

/* ---- the ledger ---- */

/* 1: it is ours to look; 0: it is not due. */
static int claim(const struct asker *a, int64_t now_ms, struct account_state *state,
                 struct err *err)
{
    struct account_state later;
    int rc;

    if (store_account_load(a->store, a->provider->account, state, err) < 0)
        return -1;
    if (!etiquette_is_due(state, now_ms)) /* no need to lock the ledger for that */
        return 0;
    if (store_begin_sure(a->store, err) < 0)
        return -1;
    rc = store_account_load(a->store, a->provider->account, state, err);
    if (rc < 0 || !etiquette_is_due(state, now_ms)) {
        store_rollback(a->store);
        return rc < 0 ? -1 : 0;
    }
    later = *state;
    etiquette_claim(&later, now_ms);
    if (store_account_put(a->store, &later, err) < 0) {
        store_rollback(a->store);
        return -1;
    }
    return store_commit(a->store, err) < 0 ? -1 : 1;
}

static int write_down(const struct asker *a, const struct account_state *state,
                      const struct taking *t, struct err *err)
{
    int64_t changes = 0;

    if (store_begin_sure(a->store, err) < 0)
        return -1;
    if (sightings_write(&t->sightings, a->store, t->now_ms, &changes, err) < 0 ||
        store_account_put(a->store, state, err) < 0) {
        store_rollback(a->store);
        return -1;
    }
    return store_commit(a->store, err);
}

int asker_look(const struct asker *a, int64_t now_ms, struct look *out, struct err *err)
{
    struct taking taking = { { 0 }, a->provider, now_ms };
    struct account_state before, after;
    struct verdict verdict;
    int rc = claim(a, now_ms, &before, err);

    *out = (struct look){ before.due_ms, false };
    if (rc <= 0)
        return rc;
    verdict = ask(a, &before, &taking);
    after = before;
    etiquette_settle(&after, &verdict, now_ms);
    if (strcmp(after.error, before.error) != 0)
        log_info("%s: asking its provider: %s", after.account,
                 after.error[0] ? after.error : "well again");
    rc = write_down(a, &after, &taking, err);
    sightings_fini(&taking.sightings);
    *out = (struct look){ after.due_ms, true };
    return rc;
}
