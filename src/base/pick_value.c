/* base/pick_value.c — what a picked JSON value means: text, integer, money, time.
 *
 * Logs write numbers in many ways ("12", 12.0, 1.2e1); all of them are read without floating
 * point, so that no token and no nanodollar is lost.
 * SPDX-License-Identifier: MIT
 */
#include "base/pick.h"

#include "base/civil.h"

#define SAFE_INTEGER_MAX (INT64_C(1) << 53)

static unsigned hex4(const char *p)
{
    unsigned value = 0;
    int i;

    for (i = 0; i < 4; i++) {
        char c = p[i];

        value = value << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static size_t put_utf8(unsigned code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Decodes the \uXXXX at p (on the backslash), a pair of surrogates included. */
static const char *take_unicode(const char *p, const char *end, unsigned *code)
{
    *code = hex4(p + 2);
    p += 6;
    if (*code >= 0xd800 && *code < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        unsigned low = hex4(p + 2);

        if (low >= 0xdc00 && low < 0xe000) {
            *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
            return p + 6;
        }
    }
    if (*code >= 0xd800 && *code < 0xe000)
        *code = 0xfffd;
    return p;
}

static const char *take_char(const char *p, const char *end, char out[4], size_t *n)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *at;
    unsigned code;

    *n = 1;
    if (*p != '\\') {
        out[0] = *p;
        return p + 1;
    }
    if (p[1] == 'u') {
        p = take_unicode(p, end, &code);
        *n = put_utf8(code, out);
        return p;
    }
    at = strchr(from, p[1]);
    out[0] = at ? to[at - from] : p[1];
    return p + 2;
}

struct span picked_text(const struct picked *value, char *scratch, size_t size)
{
    const char *p, *end;
    size_t len = 0;

    if (value->type != PICKED_STRING)
        return SPAN_ABSENT;
    if (!value->escaped)
        return value->text;
    p = value->text.p;
    end = p + value->text.len;
    while (p < end) {
        char out[4];
        size_t n;

        p = take_char(p, end, out, &n);
        if (len + n > size)
            break;
        memcpy(scratch + len, out, n);
        len += n;
    }
    return (struct span){ scratch, len };
}

/* A decimal number taken apart: digits × 10^exponent, at most 18 digits kept (the rest only moves
 * the exponent). */
struct decimal {
    int64_t digits;
    int64_t exponent;
    bool negative;
};

static bool take_exponent(struct span text, size_t i, int64_t *exponent)
{
    struct span rest = { text.p + i, text.len - i };

    if (rest.len > 0 && rest.p[0] == '+') {
        rest.p++;
        rest.len--;
    }
    return span_int(rest, exponent) && *exponent > -1000 && *exponent < 1000;
}

static bool take_decimal(struct span text, struct decimal *out)
{
    bool behind_point = false, seen = false;
    int64_t exponent = 0;
    size_t i = 0;

    *out = (struct decimal){ 0 };
    if (text.len > 0 && text.p[0] == '-') {
        out->negative = true;
        i++;
    }
    for (; i < text.len; i++) {
        char c = text.p[i];

        if (c == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        seen = true;
        if (out->digits < INT64_C(100000000000000000)) {
            out->digits = out->digits * 10 + (c - '0');
            out->exponent -= behind_point;
        } else {
            out->exponent += !behind_point;
        }
    }
    if (!seen)
        return false;
    if (i == text.len)
        return true;
    if ((text.p[i] != 'e' && text.p[i] != 'E') || !take_exponent(text, i + 1, &exponent))
        return false;
    out->exponent += exponent;
    return true;
}

/* digits × 10^exponent, saturating; fractions are cut off, or rounded half up. */
static int64_t scale(struct decimal d, bool round)
{
    int64_t value = d.digits;
    int last = 0;

    for (; d.exponent > 0 && value > 0; d.exponent--) {
        if (__builtin_mul_overflow(value, 10, &value))
            return INT64_MAX;
    }
    for (; d.exponent < 0 && (value > 0 || last > 0); d.exponent++) {
        last = (int)(value % 10);
        value /= 10;
    }
    return value + (round && last >= 5 && d.exponent == 0);
}

static bool is_numeric(const struct picked *value)
{
    return value->type == PICKED_NUMBER || (value->type == PICKED_STRING && !value->escaped);
}

enum picked_number picked_int(const struct picked *value, int64_t *out)
{
    struct decimal d;

    *out = 0;
    if (value->type == PICKED_ABSENT)
        return PICKED_INT_ABSENT;
    if (!is_numeric(value) || !take_decimal(span_trim(value->text), &d))
        return PICKED_INT_BAD;
    if (d.negative)
        return PICKED_INT_OK;
    *out = scale(d, false);
    return *out > SAFE_INTEGER_MAX ? PICKED_INT_BAD : PICKED_INT_OK;
}

bool picked_nusd(const struct picked *value, int64_t *out)
{
    struct decimal d;

    if (!is_numeric(value) || !take_decimal(span_trim(value->text), &d))
        return false;
    d.exponent += 9;
    *out = d.negative ? -scale(d, true) : scale(d, true);
    return true;
}

bool picked_time(const struct picked *value, int64_t *at_ms)
{
    return is_numeric(value) && civil_parse_time(value->text, at_ms);
}
