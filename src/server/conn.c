/* server/conn.c — see conn.h.
 *
 * States and what moves them:
 *
 *   NEXT ─byte→ HEAD ─head→ BODY ─body→ ANSWER ─sent→ NEXT
 *                     └─────(none)────→   │  ↑ held back: HELD, not known yet: WORK
 *                     └─upgrade→ SOCKET   └──last one→ LINGER ─closed→ gone
 *
 * LINGER: our side is shut, what still comes is dropped. Closing with unread bytes would make the
 * kernel send a reset, and the client might never see why it was refused.
 * SPDX-License-Identifier: MIT
 */
#include "server/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/dispatch.h"
#include "server/server_internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    PIECE_SIZE = 64 << 10,   /* bytes given to the socket at once */
    SMALL_BODY = 16 << 10,   /* sent in one piece with its head */
    SPARE_INPUT = 4 << 10,   /* input buffer kept between requests */
    LINGER_MAX = 16 << 20,   /* bytes dropped before we give up being polite */
    SOCKET_UNSENT = 4 << 10, /* bytes that may lie unsent in the kernel before the next frame */
};

enum conn_state {
    CONN_NEXT,
    CONN_HEAD,
    CONN_BODY,
    CONN_WORK,
    CONN_HELD,
    CONN_ANSWER,
    CONN_LINGER,
    CONN_SOCKET,
    CONN_DEAD, /* lws will close it; nothing more is read or sent */
};

struct conn {
    struct wait wait; /* first: a due wait is its connection */
    struct conns *conns;
    struct lws *wsi;
    struct conn *prev, *next;
    struct net_timer hold;
    struct address peer;
    enum conn_state state;
    bool close;     /* when what is being sent has gone out */
    bool deaf;      /* lws does not ask for input */
    size_t dropped; /* bytes, while lingering */
    struct buf in;  /* the request's head so far */
    struct exchange *exchange;
    struct buf head;    /* to be sent first … */
    struct bytes *body; /* … then this; may be NULL */
    size_t sent;        /* of both */
    struct subscriber *subscriber;
};

static void wait_for(struct conn *c, enum conn_wait what)
{
    conns_wait(c->conns, &c->wait, what);
}

