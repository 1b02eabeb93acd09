/* test_server_token.c — tokens in their file, sessions in memory, patience with wrong ones.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/path.h"
#include "server/delay.h"
#include "server/session.h"
#include "server/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char folder[64];
    char path[96];
};

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    snprintf(place->folder, sizeof(place->folder), "/tmp/tacho-token-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/secrets.json", place->folder);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;

    unlink(place->path);
    rmdir(place->folder);
    free(place);
    return 0;
}

static void make(struct place *place, enum access access, char text[TOKEN_TEXT_SIZE])
{
    struct err err;

    assert_int_equal(token_new(place->path, access, "kitchen", text, &err), 0);
}

static void write_file(struct place *place, const char *text, mode_t mode)
{
    struct err err;

    assert_int_equal(path_write(place->path, span_of(text), mode, &err), 0);
    assert_int_equal(chmod(place->path, mode), 0);
}

static void a_token_opens_what_it_was_made_for_and_nothing_else_does(void **state)
{
    struct place *place = *state;
    char read[TOKEN_TEXT_SIZE], admin[TOKEN_TEXT_SIZE], near[TOKEN_TEXT_SIZE + 8];
    uint64_t read_id = 0, admin_id = 0, id;
    struct tokens *tokens;
    struct err err;

    make(place, ACCESS_READ, read);
    make(place, ACCESS_ADMIN, admin);
    assert_int_equal(tokens_open(&tokens, place->path, &err), 0);
    assert_int_equal(tokens_count(tokens), 2);
    assert_int_equal(tokens_check(tokens, span_of(read), &read_id), ACCESS_READ);
    assert_int_equal(tokens_check(tokens, span_of(admin), &admin_id), ACCESS_ADMIN);
    assert_true(read_id != admin_id);
    assert_int_equal(tokens_access(tokens, admin_id), ACCESS_ADMIN);
    assert_int_equal(tokens_access(tokens, admin_id + 1), ACCESS_NONE);

    assert_int_equal(tokens_check(tokens, SPAN_ABSENT, &id), ACCESS_NONE);
    assert_int_equal(tokens_check(tokens, span_of(""), &id), ACCESS_NONE);
    for (size_t i = 0; i < strlen(read); i++) {
        snprintf(near, sizeof(near), "%s", read);
        near[i] ^= 1;
        assert_int_equal(tokens_check(tokens, span_of(near), &id), ACCESS_NONE);
        assert_int_equal(tokens_check(tokens, (struct span){ read, i }, &id), ACCESS_NONE);
    }
    snprintf(near, sizeof(near), "%sx", read);
    assert_int_equal(tokens_check(tokens, span_of(near), &id), ACCESS_NONE);
    tokens_close(tokens);
}

static void the_file_is_private_and_holds_no_secret(void **state)
{
    struct place *place = *state;
    char text[TOKEN_TEXT_SIZE];
    struct buf content = { 0 };
    struct stat file;
    struct err err;

    make(place, ACCESS_READ, text);
    assert_int_equal(stat(place->path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    assert_int_equal(path_read(place->path, 1 << 16, &content, &err), 0);
    assert_false(span_has(buf_span(&content), text));
    assert_false(span_has(buf_span(&content), text + strlen("tacho_r_")));
    buf_fini(&content);
}

static void a_missing_folder_is_made_private(void **state)
{
    struct place *place = *state;
    char text[TOKEN_TEXT_SIZE], folder[96], path[128];
    struct stat around;
    struct err err;

    snprintf(folder, sizeof(folder), "%s/new", place->folder);
    snprintf(path, sizeof(path), "%s/secrets.json", folder);
    assert_int_equal(token_new(path, ACCESS_READ, NULL, text, &err), 0);
    assert_int_equal(stat(folder, &around), 0);
    assert_int_equal(around.st_mode & 0777, 0700);
    unlink(path);
    rmdir(folder);
}

static void what_is_not_private_or_not_ours_to_read_is_refused(void **state)
{
    static const struct {
        const char *why, *content;
        mode_t file, folder;
        const char *said;
    } cases[] = {
        { "others may read", "{}", 0604, 0700, "chmod 600" },
        { "the group may read", "{}", 0640, 0700, "chmod 600" },
        { "others may write the folder", "{}", 0600, 0702, "chmod 700" },
        { "no object", "[]", 0600, 0700, "not a JSON object" },
        { "cut short", "{\"tokens\":[", 0600, 0700, "not a JSON object" },
    };
    struct place *place = *state;
    struct tokens *tokens;
    struct err err;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file(place, cases[i].content, cases[i].file);
        assert_int_equal(chmod(place->folder, cases[i].folder), 0);
        if (tokens_open(&tokens, place->path, &err) != -1 || !strstr(err.text, cases[i].said))
            fail_msg("%s", cases[i].why);
        assert_int_equal(chmod(place->folder, 0700), 0);
    }
}

static void strange_entries_open_nothing_and_disturb_nobody(void **state)
{
    struct place *place = *state;
    struct tokens *tokens;
    struct err err;
    uint64_t id;

    write_file(place,
               "{\"tokens\":[1,{},{\"access\":\"root\"},{\"access\":\"read\",\"salt\":\"\","
               "\"sha256\":\"\"},{\"access\":\"read\",\"salt\":\"zz\",\"sha256\":7}]}",
               0600);
    assert_int_equal(tokens_open(&tokens, place->path, &err), 0);
    assert_int_equal(tokens_count(tokens), 0);
    assert_int_equal(tokens_check(tokens, span_of(""), &id), ACCESS_NONE);
    tokens_close(tokens);
}

static void other_secrets_in_the_file_stay(void **state)
{
    struct place *place = *state;
    char text[TOKEN_TEXT_SIZE];
    struct buf content = { 0 };
    struct err err;

    write_file(place, "{\"gateway\":{\"password\":\"kept\"}}", 0600);
    make(place, ACCESS_ADMIN, text);
    assert_int_equal(path_read(place->path, 1 << 16, &content, &err), 0);
    assert_true(span_has(buf_span(&content), "\"kept\""));
    buf_fini(&content);
}

static void collect(void *to, const struct token_facts *facts)
{
    buf_printf(to, "%d:%s:%.*s ", (int)facts->number, access_names[facts->access],
               (int)facts->label.len, facts->label.p);
}

static void tokens_are_listed_and_removed_by_number(void **state)
{
    struct place *place = *state;
    char text[TOKEN_TEXT_SIZE];
    struct buf list = { 0 };
    struct tokens *tokens;
    struct err err;
    uint64_t id;

    make(place, ACCESS_READ, text);
    make(place, ACCESS_ADMIN, text);
    assert_int_equal(tokens_open(&tokens, place->path, &err), 0);
    assert_int_equal(tokens_check(tokens, span_of(text), &id), ACCESS_ADMIN);
    assert_int_equal(token_remove(place->path, 7, &err), -1);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_int_equal(token_remove(place->path, 2, &err), 0);
    assert_int_equal(tokens_check(tokens, span_of(text), &id), ACCESS_NONE);
    assert_int_equal(token_each(place->path, collect, &list, &err), 0);
    assert_string_equal(list.p, "1:read:kitchen ");
    tokens_close(tokens);
    buf_fini(&list);
}

static void a_session_runs_for_thirty_days_or_until_it_is_ended(void **state)
{
    const int64_t day = INT64_C(86400000);
    struct sessions *sessions = calloc(1, sizeof(*sessions));
    char id[TOKEN_TEXT_SIZE], other[TOKEN_TEXT_SIZE];
    uint64_t token = 0;
    struct err err;

    (void)state;
    assert_false(session_find(sessions, span_of(""), 0, &token));
    assert_int_equal(session_begin(sessions, 42, 1000, id, &err), 0);
    assert_true(session_find(sessions, span_of(id), 1000 + 30 * day - 1, &token));
    assert_int_equal(token, 42);
    assert_false(session_find(sessions, span_of(id), 1000 + 30 * day, &token));
    session_end(sessions, span_of(id));
    assert_false(session_find(sessions, span_of(id), 1000, &token));

    assert_int_equal(session_begin(sessions, 1, 1000, id, &err), 0);
    for (int i = 0; i < SESSIONS; i++) /* the oldest makes room */
        assert_int_equal(session_begin(sessions, 2, 2000 + i, other, &err), 0);
    assert_false(session_find(sessions, span_of(id), 3000, &token));
    assert_true(session_find(sessions, span_of(other), 3000, &token));
    free(sessions);
}

