/* tests/unit/test_quota_asker.c — a look at an account, against a server of our own.
 *
 * The server is a thread that gives one canned answer per connection and keeps what it was asked.
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota_internal.h"

#include "base/civil.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "limits/limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW    INT64_C(1788000000000)
#define MINUTE MS_PER_MINUTE
#define LATER  (NOW + 7 * MINUTE) /* any look is due again */
#define TOKEN  "sk-very-secret-token"

struct world {
    int listener;
    pthread_t thread;
    const char *answer; /* NULL: none is given, the connection stays open */
    char asked[4096];   /* the last request */
    atomic_int calls;
    char folder[64];
    struct store *store;
    struct asker asker;
};
static struct world world;

static void *serve(void *to)
{
    struct world *w = to;
    int fd, silent = -1;

    while ((fd = accept(w->listener, NULL, NULL)) >= 0) {
        ssize_t n = read(fd, w->asked, sizeof(w->asked) - 1);

        w->asked[n > 0 ? n : 0] = '\0';
        w->calls++;
        if (w->answer) {
            assert_int_equal(write(fd, w->answer, strlen(w->answer)), strlen(w->answer));
            close(fd);
        } else {
            silent = fd; /* until the world ends */
        }
    }
    if (silent >= 0)
        close(silent);
    return NULL;
}

static const char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

static void put_file(const char *name, const char *text)
{
    char *path = path_join(world.folder, name), *folder = path_dir(path);

    assert_int_equal(path_make(folder, NULL), 0);
    assert_int_equal(path_write(path, span_of(text), 0600, NULL), 0);
    free(folder);
    free(path);
}

static void log_in(void)
{
    put_file(".claude/.credentials.json",
             "{\"claudeAiOauth\":{\"accessToken\":\"" TOKEN "\",\"refreshToken\":\"sk-other\","
             "\"expiresAt\":1799999999000,\"subscriptionType\":\"max\"}}");
    put_file(".codex/auth.json",
             "{\"tokens\":{\"access_token\":\"" TOKEN "\",\"account_id\":\"holder-1\"}}");
}

