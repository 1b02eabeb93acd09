/* tests/unit/test_base_pick_value.c — what a picked value means: text, integer, money, time.
 * SPDX-License-Identifier: MIT
 */
#include "base/civil.h"
#include "base/pick.h"
#include "random.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct pick_key keys[] = { { "v", 0 }, { NULL } };

/* The value of {"v":…}; the caller's buffer holds the text it points into. */
static struct picked value_of(const char *json, char text[1024])
{
    struct picked value;
    int n = snprintf(text, 1024, "{\"v\":%s}", json);

    if (pick_json((struct span){ text, (size_t)n }, keys, &value, 1) < 0)
        fail_msg("refused: %s", json);
    return value;
}

/* ---- text ---- */

static const struct {
    const char *why, *json, *want;
} texts[] = {
    { "plain text", "\"abc\"", "abc" },
    { "nothing", "\"\"", "" },
    { "all short escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
    { "an ASCII character", "\"\\u0041\\u007f\"", "A\x7f" },
    { "two bytes", "\"\\u0080\\u07FF\"", "\xc2\x80\xdf\xbf" },
    { "three bytes", "\"\\u0800\\ud7ff\\ue000\\uffff\"",
      "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf" },
    { "a pair of surrogates", "\"\\ud800\\udc00\\uDBFF\\uDFFF\"",
      "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
    { "a lone high surrogate", "\"\\ud83d\"", "\xef\xbf\xbd" },
    { "a lone high surrogate before text", "\"\\ud83dabcdef\"",
      "\xef\xbf\xbd"
      "abcdef" },
    { "a lone low surrogate", "\"\\ude00x\"", "\xef\xbf\xbdx" },
    { "a high one before another escape", "\"\\ud83d\\n\"", "\xef\xbf\xbd\n" },
    { "a high one before a plain \\u", "\"\\ud83d\\u0041\"",
      "\xef\xbf\xbd"
      "A" },
    { "two high ones and a low one", "\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
    { "the wrong way round", "\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "escapes beside raw UTF-8", "\"\xc3\xa9\\u00e9\xf0\x9f\x98\x80\"",
      "\xc3\xa9\xc3\xa9\xf0\x9f\x98\x80" },
    { "an escaped backslash before a u", "\"\\\\u0041\"", "\\u0041" },
};

static void text_is_decoded(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        char text[1024], scratch[256];
        struct picked value = value_of(texts[i].json, text);
        struct span got = picked_text(&value, scratch, sizeof(scratch));

        if (!span_is(got, texts[i].want))
            fail_msg("%s: %.*s", texts[i].why, (int)got.len, got.p);
    }
}

static void text_without_escapes_is_not_copied(void **state)
{
    char text[1024];
    struct picked value = value_of("\"abc\"", text);

    (void)state;
    assert_false(value.escaped);
    assert_ptr_equal(picked_text(&value, NULL, 0).p, value.text.p);
}

static void an_escaped_nul_is_a_byte_like_others(void **state)
{
    char text[1024], scratch[8];
    struct picked value = value_of("\"a\\u0000b\"", text);
    struct span got = picked_text(&value, scratch, sizeof(scratch));

    (void)state;
    assert_int_equal(got.len, 3);
    assert_memory_equal(got.p, "a\0b", 3);
}

static void what_is_no_string_has_no_text(void **state)
{
    static const char *const others[] = { "1", "true", "false", "null", "[]", "{}" };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(others); i++) {
        char text[1024], scratch[8];
        struct picked value = value_of(others[i], text);

        assert_null(picked_text(&value, scratch, sizeof(scratch)).p);
    }
}

static void text_is_cut_between_characters_where_scratch_is_too_small(void **state)
{
    static const char whole[] = "ab\xc3\xa9\xf0\x9f\x98\x80"
                                "cd";
    static const size_t want[] = { 0, 1, 2, 2, 4, 4, 4, 4, 8, 9, 10, 10 };
    size_t size;

    (void)state;
    for (size = 0; size < COUNT(want); size++) {
        char text[1024], scratch[16];
        struct picked value = value_of("\"ab\\u00e9\\ud83d\\ude00cd\"", text);
        struct span got;

        memset(scratch, '#', sizeof(scratch));
        got = picked_text(&value, scratch, size);
        assert_int_equal(got.len, want[size]);
        assert_memory_equal(got.p, whole, got.len);
        assert_int_equal(scratch[size], '#');
    }
}

/* ---- integers ---- */

static const struct {
    const char *json;
    enum picked_number rc;
    int64_t want;
} integers[] = {
    { "12", PICKED_INT_OK, 12 },
    { "0", PICKED_INT_OK, 0 },
    { "-0", PICKED_INT_OK, 0 },
    { "12.0", PICKED_INT_OK, 12 },
    { "12.9", PICKED_INT_OK, 12 },
    { "0.999999999999999999999999", PICKED_INT_OK, 0 },
    { "1.2e1", PICKED_INT_OK, 12 },
    { "1.29E+1", PICKED_INT_OK, 12 },
    { "1200e-2", PICKED_INT_OK, 12 },
    { "1299e-2", PICKED_INT_OK, 12 },
    { "5e-324", PICKED_INT_OK, 0 },
    { "0e400", PICKED_INT_OK, 0 },
    { "-5", PICKED_INT_OK, 0 },
    { "-1e400", PICKED_INT_OK, 0 },
    { "-0.5", PICKED_INT_OK, 0 },
    { "\"12\"", PICKED_INT_OK, 12 },
    { "\" 12 \"", PICKED_INT_OK, 12 },
    { "\"12.9\"", PICKED_INT_OK, 12 },
    { "\"1.2e1\"", PICKED_INT_OK, 12 },
    { "\"-5\"", PICKED_INT_OK, 0 },
    { "\"007\"", PICKED_INT_OK, 7 },
    { "9007199254740992", PICKED_INT_OK, INT64_C(9007199254740992) },
    { "9007199254740992.9", PICKED_INT_OK, INT64_C(9007199254740992) },
    { "9007199254740993", PICKED_INT_BAD, 0 },
    { "9.007199254740993e15", PICKED_INT_BAD, 0 },
    { "9223372036854775807", PICKED_INT_BAD, 0 },
    { "9223372036854775808", PICKED_INT_BAD, 0 },
    { "18446744073709551617", PICKED_INT_BAD, 0 },
    { "100000000000000000000000000000000000000000", PICKED_INT_BAD, 0 },
    { "1e400", PICKED_INT_BAD, 0 },
    { "1e99999999999999999999", PICKED_INT_BAD, 0 },
    { "1000000000000000000000e-20", PICKED_INT_OK, 10 },
    { "0.00000000000000000000000012e26", PICKED_INT_OK, 12 },
    { "\"\"", PICKED_INT_BAD, 0 },
    { "\" \"", PICKED_INT_BAD, 0 },
    { "\"-\"", PICKED_INT_BAD, 0 },
    { "\".\"", PICKED_INT_BAD, 0 },
    { "\"12a\"", PICKED_INT_BAD, 0 },
    { "\"1 2\"", PICKED_INT_BAD, 0 },
    { "\"1e\"", PICKED_INT_BAD, 0 },
    { "\"e5\"", PICKED_INT_BAD, 0 },
    { "\"1.2.3\"", PICKED_INT_BAD, 0 },
    { "\"+12\"", PICKED_INT_BAD, 0 },
    { "\"--12\"", PICKED_INT_BAD, 0 },
    { "\"0x10\"", PICKED_INT_BAD, 0 },
    { "\"NaN\"", PICKED_INT_BAD, 0 },
    { "\"1\\u0032\"", PICKED_INT_BAD, 0 },
    { "true", PICKED_INT_BAD, 0 },
    { "false", PICKED_INT_BAD, 0 },
    { "[]", PICKED_INT_BAD, 0 },
    { "{}", PICKED_INT_BAD, 0 },
    { "null", PICKED_INT_ABSENT, 0 },
};

static void integers_are_read_however_they_are_written(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(integers); i++) {
        char text[1024];
        struct picked value = value_of(integers[i].json, text);
        int64_t got = -1;
        enum picked_number rc = picked_int(&value, &got);

        if (rc != integers[i].rc || (rc == PICKED_INT_OK && got != integers[i].want))
            fail_msg("%s gives %d, %" PRId64, integers[i].json, rc, got);
    }
}

