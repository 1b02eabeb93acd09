/* Tests of config/parse.c and config/near.c: the command line.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARGS_MAX 12

/* A command line taken apart. */
struct parsed {
    struct config config;
    struct config_call call;
    char *copy, *argv[ARGS_MAX];
    struct err err;
    int rc;
};

/* Words are split at blanks; "''" stands for an empty one. */
static void parse(struct parsed *p, const char *line)
{
    int argc = 0;
    char *at;

    memset(p, 0, sizeof(*p));
    p->copy = strdup(line);
    p->argv[argc++] = (char[]){ "tacho" };
    for (at = p->copy; at && *at; argc++) {
        p->argv[argc] = at;
        at = strchr(at, ' ');
        if (at)
            *at++ = '\0';
        if (strcmp(p->argv[argc], "''") == 0)
            p->argv[argc][0] = '\0';
    }
    config_init(&p->config);
    p->rc = config_parse(&p->config, argc, p->argv, &p->call, &p->err);
}

static void release(struct parsed *p)
{
    free(p->call.rest);
    free(p->copy);
    config_fini(&p->config);
}

static void options_may_stand_anywhere_and_be_written_in_any_way(void **state)
{
    static const char *const lines[] = {
        "daily --since 7d --limit 5 --json --quiet",
        "--since 7d daily --limit=5 -j -q",
        "--since=7d --limit 5 -jq daily",
        "daily -qj --limit 9 --limit 5 --since=7d",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct parsed p;

        parse(&p, lines[i]);
        assert_int_equal(p.rc, 0);
        assert_string_equal(p.call.command->name, "daily");
        assert_string_equal(p.config.since, "7d");
        assert_int_equal(p.config.limit, 5);
        assert_true(p.config.json);
        assert_true(p.config.quiet);
        assert_null(p.call.rest[0]);
        release(&p);
    }
}

static void defaults_hold_where_nothing_is_said(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "");
    assert_int_equal(p.rc, 0);
    assert_null(p.call.command);
    assert_int_equal(p.config.port, 8224);
    assert_string_equal(p.config.listen, "127.0.0.1");
    assert_null(p.config.order);
    assert_string_equal(p.config.color, "auto");
    assert_string_equal(p.config.timezone, "");
    assert_null(p.config.db);
    assert_null(p.config.hosts);
    release(&p);
}

static void lists_grow_in_order(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "serve --host a --host=b --allow-origin http://c");
    assert_int_equal(p.rc, 0);
    assert_string_equal(p.config.hosts[0], "a");
    assert_string_equal(p.config.hosts[1], "b");
    assert_null(p.config.hosts[2]);
    assert_string_equal(p.config.allowed_origins[0], "http://c");
    release(&p);
}

static void operands_are_handed_over(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "token --label x remove -- -7");
    assert_int_equal(p.rc, 0);
    assert_string_equal(p.call.rest[0], "remove");
    assert_string_equal(p.call.rest[1], "-7");
    assert_null(p.call.rest[2]);
    release(&p);
}

static void values_may_begin_with_a_dash(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "token new --label --json");
    assert_int_equal(p.rc, 0);
    assert_string_equal(p.config.label, "--json");
    release(&p);
}