static struct address peer(const char *text)
{
    struct address address;

    assert_true(address_parse(span_of(text), &address));
    return address;
}

static void wrong_tokens_cost_more_each_time_until_they_are_refused(void **state)
{
    struct delay *delay = calloc(1, sizeof(*delay));
    struct address a = peer("192.0.2.1"), b = peer("192.0.2.2");
    int64_t last = 0, wait;

    (void)state;
    for (int i = 0; i < DELAY_FAILURES; i++) {
        wait = delay_failed(delay, &a, i);
        assert_true(wait >= last && wait >= DELAY_FIRST_MS && wait <= DELAY_MOST_MS);
        last = wait;
    }
    assert_int_equal(last, DELAY_MOST_MS);
    assert_int_equal(delay_failed(delay, &a, 100), -1);
    assert_int_equal(delay_failed(delay, &b, 100), DELAY_FIRST_MS);
    assert_int_equal(delay_failed(delay, &a, 100 + DELAY_FORGET_MS - 1), -1);
    assert_int_equal(delay_failed(delay, &a, 100 + 2 * DELAY_FORGET_MS), DELAY_FIRST_MS);
    free(delay);
}

static void an_ipv6_network_counts_as_one(void **state)
{
    struct delay *delay = calloc(1, sizeof(*delay));
    struct address a = peer("2001:db8::1"), b = peer("2001:db8::ffff:2"),
                   c = peer("2001:db8:0:1::1");

    (void)state;
    assert_int_equal(delay_failed(delay, &a, 0), DELAY_FIRST_MS);
    assert_int_equal(delay_failed(delay, &b, 0), 2 * DELAY_FIRST_MS);
    assert_int_equal(delay_failed(delay, &c, 0), DELAY_FIRST_MS);
    free(delay);
}

