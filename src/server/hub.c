/* server/hub.c — see hub.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/hub.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/handlers.h"
#include "server/run_feed.h"
#include "server/server_internal.h"

#include <assert.h>
#include <stdlib.h>

enum {
    ROUND_MS = 20, /* between two rounds of documents */
    PING_MS = 30000,
    EXPIRY_MS = 3600000,
};

const struct topic hub_topics[HUB_TOPICS] = {
    { "/api/ws/live", live_topic, false },
    { "/api/ws/usage", usage_document, true },
    { "/api/ws/states", NULL, false },
    { GATEWAY_TOPIC, gateway_document, false, true, gateway_exists, gateway_watch },
    { "/api/runs/{id}/shell", .exists = run_exists, .follow = run_follow },
    { "/api/ws/runs/{id}", .exists = run_exists, .follow = run_follow },
};

struct subscriber {
    struct hub *hub;
    struct conn *conn;
    struct channel *channel;
    struct subscriber *prev, *next;     /* of the channel */
    struct bytes *waiting;              /* newest document that has not been begun; or NULL */
    struct bytes *notes[HUB_NOTES_MAX]; /* frames to send behind it, oldest first */
    int notes_n;
    struct run_feed *feed; /* of a run; or NULL */
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

/* Writes the channel's document anew. Keeps the old one if that fails. False: it says what the old
 * one said. */
static bool make_document(struct hub *hub, struct channel *channel)
{
    const struct topic *topic = channel->topic;
    struct topic_state state = { .param = channel->state.param, .good_until_ms = INT64_MAX };
    struct buf text = { 0 }, frame = { 0 };
    bool news = false;
    struct err err;

    if (!topic->build)
        return false;
    if (topic->build(hub->server, &text, &state, &err) < 0) {
        log_warning("%s: %s", topic->pattern, err.text);
    } else {
        news = !channel->newest || state.mark == 0 || state.mark != channel->state.mark;
        ws_frame(&frame, WS_TEXT, buf_span(&text));
        bytes_drop(channel->newest);
        channel->newest = bytes_new(buf_span(&frame));
        channel->revision = hub->server->revision;
        channel->state = state;
    }
    buf_fini(&text);
    buf_fini(&frame);
    return news;
}

static void hand_out(struct subscriber *s)
{
    bytes_drop(s->waiting); /* one that was not begun is outdated */
    s->waiting = s->channel->newest ? bytes_keep(s->channel->newest) : NULL;
}

bool hub_has(const struct hub *hub, const struct topic *topic, struct span param)
{
    return !topic->exists || topic->exists(hub->server, param);
}

static void say_goodbye(struct subscriber *s, enum ws_status status)
{
    s->goodbye = true;
    s->status = status;
}

static void publish(struct hub *hub, struct channel *channel)
{
    if (!hub_has(hub, channel->topic, channel->state.param)) {
        for (struct subscriber *s = channel->first; s; s = s->next) {
            say_goodbye(s, WS_STATUS_GOING_AWAY);
            conn_kick(s->conn);
        }
        return;
    }
    if (!make_document(hub, channel))
        return;
    for (struct subscriber *s = channel->first; s; s = s->next) {
        hand_out(s);
        conn_kick(s->conn);
    }
}

static struct bytes *take_note(struct subscriber *s)
{
    struct bytes *note = s->notes[0];

    memmove(s->notes, s->notes + 1, (size_t)--s->notes_n * sizeof(s->notes[0]));
    return note;
}

/* One timer for the punctual topics that somebody listens to. The wall clock may be set meanwhile:
 * it never sleeps longer than an hour. */
static void await_expiry(struct hub *hub)
{
    int64_t next_ms = INT64_MAX, now_ms = clock_now_ms(), wait_ms;

    for (const struct channel *channel = hub->channels; channel; channel = channel->next)
        if (channel->topic->punctual && channel->state.good_until_ms < next_ms)
            next_ms = channel->state.good_until_ms;
    if (next_ms == INT64_MAX)
        return;
    wait_ms = next_ms <= now_ms ? ROUND_MS : next_ms - now_ms;
    net_timer_set(hub->server->loop, &hub->expiry, wait_ms < EXPIRY_MS ? wait_ms : EXPIRY_MS);
}

static void on_publish(void *to)
{
    struct hub *hub = to;

    hub->published_ms = clock_boot_ms();
    for (struct channel *channel = hub->channels; channel; channel = channel->next)
        if (!channel->topic->apart)
            publish(hub, channel);
    await_expiry(hub);
}

static void on_expiry(void *to)
{
    struct hub *hub = to;

    for (struct channel *channel = hub->channels; channel; channel = channel->next)
        if (channel->topic->punctual && clock_now_ms() >= channel->state.good_until_ms)
            publish(hub, channel);
    await_expiry(hub);
}

static struct channel *find_channel(struct hub *hub, const struct topic *topic, struct span param)
{
    struct channel *channel = hub->channels;

