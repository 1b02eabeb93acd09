/* ingest/catch_up.c — see catch_up.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/catch_up.h"

#include "base/civil.h"
#include "base/log.h"
#include "config/config.h"
#include "ingest/homes.h"
#include "ingest/ingest.h"
#include "price/price.h"
#include "store/lease.h"

#include <stdlib.h>

static const char *get_variable(const char *name)
{
    return getenv(name);
}

struct source_env catch_up_env(const struct config *config)
{
    struct source_env env = homes_env(config->home);

    env.get = get_variable;
    env.settings = config->sources;
    return env;
}

int catch_up_runs(struct ingest *ingest, const struct config *config, struct err *err)
{
    return ingest_follow_runs(ingest, config->runs_dir, config->runs_idle * MS_PER_HOUR, err);
}

int catch_up_home(struct store *store, const struct zone *zone, bool keep, struct err *err)
{
    const char *name = store_home(store);
    struct zone *home = NULL;
    int rc;

    /* A zone that the system has forgotten since must not stop anything. */
    if (!keep || !name[0] || zone_open(&home, name, NULL) < 0)
        return store_set_home(store, zone, err);
    rc = store_set_home(store, home, err);
    zone_close(home);
    return rc;
}

static int remember_version(struct store *store, int64_t version, struct err *err)
{
    if (store_begin(store, err) < 0)
        return -1;
    if (store_set_price_version(store, version, err) < 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

int catch_up_table(struct price_table **out, const struct config *config, struct err *err)
{
    size_t i;

    if (price_open_config(out, config, err) < 0)
        return -1;
    for (i = 0; price_problem(*out, i); i++)
        log_warning("%s", price_problem(*out, i));
    return 0;
}

int catch_up_prices(struct ingest *ingest, struct store *store, const struct config *config,
                    bool *stale, struct err *err)
{
    struct price_table *prices = NULL;
    int64_t version;

    if (catch_up_table(&prices, config, err) < 0)
        return -1;
    version = price_version(prices);
    ingest_use_prices(ingest, prices);
    *stale = store_price_version(store) != version;
    if (!*stale || !store_is_empty(store))
        return 0;
    *stale = false;
    return remember_version(store, version, err);
}

struct report_progress {
    struct ingest *ingest;
    void (*fn)(void *to, int permille);
    void *to;
};

static void on_change(void *to)
{
    struct report_progress *p = to;
    struct ingest_status status;

    ingest_get_status(p->ingest, &status);
    if (!status.complete)
        p->fn(p->to, status.permille);
}

static int read_logs(struct store *store, const struct config *config, struct report_progress *p,
                     struct catch_up_result *out, struct err *err)
{
    struct source_env env = catch_up_env(config);
    struct ingest_status status;
    struct ingest *ingest = NULL;
    int rc = -1;

    if (ingest_new(&ingest, store, &env, err) < 0)
        return -1;
    if (catch_up_runs(ingest, config, err) < 0 ||
        catch_up_prices(ingest, store, config, &out->stale_prices, err) < 0)
        goto out;
    p->ingest = ingest;
    if (p->fn)
        ingest_on_change(ingest, on_change, p);
    rc = ingest_all(ingest, INGEST_REST, err);
    ingest_get_status(ingest, &status);
    out->files = status.files;
    out->bytes = status.bytes;
out:
    ingest_free(ingest);
    return rc;
}

/* What catch_up_prices would find out, for a ledger that another tacho writes. */
static int look_at_prices(struct store *store, const struct config *config,
                          struct catch_up_result *out, struct err *err)
{
    struct price_table *prices = NULL;

    if (catch_up_table(&prices, config, err) < 0)
        return -1;
    out->stale_prices =
        store_price_version(store) != price_version(prices) && !store_is_empty(store);
    price_close(prices);
    return 0;
}

int catch_up(struct store *store, const struct config *config,
             void (*progress)(void *to, int permille), void *to, struct catch_up_result *out,
             struct err *err)
{
    struct report_progress p = { NULL, progress, to };
    struct lease *lease = NULL;
    struct zone *zone = NULL;
    int rc = -1;

    *out = (struct catch_up_result){ 0 };
    if (lease_take(&lease, store_path(store), err) < 0) {
        out->held_elsewhere = err->kind == ERR_BUSY;
        return out->held_elsewhere ? look_at_prices(store, config, out, err) : -1;
    }
    if (zone_open(&zone, "", err) < 0 || catch_up_home(store, zone, true, err) < 0)
        goto out;
    rc = read_logs(store, config, &p, out, err);
out:
    zone_close(zone);
    lease_give(lease);
    return rc;
}