/* ---- money ---- */

static const struct {
    const char *json;
    bool ok;
    int64_t want;
} amounts[] = {
    { "0.0123", true, 12300000 },
    { "1.5e-7", true, 150 },
    { "\"0.2\"", true, 200000000 },
    { "\" 0.2 \"", true, 200000000 },
    { "1", true, 1000000000 },
    { "0", true, 0 },
    { "0.1", true, 100000000 },
    { "1.27", true, 1270000000 },
    { "4.35", true, INT64_C(4350000000) },
    { "123456.789012345", true, INT64_C(123456789012345) },
    { "0.000000001", true, 1 },
    { "1e-9", true, 1 },
    { "0.0000000004", true, 0 },
    { "0.0000000005", true, 1 },
    { "0.00000000049999999999999999999999", true, 0 },
    { "0.0000000014999", true, 1 },
    { "0.0000000015", true, 2 },
    { "5e-10", true, 1 },
    { "49e-11", true, 0 },
    { "5e-11", true, 0 },
    { "1e-300", true, 0 },
    { "-0.5", true, -500000000 },
    { "-0.0000000015", true, -2 },
    { "-0.0000000014", true, -1 },
    { "true", false, 0 },
    { "null", false, 0 },
    { "\"\"", false, 0 },
    { "\"$1\"", false, 0 },
    { "\"1,5\"", false, 0 },
    { "{}", false, 0 },
};

