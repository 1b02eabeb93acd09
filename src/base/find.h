/* base/find.h — find bytes in bytes, as fast as the machine allows.
 *
 * The two searches that reading logs consists of. Which file implements them is the build's choice
 * (find_sse2.c on x86-64, find_plain.c elsewhere); they answer the same. Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_FIND_H
#define BASE_FIND_H

#include "base/span.h"

/* Where `needle` (2 bytes or more) first stands in `bytes`, or NULL. */
const char *find_needle(struct span bytes, struct span needle);

/* The first byte from p on that ends a plain run inside a JSON string: a quote, a backslash or a
 * control character; `end` if there is none. */
const char *find_string_stop(const char *p, const char *end);

#endif
