/* tests/unit/test_base_find.c — the fast searches against the plainest ones, at every place.
 * SPDX-License-Identifier: MIT
 */
#include "base/find.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define LEN 80 /* several steps of any implementation */

/* Bytes that end where their memory ends, so that a look beyond is noticed by the sanitizer. */
static char *exact(size_t len, int fill)
{
    char *p = xmalloc(len);

    memset(p, fill, len);
    return p;
}

static void a_needle_is_found_wherever_it_stands(void **state)
{
    static const char *const needles[] = { "ab", "\"usage\"",
                                           "\"a much longer needle than a step\"" };
    size_t i, len, at;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct span needle = span_of(needles[i]);

        for (len = 0; len < LEN; len++) {
            for (at = 0; at + needle.len <= len; at++) {
                char *p = exact(len, needle.p[0]); /* full of false beginnings */

                memcpy(p + at, needle.p, needle.len);
                assert_ptr_equal(find_needle((struct span){ p, len }, needle),
                                 memmem(p, len, needle.p, needle.len));
                free(p);
            }
        }
    }
}

static void a_needle_that_is_cut_off_is_not_found(void **state)
{
    struct span needle = SPAN_LIT("\"usage\"");
    size_t len;

    (void)state;
    for (len = 6; len < LEN; len++) {
        char *p = exact(len, 'x');

        memcpy(p + len - 6, needle.p, 6);
        assert_null(find_needle((struct span){ p, len }, needle));
        free(p);
    }
}

static void a_string_stops_at_each_special_byte_and_at_no_other(void **state)
{
    size_t len, at;
    int byte;

    (void)state;
    for (byte = 0; byte < 256; byte++) {
        bool special = byte < 0x20 || byte == '"' || byte == '\\';

        for (len = 1; len < LEN; len += 3) {
            at = (size_t)(byte * 7 + (int)len * 5) % len;
            char *p = exact(len, 'x');

            p[at] = (char)byte;
            assert_ptr_equal(find_string_stop(p, p + len), special ? p + at : p + len);
            free(p);
        }
    }
}

static void the_first_of_several_stops_counts(void **state)
{
    char text[LEN];
    size_t at;

    (void)state;
    for (at = 0; at < LEN; at++) {
        memset(text, '\x80', LEN);
        memset(text + at, '"', LEN - at);
        assert_ptr_equal(find_string_stop(text, text + LEN), text + at);
    }
    assert_ptr_equal(find_string_stop(text, text), text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_needle_is_found_wherever_it_stands),
        cmocka_unit_test(a_needle_that_is_cut_off_is_not_found),
        cmocka_unit_test(a_string_stops_at_each_special_byte_and_at_no_other),
        cmocka_unit_test(the_first_of_several_stops_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
