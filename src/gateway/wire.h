/* gateway/wire.h — one WebSocket connection outward (libwebsockets' client behind a door).
 *
 * Resolves, connects (ws or wss, certificates checked by the system's authorities), and carries
 * text messages both ways. Knows nothing of what they say. Lives on the loop's thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_WIRE_H
#define GATEWAY_WIRE_H

#include "base/err.h"
#include "gateway/url.h"
#include "net/loop.h"

struct wire;
struct wires; /* what all connections share */

int wires_open(struct wires **out, struct net_loop *loop, struct err *err);
void wires_close(struct wires *wires); /* all wires were dropped before; NULL is fine */

struct wire_hooks {
    void *to;
    void (*found)(void *to); /* the host's address is known */
    void (*open)(void *to);
    /* A piece of a message, `last` when it is its end. */
    void (*piece)(void *to, struct span piece, bool last);
    /* It has ended and is not there any more: drop nothing. `code` 0: without a word. */
    void (*closed)(void *to, int code, const char *why);
};

/* Begins to connect. No hook is called within this call. */
struct wire *wire_dial(struct wires *wires, const struct gateway_url *url,
                       const struct wire_hooks *hooks);
/* Queues one message; copied. */
void wire_send(struct wire *wire, struct span text);
/* Ends it; no hook is called any more. NULL is fine. */
void wire_drop(struct wire *wire);

#endif
