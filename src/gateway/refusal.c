/* gateway/refusal.c — why a gateway said no, and what helps: a table of its codes.
 *
 * Codes are told apart by `details.code`, else by `code`; the message is for people and may change.
 * SPDX-License-Identifier: MIT
 */
#include "base/pick.h"
#include "gateway/protocol.h"

#include <inttypes.h>

#define ENTER_SECRET                                                                               \
    "look up gateway.auth in the gateway's configuration and enter the right secret: "             \
    "tacho gateway add with the same name and address replaces it"
#define RESTART_DEVICE "run 'tacho gateway remove' and 'tacho gateway add', then approve it again"

/* The first row whose code is a prefix of the refusal's; so the particular ones stand first. */
static const struct row {
    const char *code;
    enum refusal_remedy remedy;
    enum gateway_state state;
    const char *advice;
} rows[] = {
    { "PAIRING_REQUIRED", REMEDY_APPROVAL, GATEWAY_PAIRING_REQUIRED, NULL },
    { "PROTOCOL_MISMATCH", REMEDY_OLDER, GATEWAY_UNREACHABLE,
      "gateway and tacho share no version of the protocol; update the older one" },
    { "DEVICE_AUTH_SIGNATURE_INVALID", REMEDY_SIGN_V2, GATEWAY_AUTH_FAILED, RESTART_DEVICE },
    { "DEVICE_AUTH_SIGNATURE_EXPIRED", REMEDY_RETRY, GATEWAY_AUTH_FAILED,
      "the clocks of the two machines differ by more than two minutes; set them right" },
    { "DEVICE_AUTH_NONCE", REMEDY_RETRY, GATEWAY_UNREACHABLE, NULL },
    { "DEVICE_AUTH_", REMEDY_PERSON, GATEWAY_AUTH_FAILED, RESTART_DEVICE },
    { "DEVICE_IDENTITY_REQUIRED", REMEDY_PERSON, GATEWAY_AUTH_FAILED,
      "the gateway wants a secret as well as a device; " ENTER_SECRET },
    { "AUTH_DEVICE_TOKEN_MISMATCH", REMEDY_FORGET_DEVICE, GATEWAY_AUTH_FAILED, RESTART_DEVICE },
    { "AUTH_SCOPE_MISMATCH", REMEDY_FORGET_DEVICE, GATEWAY_AUTH_FAILED, RESTART_DEVICE },
    { "AUTH_RATE_LIMITED", REMEDY_PERSON, GATEWAY_AUTH_FAILED,
      "too many wrong secrets were tried; wait, then enter the right one" },
    { "AUTH_TOKEN_NOT_CONFIGURED", REMEDY_PERSON, GATEWAY_AUTH_FAILED,
      "the gateway has no token; it may want a password: tacho gateway add --password" },
    { "AUTH_PASSWORD_NOT_CONFIGURED", REMEDY_PERSON, GATEWAY_AUTH_FAILED,
      "the gateway has no password; it may want a token: tacho gateway add" },
    { "AUTH_", REMEDY_PERSON, GATEWAY_AUTH_FAILED, ENTER_SECRET },
    { "CONTROL_UI_", REMEDY_PERSON, GATEWAY_AUTH_FAILED,
      "the gateway takes tacho for a browser; connect to it directly, not by a proxy that adds "
      "an Origin" },
    { "CLIENT_VERSION_MISMATCH", REMEDY_PERSON, GATEWAY_UNREACHABLE, "update tacho" },
    { "NOT_PAIRED", REMEDY_APPROVAL, GATEWAY_PAIRING_REQUIRED, NULL },
    { "UNAVAILABLE", REMEDY_RETRY, GATEWAY_UNREACHABLE, NULL },
    { "", REMEDY_RETRY, GATEWAY_UNREACHABLE, NULL },
};

static void copy_text(const struct picked *value, char *out, size_t size)
{
    char scratch[256];

    span_copy(picked_text(value, scratch, sizeof(scratch)), out, size);
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' '; /* it is shown to people */
}

void refusal_read(struct refusal *out, struct span error)
{
    enum { CODE, MESSAGE, RETRYABLE, AFTER, DETAIL, REQUEST, EXPECTED, NEXT, PAUSE, COUNT };
    static const struct pick_key details[] = {
        { "code", DETAIL },
        { "requestId", REQUEST },
        { "expectedProtocol", EXPECTED },
        { "recommendedNextStep", NEXT },
        { "pauseReconnect", PAUSE },
        { NULL },
    };
    static const struct pick_key keys[] = {
        { "code", CODE },          { "message", MESSAGE },     { "retryable", RETRYABLE },
        { "retryAfterMs", AFTER }, { "details", -1, details }, { NULL },
    };
    struct picked v[COUNT] = { { .type = PICKED_ABSENT } };
    const struct row *row = rows;
    int64_t number;

    *out = (struct refusal){ .retryable = false };
    if (error.p && pick_json(error, keys, v, COUNT) == 0) {
        copy_text(v[DETAIL].type == PICKED_STRING ? &v[DETAIL] : &v[CODE], out->code,
                  sizeof(out->code));
        copy_text(&v[MESSAGE], out->message, sizeof(out->message));
        copy_text(&v[REQUEST], out->request_id, sizeof(out->request_id));
        out->retryable = v[RETRYABLE].type == PICKED_TRUE;
        out->wait_then_retry =
            v[PAUSE].type == PICKED_FALSE ||
            (v[NEXT].type == PICKED_STRING && span_is(v[NEXT].text, "wait_then_retry"));
        if (picked_int(&v[AFTER], &number) == PICKED_INT_OK)
            out->retry_after_ms = number;
        if (picked_int(&v[EXPECTED], &number) == PICKED_INT_OK && number < 1000)
            out->expected_protocol = (int)number;
    }
    while (!span_starts(span_of(out->code), row->code))
        row++;
    out->remedy = row->remedy;
    out->state = row->state;
    out->advice = row->advice;
}

/* A request id goes into a command that somebody will paste into a shell. */
static bool is_plain(const char *text)
{
    return text[0] && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-_.")] == '\0';
}

void refusal_explain(const struct refusal *r, struct buf *out)
{
    if (r->remedy == REMEDY_APPROVAL) {
        buf_add_text(out,
                     "this device has to be approved by the gateway's owner, who runs there: ");
        if (is_plain(r->request_id))
            buf_printf(out, "openclaw devices approve %s", r->request_id);
        else
            buf_add_text(out, "openclaw devices list, then openclaw devices approve with the id "
                              "of this request");
        return;
    }
    buf_printf(out, "the gateway refuses: %s", r->message[0] ? r->message : "it does not say why");
    if (r->code[0])
        buf_printf(out, " (%s)", r->code);
    if (r->advice)
        buf_printf(out, "; %s", r->advice);
}
