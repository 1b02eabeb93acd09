/* server/api_gateways.c — /api/gateways…: the gateways, their documents, and what was kept of them.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "gateway/gateways.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "store/gateways.h"

#define HISTORY_MS INT64_C(86400000)

enum { KNOCK_MS = 30000 };

static void no_gateway(struct response *response, struct span id)
{
    response_error(response, 404, "not_found", "There is no gateway %.*s.",
                   id.len < 64 ? (int)id.len : 64, id.p);
}

static bool has(const struct server *server, struct span id)
{
    return server->gateways && gateways_has(server->gateways, id);
}

/* Why a change was refused, as an answer. */
static void refuse(struct response *response, const struct err *err)
{
    static const struct {
        enum err_kind kind;
        int status;
        const char *code;
    } kinds[] = {
        { ERR_USAGE, 400, "bad_gateway_settings" },
        { ERR_NOT_FOUND, 404, "not_found" },
        { ERR_BUSY, 409, "gateway_exists" },
        { ERR_NONE, 503, "not_saved" },
    };
    size_t i = 0;

    while (kinds[i].kind != err->kind && kinds[i].kind != ERR_NONE)
        i++;
    response_error(response, kinds[i].status, kinds[i].code, "%s.", err->text);
}

static bool are_open(const struct server *server, struct response *response)
{
    if (!server->gateways)
        response_error(response, 503, "no_gateways",
                       "This tacho shows invented figures; gateways "
                       "are not connected.");
    return server->gateways != NULL;
}

static void answer_one(struct server *server, struct span id, int status, struct response *response)
{
    struct json_out out = response_json(response);

    gateways_write_one(server->gateways, id, &out);
    response->status = status;
}

void api_gateways(struct server *server, const struct request *request, struct response *response)
{
    struct json_out out = response_json(response);

    (void)request;
    if (server->gateways) {
        gateways_write_all(server->gateways, &out);
    } else {
        json_open(&out, '[');
        json_close(&out, ']');
    }
}

void api_gateway_add(struct server *server, const struct request *request,
                     struct response *response)
{
    char id[GATEWAY_ID_SIZE];
    struct err err = { 0 };

    if (!are_open(server, response))
        return;
    if (gateways_add(server->gateways, request->body, id, &err) < 0)
        refuse(response, &err);
    else
        answer_one(server, span_of(id), 201, response);
}

void api_gateway(struct server *server, const struct request *request, struct response *response)
{
    if (has(server, request->params[0]))
        answer_one(server, request->params[0], 200, response);
    else
        no_gateway(response, request->params[0]);
}

void api_gateway_change(struct server *server, const struct request *request,
                        struct response *response)
{
    struct err err = { 0 };

    if (!has(server, request->params[0]))
        no_gateway(response, request->params[0]);
    else if (gateways_change(server->gateways, request->params[0], request->body, &err) < 0)
        refuse(response, &err);
    else
        answer_one(server, request->params[0], 200, response);
}

void api_gateway_remove(struct server *server, const struct request *request,
                        struct response *response)
{
    struct err err = { 0 };

    if (!has(server, request->params[0]))
        no_gateway(response, request->params[0]);
    else if (gateways_remove(server->gateways, request->params[0], &err) < 0)
        refuse(response, &err);
    else
        response->status = 204;
}

void api_gateway_usage(struct server *server, const struct request *request,
                       struct response *response)
{
    struct span id = request->params[0];

    if (server->gateways && gateways_document(server->gateways, id, &response->body))
        response->status = 200;
    else
        no_gateway(response, id);
}

/* ---- history ---- */

