/* gateway/usage.c — see usage.h: which answers there are, and the document's parts in turn.
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "gateway/usage_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define STATE_MAX 400 /* bytes of a line in "sources" */

/* ---- the state of an answer ---- */

enum condition { FAILED, LOADING, GOOD };

/* What an answer is worth; `usable` is its payload, or NULL. */
struct verdict {
    enum condition condition;
    const json_t *usable;
    struct span state;
};

static struct span error_state(struct arena *arena, const char *why)
{
    char text[STATE_MAX];

    snprintf(text, sizeof(text), "error: %s", why);
    return usage_keep(arena, span_of(text));
}

/* What cannot be used of an answer is told in `state`. */
static struct verdict unusable(struct arena *arena, const struct gateway_answer *answer,
                               const char *malformed)
{
    struct verdict verdict = { .condition = FAILED };

    if (answer->state == GATEWAY_TIMED_OUT)
        verdict.state = SPAN_LIT("timeout");
    else if (answer->state == GATEWAY_REFUSED)
        verdict.state = error_state(arena, answer->error ? answer->error : "refused");
    else if (answer->state == GATEWAY_NO_ANSWER)
        verdict.state = error_state(arena, answer->error ? answer->error : "no answer");
    else
        verdict.state = error_state(arena, malformed);
    return verdict;
}

/* The gateway is still counting: what it sends until then is no zero, it is nothing yet. */
static bool is_loading(const json_t *payload)
{
    struct span status =
        usage_text(json_object_get(json_object_get(payload, "cacheStatus"), "status"));

    return json_is_true(json_object_get(payload, "refreshing")) ||
           (status.p && !span_is(status, "fresh"));
}

static struct verdict usable(const json_t *payload)
{
    struct verdict verdict = { .condition = GOOD, .usable = payload, .state = SPAN_LIT("ok") };

    if (is_loading(payload)) {
        verdict.condition = LOADING;
        verdict.state = SPAN_LIT("refreshing");
    }
    return verdict;
}

static struct verdict judge_object(struct arena *arena, const struct gateway_answer *answer)
{
    if (answer->state != GATEWAY_ANSWERED || !json_is_object(answer->payload))
        return unusable(arena, answer, "the answer is no object");
    return usable(answer->payload);
}

static struct verdict judge_sessions(struct arena *arena, const struct gateway_answer *answer)
{
    if (answer->state != GATEWAY_ANSWERED ||
        (!json_is_array(answer->payload) &&
         !json_is_array(json_object_get(answer->payload, "sessions"))))
        return unusable(arena, answer, "the answer holds no list of sessions");
    return usable(answer->payload);
}

/* ---- which method the sessions came from ---- */

static bool has_any(const json_t *object, const char *const *keys)
{
    for (; *keys; keys++) {
        if (json_object_get(object, *keys))
            return true;
    }
    return false;
}

/* By the answer's own keys; else by its rows: whole sums stand in a block of their own. */
static enum gateway_sessions guess_method(const json_t *payload)
{
    static const char *const usage_keys[] = { "aggregates", "startDate", "totals", NULL };
    static const char *const list_keys[] = { "limitApplied", "totalCount", "hasMore",
                                             "nextOffset",   "defaults",   NULL };
    static const char *const blocks[] = { "usage", "tokens", NULL };
    const json_t *list = json_is_array(payload) ? payload : json_object_get(payload, "sessions");
    size_t i;

    if (has_any(payload, usage_keys))
        return GATEWAY_SESSIONS_USAGE;
    if (has_any(payload, list_keys))
        return GATEWAY_SESSIONS_LIST;
    for (i = 0; i < json_array_size(list); i++) {
        if (has_any(json_array_get(list, i), blocks))
            return GATEWAY_SESSIONS_USAGE;
    }
    return json_array_size(list) > 0 ? GATEWAY_SESSIONS_LIST : GATEWAY_SESSIONS_USAGE;
}

/* ---- what there is in all ---- */

