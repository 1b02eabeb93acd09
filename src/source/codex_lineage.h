/* source/codex_lineage.h — which counts of a rollout are copies out of another thread's rollout.
 *
 * What a rollout shows by itself is gathered line by line; the rest follows from the marks of its
 * steps and those of its kin. Plain data, no input or output. docs/sources/codex.md, "Copied
 * history". Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_CODEX_LINEAGE_H
#define SOURCE_CODEX_LINEAGE_H

#include "source/codex_totals.h"
#include "source/source.h"

/* Why a rollout may begin with a copy. */
enum evidence {
    EVIDENCE_FORKED = 1 << 0,        /* it says that it was forked */
    EVIDENCE_EMBEDS_PARENT = 1 << 1, /* a session_meta of its parent stands in it */
    EVIDENCE_EMBEDS = 1 << 2,        /* a session_meta of any other thread */
};

/* Zeroed = at the start of a rollout. */
struct copying {
    int64_t steps;        /* turns with an id and counts so far */
    int64_t counts;       /* the counts among them */
    int64_t own_from;     /* where the boundary is: counts before it, plus 1; 0: none was found */
    int64_t run, run_s;   /* leading counts that share a second, and which */
    struct vector before; /* the last total */
    uint32_t evidence;
    bool run_over, has_before;
    bool turn_open; /* a turn began behind the last embedded session_meta, and no count came yet */
};

/* Each notes a line. */
void copying_embedded(struct copying *c, bool is_parent);
void copying_turn(struct copying *c);
void copying_count(struct copying *c, int64_t at_ms, const struct vector *total,
                   const struct vector *last);

/* Counts at the start that are copies, as far as the rollout itself shows. */
int64_t copying_told(const struct copying *c);

/* Marks of steps, never 0. */
uint64_t mark_of_turn(struct span turn_id);
uint64_t mark_of_count(const struct vector *total, const struct vector *last);

thread_inherit_fn codex_inherit;

#endif
