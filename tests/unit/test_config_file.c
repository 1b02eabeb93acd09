/* Tests of config/file.c and config/config.c: file, environment and who wins.
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"

#include "base/mem.h"
#include "base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* A home folder of our own, and a configuration that was read in it. */
struct fixture {
    char home[64];
    char *folder, *path;
    struct config config;
    struct err err;
};

static int make_home(void **state)
{
    struct fixture *f = xcalloc(1, sizeof(*f));

    span_copy(SPAN_LIT("/tmp/test_config_XXXXXX"), f->home, sizeof(f->home));
    assert_non_null(mkdtemp(f->home));
    f->folder = path_join(f->home, ".config/tacho");
    f->path = path_join(f->folder, "config.json");
    assert_int_equal(path_make(f->folder, NULL), 0);
    setenv("HOME", f->home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("NO_COLOR");
    config_init(&f->config);
    *state = f;
    return 0;
}

static int remove_home(void **state)
{
    struct fixture *f = *state;
    char *parent = path_dir(f->folder);

    config_fini(&f->config);
    unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0);
    assert_int_equal(rmdir(parent), 0);
    assert_int_equal(rmdir(f->home), 0);
    free(parent);
    free(f->folder);
    free(f->path);
    free(f);
    return 0;
}

/* Parses `line` (words at blanks) with `text` as the configuration file, NULL for none. */
static int read_with(struct fixture *f, const char *text, const char *line)
{
    struct config_call call;
    char *argv[16] = { (char[]){ "tacho" } };
    char *copy = xstrdup(line), *at;
    int argc = 1;

    if (text)
        assert_int_equal(path_write(f->path, span_of(text), 0600, NULL), 0);
    for (at = copy; at && *at; argc++) {
        argv[argc] = at;
        at = strchr(at, ' ');
        if (at)
            *at++ = '\0';
    }
    config_fini(&f->config);
    config_init(&f->config);
    assert_int_equal(config_parse(&f->config, argc, argv, &call, &f->err), 0);
    free(call.rest);
    free(copy);
    return config_finish(&f->config, &f->err);
}

static void a_missing_file_is_fine(void **state)
{
    struct fixture *f = *state;
    char *db = path_join(f->home, ".local/share/tacho/tacho.db");

    assert_int_equal(read_with(f, NULL, "daily"), 0);
    assert_string_equal(f->config.config_path, f->path);
    assert_string_equal(f->config.db, db);
    assert_string_equal(f->config.home, f->home);
    assert_false(f->config.port_given);
    free(db);
}

static void a_missing_file_that_was_named_is_not(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_with(f, NULL, "daily --config /nowhere/config.json"), -1);
    assert_int_equal(f->err.kind, ERR_NOT_FOUND);
    assert_non_null(strstr(f->err.text, "/nowhere/config.json"));
}

static void an_empty_file_says_nothing(void **state)
{
    assert_int_equal(read_with(*state, " \n", "daily"), 0);
}

static void the_file_sets_what_no_option_says(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "{\"timezone\": \"Europe/Berlin\", \"port\": 8300,\n"
                               " \"host\": [\"a\", \"b\"], \"allowed_origins\": [\"http://c\"],\n"
                               " \"require_token\": true, \"order\": \"desc\", \"db\": \"~/l.db\"}";
    char *db = path_join(f->home, "l.db");

    assert_int_equal(read_with(f, text, "serve --host z --timezone UTC"), 0);
    assert_string_equal(f->config.timezone, "UTC");
    assert_int_equal(f->config.port, 8300);
    assert_true(f->config.port_given);
    assert_string_equal(f->config.hosts[0], "z");
    assert_null(f->config.hosts[1]);
    assert_string_equal(f->config.allowed_origins[0], "http://c");
    assert_true(f->config.require_token);
    assert_string_equal(f->config.order, "desc");
    assert_string_equal(f->config.db, db);
    free(db);
}

static void an_option_wins_over_the_file_even_with_the_default(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_with(f, "{\"port\": 8300}", "serve --port 8224"), 0);
    assert_int_equal(f->config.port, 8224);
    assert_true(f->config.port_given);
}

static void folders_follow_the_xdg_variables(void **state)
{
    struct fixture *f = *state;

    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("XDG_CONFIG_HOME", "relative/counts/as/unset", 1);
    assert_int_equal(read_with(f, NULL, "daily"), 0);
    assert_string_equal(f->config.db, "/data/tacho/tacho.db");
    assert_string_equal(f->config.config_path, f->path);
}

static void memory_is_no_path(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_with(f, NULL, "daily --db :memory:"), 0);
    assert_string_equal(f->config.db, ":memory:");
}

static void a_home_is_found_without_the_variable(void **state)
{
    struct fixture *f = *state;

    unsetenv("HOME");
    setenv("XDG_CONFIG_HOME", "/nowhere", 1);
    assert_int_equal(read_with(f, NULL, "daily"), 0);
    assert_int_equal(f->config.home[0], '/');
}

