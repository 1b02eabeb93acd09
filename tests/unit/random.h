/* random.h — numbers that look random and are the same in every run; for the property tests.
 * SPDX-License-Identifier: MIT
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state; /* the seed, to begin with */
};

static inline uint64_t roll(struct dice *dice)
{
    uint64_t x = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* 0 … n - 1 */
static inline int64_t roll_below(struct dice *dice, int64_t n)
{
    return (int64_t)(roll(dice) % (uint64_t)n);
}

/* low … high, both included */
static inline int64_t roll_between(struct dice *dice, int64_t low, int64_t high)
{
    return low + roll_below(dice, high - low + 1);
}

/* True once in n times. */
static inline bool roll_once_in(struct dice *dice, int64_t n)
{
    return roll_below(dice, n) == 0;
}

#endif
