/* tests/unit/test_gateway_book.c — addresses, entries, the file of gateways and its secrets.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "base/path.h"
#include "gateway/book.h"
#include "gateway/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- addresses ---- */

static const struct {
    const char *text;
    bool tls;
    const char *host;
    int port;
    const char *path;
    bool loopback;
} urls[] = {
    { "ws://127.0.0.1:18789", false, "127.0.0.1", 18789, "/", true },
    { "localhost", false, "localhost", 18789, "/", true },
    { "box:99", false, "box", 99, "/", false },
    { "wss://claw.example.org/gw", true, "claw.example.org", 443, "/gw", false },
    { " https://claw.example.org:8443/ ", true, "claw.example.org", 8443, "/", false },
    { "ws://[::1]:5", false, "::1", 5, "/", true },
    { "ws://[fd00::1]/x/y", false, "fd00::1", 18789, "/x/y", false },
};

static void addresses_are_read_in_all_their_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct gateway_url url;
        struct err err = { 0 };

        if (gateway_url_parse(&url, span_of(urls[i].text), &err) < 0)
            fail_msg("%s: %s", urls[i].text, err.text);
        assert_int_equal(url.tls, urls[i].tls);
        assert_string_equal(url.host, urls[i].host);
        assert_int_equal(url.port, urls[i].port);
        assert_string_equal(url.path, urls[i].path);
        assert_int_equal(gateway_url_is_loopback(&url), urls[i].loopback);
    }
}

