/* base/buf.h — bytes that grow.
 *
 * Owned by whoever holds the struct; not thread-safe. A zeroed struct is an empty buffer.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"

struct buf {
    char *p;      /* NUL-terminated once anything was added or reserved; NULL before */
    size_t len;   /* bytes without that NUL */
    size_t space; /* bytes allocated */
};

void buf_fini(struct buf *buf);  /* frees, leaves an empty buffer */
void buf_clear(struct buf *buf); /* empty, memory kept */
void buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_char(struct buf *buf, char c);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_span(struct buf *buf, struct span span);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes as a heap string, yours to free; the buffer is empty then. Never NULL. */
char *buf_take(struct buf *buf);

static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){ buf->p ? buf->p : "", buf->len };
}

#endif
