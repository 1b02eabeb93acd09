/* server/server_internal.h — the server's parts, for the files of this room only.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_SERVER_INTERNAL_H
#define SERVER_SERVER_INTERNAL_H

#include "event/sums.h"
#include "net/loop.h"
#include "server/auth.h"
#include "server/cache.h"
#include "server/conn.h"
#include "server/guard.h"
#include "server/hub.h"
#include "server/listen.h"
#include "server/server.h"
#include "server/usage_watch.h"

struct server {
    const struct config *config; /* lent, as are the next four */
    struct net_loop *loop;
    struct store *store;
    const struct zone *zone;       /* of reports and of the page */
    const struct zone *usage_zone; /* of /api/usage: the one set or configured, else UTC */
    struct zone *utc;
    struct zone *page_zone;    /* as set from the page; NULL: none is */
    struct gateways *gateways; /* lent; may be NULL */
    struct server_hooks hooks;
    uint64_t tickets;      /* given out so far, for answers that come later */
    enum cost_kind cost;   /* shown where a request does not say which */
    struct span base_path; /* "/tacho", or empty; lent from the configuration */
    int64_t started_ms;    /* CLOCK_BOOTTIME */
    int64_t revision;      /* of what is served: raised by every server_changed */
    struct guard guard;
    struct auth auth;
    struct cache cache;
    struct usage_watch usage;
    struct store *writer;   /* opened by the first write; NULL before */
    int64_t store_revision; /* as store_revision told it last */
    struct hub hub;
    struct conns conns;
    struct listener listener;
    char url[320];
};

/* Patience and intervals, for tests that cannot wait. Call it right after server_open. */
struct server_limits {
    int64_t wait_ms[CONN_WAITS];
    int64_t ping_ms;
};
void server_set_limits(struct server *server, const struct server_limits *limits);

/* Takes over what is set from the page: after it has changed (api_settings.c). */
void server_take_settings(struct server *server);

/* The first instant of the next day in this zone: until then a report of "today" holds. */
int64_t server_next_midnight(const struct zone *zone, int64_t now_ms);

#endif
