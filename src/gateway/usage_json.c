/* gateway/usage_json.c — JSON of a gateway that may be no JSON.
 *
 * Programs write NaN, Infinity, 1e999 and halves of surrogate pairs that jansson refuses, and with
 * them all the rest. A text that is refused is therefore mended once, token by token, and read
 * again; what is still no JSON then (cut off, nested too deep) is refused with its place.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/usage.h"

#include <math.h>
#include <stdlib.h>

#define NUMBER_CHARS "0123456789+-.eE"

struct mending {
    struct span text;
    size_t at;
    struct buf out;
};

static int hex_at(const struct mending *m, size_t at)
{
    int value = 0, i;

    if (at + 4 > m->text.len)
        return -1;
    for (i = 0; i < 4; i++) {
        char c = m->text.p[at + (size_t)i];

        if (c >= '0' && c <= '9')
            value = value * 16 + c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value = value * 16 + (c | 0x20) - 'a' + 10;
        else
            return -1;
    }
    return value;
}

static bool is_escape_u(const struct mending *m, size_t at)
{
    return at + 6 <= m->text.len && m->text.p[at] == '\\' && m->text.p[at + 1] == 'u';
}

/* A backslash and what belongs to it: NUL and lone surrogates become U+FFFD. */
static void mend_escape(struct mending *m)
{
    const char *p = m->text.p + m->at;
    size_t n = m->at + 1 < m->text.len ? 2 : 1;
    int code = is_escape_u(m, m->at) ? hex_at(m, m->at + 2) : -1;

    if (code >= 0)
        n = 6;
    if (code >= 0xd800 && code < 0xdc00 && is_escape_u(m, m->at + 6)) {
        int low = hex_at(m, m->at + 8);

        if (low >= 0xdc00 && low < 0xe000) {
            n = 12;
            code = -1;
        }
    }
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        buf_add_text(&m->out, "\\ufffd");
    else
        buf_add(&m->out, p, n);
    m->at += n;
}

/* json_text mends what is no UTF-8; between quotes of its own it leaves everything else alone. */
static void mend_plain(struct mending *m)
{
    size_t from = m->at;
    struct json_out json;
    struct buf quoted = { 0 };

    while (m->at < m->text.len && m->text.p[m->at] != '"' && m->text.p[m->at] != '\\')
        m->at++;
    json_out_init(&json, &quoted, 0);
    json_text(&json, (struct span){ m->text.p + from, m->at - from });
    buf_add(&m->out, quoted.p + 1, quoted.len - 2);
    buf_fini(&quoted);
}

static void mend_string(struct mending *m)
{
    buf_add_char(&m->out, m->text.p[m->at++]);
    while (m->at < m->text.len && m->text.p[m->at] != '"') {
        if (m->text.p[m->at] == '\\')
            mend_escape(m);
        else
            mend_plain(m);
    }
    if (m->at < m->text.len)
        buf_add_char(&m->out, m->text.p[m->at++]);
}

/* A number that a double holds is written as it is, whole ones as fractions if they are too long
 * for an integer; any other is null. */
static void mend_number(struct mending *m)
{
    size_t n = 0;
    char copy[64];
    double number;
    char *end;

    while (m->at + n < m->text.len &&
           memchr(NUMBER_CHARS, m->text.p[m->at + n], sizeof(NUMBER_CHARS) - 1))
        n++;
    span_copy((struct span){ m->text.p + m->at, n }, copy, sizeof(copy));
    number = strtod(copy, &end);
    if (n >= sizeof(copy) || *end != '\0' || !isfinite(number))
        buf_add_text(&m->out, "null");
    else if (fabs(number) >= 9e18)
        buf_printf(&m->out, "%.17e", number);
    else
        buf_add(&m->out, m->text.p + m->at, n);
    m->at += n;
}

/* The words that are no JSON but stand where a number would. */
static bool mend_word(struct mending *m)
{
    static const char *const words[] = { "NaN",       "nan", "-NaN", "-nan",     "Infinity",
                                         "-Infinity", "inf", "-inf", "undefined" };
    struct span rest = { m->text.p + m->at, m->text.len - m->at };
    size_t longest = 0, i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (span_starts(rest, words[i]) && strlen(words[i]) > longest)
            longest = strlen(words[i]);
    }
    if (longest > 0)
        buf_add_text(&m->out, "null");
    m->at += longest;
    return longest > 0;
}

static json_t *mend(struct span text, struct err *err)
{
    struct mending m = { .text = text };
    json_error_t why;
    const char *near; /* what follows quotes the text, which is nobody's business */
    json_t *json;

    while (m.at < text.len) {
        char c = text.p[m.at];

        if (c == '"')
            mend_string(&m);
        else if (mend_word(&m))
            continue;
        else if (c == '-' || (c >= '0' && c <= '9'))
            mend_number(&m);
        else
            buf_add_char(&m.out, text.p[m.at++]);
    }
    json = json_loadb(m.out.p ? m.out.p : "", m.out.len, JSON_DECODE_ANY, &why);
    if (!json) {
        near = strstr(why.text, " near ");
        err_set(err, ERR_USAGE, "line %d, column %d: %.*s", why.line, why.column,
                near ? (int)(near - why.text) : (int)strlen(why.text), why.text);
    }
    buf_fini(&m.out);
    return json;
}

json_t *gateway_json_read(struct span text, struct err *err)
{
    json_t *json = json_loadb(text.p ? text.p : "", text.len, JSON_DECODE_ANY, NULL);

    return json ? json : mend(text, err);
}
