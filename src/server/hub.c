/* server/hub.c — see hub.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/hub.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/handlers.h"
#include "server/server_internal.h"

#include <stdlib.h>

enum {
    ROUND_MS = 20, /* between two rounds of documents */
    PING_MS = 30000,
};

const struct topic hub_topics[HUB_TOPICS] = {
    { "/api/ws/live", live_document },
};

struct subscriber {
    struct hub *hub;
    struct conn *conn;
    struct channel *channel;
    struct subscriber *prev, *next; /* of the channel */
    struct bytes *waiting;          /* newest document that has not been begun; or NULL */
    struct ws_reader reader;
    bool heard;   /* since the last ping */
    bool ping;    /* a ping is to be sent */
    bool pong;    /* the client's ping is to be answered, with these bytes */
    bool goodbye; /* a close frame is to be sent with `status`; nothing is read any more */
    unsigned char pong_len;
    unsigned char pong_bytes[WS_CONTROL_MAX];
    enum ws_status status;
};

/* ---- documents ---- */

/* Writes the channel's document anew. Keeps the old one if that fails. */
static void make_document(struct hub *hub, struct channel *channel)
{
    const struct topic *topic = &hub_topics[channel - hub->channels];
    struct buf text = { 0 }, frame = { 0 };
    int64_t good_until_ms = INT64_MAX;
    struct err err;

    if (topic->build(hub->server, &text, &good_until_ms, &err) < 0) {
        log_warning("%s: %s", topic->pattern, err.text);
    } else {
        ws_frame(&frame, WS_TEXT, buf_span(&text));
        bytes_drop(channel->newest);
        channel->newest = bytes_new(buf_span(&frame));
        channel->revision = hub->server->revision;
        channel->good_until_ms = good_until_ms;
    }
    buf_fini(&text);
    buf_fini(&frame);
}

static void hand_out(struct subscriber *s)
{
    bytes_drop(s->waiting); /* one that was not begun is outdated */
    s->waiting = s->channel->newest ? bytes_keep(s->channel->newest) : NULL;
}

static void publish(struct hub *hub, struct channel *channel)
{
    if (!channel->first)
        return;
    make_document(hub, channel);
    for (struct subscriber *s = channel->first; s; s = s->next) {
        hand_out(s);
        conn_kick(s->conn);
    }
}

static void on_publish(void *to)
{
    struct hub *hub = to;

    hub->published_ms = clock_boot_ms();
    for (int i = 0; i < HUB_TOPICS; i++)
        publish(hub, &hub->channels[i]);
}

void hub_changed(struct hub *hub)
{
    int64_t since_ms = clock_boot_ms() - hub->published_ms;

    if (hub->subscribers == 0 || hub->publish.armed)
        return;
    if (since_ms >= ROUND_MS)
        on_publish(hub);
    else
        net_timer_set(hub->server->loop, &hub->publish, ROUND_MS - since_ms);
}

/* ---- pings ---- */

static void on_ping(void *to)
{
    struct hub *hub = to;
    int64_t now_ms = clock_now_ms();

    for (int i = 0; i < HUB_TOPICS; i++) {
        struct channel *channel = &hub->channels[i];

        for (struct subscriber *s = channel->first; s; s = s->next) {
            if (!s->heard) { /* not even a pong in all that time */
                conn_kill(s->conn);
                continue;
            }
            s->heard = false;
            s->ping = true;
            conn_kick(s->conn);
        }
        if (now_ms >= channel->good_until_ms)
            publish(hub, channel);
    }
    if (hub->subscribers > 0)
        net_timer_set(hub->server->loop, &hub->ping, hub->ping_ms);
}

/* ---- coming and going ---- */

void hub_init(struct hub *hub, struct server *server)
{
    *hub = (struct hub){ .server = server, .ping_ms = PING_MS };
    hub->publish = (struct net_timer){ .fn = on_publish, .to = hub };
    hub->ping = (struct net_timer){ .fn = on_ping, .to = hub };
}

