/* base/span.h — a piece of somebody else's bytes.
 *
 * A span owns nothing: it lives as long as what it points into. It is not NUL-terminated and may
 * hold any byte. Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *p; /* NULL means "absent", which is not the same as empty */
    size_t len;    /* bytes */
};

#define SPAN_ABSENT    ((struct span){ NULL, 0 })
#define SPAN_LIT(text) ((struct span){ (text), sizeof(text) - 1 })

static inline struct span span_of(const char *text)
{
    return (struct span){ text, text ? strlen(text) : 0 };
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool span_is(struct span a, const char *text)
{
    return span_eq(a, span_of(text));
}

/* Order of the bytes, then of the length. <0, 0, >0. */
int span_cmp(struct span a, struct span b);

bool span_starts(struct span a, const char *prefix);
bool span_ends(struct span a, const char *suffix);
bool span_has(struct span a, const char *part);

/* Without blanks (space, tab, CR, LF) at both ends. */
struct span span_trim(struct span a);

/* The next piece of `*rest` up to `separator`, which is dropped; `*rest` moves on.
 * False when nothing is left. "a,,b" gives "a", "", "b". */
bool span_split(struct span *rest, char separator, struct span *piece);

/* A decimal integer and nothing else: true and *out, or false. */
bool span_int(struct span a, int64_t *out);

/* A copy in `out`, cut to fit and always NUL-terminated. Returns its length. */
size_t span_copy(struct span a, char *out, size_t size);

#endif
