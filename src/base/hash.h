/* base/hash.h — XXH3 in our words. Not for secrets. Thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

uint64_t hash_span(struct span bytes);
uint64_t hash_span_seed(struct span bytes, uint64_t seed);
uint64_t hash_mix(uint64_t a, uint64_t b); /* one number out of two; order matters */

#endif
