/* daemon/herald.c — thresholds crossed: from the thread that reads logs to the one that serves.
 *
 *   worker thread:  committed batch ─▶ herald_look ─▶ mark on disk ─▶ queue
 *   main thread:    wake ─▶ herald_take ─▶ subscribers
 *   its own thread: outbox ─▶ the owner's command (notify/)
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "notify/notify.h"
#include "show/limits.h"

#include <pthread.h>
#include <stdlib.h>

struct herald {
    const struct config *config;
    struct notifier *notifier; /* lent; NULL: there is none */
    pthread_mutex_t lock;      /* guards the queue */
    struct limits_crossing *queue;
    size_t n, space;
};

struct herald *herald_new(const struct config *config, struct notifier *notifier)
{
    struct herald *herald = xcalloc(1, sizeof(*herald));

    herald->config = config;
    herald->notifier = notifier;
    pthread_mutex_init(&herald->lock, NULL);
    return herald;
}

void herald_free(struct herald *herald)
{
    if (!herald)
        return;
    pthread_mutex_destroy(&herald->lock);
    free(herald->queue);
    free(herald);
}

static void add(void *to, const struct limits_crossing *crossing)
{
    struct herald *herald = to;

    pthread_mutex_lock(&herald->lock);
    herald->queue = xgrow(herald->queue, herald->n, &herald->space, sizeof(struct limits_crossing));
    herald->queue[herald->n++] = *crossing;
    pthread_mutex_unlock(&herald->lock);
    notifier_kick(herald->notifier);
}

static int put(void *to, struct store *store, const struct limits_crossing *crossing,
               struct err *err)
{
    struct herald *herald = to;
    struct buf text = { 0 };
    int rc;

    show_crossing(&text, crossing);
    rc = notify_put(store, herald->config, crossing, buf_span(&text), err);
    buf_fini(&text);
    return rc;
}

void herald_look(struct herald *herald, struct store *store)
{
    const struct limits_herald to = { herald->config, put, add, herald };
    struct err err;

    if (limits_announce(store, &to, clock_now_ms(), &err) < 0)
        log_warning("%s", err.text); /* nothing is lost: it is due at the next look, too */
}

bool herald_take(struct herald *herald, struct limits_crossing *out)
{
    bool found;

    pthread_mutex_lock(&herald->lock);
    found = herald->n > 0;
    if (found) {
        *out = herald->queue[0];
        memmove(herald->queue, herald->queue + 1, --herald->n * sizeof(*out));
    }
    pthread_mutex_unlock(&herald->lock);
    return found;
}
