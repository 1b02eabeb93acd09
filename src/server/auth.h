/* server/auth.h — who asks, and what that is worth.
 *
 * On loopback without `require_token` everybody is its owner; anywhere else a token or a session
 * decides. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include "server/delay.h"
#include "server/http.h"
#include "server/session.h"
#include "server/token.h"

struct config;

struct auth {
    bool required;
    struct tokens *tokens; /* NULL where none is required */
    struct sessions sessions;
    struct delay delay;
    char cookie[24]; /* its name: cookies are shared by all ports of a host, so it has ours */
};

enum exposure { EXPOSED_LOOPBACK, EXPOSED_NETWORK };

int auth_init(struct auth *auth, const struct config *config, enum exposure exposure, int port,
              struct err *err);
void auth_fini(struct auth *auth);

/* What the request is worth by its Authorization header, else by its cookie. ACCESS_NONE with
 * *wrong set when it showed a token that is not ours. */
enum access auth_access(struct auth *auth, const struct request *request, bool *wrong);

/* Counts a wrong token: for how many ms its answer is to be held back, or -1 for "too many". */
int64_t auth_wrong(struct auth *auth, const struct request *request);
/* Counts and answers it: 401, held back, or 429 when there were too many. */
void auth_refuse(struct auth *auth, const struct request *request, struct response *response);

/* Our cookie in the request; absent if there is none. */
struct span auth_cookie(const struct auth *auth, const struct request *request);

#endif
