/* server/login.c — /login and /logout: for people, whose browsers cannot send a token by
 * themselves.
 *
 * The form is a file without script; what went wrong is said by the fragment of the address
 * (login.css shows the sentence that it names). The cookie holds a session's id, never the token.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "base/clock.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "server/texts.h"

#include <openssl/crypto.h>

static void go_to(struct server *server, struct response *response, const char *where)
{
    response->status = 303;
    response->type = "text/plain; charset=utf-8";
    buf_clear(&response->body);
    response_header(response, "Location", "%.*s%s", (int)server->base_path.len, server->base_path.p,
                    where);
}

static void set_cookie(struct server *server, const struct request *request,
                       struct response *response, const char *id, int64_t seconds)
{
    struct span base = server->base_path;

    response_header(response, "Set-Cookie",
                    "%s=%s; Path=%.*s/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
                    server->auth.cookie, id, (int)base.len, base.p, (long long)seconds,
                    request->secure ? "; Secure" : "");
}

void login_form(struct server *server, const struct request *request, struct response *response)
{
    (void)server, (void)request;
    response_text(response, "text/html; charset=utf-8", text_login_html);
}

void login_style(struct server *server, const struct request *request, struct response *response)
{
    (void)server, (void)request;
    response_text(response, "text/css; charset=utf-8", text_login_css);
}

static void enter(struct server *server, const struct request *request, struct response *response,
                  struct span token)
{
    char id[TOKEN_TEXT_SIZE];
    uint64_t token_id;
    struct err err;

    if (tokens_check(server->auth.tokens, token, &token_id) == ACCESS_NONE) {
        int64_t hold_ms = auth_wrong(&server->auth, request);

        go_to(server, response, hold_ms < 0 ? "/login#wait" : "/login#wrong");
        response->hold_ms = hold_ms;
        return;
    }
    if (session_begin(&server->auth.sessions, token_id, clock_boot_ms(), id, &err) < 0) {
        response_error(response, 503, "no_session", "%s", err.text);
        return;
    }
    go_to(server, response, "/");
    set_cookie(server, request, response, id, SESSION_DAYS * (MS_PER_DAY / MS_PER_SECOND));
    OPENSSL_cleanse(id, sizeof(id));
}

void login_enter(struct server *server, const struct request *request, struct response *response)
{
    struct pair pairs[REQUEST_PAIRS_MAX];
    struct buf decoded = { 0 };
    struct span token = SPAN_ABSENT;
    size_t n = 0;

    if (!server->auth.required) { /* everybody is let in already */
        go_to(server, response, "/");
        return;
    }
    buf_reserve(&decoded, request->body.len + 1);
    if (!request_pairs(request->body, &decoded, pairs, &n)) {
        response_error(response, 400, "bad_form", "The form is not properly encoded.");
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        if (span_is(pairs[i].name, "token"))
            token = span_trim(pairs[i].value);
    enter(server, request, response, token);
out:
    if (decoded.p)
        OPENSSL_cleanse(decoded.p, decoded.space);
    buf_fini(&decoded);
}

void login_leave(struct server *server, const struct request *request, struct response *response)
{
    struct span cookie = auth_cookie(&server->auth, request);

    if (cookie.p)
        session_end(&server->auth.sessions, cookie);
    go_to(server, response, "/login");
    set_cookie(server, request, response, "", 0);
}
