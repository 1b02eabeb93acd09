/* tests/unit/test_base_json_out.c — what we write is JSON, exact to the nanodollar.
 * SPDX-License-Identifier: MIT
 */
#include "base/json_out.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utf8proc.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void expect(struct buf *buf, const char *want)
{
    assert_string_equal(buf->p, want);
    buf_clear(buf);
}

static void money_is_exact_and_short(void **state)
{
    static const struct {
        int64_t nusd;
        const char *want;
    } cases[] = {
        { 0, "0" },
        { 1, "0.000000001" },
        { -1, "-0.000000001" },
        { 10, "0.00000001" },
        { 500000000, "0.5" },
        { -500000000, "-0.5" },
        { 1000000000, "1" },
        { 1000000001, "1.000000001" },
        { 100000000000, "100" }, /* zeros before the point stay */
        { -1234567890, "-1.23456789" },
        { INT64_MAX, "9223372036.854775807" },
        { INT64_MIN, "-9223372036.854775808" },
    };
    struct json_out out;
    struct buf buf = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        json_out_init(&out, &buf, 0);
        json_money(&out, cases[i].nusd);
        expect(&buf, cases[i].want);
    }
    buf_fini(&buf);
}

static void fixed_numbers_lose_their_zeros_only(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *want;
    } cases[] = {
        { 0, 2, "0" },
        { 12.5, 2, "12.5" },
        { 100, 1, "100" },
        { 100, 0, "100" },
        { 0.125, 2, "0.12" },
        { -0.5, 3, "-0.5" },
        { -0.001, 2, "0" },
        { -0.0, 0, "0" },
        { 1e15, 2, "1000000000000000" },
        { 99.999, 2, "100" },
        { (double)NAN, 2, "null" },
        { (double)INFINITY, 2, "null" },
        { (double)-INFINITY, 2, "null" },
    };
    struct json_out out;
    struct buf buf = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        json_out_init(&out, &buf, 0);
        json_fixed(&out, cases[i].value, cases[i].decimals);
        expect(&buf, cases[i].want);
    }
    buf_fini(&buf);
}

#define BAD "\xef\xbf\xbd"

static void text_is_escaped_and_always_utf8(void **state)
{
    static const struct {
        struct span text;
        const char *want;
    } cases[] = {
        { SPAN_LIT(""), "\"\"" },
        { { NULL, 0 }, "null" },
        { SPAN_LIT("say \"a\\b\""), "\"say \\\"a\\\\b\\\"\"" },
        { SPAN_LIT("\b\t\n\v\f\r"), "\"\\b\\t\\n\\u000b\\f\\r\"" },
        { SPAN_LIT("\0\x01\x1f\x7f"), "\"\\u0000\\u0001\\u001f\\u007f\"" },
        { SPAN_LIT("/"), "\"/\"" },
        { SPAN_LIT("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
          "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"" },
        { SPAN_LIT("\x80"), "\"" BAD "\"" }, /* nothing to continue */
        { SPAN_LIT("\xc3"), "\"" BAD "\"" }, /* cut off */
        { SPAN_LIT("\xc3("), "\"" BAD "(\"" },
        { SPAN_LIT("\xe2\x82"), "\"" BAD BAD "\"" },
        { SPAN_LIT("\xf0\x9f\x98\""), "\"" BAD BAD BAD "\\\"\"" }, /* the quote survives */
        { SPAN_LIT("\xc0\xaf"), "\"" BAD BAD "\"" },               /* overlong */
        { SPAN_LIT("\xe0\x9f\xbf"), "\"" BAD BAD BAD "\"" },
        { SPAN_LIT("\xf0\x8f\xbf\xbf"), "\"" BAD BAD BAD BAD "\"" },
        { SPAN_LIT("\xed\xa0\x80"), "\"" BAD BAD BAD "\"" },         /* surrogate */
        { SPAN_LIT("\xf4\x90\x80\x80"), "\"" BAD BAD BAD BAD "\"" }, /* beyond U+10FFFF */
        { SPAN_LIT("\xff\xfe"), "\"" BAD BAD "\"" },
    };
    struct json_out out;
    struct buf buf = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        json_out_init(&out, &buf, 0);
        json_text(&out, cases[i].text);
        expect(&buf, cases[i].want);
    }
    buf_fini(&buf);
}

/* A JSON string in UTF-8 by the letter: quotes at its ends, inside no control byte, no bare quote,
 * no bare backslash. */
static bool is_json_string(struct span text)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p;
    size_t i, n;

    if (text.len < 2 || p[0] != '"' || p[text.len - 1] != '"')
        return false;
    for (i = 1; i < text.len - 1; i += n) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate(p + i, (utf8proc_ssize_t)(text.len - 1 - i), &c);

        if (len <= 0 || c < 0x20 || c == '"')
            return false;
        n = (size_t)len;
        if (c != '\\')
            continue;
        n = p[i + 1] == 'u' ? 6 : 2;
        if (!strchr("\"\\bfnrtu", p[i + 1]) || i + n > text.len - 1)
            return false;
    }
    return true;
}

/* Every text of two bytes, alone and before two bytes that could continue it. */
static void whatever_the_bytes_the_answer_is_json(void **state)
{
    static const size_t lengths[] = { 2, 3, 4 };
    struct json_out out;
    struct buf buf = { 0 };
    unsigned i;
    size_t k;

    (void)state;
    for (i = 0; i < 65536; i++) {
        char text[4] = { (char)(i >> 8), (char)i, '\x80', '\x80' };

        for (k = 0; k < COUNT(lengths); k++) {
            buf_clear(&buf);
            json_out_init(&out, &buf, 0);
            json_text(&out, (struct span){ text, lengths[k] });
            if (!is_json_string(buf_span(&buf)))
                fail_msg("%zu bytes %04x gave %s", lengths[k], i, buf.p);
        }
    }
    buf_fini(&buf);
}

