/* base/buf.c — see buf.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_fini(struct buf *buf)
{
    free(buf->p);
    *buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->p)
        buf->p[0] = '\0';
}

void buf_reserve(struct buf *buf, size_t more)
{
    size_t want = buf->len + more + 1;

    if (want <= buf->space)
        return;
    buf->space = buf->space * 2 > want ? buf->space * 2 : want < 64 ? 64 : want;
    buf->p = xrealloc(buf->p, buf->space);
    buf->p[buf->len] = '\0'; /* so that buf_take gives text even if nothing is added */
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    buf_reserve(buf, len);
    if (len)
        memcpy(buf->p + buf->len, bytes, len);
    buf->len += len;
    buf->p[buf->len] = '\0';
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_span(struct buf *buf, struct span span)
{
    buf_add(buf, span.p, span.len);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    int n;

    buf_reserve(buf, 80);
    va_start(args, format);
    n = vsnprintf(buf->p + buf->len, buf->space - buf->len, format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n >= buf->space - buf->len) {
        buf_reserve(buf, (size_t)n);
        va_start(args, format);
        vsnprintf(buf->p + buf->len, buf->space - buf->len, format, args);
        va_end(args);
    }
    buf->len += (size_t)n;
}

char *buf_take(struct buf *buf)
{
    char *text = buf->p ? buf->p : xstrdup("");

    *buf = (struct buf){ 0 };
    return text;
}
