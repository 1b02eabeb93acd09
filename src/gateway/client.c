/* gateway/client.c — see client.h: the connection's life, its patience and its end.
 *
 * One timer serves all deadlines: the handshake's, those of questions, the watchdog's (twice the
 * gateway's tick without a whole message) and the next try's.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/client.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "gateway/client_internal.h"

#include <openssl/rand.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    HANDSHAKE_MS = 15000,
    HELLO_MAX = 1 << 20, /* bytes of a message before we are let in */
    FLOOD_MS = 60000,    /* in such a time … */
};
#define FLOOD_BYTES (UINT64_C(192) << 20) /* … nobody has so much to say */

void client_set_error(struct gateway_client *c, const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    buf_clear(&c->error);
    buf_add_text(&c->error, text);
}

void client_tell(struct gateway_client *c)
{
    c->hooks.changed(c->hooks.to);
}

/* ---- deadlines ---- */

void client_arm(struct gateway_client *c)
{
    int64_t now_ms = clock_boot_ms(), due_ms = c->due_ms;

    if (c->phase == CLIENT_OPEN) {
        due_ms = c->heard_ms + 2 * c->hello.tick_ms;
        for (int i = 0; i < CLIENT_ASKED_MAX; i++)
            if (c->asked[i].id != 0 && c->asked[i].due_ms < due_ms)
                due_ms = c->asked[i].due_ms;
    }
    net_timer_cancel(c->parts.loop, &c->timer);
    if (due_ms > 0)
        net_timer_set(c->parts.loop, &c->timer, due_ms - now_ms);
}

static void on_timer(void *to)
{
    struct gateway_client *c = to;
    int64_t now_ms = clock_boot_ms();

    switch (c->phase) {
    case CLIENT_DIALING:
    case CLIENT_CHALLENGE:
    case CLIENT_HELLO:
        client_set_error(c, c->phase == CLIENT_DIALING
                                ? "no answer within 15 seconds; is the gateway running, and is "
                                  "the address right?"
                                : "something answers there, but it does not greet as a gateway "
                                  "does");
        client_lose(c, -1);
        break;
    case CLIENT_OPEN:
        client_ask_due(c, now_ms);
        if (c->phase == CLIENT_OPEN && now_ms >= c->heard_ms + 2 * c->hello.tick_ms) {
            client_set_error(c, "the gateway has fallen silent");
            client_lose(c, -1);
        } else {
            client_arm(c);
        }
        break;
    case CLIENT_WAITING:
    case CLIENT_STOPPED:
        client_dial(c);
        break;
    case CLIENT_IDLE:
        break;
    }
}

/* ---- losing it ---- */

static void hang_up(struct gateway_client *c)
{
    wire_drop(c->wire);
    c->wire = NULL;
    c->in_message = false;
    frame_begin(&c->reader, 0);
}

void client_lose(struct gateway_client *c, int64_t wait_ms)
{
    uint32_t random = 0;

    hang_up(c);
    if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1)
        random = 0;
    if (wait_ms < 0)
        wait_ms = c->restart_ms > 0 ? c->restart_ms : backoff_ms(c->tries, random);
    c->restart_ms = 0;
    c->phase = CLIENT_WAITING;
    c->state = GATEWAY_UNREACHABLE;
    c->due_ms = clock_boot_ms() + wait_ms;
    client_arm(c);
    client_ask_none(c);
    client_tell(c);
}

void client_stop(struct gateway_client *c, enum gateway_state state)
{
    hang_up(c);
    c->phase = CLIENT_STOPPED;
    c->state = state;
    c->due_ms = 0;
    client_arm(c);
    client_ask_none(c);
    client_tell(c);
}

/* ---- the wire's hooks ---- */

static void on_found(void *to)
{
    struct gateway_client *c = to;

    c->host_found = true;
    client_tell(c);
}

static void on_open(void *to)
{
    struct gateway_client *c = to;

    c->reached = true;
    c->phase = CLIENT_CHALLENGE;
    c->heard_ms = clock_boot_ms();
    client_tell(c);
}

static bool is_flood(struct gateway_client *c, size_t len)
{
    int64_t now_ms = clock_boot_ms();

    if (now_ms - c->window_ms >= FLOOD_MS) {
        c->window_ms = now_ms;
        c->window_bytes = 0;
    }
    c->window_bytes += len;
    return c->window_bytes > FLOOD_BYTES;
}

