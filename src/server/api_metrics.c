/* server/api_metrics.c — GET /metrics: the ledger for Prometheus.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "show/metrics.h"

/* Limits expire by themselves; a scrape once a second is as often as anyone needs. */
#define KEEP_MS MS_PER_SECOND

void api_metrics(struct server *server, const struct request *request, struct response *response)
{
    int64_t now_ms = clock_now_ms();
    struct report_query query = { .by = REPORT_MODEL,
                                  .zone = server->zone,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN,
                                  .blocks = { .now_ms = now_ms },
                                  .cost = server->cost };
    struct limits limits = { 0 };
    struct report models = { 0 };
    struct store_facts facts;
    struct err err;

    (void)request;
    if (report_build(server->store, &query, &models, &err) < 0 ||
        limits_load(&limits, server->store, now_ms, LIMITS_STATE, &err) < 0 ||
        store_get_facts(server->store, &facts, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else {
        response->status = 200;
        response->type = SHOW_METRICS_TYPE;
        show_metrics(&response->body, &(struct metrics_parts){ &models, &limits, &facts });
        response->good_until_ms = now_ms + KEEP_MS;
    }
    limits_fini(&limits);
    report_fini(&models);
}
