/* Tests of show/text.c and show/models.c.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct text_case {
    const char *why;
    struct span text;
    int width;
    bool unicode;
    const char *want;
} cases[] = {
    { "plain text stays", SPAN_LIT("abc"), 0, true, "abc" },
    { "an escape sequence loses its start", SPAN_LIT("a\033[31mb"), 0, true, "a?[31mb" },
    { "newline, tab and NUL", SPAN_LIT("a\nb\tc\0d"), 0, true, "a?b?c?d" },
    { "DEL", SPAN_LIT("a\x7f"), 0, true, "a?" },
    { "C1 in UTF-8", SPAN_LIT("a\xc2\x9bm"), 0, true, "a?m" },
    { "C1 as a raw byte", SPAN_LIT("a\x9b"), 0, true, "a?" },
    { "bidirectional override", SPAN_LIT("a\u202etxt"), 0, true, "a?txt" },
    { "bidirectional isolate", SPAN_LIT("a\u2066b\u2069"), 0, true, "a?b?" },
    { "line separator", SPAN_LIT("a\u2028b"), 0, true, "a?b" },
    { "a cut sequence", SPAN_LIT("a\xe5\xa4"), 0, true, "a??" },
    { "an overlong sequence", SPAN_LIT("\xc0\xaf"), 0, true, "??" },
    { "a surrogate", SPAN_LIT("\xed\xa0\x80"), 0, true, "???" },
    { "letters of any script stay", SPAN_LIT("\u5927\u00e9"), 0, true, "\u5927\u00e9" },
    { "but not in ASCII", SPAN_LIT("x\u5927\u00e9"), 0, false, "x??" },
    { "what fits is not cut", SPAN_LIT("abcd"), 4, true, "abcd" },
    { "what does not is", SPAN_LIT("abcde"), 4, true, "abc\u2026" },
    { "cut in ASCII", SPAN_LIT("abcde"), 4, false, "a..." },
    { "narrower than dots", SPAN_LIT("abcde"), 2, false, ".." },
    { "a wide letter counts two", SPAN_LIT("\u5927\u6a21\u578b"), 5, true, "\u5927\u6a21\u2026" },
    { "and is not cut in half", SPAN_LIT("\u5927\u6a21\u578b"), 4, true, "\u5927\u2026" },
    { "combining marks count nothing", SPAN_LIT("e\u0301e\u0301"), 2, true, "e\u0301e\u0301" },
    { "nothing", SPAN_LIT(""), 5, true, "" },
};

static void text_from_logs_cannot_drive_a_terminal(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct text_case *c = &cases[i];
        struct buf out = { 0 };

        show_text(&out, c->text, c->width, c->unicode);
        if (!span_is(buf_span(&out), c->want))
            fail_msg("%s: got '%s', want '%s'", c->why, out.p ? out.p : "", c->want);
        assert_true(c->width == 0 || show_width(buf_span(&out)) <= c->width);
        buf_fini(&out);
    }
}

static const struct name_case {
    const char *model, *want;
} names[] = {
    { "claude-opus-4-5-20251101", "opus-4-5" },
    { "claude-3-5-haiku-20241022", "3-5-haiku" },
    { "claude-opus-4-5@20251101", "opus-4-5" },
    { "anthropic/claude-haiku-4-5", "haiku-4-5" },
    { "anthropic.claude-haiku-4-5", "haiku-4-5" },
    { "h-2-2031-05-04", "h-2" },
    { "h-2", "h-2" },
    { "20251101", "20251101" },
    { "-20251101", "-20251101" },
    { "claude-", "claude-" },
    { "models/", "models/" },
    { "", "" },
};

static void model_names_lose_maker_and_date_but_never_all(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct span got = show_model_name(names[i].model);

        if (!span_is(got, names[i].want))
            fail_msg("%s: got '%.*s'", names[i].model, (int)got.len, got.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_logs_cannot_drive_a_terminal),
        cmocka_unit_test(model_names_lose_maker_and_date_but_never_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
