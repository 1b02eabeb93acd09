/* server/listen.h — the sockets that take connections.
 *
 * Bound by ourselves, so that a taken port and a wrong address can be told apart.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include "base/err.h"

#include <libwebsockets.h>
#include <stdbool.h>

struct conns;

enum { LISTENERS = 4 }; /* addresses that one name may stand for */

struct listener {
    int fds[LISTENERS];
    struct lws *wsis[LISTENERS]; /* they own the descriptors once served */
    int n;
    int port;      /* the real one, also where 0 was asked for */
    bool loopback; /* every address is one */
    int spare_fd;  /* given up for a moment when descriptors run out, so that we can refuse */
};

/* Binds and listens. 0, or -1 with *err (ERR_UNAVAILABLE: the port is taken or may not be had). */
int listener_open(struct listener *listener, const char *address, int port, struct err *err);
/* From now on connections go to `conns`. */
int listener_serve(struct listener *listener, struct conns *conns, struct err *err);
void listener_close(struct listener *listener);

int listen_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len);

#endif