static const struct bad_case {
    const char *line, *want;
} bad[] = {
    { "dayly", "there is no command 'dayly'; did you mean 'daily'?" },
    { "dialy", "there is no command 'dialy'; did you mean 'daily'?" },
    { "ledgers", "there is no command 'ledgers'; did you mean 'ledger'?" },
    { "frobnicate", "there is no command 'frobnicate'" },
    { "''", "there is no command ''" },
    { "-", "there is no command '-'" },
    { "daily --sicne 7d", "there is no option --sicne; did you mean --since?" },
    { "daily --untl=x", "there is no option --untl; did you mean --until?" },
    { "daily --xyzzy", "there is no option --xyzzy" },
    { "daily --qq", "there is no option --qq" },
    { "daily -x", "there is no option -x" },
    { "daily -jx", "there is no option -x" },
    { "daily --since", "--since needs a value" },
    { "daily --since=", "--since takes a text that is not empty, not ''" },
    { "daily --json=yes", "--json takes no value" },
    { "daily --limit ten", "--limit takes a whole number from 0 to 1000000, not 'ten'" },
    { "daily --limit -1", "--limit takes a whole number from 0 to 1000000, not '-1'" },
    { "serve --port 70000", "--port takes a whole number from 1 to 65535, not '70000'" },
    { "serve --port 0x50", "--port takes a whole number from 1 to 65535, not '0x50'" },
    { "daily --color blue", "--color takes auto, always or never, not 'blue'" },
    { "daily --order up", "--order takes asc or desc, not 'up'" },
    { "daily --port 80", "--port goes with 'serve', not with 'daily'" },
    { "serve --json", "--json goes with 'daily', not with 'serve'" },
    { "--json", "--json needs a command, such as 'daily'" },
    { "daily now", "'daily' does not know what to do with 'now'" },
    { "ledger", "'ledger' needs info|rebuild|backup|vacuum|forget behind it" },
    { "ledger infos", "'ledger' does not know 'infos'; did you mean 'info'?" },
    { "ledger burn", "'ledger' takes info|rebuild|backup|vacuum|forget, not 'burn'" },
    { "ledger backup a.db now", "'ledger' does not know what to do with 'now'" },
    { "token remove 1 2", "'token' does not know what to do with '2'" },
};

static void mistakes_are_named_with_what_was_meant(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct parsed p;

        parse(&p, bad[i].line);
        if (p.rc == 0)
            fail_msg("%s: was taken", bad[i].line);
        assert_int_equal(p.err.kind, ERR_USAGE);
        assert_string_equal(p.err.text, bad[i].want);
        release(&p);
    }
}

static void the_command_is_known_although_an_option_was_wrong(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "daily --sicne 7d");
    assert_int_equal(p.rc, -1);
    assert_string_equal(p.call.command->name, "daily");
    release(&p);
}

static void asking_for_help_is_never_refused(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, "ledger --port 80 -h");
    assert_int_equal(p.rc, 0);
    assert_true(p.config.help);
    release(&p);
}

static const struct near_case {
    const char *typed, *name;
    int slips; /* -1: not near */
} nears[] = {
    { "since", "since", 0 }, { "sice", "since", 1 },   { "sincee", "since", 1 },
    { "sinse", "since", 1 }, { "snice", "since", 1 },  { "nisce", "since", 2 },
    { "snec", "since", 2 },  { "cines", "since", -1 }, { "db", "q", -1 },
    { "bd", "db", 1 },       { "xx", "db", -1 },       { "", "db", -1 },
    { "on", "json", -1 },
};

static void a_slip_is_a_letter_more_less_other_or_swapped(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(nears) / sizeof(nears[0]); i++) {
        struct near near = { .typed = nears[i].typed };

        near_offer(&near, nears[i].name);
        if ((near.best ? (int)near.slips : -1) != nears[i].slips)
            fail_msg("%s, %s: %d", nears[i].typed, nears[i].name, (int)near.slips);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_anywhere_and_be_written_in_any_way),
        cmocka_unit_test(defaults_hold_where_nothing_is_said),
        cmocka_unit_test(lists_grow_in_order),
        cmocka_unit_test(operands_are_handed_over),
        cmocka_unit_test(values_may_begin_with_a_dash),
        cmocka_unit_test(mistakes_are_named_with_what_was_meant),
        cmocka_unit_test(the_command_is_known_although_an_option_was_wrong),
        cmocka_unit_test(asking_for_help_is_never_refused),
        cmocka_unit_test(a_slip_is_a_letter_more_less_other_or_swapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
