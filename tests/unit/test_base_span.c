/* tests/unit/test_base_span.c — spans, and the buffers that take them.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void spans_are_ordered_by_bytes_then_by_length(void **state)
{
    static const struct {
        struct span a, b;
        int order;
    } cases[] = {
        { SPAN_LIT("a"), SPAN_LIT("b"), -1 },
        { SPAN_LIT("b"), SPAN_LIT("a"), 1 },
        { SPAN_LIT("a"), SPAN_LIT("a"), 0 },
        { SPAN_LIT("a"), SPAN_LIT("ab"), -1 },
        { SPAN_LIT("ab"), SPAN_LIT("a"), 1 },
        { SPAN_LIT("\x7f"), SPAN_LIT("\x80"), -1 }, /* bytes are not negative */
        { SPAN_LIT("a\0b"), SPAN_LIT("a\0c"), -1 },
        { SPAN_LIT(""), SPAN_LIT("a"), -1 },
        { { NULL, 0 }, SPAN_LIT("a"), -1 },
        { { NULL, 0 }, SPAN_LIT(""), 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        int order = span_cmp(cases[i].a, cases[i].b);

        assert_int_equal((order > 0) - (order < 0), cases[i].order);
        assert_int_equal(span_eq(cases[i].a, cases[i].b), cases[i].order == 0);
    }
}

static void a_span_knows_its_ends_and_its_middle(void **state)
{
    struct span name = SPAN_LIT("rollout-2026.jsonl");

    (void)state;
    assert_true(span_starts(name, "rollout-"));
    assert_true(span_starts(name, ""));
    assert_false(span_starts(name, "ollout"));
    assert_false(span_starts(SPAN_LIT("ro"), "rollout"));
    assert_true(span_ends(name, ".jsonl"));
    assert_true(span_ends(name, ""));
    assert_false(span_ends(name, ".json"));
    assert_false(span_ends(SPAN_LIT("l"), ".jsonl"));
    assert_true(span_has(name, "2026"));
    assert_false(span_has(name, "2027"));
    assert_true(span_has(SPAN_LIT("a\0bc"), "bc"));
    assert_true(span_is(name, "rollout-2026.jsonl"));
    assert_false(span_is(name, "rollout-2026"));
}

static void an_absent_span_can_be_asked_anything(void **state)
{
    struct span piece, rest = SPAN_ABSENT;
    int64_t value = 7;
    char copy[4];

    (void)state;
    assert_true(span_starts(SPAN_ABSENT, ""));
    assert_true(span_ends(SPAN_ABSENT, ""));
    assert_false(span_starts(SPAN_ABSENT, "a"));
    assert_false(span_ends(SPAN_ABSENT, "a"));
    assert_false(span_has(SPAN_ABSENT, "a"));
    assert_int_equal(span_trim(SPAN_ABSENT).len, 0);
    assert_false(span_split(&rest, ',', &piece));
    assert_false(span_int(SPAN_ABSENT, &value));
    assert_int_equal(value, 7);
    assert_int_equal(span_copy(SPAN_ABSENT, copy, sizeof(copy)), 0);
    assert_string_equal(copy, "");
    assert_null(span_of(NULL).p);
}

static void blanks_are_trimmed_at_both_ends_only(void **state)
{
    (void)state;
    assert_true(span_is(span_trim(SPAN_LIT(" \t\r\na b\n \t")), "a b"));
    assert_true(span_is(span_trim(SPAN_LIT(" \t\r\n")), ""));
    assert_true(span_is(span_trim(SPAN_LIT("a")), "a"));
    assert_true(span_is(span_trim(SPAN_LIT("\va")), "\va"));
}

static void pieces_come_in_order_and_empty_ones_count(void **state)
{
    static const struct {
        struct span text;
        const char *pieces[5];
    } cases[] = {
        { SPAN_LIT("a,,b"), { "a", "", "b" } },
        { SPAN_LIT("a"), { "a" } },
        { SPAN_LIT(""), { "" } },
        { SPAN_LIT(","), { "", "" } },
        { SPAN_LIT("a,"), { "a", "" } },
        { SPAN_LIT(",a"), { "", "a" } },
    };
    size_t i, n;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct span piece, rest = cases[i].text;

        for (n = 0; span_split(&rest, ',', &piece); n++) {
            assert_non_null(cases[i].pieces[n]);
            assert_non_null(piece.p);
            assert_true(span_is(piece, cases[i].pieces[n]));
        }
        assert_null(cases[i].pieces[n]);
        assert_false(span_split(&rest, ',', &piece));
    }
}

