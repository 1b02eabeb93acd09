/* tests/unit/test_tui_keys.c — what keys do on the live screen.
 * SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct live_choice after(const char *keys)
{
    struct live_choice choice = { 0 };

    for (; *keys; keys++)
        live_key(&choice, (unsigned char)*keys);
    return choice;
}

static void keys_choose_what_is_shown(void **state)
{
    (void)state;
    assert_true(after("q").quit);
    assert_true(after("p").paused);
    assert_false(after("p ").paused);
    assert_true(after("?").help);
    assert_false(after("?\033").help);
    assert_int_equal(after("s").sort, SORT_COST);
    assert_int_equal(after("ssss").sort, SORT_TOKENS);
    assert_false(after("xyz1").quit);
}

static void a_filter_is_typed_kept_or_let_go(void **state)
{
    (void)state;
    assert_true(after("/").typing);
    assert_string_equal(after("/shop q\r").filter, "shop q");
    assert_false(after("/q\r").quit);
    assert_string_equal(after("/shop\177x").filter, "shox");
    assert_string_equal(after("/\xc3\xa4\xc3\xb6\177").filter, "\xc3\xa4");
    assert_string_equal(after("/\177\177").filter, "");
    assert_string_equal(after("/shop\033").filter, "");
    assert_string_equal(after("/shop\r\033").filter, "");
    assert_string_equal(after("/a\rp/b\r").filter, "ab");
}

static void a_filter_has_an_end(void **state)
{
    struct live_choice choice = after("/");
    int i;

    (void)state;
    for (i = 0; i < 1000; i++)
        live_key(&choice, 'x');
    assert_int_equal(strlen(choice.filter), sizeof(choice.filter) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_choose_what_is_shown),
        cmocka_unit_test(a_filter_is_typed_kept_or_let_go),
        cmocka_unit_test(a_filter_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
