/* base/arena.h — memory that is given back all at once.
 *
 * For structures of many small pieces that live and die together. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);                    /* NULL is fine */
void *arena_take(struct arena *arena, size_t size);      /* zeroed, aligned for any type */
char *arena_text(struct arena *arena, struct span text); /* a NUL-terminated copy */

#endif
