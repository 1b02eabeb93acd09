/* gateway/maker.c — see maker.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/maker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "gateway/frame.h"
#include "store/gateways.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum {
    TREES_MAX = 32 << 20, /* bytes that the trees of one document may take, roughly */
    MUCH = 1 << 20,       /* bytes of text behind which memory is given back to the system */
    GAUGES_MAX = 64,
    LEDGER_AGAIN_MS = 60000,
};

const char *const making_methods[MAKINGS] = { "usage.cost", "usage.status", "sessions" };

struct maker {
    struct net_loop *loop;
    struct gateway_prices *prices;
    char *ledger;            /* NULL: nothing is kept */
    struct store *store;     /* of the thread; NULL: not open */
    int64_t ledger_again_ms; /* CLOCK_BOOTTIME: not tried before */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* of the rest */
    pthread_cond_t more;
    struct making *first, *last;
    bool stop;
};

/* ---- one document ---- */

struct making *making_new(const struct gateway_entry *entry, int64_t now_ms)
{
    struct making *m = xcalloc(1, sizeof(*m));

    span_copy(span_of(entry->id), m->gateway_id, sizeof(m->gateway_id));
    m->account_key = entry->account_key ? xstrdup(entry->account_key) : NULL;
    m->limits = entry->limits;
    m->now_ms = now_ms;
    return m;
}

void making_free(struct making *m)
{
    if (!m)
        return;
    for (int i = 0; i < MAKINGS; i++) {
        buf_fini(&m->answers[i].payload);
        free(m->answers[i].error);
    }
    free(m->account_key);
    buf_fini(&m->document);
    free(m);
}

/* Texts that would become too large a tree are not read at all. */
static void weigh(struct making *m)
{
    size_t weight = 0;

    for (int i = 0; i < MAKINGS; i++) {
        weight += frame_weight(buf_span(&m->answers[i].payload));
        if (m->answers[i].state != GATEWAY_ANSWERED || weight <= TREES_MAX)
            continue;
        m->answers[i].state = GATEWAY_REFUSED;
        free(m->answers[i].error);
        m->answers[i].error = xstrdup("the answer has too many values to be read");
        buf_fini(&m->answers[i].payload);
        weight = 0;
    }
}

static struct gateway_answer read_answer(struct making *m, int which, json_t **tree)
{
    struct gateway_answer answer = { .state = m->answers[which].state,
                                     .error = m->answers[which].error };
    struct err err = { 0 };

    *tree = NULL;
    if (answer.state != GATEWAY_ANSWERED)
        return answer;
    *tree = gateway_json_read(buf_span(&m->answers[which].payload), &err);
    buf_fini(&m->answers[which].payload);
    answer.payload = *tree;
    if (!*tree) {
        answer.state = GATEWAY_REFUSED;
        free(m->answers[which].error);
        answer.error = m->answers[which].error = xstrdup(err.text);
    }
    return answer;
}

static void build(struct making *m, const struct gateway_prices *prices,
                  struct gateway_usage *usage)
{
    json_t *trees[MAKINGS];
    struct gateway_settings settings = {
        .gateway_id = span_of(m->gateway_id),
        .account_key = span_of(m->account_key),
        .limits = m->limits,
        .prices = prices,
    };
    struct gateway_answers answers = { .sessions_are = m->sessions_are };
    struct json_out out;

    weigh(m);
    answers.cost = read_answer(m, MAKING_COST, &trees[MAKING_COST]);
    answers.status = read_answer(m, MAKING_STATUS, &trees[MAKING_STATUS]);
    answers.sessions = read_answer(m, MAKING_SESSIONS, &trees[MAKING_SESSIONS]);
    gateway_usage_build(&answers, &settings, m->now_ms, usage);
    json_out_init(&out, &m->document, 0);
    gateway_usage_write(&out, usage);
    for (int i = 0; i < MAKINGS; i++)
        json_decref(trees[i]);
    m->data = usage->data;
    for (int i = 0; i < GATEWAY_ORIGINS; i++) {
        if (!usage->origins[i].name || !span_is(usage->origins[i].state, "refreshing"))
            continue;
        m->refreshing = true;
        m->cost_refreshing |= span_is(span_of(usage->origins[i].name), "usage.cost");
        m->uncounted |= span_starts(span_of(usage->origins[i].name), "sessions");
    }
}

void making_make(struct making *m, const struct gateway_prices *prices)
{
    struct gateway_usage usage = { 0 };

    build(m, prices, &usage);
    gateway_usage_fini(&usage);
}

/* ---- the ledger ---- */