void hub_fini(struct hub *hub)
{
    for (int i = 0; i < HUB_TOPICS; i++) {
        bytes_drop(hub->channels[i].newest);
        hub->channels[i].newest = NULL;
    }
}

const struct topic *hub_find(struct span path)
{
    struct span params[REQUEST_PARAMS_MAX];

    for (int i = 0; i < HUB_TOPICS; i++)
        if (route_matches(hub_topics[i].pattern, path, params))
            return &hub_topics[i];
    return NULL;
}

struct subscriber *hub_join(struct hub *hub, const struct topic *topic, struct conn *conn)
{
    struct channel *channel = &hub->channels[topic - hub_topics];
    struct subscriber *s = xcalloc(1, sizeof(*s));

    s->hub = hub;
    s->conn = conn;
    s->channel = channel;
    s->heard = true;
    s->next = channel->first;
    if (s->next)
        s->next->prev = s;
    channel->first = s;
    hub->subscribers++;
    if (!channel->newest || channel->revision != hub->server->revision ||
        clock_now_ms() >= channel->good_until_ms)
        make_document(hub, channel);
    hand_out(s);
    if (!hub->ping.armed)
        net_timer_set(hub->server->loop, &hub->ping, hub->ping_ms);
    return s;
}

void hub_leave(struct hub *hub, struct subscriber *s)
{
    if (!s)
        return;
    if (s->prev)
        s->prev->next = s->next;
    else
        s->channel->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    bytes_drop(s->waiting);
    free(s);
    if (--hub->subscribers > 0)
        return;
    net_timer_cancel(hub->server->loop, &hub->ping);
    net_timer_cancel(hub->server->loop, &hub->publish);
}

/* ---- one client ---- */

static void say_goodbye(struct subscriber *s, enum ws_status status)
{
    s->goodbye = true;
    s->status = status;
}

static void on_control(struct subscriber *s, enum ws_opcode opcode)
{
    const struct ws_reader *reader = &s->reader;

    switch (opcode) {
    case WS_PING: /* of several, only the newest wants an answer */
        s->pong = true;
        s->pong_len = reader->control_len;
        memcpy(s->pong_bytes, reader->control, reader->control_len);
        break;
    case WS_CLOSE:
        say_goodbye(s, reader->control_len >= 2 ? WS_STATUS_NORMAL : WS_STATUS_NONE);
        break;
    default:
        break;
    }
}

void hub_read(struct subscriber *s, struct span in)
{
    enum ws_opcode opcode = WS_CONTINUE;

    s->heard = true;
    while (!s->goodbye) {
        switch (ws_read(&s->reader, &in, &opcode)) {
        case WS_NOTHING:
            conn_kick(s->conn);
            return;
        case WS_GOT_CONTROL:
            on_control(s, opcode);
            break;
        case WS_BAD_FRAME:
            say_goodbye(s, WS_STATUS_PROTOCOL);
            break;
        case WS_BAD_SIZE:
            say_goodbye(s, WS_STATUS_TOO_BIG);
            break;
        }
    }
    conn_kick(s->conn);
}

enum hub_next hub_next(struct subscriber *s, struct buf *control, struct bytes **document)
{
    if (s->goodbye) {
        ws_frame_close(control, s->status);
        return HUB_LAST_FRAME;
    }
    if (s->pong) {
        s->pong = false;
        ws_frame(control, WS_PONG, (struct span){ (const char *)s->pong_bytes, s->pong_len });
        return HUB_FRAME;
    }
    if (s->ping) {
        s->ping = false;
        ws_frame(control, WS_PING, (struct span){ "", 0 });
        return HUB_FRAME;
    }
    if (!s->waiting)
        return HUB_NOTHING;
    *document = s->waiting;
    s->waiting = NULL;
    return HUB_FRAME;
}
