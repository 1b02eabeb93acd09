/* ingest/reprice.c — see reprice.h.
 *
 * Nothing is read again: an event holds all that its price depends on.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/reprice.h"

#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "ingest/catch_up.h"
#include "ingest/ingest_internal.h"
#include "store/lease.h"

#include <stdlib.h>

/* A model's rows are looked up once. */
struct repricer {
    const struct price_table *prices;
    struct price_match *matches; /* by the id of the model's name */
    bool *known;
    size_t space;
    struct reprice_result *result;
};

static const struct price_match *match_of(struct repricer *r, const struct name *model)
{
    size_t id = (size_t)model->id;

    if (id >= r->space) {
        size_t space = 2 * id + 16;

        r->matches = xreallocarray(r->matches, space, sizeof(*r->matches));
        r->known = xreallocarray(r->known, space, sizeof(*r->known));
        memset(r->known + r->space, 0, (space - r->space) * sizeof(*r->known));
        r->space = space;
    }
    if (!r->known[id]) {
        r->matches[id] = price_match(r->prices, model->text);
        r->known[id] = true;
    }
    return &r->matches[id];
}

static void price_row(void *to, struct row *row)
{
    struct repricer *r = to;
    int64_t before = row->cost_nusd, after;

    settle_price(row, match_of(r, row->model));
    after = row->cost_nusd;
    r->result->events++;
    r->result->changed += before != after;
    r->result->newly_priced += before == COST_UNKNOWN && after != COST_UNKNOWN;
    r->result->newly_unpriced += before != COST_UNKNOWN && after == COST_UNKNOWN;
    r->result->unpriced += after == COST_UNKNOWN;
    r->result->before_nusd += before != COST_UNKNOWN ? before : 0;
    r->result->after_nusd += after != COST_UNKNOWN ? after : 0;
}

static int reprice(struct store *store, struct repricer *r, int64_t since_ms, struct err *err)
{
    struct store_pricer pricer = { price_row, r };
    struct timespan span = { since_ms, INT64_MAX };

    if (store_begin(store, err) < 0)
        return -1;
    /* A part that was priced anew says nothing about the rest. */
    if (store_reprice(store, span, &pricer, err) < 0 ||
        (since_ms == INT64_MIN &&
         store_set_price_version(store, price_version(r->prices), err) < 0)) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

static int take_ledger(struct lease **lease, const char *path, struct err *err)
{
    if (lease_take(lease, path, err) == 0)
        return 0;
    if (err && err->kind == ERR_BUSY)
        err_set(err, ERR_BUSY,
                "another tacho is writing into %s; stop it first (tacho serve --stop)", path);
    return -1;
}

int ledger_reprice(const struct config *config, int64_t since_ms, struct reprice_result *out,
                   struct err *err)
{
    struct price_table *prices = NULL;
    struct lease *lease = NULL;
    struct store *store = NULL;
    struct zone *zone = NULL;
    struct repricer r = { .result = out };
    int rc = -1;

    *out = (struct reprice_result){ 0 };
    if (store_open(&store, config->db, STORE_WRITE, err) < 0 ||
        take_ledger(&lease, config->db, err) < 0 || zone_open(&zone, "", err) < 0 ||
        catch_up_home(store, zone, true, err) < 0 || catch_up_table(&prices, config, err) < 0)
        goto out;
    r.prices = prices;
    rc = reprice(store, &r, since_ms, err);
out:
    free(r.matches);
    free(r.known);
    price_close(prices);
    zone_close(zone);
    lease_give(lease);
    store_close(store);
    return rc;
}