void conn_kill(struct conn *c)
{
    wait_leave(&c->wait);
    if (c->state == CONN_DEAD)
        return;
    c->state = CONN_DEAD;
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

/* ---- sending ---- */

static void linger(struct conn *c)
{
    c->state = CONN_LINGER;
    buf_fini(&c->in);
    wait_for(c, WAIT_LINGER);
    shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
}

static void forget_sent(struct conn *c)
{
    bytes_drop(c->body);
    c->body = NULL;
    c->sent = 0;
    if (c->head.space > SPARE_INPUT)
        buf_fini(&c->head);
    else
        buf_clear(&c->head);
}

/* Everything has gone out: what now? True when there is more to send. */
static bool next_to_send(struct conn *c)
{
    forget_sent(c);
    wait_leave(&c->wait);
    if (c->close) {
        linger(c);
        return false;
    }
    if (c->state != CONN_SOCKET) {
        c->state = CONN_NEXT;
        wait_for(c, WAIT_NEXT);
        return false;
    }
    switch (hub_next(c->subscriber, &c->head, &c->body)) {
    case HUB_NOTHING:
        return false;
    case HUB_LAST_FRAME:
        c->close = true;
        break;
    case HUB_FRAME:
        break;
    }
    wait_for(c, WAIT_TAKE);
    return true;
}

static struct span unsent(const struct conn *c)
{
    struct span piece = c->body ? c->body->at : SPAN_ABSENT;
    size_t sent = c->sent;

    if (sent < c->head.len)
        piece = buf_span(&c->head);
    else
        sent -= c->head.len;
    if (piece.len <= sent)
        return SPAN_ABSENT;
    piece = (struct span){ piece.p + sent, piece.len - sent };
    if (piece.len > PIECE_SIZE)
        piece.len = PIECE_SIZE;
    return piece;
}

/* Is the pipe to the client full? lws may hold the rest of a piece; then it must not ask for input,
 * which it would not read before that rest is gone, and would ask for again at once. Or the kernel
 * has enough unsent bytes: a document that waits with us is replaced by a newer one, there it would
 * go stale. */
static bool is_choked(struct conn *c)
{
    bool holds = lws_partial_buffered(c->wsi);

    if (holds != c->deaf) {
        c->deaf = holds;
        lws_rx_flow_control(c->wsi, !holds);
    }
    return holds || ((c->sent > 0 || c->state == CONN_SOCKET) && lws_send_pipe_choked(c->wsi));
}

/* Gives the socket what it takes; lws calls again when it takes more. */
static void flush(struct conn *c)
{
    struct span piece;

    for (;;) {
        if (is_choked(c)) {
            lws_callback_on_writable(c->wsi);
            return;
        }
        piece = unsent(c);
        if (!piece.p) {
            if (!next_to_send(c))
                return;
            continue;
        }
        /* lws does not change the bytes, it only never promised so in its prototype */
        if (lws_write(c->wsi, (unsigned char *)(uintptr_t)piece.p, piece.len, LWS_WRITE_RAW) < 0) {
            conn_kill(c);
            return;
        }
        c->sent += piece.len;
        if (c->state == CONN_ANSWER)
            wait_for(c, WAIT_ANSWER); /* it took some: patience begins anew */
    }
}

void conn_kick(struct conn *c)
{
    bool busy = c->head.len > 0 || c->body;

    if (c->state == CONN_SOCKET && !busy && next_to_send(c))
        flush(c);
}

/* ---- one request ---- */

static void on_held(void *to)
{
    struct conn *c = to;

    if (c->state != CONN_HELD)
        return;
    c->state = CONN_ANSWER;
    wait_for(c, WAIT_ANSWER);
    flush(c);
}

static void end_exchange(struct conn *c)
{
    exchange_free(c->exchange);
    c->exchange = NULL;
    if (c->in.space > SPARE_INPUT)
        buf_fini(&c->in);
    else
        buf_clear(&c->in);
}

/* The exchange's response is there: send it, now or when its time has come. */
static void answer(struct conn *c)
{
    struct exchange *x = c->exchange;
    struct response *response = &x->response;
    struct span method = SPAN_ABSENT, line = buf_span(&c->in);
    int64_t hold_ms = response->hold_ms;

    if (!x->request.keep_alive || response->close)
        c->close = true;
    response->close = c->close;
    response_seal(response, &x->request);
    response_head(&c->head, response, clock_now_ms());
    if (!x->request.head_only && response->status != 304 && response->status != 204) {
        if (response->shared->at.len <= SMALL_BODY)
            buf_add_span(&c->head, response->shared->at);
        else
            c->body = bytes_keep(response->shared);
    }
    span_split(&line, ' ', &method);
    log_debug("%.*s %.*s: %d", method.len < 16 ? (int)method.len : 16, method.p,
              x->request.path.len < 200 ? (int)x->request.path.len : 200,
              x->request.path.p ? x->request.path.p : "", response->status);
    end_exchange(c);
    wait_leave(&c->wait);
    if (hold_ms > 0) {
        c->state = CONN_HELD;
        net_timer_set(c->conns->server->loop, &c->hold, hold_ms);
        return;
    }
    c->state = CONN_ANSWER;
    wait_for(c, WAIT_ANSWER);
    flush(c);
}

static void read_body(struct conn *c, struct span in)
{
    struct exchange *x = c->exchange;
    size_t want = (size_t)x->request.body_len - x->body.len;

    if (in.len > want) {
        c->close = true; /* sent on ahead */
        in.len = want;
    }
    buf_add_span(&x->body, in);
    if (in.len < want)
        return;
    dispatch_body(c->conns->server, x);
    if (x->response.ticket == 0) {
        answer(c);
        return;
    }
    c->state = CONN_WORK;
    wait_for(c, WAIT_WORK);
}

struct exchange *conns_find(struct conns *conns, uint64_t ticket, struct conn **conn)
{
    struct conn *c;

    for (c = conns->first; c; c = c->next) {
        if (c->state == CONN_WORK && c->exchange->response.ticket == ticket) {
            *conn = c;
            return c->exchange;
        }
    }
    return NULL;
}

void conn_answer(struct conn *c)
{
    c->exchange->response.ticket = 0;
    answer(c);
}

static void begin_body(struct conn *c, struct span in)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct exchange *x = c->exchange;

    c->state = CONN_BODY;
    wait_for(c, WAIT_BODY);
    if (x->request.headers[HEADER_EXPECT].p && x->request.keep_alive && in.len == 0 &&
        x->request.body_len > 0 &&
        lws_write(c->wsi, (unsigned char *)(uintptr_t)go_on, sizeof(go_on) - 1, LWS_WRITE_RAW) <
            0) {
        conn_kill(c);
        return;
    }
    read_body(c, in);
}

static void upgrade(struct conn *c, struct span in)
{
    struct hub *hub = &c->conns->server->hub;
    struct exchange *x = c->exchange;
    struct buf early = { 0 };
    int most = SOCKET_UNSENT;

    setsockopt(lws_get_socket_fd(c->wsi), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof(most));
    buf_add_text(&c->head, "HTTP/1.1 101 Switching Protocols\r\n"
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n");
    buf_add_span(&c->head, buf_span(&x->response.headers));
    buf_add_text(&c->head, "\r\n");
    c->subscriber = hub_join(hub, x->topic, x->request.params[0], c);
    c->state = CONN_SOCKET;
    buf_add_span(&early, in);
    end_exchange(c);
    buf_fini(&c->in);
    wait_for(c, WAIT_TAKE);
    flush(c);
    if (c->state == CONN_SOCKET && early.len > 0)
        hub_read(c->subscriber, buf_span(&early));
    buf_fini(&early);
}

/* Where the head ends, one past its empty line; 0 if that has not come. Finds lines that end in a
 * bare LF too, so that the parser can refuse them at once. */
static size_t head_end(struct span in, size_t from)
{
    const char *at = in.p + from, *end = in.p + in.len;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        if (end - at >= 1 && at[0] == '\n')
            return (size_t)(at + 1 - in.p);
        if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
            return (size_t)(at + 2 - in.p);
    }
    return 0;
}

