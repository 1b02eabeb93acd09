/* gateway/client_talk.c — what a gateway says, and what we make of it.
 *
 * Frames, events and keys that are not known are passed over: gateways learn new ones often.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pick.h"
#include "gateway/client_internal.h"

#include <stdlib.h>

enum { RESTART_MAX_MS = 600000, ASK_LATER_MAX_MS = 300000 };

/* ---- the handshake ---- */

static void on_challenge(struct gateway_client *c, const struct frame *frame)
{
    struct challenge challenge;
    struct connect_request request = {
        .id = ++c->next_id,
        .challenge = &challenge,
        .credentials = { c->token, c->password, c->device_token },
        .identity = c->parts.identity,
        .signature = c->signature,
        .protocol_max = c->protocol_max,
    };
    struct buf text = { 0 };
    struct err err = { 0 };

    if (c->phase != CLIENT_CHALLENGE)
        return;
    if (!challenge_read(&challenge, frame->payload)) {
        client_set_error(c, "what answers there is no gateway that tacho knows: its challenge "
                            "cannot be read");
        client_lose(c, -1);
        return;
    }
    if (connect_write(&text, &request, &err) < 0) {
        client_set_error(c, "%s", err.text);
        client_stop(c, GATEWAY_AUTH_FAILED);
    } else {
        c->connect_id = request.id;
        c->phase = CLIENT_HELLO;
        wire_send(c->wire, buf_span(&text));
        client_tell(c);
    }
    if (text.p)
        explicit_bzero(text.p, text.len);
    buf_fini(&text);
}

static void take_device_token(struct gateway_client *c)
{
    const char *given = c->hello.device_token;

    if (!given[0] || (c->device_token && strcmp(c->device_token, given) == 0))
        return;
    free(c->device_token);
    c->device_token = xstrdup(given);
    c->hooks.device(c->hooks.to, given);
}

static void on_hello(struct gateway_client *c, const struct frame *frame)
{
    if (!hello_read(&c->hello, frame->payload)) {
        client_set_error(c, "the gateway's greeting cannot be read");
        client_lose(c, -1);
        return;
    }
    take_device_token(c);
    if (!c->hello.may_read) {
        client_set_error(c, "the gateway let tacho in but without the right to read "
                            "(operator.read); its owner has to approve this device: "
                            "openclaw devices list, then openclaw devices approve");
        client_stop(c, GATEWAY_PAIRING_REQUIRED);
        return;
    }
    c->phase = CLIENT_OPEN;
    c->state = GATEWAY_CONNECTED;
    c->tries = 0;
    c->restart_ms = 0;
    buf_clear(&c->error);
    client_arm(c);
    client_tell(c);
}

/* ---- refusals ---- */

static bool try_differently(struct gateway_client *c, const struct refusal *r)
{
    switch (r->remedy) {
    case REMEDY_OLDER:
        if (r->expected_protocol != PROTOCOL_MIN || c->protocol_max == PROTOCOL_MIN)
            return false;
        c->protocol_max = PROTOCOL_MIN;
        return true;
    case REMEDY_SIGN_V2:
        if (c->signature == SIGNATURE_V2)
            return false;
        c->signature = SIGNATURE_V2;
        return true;
    case REMEDY_FORGET_DEVICE:
        if (c->device_forgotten || !c->device_token)
            return false;
        c->device_forgotten = true;
        free(c->device_token);
        c->device_token = NULL;
        c->hooks.device(c->hooks.to, NULL);
        return true;
    default:
        return false;
    }
}

static void on_refusal(struct gateway_client *c, const struct frame *frame)
{
    struct refusal refusal;
    int64_t wait_ms = -1;

    refusal_read(&refusal, frame->error);
    buf_clear(&c->error);
    refusal_explain(&refusal, &c->error);
    if (try_differently(c, &refusal)) {
        client_lose(c, 0);
        return;
    }
    if (refusal.retry_after_ms > 0)
        wait_ms =
            refusal.retry_after_ms < ASK_LATER_MAX_MS ? refusal.retry_after_ms : ASK_LATER_MAX_MS;
    if (refusal.remedy == REMEDY_RETRY)
        client_lose(c, wait_ms);
    else
        client_stop(c, refusal.state);
    /* somebody else will decide soon, the gateway says: look again by and by */
    if (c->phase == CLIENT_STOPPED && refusal.remedy == REMEDY_APPROVAL &&
        refusal.wait_then_retry) {
        c->due_ms = clock_boot_ms() + (wait_ms > 0 ? wait_ms : backoff_ms(INT32_MAX, 0));
        client_arm(c);
    }
}

/* ---- events ---- */

static void on_shutdown(struct gateway_client *c, const struct frame *frame)
{
    static const struct pick_key keys[] = { { "restartExpectedMs", 0 }, { NULL } };
    struct picked value = { .type = PICKED_ABSENT };
    int64_t ms;

    if (frame->payload.p && pick_json(frame->payload, keys, &value, 1) == 0 &&
        picked_int(&value, &ms) == PICKED_INT_OK && ms > 0)
        c->restart_ms = ms < RESTART_MAX_MS ? ms : RESTART_MAX_MS;
}

static const struct {
    const char *name;
    void (*fn)(struct gateway_client *c, const struct frame *frame);
} events[] = { { "connect.challenge", on_challenge }, { "shutdown", on_shutdown } };

static void on_answer(struct gateway_client *c, const struct frame *frame)
{
    int64_t id;

    if (!span_int(frame->id, &id))
        return;
    if (c->phase == CLIENT_HELLO && id == c->connect_id) {
        if (frame->ok)
            on_hello(c, frame);
        else
            on_refusal(c, frame);
    } else if (c->phase == CLIENT_OPEN) {
        client_ask_answer(c, id, frame);
    }
}

void client_hear(struct gateway_client *c, const struct frame *frame)
{
    if (span_is(frame->type, "res")) {
        on_answer(c, frame);
        return;
    }
    if (!span_is(frame->type, "event"))
        return;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        if (span_is(frame->event, events[i].name))
            events[i].fn(c, frame);
}
