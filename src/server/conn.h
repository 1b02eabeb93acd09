/* server/conn.h — one TCP or TLS connection: requests in, answers and frames out.
 *
 * libwebsockets owns the socket, TLS and what the kernel did not take yet; the words on it are read
 * by request.c and ws.c. A connection does one thing at a time: reads a request, answers it, and
 * only then reads the next. Whoever sends on ahead gets his answer and is closed.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_CONN_H
#define SERVER_CONN_H

#include "base/err.h"
#include "net/loop.h"
#include "server/address.h"
#include "server/wait.h"

#include <libwebsockets.h>

struct conn;
struct server;

/* What a connection can wait for, each with its own patience. */
enum conn_wait {
    WAIT_NEXT,   /* a further request */
    WAIT_HEAD,   /* the rest of a request's head, or its first byte */
    WAIT_BODY,   /* the rest of its body */
    WAIT_WORK,   /* that what it asks is done */
    WAIT_ANSWER, /* that the client takes some more of the answer */
    WAIT_LINGER, /* that the client closes too */
    WAIT_TAKE,   /* that a WebSocket client takes a whole frame */
    CONN_WAITS,
};

struct conns {
    struct server *server;
    struct lws_vhost *vhost;
    bool tls;
    int count, most;
    struct conn *first;
    struct address arriving; /* who is being let in, for conn_callback */
    struct wait_queue waits[CONN_WAITS];
    struct net_timer timer; /* for the first of the queues */
};

/* ---- conns.c: all of them ---- */

/* Makes the lws side of listening and connections, with TLS if the configuration has it. */
int conns_open(struct conns *conns, struct server *server, struct err *err);
/* Closes every connection; WebSocket clients are told 1001. */
void conns_close(struct conns *conns);
/* Takes an accepted socket, which is closed in every case. */
void conns_accept(struct conns *conns, int fd, const struct address *peer);
/* Gives up the connection whose first member `wait` is, unless it waits for something else soon. */
void conns_wait(struct conns *conns, struct wait *wait, enum conn_wait what);

/* ---- conn.c: one ---- */

/* For the hub: there is something to send. */
void conn_kick(struct conn *conn);
/* Ends the connection without a further word; soon, not within the call. */
void conn_kill(struct conn *conn);
/* Ends it at once, a WebSocket with 1001. Not from its own callback. */
void conn_bye(struct conn *conn);

/* For an answer that comes later: the exchange that waits with this ticket, or NULL when its client
 * is gone; then conn_answer sends what its response has become. */
struct exchange;
struct exchange *conns_find(struct conns *conns, uint64_t ticket, struct conn **conn);
void conn_answer(struct conn *conn);

int conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len);

#endif
