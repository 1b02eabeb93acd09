/* server/cache.h — answers kept as bytes until the ledger changes or their own time is up.
 *
 * Keyed by what was asked (path and query as sent). Bounded: the one not used longest makes room.
 * Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_CACHE_H
#define SERVER_CACHE_H

#include "server/bytes.h"

enum {
    CACHE_ENTRIES = 64,
    CACHE_ENTRY_MAX = 1 << 20, /* bytes of one answer; larger ones are made anew each time */
    CACHE_KEY_MAX = 256,       /* bytes of one key */
};

struct cache_answer {
    struct bytes *bytes;
    const char *type; /* as in struct response; lives as long as the program */
    const char *etag;
    int64_t made_ms, good_until_ms; /* UTC */
};

struct cache_entry {
    uint64_t hash;
    char key[CACHE_KEY_MAX];
    size_t key_len;
    struct bytes *bytes; /* NULL: the place is free */
    const char *type;
    char etag[40];
    int64_t made_ms, good_until_ms; /* UTC */
    uint64_t used;                  /* the cache's count at its last use */
};

struct cache {
    struct cache_entry entries[CACHE_ENTRIES];
    uint64_t count;
};

/* The entry for `key` that is good at `now_ms`, or NULL. Lent until the next call. */
const struct cache_entry *cache_find(struct cache *cache, struct span key, int64_t now_ms);
/* Keeps a reference to the bytes. Does nothing if they or the key are too large. */
void cache_put(struct cache *cache, struct span key, const struct cache_answer *answer);
void cache_drop(struct cache *cache); /* forgets everything */

#endif
