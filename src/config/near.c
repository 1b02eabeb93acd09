/* config/near.c — which name somebody may have meant.
 *
 * Distance after Damerau and Levenshtein (restricted: no piece is edited twice): one slip is a
 * letter too many, too few, another one, or two neighbours swapped.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#define NAME_MAX_LEN 40 /* longer words are nobody's slip */
#define SLIPS_MAX    2

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Three rows of the usual table; `d[0]` is the row before the row before. */
static size_t slips_between(struct span a, struct span b)
{
    size_t d[3][NAME_MAX_LEN + 1] = { 0 };
    size_t i, j;

    for (j = 0; j <= b.len; j++)
        d[2][j] = j;
    for (i = 1; i <= a.len; i++) {
        memcpy(d[0], d[1], sizeof(d[0]));
        memcpy(d[1], d[2], sizeof(d[1]));
        d[2][0] = i;
        for (j = 1; j <= b.len; j++) {
            size_t other = a.p[i - 1] != b.p[j - 1];

            d[2][j] = min3(d[1][j] + 1, d[2][j - 1] + 1, d[1][j - 1] + other);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                d[0][j - 2] + 1 < d[2][j])
                d[2][j] = d[0][j - 2] + 1;
        }
    }
    return d[2][b.len];
}

void near_offer(struct near *near, const char *name)
{
    struct span a = span_of(near->typed);
    struct span b = span_of(name);
    size_t slips;

    if (a.len > NAME_MAX_LEN || b.len > NAME_MAX_LEN)
        return;
    slips = slips_between(a, b);
    /* A word of two letters is two slips away from every other one. */
    if (slips > SLIPS_MAX || slips >= a.len || slips >= b.len ||
        (near->best && slips >= near->slips))
        return;
    near->best = name;
    near->slips = slips;
}
