/* server/guard.h — which names we answer to, and whose pages may ask.
 *
 * Against DNS rebinding: the Host of every request must be a name that we serve. Against other
 * sites: an Origin, if sent, must be our own or one the owner allowed. Decides from texts alone;
 * read-only after guard_init, so thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "base/err.h"
#include "server/address.h"

struct config;

/* Where a page comes from: "https://Example.org" is { "https", "example.org", 443 }. */
struct origin_name {
    char scheme[8];
    char host[256]; /* lower case; an address in brackets if it is IPv6 */
    int port;
};

struct guard {
    char **hosts;                /* lower case, NULL-terminated: those of --host */
    struct address listen;       /* meaningful if `listen_known` */
    bool listen_known;           /* the listen address is one, not a name */
    struct origin_name *allowed; /* other origins that may ask */
    size_t allowed_n;
    struct network *proxies; /* whose X-Forwarded-* we believe */
    size_t proxies_n;
};

enum origin_verdict { ORIGIN_SAME, ORIGIN_ALLOWED, ORIGIN_FOREIGN };

/* 0, or -1 with *err naming the value that makes no sense. */
int guard_init(struct guard *guard, const struct config *config, struct err *err);
void guard_fini(struct guard *guard);

bool guard_serves(const struct guard *guard, struct span host);
enum origin_verdict guard_origin(const struct guard *guard, struct span origin, struct span host);
bool guard_trusts(const struct guard *guard, const struct address *peer);

/* "scheme://host[:port]" and nothing behind it. */
bool origin_parse(struct span text, struct origin_name *out);

#endif
