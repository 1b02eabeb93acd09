/* tests/unit/test_limits_limits.c — sightings into the ledger, out of it, and announced once.
 * SPDX-License-Identifier: MIT
 */
#include "limits/limits.h"
#include "limits/sightings.h"

#include "base/civil.h"
#include "config/config.h"
#include "store/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW    INT64_C(1788000000000)
#define HOUR   MS_PER_HOUR
#define MINUTE MS_PER_MINUTE

static int open_ledger(void **state)
{
    struct store *store;

    assert_int_equal(store_open(&store, ":memory:", STORE_WRITE, NULL), 0);
    *state = store;
    return 0;
}

static int close_ledger(void **state)
{
    store_close(*state);
    return 0;
}

static void add(struct sightings *s, const char *account, const char *limit, int64_t at_ms,
                int64_t used_ppm)
{
    struct observation o = OBSERVATION_NONE;

    o.limit = span_of(limit);
    o.at_ms = at_ms;
    o.used_ppm = used_ppm;
    o.resets_at_ms = NOW + 2 * HOUR;
    sightings_add(s, &o, span_of(account), NOW);
}

static int64_t write_all(struct store *store, struct sightings *s)
{
    int64_t changes = 0;

    assert_int_equal(store_begin(store, NULL), 0);
    assert_int_equal(sightings_write(s, store, NOW, &changes, NULL), 0);
    assert_int_equal(store_commit(store, NULL), 0);
    sightings_fini(s);
    return changes;
}

static int64_t see(struct store *store, const char *account, const char *limit, int64_t used_ppm)
{
    struct sightings s = { 0 };

    add(&s, account, limit, NOW, used_ppm);
    return write_all(store, &s);
}

static struct limits load(struct store *store)
{
    struct limits limits;

    assert_int_equal(limits_load(&limits, store, NOW, LIMITS_FORECAST, NULL), 0);
    return limits;
}

static void order_of_arrival_does_not_matter(void **state)
{
    struct sightings s = { 0 };
    struct limits limits;

    add(&s, "a", "5h", NOW - HOUR, 400000);
    add(&s, "a", "5h", NOW, 600000);
    add(&s, "a", "5h", NOW - 2 * HOUR, 200000);
    assert_int_equal(write_all(*state, &s), 1);
    add(&s, "a", "5h", NOW - HOUR / 2, 500000);
    assert_int_equal(write_all(*state, &s), 0);
    limits = load(*state);
    assert_int_equal(limits.buckets_n, 1);
    assert_int_equal(limits.buckets[0].state.used_ppm, 600000);
    /* half in the last hour: full two hours from now at that pace of 0.2 an hour */
    assert_int_equal(limits.buckets[0].full_at_ms, NOW + 2 * HOUR);
    limits_fini(&limits);
}

static void reading_again_changes_nothing(void **state)
{
    assert_int_equal(see(*state, "a", "5h", 500000), 1);
    assert_int_equal(see(*state, "a", "5h", 500000), 0);
}

static void accounts_are_kept_apart_and_sorted(void **state)
{
    struct limits_account account;
    struct limits limits;

    see(*state, "second", "7d", 100000);
    see(*state, "first", "7d", 200000);
    see(*state, "first", "5h", 300000);
    limits = load(*state);
    assert_int_equal(limits.accounts_n, 2);
    assert_true(limits_account(&limits, SPAN_LIT("first"), &account));
    assert_int_equal(account.n, 2);
    assert_string_equal(account.buckets[0].bucket.id, "five_hour");
    assert_true(limits_account(&limits, SPAN_LIT("second"), &account));
    assert_int_equal(account.buckets[0].state.used_ppm, 100000);
    assert_false(limits_account(&limits, SPAN_LIT("third"), &account));
    assert_true(limits_account(&limits, SPAN_ABSENT, &account)); /* the usual one, still empty */
    assert_int_equal(account.n, 0);
    assert_string_equal(account.error, "missing_credentials");
    limits_fini(&limits);
}

