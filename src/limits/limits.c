/* limits/limits.c — see limits.h.
 * SPDX-License-Identifier: MIT
 */
#include "limits/limits.h"

#include "base/civil.h"
#include "base/mem.h"
#include "config/config.h"
#include "source/source.h"

#include <jansson.h>
#include <stdlib.h>

#define ERROR_AFTER_MS (30 * MS_PER_MINUTE) /* clients hide everything behind an error */
#define PACE_SHARE     5 /* of a window's length the forecast looks back at … */
#define PACE_LEAST_MS  MS_PER_HOUR
#define PACE_MOST_MS   MS_PER_DAY
#define TOLD_LATELY_MS (7 * MS_PER_DAY)
static const char nothing_seen[] = "missing_credentials";

/* ---- forecast ---- */

static void extend_pace(void *to, const struct store_sighting *s)
{
    struct window_pace *pace = to;

    if (pace->from_ms == 0 || s->used_ppm < pace->from_ppm) { /* it fell: it began anew there */
        pace->from_ms = s->at_ms;
        pace->from_ppm = s->used_ppm;
    }
    pace->until_ms = s->at_ms;
    pace->until_ppm = s->used_ppm;
}

static int forecast(struct store *store, struct limits_bucket *b, int64_t now_ms, struct err *err)
{
    int64_t back_ms = b->bucket.window_s * MS_PER_SECOND / PACE_SHARE;
    struct timespan span = { 0, now_ms + 1 };
    struct window_pace pace = { 0 };
    const struct store_sighting_sink sink = { extend_pace, &pace };

    if (b->state.expired || window_is_api(&b->bucket))
        return 0;
    back_ms = back_ms < PACE_LEAST_MS ? PACE_LEAST_MS : back_ms;
    back_ms = back_ms > PACE_MOST_MS ? PACE_MOST_MS : back_ms;
    span.since_ms = b->bucket.at_ms - back_ms;
    if (span.since_ms < b->state.began_ms)
        span.since_ms = b->state.began_ms;
    if (store_sightings_each(store, b->bucket.row, span, &sink, err) < 0)
        return -1;
    b->full_at_ms = window_full_at(&pace);
    return 0;
}

/* ---- loading ---- */

static void add_bucket(void *to, const struct bucket *bucket)
{
    struct limits *limits = to;

    limits->buckets =
        xgrow(limits->buckets, limits->buckets_n, &limits->buckets_space, sizeof(*limits->buckets));
    limits->buckets[limits->buckets_n++] =
        (struct limits_bucket){ *bucket, window_at(bucket, limits->now_ms), 0 };
}

static struct limits_account *add_account(struct limits *limits, const char *name)
{
    struct limits_account *a;

    limits->accounts = xgrow(limits->accounts, limits->accounts_n, &limits->accounts_space,
                             sizeof(*limits->accounts));
    a = &limits->accounts[limits->accounts_n++];
    *a = (struct limits_account){ 0 };
    span_copy(span_of(name), a->name, sizeof(a->name));
    return a;
}

static void cut_into_accounts(struct limits *limits)
{
    struct limits_account *a = NULL;
    int64_t plan_ms = 0;
    size_t i;

    for (i = 0; i < limits->buckets_n; i++) {
        const struct bucket *b = &limits->buckets[i].bucket;

        if (!a || strcmp(a->name, b->account) != 0) {
            a = add_account(limits, b->account);
            a->buckets = &limits->buckets[i];
            plan_ms = 0;
        }
        a->n++;
        if (b->at_ms > a->at_ms)
            a->at_ms = b->at_ms;
        if (b->plan[0] && b->at_ms >= plan_ms) {
            span_copy(span_of(b->plan), a->plan, sizeof(a->plan));
            plan_ms = b->at_ms;
        }
    }
}

/* What became of asking: of interest once nothing recent is known otherwise. */
static void set_error(void *to, const struct account_state *state)
{
    struct limits *limits = to;
    struct limits_account *a = NULL;
    size_t i;

    if (!state->error[0])
        return;
    for (i = 0; i < limits->accounts_n; i++) {
        if (strcmp(limits->accounts[i].name, state->account) == 0)
            a = &limits->accounts[i];
    }
    if (!a)
        a = add_account(limits, state->account);
    if (a->n > 0 && (a->at_ms >= state->error_at_ms || limits->now_ms - a->at_ms < ERROR_AFTER_MS))
        return;
    span_copy(span_of(state->error), a->error, sizeof(a->error));
    a->error_at_ms = state->error_at_ms;
}

