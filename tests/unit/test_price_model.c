/* tests/unit/test_price_model.c — the one name under which a model stands in the price table.
 * SPDX-License-Identifier: MIT
 */
#include "price/price.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *logged, *want;
    bool is_free;
} names[] = {
    /* as its maker writes it */
    { "claude-opus-5", "claude-opus-5" },
    { "gpt-5.4", "gpt-5.4" },
    { "Claude-Opus-5", "claude-opus-5" },
    { " claude-opus-5 ", "claude-opus-5" },
    { "", "" },
    { "unknown", "unknown" },

    /* who resells it */
    { "anthropic/claude-opus-5", "claude-opus-5" },
    { "openrouter/anthropic/claude-opus-5", "claude-opus-5" },
    { "openai/gpt-5.4", "gpt-5.4" },
    { "vertex_ai/claude-opus-4-5@20251101", "claude-opus-4-5" },
    { "anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5" },
    { "us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5" },
    { "eu.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4" },
    { "apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4" },
    { "global.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5" },
    { "bedrock/us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5" },
    { "google/gemini-2.5-pro", "gemini-2.5-pro" },
    { "models/gemini-2.5-pro", "gemini-2.5-pro" },
    { "anthropic/", "anthropic/" },
    { "somebody/claude-opus-5", "somebody/claude-opus-5" },
    { "notanthropic/claude-opus-5", "notanthropic/claude-opus-5" },

    /* what dates and revisions add */
    { "claude-opus-4-5-20251101", "claude-opus-4-5" },
    { "claude-opus-4-5@20251101", "claude-opus-4-5" },
    { "gpt-5.4-2026-03-05", "gpt-5.4" },
    { "claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet" },
    { "claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet-v2" },
    { "claude-3-5-haiku-latest", "claude-3-5-haiku" },
    { "claude-sonnet-4-5[1m]", "claude-sonnet-4-5" },
    { "claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5" },
    { "anthropic/claude-sonnet-4.5[1m]", "claude-sonnet-4-5" },
    { "claude-opus-5-v1:0", "claude-opus-5" },
    { "claude-opus-5-v12:34", "claude-opus-5" },

    /* what only looks like it */
    { "foo:4", "foo:4" },
    { "foo-v1", "foo-v1" },
    { "foo-v:0", "foo-v:0" },
    { "foo-v1:", "foo-v1:" },
    { "foo-vx:0", "foo-vx:0" },
    { "foov1:0", "foov1:0" },
    { "-v1:0", "-v1:0" },
    { "foo-1234567", "foo-1234567" },
    { "foo-123456789", "foo-123456789" },
    { "foo-10000000", "foo-10000000" },
    { "foo-2026-3-05", "foo-2026-3-05" },
    { "foo20251101", "foo20251101" },
    { "-20251101", "-20251101" },
    { "foo-lat", "foo-lat" },
    { "-latest", "-latest" },
    { "foo[2m]", "foo[2m]" },
    { "gpt-5.4-ultra", "gpt-5.4-ultra" },
    { "gpt-5.4-latest-ultra", "gpt-5.4-latest-ultra" },

    /* dots and dashes */
    { "claude-opus-4.5", "claude-opus-4-5" },
    { "claude-3.7-sonnet", "claude-3-7-sonnet" },
    { "anthropic/claude-3.5-haiku", "claude-3-5-haiku" },
    { "claude-4.5.1-x", "claude-4-5-1-x" },
    { "claude-v.5", "claude-v.5" },
    { "claude-5.", "claude-5." },
    { "gpt-5.4-mini", "gpt-5.4-mini" },
    { "grok-4.5", "grok-4.5" },

    /* given away */
    { "kimi-k3:free", "kimi-k3", true },
    { "openrouter/kimi-k3-20260101:free", "kimi-k3", true },
    { "kimi-k3:FREE", "kimi-k3", true },
    { "kimi-k3-free", "kimi-k3-free" },
    { "kimi:freedom", "kimi:freedom" },
};

static void only_the_listed_forms_are_taken_off(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char got[PRICE_NAME_SIZE];
        bool is_free = !names[i].is_free;
        size_t len = price_model_name(span_of(names[i].logged), got, &is_free);

        assert_int_equal(len, strlen(got));
        if (strcmp(got, names[i].want) != 0)
            fail_msg("%s gives %s", names[i].logged, got);
        if (is_free != names[i].is_free)
            fail_msg("%s is%s free", names[i].logged, is_free ? "" : " not");
    }
}

static void a_name_that_is_clean_stays_as_it_is(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char got[PRICE_NAME_SIZE];
        bool is_free;

        price_model_name(span_of(names[i].want), got, &is_free);
        if (strcmp(got, names[i].want) != 0)
            fail_msg("%s becomes %s the second time", names[i].want, got);
    }
}

/* Cut short it could become the name of another model. */
static void a_name_too_long_for_any_table_is_no_model(void **state)
{
    struct figures figures = { .tokens[TOKEN_INPUT] = 1 };
    struct price_table *table = NULL;
    char name[400] = "claude-opus-4-8";
    int i;

    (void)state;
    assert_int_equal(price_open(&table, NULL), 0);
    assert_true(price_cost(table, span_of(name), 0, &figures, 0) > 0);
    for (i = (int)strlen(name); i + 4 <= 127; i += 4)
        memcpy(name + i, "[1m]", 4);
    memset(name + i, 'x', 200);
    assert_int_equal(i, PRICE_NAME_SIZE - 1);
    assert_true(price_cost(table, span_of(name), 0, &figures, 0) == COST_UNKNOWN);
    price_close(table);
}

static void any_bytes_are_taken(void **state)
{
    static const struct span odd[] = { SPAN_LIT("a\0b"),  SPAN_LIT("\xff\xfe"), SPAN_LIT("\n"),
                                       SPAN_LIT(":free"), SPAN_LIT("[1m]"),     { NULL, 0 } };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        char got[PRICE_NAME_SIZE];
        bool is_free;

        assert_true(price_model_name(odd[i], got, &is_free) < PRICE_NAME_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_listed_forms_are_taken_off),
        cmocka_unit_test(a_name_that_is_clean_stays_as_it_is),
        cmocka_unit_test(a_name_too_long_for_any_table_is_no_model),
        cmocka_unit_test(any_bytes_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