static void keep(struct maker *maker, const struct making *m, const struct gateway_usage *usage)
{
    struct store_gauge gauges[GAUGES_MAX];
    struct store_gateway_note note = {
        .gateway = span_of(m->gateway_id),
        .reading = { m->now_ms, usage->current.cost_nusd, usage->current.tokens,
                     usage->current.output_tokens, usage->current.calls, usage->burn.tokens_e4,
                     usage->burn.cost_nusd, usage->window.started_ms, usage->window.resets_ms },
        .gauges = gauges,
    };
    struct err err = { 0 };

    if (!maker->ledger || usage->data == GATEWAY_DATA_NONE || m->uncounted ||
        clock_boot_ms() < maker->ledger_again_ms)
        return;
    for (size_t i = 0; i < usage->providers_n; i++) {
        const struct gateway_provider *p = &usage->providers[i];

        for (size_t j = 0; j < p->windows_n && note.gauges_n < GAUGES_MAX; j++)
            gauges[note.gauges_n++] =
                (struct store_gauge){ m->now_ms, p->provider, p->windows[j].label,
                                      p->windows[j].used_ppm, p->windows[j].resets_ms };
    }
    if ((!maker->store && store_open(&maker->store, maker->ledger, STORE_WRITE, &err) < 0) ||
        store_gateway_note(maker->store, &note, &err) < 0) {
        log_warning("a gateway's figures are not kept: %s", err.text);
        maker->ledger_again_ms = clock_boot_ms() + LEDGER_AGAIN_MS;
    }
}

/* ---- the thread ---- */

static void deliver(void *to)
{
    struct making *m = to;

    if (m->to)
        m->done(m->to, m);
    making_free(m);
}

static void make(struct maker *maker, struct making *m)
{
    size_t size = 0;
    struct gateway_usage usage = { 0 };

    for (int i = 0; i < MAKINGS; i++)
        size += m->answers[i].payload.len;
    build(m, maker->prices, &usage);
    keep(maker, m, &usage);
    gateway_usage_fini(&usage);
    if (size > MUCH)
        malloc_trim(0);
    net_loop_post(maker->loop, deliver, m);
}

static struct making *take(struct maker *maker)
{
    struct making *m;

    pthread_mutex_lock(&maker->lock);
    while (!maker->first && !maker->stop)
        pthread_cond_wait(&maker->more, &maker->lock);
    m = maker->stop ? NULL : maker->first;
    if (m) {
        maker->first = m->next;
        if (!maker->first)
            maker->last = NULL;
    }
    pthread_mutex_unlock(&maker->lock);
    return m;
}

static void *run(void *to)
{
    struct maker *maker = to;
    struct making *m;

    while ((m = take(maker)))
        make(maker, m);
    store_close(maker->store);
    return NULL;
}

int maker_open(struct maker **out, struct net_loop *loop, const struct config *config,
               const char *ledger, struct err *err)
{
    struct maker *maker = xcalloc(1, sizeof(*maker));
    sigset_t all, before;

    maker->loop = loop;
    maker->ledger = ledger ? xstrdup(ledger) : NULL;
    pthread_mutex_init(&maker->lock, NULL);
    pthread_cond_init(&maker->more, NULL);
    if (gateway_prices_open(&maker->prices, config, err) < 0) {
        maker_close(maker);
        return -1;
    }
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    maker->started = pthread_create(&maker->thread, NULL, run, maker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!maker->started) {
        err_set(err, ERR_INTERNAL, "cannot start a thread");
        maker_close(maker);
        return -1;
    }
    *out = maker;
    return 0;
}

void maker_close(struct maker *maker)
{
    struct making *next;

    if (!maker)
        return;
    pthread_mutex_lock(&maker->lock);
    maker->stop = true;
    pthread_cond_signal(&maker->more);
    pthread_mutex_unlock(&maker->lock);
    if (maker->started)
        pthread_join(maker->thread, NULL);
    for (; maker->first; maker->first = next) {
        next = maker->first->next;
        making_free(maker->first);
    }
    pthread_cond_destroy(&maker->more);
    pthread_mutex_destroy(&maker->lock);
    gateway_prices_close(maker->prices);
    free(maker->ledger);
    free(maker);
}

void maker_submit(struct maker *maker, struct making *m)
{
    m->next = NULL;
    pthread_mutex_lock(&maker->lock);
    if (maker->last)
        maker->last->next = m;
    else
        maker->first = m;
    maker->last = m;
    pthread_cond_signal(&maker->more);
    pthread_mutex_unlock(&maker->lock);
}