static int open_world(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof(at);

    (void)state;
    world = (struct world){ .folder = "/tmp/tacho-quota-XXXXXX" };
    assert_non_null(mkdtemp(world.folder));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    world.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(world.listener, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(world.listener, 4), 0);
    assert_int_equal(getsockname(world.listener, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(pthread_create(&world.thread, NULL, serve, &world), 0);
    assert_int_equal(store_open(&world.store, ":memory:", STORE_WRITE, NULL), 0);
    world.asker = (struct asker){
        .provider = &provider_claude,
        .base = xasprintf("http://127.0.0.1:%d", ntohs(at.sin_port)),
        .store = world.store,
        .env = { world.folder, no_variable, NULL },
        .limit_ms = 5000,
    };
    return 0;
}

static int close_world(void **state)
{
    char *command = xasprintf("rm -rf '%s'", world.folder);

    (void)state;
    shutdown(world.listener, SHUT_RDWR);
    pthread_join(world.thread, NULL);
    close(world.listener);
    store_close(world.store);
    assert_int_equal(system(command), 0);
    free(command);
    free(world.asker.base);
    return 0;
}

/* ---- looking ---- */

static struct look look_at(int64_t now_ms)
{
    struct look seen;

    assert_int_equal(asker_look(&world.asker, now_ms, &seen, NULL), 0);
    return seen;
}

static struct account_state state_now(void)
{
    struct account_state state;

    assert_int_equal(store_account_load(world.store, world.asker.provider->account, &state, NULL),
                     1);
    return state;
}

static struct limits load(int64_t now_ms)
{
    struct limits limits;

    assert_int_equal(limits_load(&limits, world.store, now_ms, LIMITS_STATE, NULL), 0);
    return limits;
}

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

static const char claude_usage[] =
    OK "{\"five_hour\":{\"utilization\":37.5,\"resets_at\":\"2026-08-29T12:00:00+00:00\"},"
       "\"seven_day\":{\"utilization\":72,\"resets_at\":null},\"seven_day_opus\":null,"
       "\"extra_usage\":{\"is_enabled\":true,\"monthly_limit\":50,\"utilization\":10},"
       "\"surprise\":[1,{}]}";

static void windows_become_buckets_of_the_account(void **unused)
{
    struct limits limits;

    (void)unused;
    log_in();
    world.answer = claude_usage;
    assert_true(look_at(NOW).changed);
    assert_non_null(strstr(world.asked, "GET /api/oauth/usage HTTP/1.1\r\n"));
    assert_non_null(strstr(world.asked, "Authorization: Bearer " TOKEN "\r\n"));
    assert_non_null(strstr(world.asked, "anthropic-beta: oauth-2025-04-20\r\n"));
    assert_non_null(strstr(world.asked, "User-Agent: tacho/"));
    limits = load(NOW);
    assert_int_equal(limits.accounts_n, 1);
    assert_string_equal(limits.accounts[0].name, "claude");
    assert_string_equal(limits.accounts[0].plan, "max");
    assert_string_equal(limits.accounts[0].error, "");
    assert_int_equal(limits.buckets_n, 2);
    assert_string_equal(limits.buckets[0].bucket.id, "five_hour");
    assert_int_equal(limits.buckets[0].state.used_ppm, 375000);
    assert_int_equal(limits.buckets[0].bucket.via, VIA_ENDPOINT);
    assert_string_equal(limits.buckets[1].bucket.id, "weekly");
    assert_int_equal(limits.buckets[1].state.used_ppm, 720000);
    limits_fini(&limits);
}

static void limits_beside_the_main_one_have_their_names(void **unused)
{
    struct limits limits;

    (void)unused;
    log_in();
    world.asker.provider = &provider_codex;
    world.answer =
        OK "{\"plan_type\":\"plus\",\"rate_limit\":{\"primary_window\":{\"used_percent\":12,"
           "\"reset_at\":1788010000,\"limit_window_seconds\":18000},\"secondary_window\":null},"
           "\"additional_rate_limits\":[{\"limit_name\":\"Spark\",\"metered_feature\":\"spark\","
           "\"rate_limit\":{\"primary_window\":{\"used_percent\":40,\"reset_at\":1788010000,"
           "\"limit_window_seconds\":604800}}}],\"credits\":{\"balance\":\"5\"}}";
    look_at(NOW);
    assert_non_null(strstr(world.asked, "GET /backend-api/wham/usage HTTP/1.1\r\n"));
    assert_non_null(strstr(world.asked, "ChatGPT-Account-Id: holder-1\r\n"));
    limits = load(NOW);
    assert_int_equal(limits.buckets_n, 2);
    assert_string_equal(limits.buckets[0].bucket.id, "five_hour");
    assert_int_equal(limits.buckets[0].state.used_ppm, 120000);
    assert_int_equal(limits.buckets[0].state.resets_at_ms, 1788010000000);
    assert_string_equal(limits.buckets[1].bucket.id, "spark:weekly");
    assert_string_equal(limits.accounts[0].plan, "plus");
    limits_fini(&limits);
}

static const struct failure_case {
    const char *why, *answer;
    const char *want_error;
    int64_t want_minutes; /* until the next look, at least */
    int want_calls;       /* after that one */
} failures[] = {
    { "unauthorised", "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n", "expired", 5, 1 },
    { "forbidden", "HTTP/1.1 403 No\r\nConnection: close\r\n\r\n", "expired", 5, 1 },
    { "too often", "HTTP/1.1 429 No\r\nConnection: close\r\n\r\n", "rate_limited", 5, 2 },
    { "too often, with no time to wait",
      "HTTP/1.1 429 No\r\nRetry-After: 0\r\nConnection: close\r\n\r\n", "rate_limited", 5, 2 },
    { "too often, with a time to wait",
      "HTTP/1.1 429 No\r\nRetry-After: 1200\r\nConnection: close\r\n\r\n", "rate_limited", 20, 2 },
    { "broken", "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n", "network", 5, 2 },
    { "elsewhere", "HTTP/1.1 302 There\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "network", 5, 2 },
    { "no JSON", OK "<html>Welcome</html>", "network", 5, 2 },
    { "cut off", OK "{\"five_hour\":{\"utilization\":3", "network", 5, 2 },
    { "a list", OK "[1]", "network", 5, 2 },
    { "nothing", OK, "network", 5, 2 },
    { "no HTTP", "garbage\r\n\r\n", "network", 5, 2 },
};

static void failures_become_the_account_s_last_error(void **unused)
{
    int calls = 0;
    size_t i;

    (void)unused;
    log_in();
    for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        const struct failure_case *c = &failures[i];
        struct account_state fresh = { .account = "claude" }, state;
        struct limits limits;
        struct look seen;

        print_message("# %s\n", c->why);
        assert_int_equal(store_account_put(world.store, &fresh, NULL), 0);
        world.answer = c->answer;
        seen = look_at(NOW);
        calls++;
        assert_int_equal(world.calls, calls);
        state = state_now();
        assert_string_equal(state.error, c->want_error);
        assert_int_equal(state.due_ms, seen.due_ms);
        assert_in_range(seen.due_ms - NOW, c->want_minutes * MINUTE,
                        (c->want_minutes + 1) * MINUTE);
        limits = load(NOW);
        assert_int_equal(limits.buckets_n, 0);
        assert_string_equal(limits.accounts[0].error, c->want_error);
        assert_int_equal(limits.accounts[0].error_at_ms, NOW);
        limits_fini(&limits);
        look_at(seen.due_ms - 1); /* nobody is asked before it is due */
        assert_int_equal(world.calls, calls);
        look_at(seen.due_ms);
        calls += c->want_calls - 1;
        assert_int_equal(world.calls, calls);
    }
}

static void one_who_does_not_answer_is_given_up(void **unused)
{
    (void)unused;
    log_in();
    world.asker.limit_ms = 50;
    look_at(NOW);
    assert_string_equal(state_now().error, "network");
    assert_int_equal(state_now().failures, 1);
}

static void nobody_there_is_no_answer_either(void **unused)
{
    (void)unused;
    log_in();
    free(world.asker.base);
    world.asker.base = xstrdup("http://127.0.0.1:1");
    look_at(NOW);
    assert_string_equal(state_now().error, "network");
}

static void refused_credentials_are_shown_again_once_their_file_has_changed(void **unused)
{
    (void)unused;
    log_in();
    world.answer = "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n";
    look_at(NOW);
    look_at(LATER);
    look_at(LATER + 7 * MINUTE);
    assert_int_equal(world.calls, 1);
    assert_string_equal(state_now().error, "expired");
    world.answer = claude_usage;
    put_file(".claude/.credentials.json", "{\"claudeAiOauth\":{\"accessToken\":\"renewed\"}}");
    look_at(LATER + 14 * MINUTE);
    assert_int_equal(world.calls, 2);
    assert_non_null(strstr(world.asked, "Bearer renewed\r\n"));
    assert_string_equal(state_now().error, "");
}

static void credentials_out_of_date_are_not_shown_at_all(void **unused)
{
    (void)unused;
    put_file(".claude/.credentials.json",
             "{\"claudeAiOauth\":{\"accessToken\":\"" TOKEN "\",\"expiresAt\":1788000000000}}");
    look_at(NOW);
    assert_int_equal(world.calls, 0);
    assert_string_equal(state_now().error, "expired");
}

static void without_credentials_nobody_is_asked(void **unused)
{
    static const char *const files[] = {
        NULL,
        "",
        "no JSON",
        "{}",
        "{\"claudeAiOauth\":{\"accessToken\":\"\"}}",
        "{\"claudeAiOauth\":{\"accessToken\":12}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\\r\\nX-Header: b\"}}",
    };
    size_t i;

    (void)unused;
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (files[i])
            put_file(".claude/.credentials.json", files[i]);
        look_at(NOW + (int64_t)i * 7 * MINUTE);
        assert_string_equal(state_now().error, "missing_credentials");
    }
    assert_int_equal(world.calls, 0);
}

static void an_error_hides_nothing_that_was_seen_lately(void **unused)
{
    struct limits limits;

    (void)unused;
    log_in();
    world.answer = claude_usage;
    look_at(NOW);
    world.answer = "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n";
    look_at(LATER);
    limits = load(LATER);
    assert_string_equal(limits.accounts[0].error, "");
    limits_fini(&limits);
    limits = load(NOW + 31 * MINUTE);
    assert_string_equal(limits.accounts[0].error, "network");
    assert_int_equal(limits.accounts[0].n, 2); /* the last known values stay */
    limits_fini(&limits);
}

static void the_credentials_files_are_only_read(void **unused)
{
    char *path = path_join(world.folder, ".claude/.credentials.json");
    struct stat before, after;

    (void)unused;
    log_in();
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(stat(path, &before), 0);
    world.answer = "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n";
    look_at(NOW);
    assert_int_equal(world.calls, 1);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof(before.st_ctim));
    free(path);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(windows_become_buckets_of_the_account),
        IN_WORLD(limits_beside_the_main_one_have_their_names),
        IN_WORLD(failures_become_the_account_s_last_error),
        IN_WORLD(one_who_does_not_answer_is_given_up),
        IN_WORLD(nobody_there_is_no_answer_either),
        IN_WORLD(refused_credentials_are_shown_again_once_their_file_has_changed),
        IN_WORLD(credentials_out_of_date_are_not_shown_at_all),
        IN_WORLD(without_credentials_nobody_is_asked),
        IN_WORLD(an_error_hides_nothing_that_was_seen_lately),
        IN_WORLD(the_credentials_files_are_only_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
