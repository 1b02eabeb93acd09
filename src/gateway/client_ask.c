/* gateway/client_ask.c — questions under way: matched by id, each with its own deadline.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "gateway/client_internal.h"

static struct asked *free_place(struct gateway_client *c)
{
    for (int i = 0; i < CLIENT_ASKED_MAX; i++)
        if (c->asked[i].id == 0)
            return &c->asked[i];
    return NULL;
}

bool client_ask(struct gateway_client *c, const struct client_question *question)
{
    struct asked *place = free_place(c);
    struct buf text = { 0 };

    if (c->phase != CLIENT_OPEN || !place)
        return false;
    *place = (struct asked){ ++c->next_id, clock_boot_ms() + question->timeout_ms, question->fn,
                             question->to };
    request_write(&text, place->id, question->method, question->params);
    wire_send(c->wire, buf_span(&text));
    buf_fini(&text);
    client_arm(c);
    return true;
}

/* Frees the place before the answer is told, which may ask the next. */
static void answer(struct asked *place, const struct client_answer *with)
{
    struct asked asked = *place;

    place->id = 0;
    asked.fn(asked.to, with);
}

void client_ask_none(struct gateway_client *c)
{
    const struct client_answer none = { .state = GATEWAY_NO_ANSWER };

    for (int i = 0; i < CLIENT_ASKED_MAX; i++)
        if (c->asked[i].id != 0)
            answer(&c->asked[i], &none);
}

int64_t client_ask_due(struct gateway_client *c, int64_t now_ms)
{
    const struct client_answer late = { .state = GATEWAY_TIMED_OUT };
    int64_t first_ms = INT64_MAX;

    for (int i = 0; i < CLIENT_ASKED_MAX; i++)
        if (c->asked[i].id != 0 && c->asked[i].due_ms <= now_ms)
            answer(&c->asked[i], &late);
    for (int i = 0; i < CLIENT_ASKED_MAX; i++)
        if (c->asked[i].id != 0 && c->asked[i].due_ms < first_ms)
            first_ms = c->asked[i].due_ms;
    return first_ms;
}

void client_ask_answer(struct gateway_client *c, int64_t id, const struct frame *frame)
{
    struct client_answer with = { .state = GATEWAY_ANSWERED, .payload = frame->payload };
    struct refusal refusal;
    struct buf text = { 0 };

    if (frame->cut) {
        with = (struct client_answer){ .state = GATEWAY_REFUSED, .too_large = true };
        with.error = "the answer is larger than 4 MiB";
    } else if (!frame->ok) {
        refusal_read(&refusal, frame->error);
        buf_printf(&text, "%s", refusal.message[0] ? refusal.message : "the gateway refused");
        if (refusal.code[0])
            buf_printf(&text, " (%s)", refusal.code);
        with = (struct client_answer){ .state = GATEWAY_REFUSED, .error = text.p };
    } else if (!with.payload.p) {
        with.payload = SPAN_LIT("null");
    }
    for (int i = 0; i < CLIENT_ASKED_MAX; i++) {
        if (c->asked[i].id == id && id != 0) {
            answer(&c->asked[i], &with);
            break;
        }
    }
    buf_fini(&text);
}
