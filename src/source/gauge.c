/* source/gauge.c — see gauge.h.
 *
 * Sightings are sorted by their total and each is billed, counter by counter, for what it is above
 * the largest of those before it. So the bills add up to the largest total, counter by counter,
 * whichever sightings there are.
 * SPDX-License-Identifier: MIT
 */
#include "source/gauge.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"
#include "source/common.h"

#include <stdlib.h>

/* A group has a bound number of members. On a later day that has the place of an early one the
 * session grows on there: its sum stays right. */
#define DAYS_KEPT 200

void gauge_sighting(struct event *e)
{
    static const uint64_t seed = 0x6a06e001; /* keeps apart from other groups of the agent */
    int64_t day = floor_div(e->at_ms, MS_PER_DAY);

    e->group = hash_span_seed(e->session, seed);
    e->part = (uint64_t)(day - floor_div(day, DAYS_KEPT) * DAYS_KEPT) + 1;
    e->flags |= EVENT_SUMMED | EVENT_INFERRED | EVENT_STOPPED | EVENT_FINAL;
}

/* Of equal totals the one that a copy would be chosen by comes first: it is billed for them. */
static int by_total(const void *a, const void *b)
{
    const struct contender *x = *(struct contender *const *)a, *y = *(struct contender *const *)b;
    int order = choose_larger(&x->own, &y->own);

    if (memcmp(x->own.figures, y->own.figures, sizeof(*x->own.figures)) == 0)
        order = -order;
    return order != 0 ? order : (x->part > y->part) - (x->part < y->part);
}

static int64_t above(int64_t now, int64_t before)
{
    return now > before ? now - before : 0;
}

/* What `now` is above `before`, into *bill. False: nothing. */
static bool grow(const struct figures *now, const struct figures *before, struct figures *bill)
{
    bool grown = false;
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++) {
        bill->tokens[kind] = above(now->tokens[kind], before->tokens[kind]);
        grown |= bill->tokens[kind] > 0;
    }
    if (bill->tokens[TOKEN_REASONING] > bill->tokens[TOKEN_OUTPUT])
        bill->tokens[TOKEN_REASONING] = bill->tokens[TOKEN_OUTPUT];
    bill->web_searches = above(now->web_searches, before->web_searches);
    bill->logged_nusd = now->logged_nusd;
    if (now->logged_nusd != COST_UNTOLD && before->logged_nusd != COST_UNTOLD)
        bill->logged_nusd = above(now->logged_nusd, before->logged_nusd);
    return grown || bill->web_searches > 0 || bill->logged_nusd > 0;
}

void gauge_settle(struct contender *members, int n)
{
    struct contender **order = xcalloc((size_t)n, sizeof(struct contender *));
    struct figures seen = { .logged_nusd = COST_UNTOLD };
    int i;

    for (i = 0; i < n; i++)
        order[i] = &members[i];
    qsort(order, (size_t)n, sizeof(struct contender *), by_total);
    for (i = 0; i < n; i++) {
        order[i]->counted = grow(order[i]->own.figures, &seen, order[i]->bill);
        join_counters(&seen, order[i]->own.figures);
    }
    free(order);
}
