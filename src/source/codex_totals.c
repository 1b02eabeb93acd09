/* source/codex_totals.c — see codex_totals.h.
 * SPDX-License-Identifier: MIT
 */
#include "source/codex_totals.h"

#include <string.h>

struct vector vector_minus(const struct vector *a, const struct vector *b)
{
    struct vector d;
    int i;

    for (i = 0; i < VECTOR_SIZE; i++)
        d.at[i] = a->at[i] - b->at[i];
    return d;
}

bool vector_equal(const struct vector *a, const struct vector *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool vector_covers(const struct vector *a, const struct vector *b)
{
    int i;

    for (i = 0; i < VECTOR_SIZE && a->at[i] >= b->at[i]; i++)
        ;
    return i == VECTOR_SIZE;
}

bool vector_is_zero(const struct vector *a)
{
    static const struct vector zero;

    return vector_equal(a, &zero);
}

static struct vector at_most(struct vector a, const struct vector *most)
{
    int i;

    for (i = 0; most && i < VECTOR_SIZE; i++) {
        if (a.at[i] > most->at[i])
            a.at[i] = most->at[i];
    }
    return a;
}

static void raise_to(struct vector *a, const struct vector *b)
{
    int i;

    for (i = 0; i < VECTOR_SIZE; i++) {
        if (a->at[i] < b->at[i])
            a->at[i] = b->at[i];
    }
}

/* Index among the kept totals, or -1. */
static int find_kept(const struct totals *t, const struct vector *total)
{
    int i = t->kept_n;

    while (--i >= 0 && !vector_equal(&t->kept[i], total))
        ;
    return i;
}

/* `total` takes the place of the kept one at `index`; -1: it is a further one, and the oldest goes
 * where there is no place. */
static void keep(struct totals *t, int index, const struct vector *total)
{
    if (index < 0 && t->kept_n == TOTALS_KEPT)
        index = 0;
    if (index < 0) {
        t->kept[t->kept_n++] = *total;
        return;
    }
    memmove(&t->kept[index], &t->kept[index + 1],
            (size_t)(t->kept_n - 1 - index) * sizeof(t->kept[0]));
    t->kept[t->kept_n - 1] = *total;
}

/* The thread that a line goes on with, by what it says it added; -1: none, or not told. */
static int continued(const struct totals *t, const struct vector *total, const struct vector *last)
{
    struct vector before;

    if (!last)
        return -1;
    before = vector_minus(total, last);
    return find_kept(t, &before);
}

/* What `total` is above the mark, which follows it. */
static struct vector above_mark(struct totals *t, const struct vector *total)
{
    static const struct vector zero;
    struct vector d = vector_minus(total, &t->mark);

    raise_to(&d, &zero);
    raise_to(&t->mark, total);
    return d;
}

struct vector totals_step(struct totals *t, const struct vector *total, const struct vector *last)
{
    static const struct vector nothing;
    struct vector d;
    int index;

    if (!total)
        return last ? *last : nothing;
    if (!t->begun) {
        t->begun = true;
        t->mark = *total;
        keep(t, -1, total);
        return at_most(*total, last);
    }
    if (find_kept(t, total) >= 0)
        return nothing; /* told again, whatever "last" says */
    index = continued(t, total, last);
    if (index >= 0) {
        keep(t, index, total);
        raise_to(&t->mark, total);
        return *last;
    }
    if (vector_covers(total, &t->mark)) {
        keep(t, find_kept(t, &t->mark), total);
        return above_mark(t, total);
    }
    if (last && vector_equal(total, last)) {
        keep(t, -1, total); /* a counter that begins */
        raise_to(&t->mark, total);
        return *last;
    }
    d = above_mark(t, total);
    return at_most(d, last);
}
