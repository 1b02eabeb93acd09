/* tests/unit/test_tui_screen.c — the fewest bytes that bring a terminal up to a screen.
 * SPDX-License-Identifier: MIT
 */
#include "tui/screen.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct screen *screen_of(int columns, int rows, bool color)
{
    struct screen *s = screen_new(color);

    screen_resize(s, columns, rows);
    return s;
}

static int put(struct screen *s, int row, int column, const char *text)
{
    return screen_put(s, (struct screen_at){ row, column, 1000 }, INK_PLAIN, span_of(text));
}

static void expect(struct screen *s, const char *want)
{
    struct buf out = { 0 };

    screen_draw(s, &out);
    assert_string_equal(out.p ? out.p : "", want);
    buf_fini(&out);
}

static void what_has_not_changed_costs_nothing(void **state)
{
    struct screen *s = screen_of(10, 2, false);

    (void)state;
    put(s, 0, 0, "abc");
    expect(s, "\033[0m\033[2J\033[1;1Habc");
    expect(s, "");
    screen_clear(s);
    put(s, 0, 0, "axc");
    expect(s, "\033[1;2Hx");
    screen_clear(s);
    expect(s, "\033[1;1H   ");
    screen_free(s);
}

static void another_size_draws_all_anew(void **state)
{
    struct screen *s = screen_of(10, 2, false);

    (void)state;
    put(s, 1, 8, "z");
    expect(s, "\033[0m\033[2J\033[2;9Hz");
    screen_resize(s, 4, 1);
    put(s, 0, 0, "ab");
    expect(s, "\033[0m\033[2J\033[1;1Hab");
    screen_free(s);
}

static void text_is_cut_at_its_end_and_at_the_edge(void **state)
{
    struct screen *s = screen_of(4, 1, false);
    struct screen_at at = { 0, 1, 3 };

    (void)state;
    assert_int_equal(screen_put(s, at, INK_PLAIN, SPAN_LIT("abc")), 3);
    assert_int_equal(put(s, 0, 3, "xyz"), 4);
    assert_int_equal(put(s, 1, 0, "below"), 0);
    expect(s, "\033[0m\033[2J\033[1;2Habx");
    screen_free(s);
}

static void wide_glyphs_take_two_columns_and_marks_none(void **state)
{
    struct screen *s = screen_of(5, 1, false);

    (void)state;
    assert_int_equal(put(s, 0, 0, "日e\u0301x"), 4);
    expect(s, "\033[0m\033[2J\033[1;1H日e\u0301x");
    screen_clear(s);
    assert_int_equal(put(s, 0, 0, "abcd日"), 4); /* half of it would not fit */
    expect(s, "\033[1;1Habcd");
    screen_free(s);
}

static void ink_is_told_when_it_changes_and_never_without_colour(void **state)
{
    struct screen *s = screen_of(6, 1, true);
    struct screen_at at = { 0, 0, 6 };

    (void)state;
    at.column = screen_put(s, at, INK_RED, SPAN_LIT("ab"));
    screen_put(s, at, INK_PLAIN, SPAN_LIT("c"));
    expect(s, "\033[0m\033[2J\033[1;1H\033[0;31mab\033[0mc");
    screen_free(s);
    s = screen_of(6, 1, false);
    screen_put(s, (struct screen_at){ 0, 0, 6 }, INK_RED, SPAN_LIT("ab"));
    expect(s, "\033[0m\033[2J\033[1;1Hab");
    screen_free(s);
}

static void sizes_of_nonsense_are_bounded(void **state)
{
    struct screen *s = screen_of(0, -3, false);

    (void)state;
    assert_int_equal(screen_columns(s), 1);
    assert_int_equal(screen_rows(s), 1);
    screen_resize(s, 1 << 30, 1 << 30);
    assert_in_range(screen_columns(s), 1, 1000);
    assert_in_range(screen_rows(s), 1, 1000);
    screen_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_not_changed_costs_nothing),
        cmocka_unit_test(another_size_draws_all_anew),
        cmocka_unit_test(text_is_cut_at_its_end_and_at_the_edge),
        cmocka_unit_test(wide_glyphs_take_two_columns_and_marks_none),
        cmocka_unit_test(ink_is_told_when_it_changes_and_never_without_colour),
        cmocka_unit_test(sizes_of_nonsense_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