/* Does usage.status say anything at all? A gateway without providers answers an empty list. */
static bool says_something(const struct gateway_usage *usage, const json_t *status)
{
    static const char *const idle[] = { "updatedAt", "refreshing", "providers" };
    size_t keys = json_object_size(status), i;

    for (i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
        keys -= json_object_get(status, idle[i]) != NULL;
    return usage->providers_n > 0 || keys > 0;
}

struct verdicts {
    struct verdict cost, status, sessions;
    enum gateway_sessions method;
};

static enum gateway_data judge_data(const struct tally *t, const struct verdicts *v)
{
    if (v->cost.condition == GOOD && v->status.condition == GOOD && v->sessions.condition == GOOD &&
        v->method != GATEWAY_SESSIONS_LIST)
        return GATEWAY_DATA_COMPLETE;
    if (v->cost.condition == GOOD || v->sessions.condition == GOOD || t->sums_n > 0 ||
        says_something(t->out, v->status.usable))
        return GATEWAY_DATA_PARTIAL;
    return GATEWAY_DATA_NONE;
}

static void tell_origins(struct tally *t, const struct verdicts *v)
{
    const char *problem = gateway_prices_problem(t->settings->prices);
    struct gateway_usage *out = t->out;

    out->origins[0] = (struct gateway_origin){ "usage.cost", v->cost.state };
    out->origins[1] = (struct gateway_origin){ "usage.status", v->status.state };
    out->origins[2] = (struct gateway_origin){
        v->method == GATEWAY_SESSIONS_LIST ? "sessions.list" : "sessions.usage", v->sessions.state
    };
    out->origins[3] = (struct gateway_origin){ "pricing", problem ? error_state(out->arena, problem)
                                                                  : SPAN_LIT("ok") };
}

static void tell_range(struct tally *t)
{
    struct span from = usage_text(json_object_get(t->sessions, "startDate"));
    struct span to = usage_text(json_object_get(t->sessions, "endDate"));

    if (!from.p || !to.p)
        return;
    t->out->range_from = usage_keep(t->out->arena, from);
    t->out->range_to = usage_keep(t->out->arena, to);
}

static struct verdicts judge(struct arena *arena, const struct gateway_answers *answers)
{
    struct verdicts v = {
        .cost = judge_object(arena, &answers->cost),
        .status = judge_object(arena, &answers->status),
        .sessions = judge_sessions(arena, &answers->sessions),
        .method = answers->sessions_are,
    };

    if (v.method == GATEWAY_SESSIONS_GUESS)
        v.method = guess_method(v.sessions.usable);
    return v;
}

static void begin(struct gateway_usage *out, const struct gateway_settings *settings,
                  int64_t now_ms)
{
    struct span account = settings->account_key, id = settings->gateway_id;

    *out = (struct gateway_usage){ .generated_ms = now_ms, .arena = arena_new() };
    if (account.len == 0)
        account = SPAN_LIT("default");
    if (id.len == 0)
        id = SPAN_LIT("");
    out->account_key = usage_keep(out->arena, account);
    out->gateway_id = usage_keep(out->arena, id);
}

void gateway_usage_build(const struct gateway_answers *answers,
                         const struct gateway_settings *settings, int64_t now_ms,
                         struct gateway_usage *out)
{
    struct tally t = { .settings = settings, .out = out, .now_ms = now_ms };
    struct verdicts v;

    begin(out, settings, now_ms);
    v = judge(out->arena, answers);
    t.cost = v.cost.usable;
    t.sessions = v.sessions.usable;
    t.status = (struct place){ v.status.usable, v.cost.usable };
    tally_sessions(&t);
    tally_fill_providers(&t);
    tally_fill_window(&t);
    tally_fill_models(&t);
    tally_fill_current(&t);
    tally_fill_burn(&t);
    tally_fill_prediction(&t);
    tally_fill_top(&t);
    tell_range(&t);
    tell_origins(&t, &v);
    out->data = judge_data(&t, &v);
    free(t.pieces);
    free(t.sums);
    free(t.quarters);
}
