/* gateway/refresh.c — rounds of questions: cost, status and sessions at once, then a document.
 *
 * Sessions come from sessions.usage where the gateway has it, else from sessions.list; of an answer
 * too large to be kept, fewer rows are asked for (its sums cover all sessions anyway).
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "gateway/gateways_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ROUND_MS = 9500,    /* a whole document, at most */
    SESSIONS_MS = 8000, /* the slowest question */
    LISTENED_MS = 60000,
    ALONE_MS = 300000,
    WANTED_MS = 120000,   /* so long after somebody asked, he counts as listening */
    SOON_MS = 5000,       /* the gateway is still counting … */
    SOON_COST_MS = 31000, /* … and keeps its empty answer for half a minute */
    SOON_TIMES = 5,
    WINDOW_MS = 5 * 3600000,
};

static const int session_limits[] = { 1000, 200, 50 };
enum { LIMIT_STEPS = sizeof(session_limits) / sizeof(session_limits[0]) };

static void ask_sessions(struct member *m);

/* ---- what came back ---- */

static void on_made(void *to, struct making *making)
{
    struct member *m = to;
    bool again = making->refreshing && m->soon < SOON_TIMES;

    m->round.sent = NULL;
    m->made_ms = clock_boot_ms();
    buf_clear(&m->document);
    buf_add_span(&m->document, buf_span(&making->document));
    m->soon = again ? m->soon + 1 : 0;
    refresh_plan(m);
    if (again)
        net_timer_set(m->all->loop, &m->timer, making->cost_refreshing ? SOON_COST_MS : SOON_MS);
    gateways_tell(m);
}

static void one_less(struct member *m)
{
    struct making *making = m->round.making;

    if (--m->round.waiting > 0)
        return;
    m->round.making = NULL;
    m->round.sent = making;
    making->done = on_made;
    making->to = m;
    maker_submit(m->all->maker, making);
}

static void note(struct making *making, int which, const struct client_answer *answer)
{
    making->answers[which].state = answer->state;
    buf_clear(&making->answers[which].payload);
    free(making->answers[which].error);
    making->answers[which].error = answer->error ? xstrdup(answer->error) : NULL;
    if (answer->state == GATEWAY_ANSWERED)
        buf_add_span(&making->answers[which].payload, answer->payload);
}

static void on_cost(void *to, const struct client_answer *answer)
{
    struct member *m = to;

    note(m->round.making, MAKING_COST, answer);
    one_less(m);
}

static void on_status(void *to, const struct client_answer *answer)
{
    struct member *m = to;

    note(m->round.making, MAKING_STATUS, answer);
    one_less(m);
}

static bool has_time(const struct member *m)
{
    return m->round.due_ms - clock_boot_ms() > 500;
}

/* Is another way to ask for sessions left? Takes it then. */
static bool try_other_sessions(struct member *m, const struct client_answer *answer)
{
    if (answer->state != GATEWAY_REFUSED || !has_time(m))
        return false;
    if (answer->too_large && m->limit_step + 1 < LIMIT_STEPS)
        m->limit_step++;
    else if (!answer->too_large && !m->lists_only)
        m->lists_only = true;
    else
        return false;
    ask_sessions(m);
    return true;
}

static void on_sessions(void *to, const struct client_answer *answer)
{
    struct member *m = to;

    note(m->round.making, MAKING_SESSIONS, answer);
    if (!try_other_sessions(m, answer))
        one_less(m);
}

/* ---- questions ---- */

static void ask(struct member *m, const char *method, const char *params, client_answer_fn *fn)
{
    const struct client_answer none = { .state = GATEWAY_NO_ANSWER };
    int64_t left_ms = m->round.due_ms - clock_boot_ms();
    const struct client_question question = {
        .method = method,
        .params = span_of(params),
        .timeout_ms = fn == on_sessions && left_ms > SESSIONS_MS ? SESSIONS_MS : left_ms,
        .fn = fn,
        .to = m,
    };

    if (!client_ask(m->client, &question))
        fn(m, &none);
}

/* The UTC days that the window of five hours may touch. */
static void days_text(int64_t now_ms, char *out, size_t size)
{
    char from[CIVIL_DAY_SIZE], to[CIVIL_DAY_SIZE];

    civil_format_day((now_ms - WINDOW_MS) / MS_PER_DAY, from);
    civil_format_day(now_ms / MS_PER_DAY, to);
    snprintf(out, size, "\"agentScope\":\"all\",\"startDate\":\"%s\",\"endDate\":\"%s\"", from, to);
}

static void ask_sessions(struct member *m)
{
    struct making *making = m->round.making;
    int limit = session_limits[m->limit_step];
    char days[128], params[200];

    days_text(making->now_ms, days, sizeof(days));
    if (m->lists_only)
        snprintf(params, sizeof(params), "{\"limit\":%d}", limit);
    else
        snprintf(params, sizeof(params), "{%s,\"limit\":%d}", days, limit);
    making->sessions_are = m->lists_only ? GATEWAY_SESSIONS_LIST : GATEWAY_SESSIONS_USAGE;
    ask(m, m->lists_only ? "sessions.list" : "sessions.usage", params, on_sessions);
}

void refresh_now(struct member *m)
{
    struct client_facts facts;
    char days[128], params[200];

    if (!m->client || m->round.making || m->round.sent)
        return;
    client_get_facts(m->client, &facts);
    if (facts.phase != CLIENT_OPEN)
        return;
    net_timer_cancel(m->all->loop, &m->timer);
    m->round = (struct round){
        .making = making_new(&m->entry, clock_now_ms()),
        .waiting = MAKINGS,
        .due_ms = clock_boot_ms() + ROUND_MS,
    };
    days_text(m->round.making->now_ms, days, sizeof(days));
    snprintf(params, sizeof(params), "{%s}", days);
    ask(m, "usage.cost", params, on_cost);
    ask(m, "usage.status", "{}", on_status);
    ask_sessions(m);
}

void refresh_plan(struct member *m)
{
    int64_t now_ms = clock_boot_ms();
    bool wanted = m->wanted_ms > 0 && now_ms - m->wanted_ms < WANTED_MS;
    int64_t wait_ms = m->listeners > 0 || wanted ? LISTENED_MS : ALONE_MS;

    net_timer_cancel(m->all->loop, &m->timer);
    if (m->client && m->made_ms > 0)
        net_timer_set(m->all->loop, &m->timer, m->made_ms + wait_ms - now_ms);
}

void refresh_abandon(struct member *m)
{
    making_free(m->round.making);
    if (m->round.sent)
        m->round.sent->to = NULL;
    m->round = (struct round){ .making = NULL };
    net_timer_cancel(m->all->loop, &m->timer);
}