static void write_sample(struct json_out *out)
{
    json_open(out, '{');
    json_put_int(out, "tokens", INT64_MIN);
    json_put_money(out, "cost", 1500000000);
    json_put_text(out, "model", SPAN_LIT("h-2"));
    json_put_text(out, "account", SPAN_ABSENT);
    json_put_bool(out, "complete", true);
    json_key(out, "none");
    json_open(out, '[');
    json_close(out, ']');
    json_key(out, "empty");
    json_open(out, '{');
    json_close(out, '}');
    json_key(out, "list");
    json_open(out, '[');
    json_int(out, 1);
    json_open(out, '{');
    json_put_bool(out, "a\"b", false);
    json_close(out, '}');
    json_open(out, '[');
    json_nil(out);
    json_int(out, INT64_MAX);
    json_close(out, ']');
    json_close(out, ']');
    json_key(out, "last");
    json_fixed(out, 0.25, 3);
    json_close(out, '}');
}

static void containers_nest_and_the_commas_are_right(void **state)
{
    struct json_out out;
    struct buf buf = { 0 };

    (void)state;
    json_out_init(&out, &buf, 0);
    write_sample(&out);
    expect(&buf, "{\"tokens\":-9223372036854775808,\"cost\":1.5,\"model\":\"h-2\",\"account\":null,"
                 "\"complete\":true,\"none\":[],\"empty\":{},\"list\":[1,{\"a\\\"b\":false},"
                 "[null,9223372036854775807]],\"last\":0.25}");
    buf_fini(&buf);
}

static void indented_output_is_what_people_expect(void **state)
{
    struct json_out out;
    struct buf buf = { 0 };

    (void)state;
    json_out_init(&out, &buf, 2);
    write_sample(&out);
    expect(&buf, "{\n"
                 "  \"tokens\": -9223372036854775808,\n"
                 "  \"cost\": 1.5,\n"
                 "  \"model\": \"h-2\",\n"
                 "  \"account\": null,\n"
                 "  \"complete\": true,\n"
                 "  \"none\": [],\n"
                 "  \"empty\": {},\n"
                 "  \"list\": [\n"
                 "    1,\n"
                 "    {\n"
                 "      \"a\\\"b\": false\n"
                 "    },\n"
                 "    [\n"
                 "      null,\n"
                 "      9223372036854775807\n"
                 "    ]\n"
                 "  ],\n"
                 "  \"last\": 0.25\n"
                 "}");
    buf_fini(&buf);
}

static void output_goes_behind_what_stands_there(void **state)
{
    struct json_out out;
    struct buf buf = { 0 };

    (void)state;
    buf_add_text(&buf, "data: ");
    json_out_init(&out, &buf, 0);
    json_fixed(&out, 0, 2);
    expect(&buf, "data: 0");
    buf_fini(&buf);
}

static void sixty_four_levels_can_be_open(void **state)
{
    struct json_out out;
    struct buf buf = { 0 };
    struct buf want = { 0 };
    int i;

    (void)state;
    json_out_init(&out, &buf, 0);
    for (i = 0; i < 64; i++) {
        json_open(&out, i % 3 ? '{' : '[');
        buf_add_text(&want, i % 3 ? "{\"k\":" : "[");
        if (i % 3)
            json_key(&out, "k");
    }
    json_int(&out, 1);
    buf_add_char(&want, '1');
    while (i-- > 0) {
        json_close(&out, i % 3 ? '}' : ']');
        buf_add_char(&want, i % 3 ? '}' : ']');
    }
    expect(&buf, want.p);
    buf_fini(&want);
    buf_fini(&buf);
}

static void close_with_the_wrong_bracket(struct json_out *out)
{
    json_open(out, '{');
    json_close(out, ']');
}

static void close_what_was_not_opened(struct json_out *out)
{
    json_close(out, '}');
}

static void close_behind_a_key(struct json_out *out)
{
    json_open(out, '{');
    json_key(out, "k");
    json_close(out, '}');
}

static void give_no_key(struct json_out *out)
{
    json_open(out, '{');
    json_int(out, 1);
}

static void give_a_key_in_an_array(struct json_out *out)
{
    json_open(out, '[');
    json_key(out, "k");
}

static void nest_too_deep(struct json_out *out)
{
    int i;

    for (i = 0; i < 65; i++)
        json_open(out, '[');
}

static void a_wrong_order_is_a_bug_and_dies(void **state)
{
    static void (*const bugs[])(struct json_out *) = {
        close_with_the_wrong_bracket, close_what_was_not_opened,
        close_behind_a_key,           give_no_key,
        give_a_key_in_an_array,       nest_too_deep,
    };
    size_t i;
    int status;

    (void)state;
    for (i = 0; i < COUNT(bugs); i++) {
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0) {
            struct buf buf = { 0 };
            struct json_out out;

            close(STDERR_FILENO);
            signal(SIGABRT, SIG_DFL);
            json_out_init(&out, &buf, 0);
            bugs[i](&out);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_exact_and_short),
        cmocka_unit_test(fixed_numbers_lose_their_zeros_only),
        cmocka_unit_test(text_is_escaped_and_always_utf8),
        cmocka_unit_test(whatever_the_bytes_the_answer_is_json),
        cmocka_unit_test(containers_nest_and_the_commas_are_right),
        cmocka_unit_test(indented_output_is_what_people_expect),
        cmocka_unit_test(output_goes_behind_what_stands_there),
        cmocka_unit_test(sixty_four_levels_can_be_open),
        cmocka_unit_test(a_wrong_order_is_a_bug_and_dies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
