/* tail/table.h — pointers found again by a hash of something they know.
 *
 * Holds no keys: whoever looks something up compares for himself. Owns none of the items. Several
 * items may have the same hash. A zeroed struct is an empty table. Only for this room.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_TABLE_H
#define TAIL_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_slot {
    uint64_t hash;
    void *item; /* NULL: nothing here */
};

struct table {
    struct table_slot *slots;
    size_t space; /* slots; 0 or a power of two */
    size_t count; /* items */
};

void table_fini(struct table *table);
void table_add(struct table *table, uint64_t hash, void *item);
void table_remove(struct table *table, uint64_t hash, const void *item);

/* The items with this hash one after another, then NULL. Start with *step = 0. */
void *table_find(const struct table *table, uint64_t hash, size_t *step);

#endif