static void begin_exchange(struct conn *c, size_t head_len)
{
    struct exchange *x = c->exchange;
    struct span head = { c->in.p, head_len };
    struct span rest = { c->in.p + head_len, c->in.len - head_len };

    if (request_parse(&x->request, head, &x->response) < 0) {
        answer(c);
        return;
    }
    x->request.peer = c->peer;
    x->request.secure = c->conns->tls;
    switch (dispatch_head(c->conns->server, x)) {
    case DISPATCH_ANSWER:
        c->close = c->close || rest.len > 0 || x->request.body_len > 0;
        answer(c);
        break;
    case DISPATCH_BODY:
        begin_body(c, rest);
        break;
    case DISPATCH_UPGRADE:
        upgrade(c, rest);
        break;
    }
}

static void read_head(struct conn *c, struct span in)
{
    size_t old = c->in.len, end;

    if (old == 0 && c->state == CONN_NEXT) {
        c->state = CONN_HEAD;
        wait_for(c, WAIT_HEAD);
    }
    buf_add_span(&c->in, in);
    end = head_end(buf_span(&c->in), old > 3 ? old - 3 : 0);
    if (end == 0 && c->in.len <= REQUEST_HEAD_MAX)
        return;
    c->exchange = xcalloc(1, sizeof(*c->exchange));
    if (end > 0 && end <= REQUEST_HEAD_MAX) {
        begin_exchange(c, end);
        return;
    }
    if (memchr(c->in.p, '\n', c->in.len))
        response_error(&c->exchange->response, 431, "headers_too_large",
                       "Request line and headers have more than 16 KiB.");
    else
        response_error(&c->exchange->response, 414, "uri_too_long",
                       "The request line is longer than 8 KiB.");
    c->close = true;
    answer(c);
}

static void on_bytes(struct conn *c, struct span in)
{
    switch (c->state) {
    case CONN_NEXT:
    case CONN_HEAD:
        read_head(c, in);
        break;
    case CONN_BODY:
        read_body(c, in);
        break;
    case CONN_WORK:
    case CONN_HELD:
    case CONN_ANSWER: /* sent on ahead: never read as a request */
        c->close = true;
        break;
    case CONN_LINGER:
        c->dropped += in.len;
        if (c->dropped > LINGER_MAX)
            conn_kill(c);
        break;
    case CONN_SOCKET:
        hub_read(c->subscriber, in);
        break;
    case CONN_DEAD:
        break;
    }
}

/* ---- life ---- */

static void conn_new(struct lws *wsi)
{
    struct conns *conns = lws_vhost_user(lws_get_vhost(wsi));
    struct conn *c = xcalloc(1, sizeof(*c));

    c->conns = conns;
    c->wsi = wsi;
    c->peer = conns->arriving;
    c->hold = (struct net_timer){ .fn = on_held, .to = c };
    c->state = CONN_HEAD;
    c->next = conns->first;
    if (c->next)
        c->next->prev = c;
    conns->first = c;
    conns->count++;
    lws_set_opaque_user_data(wsi, c);
    wait_for(c, WAIT_HEAD);
}

static void conn_free(struct conn *c)
{
    struct conns *conns = c->conns;

    wait_leave(&c->wait);
    net_timer_cancel(conns->server->loop, &c->hold);
    hub_leave(&conns->server->hub, c->subscriber);
    if (c->prev)
        c->prev->next = c->next;
    else
        conns->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    conns->count--;
    exchange_free(c->exchange);
    buf_fini(&c->in);
    buf_fini(&c->head);
    bytes_drop(c->body);
    free(c);
}

void conn_bye(struct conn *c)
{
    struct lws *wsi = c->wsi;

    if (c->state == CONN_SOCKET && unsent(c).p == NULL && !lws_partial_buffered(wsi)) {
        ws_frame_close(&c->head, WS_STATUS_GOING_AWAY);
        if (lws_write(wsi, (unsigned char *)c->head.p, c->head.len, LWS_WRITE_RAW) < 0)
            log_debug("a client left without a word");
    }
    lws_set_opaque_user_data(wsi, NULL); /* whatever lws still has to say goes to nobody */
    conn_free(c);
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

int conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len)
{
    struct conn *c = wsi ? lws_get_opaque_user_data(wsi) : NULL;

    (void)user;
    if (reason == LWS_CALLBACK_RAW_ADOPT)
        conn_new(wsi);
    if (!c)
        return 0;
    if (reason == LWS_CALLBACK_RAW_RX)
        on_bytes(c, (struct span){ in, len });
    else if (reason == LWS_CALLBACK_RAW_CLOSE)
        conn_free(c);
    else if (reason == LWS_CALLBACK_RAW_WRITEABLE &&
             (c->state == CONN_ANSWER || c->state == CONN_SOCKET))
        flush(c);
    return 0;
}
