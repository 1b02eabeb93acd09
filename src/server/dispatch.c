/* server/dispatch.c — see dispatch.h.
 *
 * The checks stand in one table. Each lets the request pass or answers it; who is not let in learns
 * nothing about what lies behind. Nothing is computed before all of them passed.
 * SPDX-License-Identifier: MIT
 */
#include "server/dispatch.h"

#include "base/clock.h"
#include "base/log.h"
#include "server/handlers.h"
#include "server/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
    BODY_MAX = 8 << 20,
    FORM_MAX = 4 << 10,
};

enum verdict { PASS, ANSWERED };

/* A piece of the request for a message: no longer than what one reads. */
#define PIECE(span) ((span).len < 80 ? (int)(span).len : 80), ((span).p ? (span).p : "")

static bool is_upgrade(const struct request *request)
{
    return request->method == METHOD_GET && !request->head_only &&
           request_lists(request->headers[HEADER_UPGRADE], "websocket") &&
           request_lists(request->headers[HEADER_CONNECTION], "upgrade");
}

static bool is_write(const struct request *request)
{
    return request->method != METHOD_GET;
}

/* ---- the checks, in the order of the table below ---- */

/* A proxy that we trust says for whom it asks. */
static enum verdict check_proxy(struct server *server, struct exchange *x)
{
    struct span *headers = x->request.headers;
    struct span list = headers[HEADER_X_FORWARDED_FOR], last = SPAN_ABSENT;

    if (!guard_trusts(&server->guard, &x->request.peer))
        return PASS;
    while (span_split(&list, ',', &last)) /* ours is the last proxy: what it saw stands last */
        ;
    address_parse(span_trim(last), &x->request.peer);
    x->request.secure = span_is(headers[HEADER_X_FORWARDED_PROTO], "https");
    if (headers[HEADER_X_FORWARDED_HOST].p)
        headers[HEADER_HOST] = headers[HEADER_X_FORWARDED_HOST];
    return PASS;
}

static enum verdict check_host(struct server *server, struct exchange *x)
{
    struct span host = x->request.headers[HEADER_HOST];

    if (guard_serves(&server->guard, host))
        return PASS;
    response_error(&x->response, 403, "host_refused",
                   "The name %.*s is not served here; start with --host NAME to allow it.",
                   PIECE(host));
    return ANSWERED;
}

static enum verdict check_origin(struct server *server, struct exchange *x)
{
    const struct span *headers = x->request.headers;
    struct span origin = headers[HEADER_ORIGIN];

    if (!origin.p)
        return PASS;
    switch (guard_origin(&server->guard, origin, headers[HEADER_HOST])) {
    case ORIGIN_SAME:
        return PASS;
    case ORIGIN_ALLOWED:
        response_header(&x->response, "Access-Control-Allow-Origin", "%.*s", (int)origin.len,
                        origin.p);
        response_header(&x->response, "Access-Control-Expose-Headers", "ETag, Retry-After");
        response_header(&x->response, "Vary", "Origin");
        return PASS;
    case ORIGIN_FOREIGN:
        break;
    }
    response_error(&x->response, 403, "origin_refused",
                   "Pages from %.*s may not ask here; start with --allow-origin URL to allow it.",
                   PIECE(origin));
    return ANSWERED;
}

/* Only pages of allowed origins need one; for ours a browser never asks. */
static enum verdict check_preflight(struct server *server, struct exchange *x)
{
    const struct span *headers = x->request.headers;

    if (x->request.method != METHOD_OPTIONS || !headers[HEADER_ORIGIN].p ||
        !headers[HEADER_ACCESS_CONTROL_REQUEST_METHOD].p ||
        guard_origin(&server->guard, headers[HEADER_ORIGIN], headers[HEADER_HOST]) !=
            ORIGIN_ALLOWED)
        return PASS;
    x->response.status = 204;
    response_header(&x->response, "Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    response_header(&x->response, "Access-Control-Allow-Headers", "content-type, authorization");
    response_header(&x->response, "Access-Control-Max-Age", "600");
    return ANSWERED;
}

/* Takes the base path off. A proxy may have done so already: then there is nothing to take. */
static enum verdict check_base_path(struct server *server, struct exchange *x)
{
    struct span base = server->base_path, *path = &x->request.path;

