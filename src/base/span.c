/* base/span.c — see span.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/span.h"

int span_cmp(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool span_starts(struct span a, const char *prefix)
{
    size_t n = strlen(prefix);

    return a.len >= n && (n == 0 || memcmp(a.p, prefix, n) == 0);
}

bool span_ends(struct span a, const char *suffix)
{
    size_t n = strlen(suffix);

    return a.len >= n && (n == 0 || memcmp(a.p + a.len - n, suffix, n) == 0);
}

bool span_has(struct span a, const char *part)
{
    return a.len > 0 && memmem(a.p, a.len, part, strlen(part)) != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span a)
{
    while (a.len > 0 && is_blank(a.p[0])) {
        a.p++;
        a.len--;
    }
    while (a.len > 0 && is_blank(a.p[a.len - 1]))
        a.len--;
    return a;
}

bool span_split(struct span *rest, char separator, struct span *piece)
{
    const char *at;

    if (!rest->p)
        return false;
    at = memchr(rest->p, separator, rest->len);
    if (!at) {
        *piece = *rest;
        *rest = SPAN_ABSENT;
        return true;
    }
    *piece = (struct span){ rest->p, (size_t)(at - rest->p) };
    rest->len -= piece->len + 1;
    rest->p = at + 1;
    return true;
}

bool span_int(struct span a, int64_t *out)
{
    bool negative = a.len > 0 && a.p[0] == '-';
    int64_t value = 0;
    size_t i;

    if (a.len == (size_t)negative || a.len > 20)
        return false;
    for (i = negative; i < a.len; i++) {
        if (a.p[i] < '0' || a.p[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, a.p[i] - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

size_t span_copy(struct span a, char *out, size_t size)
{
    size_t n = a.len < size - 1 ? a.len : size - 1;

    if (n)
        memcpy(out, a.p, n);
    out[n] = '\0';
    return n;
}