static void the_only_account_is_the_one_that_is_meant(void **state)
{
    struct limits_account account;
    struct limits limits;

    see(*state, "lonely", "5h", 300000);
    limits = load(*state);
    assert_true(limits_account(&limits, SPAN_ABSENT, &account));
    assert_string_equal(account.name, "lonely");
    limits_fini(&limits);
}

static void an_error_shows_only_when_nothing_is_recent(void **state)
{
    static const struct {
        int64_t seen_ago, error_ago;
        const char *want;
    } cases[] = {
        { HOUR, 0, "expired" },
        { 20 * MINUTE, 0, "" },
        { HOUR, 2 * HOUR, "" },
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct account_state failed = { .error = "expired",
                                        .error_at_ms = NOW - cases[i].error_ago };
        struct sightings s = { 0 };
        struct limits limits;

        snprintf(failed.account, sizeof(failed.account), "account-%zu", i);
        add(&s, failed.account, "5h", NOW - cases[i].seen_ago, 100000);
        write_all(*state, &s);
        assert_int_equal(store_begin(*state, NULL), 0);
        assert_int_equal(store_account_put(*state, &failed, NULL), 0);
        assert_int_equal(store_commit(*state, NULL), 0);
        limits = load(*state);
        assert_string_equal(limits.accounts[i].error, cases[i].want);
        limits_fini(&limits);
    }
}

static void count(void *to, const struct store_sighting *sighting)
{
    (void)sighting;
    ++*(int *)to;
}

static void plans_are_called_what_the_configuration_calls_them(void **state)
{
    char plans[] = "{\"claude\":\"max 20x\",\"told\":\"own\",\"strange\":5}";
    struct config config = { .plan = plans };
    struct limits_account account;
    struct limits limits;

    see(*state, "strange", "5h", 500000);
    see(*state, "told", "5h", 500000);
    limits = load(*state);
    limits_name_plans(&limits, &config);
    assert_true(limits_account(&limits, SPAN_LIT("told"), &account));
    assert_string_equal(account.plan, "own");
    assert_true(limits_account(&limits, SPAN_LIT("strange"), &account));
    assert_string_equal(account.plan, "");
    assert_true(limits_account(&limits, SPAN_ABSENT, &account)); /* nothing was seen of it */
    assert_string_equal(account.plan, "max 20x");
    limits_fini(&limits);
}

static void the_past_is_thinned_to_one_a_minute(void **state)
{
    const int64_t old = NOW / MINUTE * MINUTE - 48 * HOUR;
    struct sightings s = { 0 };
    struct bucket b;
    int i, old_ones = 0, new_ones = 0;

    for (i = 0; i < 120; i++) /* two minutes of one a second, two days ago and just now */
        add(&s, "a", "5h", old + i * 1000, i);
    write_all(*state, &s);
    for (i = 0; i < 120; i++)
        add(&s, "a", "5h", NOW - i * 1000, 1000 + i);
    write_all(*state, &s);
    assert_int_equal(store_bucket_load(*state, "a", "five_hour", &b, NULL), 1);
    store_sightings_each(*state, b.row, (struct timespan){ old, old + HOUR },
                         &(struct store_sighting_sink){ count, &old_ones }, NULL);
    store_sightings_each(*state, b.row, (struct timespan){ NOW - HOUR, NOW + 1 },
                         &(struct store_sighting_sink){ count, &new_ones }, NULL);
    assert_int_equal(old_ones, 2);
    assert_int_equal(new_ones, 120);
}

/* ---- announcing ---- */

struct heard {
    int n, threshold;
    bool marked; /* it was on disk when we heard of it */
    struct store *store;
};

static void hear(void *to, const struct limits_crossing *crossing)
{
    struct heard *heard = to;
    struct bucket b;

    heard->n++;
    heard->threshold = crossing->threshold;
    store_bucket_load(heard->store, crossing->bucket.account, crossing->bucket.id, &b, NULL);
    heard->marked = b.announced == crossing->threshold;
}

static struct heard announce(struct store *store, const struct config *config, int64_t now_ms)
{
    struct heard heard = { .store = store };
    struct limits_herald herald = { .config = config, .fn = hear, .to = &heard };