static void dollars_become_nanodollars_exactly(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(amounts); i++) {
        char text[1024];
        struct picked value = value_of(amounts[i].json, text);
        int64_t got = 0;

        if (picked_nusd(&value, &got) != amounts[i].ok || (amounts[i].ok && got != amounts[i].want))
            fail_msg("%s gives %" PRId64, amounts[i].json, got);
    }
}

static void dollars_beyond_all_measure_do_not_wrap_around(void **state)
{
    static const char *const huge[] = { "1e300", "99999999999", "123456789012345678901234567890" };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(huge); i++) {
        char text[1024];
        struct picked value = value_of(huge[i], text);
        int64_t got = 0;

        if (picked_nusd(&value, &got))
            assert_true(got > INT64_C(1000000000000000000));
    }
}

static void any_amount_of_whole_nanodollars_survives(void **state)
{
    struct dice dice = { 7 };
    int i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        int64_t want = (int64_t)(roll(&dice) >> roll_between(&dice, 1, 63));
        char json[64], text[1024];
        struct picked value;
        int64_t got;

        want %= INT64_C(1000000000000000000); /* 18 digits are what is kept */
        snprintf(json, sizeof(json), "%" PRId64 ".%09" PRId64, want / 1000000000,
                 want % 1000000000);
        value = value_of(json, text);
        assert_true(picked_nusd(&value, &got));
        assert_int_equal(got, want);
        snprintf(json, sizeof(json), "%" PRId64 "e-9", want);
        value = value_of(json, text);
        assert_true(picked_nusd(&value, &got));
        assert_int_equal(got, want);
    }
}

/* ---- time ---- */

static const struct {
    const char *json;
    bool ok;
    int64_t want;
} times[] = {
    { "\"2026-09-01T10:00:03.120Z\"", true, INT64_C(1788256803120) },
    { "\"2026-09-01T12:00:03.12+02:00\"", true, INT64_C(1788256803120) },
    { "1788256803", true, INT64_C(1788256803000) },
    { "1788256803.12", true, INT64_C(1788256803120) },
    { "1788256803120", true, INT64_C(1788256803120) },
    { "1788256803120000", true, INT64_C(1788256803120) },
    { "1788256803120000000", true, INT64_C(1788256803120) },
    { "\"1788256803120\"", true, INT64_C(1788256803120) },
    { "\"yesterday\"", false, 0 },
    { "\"\"", false, 0 },
    { "true", false, 0 },
    { "null", false, 0 },
    { "[1788256803]", false, 0 },
    { "{}", false, 0 },
};

static void times_are_read_in_every_form_logs_have(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(times); i++) {
        char text[1024];
        struct picked value = value_of(times[i].json, text);
        int64_t got = -77;

        if (picked_time(&value, &got) != times[i].ok)
            fail_msg("%s", times[i].json);
        assert_int_equal(got, times[i].ok ? times[i].want : -77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_decoded),
        cmocka_unit_test(text_without_escapes_is_not_copied),
        cmocka_unit_test(an_escaped_nul_is_a_byte_like_others),
        cmocka_unit_test(what_is_no_string_has_no_text),
        cmocka_unit_test(text_is_cut_between_characters_where_scratch_is_too_small),
        cmocka_unit_test(integers_are_read_however_they_are_written),
        cmocka_unit_test(dollars_become_nanodollars_exactly),
        cmocka_unit_test(dollars_beyond_all_measure_do_not_wrap_around),
        cmocka_unit_test(any_amount_of_whole_nanodollars_survives),
        cmocka_unit_test(times_are_read_in_every_form_logs_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
