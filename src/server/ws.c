/* server/ws.c — see ws.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/ws.h"

#include <ctype.h>
#include <openssl/evp.h>

enum {
    FIN = 0x80,
    RESERVED = 0x70,
    OPCODE = 0x0f,
    MASKED = 0x80,
    LENGTH = 0x7f,
    CONTROL = 0x08, /* this bit of the opcode tells control frames from data */
    MASK_SIZE = 4,
};

/* ---- reading ---- */

/* Bytes of the whole frame head, as far as its first two tell. */
static unsigned head_size(const unsigned char *head)
{
    unsigned length = head[1] & LENGTH;

    return 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + MASK_SIZE;
}

static uint64_t payload_size(const unsigned char *head)
{
    unsigned length = head[1] & LENGTH;
    unsigned bytes = length == 127 ? 8 : length == 126 ? 2 : 0;
    uint64_t size = 0;

    if (bytes == 0)
        return length;
    for (unsigned i = 0; i < bytes; i++)
        size = size << 8 | head[2 + i];
    return size;
}

static bool opcode_is_known(unsigned opcode)
{
    return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

/* The head is complete: may this frame stand here? */
static enum ws_event begin_frame(struct ws_reader *r)
{
    unsigned opcode = r->head[0] & OPCODE;
    uint64_t size = payload_size(r->head);

    r->left = size;
    r->at = 0;
    r->control_len = 0;
    if ((r->head[0] & RESERVED) || !opcode_is_known(opcode))
        return WS_BAD_FRAME;
    if (opcode & CONTROL)
        return size > WS_CONTROL_MAX || !(r->head[0] & FIN) ? WS_BAD_FRAME : WS_NOTHING;
    if ((opcode == WS_CONTINUE) != r->in_message)
        return WS_BAD_FRAME;
    if (!r->in_message)
        r->message = 0;
    if (size > WS_MESSAGE_MAX - r->message)
        return WS_BAD_SIZE;
    r->message += (uint32_t)size;
    r->in_message = !(r->head[0] & FIN);
    return WS_NOTHING;
}

static void take_payload(struct ws_reader *r, struct span *in)
{
    size_t n = in->len < r->left ? in->len : (size_t)r->left;
    const unsigned char *mask = r->head + head_size(r->head) - MASK_SIZE;

    if (r->head[0] & CONTROL)
        for (size_t i = 0; i < n; i++)
            r->control[r->control_len++] = (unsigned char)in->p[i] ^ mask[(r->at + i) % MASK_SIZE];
    r->at += n;
    r->left -= n;
    *in = (struct span){ in->p + n, in->len - n };
}

enum ws_event ws_read(struct ws_reader *r, struct span *in, enum ws_opcode *opcode)
{
    for (;;) {
        bool whole = r->head_len >= 2 && r->head_len == head_size(r->head);

        if (!whole) {
            enum ws_event event;

            if (in->len == 0)
                return WS_NOTHING;
            r->head[r->head_len++] = (unsigned char)in->p[0];
            *in = (struct span){ in->p + 1, in->len - 1 };
            if (r->head_len == 2 && !(r->head[1] & MASKED)) /* no mask will come to wait for */
                return WS_BAD_FRAME;
            if (r->head_len < 2 || r->head_len < head_size(r->head))
                continue;
            event = begin_frame(r);
            if (event != WS_NOTHING)
                return event;
        }
        take_payload(r, in);
        if (r->left > 0)
            return WS_NOTHING;
        r->head_len = 0;
        *opcode = (enum ws_opcode)(r->head[0] & OPCODE);
        if (*opcode & CONTROL)
            return WS_GOT_CONTROL;
    }
}

/* ---- writing ---- */

void ws_frame(struct buf *out, enum ws_opcode opcode, struct span payload)
{
    unsigned char head[10] = { (unsigned char)(FIN | opcode) };
    size_t len = 2, bytes = payload.len > 0xffff ? 8 : payload.len > 125 ? 2 : 0;

    head[1] = (unsigned char)(bytes == 8 ? 127 : bytes == 2 ? 126 : payload.len);
    for (size_t i = bytes; i > 0; i--)
        head[len++] = (unsigned char)((uint64_t)payload.len >> 8 * (i - 1));
    buf_add(out, head, len);
    buf_add_span(out, payload);
}

void ws_frame_close(struct buf *out, enum ws_status status)
{
    char code[2] = { (char)(status >> 8), (char)(status & 0xff) };

    ws_frame(out, WS_CLOSE, (struct span){ code, status == WS_STATUS_NONE ? 0 : sizeof(code) });
}

/* ---- handshake ---- */

bool ws_key_is_valid(struct span key)
{
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.p[i];

        if (i < 22 ? !isalnum(c) && c != '+' && c != '/' : c != '=')
            return false;
    }
    return key.len == 24;
}

void ws_accept(struct span key, char out[WS_ACCEPT_SIZE])
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    struct buf both = { 0 };

    buf_add_span(&both, key);
    buf_add(&both, magic, sizeof(magic) - 1);
    EVP_Digest(both.p, both.len, digest, &len, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)out, digest, (int)len);
    buf_fini(&both);
}
