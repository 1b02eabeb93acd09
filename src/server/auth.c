/* server/auth.c — see auth.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/auth.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

int auth_init(struct auth *auth, const struct config *config, enum exposure exposure, int port,
              struct err *err)
{
    char *path;
    int rc;

    *auth = (struct auth){ .required = config->require_token || exposure == EXPOSED_NETWORK };
    snprintf(auth->cookie, sizeof(auth->cookie), "tacho_%d", port);
    if (!auth->required)
        return 0;
    path = token_path(config->config_path);
    rc = tokens_open(&auth->tokens, path, err);
    if (rc == 0 && tokens_count(auth->tokens) == 0)
        log_warning("every request needs a token and there is none yet; make one with: "
                    "tacho token new --admin");
    free(path);
    return rc;
}

void auth_fini(struct auth *auth)
{
    tokens_close(auth->tokens);
    auth->tokens = NULL;
}

struct span auth_cookie(const struct auth *auth, const struct request *request)
{
    struct span rest = request->headers[HEADER_COOKIE], piece, name;

    while (span_split(&rest, ';', &piece)) {
        piece = span_trim(piece);
        if (span_split(&piece, '=', &name) && span_is(name, auth->cookie) && piece.p)
            return piece;
    }
    return SPAN_ABSENT;
}

/* What stands behind "Bearer "; absent where the header has another scheme. */
static struct span bearer(struct span header)
{
    static const char scheme[] = "bearer ";
    size_t len = sizeof(scheme) - 1;

    if (header.len < len || strncasecmp(header.p, scheme, len) != 0)
        return SPAN_ABSENT;
    return span_trim((struct span){ header.p + len, header.len - len });
}

enum access auth_access(struct auth *auth, const struct request *request, bool *wrong)
{
    struct span shown = bearer(request->headers[HEADER_AUTHORIZATION]);
    struct span cookie;
    enum access access;
    uint64_t id;

    *wrong = false;
    if (!auth->required)
        return ACCESS_ADMIN;
    if (shown.p) {
        access = tokens_check(auth->tokens, shown, &id);
        *wrong = access == ACCESS_NONE;
        return access;
    }
    /* an ended session is nobody's attack: it shows no token at all */
    cookie = auth_cookie(auth, request);
    if (!cookie.p || !session_find(&auth->sessions, cookie, clock_boot_ms(), &id))
        return ACCESS_NONE;
    return tokens_access(auth->tokens, id);
}

int64_t auth_wrong(struct auth *auth, const struct request *request)
{
    char peer[ADDRESS_TEXT_SIZE];
    int64_t hold_ms = delay_failed(&auth->delay, &request->peer, clock_boot_ms());

    address_format(&request->peer, peer);
    if (hold_ms >= 0) /* else it was said often enough */
        log_warning("a wrong token came from %s", peer);
    return hold_ms;
}

void auth_refuse(struct auth *auth, const struct request *request, struct response *response)
{
    int64_t hold_ms = auth_wrong(auth, request);

    if (hold_ms < 0) {
        response_error(response, 429, "too_many_attempts",
                       "Too many wrong tokens came from your address; try again in %d minutes.",
                       DELAY_FORGET_MS / 60000);
        response_header(response, "Retry-After", "%d", DELAY_FORGET_MS / 1000);
        return;
    }
    response_error(response, 401, "wrong_token", "The token is not one of ours.");
    response_header(response, "WWW-Authenticate", "Bearer realm=\"tacho\"");
    response->hold_ms = hold_ms;
}
