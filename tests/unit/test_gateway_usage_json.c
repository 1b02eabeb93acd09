/* Tests of gateway/usage_json.c: what is read although it is no JSON, and what is refused.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

static const struct {
    const char *why, *text, *want; /* as jansson writes it, or NULL: refused */
} cases[] = {
    { "JSON", "{\"a\": [1, 2.5, \"x\"]}", "{\"a\":[1,2.5,\"x\"]}" },
    { "a bare value", "\"x\"", "\"x\"" },
    { "NaN", "{\"a\":NaN,\"b\":1}", "{\"a\":null,\"b\":1}" },
    { "nan", "[nan,-nan]", "[null,null]" },
    { "infinities", "[Infinity,-Infinity,inf,-inf]", "[null,null,null,null]" },
    { "undefined", "[undefined]", "[null]" },
    { "a number without end", "[1e999,-1e999,3]", "[null,null,3]" },
    { "a whole number longer than any integer", "[123456789012345678901234567890]",
      "[1.2345678901234568e29]" },
    { "words inside texts stay", "[\"NaN\",nan,\"1e999\"]", "[\"NaN\",null,\"1e999\"]" },
    { "a key may be such a word", "{\"NaN\":NaN}", "{\"NaN\":null}" },
    { "half of a pair", "[\"a\\ud83dz\",\"\\ude00\"]", "[\"a\\uFFFDz\",\"\\uFFFD\"]" },
    { "a pair stays", "[\"\\ud83d\\ude00\",nan]", "[\"\\uD83D\\uDE00\",null]" },
    { "halves in the wrong order", "[\"\\ude00\\ud83d\"]", "[\"\\uFFFD\\uFFFD\"]" },
    { "NUL", "[\"a\\u0000b\"]", "[\"a\\uFFFDb\"]" },
    { "bytes that are no UTF-8",
      "[\"a\xff"
      "b\"]",
      "[\"a\\uFFFDb\"]" },
    { "a tab in a text", "[\"a\tb\"]", "[\"a\\tb\"]" },
    { "quotes after a backslash", "[\"a\\\"NaN\",nan]", "[\"a\\\"NaN\",null]" },
    { "cut off", "{\"a\":1", NULL },
    { "cut off in a text", "{\"a\":\"b", NULL },
    { "cut off in an escape", "{\"a\":\"b\\", NULL },
    { "cut off in a code", "{\"a\":\"\\ud8", NULL },
    { "nothing", "", NULL },
    { "two values", "1 2", NULL },
    { "a word", "hello", NULL },
    { "no number", "[1.2.3]", "[null]" },
};

static void what_can_be_mended_is_read(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct err err = { 0 };
        json_t *json = gateway_json_read(span_of(cases[i].text), &err);
        char *got =
            json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;

        if (!got != !cases[i].want || (got && strcmp(got, cases[i].want) != 0))
            fail_msg("%s: %s, not %s", cases[i].why, got ? got : "refused", cases[i].want);
        if (!json)
            assert_non_null(strstr(err.text, "line 1"));
        free(got);
        json_decref(json);
    }
}

/* Deep nesting is refused, not fallen into. */
static void nesting_has_an_end(void **state)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    int i;

    (void)state;
    for (i = 0; i < 1000000; i++)
        buf_add_text(&text, "[");
    assert_null(gateway_json_read(buf_span(&text), &err));
    buf_fini(&text);
}

/* An error says where it is, and quotes nothing of what stands there. */
static void an_error_quotes_nothing(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_null(gateway_json_read(span_of("{\"a\":1,\nsecret}"), &err));
    assert_non_null(strstr(err.text, "line 2"));
    assert_null(strstr(err.text, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_mended_is_read),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(an_error_quotes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