static void a_full_table_forgets_who_was_quiet_longest(void **state)
{
    struct delay *delay = calloc(1, sizeof(*delay));
    struct address first = peer("10.0.0.0"), second = peer("10.0.0.1");

    (void)state;
    for (int i = 0; i < DELAY_PEERS; i++) {
        struct address a = peer("10.0.0.0");

        a.bytes[15] = (unsigned char)i;
        assert_int_equal(delay_failed(delay, &a, i), DELAY_FIRST_MS);
    }
    assert_int_equal(
        delay_failed(delay, &(struct address){ { [10] = 0xff, [11] = 0xff, 99 } }, 999),
        DELAY_FIRST_MS);
    assert_int_equal(delay_failed(delay, &second, 1000), 2 * DELAY_FIRST_MS);
    assert_int_equal(delay_failed(delay, &first, 1001), DELAY_FIRST_MS);
    free(delay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_token_opens_what_it_was_made_for_and_nothing_else_does),
        T(the_file_is_private_and_holds_no_secret),
        T(a_missing_folder_is_made_private),
        T(what_is_not_private_or_not_ours_to_read_is_refused),
        T(strange_entries_open_nothing_and_disturb_nobody),
        T(other_secrets_in_the_file_stay),
        T(tokens_are_listed_and_removed_by_number),
        cmocka_unit_test(a_session_runs_for_thirty_days_or_until_it_is_ended),
        cmocka_unit_test(wrong_tokens_cost_more_each_time_until_they_are_refused),
        cmocka_unit_test(an_ipv6_network_counts_as_one),
        cmocka_unit_test(a_full_table_forgets_who_was_quiet_longest),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
