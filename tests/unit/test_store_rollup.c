/* tests/unit/test_store_rollup.c — whatever happens to events, the sums kept beside them follow.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#define EVENING  INT64_C(1774710000000) /* 2026-03-28T15:00:00Z, a day before clocks change */
#define TWO_DAYS (2 * MS_PER_DAY)

/* ---- random groups ---- */

#define GROUPS 30

/* What a row should be; its names by their ids, since a rollback makes the pointers void. */
struct wanted {
    struct row row;
    int32_t model, session, origin;
};

struct known {
    struct wanted *at;
    size_t n;
};

static const uint64_t edges[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1, UINT64_C(1) << 63 };

static uint64_t group_number(int i)
{
    return i < 5 ? edges[i] : (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15);
}

/* One to three responses, some with extras, near `at_ms`. */
static void roll_group(struct store *store, struct dice *dice, uint64_t group, struct rows *rows)
{
    int64_t parts = roll_between(dice, 1, 3);
    int64_t i, iteration, extras;

    for (i = 0; i < parts; i++) {
        uint64_t part = i < 2 ? edges[i * 2] : (uint64_t)roll_between(dice, 5, 7);

        extras = roll_once_in(dice, 3) ? roll_between(dice, 1, 15) : 0;
        for (iteration = 0; iteration <= extras; iteration++) {
            struct row *row = rows_add(rows);

            *row = ledger_roll_row(store, dice, EVENING, EVENING + TWO_DAYS);
            row->group = group;
            row->part = part;
            row->iteration = (int32_t)iteration;
        }
    }
}

/* Drops some, moves some in time, changes some, adds some; or leaves it as it is. */
static void change_group(struct store *store, struct dice *dice, const struct rows *was,
                         struct rows *now)
{
    size_t i;

    for (i = 0; i < was->n; i++) {
        struct row row = was->at[i];

        /* An extra never outlives its response. */
        if (was->at[i].iteration == 0 && roll_once_in(dice, 8)) {
            while (i + 1 < was->n && was->at[i + 1].iteration > 0 &&
                   was->at[i + 1].part == row.part)
                i++;
            continue;
        }
        switch (roll_below(dice, 4)) {
        case 0:
            row.at_ms = roll_between(dice, EVENING, EVENING + TWO_DAYS);
            break;
        case 1:
            row.figures.tokens[TOKEN_OUTPUT] += roll_below(dice, 500);
            break;
        case 2:
            ledger_roll_origin(store, dice, &row);
            row.cost_nusd = roll_once_in(dice, 2) ? COST_UNKNOWN : roll_below(dice, 1000);
            break;
        default:
            row.run = roll_below(dice, 3);
            break;
        }
        *rows_add(now) = row;
    }
}

static int by_part_and_iteration(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return (x->iteration > y->iteration) - (x->iteration < y->iteration);
}

static void sort_rows(struct rows *rows)
{
    if (rows->n > 1)
        qsort(rows->at, rows->n, sizeof(rows->at[0]), by_part_and_iteration);
}

static void assert_is_known(struct rows *got, const struct known *known)
{
    size_t i;

    sort_rows(got);
    assert_int_equal(got->n, known->n);
    for (i = 0; i < got->n; i++) {
        const struct row *a = &got->at[i], *b = &known->at[i].row;

        assert_true(a->part == b->part && a->group == b->group);
        assert_int_equal(a->iteration, b->iteration);
        assert_int_equal(a->at_ms, b->at_ms);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->cost_nusd, b->cost_nusd);
        assert_memory_equal(&a->figures, &b->figures, sizeof(a->figures));
        assert_int_equal(a->model->id, known->at[i].model);
        assert_int_equal(a->session->id, known->at[i].session);
        assert_int_equal(a->origin->id, known->at[i].origin);
        assert_true(a->id > 0);
    }
}

