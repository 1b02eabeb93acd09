/* base/mem.c — see mem.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory, size_t size)
{
    if (!memory && size > 0) {
        fprintf(stderr, "tacho: out of memory (%zu bytes wanted)\n", size);
        abort();
    }
    return memory;
}

void *xmalloc(size_t size)
{
    return must(malloc(size ? size : 1), size);
}

void *xcalloc(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size ? size : 1), count);
}

void *xrealloc(void *old, size_t size)
{
    return must(realloc(old, size ? size : 1), size);
}

void *xreallocarray(void *old, size_t count, size_t size)
{
    return must(reallocarray(old, count ? count : 1, size ? size : 1), count);
}

char *xstrndup(const char *text, size_t len)
{
    char *copy = xmalloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *xstrdup(const char *text)
{
    return xstrndup(text, strlen(text));
}

char *xasprintf(const char *format, ...)
{
    va_list args;
    char *text = NULL;
    int n;

    va_start(args, format);
    n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0)
        must(NULL, 1);
    return text;
}

void *xgrow(void *array, size_t count, size_t *space, size_t size)
{
    if (count < *space)
        return array;
    *space = *space ? *space * 2 : 8;
    return xreallocarray(array, *space, size);
}