    assert_int_equal(limits_announce(store, &herald, now_ms, NULL), 0);
    return heard;
}

static void a_threshold_is_announced_once_and_marked_before(void **state)
{
    struct config config = { 0 };
    struct heard heard;

    see(*state, "a", "5h", 800000);
    heard = announce(*state, &config, NOW);
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.threshold, 75);
    assert_true(heard.marked);
    assert_int_equal(announce(*state, &config, NOW).n, 0);
    see(*state, "a", "5h", 950000);
    assert_int_equal(announce(*state, &config, NOW).threshold, 90);
    assert_int_equal(announce(*state, &config, NOW).n, 0);
}

static int refuse(void *to, struct store *store, const struct limits_crossing *crossing,
                  struct err *err)
{
    (void)to;
    (void)store;
    (void)crossing;
    err_set(err, ERR_FULL, "no");
    return -1;
}

static void what_could_not_be_marked_is_due_again(void **state)
{
    struct config config = { 0 };
    struct limits_herald herald = { .config = &config, .more = refuse };
    struct err err;

    see(*state, "a", "5h", 800000);
    assert_int_equal(limits_announce(*state, &herald, NOW, &err), -1);
    assert_int_equal(announce(*state, &config, NOW).n, 1);
}

/* What another handle does while the first of two buckets is announced. */
static int announce_the_other(void *to, struct store *store, const struct limits_crossing *crossing,
                              struct err *err)
{
    struct bucket other;

    ++*(int *)to;
    if (strcmp(crossing->bucket.id, "five_hour") != 0)
        return 0;
    assert_int_equal(store_bucket_load(store, "a", "weekly", &other, err), 1);
    other.announced = 75;
    other.at_ms++;
    return store_bucket_put(store, &other, err);
}

static void what_another_handle_has_announced_is_not_announced_again(void **state)
{
    struct config config = { 0 };
    int n = 0;
    struct limits_herald herald = { .config = &config, .more = announce_the_other, .to = &n };
    struct bucket other;

    see(*state, "a", "5h", 800000);
    see(*state, "a", "7d", 800000);
    assert_int_equal(limits_announce(*state, &herald, NOW, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(store_bucket_load(*state, "a", "weekly", &other, NULL), 1);
    assert_int_equal(other.at_ms, NOW + 1); /* nor is what it saw lost */
}

static void thresholds_come_from_the_configuration_the_page_or_the_table(void **state)
{
    struct config config = { 0 };
    struct thresholds t;

    assert_int_equal(limits_thresholds(*state, &config, "five_hour", &t, NULL), 0);
    assert_int_equal(t.n, 2);
    config.thresholds = (char[]){ "{\"five_hour\":[50],\"default\":[60,70,80]}" };
    limits_thresholds(*state, &config, "weekly", &t, NULL);
    assert_int_equal(t.n, 3);
    assert_int_equal(store_begin(*state, NULL), 0);
    store_setting_put(*state, "thresholds", SPAN_LIT("[85]"), NULL);
    assert_int_equal(store_commit(*state, NULL), 0);
    limits_thresholds(*state, &config, "weekly", &t, NULL);
    assert_int_equal(t.percent[0], 85);
    limits_thresholds(*state, &config, "five_hour", &t, NULL);
    assert_int_equal(t.percent[0], 50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ledger, close_ledger)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(order_of_arrival_does_not_matter),
        TEST(reading_again_changes_nothing),
        TEST(accounts_are_kept_apart_and_sorted),
        TEST(the_only_account_is_the_one_that_is_meant),
        TEST(an_error_shows_only_when_nothing_is_recent),
        TEST(plans_are_called_what_the_configuration_calls_them),
        TEST(the_past_is_thinned_to_one_a_minute),
        TEST(a_threshold_is_announced_once_and_marked_before),
        TEST(what_could_not_be_marked_is_due_again),
        TEST(what_another_handle_has_announced_is_not_announced_again),
        TEST(thresholds_come_from_the_configuration_the_page_or_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