static void write_reading(void *to, const struct store_reading *reading)
{
    struct json_out *out = to;

    json_open(out, '{');
    json_put_int(out, "at", reading->at_ms);
    json_put_money(out, "cost_usd", reading->cost_nusd);
    json_put_int(out, "tokens", reading->tokens);
    json_put_int(out, "output_tokens", reading->output_tokens);
    json_put_int(out, "calls", reading->calls);
    json_key(out, "tokens_per_minute");
    json_fixed(out, (double)reading->tokens_e4 / 10000, 4);
    json_put_money(out, "cost_usd_per_minute", reading->speed_nusd);
    json_put_int(out, "window_started_at", reading->started_ms);
    json_put_int(out, "window_resets_at", reading->resets_ms);
    json_close(out, '}');
}

static void write_gauge(void *to, const struct store_gauge *gauge)
{
    struct json_out *out = to;

    json_open(out, '{');
    json_put_int(out, "at", gauge->at_ms);
    json_put_text(out, "provider", gauge->provider);
    json_put_text(out, "label", gauge->label);
    json_key(out, "used_percent");
    if (gauge->used_ppm >= 0)
        json_fixed(out, (double)gauge->used_ppm / 10000, 4);
    else
        json_nil(out);
    json_key(out, "resets_at");
    if (gauge->resets_ms > 0)
        json_int(out, gauge->resets_ms);
    else
        json_nil(out);
    json_close(out, '}');
}

/* A bound in epoch milliseconds; absent: `fallback`. False: not a number. */
static bool read_bound(const struct request *request, const char *name, int64_t fallback,
                       int64_t *out)
{
    struct span text = request_query(request, name);

    *out = fallback;
    return !text.p || span_int(text, out);
}

static int write_history(struct server *server, struct store_gateway_query *query,
                         struct json_out *out, struct err *err)
{
    query->to = out;
    json_open(out, '{');
    json_key(out, "readings");
    json_open(out, '[');
    if (store_gateway_readings(server->store, query, write_reading, err) < 0)
        return -1;
    json_close(out, ']');
    json_key(out, "windows");
    json_open(out, '[');
    if (store_gateway_gauges(server->store, query, write_gauge, err) < 0)
        return -1;
    json_close(out, ']');
    json_close(out, '}');
    return 0;
}

void api_gateway_history(struct server *server, const struct request *request,
                         struct response *response)
{
    enum { DAYS_MOST = 31 };
    struct store_gateway_query query = { .gateway = request->params[0] };
    int64_t now_ms = clock_now_ms();
    struct err err = { 0 };
    struct json_out out;

    if (!has(server, query.gateway)) {
        no_gateway(response, query.gateway);
    } else if (!read_bound(request, "until", now_ms + 1, &query.until_ms) ||
               !read_bound(request, "since", query.until_ms - HISTORY_MS, &query.since_ms) ||
               query.until_ms < query.since_ms ||
               query.until_ms - query.since_ms > DAYS_MOST * HISTORY_MS) {
        response_error(response, 400, "bad_span",
                       "since and until are epoch milliseconds, at most %d days apart.", DAYS_MOST);
    } else {
        out = response_json(response);
        if (write_history(server, &query, &out, &err) < 0) {
            response_clear(response);
            response_error(response, 503, "ledger_unavailable", "%s", err.text);
        }
    }
}

/* ---- the WebSocket ---- */

bool gateway_exists(struct server *server, struct span id)
{
    return has(server, id);
}

void gateway_watch(struct server *server, struct span id, int change)
{
    gateways_watch(server->gateways, id, change);
}

int gateway_document(struct server *server, struct buf *out, struct topic_state *state,
                     struct err *err)
{
    const char *error;

    /* what is new is told; only where nothing is, asking again may help */
    if (gateways_state(server->gateways, state->param, &error) != GATEWAY_CONNECTED)
        state->good_until_ms = clock_now_ms() + KNOCK_MS;
    buf_add_text(out, "{\"type\":\"runtime_usage\",\"document\":");
    if (!gateways_document(server->gateways, state->param, out)) {
        err_set(err, ERR_NOT_FOUND, "there is no such gateway");
        return -1;
    }
    buf_add_char(out, '}');
    return 0;
}
