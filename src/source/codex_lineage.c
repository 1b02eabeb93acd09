/* source/codex_lineage.c — see codex_lineage.h.
 * SPDX-License-Identifier: MIT
 */
#include "source/codex_lineage.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

#define SHARED_LEAST 3 /* counts: siblings share fewer by chance */

/* ---- what the rollout shows by itself ---- */

void copying_embedded(struct copying *c, bool is_parent)
{
    c->evidence |= EVIDENCE_EMBEDS | (is_parent ? EVIDENCE_EMBEDS_PARENT : 0);
    c->turn_open = false;
    c->own_from = 0; /* the boundary lies behind the last of them */
}

void copying_turn(struct copying *c)
{
    c->turn_open = (c->evidence & EVIDENCE_EMBEDS) != 0;
}

/* Does the thread go on from the total before? */
static bool goes_on(const struct copying *c, const struct vector *total, const struct vector *last)
{
    struct vector before;

    if (!c->has_before || !total || !last)
        return false;
    before = vector_minus(total, last);
    return vector_equal(&before, &c->before);
}

static void extend_run(struct copying *c, int64_t at_ms)
{
    int64_t second = at_ms / 1000;

    if (c->run == 0)
        c->run_s = second;
    c->run_over |= second != c->run_s;
    if (!c->run_over)
        c->run++;
}

void copying_count(struct copying *c, int64_t at_ms, const struct vector *total,
                   const struct vector *last)
{
    if (c->turn_open && c->own_from == 0 && goes_on(c, total, last))
        c->own_from = c->counts + 1;
    c->turn_open = false;
    extend_run(c, at_ms);
    if (total) {
        c->before = *total;
        c->has_before = true;
    }
    c->counts++;
}

int64_t copying_told(const struct copying *c)
{
    if (!(c->evidence & EVIDENCE_EMBEDS))
        return 0;
    if (c->own_from > 0)
        return c->own_from - 1;
    return c->run >= 2 ? c->run : 0;
}

/* ---- marks ---- */

/* The lowest bit tells turns from counts. */
#define TURN_BIT UINT64_C(1)

uint64_t mark_of_turn(struct span turn_id)
{
    return hash_span(turn_id) | TURN_BIT;
}

uint64_t mark_of_count(const struct vector *total, const struct vector *last)
{
    struct vector both[2] = { { { 0 } }, { { 0 } } };
    uint64_t told = (total ? 1 : 0) | (last ? 2 : 0), mark;

    if (total)
        both[0] = *total;
    if (last)
        both[1] = *last;
    mark = hash_span_seed((struct span){ (const char *)both, sizeof(both) }, told);
    return (mark & ~TURN_BIT) ? mark & ~TURN_BIT : 2;
}

static bool is_turn(uint64_t mark)
{
    return (mark & TURN_BIT) != 0;
}

/* The index of the next count from `i` on; steps_n at the end. */
static int64_t next_count(const struct lineage *t, int64_t i)
{
    while (i < t->steps_n && is_turn(t->steps[i]))
        i++;
    return i;
}

/* ---- kin ---- */

/* How many counts both begin with. */
static int64_t shared_counts(const struct lineage *a, const struct lineage *b)
{
    int64_t i = next_count(a, 0), k = next_count(b, 0), n = 0;

    while (i < a->steps_n && k < b->steps_n && a->steps[i] == b->steps[k]) {
        i = next_count(a, i + 1);
        k = next_count(b, k + 1);
        n++;
    }
    return n;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Counts before the first turn that the parent does not have. */
static int64_t counts_of_known_turns(const struct lineage *own, const struct lineage *parent)
{
    uint64_t *turns = xcalloc((size_t)parent->steps_n + 1, sizeof(*turns));
    size_t turns_n = 0;
    int64_t i, n = 0;

    for (i = 0; i < parent->steps_n; i++) {
        if (is_turn(parent->steps[i]))
            turns[turns_n++] = parent->steps[i];
    }
    qsort(turns, turns_n, sizeof(*turns), by_value);
    for (i = 0; i < own->steps_n; i++) {
        if (!is_turn(own->steps[i]))
            n++;
        else if (!bsearch(&own->steps[i], turns, turns_n, sizeof(*turns), by_value))
            break;
    }
    free(turns);
    return n;
}

static bool has_turns(const struct lineage *t)
{
    int64_t i = 0;

    while (i < t->steps_n && !is_turn(t->steps[i]))
        i++;
    return i < t->steps_n;
}

/* Nobody knows their parent: what siblings share is counted in the one whose name comes first. Not
 * in those that show by themselves what was copied. */
static int64_t shared_with_siblings(const struct lineage *own,
                                    const struct lineage *const *siblings, int n)
{
    int64_t most = 0;
    int i;

    for (i = 0; i < n; i++) {
        int64_t shared;

        if (!(siblings[i]->evidence & EVIDENCE_FORKED) ||
            (siblings[i]->evidence & EVIDENCE_EMBEDS) ||
            span_cmp(siblings[i]->name, own->name) >= 0)
            continue;
        shared = shared_counts(own, siblings[i]);
        if (shared > most)
            most = shared;
    }
    return most >= SHARED_LEAST ? most : 0;
}

int64_t codex_inherit(const struct lineage *own, const struct lineage *parent,
                      const struct lineage *const *siblings, int n)
{
    if (parent) {
        if (!(own->evidence & (EVIDENCE_FORKED | EVIDENCE_EMBEDS_PARENT)))
            return 0;
        return has_turns(own) ? counts_of_known_turns(own, parent) : shared_counts(own, parent);
    }
    if (own->evidence & EVIDENCE_EMBEDS)
        return own->told;
    if (own->evidence & EVIDENCE_FORKED)
        return shared_with_siblings(own, siblings, n);
    return 0;
}
