/* server/dispatch.h — from a request's head to its answer: all checks, in one order.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_DISPATCH_H
#define SERVER_DISPATCH_H

#include "server/assets.h"
#include "server/routes.h"

struct server;
struct topic;

/* One request and its answer. */
struct exchange {
    struct request request;
    struct response response;
    const struct route *route;
    const struct asset *asset; /* instead of a route: a file of the page */
    const struct topic *topic; /* or a WebSocket */
    unsigned allowed;          /* methods that the path has */
    struct buf body;           /* what has come of it */
};

enum dispatch {
    DISPATCH_ANSWER,  /* the response is there */
    DISPATCH_BODY,    /* read the body, then dispatch_body */
    DISPATCH_UPGRADE, /* becomes a WebSocket of `topic`; the response holds the handshake */
};

/* `request` was parsed. Nothing of the body is read before this says so. */
enum dispatch dispatch_head(struct server *server, struct exchange *exchange);
void dispatch_body(struct server *server, struct exchange *exchange);

void exchange_free(struct exchange *exchange); /* NULL is fine */

#endif
