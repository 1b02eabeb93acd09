/* base/arena.c — see arena.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"

#include "base/mem.h"

#include <stdlib.h>

#define CHUNK 8192
#define ALIGN 16

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(ALIGN) char bytes[];
};

struct arena {
    struct chunk *chunks;
};

struct arena *arena_new(void)
{
    return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    struct chunk *chunk, *next;

    if (!arena)
        return;
    for (chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

void *arena_take(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    void *p;

    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;

        chunk = xcalloc(1, sizeof(*chunk) + room);
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    p = chunk->bytes + chunk->used;
    chunk->used += size;
    return p;
}

char *arena_text(struct arena *arena, struct span text)
{
    char *copy = arena_take(arena, text.len + 1);

    if (text.len)
        memcpy(copy, text.p, text.len);
    return copy;
}
