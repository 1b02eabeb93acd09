/* server/server.c — puts the parts together and takes them apart again.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/zone.h"
#include "config/config.h"
#include "report/report.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

/* "/tacho" from "tacho/", "/tacho", …; empty for "/" and for nothing. */
static struct span base_path_of(const char *text)
{
    struct span path = span_of(text);

    while (path.len > 0 && path.p[path.len - 1] == '/')
        path.len--;
    return path;
}

static int take_zones(struct server *server, struct err *err)
{
    if (zone_open(&server->utc, "UTC", err) < 0)
        return -1;
    server_take_settings(server);
    return 0;
}

static void make_url(struct server *server)
{
    const char *listen = server->config->listen;
    struct address address;
    char host[256];

    /* what cannot stand in a URL, or leads nowhere from here, is reached as this machine */
    if (!address_parse(span_of(listen), &address))
        snprintf(host, sizeof(host), "%s", listen);
    else if (address_is_any(&address))
        snprintf(host, sizeof(host), "127.0.0.1");
    else
        address_format(&address, host);
    snprintf(server->url, sizeof(server->url), "%s://%s:%d%.*s/",
             server->conns.tls ? "https" : "http", host, server->listener.port,
             (int)server->base_path.len, server->base_path.p);
}

static void warn_of_clear_text(const struct server *server)
{
    if (!server->listener.loopback && !server->conns.tls)
        log_warning("listening on %s without TLS: tokens travel in clear; give --tls-cert and "
                    "--tls-key, or put a proxy with TLS in front (--base-path, --trust-proxy)",
                    server->config->listen);
}

static int open_parts(struct server *server, struct err *err)
{
    const struct config *config = server->config;
    enum exposure exposure;

    if (server->base_path.len > 0 && server->base_path.p[0] != '/') {
        err_set(err, ERR_USAGE, "--base-path %s: must begin with '/'", config->base_path);
        return -1;
    }
    if (report_check_plans(config->plans, err) < 0 || take_zones(server, err) < 0 ||
        usage_watch_init(&server->usage, config, err) < 0 ||
        guard_init(&server->guard, config, err) < 0 ||
        listener_open(&server->listener, config->listen, (int)config->port, err) < 0)
        return -1;
    exposure = server->listener.loopback ? EXPOSED_LOOPBACK : EXPOSED_NETWORK;
    if (auth_init(&server->auth, config, exposure, server->listener.port, err) < 0 ||
        conns_open(&server->conns, server, err) < 0)
        return -1;
    return listener_serve(&server->listener, &server->conns, err);
}

int server_open(struct server **out, const struct server_parts *parts, struct err *err)
{
    struct server *server = xcalloc(1, sizeof(*server));
    int rc = -1;

    server->config = parts->config;
    server->loop = parts->loop;
    server->store = parts->store;
    server->zone = parts->zone;
    server->gateways = parts->gateways;
    server->hooks = parts->hooks;
    server->base_path = base_path_of(parts->config->base_path);
    if (parts->config->cost)
        cost_kind_parse(span_of(parts->config->cost), &server->cost);
    server->started_ms = clock_boot_ms();
    hub_init(&server->hub, server);
    if (open_parts(server, err) < 0)
        goto out;
    make_url(server);
    warn_of_clear_text(server);
    *out = server;
    server = NULL;
    rc = 0;
out:
    server_close(server);
    return rc;
}

void server_close(struct server *server)
{
    if (!server)
        return;
    listener_close(&server->listener);
    conns_close(&server->conns);
    hub_fini(&server->hub);
    cache_drop(&server->cache);
    usage_watch_fini(&server->usage);
    store_close(server->writer);
    auth_fini(&server->auth);
    guard_fini(&server->guard);
    zone_close(server->utc);
    zone_close(server->page_zone);
    free(server);
}

const char *server_url(const struct server *server)
{
    return server->url;
}

void server_changed(struct server *server)
{
    server->revision++;
    cache_drop(&server->cache);
    hub_changed(&server->hub);
}

void server_crossed(struct server *server, const struct limits_crossing *crossing)
{
    usage_crossed(server, crossing);
}

void server_gateway_changed(struct server *server, const char *id)
{
    hub_publish(&server->hub, GATEWAY_TOPIC, span_of(id));
}

/* {"type":"state","run_id":7,"project_id":0,"state":"running"} */
static void tell_state(struct server *server, const struct run_news *news)
{
    struct buf text = { 0 };
    struct json_out out;

    json_out_init(&out, &text, 0);
    json_open(&out, '{');
    json_put_text(&out, "type", SPAN_LIT("state"));
    json_put_int(&out, "run_id", news->run);
    json_put_int(&out, "project_id", news->project_id);
    json_put_text(&out, "state", span_of(run_state_names[news->state]));
    json_close(&out, '}');
    hub_tell(&server->hub, "/api/ws/states", buf_span(&text));
    buf_fini(&text);
}

void server_run_news(struct server *server, const struct run_news *news)
{
    if (news->kind == RUN_NEWS_STATE)
        tell_state(server, news);
    hub_run_news(&server->hub, news);
}

void server_set_limits(struct server *server, const struct server_limits *limits)
{
    for (int i = 0; i < CONN_WAITS; i++)
        server->conns.waits[i].patience_ms = limits->wait_ms[i];
    server->hub.ping_ms = limits->ping_ms;
}

int64_t server_next_midnight(const struct zone *zone, int64_t now_ms)
{
    return zone_day_start_ms(zone, zone_day_of(zone, now_ms) + 1);
}
