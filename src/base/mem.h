/* base/mem.h — memory that is there or the program is not.
 *
 * Every function here returns memory or ends the process with one line on stderr, so callers never
 * test for NULL. Thread-safe. What is returned is freed with free().
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Room for one more element of `size` bytes in an array that holds `count` and has space for
 * `*space`; doubles when full. Returns the array, which may have moved. */
void *xgrow(void *array, size_t count, size_t *space, size_t size);

#endif
