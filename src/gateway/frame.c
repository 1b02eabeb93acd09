/* gateway/frame.c — see frame.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/frame.h"

enum { SPARE = 64 << 10 }; /* bytes of buffer kept from one frame to the next */

static const char *const key_names[FRAME_KEYS] = {
    [FRAME_TYPE] = "type", [FRAME_ID] = "id",           [FRAME_EVENT] = "event",
    [FRAME_OK] = "ok",     [FRAME_PAYLOAD] = "payload", [FRAME_ERROR] = "error",
};

void frame_begin(struct frame_reader *r, size_t max)
{
    struct buf text = r->text;

    if (text.space > SPARE)
        buf_fini(&text);
    else
        buf_clear(&text);
    *r = (struct frame_reader){ .text = text, .max = max, .key = -1 };
}

void frame_fini(struct frame_reader *r)
{
    buf_fini(&r->text);
}

static int key_of(struct span word)
{
    for (int i = 0; i < FRAME_KEYS; i++)
        if (span_is(word, key_names[i]))
            return i;
    return -1;
}

/* A value of the outermost object is complete, at byte `end`. */
static void value_ends(struct frame_reader *r, uint64_t end)
{
    if (r->key >= 0 && r->after_colon) {
        span_copy((struct span){ r->word, r->word_len }, r->values[r->key], FRAME_VALUE_MAX);
        r->ends[r->key] = end;
    }
    r->after_colon = false;
    r->key = -1;
    r->word_len = 0;
}

static void keep_char(struct frame_reader *r, char c)
{
    if (r->depth == 1 && r->word_len < FRAME_VALUE_MAX - 1)
        r->word[r->word_len++] = c;
}

static void string_char(struct frame_reader *r, char c)
{
    if (!r->escaped && c == '"') {
        r->in_string = false;
        return;
    }
    r->escaped = !r->escaped && c == '\\';
    keep_char(r, c);
}

/* A byte outside of strings. */
static void plain_char(struct frame_reader *r, char c, uint64_t at)
{
    switch (c) {
    case '"':
        r->broken = r->broken || r->depth == 0;
        r->in_string = true;
        r->word_len = r->depth == 1 ? 0 : r->word_len;
        break;
    case '{':
    case '[':
        r->broken = r->broken || (r->depth == 0 && (c != '{' || r->done));
        r->depth++;
        break;
    case '}':
    case ']':
        if (r->depth == 1)
            value_ends(r, at);
        r->broken = r->broken || r->depth == 0;
        r->depth--;
        r->done = r->depth == 0;
        break;
    case ':':
        if (r->depth == 1 && !r->after_colon) {
            r->key = key_of((struct span){ r->word, r->word_len });
            r->after_colon = true;
            r->word_len = 0;
            if (r->key >= 0)
                r->starts[r->key] = at + 1;
        }
        break;
    case ',':
        if (r->depth == 1)
            value_ends(r, at);
        break;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
        break;
    default:
        r->broken = r->broken || r->depth == 0;
        keep_char(r, c); /* true, false, numbers */
        break;
    }
}

void frame_feed(struct frame_reader *r, struct span piece)
{
    if (r->text.len < r->max) {
        size_t room = r->max - r->text.len;

        buf_add(&r->text, piece.p, piece.len < room ? piece.len : room);
    }
    for (size_t i = 0; i < piece.len && !r->broken; i++) {
        if (r->in_string)
            string_char(r, piece.p[i]);
        else
            plain_char(r, piece.p[i], r->size + i);
    }
    r->size += piece.len;
}

static struct span part(const struct frame_reader *r, enum frame_key key)
{
    uint64_t start = r->starts[key], end = r->ends[key];

    if (end <= start || end > r->text.len)
        return SPAN_ABSENT;
    return span_trim((struct span){ r->text.p + start, (size_t)(end - start) });
}

bool frame_end(struct frame_reader *r, struct frame *out)
{
    *out = (struct frame){
        .type = span_of(r->values[FRAME_TYPE]),
        .id = span_of(r->values[FRAME_ID]),
        .event = span_of(r->values[FRAME_EVENT]),
        .ok = span_is(span_of(r->values[FRAME_OK]), "true"),
        .payload = part(r, FRAME_PAYLOAD),
        .error = part(r, FRAME_ERROR),
        .cut = r->size > r->text.len,
    };
    return !r->broken && r->depth == 0 && !r->in_string && r->size > 0;
}

size_t frame_weight(struct span json)
{
    enum { OBJECT = 320, ARRAY = 160, VALUE = 48, KEY = 64 };
    size_t weight = json.len;
    bool in_string = false;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.p[i];

        if (c == '"')
            in_string = !in_string;
        else if (in_string)
            i += c == '\\';
        else
            weight += c == '{' ? OBJECT : c == '[' ? ARRAY : c == ',' ? VALUE : c == ':' ? KEY : 0;
    }
    return weight;
}
