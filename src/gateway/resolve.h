/* gateway/resolve.h — the address of a host, looked up without holding anybody up.
 *
 * Looking up a name can take as long as somebody else's name server likes, so each is a thread of
 * its own; numeric addresses need none. Lives on the loop's thread. SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_RESOLVE_H
#define GATEWAY_RESOLVE_H

#include "net/loop.h"

enum { RESOLVED_SIZE = 64 };

struct resolver;
struct lookup;

struct resolver *resolver_new(struct net_loop *loop);
/* Threads that still wait for an answer end by themselves; nobody is told. NULL is fine. */
void resolver_close(struct resolver *resolver);

/* `address` is numeric, or NULL with why it is not known. Called later, once, never within
 * resolver_look. */
typedef void lookup_fn(void *to, const char *address, const char *why);

struct lookup *resolver_look(struct resolver *resolver, const char *host, lookup_fn *fn, void *to);
void lookup_cancel(struct lookup *lookup); /* nobody is told; NULL is fine */

#endif
