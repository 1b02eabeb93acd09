/* show/limits_json.c — rate limits as programs read them. Keys stand in a fixed order.
 * SPDX-License-Identifier: MIT
 */
#include "show/limits.h"

#include "base/civil.h"

static const char *const via_words[VIA_KINDS] = { "log", "status_line", "gateway", "endpoint" };

static void put_ms(struct json_out *out, const char *key, int64_t ms)
{
    json_key(out, key);
    if (ms > 0)
        json_int(out, ms);
    else
        json_nil(out);
}

static void put_word(struct json_out *out, const char *key, const char *word)
{
    json_put_text(out, key, word[0] ? span_of(word) : SPAN_ABSENT);
}

static void put_ppm(struct json_out *out, const char *key, int64_t ppm, int decimals)
{
    json_key(out, key);
    json_fixed(out, (double)ppm / 1e6, decimals);
}

static void put_head(struct json_out *out, const struct limits_account *account)
{
    put_word(out, "plan", account->plan);
    put_ms(out, "observed_at", account->at_ms);
    put_word(out, "last_error", account->error);
    put_ms(out, "last_error_at", account->error_at_ms);
}

/* The members that every description of a bucket begins with. */
static void put_bucket(struct json_out *out, const struct limits_bucket *b)
{
    json_put_text(out, "id", span_of(b->bucket.id));
    put_ppm(out, "utilization", b->state.used_ppm, 6);
    put_ms(out, "reset_at", b->state.resets_at_ms);
    put_ms(out, "window_started_at", b->state.began_ms);
}

static void put_pacing(struct json_out *out, const struct limits_bucket *b)
{
    put_ppm(out, "delta", b->state.delta_ppm, 4);
    json_put_text(out, "zone", span_of(pacing_names[b->state.pacing]));
}

void show_usage_state(struct json_out *out, const struct limits_account *account)
{
    size_t i;

    json_open(out, '{');
    put_head(out, account);
    json_key(out, "buckets");
    json_open(out, '[');
    for (i = 0; i < account->n; i++) {
        if (window_is_api(&account->buckets[i].bucket))
            continue;
        json_open(out, '{');
        put_bucket(out, &account->buckets[i]);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_key(out, "pacing");
    json_open(out, '{');
    for (i = 0; i < account->n; i++) {
        if (window_is_api(&account->buckets[i].bucket))
            continue;
        json_key(out, account->buckets[i].bucket.id);
        json_open(out, '{');
        put_pacing(out, &account->buckets[i]);
        json_close(out, '}');
    }
    json_close(out, '}');
    json_close(out, '}');
}

/* ---- all there is to know ---- */

static void put_allowance(struct json_out *out, const char *key, const struct allowance *a)
{
    json_key(out, key);
    if (a->limit < 0 || a->remaining < 0) {
        json_nil(out);
        return;
    }
    json_open(out, '{');
    json_put_int(out, "remaining", a->remaining);
    json_put_int(out, "limit", a->limit);
    json_close(out, '}');
}

static void put_forecast(struct json_out *out, const struct limits_bucket *b)
{
    put_ms(out, "full_at", b->full_at_ms);
    json_key(out, "full_before_reset");
    if (b->full_at_ms > 0 && b->state.resets_at_ms > 0)
        json_bool(out, b->full_at_ms < b->state.resets_at_ms);
    else
        json_nil(out);
}

static void put_whole_bucket(struct json_out *out, const struct limits_bucket *b)
{
    json_open(out, '{');
    put_bucket(out, b);
    json_put_int(out, "window_seconds", b->bucket.window_s);
    json_put_int(out, "observed_at", b->bucket.at_ms);
    json_put_text(out, "source", span_of(via_words[b->bucket.via]));
    json_put_bool(out, "expired", b->state.expired);
    put_pacing(out, b);
    put_forecast(out, b);
    put_allowance(out, "tokens", &b->bucket.tokens);
    put_allowance(out, "requests", &b->bucket.requests);
    json_close(out, '}');
}

/* A guess stands apart from what providers told, so that nobody takes it for that. */
static void put_estimate(struct json_out *out, const struct estimate *e)
{
    int64_t left = e->limit_tokens > e->used_tokens ? e->limit_tokens - e->used_tokens : 0;
    const struct allowance tokens = { left, e->limit_tokens };

    json_key(out, "estimate");
    if (e->limit_tokens == 0) {
        json_nil(out);
        return;
    }
    json_open(out, '{');
    json_put_text(out, "id", SPAN_LIT(LIMITS_ESTIMATED));
    json_put_bool(out, "estimated", true);
    put_ppm(out, "utilization", limits_estimate_ppm(e), 6);
    put_ms(out, "reset_at", e->resets_at_ms);
    put_ms(out, "window_started_at", e->began_ms);
    put_allowance(out, "tokens", &tokens);
    json_put_int(out, "blocks", e->blocks);
    json_close(out, '}');
}

void show_limits_json(struct buf *text, const struct limits *limits, int indent)
{
    struct json_out out;
    size_t i, k;

    json_out_init(&out, text, indent);
    json_open(&out, '{');
    json_put_int(&out, "at", limits->now_ms);
    json_key(&out, "accounts");
    json_open(&out, '[');
    for (i = 0; i < limits->accounts_n; i++) {
        const struct limits_account *account = &limits->accounts[i];

        json_open(&out, '{');
        json_put_text(&out, "account", span_of(account->name));
        put_head(&out, account);
        json_key(&out, "buckets");
        json_open(&out, '[');
        for (k = 0; k < account->n; k++)
            put_whole_bucket(&out, &account->buckets[k]);
        json_close(&out, ']');
        put_estimate(&out, &account->estimate);
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_close(&out, '}');
}
