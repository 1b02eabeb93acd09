/* Tests of config/help.c and of the tables it is printed from.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SCREEN_LINES   24
#define SCREEN_COLUMNS 80

/* Lines of a help text; fails on one that is too wide, not ASCII, or ends in blanks. */
static int check_lines(struct buf *help)
{
    struct span rest = buf_span(help), line;
    int n = 0;
    size_t i;

    while (span_split(&rest, '\n', &line) && rest.p) {
        n++;
        if (line.len > SCREEN_COLUMNS)
            fail_msg("too wide: %.*s", (int)line.len, line.p);
        assert_false(span_ends(line, " "));
        for (i = 0; i < line.len; i++)
            assert_in_range(line.p[i], 0x20, 0x7e);
    }
    return n;
}

static void help_of_the_program_fits_a_screen_and_names_every_command(void **state)
{
    const struct config_command *c;
    struct buf help = { 0 };

    (void)state;
    config_help(&help, NULL);
    assert_in_range(check_lines(&help), 10, SCREEN_LINES);
    for (c = config_commands; c->name; c++)
        assert_non_null(strstr(help.p, c->group ? c->name : c->summary));
    buf_fini(&help);
}

static void help_of_a_command_names_its_options_and_no_others(void **state)
{
    const struct config_command *c;
    const struct config_option *o;

    (void)state;
    for (c = config_commands; c->name; c++) {
        struct buf help = { 0 };

        config_help(&help, c);
        check_lines(&help);
        for (o = config_options; o->name; o++) {
            bool wanted = o->where & (c->takes | FOR_ALL);
            char line[128];

            snprintf(line, sizeof(line), " --%s ", o->name);
            if ((strstr(help.p, line) != NULL) != wanted)
                fail_msg("help %s: --%s", c->name, o->name);
            snprintf(line, sizeof(line), "  %s", o->help); /* the name ended before its column */
            assert_true(!wanted || strstr(help.p, line));
        }
        assert_true(!c->examples || strstr(help.p, "examples:"));
        buf_fini(&help);
    }
}

static void help_for_daily_has_examples(void **state)
{
    struct buf help = { 0 };

    (void)state;
    config_help(&help, config_command_find("daily", NULL));
    assert_non_null(strstr(help.p, "\n  tacho daily --since 7d\n"));
    assert_non_null(strstr(help.p, ": list, logged or auto [list]\n"));
    buf_fini(&help);
}

/* A letter or key that stands twice would never be found. */
static void no_name_letter_or_key_stands_twice(void **state)
{
    const struct config_option *a, *b;

    (void)state;
    for (a = config_options; a->name; a++) {
        for (b = config_options; b < a; b++) {
            char key_a[64], key_b[64];

            config_key(a, key_a, sizeof(key_a));
            config_key(b, key_b, sizeof(key_b));
            assert_string_not_equal(a->name, b->name);
            assert_string_not_equal(key_a, key_b);
            /* of rows that share a letter only one may go with a command */
            assert_true(a->letter == 0 || a->letter != b->letter || !(a->where & b->where));
            assert_int_not_equal(a->at, b->at);
        }
    }
}

static void every_row_is_complete(void **state)
{
    const struct config_option *o;

    (void)state;
    for (o = config_options; o->name; o++) {
        assert_non_null(o->help);
        assert_true(o->where);
        assert_true(o->type != CONFIG_OBJECT || !config_is_word(o));
        assert_int_equal(o->type == CONFIG_CHOICE, o->choices != NULL);
        assert_int_equal(o->type == CONFIG_FLAG, o->argument == NULL);
        assert_true(!o->ignored || o->where == FOR_CCUSAGE);
        assert_true(!o->fallback || config_allows(o, o->fallback));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_of_the_program_fits_a_screen_and_names_every_command),
        cmocka_unit_test(help_of_a_command_names_its_options_and_no_others),
        cmocka_unit_test(help_for_daily_has_examples),
        cmocka_unit_test(no_name_letter_or_key_stands_twice),
        cmocka_unit_test(every_row_is_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