static int by_name(const void *a, const void *b)
{
    const struct limits_account *x = a, *y = b;

    return strcmp(x->name, y->name);
}

int limits_load(struct limits *out, struct store *store, int64_t now_ms, enum limits_depth depth,
                struct err *err)
{
    size_t i;

    *out = (struct limits){ .now_ms = now_ms };
    if (store_buckets_each(store, add_bucket, out, err) < 0)
        return -1;
    for (i = 0; depth == LIMITS_FORECAST && i < out->buckets_n; i++) {
        if (forecast(store, &out->buckets[i], now_ms, err) < 0)
            return -1;
    }
    cut_into_accounts(out);
    if (store_accounts_each(store, set_error, out, err) < 0)
        return -1;
    if (out->accounts_n > 1)
        qsort(out->accounts, out->accounts_n, sizeof(*out->accounts), by_name);
    return 0;
}

void limits_fini(struct limits *limits)
{
    free(limits->buckets);
    free(limits->accounts);
    *limits = (struct limits){ 0 };
}

/* ---- plans ---- */

static void name_plan(const struct limits *limits, struct limits_account *account)
{
    json_t *plans = limits->plans ? json_loads(limits->plans, 0, NULL) : NULL;
    const char *plan = json_string_value(json_object_get(plans, account->name));

    if (plan)
        span_copy(span_of(plan), account->plan, sizeof(account->plan));
    json_decref(plans);
}

void limits_name_plans(struct limits *limits, const struct config *config)
{
    size_t i;

    limits->plans = config->plan;
    for (i = 0; i < limits->accounts_n; i++)
        name_plan(limits, &limits->accounts[i]);
}

/* ---- estimates ---- */

static struct limits_account *find_account(struct limits *limits, const char *name)
{
    size_t i;

    for (i = 0; i < limits->accounts_n; i++) {
        if (strcmp(limits->accounts[i].name, name) == 0)
            return &limits->accounts[i];
    }
    return NULL;
}

static bool wants_estimate(void *to, const char *name)
{
    struct limits *limits = to;
    const struct limits_account *a = find_account(limits, name);
    size_t i;

    for (i = 0; a && i < a->n; i++) {
        const struct bucket *b = &a->buckets[i].bucket;

        if (strcmp(b->id, LIMITS_ESTIMATED) == 0 && limits->now_ms - b->at_ms < TOLD_LATELY_MS)
            return false;
    }
    return true;
}

static void take_estimate(void *to, const char *name, const struct estimate *estimate)
{
    struct limits *limits = to;
    struct limits_account *a = find_account(limits, name);

    if (!a) {
        a = add_account(limits, name);
        name_plan(limits, a);
    }
    a->estimate = *estimate;
    qsort(limits->accounts, limits->accounts_n, sizeof(*limits->accounts), by_name);
}

int64_t limits_estimate_ppm(const struct estimate *e)
{
    return (int64_t)((__int128)e->used_tokens * 1000000 / e->limit_tokens);
}

struct estimate_sink limits_estimates(struct limits *limits)
{
    return (struct estimate_sink){ wants_estimate, take_estimate, limits };
}

/* ---- asking ---- */

bool limits_account(const struct limits *limits, struct span key, struct limits_account *out)
{
    struct span wanted = key.p ? key : span_of(sources[0]->name);
    size_t i;

    for (i = 0; i < limits->accounts_n; i++) {
        *out = limits->accounts[i];
        if (span_is(wanted, out->name))
            return true;
    }
    if (!key.p && limits->accounts_n == 1)
        return true;
    *out = (struct limits_account){ 0 };
    span_copy(wanted, out->name, sizeof(out->name));
    span_copy(span_of(nothing_seen), out->error, sizeof(out->error));
    name_plan(limits, out);
    return !key.p || span_is(key, sources[0]->name);
}

int64_t limits_next_ms(const struct limits_account *account, int64_t now_ms)
{
    int64_t next_ms = INT64_MAX;
    size_t i;

    for (i = 0; i < account->n; i++) {
        int64_t reset_ms = account->buckets[i].bucket.resets_at_ms;

        if (reset_ms > now_ms && reset_ms < next_ms)
            next_ms = reset_ms;
    }
    return next_ms;
}
