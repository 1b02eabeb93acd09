/* gateway/client_internal.h — what client.c and its parts share.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_CLIENT_INTERNAL_H
#define GATEWAY_CLIENT_INTERNAL_H

#include "gateway/client.h"
#include "gateway/frame.h"

struct asked {
    int64_t id;     /* 0: the place is free */
    int64_t due_ms; /* CLOCK_BOOTTIME */
    client_answer_fn *fn;
    void *to;
};

struct gateway_client {
    struct client_parts parts;
    struct client_hooks hooks;
    struct gateway_url url;
    char *token, *password, *device_token; /* owned */
    struct wire *wire;                     /* NULL: none */
    struct frame_reader reader;
    bool in_message;
    enum client_phase phase;
    enum gateway_state state;
    struct buf error; /* "" : none */
    struct net_timer timer;
    int64_t due_ms;   /* CLOCK_BOOTTIME: end of the handshake, or of the wait */
    int64_t heard_ms; /* CLOCK_BOOTTIME of the last whole message */
    int64_t last_seen_ms;
    int64_t next_id;
    int64_t connect_id;
    struct hello hello;
    struct asked asked[CLIENT_ASKED_MAX];
    int tries; /* attempts since the last hello */
    int protocol_max;
    enum signature_version signature;
    bool device_forgotten; /* once per set of secrets */
    bool host_found, reached;
    int64_t restart_ms;    /* the gateway said that it will be back in so long; 0: it did not */
    uint64_t window_bytes; /* received in the minute that began at window_ms */
    int64_t window_ms;
};

/* ---- client.c ---- */
void client_set_error(struct gateway_client *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Ends the connection and tries again after `wait_ms`, or by back-off where it is negative. */
void client_lose(struct gateway_client *c, int64_t wait_ms);
/* Ends it until a person does something. */
void client_stop(struct gateway_client *c, enum gateway_state state);
void client_dial(struct gateway_client *c);
void client_arm(struct gateway_client *c);
void client_tell(struct gateway_client *c);

/* ---- client_talk.c: what comes in ---- */
void client_hear(struct gateway_client *c, const struct frame *frame);

/* ---- client_ask.c: questions ---- */
/* Everybody who waits hears that nothing will come. */
void client_ask_none(struct gateway_client *c);
void client_ask_answer(struct gateway_client *c, int64_t id, const struct frame *frame);
/* Those whose time is up; returns the next deadline, INT64_MAX without one. */
int64_t client_ask_due(struct gateway_client *c, int64_t now_ms);

#endif
