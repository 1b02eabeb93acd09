/* limits/announce.c — thresholds that were crossed, each announced once per window.
 *
 * The mark is on disk before anybody hears of the crossing. A process that dies in between has
 * announced to nobody who listened live; what must not be lost (hooks) is written down with the
 * mark, by `more`.
 * SPDX-License-Identifier: MIT
 */
#include "limits/limits.h"

#include "config/config.h"
#include "store/settings.h"

#include <jansson.h>

#define PERCENT_MOST 1000

static const struct thresholds usual = { { 75, 90 }, 2 };

/* ---- thresholds ---- */

/* [75, 90]: false, and nothing changed, when it is no such list. */
static bool take_list(const json_t *list, struct thresholds *out)
{
    struct thresholds t = { 0 };
    const json_t *value;
    size_t i;

    if (!json_is_array(list) || json_array_size(list) > THRESHOLDS_MAX)
        return false;
    json_array_foreach(list, i, value)
    {
        json_int_t percent = json_integer_value(value);

        if (!json_is_integer(value) || percent < 1 || percent > PERCENT_MOST)
            return false;
        t.percent[t.n++] = (int)percent;
    }
    *out = t;
    return true;
}

bool limits_thresholds_read(struct span json, struct thresholds *out)
{
    json_t *list = json_loadb(json.p, json.len, 0, NULL);
    bool good = take_list(list, out);

    json_decref(list);
    return good;
}

int limits_thresholds(struct store *store, const struct config *config, const char *bucket,
                      struct thresholds *out, struct err *err)
{
    json_t *own = config->thresholds ? json_loads(config->thresholds, 0, NULL) : NULL;
    struct buf text = { 0 };
    int rc = store_setting_get(store, "thresholds", &text, err);

    *out = usual;
    if (rc >= 0 && !take_list(json_object_get(own, bucket), out) &&
        !limits_thresholds_read(buf_span(&text), out))
        take_list(json_object_get(own, "default"), out);
    json_decref(own);
    buf_fini(&text);
    return rc < 0 ? -1 : 0;
}

/* ---- crossings ---- */

struct round {
    struct store *store;
    const struct limits_herald *herald;
    int64_t now_ms;
};

/* 1: it is due, and written down as announced; 0: it is not. Looks at the bucket as it is now:
 * another handle may have announced it, or seen more, since it was loaded. */
static int mark(struct round *r, struct limits_crossing *c, const struct thresholds *thresholds,
                struct err *err)
{
    const struct limits_herald *herald = r->herald;
    struct bucket now;
    int rc = store_bucket_load(r->store, c->bucket.account, c->bucket.id, &now, err);

    if (rc <= 0)
        return rc;
    c->threshold = window_crossed(&now, thresholds, r->now_ms);
    if (c->threshold == 0)
        return 0;
    now.announced = c->threshold;
    c->bucket = now;
    c->state = window_at(&now, r->now_ms);
    if (store_bucket_put(r->store, &c->bucket, err) < 0 ||
        (herald->more && herald->more(herald->to, r->store, c, err) < 0))
        return -1;
    return 1;
}

static int announce(struct round *r, const struct bucket *bucket, struct err *err)
{
    struct limits_crossing crossing = { .bucket = *bucket, .at_ms = r->now_ms };
    struct thresholds thresholds;
    int rc;

    if (limits_thresholds(r->store, r->herald->config, bucket->id, &thresholds, err) < 0)
        return -1;
    if (window_crossed(bucket, &thresholds, r->now_ms) == 0)
        return 0;
    if (store_begin_sure(r->store, err) < 0)
        return -1;
    rc = mark(r, &crossing, &thresholds, err);
    if (rc < 0) {
        store_rollback(r->store);
        return -1;
    }
    if (store_commit(r->store, err) < 0)
        return -1;
    if (rc == 1 && r->herald->fn)
        r->herald->fn(r->herald->to, &crossing);
    return 0;
}

int limits_announce(struct store *store, const struct limits_herald *herald, int64_t now_ms,
                    struct err *err)
{
    struct round round = { store, herald, now_ms };
    struct limits limits;
    int rc = limits_load(&limits, store, now_ms, LIMITS_STATE, err);
    size_t i;

    for (i = 0; rc == 0 && i < limits.buckets_n; i++)
        rc = announce(&round, &limits.buckets[i].bucket, err);
    limits_fini(&limits);
    return rc;
}
