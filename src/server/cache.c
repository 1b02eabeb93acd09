/* server/cache.c — see cache.h. A list of 64 hashes is searched faster than any tree.
 * SPDX-License-Identifier: MIT
 */
#include "server/cache.h"

#include "base/hash.h"

static void forget(struct cache_entry *entry)
{
    bytes_drop(entry->bytes);
    *entry = (struct cache_entry){ 0 };
}

const struct cache_entry *cache_find(struct cache *cache, struct span key, int64_t now_ms)
{
    uint64_t hash = hash_span(key);

    for (int i = 0; i < CACHE_ENTRIES; i++) {
        struct cache_entry *entry = &cache->entries[i];

        if (!entry->bytes || entry->hash != hash ||
            !span_eq(key, (struct span){ entry->key, entry->key_len }))
            continue;
        /* made later than now: the clock was set back */
        if (now_ms >= entry->good_until_ms || now_ms < entry->made_ms) {
            forget(entry);
            return NULL;
        }
        entry->used = ++cache->count;
        return entry;
    }
    return NULL;
}

void cache_put(struct cache *cache, struct span key, const struct cache_answer *answer)
{
    struct cache_entry *place = &cache->entries[0];

    if (key.len > CACHE_KEY_MAX || answer->bytes->at.len > CACHE_ENTRY_MAX ||
        answer->good_until_ms <= answer->made_ms)
        return;
    for (int i = 1; i < CACHE_ENTRIES; i++)
        if (cache->entries[i].used < place->used)
            place = &cache->entries[i];
    forget(place);
    place->hash = hash_span(key);
    place->key_len = key.len;
    memcpy(place->key, key.p, key.len);
    place->bytes = bytes_keep(answer->bytes);
    place->type = answer->type;
    span_copy(span_of(answer->etag), place->etag, sizeof(place->etag));
    place->made_ms = answer->made_ms;
    place->good_until_ms = answer->good_until_ms;
    place->used = ++cache->count;
}

void cache_drop(struct cache *cache)
{
    for (int i = 0; i < CACHE_ENTRIES; i++)
        forget(&cache->entries[i]);
}