static void on_piece(void *to, struct span piece, bool last)
{
    struct gateway_client *c = to;
    struct frame frame;

    if (is_flood(c, piece.len)) {
        client_set_error(c, "the gateway sends more than 192 MiB a minute");
        c->window_bytes = 0;
        c->tries = INT32_MAX / 2; /* the longest wait */
        client_lose(c, -1);
        return;
    }
    if (!c->in_message)
        frame_begin(&c->reader, c->phase == CLIENT_OPEN ? CLIENT_ANSWER_MAX : HELLO_MAX);
    c->in_message = !last;
    frame_feed(&c->reader, piece);
    if (!last)
        return;
    c->heard_ms = clock_boot_ms();
    c->last_seen_ms = clock_now_ms();
    if (frame_end(&c->reader, &frame))
        client_hear(c, &frame);
}

static void on_closed(void *to, int code, const char *why)
{
    struct gateway_client *c = to;

    c->wire = NULL;
    if (code)
        client_set_error(c, "the gateway closed the connection (%d%s%s)", code, why[0] ? " " : "",
                         why);
    else if (!c->reached)
        client_set_error(c, "the gateway cannot be reached: %s", why);
    else
        client_set_error(c, "the connection to the gateway was lost");
    client_lose(c, -1);
}

/* ---- life ---- */

struct gateway_client *client_new(const struct client_parts *parts,
                                  const struct client_hooks *hooks)
{
    struct gateway_client *c = xcalloc(1, sizeof(*c));

    c->parts = *parts;
    c->hooks = *hooks;
    c->state = GATEWAY_CONNECTING;
    c->timer = (struct net_timer){ .fn = on_timer, .to = c };
    return c;
}

static void forget(char **secret)
{
    if (*secret)
        explicit_bzero(*secret, strlen(*secret));
    free(*secret);
    *secret = NULL;
}

static char *copy(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void client_free(struct gateway_client *c)
{
    if (!c)
        return;
    hang_up(c);
    c->phase = CLIENT_IDLE; /* whoever is told that nothing comes cannot ask again */
    net_timer_cancel(c->parts.loop, &c->timer);
    client_ask_none(c);
    forget(&c->token);
    forget(&c->password);
    forget(&c->device_token);
    frame_fini(&c->reader);
    buf_fini(&c->error);
    free(c);
}

void client_dial(struct gateway_client *c)
{
    const struct wire_hooks hooks = { c, on_found, on_open, on_piece, on_closed };

    hang_up(c);
    c->tries++;
    c->host_found = c->reached = false;
    c->phase = CLIENT_DIALING;
    if (c->error.len == 0)
        c->state = GATEWAY_CONNECTING;
    c->due_ms = clock_boot_ms() + HANDSHAKE_MS;
    c->wire = wire_dial(c->parts.wires, &c->url, &hooks);
    client_arm(c);
}

void client_connect(struct gateway_client *c, const struct gateway_url *url,
                    const struct credentials *credentials)
{
    c->url = *url;
    forget(&c->token);
    forget(&c->password);
    forget(&c->device_token);
    c->token = copy(credentials->token);
    c->password = copy(credentials->password);
    c->device_token = copy(credentials->device_token);
    c->protocol_max = PROTOCOL_MAX;
    c->signature = SIGNATURE_V3;
    c->device_forgotten = false;
    c->tries = 0;
    c->restart_ms = 0;
    buf_clear(&c->error);
    client_dial(c);
    client_ask_none(c);
}

void client_retry(struct gateway_client *c)
{
    if (c->phase == CLIENT_WAITING || c->phase == CLIENT_STOPPED)
        client_dial(c);
}

void client_get_facts(const struct gateway_client *c, struct client_facts *out)
{
    int64_t left_ms = c->due_ms - clock_boot_ms();

    *out = (struct client_facts){
        .phase = c->phase,
        .state = c->state,
        .error = c->error.len > 0 ? c->error.p : NULL,
        .version = c->hello.version,
        .last_seen_ms = c->last_seen_ms,
        .retry_in_ms = c->phase == CLIENT_WAITING && left_ms > 0 ? left_ms : 0,
        .host_found = c->host_found,
        .reached = c->reached,
    };
}
