/* gateway/protocol.h — what is said to a gateway, and what its refusals mean.
 *
 * Protocol 3 and 4 of OpenClaw's gateway: the `connect` request with its signature, and a table of
 * error codes with what to do about each. Pure: no I/O, no clock.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_PROTOCOL_H
#define GATEWAY_PROTOCOL_H

#include "base/err.h"
#include "gateway/identity.h"

#include "base/buf.h"

enum gateway_state {
    GATEWAY_CONNECTED,
    GATEWAY_CONNECTING,
    GATEWAY_PAIRING_REQUIRED,
    GATEWAY_AUTH_FAILED,
    GATEWAY_UNREACHABLE,
    GATEWAY_DISABLED,
    GATEWAY_STATES
};
extern const char *const gateway_state_names[GATEWAY_STATES];

enum { PROTOCOL_MIN = 3, PROTOCOL_MAX = 4, CHALLENGE_NONCE_SIZE = 129 };

struct challenge {
    char nonce[CHALLENGE_NONCE_SIZE];
    int64_t at_ms; /* the gateway's clock; 0: not told */
};

/* What a connection shows to be let in; texts lent, NULL where there is none. */
struct credentials {
    const char *token, *password, *device_token;
};

enum signature_version { SIGNATURE_V3, SIGNATURE_V2 };

struct connect_request {
    int64_t id; /* of the request */
    const struct challenge *challenge;
    struct credentials credentials;
    const struct identity *identity; /* NULL: none is shown */
    enum signature_version signature;
    int protocol_max; /* 3 for a gateway that knows nothing newer */
};

/* False when it is no usable challenge. */
bool challenge_read(struct challenge *out, struct span payload);

/* The text that a device signs. */
void connect_signed_text(struct buf *out, const struct connect_request *request);
/* The request as one frame. 0, or -1 with *err when the key does not sign. */
int connect_write(struct buf *out, const struct connect_request *request, struct err *err);

/* A request of a method; `params` is a JSON object. */
void request_write(struct buf *out, int64_t id, const char *method, struct span params);

/* ---- the gateway's answer to connect ---- */

struct hello {
    int protocol;
    bool may_read; /* the scopes hold operator.read, or one that includes it */
    int64_t tick_ms;
    char version[64];
    char device_token[512]; /* "": none was given */
};
/* False when it is no hello. */
bool hello_read(struct hello *out, struct span payload);

/* What to do after an error. */
enum refusal_remedy {
    REMEDY_RETRY,         /* by itself, ever more slowly */
    REMEDY_PERSON,        /* nothing helps but somebody who changes something here */
    REMEDY_APPROVAL,      /* somebody who approves the device there */
    REMEDY_OLDER,         /* say it once more in protocol 3 */
    REMEDY_SIGN_V2,       /* sign the older text */
    REMEDY_FORGET_DEVICE, /* the device token is void: show the shared secret */
};

struct refusal {
    char code[64]; /* details.code where there is one, else code */
    char message[200];
    char request_id[128]; /* of a pairing */
    bool retryable, wait_then_retry;
    int64_t retry_after_ms; /* 0: not told */
    int expected_protocol;  /* 0: not told */
    enum refusal_remedy remedy;
    enum gateway_state state;
    const char *advice; /* a sentence without full stop; what a person can do; NULL: nothing */
};
/* Reads an error object; of one that cannot be read, a refusal with an empty code. */
void refusal_read(struct refusal *out, struct span error);
/* One sentence of what is wrong and what to do, without secrets. */
void refusal_explain(const struct refusal *refusal, struct buf *out);

/* ---- patience ---- */

/* Before the n-th try (from 1) after a lost connection: 1 s, 2 s, 4 s … 30 s, each up to a fifth
 * shorter by `random`. */
int64_t backoff_ms(int tries, uint32_t random);

#endif
