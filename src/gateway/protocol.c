/* gateway/protocol.c — see protocol.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/protocol.h"

#include "base/json_out.h"
#include "base/pick.h"

#include <inttypes.h>
#include <stdio.h>

#define CLIENT_ID   "gateway-client"
#define CLIENT_MODE "backend"
#define ROLE        "operator"
#define SCOPE       "operator.read"
#define PLATFORM    "linux"

const char *const gateway_state_names[GATEWAY_STATES] = {
    [GATEWAY_CONNECTED] = "connected",
    [GATEWAY_CONNECTING] = "connecting",
    [GATEWAY_PAIRING_REQUIRED] = "pairing_required",
    [GATEWAY_AUTH_FAILED] = "auth_failed",
    [GATEWAY_UNREACHABLE] = "unreachable",
    [GATEWAY_DISABLED] = "disabled",
};

/* ---- connect ---- */

bool challenge_read(struct challenge *out, struct span payload)
{
    enum { NONCE, TS, COUNT };
    static const struct pick_key keys[] = { { "nonce", NONCE }, { "ts", TS }, { NULL } };
    struct picked v[COUNT];

    *out = (struct challenge){ .at_ms = 0 };
    if (!payload.p || pick_json(payload, keys, v, COUNT) < 0 || v[NONCE].type != PICKED_STRING ||
        v[NONCE].text.len == 0 || v[NONCE].text.len >= sizeof(out->nonce) || v[NONCE].escaped)
        return false;
    span_copy(v[NONCE].text, out->nonce, sizeof(out->nonce));
    picked_int(&v[TS], &out->at_ms);
    return true;
}

/* What stands in auth.token or auth.deviceToken; a password is not signed. */
static const char *signed_token(const struct credentials *c)
{
    if (c->device_token)
        return c->device_token;
    return c->token ? c->token : "";
}

void connect_signed_text(struct buf *out, const struct connect_request *r)
{
    buf_printf(out, "%s|%s|" CLIENT_ID "|" CLIENT_MODE "|" ROLE "|" SCOPE "|%" PRId64 "|%s|%s",
               r->signature == SIGNATURE_V3 ? "v3" : "v2", identity_id(r->identity),
               r->challenge->at_ms, signed_token(&r->credentials), r->challenge->nonce);
    if (r->signature == SIGNATURE_V3)
        buf_add_text(out, "|" PLATFORM "|"); /* and no device family */
}

static int write_device(struct json_out *out, const struct connect_request *r, struct err *err)
{
    char signature[IDENTITY_SIGNATURE_SIZE];
    struct buf text = { 0 };
    int rc;

    connect_signed_text(&text, r);
    rc = identity_sign(r->identity, buf_span(&text), signature, err);
    explicit_bzero(text.p, text.len);
    buf_fini(&text);
    if (rc < 0)
        return -1;
    json_key(out, "device");
    json_open(out, '{');
    json_put_text(out, "id", span_of(identity_id(r->identity)));
    json_put_text(out, "publicKey", span_of(identity_public(r->identity)));
    json_put_text(out, "signature", span_of(signature));
    json_put_int(out, "signedAt", r->challenge->at_ms);
    json_put_text(out, "nonce", span_of(r->challenge->nonce));
    json_close(out, '}');
    return 0;
}

static void write_client(struct json_out *out)
{
    json_key(out, "client");
    json_open(out, '{');
    json_put_text(out, "id", SPAN_LIT(CLIENT_ID));
    json_put_text(out, "displayName", SPAN_LIT("tacho"));
    json_put_text(out, "version", SPAN_LIT(TACHO_VERSION));
    json_put_text(out, "platform", SPAN_LIT(PLATFORM));
    json_put_text(out, "mode", SPAN_LIT(CLIENT_MODE));
    json_close(out, '}');
    json_put_text(out, "role", SPAN_LIT(ROLE));
    json_key(out, "scopes");
    json_open(out, '[');
    json_text(out, SPAN_LIT(SCOPE));
    json_close(out, ']');
    json_key(out, "caps");
    json_open(out, '[');
    json_text(out, SPAN_LIT("usage-refreshing")); /* rather "not yet" than a long wait */
    json_close(out, ']');
}

static void write_auth(struct json_out *out, const struct credentials *c)
{
    const char *key = c->device_token ? "deviceToken" : c->token ? "token" : "password";
    const char *value = c->device_token ? c->device_token : c->token ? c->token : c->password;

    if (!value)
        return;
    json_key(out, "auth");
    json_open(out, '{');
    json_put_text(out, key, span_of(value));
    json_close(out, '}');
}

