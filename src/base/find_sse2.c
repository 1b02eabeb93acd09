/* base/find_sse2.c — find.h for x86-64, sixteen bytes at a time.
 *
 * A needle is looked for by its first and last byte at once; where both stand at their distance,
 * the rest is compared. Two rare bytes reject nearly everything. SPDX-License-Identifier: MIT
 */
#include "base/find.h"

#include <emmintrin.h>

#define STEP 16

static __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

const char *find_needle(struct span bytes, struct span needle)
{
    const __m128i first = _mm_set1_epi8(needle.p[0]);
    const __m128i last = _mm_set1_epi8(needle.p[needle.len - 1]);
    const size_t reach = needle.len - 1;
    const char *p = bytes.p, *end = bytes.p + bytes.len;

    for (; (size_t)(end - p) >= STEP + reach; p += STEP) {
        __m128i both =
            _mm_and_si128(_mm_cmpeq_epi8(load(p), first), _mm_cmpeq_epi8(load(p + reach), last));
        unsigned hits = (unsigned)_mm_movemask_epi8(both);

        for (; hits; hits &= hits - 1) {
            const char *at = p + __builtin_ctz(hits);

            if (memcmp(at + 1, needle.p + 1, reach - 1) == 0)
                return at;
        }
    }
    return memmem(p, (size_t)(end - p), needle.p, needle.len);
}

const char *find_string_stop(const char *p, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i slash = _mm_set1_epi8('\\');
    const __m128i highest = _mm_set1_epi8(0x1f); /* of the control characters */

    for (; end - p >= STEP; p += STEP) {
        __m128i b = load(p);
        /* Unsigned b <= 0x1f: the smaller of the two is b. */
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(b, highest), b);
        __m128i stop =
            _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(b, quote), _mm_cmpeq_epi8(b, slash)));
        unsigned hits = (unsigned)_mm_movemask_epi8(stop);

        if (hits)
            return p + __builtin_ctz(hits);
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}
