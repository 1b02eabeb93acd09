/* gateway/frame.h — the outermost keys of a gateway's frame, read while it comes in.
 *
 * A frame may be large, arrive in any pieces and hold what nobody asked for. This reader walks over
 * the bytes once, remembers the few short values of the outermost object and where `payload` and
 * `error` lie, and keeps the bytes only up to a cap: of a frame beyond it the id is still found. It
 * does not check the grammar below the outermost keys; whoever uses a payload parses it strictly.
 *
 *   {"type":"res","id":"7","ok":true,"payload":{…}}
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_FRAME_H
#define GATEWAY_FRAME_H

#include "base/buf.h"

enum frame_key {
    FRAME_TYPE,
    FRAME_ID,
    FRAME_EVENT,
    FRAME_OK,
    FRAME_PAYLOAD,
    FRAME_ERROR,
    FRAME_KEYS
};

enum { FRAME_VALUE_MAX = 128 }; /* bytes of a short value; a longer one is cut */

struct frame_reader {
    struct buf text; /* the frame so far, or what of it was kept */
    size_t max;      /* bytes to keep */
    uint64_t size;   /* bytes seen */
    int depth;       /* of brackets around the next byte */
    bool in_string, escaped, after_colon, broken, done;
    int key; /* enum frame_key of the value that is being read; -1 another */
    size_t word_len;
    char word[FRAME_VALUE_MAX]; /* the outermost string being read */
    char values[FRAME_KEYS][FRAME_VALUE_MAX];
    uint64_t starts[FRAME_KEYS], ends[FRAME_KEYS]; /* of payload and error, in bytes */
};

/* What a whole frame says; lent until the reader goes on. */
struct frame {
    struct span type, id, event;
    bool ok;
    struct span payload, error; /* as JSON; absent: not there or not kept */
    bool cut;                   /* it was longer than what is kept */
};

/* For the first frame: a zeroed reader. Keeps at most `max` bytes of the frame. */
void frame_begin(struct frame_reader *reader, size_t max);
void frame_feed(struct frame_reader *reader, struct span piece);
/* Ends the frame. False when it was no JSON object. */
bool frame_end(struct frame_reader *reader, struct frame *out);
void frame_fini(struct frame_reader *reader);

/* How many bytes a parser's tree of this text takes, roughly and rather too much. */
size_t frame_weight(struct span json);

#endif