static void know(struct known *known, struct rows *rows)
{
    size_t i;

    sort_rows(rows);
    known->n = rows->n;
    known->at = xreallocarray(known->at, rows->n, sizeof(*known->at));
    for (i = 0; i < rows->n; i++) {
        const struct row *row = &rows->at[i];

        known->at[i] = (struct wanted){ *row, row->model->id, row->session->id, row->origin->id };
    }
}

static void know_too(struct known *to, const struct known *from)
{
    to->n = from->n;
    to->at = xreallocarray(to->at, from->n, sizeof(*to->at));
    if (from->n > 0)
        memcpy(to->at, from->at, from->n * sizeof(*to->at));
}

static void play_group(struct store *store, struct dice *dice, uint64_t group, struct known *known)
{
    struct rows was = { 0 }, now = { 0 };

    assert_int_equal(store_group_load(store, group, &was, NULL), 0);
    assert_is_known(&was, known);
    if (was.n == 0 || roll_once_in(dice, 6))
        roll_group(store, dice, group, &now);
    else if (!roll_once_in(dice, 6))
        change_group(store, dice, &was, &now);
    /* else: nothing is billed any more */
    assert_int_equal(store_group_put(store, &was, &now, NULL), 0);
    know(known, &now);
    rows_fini(&was);
    rows_fini(&now);
}

/* All names are known before, so that no rollback takes one back. */
static void make_names(struct store *store)
{
    struct dice dice = { 99 };
    int i;

    ledger_begin(store);
    for (i = 0; i < 2000; i++)
        ledger_roll_row(store, &dice, EVENING, EVENING);
    ledger_commit(store);
}

static void play(struct store *store, const char *zone, uint64_t seed)
{
    struct known known[GROUPS] = { { 0 } }, saved[GROUPS] = { { 0 } };
    struct dice dice = { seed };
    int round, i;

    ledger_set_home(store, zone);
    make_names(store);
    for (round = 0; round < 30; round++) {
        bool undone = roll_once_in(&dice, 4);
        int64_t times = roll_between(&dice, 1, 20);

        for (i = 0; i < GROUPS; i++)
            know_too(&saved[i], &known[i]);
        ledger_begin(store);
        while (times-- > 0) {
            i = (int)roll_below(&dice, GROUPS);
            play_group(store, &dice, group_number(i), &known[i]);
        }
        if (undone) {
            store_rollback(store);
            for (i = 0; i < GROUPS; i++)
                know_too(&known[i], &saved[i]);
        } else {
            ledger_commit(store);
        }
        ledger_check_sums(store, zone);
    }
    for (i = 0; i < GROUPS; i++) {
        free(known[i].at);
        free(saved[i].at);
    }
}

static void sums_follow_events_in_any_home_zone(void **state)
{
    static const char *const zones[] = { "UTC", "Europe/Berlin", "Asia/Kathmandu",
                                         "America/New_York", "Australia/Lord_Howe" };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct store *store = ledger_open(":memory:", STORE_WRITE);

        play(store, zones[i], 100 + i);
        store_close(store);
    }
}

static void days_cut_anew_are_what_they_would_have_been(void **state)
{
    static const char *const zones[] = { "UTC", "Asia/Kathmandu", "Pacific/Apia", "Europe/Berlin",
                                         "UTC" };
    struct ledger_bench *b = *state;
    struct dice dice = { 5 };
    size_t i;

    for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        ledger_set_home(b->store, zones[i]);
        assert_string_equal(store_home(b->store), zones[i]);
        ledger_check_sums(b->store, zones[i]);
        ledger_fill(b->store, &dice, 200, EVENING, EVENING + TWO_DAYS);
        ledger_check_sums(b->store, zones[i]);
    }
}

static void a_home_zone_outlives_the_handle(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 6 };

    ledger_set_home(b->store, "Asia/Kathmandu");
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_WRITE);
    assert_string_equal(store_home(b->store), "Asia/Kathmandu");
    ledger_fill(b->store, &dice, 300, EVENING, EVENING + TWO_DAYS);
    ledger_check_sums(b->store, "Asia/Kathmandu");
}