    if (base.len == 0 || path->len < base.len || memcmp(path->p, base.p, base.len) != 0)
        return PASS;
    if (path->len == base.len) { /* the page's relative names need the slash */
        response_error(&x->response, 308, "moved", "The page lies at %.*s/.", PIECE(base));
        response_header(&x->response, "Location", "%.*s/", (int)base.len, base.p);
        return ANSWERED;
    }
    if (path->p[base.len] == '/')
        *path = (struct span){ path->p + base.len, path->len - base.len };
    return PASS;
}

/* What the path stands for. Says nothing about it yet. */
static enum verdict resolve(struct server *server, struct exchange *x)
{
    struct request *request = &x->request;

    (void)server;
    x->topic = hub_find(request->path, request->params);
    if (x->topic) {
        x->allowed = 1u << METHOD_GET;
        return PASS;
    }
    x->route = route_find(routes, request->method, request->path, request->params, &x->allowed);
    if (!x->allowed && (x->asset = asset_find(request->path)))
        x->allowed = 1u << METHOD_GET;
    return PASS;
}

/* People who open the page without a session want to sign in, programs want to know. */
static void ask_for_token(struct server *server, struct exchange *x)
{
    bool person = x->asset && span_has(x->request.headers[HEADER_ACCEPT], "text/html");

    response_error(&x->response, person ? 303 : 401, "token_needed",
                   "A token is needed: send Authorization: Bearer TOKEN, or sign in at %.*s/login.",
                   PIECE(server->base_path));
    if (person)
        response_header(&x->response, "Location", "%.*s/login", (int)server->base_path.len,
                        server->base_path.p);
    else
        response_header(&x->response, "WWW-Authenticate", "Bearer realm=\"tacho\"");
}

static enum verdict check_access(struct server *server, struct exchange *x)
{
    enum access access;
    bool wrong;

    if (x->route && (x->route->flags & ROUTE_OPEN))
        return PASS;
    access = auth_access(&server->auth, &x->request, &wrong);
    if (access == ACCESS_ADMIN || (access == ACCESS_READ && !is_write(&x->request)))
        return PASS;
    if (wrong)
        auth_refuse(&server->auth, &x->request, &x->response);
    else if (access == ACCESS_READ)
        response_error(&x->response, 403, "read_only_token",
                       "This token only reads; writing needs one made with --admin.");
    else
        ask_for_token(server, x);
    return ANSWERED;
}

static void add_allow(struct exchange *x)
{
    struct buf names = { 0 };

    for (int i = 0; i < METHODS; i++) {
        if (!(x->allowed & 1u << i))
            continue;
        buf_printf(&names, "%s%s", names.len ? ", " : "", method_names[i]);
        if (i == METHOD_GET)
            buf_add_text(&names, ", HEAD");
    }
    response_header(&x->response, "Allow", "%s", names.p);
    buf_fini(&names);
}

static enum verdict check_found(struct server *server, struct exchange *x)
{
    bool upgrade = is_upgrade(&x->request);

    if (!x->allowed || (upgrade && !x->topic) ||
        (x->topic && !hub_has(&server->hub, x->topic, x->request.params[0]))) {
        response_error(&x->response, 404, "not_found", "There is no %s%.*s here.",
                       upgrade ? "WebSocket at " : "", PIECE(x->request.path));
        return ANSWERED;
    }
    if (!(x->allowed & 1u << x->request.method) || x->request.method >= METHODS) {
        response_error(&x->response, 405, "method_not_allowed",
                       "%.*s does not take this method; see Allow.", PIECE(x->request.path));
        add_allow(x);
        return ANSWERED;
    }
    if (x->topic && (!upgrade || !span_is(x->request.headers[HEADER_WS_VERSION], "13") ||
                     !ws_key_is_valid(x->request.headers[HEADER_WS_KEY]))) {
        response_error(&x->response, 426, "upgrade_required",
                       "%.*s is a WebSocket; connect with version 13 of its protocol.",
                       PIECE(x->request.path));
        response_header(&x->response, "Upgrade", "websocket");
        response_header(&x->response, "Sec-WebSocket-Version", "13");
        return ANSWERED;
    }
    return PASS;
}

static bool media_type_is(struct span header, const char *want)
{
    struct span type = SPAN_ABSENT;

    span_split(&header, ';', &type);
    type = span_trim(type);
    return type.len == strlen(want) && strncasecmp(type.p, want, type.len) == 0;
}

static enum verdict check_body(struct server *server, struct exchange *x)
{
    bool form = x->route && (x->route->flags & ROUTE_FORM);
    const char *want = form ? "application/x-www-form-urlencoded" : "application/json";
    int64_t most = form ? FORM_MAX : BODY_MAX;
    const struct span *headers = x->request.headers;

