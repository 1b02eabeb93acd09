/* base/hash.c — see hash.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_span(struct span bytes)
{
    return XXH3_64bits(bytes.p, bytes.len);
}

uint64_t hash_span_seed(struct span bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.p, bytes.len, seed);
}

uint64_t hash_mix(uint64_t a, uint64_t b)
{
    uint64_t pair[2] = { a, b };

    return XXH3_64bits(pair, sizeof(pair));
}
