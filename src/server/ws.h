/* server/ws.h — WebSocket frames (RFC 6455) as bytes: what a server reads and writes.
 *
 * What clients say in data frames is counted and dropped: our sockets only tell. Pure; no I/O.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_WS_H
#define SERVER_WS_H

#include "base/buf.h"

enum {
    WS_CONTROL_MAX = 125,      /* bytes in a control frame */
    WS_MESSAGE_MAX = 64 << 10, /* bytes of one message from a client */
    WS_ACCEPT_SIZE = 29,
};

enum ws_opcode {
    WS_CONTINUE = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10
};

enum ws_status {
    WS_STATUS_NONE = 0, /* a close frame without a reason */
    WS_STATUS_NORMAL = 1000,
    WS_STATUS_GOING_AWAY = 1001,
    WS_STATUS_PROTOCOL = 1002,
    WS_STATUS_TOO_BIG = 1009,
};

/* Where we are in what a client sends. Zeroed: at the start of a frame. */
struct ws_reader {
    unsigned char head[14];
    unsigned char head_len;
    unsigned char control_len;
    bool in_message;                       /* a data message has begun and not ended */
    uint32_t message;                      /* bytes of it so far */
    uint64_t left;                         /* payload bytes of this frame still to come */
    uint64_t at;                           /* payload bytes seen, for the mask */
    unsigned char control[WS_CONTROL_MAX]; /* unmasked payload of a control frame */
};

enum ws_event {
    WS_NOTHING,     /* the input is used up */
    WS_GOT_CONTROL, /* a control frame is complete: `opcode` and reader->control tell */
    WS_BAD_FRAME,   /* against the protocol */
    WS_BAD_SIZE,    /* a message longer than WS_MESSAGE_MAX */
};

/* Reads on until something is worth telling. `*in` moves on. */
enum ws_event ws_read(struct ws_reader *reader, struct span *in, enum ws_opcode *opcode);

/* One whole frame from a server. */
void ws_frame(struct buf *out, enum ws_opcode opcode, struct span payload);
void ws_frame_close(struct buf *out, enum ws_status status);

/* Is it 16 bytes in base64, as the handshake wants it? */
bool ws_key_is_valid(struct span key);
/* The answer to Sec-WebSocket-Key. */
void ws_accept(struct span key, char out[WS_ACCEPT_SIZE]);

#endif
