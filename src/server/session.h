/* server/session.h — who has signed in on /login.
 *
 * The cookie holds a random id, not the token; here lies only its hash. In memory: a restart ends
 * every session. A session is worth what its token is worth at that moment, and nothing once the
 * token is gone. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include "server/token.h"

enum {
    SESSIONS = 128, /* the oldest makes room */
    SESSION_DAYS = 30,
};

struct session {
    unsigned char hash[32]; /* SHA-256 of the id */
    uint64_t token_id;
    int64_t until_ms; /* CLOCK_BOOTTIME; 0: the place is free */
};

struct sessions {
    struct session list[SESSIONS];
};

/* Begins a session of that token; `id` is for the cookie. 0, or -1 with *err. */
int session_begin(struct sessions *sessions, uint64_t token_id, int64_t now_ms,
                  char id[TOKEN_TEXT_SIZE], struct err *err);
/* The token of a running session: true and *token_id. Compares in constant time. */
bool session_find(const struct sessions *sessions, struct span id, int64_t now_ms,
                  uint64_t *token_id);
void session_end(struct sessions *sessions, struct span id); /* an unknown id is fine */

#endif
