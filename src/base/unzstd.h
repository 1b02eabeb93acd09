/* base/unzstd.h — what was compressed with Zstandard, bounded however much it would become.
 *
 * Thread-safe (no shared state).
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_UNZSTD_H
#define BASE_UNZSTD_H

#include "base/buf.h"

/* All frames of `packed`, appended to *out. False where they are torn or damaged, or come to more
 * than `max` bytes; what could be read before that is in *out all the same. */
bool unzstd(struct span packed, size_t max, struct buf *out);

/* The same piece by piece. `take` gets the next bytes, lent; it returns false to stop early, which
 * counts as success. */
typedef bool unzstd_take_fn(void *to, struct span bytes);
bool unzstd_each(struct span packed, unzstd_take_fn *take, void *to);

#endif
