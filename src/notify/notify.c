/* notify/notify.c — see notify.h.
 *
 *   marked crossing ─▶ outbox ─kick─▶ thread ─▶ hook or webhook ─▶ taken out
 *                        ▲                            │
 *                        └─────── later, seven times ─┘
 * SPDX-License-Identifier: MIT
 */
#include "notify/notify.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "notify/hook.h"
#include "notify/webhook.h"
#include "store/outbox.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define HOOK_LIMIT_MS 10000

/* How long after a failure it is tried again; behind the last it is given up. */
static const int64_t pauses_ms[] = { 1000, 5000, 30000, 120000, 600000, 3600000, 21600000 };
#define TRIES_MOST ((int)(sizeof(pauses_ms) / sizeof(pauses_ms[0])))

struct notifier {
    const struct config *config;
    struct store *store;
    int wake_fd;
    atomic_bool stop;
    pthread_t thread;
    bool started;
};

/* ---- into the outbox ---- */

static bool hook_wanted(const struct config *config)
{
    return config->on_threshold && config->on_threshold[0];
}

static bool webhook_wanted(const struct config *config)
{
    return config->webhook && config->webhook[0];
}

static int tell_hook(const struct config *config, struct span body, int64_t *wait_s,
                     struct err *err)
{
    *wait_s = 0;
    return hook_run(config->on_threshold, body, HOOK_LIMIT_MS, err);
}

static const struct channel {
    enum outbox_channel channel;
    const char *name; /* in the configuration */
    bool (*wanted)(const struct config *config);
    int (*tell)(const struct config *config, struct span body, int64_t *wait_s, struct err *err);
} channels[] = {
    { OUTBOX_HOOK, "on_threshold", hook_wanted, tell_hook },
    { OUTBOX_WEBHOOK, "webhook", webhook_wanted, webhook_post },
};
#define CHANNELS_N (sizeof(channels) / sizeof(channels[0]))

bool notify_wanted(const struct config *config)
{
    bool wanted = false;
    size_t i;

    for (i = 0; i < CHANNELS_N; i++)
        wanted |= channels[i].wanted(config);
    return wanted;
}

/* The same crossing has the same id, however often it is delivered. */
static void make_id(const struct limits_crossing *c, char out[20])
{
    uint64_t id = hash_mix(hash_span(span_of(c->bucket.account)), hash_span(span_of(c->bucket.id)));

    id = hash_mix(id, (uint64_t)c->bucket.resets_at_ms);
    id = hash_mix(hash_mix(id, (uint64_t)c->threshold), (uint64_t)c->at_ms);
    snprintf(out, 20, "%016" PRIx64, id);
}

static void put_ms(struct json_out *out, const char *key, int64_t ms)
{
    json_key(out, key);
    if (ms > 0)
        json_int(out, ms);
    else
        json_nil(out);
}

int notify_put(struct store *store, const struct config *config, const struct limits_crossing *c,
               struct span text, struct err *err)
{
    struct buf body = { 0 };
    struct json_out out;
    char id[20];
    size_t i;
    int rc = 0;

    make_id(c, id);
    json_out_init(&out, &body, 0);
    json_open(&out, '{');
    json_put_text(&out, "id", span_of(id));
    json_put_text(&out, "type", SPAN_LIT("threshold_crossed"));
    json_put_text(&out, "text", text);
    json_put_text(&out, "account", span_of(c->bucket.account));
    json_put_text(&out, "bucket_id", span_of(c->bucket.id));
    json_put_int(&out, "threshold", c->threshold);
    json_key(&out, "utilization");
    json_fixed(&out, (double)c->state.used_ppm / 1e6, 6);
    put_ms(&out, "reset_at", c->state.resets_at_ms);
    put_ms(&out, "window_started_at", c->state.began_ms);
    json_put_int(&out, "at", c->at_ms);
    json_close(&out, '}');
    for (i = 0; rc == 0 && i < CHANNELS_N; i++) {
        if (channels[i].wanted(config))
            rc = store_outbox_add(store, channels[i].channel, buf_span(&body), c->at_ms, err);
    }
    buf_fini(&body);
    return rc;
}

