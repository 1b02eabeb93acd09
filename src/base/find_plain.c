/* base/find_plain.c — find.h for any machine: the C library, and eight bytes at a time.
 * SPDX-License-Identifier: MIT
 */
#include "base/find.h"

const char *find_needle(struct span bytes, struct span needle)
{
    return memmem(bytes.p, bytes.len, needle.p, needle.len);
}

#define ONES  (~UINT64_C(0) / 255)
#define HIGHS (ONES * 0x80)

/* Is a byte of the word a quote, a backslash or a control character? (May say yes for a byte behind
 * such a one, never no for one that is.) */
static bool has_stop(uint64_t word)
{
    uint64_t quote = word ^ (ONES * '"');
    uint64_t slash = word ^ (ONES * '\\');

    return (((word - ONES * 0x20) & ~word) | ((quote - ONES) & ~quote) |
            ((slash - ONES) & ~slash)) &
           HIGHS;
}

const char *find_string_stop(const char *p, const char *end)
{
    uint64_t word;

    for (; end - p >= 8; p += 8) {
        memcpy(&word, p, 8);
        if (has_stop(word))
            break;
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}
