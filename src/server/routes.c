/* server/routes.c — the table of calls, and finding a row in it.
 * SPDX-License-Identifier: MIT
 */
#include "server/routes.h"

#include "server/handlers.h"

const struct route routes[] = {
    { METHOD_GET, "/api/usage", api_usage, ROUTE_CACHED },
    { METHOD_GET, "/api/settings", api_settings, 0 },
    { METHOD_PATCH, "/api/settings", api_settings_change, 0 },
    { METHOD_GET, "/api/v1/limits", api_limits, ROUTE_CACHED },
    { METHOD_GET, "/api/usage/daily", api_usage_daily, ROUTE_CACHED },
    { METHOD_GET, "/usage", api_usage_window, ROUTE_CACHED | ROUTE_WATCHED },
    { METHOD_GET, "/api/tasks", api_tasks_list, ROUTE_CACHED | ROUTE_WATCHED },
    { METHOD_POST, "/api/tasks", api_tasks_take, 0 },
    { METHOD_GET, "/api/usage/runs/{id}", api_run_usage, ROUTE_CACHED },
    { METHOD_GET, "/api/runs", api_runs, ROUTE_CACHED },
    { METHOD_POST, "/api/runs", api_run_add, 0 },
    { METHOD_GET, "/api/runs/{id}", api_run, ROUTE_CACHED },
    { METHOD_POST, "/api/runs/{id}/finish", api_run_finish, 0 },
    { METHOD_GET, "/api/v1/report", api_report, ROUTE_CACHED },
    { METHOD_GET, "/api/v1/live", api_live, ROUTE_CACHED },
    { METHOD_GET, "/metrics", api_metrics, ROUTE_CACHED },
    { METHOD_GET, "/api/gateways", api_gateways, 0 },
    { METHOD_POST, "/api/gateways", api_gateway_add, 0 },
    { METHOD_GET, "/api/gateways/{id}", api_gateway, 0 },
    { METHOD_PATCH, "/api/gateways/{id}", api_gateway_change, 0 },
    { METHOD_DELETE, "/api/gateways/{id}", api_gateway_remove, 0 },
    { METHOD_GET, "/api/gateways/{id}/runtime-usage", api_gateway_usage, 0 },
    { METHOD_GET, "/api/gateways/{id}/history", api_gateway_history, 0 },
    { METHOD_GET, "/api/v1/health", api_health, 0 },
    { METHOD_GET, "/api/openapi.json", api_openapi, 0 },
    { METHOD_GET, "/login", login_form, ROUTE_OPEN },
    { METHOD_GET, "/login.css", login_style, ROUTE_OPEN },
    { METHOD_POST, "/login", login_enter, ROUTE_OPEN | ROUTE_FORM },
    { METHOD_POST, "/logout", login_leave, ROUTE_OPEN | ROUTE_FORM },
    { 0 },
};

bool route_matches(const char *pattern, struct span path, struct span params[REQUEST_PARAMS_MAX])
{
    struct span want = span_of(pattern), part, piece;
    size_t n = 0;

    while (span_split(&want, '/', &part)) {
        if (!span_split(&path, '/', &piece))
            return false;
        if (part.len > 0 && part.p[0] == '{') {
            if (piece.len == 0 || n == REQUEST_PARAMS_MAX)
                return false;
            params[n++] = piece;
        } else if (!span_eq(part, piece)) {
            return false;
        }
    }
    return path.p == NULL; /* nothing is left over */
}

const struct route *route_find(const struct route *table, enum method method, struct span path,
                               struct span params[REQUEST_PARAMS_MAX], unsigned *allowed)
{
    const struct route *found = NULL;
    struct span taken[REQUEST_PARAMS_MAX] = { { NULL, 0 } };

    *allowed = 0;
    for (const struct route *route = table; route->pattern; route++) {
        if (!route_matches(route->pattern, path, taken))
            continue;
        *allowed |= 1u << route->method;
        if (route->method != method || found)
            continue;
        found = route;
        memcpy(params, taken, sizeof(taken));
    }
    return found;
}