static void an_integer_is_read_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        { "0", 0 },
        { "-0", 0 },
        { "007", 7 },
        { "-12", -12 },
        { "9223372036854775807", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
        { "-9223372036854775807", INT64_MIN + 1 },
    };
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        "--1",
        "1-",
        " 1",
        "1 ",
        "1.0",
        "0x1",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "100000000000000000000000",
        "\xd9\xa1",
    };
    int64_t value;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good); i++) {
        assert_true(span_int(span_of(good[i].text), &value));
        assert_int_equal(value, good[i].value);
    }
    for (i = 0; i < COUNT(bad); i++) {
        value = 42;
        if (span_int(span_of(bad[i]), &value))
            fail_msg("accepted %s", bad[i]);
        assert_int_equal(value, 42);
    }
}

static void a_copy_is_cut_to_fit_and_always_ends(void **state)
{
    char out[4] = "xxx";

    (void)state;
    assert_int_equal(span_copy(SPAN_LIT("ab"), out, sizeof(out)), 2);
    assert_string_equal(out, "ab");
    assert_int_equal(span_copy(SPAN_LIT("abc"), out, sizeof(out)), 3);
    assert_string_equal(out, "abc");
    assert_int_equal(span_copy(SPAN_LIT("abcd"), out, sizeof(out)), 3);
    assert_string_equal(out, "abc");
    assert_int_equal(span_copy(SPAN_LIT("abcd"), out, 1), 0);
    assert_string_equal(out, "");
}

static void a_buffer_grows_and_stays_text(void **state)
{
    struct buf buf = { 0 };
    char *text;
    int i;

    (void)state;
    assert_int_equal(buf_span(&buf).len, 0);
    assert_non_null(buf_span(&buf).p);
    for (i = 0; i < 1000; i++) {
        buf_add_char(&buf, 'a');
        assert_int_equal(buf.p[buf.len], '\0');
        assert_true(buf.len < buf.space);
    }
    buf_clear(&buf);
    assert_true(span_is(buf_span(&buf), ""));
    buf_add_text(&buf, "one");
    buf_add_span(&buf, SPAN_LIT(" t\0wo"));
    buf_add_span(&buf, SPAN_ABSENT);
    buf_add(&buf, NULL, 0);
    assert_true(span_eq(buf_span(&buf), SPAN_LIT("one t\0wo")));
    text = buf_take(&buf);
    assert_memory_equal(text, "one t\0wo", 9);
    assert_null(buf.p);
    free(text);
    buf_fini(&buf);
}

static void a_buffer_prints_what_is_longer_than_it(void **state)
{
    struct buf buf = { 0 };
    int width;

    (void)state;
    for (width = 0; width < 300; width++) {
        buf_clear(&buf);
        buf_add_char(&buf, '>');
        buf_printf(&buf, "%*s%s", width, "", "end");
        assert_int_equal(buf.len, (size_t)width + 4);
        assert_string_equal(buf.p + buf.len - 3, "end");
        if (width % 7 == 0)
            buf_fini(&buf); /* so that each width meets a small buffer sometimes */
    }
    buf_fini(&buf);
}

static void an_empty_buffer_gives_empty_text(void **state)
{
    struct buf buf = { 0 };
    char *text = buf_take(&buf);

    (void)state;
    assert_string_equal(text, "");
    free(text);

    buf_reserve(&buf, 100); /* as for reading a file that turns out to be empty */
    assert_string_equal(buf.p, "");
    text = buf_take(&buf);
    assert_string_equal(text, "");
    free(text);
    buf_clear(&buf);
    buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_ordered_by_bytes_then_by_length),
        cmocka_unit_test(a_span_knows_its_ends_and_its_middle),
        cmocka_unit_test(an_absent_span_can_be_asked_anything),
        cmocka_unit_test(blanks_are_trimmed_at_both_ends_only),
        cmocka_unit_test(pieces_come_in_order_and_empty_ones_count),
        cmocka_unit_test(an_integer_is_read_whole_or_not_at_all),
        cmocka_unit_test(a_copy_is_cut_to_fit_and_always_ends),
        cmocka_unit_test(a_buffer_grows_and_stays_text),
        cmocka_unit_test(a_buffer_prints_what_is_longer_than_it),
        cmocka_unit_test(an_empty_buffer_gives_empty_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
