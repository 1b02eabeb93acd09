/* gateway/wire.c — see wire.h.
 *
 * A wire that was dropped leaves its lws connection behind without an owner; whatever lws says of
 * such a one next ends it.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/wire.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "gateway/resolve.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PIECE_SIZE = 16 << 10, /* bytes of a message handed on at once */
    GOODBYE_S = 3,
};

struct wires {
    struct net_loop *loop;
    struct lws_vhost *vhost;
    struct resolver *resolver;
    bool tls; /* made ready for wss */
};

struct message {
    struct message *next;
    size_t len;
    unsigned char bytes[]; /* LWS_PRE of room before the text */
};

struct wire {
    struct wires *wires;
    struct wire_hooks hooks;
    struct gateway_url url;
    struct lookup *lookup;
    struct lws *wsi;
    struct message *first, *last; /* to be sent */
    struct net_timer failed;      /* tells a failure that was found within a call */
    bool open;
    int code; /* of the peer's close frame */
    char why[160];
};

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len);

static const struct lws_protocols protocols[] = {
    { .name = "gateway", .callback = on_event, .rx_buffer_size = PIECE_SIZE },
    { 0 },
};

int wires_open(struct wires **out, struct net_loop *loop, struct err *err)
{
    struct wires *wires = xcalloc(1, sizeof(*wires));
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = "gateways",
        .protocols = protocols,
    };

    wires->loop = loop;
    wires->vhost = lws_create_vhost(net_loop_context(loop), &info);
    if (!wires->vhost) {
        free(wires);
        err_set(err, ERR_INTERNAL, "libwebsockets has no place for connections to gateways");
        return -1;
    }
    wires->resolver = resolver_new(loop);
    *out = wires;
    return 0;
}

void wires_close(struct wires *wires)
{
    if (!wires)
        return;
    resolver_close(wires->resolver);
    free(wires); /* the vhost goes with the loop */
}

/* The first wss address loads the system's certificate authorities. */
static bool tls_ready(struct wires *wires)
{
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .port = CONTEXT_PORT_NO_LISTEN,
    };

    if (!wires->tls)
        wires->tls = lws_init_vhost_client_ssl(&info, wires->vhost) == 0;
    return wires->tls;
}

/* ---- the end ---- */

static void free_wire(struct wire *w)
{
    struct message *next;

    net_timer_cancel(w->wires->loop, &w->failed);
    lookup_cancel(w->lookup);
    for (; w->first; w->first = next) {
        next = w->first->next;
        explicit_bzero(w->first->bytes, w->first->len + LWS_PRE);
        free(w->first);
    }
    free(w);
}

/* The last word: the owner hears it and the wire is gone. */
static void end(struct wire *w)
{
    struct wire_hooks hooks = w->hooks;
    char why[sizeof(w->why)];
    int code = w->code;

    snprintf(why, sizeof(why), "%s", w->why);
    free_wire(w);
    hooks.closed(hooks.to, code, why);
}

static void on_failed(void *to)
{
    end(to);
}

static void fail(struct wire *w, const char *why)
{
    if (!w->why[0])
        snprintf(w->why, sizeof(w->why), "%s", why);
    net_timer_set(w->wires->loop, &w->failed, 0);
}