/* ---- out of it ---- */

/* Takes the item out, or puts it off after a failure. */
static int settle(struct notifier *n, const struct outbox_item *item, int64_t pause_ms,
                  struct err *err)
{
    bool over = pause_ms == 0;
    int rc;

    if (store_begin_sure(n->store, err) < 0)
        return -1;
    rc = over ? store_outbox_drop(n->store, item->id, err)
              : store_outbox_retry(n->store, item->id, clock_now_ms() + pause_ms, err);
    if (rc < 0) {
        store_rollback(n->store);
        return -1;
    }
    return store_commit(n->store, err);
}

static const struct channel *channel_of(const struct outbox_item *item)
{
    size_t i;

    for (i = 0; i < CHANNELS_N; i++) {
        if (channels[i].channel == item->channel)
            return &channels[i];
    }
    return NULL;
}

/* In how many ms to try again; 0: it is done with. */
static int64_t deliver(struct notifier *n, const struct outbox_item *item)
{
    const struct channel *channel = channel_of(item);
    int64_t wait_s = 0, pause_ms;
    struct err err = { 0 };

    if (!channel || !channel->wanted(n->config)) /* it was, when this was written down */
        return 0;
    if (channel->tell(n->config, buf_span(&item->body), &wait_s, &err) == 0)
        return 0;
    log_warning("%s: %s%s", channel->name, err.text, item->tries >= TRIES_MOST ? "; given up" : "");
    if (item->tries >= TRIES_MOST)
        return 0;
    pause_ms = pauses_ms[item->tries];
    if (wait_s > pauses_ms[TRIES_MOST - 1] / 1000)
        wait_s = pauses_ms[TRIES_MOST - 1] / 1000;
    return wait_s * 1000 > pause_ms ? wait_s * 1000 : pause_ms;
}

/* Delivers what is due. In how many ms to look again; -1: when kicked. */
static int64_t work(struct notifier *n)
{
    struct outbox_item item;
    struct err err = { 0 };
    int64_t wait_ms = -1;
    int rc;

    while (wait_ms < 0 && !n->stop && (rc = store_outbox_first(n->store, &item, &err)) != 0) {
        if (rc > 0)
            wait_ms = item.due_ms - clock_now_ms();
        if (rc > 0 && wait_ms <= 0) {
            wait_ms = -1;
            rc = settle(n, &item, deliver(n, &item), &err);
        }
        buf_fini(&item.body);
        if (rc < 0) {
            log_warning("%s", err.text);
            wait_ms = pauses_ms[1];
        }
    }
    return wait_ms;
}

static void *run(void *to)
{
    struct notifier *n = to;
    uint64_t kicks;

    while (!n->stop) {
        int64_t wait_ms = work(n);
        struct pollfd wake = { n->wake_fd, POLLIN, 0 };

        if (!n->stop && poll(&wake, 1, wait_ms > INT32_MAX ? INT32_MAX : (int)wait_ms) > 0 &&
            read(n->wake_fd, &kicks, sizeof(kicks)) < 0)
            log_debug("nobody has kicked the notifier");
    }
    return NULL;
}

int notifier_start(struct notifier **out, const struct config *config, struct err *err)
{
    struct notifier *n = xcalloc(1, sizeof(*n));
    sigset_t all, before;
    int rc = -1;

    n->config = config;
    n->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (store_open(&n->store, config->db, STORE_WRITE, err) < 0)
        goto out;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    n->started = pthread_create(&n->thread, NULL, run, n) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!n->started) {
        err_set(err, ERR_INTERNAL, "cannot start a thread");
        goto out;
    }
    *out = n;
    n = NULL;
    rc = 0;
out:
    notifier_stop(n);
    return rc;
}

void notifier_kick(struct notifier *n)
{
    uint64_t one = 1;

    if (n && write(n->wake_fd, &one, sizeof(one)) < 0)
        log_debug("the notifier is awake already");
}

void notifier_stop(struct notifier *n)
{
    if (!n)
        return;
    n->stop = true;
    notifier_kick(n);
    if (n->started)
        pthread_join(n->thread, NULL);
    store_close(n->store);
    close(n->wake_fd);
    free(n);
}
