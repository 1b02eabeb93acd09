/* quota/quota.c — see quota.h.
 *
 *   { "account_endpoints": { "claude": true, "codex": "http://127.0.0.1:9000" } }
 *
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "quota/quota_internal.h"

#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The ledger says when a look is due, in the time of the wall clock: so it is asked now and then,
 * however long the machine slept and whatever became of the clock. */
#define NAP_MOST_MS  (5 * MS_PER_MINUTE)
#define NAP_LEAST_MS MS_PER_SECOND
#define TROUBLE_MS   MS_PER_MINUTE

static const struct provider *const providers[] = { &provider_claude, &provider_codex };
#define PROVIDERS_N (sizeof(providers) / sizeof(providers[0]))

struct quota {
    struct asker askers[PROVIDERS_N];
    size_t n;
    struct store *store;
    quota_changed_fn *changed;
    void *to;
    int wake_fd;
    atomic_bool stop;
    pthread_t thread;
    bool started;
};

/* ---- the configuration ---- */

/* Behind `prefix` the host is over: nothing of it leads elsewhere. */
static bool is_host(struct span url, const char *prefix)
{
    size_t n = strlen(prefix);

    return span_starts(url, prefix) && (url.len == n || url.p[n] == ':' || url.p[n] == '/');
}

/* Credentials travel in clear within this machine only. */
static bool is_base(struct span url)
{
    if (span_has(url, "@") || span_has(url, "?") || span_has(url, "#"))
        return false;
    return (span_starts(url, "https://") && url.len > strlen("https://")) ||
           is_host(url, "http://127.0.0.1") || is_host(url, "http://localhost") ||
           is_host(url, "http://[::1]");
}

static const struct provider *find(const char *account)
{
    size_t i;

    for (i = 0; i < PROVIDERS_N; i++) {
        if (strcmp(providers[i]->account, account) == 0)
            return providers[i];
    }
    return NULL;
}

static const char *get_variable(const char *name)
{
    return getenv(name);
}

static char *base_of(const char *text)
{
    size_t n = text ? strlen(text) : 0;

    while (n > 0 && text[n - 1] == '/')
        n--;
    return text ? xstrndup(text, n) : NULL;
}

static int read_entry(struct quota *q, const struct config *config, const char *account,
                      const json_t *value, struct err *err)
{
    const struct provider *provider = find(account);
    const char *url = json_string_value(value);

    if (!provider) {
        err_set(err, ERR_USAGE,
                "%s: account_endpoints: there is none for \"%.40s\"; known are %s and %s",
                config->config_path, account, providers[0]->account, providers[1]->account);
        return -1;
    }
    if (!json_is_boolean(value) && !(url && is_base(span_of(url)))) {
        err_set(err, ERR_USAGE,
                "%s: account_endpoints: %s takes true, false or the https:// address of another "
                "server (http:// on this machine only)",
                config->config_path, account);
        return -1;
    }
    if (!json_is_false(value))
        q->askers[q->n++] = (struct asker){
            .provider = provider,
            .base = base_of(url),
            .env = { .home = config->home, .get = get_variable },
            .limit_ms = QUOTA_CALL_MS,
        };
    return 0;
}

static int read_config(struct quota *q, const struct config *config, struct err *err)
{
    json_t *all = config->account_endpoints ? json_loads(config->account_endpoints, 0, NULL) : NULL;
    const char *account;
    json_t *value;
    int rc = 0;

    json_object_foreach(all, account, value)
    {
        if (rc == 0)
            rc = read_entry(q, config, account, value, err);
    }
    json_decref(all);
    return rc;
}

/* ---- the thread ---- */

/* Looks at every account. In how many ms to look again. */
static int64_t look(struct quota *q)
{
    int64_t nap_ms = NAP_MOST_MS;
    size_t i;

    for (i = 0; i < q->n && !q->stop; i++) {
        int64_t now_ms = clock_now_ms(), wait_ms = TROUBLE_MS;
        struct look seen = { 0 };
        struct err err = { 0 };

        if (asker_look(&q->askers[i], now_ms, &seen, &err) < 0)
            log_info("%s: %s", q->askers[i].provider->account, err.text);
        else
            wait_ms = seen.due_ms - now_ms;
        if (seen.changed)
            q->changed(q->to, q->store);
        nap_ms = wait_ms < nap_ms ? wait_ms : nap_ms;
    }
    return nap_ms < NAP_LEAST_MS ? NAP_LEAST_MS : nap_ms;
}

static void *run(void *to)
{
    struct quota *q = to;

    while (!q->stop) {
        int64_t nap_ms = look(q);
        struct pollfd wake = { q->wake_fd, POLLIN, 0 };

        if (!q->stop)
            poll(&wake, 1, (int)nap_ms);
    }
    return NULL;
}

static int start(struct quota *q, const struct config *config, struct err *err)
{
    sigset_t all, before;
    size_t i;

    if (store_open(&q->store, config->db, STORE_WRITE, err) < 0)
        return -1;
    for (i = 0; i < q->n; i++)
        q->askers[i].store = q->store;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    q->started = pthread_create(&q->thread, NULL, run, q) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!q->started)
        err_set(err, ERR_INTERNAL, "cannot start a thread");
    return q->started ? 0 : -1;
}

int quota_start(struct quota **out, const struct config *config, quota_changed_fn *changed,
                void *to, struct err *err)
{
    struct quota *q = xcalloc(1, sizeof(*q));
    int rc = -1;

    *out = NULL;
    q->changed = changed;
    q->to = to;
    q->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (read_config(q, config, err) < 0)
        goto out;
    rc = 0;
    if (q->n == 0)
        goto out;
    rc = start(q, config, err);
    if (rc < 0)
        goto out;
    *out = q;
    q = NULL;
out:
    quota_stop(q);
    return rc;
}

void quota_stop(struct quota *q)
{
    uint64_t one = 1;
    size_t i;

    if (!q)
        return;
    q->stop = true;
    if (write(q->wake_fd, &one, sizeof(one)) < 0)
        log_debug("the thread that asks providers is awake already");
    if (q->started)
        pthread_join(q->thread, NULL);
    for (i = 0; i < q->n; i++)
        free(q->askers[i].base);
    store_close(q->store);
    close(q->wake_fd);
    free(q);
}