    while (channel && (channel->topic != topic || !span_eq(channel->state.param, param)))
        channel = channel->next;
    return channel;
}

static const struct topic *find_pattern(const char *pattern)
{
    int i = 0;

    while (strcmp(hub_topics[i].pattern, pattern) != 0)
        i++;
    return &hub_topics[i];
}

void hub_publish(struct hub *hub, const char *pattern, struct span param)
{
    struct channel *channel = find_channel(hub, find_pattern(pattern), param);

    if (channel)
        publish(hub, channel);
}

void hub_tell(struct hub *hub, const char *pattern, struct span text)
{
    struct channel *channel = find_channel(hub, find_pattern(pattern), SPAN_LIT(""));
    struct buf frame = { 0 };
    struct bytes *note;

    if (!channel)
        return;
    if (hub->publish.armed) { /* what it is about comes first */
        net_timer_cancel(hub->server->loop, &hub->publish);
        on_publish(hub);
    }
    ws_frame(&frame, WS_TEXT, text);
    note = bytes_new(buf_span(&frame));
    for (struct subscriber *s = channel->first; s; s = s->next) {
        if (s->notes_n == HUB_NOTES_MAX)
            bytes_drop(take_note(s));
        s->notes[s->notes_n++] = bytes_keep(note);
        conn_kick(s->conn);
    }
    bytes_drop(note);
    buf_fini(&frame);
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

    for (struct channel *channel = hub->channels; channel; channel = channel->next) {
        for (struct subscriber *s = channel->first; s; s = s->next) {
            if (!s->heard) { /* not even a pong in all that time */
                conn_kill(s->conn);
                continue;
            }
            s->heard = false;
            s->ping = true;
            conn_kick(s->conn);
        }
        if (now_ms >= channel->state.good_until_ms)
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
    hub->expiry = (struct net_timer){ .fn = on_expiry, .to = hub };
    hub->ping = (struct net_timer){ .fn = on_ping, .to = hub };
}

void hub_fini(struct hub *hub)
{
    assert(!hub->channels);
}

const struct topic *hub_find(struct span path, struct span params[REQUEST_PARAMS_MAX])
{
    struct span taken[REQUEST_PARAMS_MAX] = { { NULL, 0 } };

    for (int i = 0; i < HUB_TOPICS; i++) {
        if (!route_matches(hub_topics[i].pattern, path, taken))
            continue;
        memcpy(params, taken, sizeof(taken));
        return &hub_topics[i];
    }
    return NULL;
}

static struct channel *open_channel(struct hub *hub, const struct topic *topic, struct span param)
{
    struct channel *channel = find_channel(hub, topic, param);

    if (channel)
        return channel;
    channel = xcalloc(1, sizeof(*channel));
    channel->topic = topic;
    channel->state.param.len = span_copy(param, channel->text, sizeof(channel->text));
    channel->state.param.p = channel->text;
    channel->next = hub->channels;
    hub->channels = channel;
    return channel;
}

/* The last subscriber has left. */
static void close_channel(struct hub *hub, struct channel *channel)
{
    struct channel **at = &hub->channels;

    while (*at != channel)
        at = &(*at)->next;
    *at = channel->next;
    bytes_drop(channel->newest);
    free(channel);
}

struct subscriber *hub_join(struct hub *hub, const struct topic *topic, struct span param,
                            struct conn *conn)
{
    struct channel *channel = open_channel(hub, topic, param);
    struct subscriber *s = xcalloc(1, sizeof(*s));
    bool stale;

    if (topic->watch)
        topic->watch(hub->server, channel->state.param, +1);
    s->hub = hub;
    s->conn = conn;
    s->channel = channel;
    s->heard = true;
    s->feed = topic->follow ? topic->follow(hub->server, param) : NULL;
    stale = !channel->newest || channel->revision != hub->server->revision ||
            clock_now_ms() >= channel->state.good_until_ms;
    if (stale && channel->first)
        publish(hub, channel); /* also to those who were there before: it may be news to them */
    else if (stale)
        make_document(hub, channel);
    s->next = channel->first;
    if (s->next)
        s->next->prev = s;
    channel->first = s;
    hub->subscribers++;
    hand_out(s);
    await_expiry(hub);
    if (!hub->ping.armed)
        net_timer_set(hub->server->loop, &hub->ping, hub->ping_ms);
    return s;
}

void hub_leave(struct hub *hub, struct subscriber *s)
{
    struct channel *channel = s ? s->channel : NULL;

    if (!s)
        return;
    if (s->prev)
        s->prev->next = s->next;
    else
        channel->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    bytes_drop(s->waiting);
    while (s->notes_n > 0)
        bytes_drop(take_note(s));
    run_feed_free(s->feed);
    free(s);
    if (channel->topic->watch)
        channel->topic->watch(hub->server, channel->state.param, -1);
    if (!channel->first)
        close_channel(hub, channel);
    if (--hub->subscribers > 0)
        return;
    net_timer_cancel(hub->server->loop, &hub->ping);
    net_timer_cancel(hub->server->loop, &hub->publish);
    net_timer_cancel(hub->server->loop, &hub->expiry);
}

/* ---- runs ---- */

void hub_run_news(struct hub *hub, const struct run_news *news)
{
    for (struct channel *channel = hub->channels; channel; channel = channel->next) {
        for (struct subscriber *s = channel->first; s; s = s->next) {
            if (!s->feed || s->feed->run != news->run)
                break; /* those of a channel follow the same run */
            if (run_feed_put(s->feed, news))
                conn_kick(s->conn);
            else
                conn_kill(s->conn);
        }
    }
}

static bool next_of_run(struct subscriber *s, struct buf *frame)
{
    struct buf text = { 0 };
    bool any = s->feed && run_feed_next(s->feed, &text);

    if (any)
        ws_frame(frame, WS_TEXT, buf_span(&text));
    buf_fini(&text);
    return any;
}

/* ---- one client ---- */

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
    if (next_of_run(s, control))
        return HUB_FRAME;
    if (!s->waiting && s->notes_n == 0)
        return HUB_NOTHING;
    *document = s->waiting ? s->waiting : take_note(s);
    s->waiting = NULL;
    return HUB_FRAME;
}