static void bad_addresses_are_refused_without_repeating_them(void **state)
{
    static const char *const bad[] = { "",
                                       "ws://",
                                       "ws://h:0",
                                       "ws://h:70000",
                                       "ws://h:x",
                                       "ftp://secret",
                                       "ws://a b",
                                       "ws://[::1",
                                       "ws://secret@h",
                                       "ws://h/?token=secret",
                                       "ws://h#secret" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct gateway_url url;
        struct err err = { 0 };

        if (gateway_url_parse(&url, span_of(bad[i]), &err) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_null(strstr(err.text, "secret@"));
        assert_null(strstr(err.text, "=secret"));
    }
}

/* ---- the file ---- */

struct bench {
    char folder[64];
    char *path;
};

static int set_up(void **state)
{
    struct bench *b = xcalloc(1, sizeof(*b));

    snprintf(b->folder, sizeof(b->folder), "/tmp/tacho-book-XXXXXX");
    assert_non_null(mkdtemp(b->folder));
    b->path = path_join(b->folder, "gateways.json");
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    unlink(b->path);
    rmdir(b->folder);
    free(b->path);
    free(b);
    return 0;
}

static struct gateway_entry entry_of(const char *json)
{
    struct gateway_entry entry;
    struct err err = { 0 };
    json_t *object = json_loads(json, 0, NULL);

    assert_non_null(object);
    gateway_entry_init(&entry);
    if (gateway_entry_read(&entry, object, &err) < 0 || gateway_entry_check(&entry, &err) < 0)
        fail_msg("%s", err.text);
    json_decref(object);
    return entry;
}

static void add(struct bench *b, const char *json)
{
    struct gateway_entry entry = entry_of(json);
    struct err err = { 0 };

    if (book_put(b->path, &entry, BOOK_ADD, &err) < 0)
        fail_msg("%s", err.text);
    gateway_entry_fini(&entry);
}

static void what_was_added_is_there_again_and_private(void **state)
{
    struct bench *b = *state;
    struct gateway_entry *e;
    struct book book;
    struct stat st;

    add(b,
        "{\"name\":\"home\",\"url\":\"ws://127.0.0.1\",\"token\":\"sesame\",\"account_key\":\"work\","
        "\"limits\":{\"output_tokens\":5000,\"cost_usd\":12.345678901},\"enabled\":false}");
    add(b, "{\"name\":\"away\",\"url\":\"wss://h\",\"password\":\"p\"}");
    assert_int_equal(stat(b->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(book_load(&book, b->path, NULL), 0);
    assert_int_equal(book.count, 2);
    e = book_find(&book, SPAN_LIT("home"), NULL);
    assert_non_null(e);
    assert_string_equal(e->token, "sesame");
    assert_string_equal(e->account_key, "work");
    assert_int_equal(e->limits.output_tokens, 5000);
    assert_int_equal(e->limits.cost_nusd, 12345678901);
    assert_false(e->enabled);
    assert_ptr_equal(book_find(&book, span_of(e->id), NULL), e);
    assert_null(book_find(&book, SPAN_LIT("nowhere"), NULL));
    book_fini(&book);
}

static void names_and_ids_are_unique(void **state)
{
    struct bench *b = *state;
    struct gateway_entry twin;
    struct err err = { 0 };

    add(b, "{\"id\":\"11111111-2222-4333-8444-555555555555\",\"name\":\"a\",\"url\":\"h\"}");
    twin = entry_of("{\"name\":\"a\",\"url\":\"h\"}");
    assert_int_equal(book_put(b->path, &twin, BOOK_ADD, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    gateway_entry_fini(&twin);
    twin =
        entry_of("{\"id\":\"11111111-2222-4333-8444-555555555555\",\"name\":\"b\",\"url\":\"h\"}");
    assert_int_equal(book_put(b->path, &twin, BOOK_ADD, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    assert_int_equal(book_put(b->path, &twin, BOOK_REPLACE, &err), 0);
    assert_int_equal(book_remove(b->path, twin.id, &err), 0);
    assert_int_equal(book_remove(b->path, twin.id, &err), -1);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    gateway_entry_fini(&twin);
}

static void a_device_token_comes_and_goes(void **state)
{
    struct bench *b = *state;
    struct book book;

    add(b, "{\"id\":\"11111111-2222-4333-8444-555555555555\",\"name\":\"a\",\"url\":\"h\"}");
    assert_int_equal(book_keep_device(b->path, "11111111-2222-4333-8444-555555555555", "dt", NULL),
                     0);
    assert_int_equal(book_load(&book, b->path, NULL), 0);
    assert_string_equal(book.entries[0].device_token, "dt");
    book_fini(&book);
    assert_int_equal(book_keep_device(b->path, "11111111-2222-4333-8444-555555555555", NULL, NULL),
                     0);
    assert_int_equal(book_load(&book, b->path, NULL), 0);
    assert_null(book.entries[0].device_token);
    book_fini(&book);
}

static void a_book_that_others_can_read_or_that_is_none_is_refused(void **state)
{
    struct bench *b = *state;
    struct err err = { 0 };
    struct book book;

    assert_int_equal(path_write(b->path, SPAN_LIT("{\"gateways\":[]}"), 0600, NULL), 0);
    chmod(b->path, 0640);
    assert_int_equal(book_load(&book, b->path, &err), -1);
    assert_non_null(strstr(err.text, "chmod 600"));
    assert_int_equal(path_write(b->path, SPAN_LIT("{\"gateways\":7}"), 0600, NULL), 0);
    assert_int_equal(book_load(&book, b->path, &err), -1);
    assert_int_equal(err.kind, ERR_DAMAGED);
    assert_int_equal(path_write(b->path, SPAN_LIT("{\"gateways\":[{\"name\":\"x\"}]}"), 0600, NULL),
                     0);
    assert_int_equal(book_load(&book, b->path, &err), -1);
    assert_non_null(strstr(err.text, "entry 1: a gateway needs a url"));
}

static const struct {
    const char *json, *want;
} bad_entries[] = {
    { "[]", "JSON object" },
    { "{\"name\":5}", "name must be a text" },
    { "{\"id\":\"7\"}", "id must be a UUID" },
    { "{\"enabled\":1}", "enabled must be" },
    { "{\"limits\":[]}", "limits must be an object" },
    { "{\"limits\":{\"tokens\":-1}}", "limits.tokens" },
    { "{\"limits\":{\"tokens\":1.5}}", "limits.tokens" },
    { "{\"limits\":{\"cost_usd\":\"5\"}}", "limits.cost_usd" },
};

static void a_bad_value_is_named_by_its_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad_entries) / sizeof(bad_entries[0]); i++) {
        struct gateway_entry entry;
        struct err err = { 0 };
        json_t *object = json_loads(bad_entries[i].json, 0, NULL);

        gateway_entry_init(&entry);
        assert_int_equal(gateway_entry_read(&entry, object, &err), -1);
        if (!strstr(err.text, bad_entries[i].want))
            fail_msg("%s: %s", bad_entries[i].json, err.text);
        gateway_entry_fini(&entry);
        json_decref(object);
    }
}

static void a_secret_may_lie_in_a_variable_or_a_private_file(void **state)
{
    struct bench *b = *state;
    char *file = path_join(b->folder, "token");
    struct gateway_entry entry = entry_of("{\"name\":\"a\",\"url\":\"h\",\"token_env\":\"T_GW\"}");
    struct credentials c;
    struct buf scratch = { 0 };
    struct err err = { 0 };

    unsetenv("T_GW");
    assert_int_equal(gateway_entry_credentials(&entry, &c, &scratch, &err), -1);
    assert_non_null(strstr(err.text, "T_GW"));
    setenv("T_GW", "from-env", 1);
    assert_int_equal(gateway_entry_credentials(&entry, &c, &scratch, &err), 0);
    assert_string_equal(c.token, "from-env");

    free(entry.token_env);
    entry.token_env = NULL;
    entry.token_file = xstrdup(file);
    assert_int_equal(path_write(file, SPAN_LIT(" from-file\n"), 0600, NULL), 0);
    assert_int_equal(gateway_entry_credentials(&entry, &c, &scratch, &err), 0);
    assert_string_equal(c.token, "from-file");
    chmod(file, 0604);
    assert_int_equal(gateway_entry_credentials(&entry, &c, &scratch, &err), -1);
    assert_null(strstr(err.text, "from-file"));
    unlink(file);
    gateway_entry_fini(&entry);
    buf_fini(&scratch);
    free(file);
}

static void a_new_secret_takes_the_place_of_the_old_kind(void **state)
{
    struct gateway_entry entry = entry_of("{\"name\":\"a\",\"url\":\"h\",\"token\":\"t\"}");
    json_t *change = json_loads("{\"password\":\"p\"}", 0, NULL);

    (void)state;
    assert_int_equal(gateway_entry_read(&entry, change, NULL), 0);
    assert_null(entry.token);
    assert_string_equal(entry.password, "p");
    json_decref(change);
    gateway_entry_fini(&entry);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_in_all_their_forms),
        cmocka_unit_test(bad_addresses_are_refused_without_repeating_them),
        WITH_BENCH(what_was_added_is_there_again_and_private),
        WITH_BENCH(names_and_ids_are_unique),
        WITH_BENCH(a_device_token_comes_and_goes),
        WITH_BENCH(a_book_that_others_can_read_or_that_is_none_is_refused),
        cmocka_unit_test(a_bad_value_is_named_by_its_key),
        WITH_BENCH(a_secret_may_lie_in_a_variable_or_a_private_file),
        cmocka_unit_test(a_new_secret_takes_the_place_of_the_old_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
