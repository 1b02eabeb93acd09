/* server/api_limits.c — rate limits: /api/usage and its socket, /api/v1/limits.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/hash.h"
#include "report/estimate.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "show/limits.h"

/* Pacing moves with the clock, but nobody needs it more often than this. */
#define PACING_MS MS_PER_SECOND

static bool has_window(const struct limits_account *account)
{
    size_t i;

    for (i = 0; i < account->n; i++)
        if (account->buckets[i].state.resets_at_ms > 0)
            return true;
    return false;
}

static int64_t good_until(const struct limits_account *account, int64_t now_ms)
{
    int64_t next_ms = limits_next_ms(account, now_ms);

    return has_window(account) && now_ms + PACING_MS < next_ms ? now_ms + PACING_MS : next_ms;
}

static int load(struct limits *limits, const struct server *server, enum limits_depth depth,
                struct err *err)
{
    int rc = limits_load(limits, server->store, clock_now_ms(), depth, err);

    limits_name_plans(limits, server->config);
    return rc;
}

void api_usage(struct server *server, const struct request *request, struct response *response)
{
    struct span key = request_query(request, "account");
    struct limits_account account;
    struct limits limits;
    struct json_out out;
    struct err err;

    if (load(&limits, server, LIMITS_STATE, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else if (!limits_account(&limits, key, &account)) {
        response_error(response, 404, "unknown_account", "There is no account %.*s.",
                       (int)(key.len < 80 ? key.len : 80), key.p);
    } else {
        out = response_json(response);
        show_usage_state(&out, &account);
        response->good_until_ms = good_until(&account, limits.now_ms);
    }
    limits_fini(&limits);
}

/* With forecasts, and estimates of what nobody told. */
static int load_all(struct limits *limits, const struct server *server, struct err *err)
{
    const struct estimate_sink sink = limits_estimates(limits);

    if (load(limits, server, LIMITS_FORECAST, err) < 0)
        return -1;
    return report_estimates(server->store, limits->now_ms, &sink, err);
}

void api_limits(struct server *server, const struct request *request, struct response *response)
{
    struct limits limits;
    struct err err;

    (void)request;
    if (load_all(&limits, server, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else {
        show_limits_json(&response->body, &limits, 0);
        response->status = 200;
        response->good_until_ms = limits.now_ms + PACING_MS;
    }
    limits_fini(&limits);
}

/* ---- the socket ---- */

/* All of the state but pacing, which moves without news. */
static uint64_t mark_of(const struct limits_account *account)
{
    uint64_t mark = hash_span(span_of(account->plan));
    size_t i;

    mark = hash_mix(mark, hash_span(span_of(account->error)));
    for (i = 0; i < account->n; i++) {
        const struct limits_bucket *b = &account->buckets[i];

        if (window_is_api(&b->bucket))
            continue;
        mark = hash_mix(mark, hash_span(span_of(b->bucket.id)));
        mark = hash_mix(mark, (uint64_t)b->bucket.at_ms);
        mark = hash_mix(mark, (uint64_t)b->state.used_ppm);
        mark = hash_mix(mark, (uint64_t)b->state.resets_at_ms);
    }
    return mark | 1; /* never 0, which means "always another" */
}

int usage_document(struct server *server, struct buf *text, struct topic_state *state,
                   struct err *err)
{
    struct limits_account account;
    struct limits limits;
    struct json_out out;
    int rc = load(&limits, server, LIMITS_STATE, err);

    if (rc == 0) {
        limits_account(&limits, SPAN_ABSENT, &account);
        json_out_init(&out, text, 0);
        json_open(&out, '{');
        json_put_text(&out, "type", SPAN_LIT("snapshot"));
        json_key(&out, "state");
        show_usage_state(&out, &account);
        json_close(&out, '}');
        state->good_until_ms = limits_next_ms(&account, limits.now_ms);
        state->mark = mark_of(&account);
    }
    limits_fini(&limits);
    return rc;
}

void usage_crossed(struct server *server, const struct limits_crossing *crossing)
{
    struct buf text = { 0 };
    struct json_out out;

    json_out_init(&out, &text, 0);
    json_open(&out, '{');
    json_put_text(&out, "type", SPAN_LIT("threshold_crossed"));
    json_put_text(&out, "bucket_id", span_of(crossing->bucket.id));
    json_put_int(&out, "threshold", crossing->threshold);
    json_key(&out, "reset_at");
    if (crossing->state.resets_at_ms > 0)
        json_int(&out, crossing->state.resets_at_ms);
    else
        json_nil(&out);
    json_close(&out, '}');
    hub_tell(&server->hub, "/api/ws/usage", buf_span(&text));
    buf_fini(&text);
}