void wire_drop(struct wire *w)
{
    if (!w)
        return;
    if (w->wsi) {
        lws_set_opaque_user_data(w->wsi, NULL);
        if (w->open) {
            lws_callback_on_writable(w->wsi);
            lws_set_timeout(w->wsi, PENDING_TIMEOUT_USER_OK, GOODBYE_S);
        } else {
            lws_set_timeout(w->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        }
    }
    free_wire(w);
}

/* ---- the beginning ---- */

static void dial_address(void *to, const char *address, const char *why)
{
    struct wire *w = to;
    char host[300];
    bool six = strchr(w->url.host, ':') != NULL;
    struct lws_client_connect_info info = {
        .context = net_loop_context(w->wires->loop),
        .vhost = w->wires->vhost,
        .address = address,
        .port = w->url.port,
        .ssl_connection = w->url.tls ? LCCSCF_USE_SSL : 0,
        .path = w->url.path,
        .host = host,
        .local_protocol_name = protocols[0].name,
        .opaque_user_data = w,
        .pwsi = &w->wsi,
    };

    w->lookup = NULL;
    if (!address) {
        snprintf(w->why, sizeof(w->why), "the host %.60s is not known: %.60s", w->url.host, why);
        end(w);
        return;
    }
    w->hooks.found(w->hooks.to);
    if (w->url.tls && !tls_ready(w->wires)) {
        fail(w, "this machine's certificate authorities cannot be read");
        return;
    }
    snprintf(host, sizeof(host), six ? "[%s]:%d" : "%s:%d", w->url.host, w->url.port);
    if (!lws_client_connect_via_info(&info)) {
        w->wsi = NULL;
        fail(w, "no connection can be begun");
    }
}

struct wire *wire_dial(struct wires *wires, const struct gateway_url *url,
                       const struct wire_hooks *hooks)
{
    struct wire *w = xcalloc(1, sizeof(*w));

    w->wires = wires;
    w->hooks = *hooks;
    w->url = *url;
    w->failed = (struct net_timer){ .fn = on_failed, .to = w };
    w->lookup = resolver_look(wires->resolver, w->url.host, dial_address, w);
    return w;
}

/* ---- messages ---- */

void wire_send(struct wire *w, struct span text)
{
    struct message *m = xmalloc(sizeof(*m) + LWS_PRE + text.len);

    m->next = NULL;
    m->len = text.len;
    memcpy(m->bytes + LWS_PRE, text.p, text.len);
    if (w->last)
        w->last->next = m;
    else
        w->first = m;
    w->last = m;
    if (w->open)
        lws_callback_on_writable(w->wsi);
}

/* 0, or -1 when the connection is to end. */
static int send_next(struct wire *w)
{
    struct message *m = w->first;
    int rc = 0;

    if (!m)
        return 0;
    if (lws_write(w->wsi, m->bytes + LWS_PRE, m->len, LWS_WRITE_TEXT) < 0)
        rc = -1;
    w->first = m->next;
    if (!w->first)
        w->last = NULL;
    explicit_bzero(m->bytes, m->len + LWS_PRE); /* it may have held a secret */
    free(m);
    if (rc == 0 && w->first)
        lws_callback_on_writable(w->wsi);
    return rc;
}

static void note_close(struct wire *w, const unsigned char *bytes, size_t len)
{
    if (len < 2)
        return;
    w->code = bytes[0] << 8 | bytes[1];
    snprintf(w->why, sizeof(w->why), "%.*s", (int)(len - 2 < 150 ? len - 2 : 150), bytes + 2);
}

static int on_owned_event(struct wire *w, enum lws_callback_reasons reason, void *in, size_t len)
{
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        w->open = true;
        w->hooks.open(w->hooks.to);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        w->hooks.piece(w->hooks.to, (struct span){ in, len }, lws_is_final_fragment(w->wsi));
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return send_next(w);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        note_close(w, in, len);
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        lws_set_opaque_user_data(w->wsi, NULL);
        w->wsi = NULL;
        snprintf(w->why, sizeof(w->why), "%.*s", (int)(in ? strnlen(in, 150) : 0),
                 in ? (const char *)in : "");
        fail(w, "no connection");
        break;
    case LWS_CALLBACK_CLIENT_CLOSED:
        lws_set_opaque_user_data(w->wsi, NULL);
        w->wsi = NULL;
        fail(w, "the connection was lost");
        break;
    default:
        break;
    }
    return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct wire *w = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    static const char bye[] = "bye";

    (void)user;
    if (w) {
        w->wsi = wsi;
        return on_owned_event(w, reason, in, len);
    }
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        /* lws only copies the bytes */
        lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)(uintptr_t)bye,
                         sizeof(bye) - 1);
        return -1;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return -1;
    default:
        return 0;
    }
}