static void a_home_zone_that_another_handle_set_is_taken_over(void **state)
{
    struct ledger_bench *b = *state;
    struct store *other = ledger_open(b->path, STORE_WRITE);
    struct dice dice = { 7 };

    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &dice, 100, EVENING, EVENING + TWO_DAYS);
    ledger_set_home(other, "America/New_York");
    store_close(other);
    ledger_fill(b->store, &dice, 300, EVENING, EVENING + TWO_DAYS);
    ledger_check_sums(b->store, "America/New_York");
}

static void a_zone_given_as_a_rule_can_be_home(void **state)
{
    struct ledger_bench *b = *state;
    struct dice dice = { 8 };
    const char *rule = "CET-1CEST,M3.5.0,M10.5.0/3";
    char *before = getenv("TZ") ? xstrdup(getenv("TZ")) : NULL;

    setenv("TZ", rule, 1);
    ledger_set_home(b->store, "");
    ledger_fill(b->store, &dice, 300, EVENING, EVENING + TWO_DAYS);
    ledger_check_sums(b->store, "Europe/Berlin");
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    free(before);
}

/* Somebody else writes for longer than we wait: days stay cut as they were, and so do later ones.
 */
static void a_home_zone_that_could_not_be_set_changes_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct store *other = ledger_open(b->path, STORE_WRITE);
    struct dice dice = { 9 };
    struct zone *zone = NULL;
    struct err err = { 0 };

    ledger_set_home(b->store, "UTC");
    ledger_fill(b->store, &dice, 100, EVENING, EVENING + TWO_DAYS);
    sqlite3_busy_timeout(b->store->db, 1);
    ledger_begin(other);
    assert_int_equal(zone_open(&zone, "Asia/Kathmandu", NULL), 0);
    assert_int_equal(store_set_home(b->store, zone, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    store_rollback(other);
    store_close(other);
    ledger_fill(b->store, &dice, 300, EVENING, EVENING + TWO_DAYS);
    ledger_check_sums(b->store, "UTC");
    zone_close(zone);
}

/* ---- what a row adds ---- */

static void a_row_adds_what_it_is_billed_for(void **state)
{
    struct row row = { .cost_nusd = 77, .figures.logged_nusd = COST_UNTOLD };
    struct sums sums;
    int kind;

    (void)state;
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        row.figures.tokens[kind] = 1 << kind;
    row.figures.web_searches = 3;
    row_sums(&row, &sums);
    assert_int_equal(sums.events, 1);
    assert_int_equal(sums_total(&sums), 31); /* all but reasoning */
    assert_int_equal(sums.cost_nusd, 77);
    assert_int_equal(sums.logged_nusd, 0);
    assert_int_equal(sums.unpriced_tokens, 0);
    assert_int_equal(sums.estimated, 0);

    row.cost_nusd = COST_UNKNOWN;
    row.figures.logged_nusd = 5;
    row.flags = EVENT_ESTIMATED;
    row_sums(&row, &sums);
    assert_int_equal(sums.cost_nusd, 0);
    assert_int_equal(sums.unpriced_tokens, 31);
    assert_int_equal(sums.logged_nusd, 5);
    assert_int_equal(sums.estimated, 1);
    assert_true(sums_unpriced(&sums));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_follow_events_in_any_home_zone),
        TEST(days_cut_anew_are_what_they_would_have_been),
        TEST(a_home_zone_outlives_the_handle),
        TEST(a_home_zone_that_another_handle_set_is_taken_over),
        TEST(a_zone_given_as_a_rule_can_be_home),
        TEST(a_home_zone_that_could_not_be_set_changes_nothing),
        cmocka_unit_test(a_row_adds_what_it_is_billed_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
