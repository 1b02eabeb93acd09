/* tail/table.c — see table.h. Open addressing with linear probing, at most two thirds full.
 * SPDX-License-Identifier: MIT
 */
#include "tail/table.h"

#include "base/mem.h"

#include <stdlib.h>

void table_fini(struct table *table)
{
    free(table->slots);
    *table = (struct table){ 0 };
}

static void put(struct table *table, uint64_t hash, void *item)
{
    size_t at = (size_t)hash & (table->space - 1);

    while (table->slots[at].item)
        at = (at + 1) & (table->space - 1);
    table->slots[at] = (struct table_slot){ hash, item };
}

static void grow(struct table *table)
{
    struct table old = *table;
    size_t i;

    table->space = old.space ? old.space * 2 : 16;
    table->slots = xcalloc(table->space, sizeof(*table->slots));
    for (i = 0; i < old.space; i++) {
        if (old.slots[i].item)
            put(table, old.slots[i].hash, old.slots[i].item);
    }
    free(old.slots);
}

void table_add(struct table *table, uint64_t hash, void *item)
{
    if ((table->count + 1) * 3 > table->space * 2)
        grow(table);
    put(table, hash, item);
    table->count++;
}

/* Closes the gap at `hole`: what stands behind it moves up if its own place allows. */
static void close_gap(struct table *table, size_t hole)
{
    size_t mask = table->space - 1;
    size_t at = hole;

    for (;;) {
        size_t home;

        at = (at + 1) & mask;
        if (!table->slots[at].item)
            break;
        home = (size_t)table->slots[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* the hole lies before its home */
        table->slots[hole] = table->slots[at];
        hole = at;
    }
    table->slots[hole] = (struct table_slot){ 0 };
}

void table_remove(struct table *table, uint64_t hash, const void *item)
{
    size_t mask = table->space - 1;
    size_t at;

    if (table->count == 0)
        return;
    for (at = (size_t)hash & mask; table->slots[at].item; at = (at + 1) & mask) {
        if (table->slots[at].item == item) {
            close_gap(table, at);
            table->count--;
            return;
        }
    }
}

void *table_find(const struct table *table, uint64_t hash, size_t *step)
{
    size_t mask = table->space - 1;

    if (table->count == 0)
        return NULL;
    for (;;) {
        const struct table_slot *slot = &table->slots[((size_t)hash + *step) & mask];

        (*step)++;
        if (!slot->item)
            return NULL;
        if (slot->hash == hash)
            return slot->item;
    }
}
