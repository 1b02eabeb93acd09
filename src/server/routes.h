/* server/routes.h — every path of the HTTP interface, one row each.
 *
 * To add a call: one row in routes.c, one handler in a file api_<family>.c. Access, content types,
 * sizes, 404, 405, HEAD, ETag and caching follow from the row. Constant; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "server/http.h"

struct server;

/* Fills in the response. Everything outside the request comes from the server. */
typedef void handler_fn(struct server *server, const struct request *request,
                        struct response *response);

enum route_flag {
    ROUTE_OPEN = 1 << 0,   /* answered without a token */
    ROUTE_FORM = 1 << 1,   /* takes a form of the sign-in page, not JSON; 4 KiB */
    ROUTE_CACHED = 1 << 2, /* depends on path, query, ledger and time only */
    ROUTE_WATCHED = 1 << 3 /* … and on what other programs write: looked at before each answer */
};

struct route {
    enum method method;
    const char *pattern; /* "/api/runs/{id}": braces stand for one part of the path */
    handler_fn *handler;
    unsigned flags;
};

extern const struct route routes[]; /* ends with pattern == NULL */

/* Does the path fit the pattern? `params` gets what stands for the braces. */
bool route_matches(const char *pattern, struct span path, struct span params[REQUEST_PARAMS_MAX]);

/* The row for method and path; NULL where there is none. *allowed gets a bit (1 << method) for
 * every method that the path has. */
const struct route *route_find(const struct route *table, enum method method, struct span path,
                               struct span params[REQUEST_PARAMS_MAX], unsigned *allowed);

#endif
