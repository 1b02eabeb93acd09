/* source/codex_totals.h — running totals that Codex logs, and what each adds. Room-internal.
 *
 * A log repeats a total, restarts it, or mixes those of several threads; what a line is billed for
 * follows from the totals before it. Plain data, no input or output. docs/sources/codex.md, "What a
 * line adds".
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_CODEX_TOTALS_H
#define SOURCE_CODEX_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

enum { VECTOR_INPUT, VECTOR_CACHED, VECTOR_WRITTEN, VECTOR_OUTPUT, VECTOR_REASONING, VECTOR_SIZE };

/* The figures of one object of usage, as logged: input holds what is cached and written. */
struct vector {
    int64_t at[VECTOR_SIZE]; /* tokens */
};

struct vector vector_minus(const struct vector *a, const struct vector *b); /* may go below 0 */
bool vector_equal(const struct vector *a, const struct vector *b);
bool vector_covers(const struct vector *a, const struct vector *b); /* a >= b everywhere */
bool vector_is_zero(const struct vector *a);

#define TOTALS_KEPT 8 /* of threads that share a file */

/* Zeroed = at the start of a log. */
struct totals {
    struct vector mark;              /* the largest seen of each figure */
    struct vector kept[TOTALS_KEPT]; /* where each thread stands; the one touched last is last */
    int32_t kept_n;
    bool begun; /* `mark` holds something */
};

/* What a line adds that tells `total` and `last`; either may be NULL: not told. */
struct vector totals_step(struct totals *totals, const struct vector *total,
                          const struct vector *last);

#endif