    (void)server;
    if (headers[HEADER_EXPECT].p && !request_lists(headers[HEADER_EXPECT], "100-continue")) {
        response_error(&x->response, 417, "expectation_failed", "Expect: %.*s cannot be met.",
                       PIECE(headers[HEADER_EXPECT]));
        return ANSWERED;
    }
    if (!is_write(&x->request)) {
        if (x->request.body_len == 0)
            return PASS;
        response_error(&x->response, 400, "unexpected_body", "A GET request has no body.");
        return ANSWERED;
    }
    if (!media_type_is(headers[HEADER_CONTENT_TYPE], want)) {
        response_error(&x->response, 415, "unsupported_media_type",
                       "The body must be sent with Content-Type: %s.", want);
        return ANSWERED;
    }
    if (x->request.body_len > most) {
        response_error(&x->response, 413, "body_too_large",
                       "The body has %lld bytes; at most %lld are taken.",
                       (long long)x->request.body_len, (long long)most);
        return ANSWERED;
    }
    return PASS;
}

static enum verdict (*const checks[])(struct server *, struct exchange *) = {
    check_proxy, check_host,   check_origin, check_preflight, check_base_path,
    resolve,     check_access, check_found,  check_body,
};

/* ---- answers ---- */

/* From the cache, or by the handler and then into the cache. */
static void answer_cached(struct server *server, struct exchange *x)
{
    struct response *response = &x->response;
    int64_t now_ms = clock_now_ms();
    const struct cache_entry *kept;

    if (x->route->flags & ROUTE_WATCHED)
        usage_follow_changes(server);
    kept = cache_find(&server->cache, x->request.target, now_ms);
    if (kept) {
        response->status = 200;
        response->type = kept->type;
        response->shared = bytes_keep(kept->bytes);
        span_copy(span_of(kept->etag), response->etag, sizeof(response->etag));
        return;
    }
    x->route->handler(server, &x->request, response);
    if (response->status != 200 || response->good_until_ms == 0)
        return;
    response_seal(response, &x->request);
    cache_put(&server->cache, x->request.target,
              &(struct cache_answer){ response->shared, response->type, response->etag, now_ms,
                                      response->good_until_ms });
}

static void answer(struct server *server, struct exchange *x)
{
    if (x->asset)
        asset_answer(x->asset, &x->request, &x->response);
    else if (x->route->flags & ROUTE_CACHED)
        answer_cached(server, x);
    else
        x->route->handler(server, &x->request, &x->response);
}

static void handshake(struct exchange *x)
{
    char accept[WS_ACCEPT_SIZE];

    ws_accept(x->request.headers[HEADER_WS_KEY], accept);
    response_header(&x->response, "Sec-WebSocket-Accept", "%s", accept);
}

enum dispatch dispatch_head(struct server *server, struct exchange *x)
{
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        if (checks[i](server, x) == ANSWERED)
            return DISPATCH_ANSWER;
    if (x->topic) {
        handshake(x);
        return DISPATCH_UPGRADE;
    }
    if (is_write(&x->request))
        return DISPATCH_BODY;
    answer(server, x);
    return DISPATCH_ANSWER;
}

void dispatch_body(struct server *server, struct exchange *x)
{
    x->request.body = buf_span(&x->body);
    answer(server, x);
}

void exchange_free(struct exchange *x)
{
    if (!x)
        return;
    request_fini(&x->request);
    response_fini(&x->response);
    buf_fini(&x->body);
    free(x);
}
