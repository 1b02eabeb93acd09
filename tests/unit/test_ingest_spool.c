/* tests/unit/test_ingest_spool.c — from a status line's JSON to a bucket, by the spool.
 * SPDX-License-Identifier: MIT
 */
#include "base/path.h"
#include "config/config.h"
#include "ingest/catch_up.h"
#include "ingest/spool.h"
#include "limits/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1788000000000)

static const char seen[] =
    "{\"session_id\":\"s\",\"cost\":{\"total_cost_usd\":1.2},\n \"rate_limits\":{\"five_hour\":"
    "{\"used_percentage\":23.5,\"resets_at\":1988003600},\n\"seven_day\":null}}";

struct bench {
    char home[64], spool[160], config_path[128];
    struct config config;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    unsetenv("XDG_DATA_HOME");
    snprintf(b->home, sizeof(b->home), "/tmp/tacho-spool-XXXXXX");
    assert_non_null(mkdtemp(b->home));
    snprintf(b->spool, sizeof(b->spool), "%s/.local/share/tacho/sightings/status-line.jsonl",
             b->home);
    snprintf(b->config_path, sizeof(b->config_path), "%s/none.json", b->home);
    b->config.home = b->home;
    b->config.runs_dir = b->home;
    b->config.config_path = b->config_path;
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    char command[128];

    snprintf(command, sizeof(command), "rm -rf %s", b->home);
    assert_int_equal(system(command), 0);
    free(b);
    return 0;
}

static int lines_in(const char *path)
{
    struct buf text = { 0 };
    int n = 0;
    size_t i;

    if (path_read(path, 1 << 20, &text, NULL) < 0)
        return 0;
    for (i = 0; i < text.len; i++)
        n += text.p[i] == '\n';
    buf_fini(&text);
    return n;
}

static void spool(struct bench *b, const char *json, int64_t now_ms)
{
    assert_int_equal(spool_status_line(&b->config, span_of(json), now_ms, NULL), 0);
}

static void a_sighting_is_one_private_line(void **state)
{
    struct bench *b = *state;
    struct stat st;

    spool(b, seen, NOW);
    assert_int_equal(lines_in(b->spool), 1);
    assert_int_equal(stat(b->spool, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_same_within_a_minute_is_no_news(void **state)
{
    struct bench *b = *state;
    const char *flat = "{\"rate_limits\":{\"five_hour\":{\"used_percentage\":1}}}";

    spool(b, flat, NOW);
    spool(b, flat, NOW + 59000);
    assert_int_equal(lines_in(b->spool), 1);
    spool(b, flat, NOW + 61000);
    assert_int_equal(lines_in(b->spool), 2);
    spool(b, "{\"rate_limits\":{\"five_hour\":{\"used_percentage\":2}}}", NOW + 62000);
    assert_int_equal(lines_in(b->spool), 3);
}

static void what_tells_of_no_limits_leaves_no_trace(void **state)
{
    static const char *const inputs[] = { "", "{", "null", "{}", "{\"rate_limits\":7}" };
    struct bench *b = *state;
    size_t i;

    for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
        spool(b, inputs[i], NOW);
    assert_int_equal(access(b->spool, F_OK), -1);
}

static void it_does_not_grow_for_ever(void **state)
{
    struct bench *b = *state;
    struct stat st;
    int i;

    for (i = 0; i < 6000; i++)
        spool(b, i % 2 ? seen : "{\"rate_limits\":{\"five_hour\":{\"used_percentage\":2}}}",
              NOW + i);
    assert_int_equal(stat(b->spool, &st), 0);
    assert_in_range(st.st_size, 1, 300 << 10);
}

static void whoever_reads_logs_takes_it_up(void **state)
{
    struct bench *b = *state;
    struct catch_up_result result;
    struct limits_account account;
    struct store *store = NULL;
    struct limits limits;

    spool(b, seen, NOW);
    assert_int_equal(store_open(&store, ":memory:", STORE_WRITE, NULL), 0);
    assert_int_equal(catch_up(store, &b->config, NULL, NULL, &result, NULL), 0);
    assert_int_equal(limits_load(&limits, store, NOW, LIMITS_STATE, NULL), 0);
    assert_true(limits_account(&limits, SPAN_ABSENT, &account));
    assert_int_equal(account.n, 1);
    assert_int_equal(account.buckets[0].bucket.via, VIA_STATUS_LINE);
    assert_int_equal(account.buckets[0].state.used_ppm, 235000);
    limits_fini(&limits);
    store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sighting_is_one_private_line),          TEST(the_same_within_a_minute_is_no_news),
        TEST(what_tells_of_no_limits_leaves_no_trace), TEST(it_does_not_grow_for_ever),
        TEST(whoever_reads_logs_takes_it_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
