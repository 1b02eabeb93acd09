/* ingest/pending.c — groups read but not yet written.
 *
 * Copies of a response stand close together in a log, so most merging happens here, in memory; and
 * writing in the order of the hashes touches each page of the ledger's index once per batch. Nearly
 * every group has one member, which therefore lies in the table itself.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/ingest_internal.h"

#include "base/mem.h"

#include <stdlib.h>

struct heap {
    struct group group;
    struct member first;
    struct members others; /* all but the first; empty for nearly every group */
};

struct pending {
    struct heap *at;
    size_t n, space;
    uint32_t *slots; /* open addressing by hash: index + 1 into at */
    size_t slots_n;  /* power of two */
};

#define SLOTS_FEW 1024 /* enough while logs are followed */

static void take_slots(struct pending *pending, size_t n)
{
    free(pending->slots);
    pending->slots_n = n;
    pending->slots = xcalloc(n, sizeof(*pending->slots));
}

struct pending *pending_new(void)
{
    struct pending *pending = xcalloc(1, sizeof(*pending));

    take_slots(pending, SLOTS_FEW);
    return pending;
}

static void drop_groups(struct pending *pending)
{
    size_t i;

    for (i = 0; i < pending->n; i++) {
        member_fini(&pending->at[i].first);
        members_fini(&pending->at[i].others);
    }
    pending->n = 0;
}

void pending_clear(struct pending *pending)
{
    drop_groups(pending);
    memset(pending->slots, 0, pending->slots_n * sizeof(*pending->slots));
}

void pending_trim(struct pending *pending)
{
    drop_groups(pending);
    free(pending->at);
    pending->at = NULL;
    pending->space = 0;
    take_slots(pending, SLOTS_FEW);
}

void pending_free(struct pending *pending)
{
    if (!pending)
        return;
    drop_groups(pending);
    free(pending->at);
    free(pending->slots);
    free(pending);
}

size_t pending_count(const struct pending *pending)
{
    return pending->n;
}

static size_t slot_of(const struct pending *pending, uint64_t hash)
{
    size_t i = hash & (pending->slots_n - 1);

    while (pending->slots[i] && pending->at[pending->slots[i] - 1].group.hash != hash)
        i = (i + 1) & (pending->slots_n - 1);
    return i;
}

static void widen(struct pending *pending)
{
    size_t i;

    take_slots(pending, pending->slots_n * 2);
    for (i = 0; i < pending->n; i++)
        pending->slots[slot_of(pending, pending->at[i].group.hash)] = (uint32_t)(i + 1);
}

bool pending_add(struct pending *pending, const struct group *group, struct member *member)
{
    size_t slot = slot_of(pending, group->hash);
    struct heap *heap;

    if (!pending->slots[slot]) {
        pending->at = xgrow(pending->at, pending->n, &pending->space, sizeof(*pending->at));
        pending->at[pending->n++] = (struct heap){ *group, *member, { 0 } };
        pending->slots[slot] = (uint32_t)pending->n;
        if (pending->n * 2 > pending->slots_n)
            widen(pending);
        return true;
    }
    heap = &pending->at[pending->slots[slot] - 1];
    if (heap->first.part != member->part)
        return members_put(&heap->others, member, group->source);
    member_merge(&heap->first, member, group->source);
    member_fini(member);
    return true;
}

static int by_hash(const void *a, const void *b)
{
    const struct heap *x = a, *y = b;

    return (x->group.hash > y->group.hash) - (x->group.hash < y->group.hash);
}

int pending_each(struct pending *pending, pending_fn *fn, void *to)
{
    size_t i;
    int rc = 0;

    if (pending->n > 1)
        qsort(pending->at, pending->n, sizeof(*pending->at), by_hash);
    /* The slots no longer fit the order; a clear must follow, and every caller does that. */
    for (i = 0; i < pending->n && rc == 0; i++) {
        struct heap *heap = &pending->at[i];
        struct members all = { &heap->first, 1, 1 };

        if (heap->others.n > 0) {
            members_push(&heap->others, &heap->first);
            all = heap->others;
        }
        rc = fn(to, &heap->group, &all);
    }
    return rc;
}