static void no_color_gives_way_to_what_was_written_down(void **state)
{
    struct fixture *f = *state;

    setenv("NO_COLOR", "1", 1);
    assert_int_equal(read_with(f, NULL, "daily"), 0);
    assert_string_equal(f->config.color, "never");
    assert_int_equal(read_with(f, NULL, "daily --color auto"), 0);
    assert_string_equal(f->config.color, "auto");
    assert_int_equal(read_with(f, "{\"color\": \"always\"}", "daily"), 0);
    assert_string_equal(f->config.color, "always");
    setenv("NO_COLOR", "", 1);
    assert_int_equal(read_with(f, "{}", "daily"), 0);
    assert_string_equal(f->config.color, "auto");
}

static const struct bad_case {
    const char *why, *text, *want; /* `want` behind the file's path */
} bad[] = {
    { "an unknown key", "{\n  \"colour\": \"auto\"\n}",
      ":2: unknown key 'colour'; did you mean 'color'?" },
    { "a key far from any", "{\"frobnicate\": 1}", ":1: unknown key 'frobnicate'" },
    { "an option that is no key", "{\"json\": true}", ":1: unknown key 'json'" },
    { "dashes are no underscores", "{\"base-path\": \"/x\"}",
      ":1: unknown key 'base-path'; did you mean 'base_path'?" },
    { "a number out of range", "{\n\n\"port\": 70000}",
      ":3: port takes a whole number from 1 to 65535, not 70000" },
    { "a text for a number", "{\"port\": \"8224\"}",
      ":1: port takes a whole number from 1 to 65535, not \"8224\"" },
    { "a fraction", "{\"port\": 80.5}", ":1: port takes a whole number from 1 to 65535, not 80.5" },
    { "a word that is no choice", "{\"color\": \"blue\"}",
      ":1: color takes auto, always or never, not \"blue\"" },
    { "a number for a flag", "{\"require_token\": 1}",
      ":1: require_token takes true or false, not 1" },
    { "a text for a list", "{\"host\": \"a\"}",
      ":1: host takes a list of texts that are not empty, not \"a\"" },
    { "a number in a list", "{\"host\": [\"a\", 5]}",
      ":1: host takes a list of texts that are not empty, not [\"a\",5]" },
    { "null", "{\"timezone\": null}", ":1: timezone takes a text, not null" },
    { "an empty path", "{\"db\": \"\"}", ":1: db takes a text that is not empty, not \"\"" },
    { "no object", "[1]", ": this should be one object, { ... }" },
    { "an escaped key", "{\"p\\u006frt\": 0}",
      ": port takes a whole number from 1 to 65535, not 0" },
    { "control bytes are shown escaped", "{\"color\": \"\\u001b[31m\"}",
      ":1: color takes auto, always or never, not \"\\u001B[31m\"" },
};

static void mistakes_name_file_line_key_value_and_what_is_allowed(void **state)
{
    struct fixture *f = *state;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char *want = xasprintf("%s%s", f->path, bad[i].want);

        if (read_with(f, bad[i].text, "daily") == 0)
            fail_msg("%s: was taken", bad[i].why);
        assert_int_equal(f->err.kind, ERR_USAGE);
        assert_string_equal(f->err.text, want);
        free(want);
    }
}

static void an_overruled_value_is_checked_all_the_same(void **state)
{
    assert_int_equal(read_with(*state, "{\"port\": 0}", "serve --port 80"), -1);
}

static void a_syntax_error_names_line_and_column(void **state)
{
    struct fixture *f = *state;
    char *want = xasprintf("%s:2:11: ", f->path);

    assert_int_equal(read_with(f, "{\n  \"port\": }\n", "daily"), -1);
    assert_int_equal(f->err.kind, ERR_USAGE);
    assert_true(span_starts(span_of(f->err.text), want));
    free(want);
}

static void a_key_that_stands_twice_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_with(f, "{\"port\": 1, \"port\": 2}", "daily"), -1);
    assert_non_null(strstr(f->err.text, "port"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, remove_home)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_missing_file_is_fine),
        TEST(a_missing_file_that_was_named_is_not),
        TEST(an_empty_file_says_nothing),
        TEST(the_file_sets_what_no_option_says),
        TEST(an_option_wins_over_the_file_even_with_the_default),
        TEST(folders_follow_the_xdg_variables),
        TEST(memory_is_no_path),
        TEST(a_home_is_found_without_the_variable),
        TEST(no_color_gives_way_to_what_was_written_down),
        TEST(mistakes_name_file_line_key_value_and_what_is_allowed),
        TEST(an_overruled_value_is_checked_all_the_same),
        TEST(a_syntax_error_names_line_and_column),
        TEST(a_key_that_stands_twice_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
