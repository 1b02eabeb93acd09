/* daemon/worker.c — the thread that reads logs into the ledger.
 *
 * Holds the lease and the only writing handle. Sleeps in poll until a log changes, a deadline of
 * the ingest comes, or it is told to stop. SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "ingest/catch_up.h"
#include "notify/notify.h"
#include "quota/quota.h"
#include "store/lease.h"

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LEASE_RETRY_MS 200 /* a command holds it for as long as it reads */

struct worker {
    struct store *store;
    struct ingest *_Atomic ingest; /* NULL until logs are looked for */
    struct lease *lease;
    struct price_files *prices;
    const struct config *config;
    struct herald *herald;
    struct notifier *notifier; /* NULL: nobody asked for it */
    struct quota *quota;       /* NULL: nobody asked for it */
    struct asks *asks;
    atomic_bool attend; /* somebody asks for something in the ledger */
    void (*changed)(void *to);
    void *to;
    int wake_fd;
    atomic_bool stop;
    pthread_t thread;
    bool started;
};

/* In the demo no variable may lead to somebody's real logs. */
static const char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

static void wait_for(struct worker *w, int fd, int64_t limit_ms)
{
    struct pollfd fds[] = { { w->wake_fd, POLLIN, 0 }, { fd, POLLIN, 0 } };

    uint64_t wakes;

    poll(fds, fd >= 0 ? 2 : 1, limit_ms > INT32_MAX ? INT32_MAX : (int)limit_ms);
    if ((fds[0].revents & POLLIN) && read(w->wake_fd, &wakes, sizeof(wakes)) < 0)
        log_debug("nobody woke the worker");
}

static bool take_lease(struct worker *w)
{
    struct err err = { 0 };
    bool said = false;

    while (!w->stop && lease_take(&w->lease, store_path(w->store), &err) < 0) {
        if (!said)
            log_info("waiting: %s", err.text);
        said = true;
        wait_for(w, -1, LEASE_RETRY_MS);
    }
    return !w->stop;
}

static void on_change(void *to)
{
    struct worker *w = to;

    herald_look(w->herald, w->store);
    w->changed(w->to);
}

/* On the thread that asks providers, with its handle. */
static void on_quota(void *to, struct store *store)
{
    struct worker *w = to;

    herald_look(w->herald, store);
    w->changed(w->to);
}

static void follow(struct worker *w, struct ingest *ingest)
{
    struct err err = { 0 };

    if (ingest_watch(ingest, &err) < 0)
        log_warning("%s; log folders are polled instead", err.text);
    ingest_all(ingest, INGEST_LINES, &err); /* what fails is logged and tried again by steps */
    malloc_trim(0);                         /* a first read took memory that is not needed again */
    on_change(w);
    while (!w->stop) {
        wait_for(w, ingest_fd(ingest), ingest_next_ms(ingest));
        if (w->stop)
            return;
        if (asks_serve(w->asks, ingest))
            w->changed(w->to);
        if (atomic_exchange(&w->attend, false))
            ingest_runs_attend(ingest, &err);
        price_files_follow(w->prices, ingest, w->store);
        ingest_step(ingest, &err);
    }
}

static void *run(void *to)
{
    struct worker *w = to;
    struct source_env env = catch_up_env(w->config);
    struct ingest *ingest = NULL;
    struct err err = { 0 };

    if (!take_lease(w))
        return NULL;
    if (w->config->demo)
        env.get = no_variable;
    if (ingest_new(&ingest, w->store, &env, &err) < 0 ||
        catch_up_runs(ingest, w->config, &err) < 0 ||
        price_files_use(&w->prices, ingest, w->store, w->config, &err) < 0) {
        log_error("%s", err.text);
        ingest_free(ingest);
        return NULL;
    }
    ingest_on_change(ingest, on_change, w);
    ingest_on_run(ingest, asks_tell, w->asks);
    w->ingest = ingest;
    follow(w, ingest);
    return NULL;
}

int worker_start(struct worker **out, const struct config *config, const struct zone *zone,
                 void (*changed)(void *to), void *to, struct err *err)
{
    struct worker *w = xcalloc(1, sizeof(*w));
    sigset_t all, before;
    int rc = -1;

    w->config = config;
    w->asks = asks_new();
    w->attend = true; /* what was asked while nobody was here */
    w->changed = changed;
    w->to = to;
    w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (store_open(&w->store, config->db, STORE_WRITE, err) < 0 ||
        catch_up_home(w->store, zone, false, err) < 0 ||
        (notify_wanted(config) && notifier_start(&w->notifier, config, err) < 0))
        goto out;
    w->herald = herald_new(config, w->notifier);
    if (!config->demo && quota_start(&w->quota, config, on_quota, w, err) < 0)
        goto out;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!w->started) {
        err_set(err, ERR_INTERNAL, "cannot start a thread");
        goto out;
    }
    *out = w;
    w = NULL;
    rc = 0;
out:
    worker_stop(w);
    return rc;
}

static void wake(struct worker *w)
{
    uint64_t one = 1;

    if (write(w->wake_fd, &one, sizeof(one)) < 0)
        return; /* it is awake already */
}

void worker_stop(struct worker *w)
{
    if (!w)
        return;
    w->stop = true;
    if (w->ingest)
        ingest_stop(w->ingest);
    wake(w);
    if (w->started)
        pthread_join(w->thread, NULL);
    quota_stop(w->quota);
    ingest_free(w->ingest);
    price_files_free(w->prices);
    herald_free(w->herald);
    notifier_stop(w->notifier);
    asks_free(w->asks);
    lease_give(w->lease);
    store_close(w->store);
    close(w->wake_fd);
    free(w);
}

bool worker_get_status(struct worker *w, struct ingest_status *status)
{
    struct ingest *ingest = w->ingest;

    if (!ingest)
        return false;
    ingest_get_status(ingest, status);
    return true;
}

bool worker_take_crossing(struct worker *w, struct limits_crossing *out)
{
    return herald_take(w->herald, out);
}

void worker_ask(struct worker *w, const struct run_ask *ask)
{
    asks_put(w->asks, ask);
    wake(w);
}

void worker_hand_out(struct worker *w, struct server *server)
{
    asks_hand_out(w->asks, server);
}

void worker_attend(struct worker *w)
{
    w->attend = true;
    wake(w);
}