static void open_request(struct json_out *out, struct buf *buf, int64_t id, const char *method)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, id);
    json_out_init(out, buf, 0);
    json_open(out, '{');
    json_put_text(out, "type", SPAN_LIT("req"));
    json_put_text(out, "id", span_of(text));
    json_put_text(out, "method", span_of(method));
    json_key(out, "params");
}

int connect_write(struct buf *buf, const struct connect_request *r, struct err *err)
{
    struct json_out out;
    int rc = 0;

    open_request(&out, buf, r->id, "connect");
    json_open(&out, '{');
    json_put_int(&out, "minProtocol", PROTOCOL_MIN);
    json_put_int(&out, "maxProtocol", r->protocol_max);
    write_client(&out);
    write_auth(&out, &r->credentials);
    if (r->identity)
        rc = write_device(&out, r, err);
    json_put_text(&out, "userAgent", SPAN_LIT("tacho/" TACHO_VERSION));
    json_close(&out, '}');
    json_close(&out, '}');
    return rc;
}

void request_write(struct buf *buf, int64_t id, const char *method, struct span params)
{
    struct json_out out;

    open_request(&out, buf, id, method);
    buf_add_span(buf, params);
    buf_add_char(buf, '}');
}

/* ---- hello ---- */

enum { TICK_MIN_MS = 1000, TICK_MS = 30000, TICK_MAX_MS = 300000 };

static bool scopes_allow_reading(struct picked scopes)
{
    static const char *const enough[] = { "operator.read", "operator.write", "operator.admin" };
    struct picked scope;
    size_t at = 0;

    if (scopes.type != PICKED_ARRAY)
        return false;
    while (pick_each(scopes, &at, NULL, &scope))
        for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++)
            if (scope.type == PICKED_STRING && span_is(scope.text, enough[i]))
                return true;
    return false;
}

bool hello_read(struct hello *out, struct span payload)
{
    enum { PROTOCOL, VERSION, SCOPES, DEVICE_TOKEN, TICK, COUNT };
    static const struct pick_key server[] = { { "version", VERSION }, { NULL } };
    static const struct pick_key auth[] = { { "scopes", SCOPES },
                                            { "deviceToken", DEVICE_TOKEN },
                                            { NULL } };
    static const struct pick_key policy[] = { { "tickIntervalMs", TICK }, { NULL } };
    static const struct pick_key keys[] = { { "protocol", PROTOCOL },
                                            { "server", -1, server },
                                            { "auth", -1, auth },
                                            { "policy", -1, policy },
                                            { NULL } };
    struct picked v[COUNT];
    int64_t number;

    *out = (struct hello){ .tick_ms = TICK_MS };
    if (!payload.p || pick_json(payload, keys, v, COUNT) < 0)
        return false;
    if (picked_int(&v[PROTOCOL], &number) == PICKED_INT_OK && number < 1000)
        out->protocol = (int)number;
    if (picked_int(&v[TICK], &number) == PICKED_INT_OK && number > 0)
        out->tick_ms = number < TICK_MIN_MS   ? TICK_MIN_MS
                       : number > TICK_MAX_MS ? TICK_MAX_MS
                                              : number;
    out->may_read = scopes_allow_reading(v[SCOPES]);
    if (v[VERSION].type == PICKED_STRING)
        span_copy(v[VERSION].text, out->version, sizeof(out->version));
    if (v[DEVICE_TOKEN].type == PICKED_STRING && !v[DEVICE_TOKEN].escaped &&
        v[DEVICE_TOKEN].text.len < sizeof(out->device_token))
        span_copy(v[DEVICE_TOKEN].text, out->device_token, sizeof(out->device_token));
    return true;
}

/* ---- patience ---- */

int64_t backoff_ms(int tries, uint32_t random)
{
    enum { FIRST_MS = 1000, MOST_MS = 30000, DOUBLINGS = 5 };
    int64_t wait_ms =
        tries > DOUBLINGS ? MOST_MS : (int64_t)FIRST_MS << (tries > 0 ? tries - 1 : 0);

    if (wait_ms > MOST_MS)
        wait_ms = MOST_MS;
    return wait_ms - wait_ms / 5 * (random % 1000) / 1000;
}
