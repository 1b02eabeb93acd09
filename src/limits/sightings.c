/* limits/sightings.c — see sightings.h.
 * SPDX-License-Identifier: MIT
 */
#include "limits/sightings.h"

#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>

#define LOOK_BACK 16 /* accounts take turns in a log, but few do */

void sightings_fini(struct sightings *sightings)
{
    free(sightings->at);
    *sightings = (struct sightings){ 0 };
}

void sightings_clear(struct sightings *sightings)
{
    sightings->n = 0;
}

static bool same_bucket(const struct bucket *a, const struct bucket *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->account, b->account) == 0;
}

static bool same_minute(const struct bucket *a, const struct bucket *b)
{
    return a->at_ms / MS_PER_MINUTE == b->at_ms / MS_PER_MINUTE;
}

void sightings_add(struct sightings *s, const struct observation *seen, struct span account,
                   int64_t now_ms)
{
    bool old = seen->at_ms < now_ms - MS_PER_DAY;
    struct bucket bucket;
    size_t i;

    if (!window_read(seen, account, now_ms, &bucket))
        return;
    for (i = s->n; old && i > 0 && s->n - i < LOOK_BACK; i--) {
        struct bucket *kept = &s->at[i - 1];

        if (!same_bucket(kept, &bucket) || !same_minute(kept, &bucket))
            continue;
        if (bucket.at_ms >= kept->at_ms)
            *kept = bucket;
        return;
    }
    s->at = xgrow(s->at, s->n, &s->space, sizeof(*s->at));
    s->at[s->n++] = bucket;
}

/* ---- into the ledger ---- */

static int by_bucket_and_time(const void *a, const void *b)
{
    const struct bucket *x = *(const struct bucket *const *)a,
                        *y = *(const struct bucket *const *)b;
    int order = strcmp(x->account, y->account);

    if (order == 0)
        order = strcmp(x->id, y->id);
    if (order == 0)
        order = (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
    return order ? order : (x > y) - (x < y); /* as they came */
}

/* What has grown older than a day since the bucket was last seen is thinned, as is what was old
 * when it came. */
static int thin(struct store *store, const struct bucket *before, struct timespan written,
                int64_t now_ms, struct err *err)
{
    int64_t edge_ms = (now_ms - MS_PER_DAY) / MS_PER_MINUTE * MS_PER_MINUTE;
    int64_t since_ms = written.since_ms;

    if (before->at_ms > 0 && before->at_ms - MS_PER_DAY < since_ms)
        since_ms = before->at_ms - MS_PER_DAY - MS_PER_MINUTE;
    since_ms = since_ms / MS_PER_MINUTE * MS_PER_MINUTE;
    if (since_ms >= edge_ms)
        return 0;
    return store_sightings_thin(store, before->row, (struct timespan){ since_ms, edge_ms }, err);
}

struct writing {
    struct store *store;
    int64_t now_ms;
    int64_t *changes;
};

/* All sightings of one bucket, oldest first. */
static int write_bucket(struct writing *w, struct bucket *const *seen, size_t n, struct err *err)
{
    struct store *store = w->store;
    bool changed = false;
    struct bucket known = { 0 }, before;
    size_t i;

    if (store_bucket_load(store, seen[0]->account, seen[0]->id, &known, err) < 0)
        return -1;
    before = known;
    for (i = 0; i < n; i++)
        changed |= window_merge(&known, seen[i], w->now_ms) > WINDOW_SAME;
    *w->changes += changed;
    if ((changed || known.row == 0) && store_bucket_put(store, &known, err) < 0)
        return -1;
    before.row = known.row;
    for (i = 0; i < n; i++) {
        struct window_state s = window_at(seen[i], seen[i]->at_ms);
        struct store_sighting sighting = { seen[i]->at_ms, s.used_ppm, seen[i]->resets_at_ms };

        if (store_sighting_add(store, known.row, &sighting, err) < 0)
            return -1;
    }
    return thin(store, &before, (struct timespan){ seen[0]->at_ms, seen[n - 1]->at_ms }, w->now_ms,
                err);
}

int sightings_write(const struct sightings *s, struct store *store, int64_t now_ms,
                    int64_t *changes, struct err *err)
{
    struct bucket **order = xcalloc(s->n + 1, sizeof(struct bucket *));
    struct writing w = { store, now_ms, changes };
    size_t i, end;
    int rc = 0;

    for (i = 0; i < s->n; i++)
        order[i] = &s->at[i];
    qsort(order, s->n, sizeof(struct bucket *), by_bucket_and_time);
    for (i = 0; i < s->n && rc == 0; i = end) {
        for (end = i + 1; end < s->n && same_bucket(order[i], order[end]); end++)
            ;
        rc = write_bucket(&w, order + i, end - i, err);
    }
    free(order);
    return rc;
}
