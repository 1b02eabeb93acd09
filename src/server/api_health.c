/* server/api_health.c — is it well, and what does it offer.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "server/texts.h"
#include "store/store.h"

static void write_ledger(struct json_out *out, struct store *store, const struct store_facts *facts)
{
    json_key(out, "ledger");
    json_open(out, '{');
    json_put_text(out, "path", span_of(store_path(store)));
    json_put_int(out, "size_bytes", facts->size_bytes);
    json_put_int(out, "events", facts->events);
    json_close(out, '}');
    json_key(out, "last_event_at");
    if (facts->last_event_ms > 0)
        json_int(out, facts->last_event_ms);
    else
        json_nil(out);
}

void api_health(struct server *server, const struct request *request, struct response *response)
{
    struct store_facts facts;
    struct json_out out;
    struct err err;

    (void)request;
    if (store_get_facts(server->store, &facts, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        return;
    }
    out = response_json(response);
    json_open(&out, '{');
    json_put_bool(&out, "ok", true);
    json_put_text(&out, "version", SPAN_LIT(TACHO_VERSION));
    json_put_int(&out, "uptime_ms", clock_boot_ms() - server->started_ms);
    write_ledger(&out, server->store, &facts);
    if (server->hooks.health)
        server->hooks.health(server->hooks.to, &out);
    json_close(&out, '}');
}

void api_openapi(struct server *server, const struct request *request, struct response *response)
{
    (void)server, (void)request;
    response_text(response, NULL, text_openapi_json);
}
