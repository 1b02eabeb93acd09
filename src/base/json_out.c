/* base/json_out.c — see json_out.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void json_out_init(struct json_out *out, struct buf *buf, int indent)
{
    *out = (struct json_out){ .buf = buf, .indent = indent, .first = true };
}

static void new_line(struct json_out *out)
{
    if (out->indent > 0)
        buf_printf(out->buf, "\n%*s", out->indent * out->depth, "");
}

static bool in_object(const struct json_out *out)
{
    return out->depth > 0 && (out->objects >> (out->depth - 1) & 1);
}

/* Whatever must stand before the next value or key. */
static void lead(struct json_out *out)
{
    if (out->after_key) {
        out->after_key = false;
        return;
    }
    if (out->depth > 0) {
        if (!out->first)
            buf_add_char(out->buf, ',');
        new_line(out);
    }
    out->first = false;
}

/* As lead, for a value: in an object it needs a key. */
static void lead_value(struct json_out *out)
{
    assert(!in_object(out) || out->after_key);
    lead(out);
}

void json_open(struct json_out *out, char bracket)
{
    uint64_t bit;

    assert((bracket == '{' || bracket == '[') && out->depth < 64);
    lead_value(out);
    buf_add_char(out->buf, bracket);
    bit = UINT64_C(1) << out->depth++;
    out->objects = bracket == '{' ? out->objects | bit : out->objects & ~bit;
    out->first = true;
}

void json_close(struct json_out *out, char bracket)
{
    assert(out->depth > 0 && !out->after_key && bracket == (in_object(out) ? '}' : ']'));
    out->depth--;
    if (!out->first)
        new_line(out);
    buf_add_char(out->buf, bracket);
    out->first = false;
}

/* Length of the UTF-8 sequence at p, or 0 if it is none (overlong, surrogate, cut off). */
static size_t utf8_len(const unsigned char *p, size_t left)
{
    static const unsigned char low[] = { 0, 0, 0xc2, 0xe0, 0xf0 };
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    size_t i;

    if (n == 1)
        return 1;
    if (p[0] < low[n] || p[0] > 0xf4 || left < n)
        return 0;
    for (i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

static void add_escaped(struct buf *buf, unsigned char c)
{
    static const char names[] = "btnvfr"; /* 0x08…0x0d; JSON has no \v */

    if (c == '"' || c == '\\')
        buf_printf(buf, "\\%c", c);
    else if (c >= 0x08 && c <= 0x0d && c != 0x0b)
        buf_printf(buf, "\\%c", names[c - 0x08]);
    else
        buf_printf(buf, "\\u%04x", c);
}

static void add_quoted(struct buf *buf, struct span text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    size_t i = 0;

    buf_reserve(buf, text.len + 2);
    buf_add_char(buf, '"');
    while (i < text.len) {
        size_t n = utf8_len(p + i, text.len - i);

        if (n == 0) {
            buf_add_text(buf, "\xef\xbf\xbd");
            i++;
        } else if (n == 1 && (p[i] < 0x20 || p[i] == '"' || p[i] == '\\' || p[i] == 0x7f)) {
            add_escaped(buf, p[i++]);
        } else {
            buf_add(buf, p + i, n);
            i += n;
        }
    }
    buf_add_char(buf, '"');
}

void json_key(struct json_out *out, const char *key)
{
    assert(in_object(out) && !out->after_key);
    lead(out);
    add_quoted(out->buf, span_of(key));
    buf_add_text(out->buf, out->indent > 0 ? ": " : ":");
    out->after_key = true;
}

void json_text(struct json_out *out, struct span text)
{
    if (!text.p) {
        json_nil(out);
        return;
    }
    lead_value(out);
    add_quoted(out->buf, text);
}

void json_int(struct json_out *out, int64_t value)
{
    lead_value(out);
    buf_printf(out->buf, "%" PRId64, value);
}

void json_bool(struct json_out *out, bool value)
{
    lead_value(out);
    buf_add_text(out->buf, value ? "true" : "false");
}

void json_raw(struct json_out *out, struct span json)
{
    lead_value(out);
    buf_add_span(out->buf, json);
}

void json_nil(struct json_out *out)
{
    lead_value(out);
    buf_add_text(out->buf, "null");
}

static void trim_zeros(struct buf *buf)
{
    while (buf->len > 0 && buf->p[buf->len - 1] == '0')
        buf->len--;
    if (buf->len > 0 && buf->p[buf->len - 1] == '.')
        buf->len--;
    buf->p[buf->len] = '\0';
}

void json_money(struct json_out *out, int64_t nusd)
{
    uint64_t size = nusd < 0 ? -(uint64_t)nusd : (uint64_t)nusd;

    lead_value(out);
    buf_printf(out->buf, "%s%" PRIu64 ".%09" PRIu64, nusd < 0 ? "-" : "", size / 1000000000,
               size % 1000000000);
    trim_zeros(out->buf);
}

void json_fixed(struct json_out *out, double value, int decimals)
{
    size_t start;

    if (!isfinite(value)) {
        json_nil(out);
        return;
    }
    lead_value(out);
    start = out->buf->len;
    buf_printf(out->buf, "%.*f", decimals, value);
    if (decimals > 0)
        trim_zeros(out->buf);
    if (strcmp(out->buf->p + start, "-0") == 0) {
        out->buf->len = start;
        buf_add_char(out->buf, '0');
    }
}

void json_put_int(struct json_out *out, const char *key, int64_t value)
{
    json_key(out, key);
    json_int(out, value);
}

void json_put_text(struct json_out *out, const char *key, struct span text)
{
    json_key(out, key);
    json_text(out, text);
}

void json_put_money(struct json_out *out, const char *key, int64_t nusd)
{
    json_key(out, key);
    json_money(out, nusd);
}

void json_put_bool(struct json_out *out, const char *key, bool value)
{
    json_key(out, key);
    json_bool(out, value);
}
