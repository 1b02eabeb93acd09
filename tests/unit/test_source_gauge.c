/* tests/unit/test_source_gauge.c — what a session is billed for whose agent keeps but a total.
 * SPDX-License-Identifier: MIT
 */
#include "random.h"

#include "base/civil.h"
#include "source/common.h"
#include "source/gauge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MEMBERS 6
#define DAY_0   INT64_C(1788220800000) /* 2026-09-01 */

/* What a few sightings come to: merged by their days, then settled. */
struct session {
    struct figures total[MEMBERS], bill[MEMBERS];
    struct contender members[MEMBERS];
    int n;
};

static struct event sight(int64_t at_ms, struct figures total)
{
    struct event e = { .at_ms = at_ms, .figures = total, .session = SPAN_LIT("s") };

    gauge_sighting(&e);
    return e;
}

static void add(struct session *s, const struct event *e)
{
    int i;

    for (i = 0; i < s->n && s->members[i].part != e->part; i++)
        ;
    if (i < s->n) {
        join_counters(&s->total[i], &e->figures);
        return;
    }
    assert_true(s->n < MEMBERS);
    s->total[i] = e->figures;
    s->members[i].part = e->part;
    s->n++;
}

static void settle(struct session *s)
{
    int i;

    for (i = 0; i < s->n; i++) {
        s->bill[i] = s->total[i];
        s->members[i].own = (struct rival){ .figures = &s->total[i], .model = SPAN_LIT("m") };
        s->members[i].bill = &s->bill[i];
        s->members[i].counted = true;
        s->members[i].joins = -1;
    }
    gauge_settle(s->members, s->n);
}

static struct figures tokens(int64_t input, int64_t output)
{
    return (struct figures){ .tokens = { [TOKEN_INPUT] = input, [TOKEN_OUTPUT] = output },
                             .logged_nusd = COST_UNTOLD };
}

static const struct bill_case {
    const char *why;
    int64_t totals[4][2]; /* input and output as seen on day 0, 1, …; 0, 0 ends */
    int64_t bills[4][2];
} cases[] = {
    { "one sighting is the bill", { { 100, 10 } }, { { 100, 10 } } },
    { "growth is the bill", { { 100, 10 }, { 150, 30 } }, { { 100, 10 }, { 50, 20 } } },
    { "nothing new is no bill", { { 100, 10 }, { 100, 10 } }, { { 100, 10 }, { 0, 0 } } },
    { "an old copy seen later takes its share and adds nothing",
      { { 100, 10 }, { 40, 5 } },
      { { 60, 5 }, { 40, 5 } } },
    { "one counter may fall behind", { { 100, 10 }, { 90, 50 } }, { { 100, 10 }, { 0, 40 } } },
    { "four days",
      { { 1, 1 }, { 2, 2 }, { 4, 4 }, { 8, 8 } },
      { { 1, 1 }, { 1, 1 }, { 2, 2 }, { 4, 4 } } },
};

static void a_session_is_billed_for_what_it_grew(void **state)
{
    size_t i;
    int k;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct bill_case *c = &cases[i];
        struct session s = { 0 };

        for (k = 0; k < 4 && c->totals[k][0] > 0; k++) {
            struct event e =
                sight(DAY_0 + k * MS_PER_DAY, tokens(c->totals[k][0], c->totals[k][1]));

            add(&s, &e);
        }
        settle(&s);
        for (k = 0; k < s.n; k++) {
            if (s.bill[k].tokens[TOKEN_INPUT] != c->bills[k][0] ||
                s.bill[k].tokens[TOKEN_OUTPUT] != c->bills[k][1])
                fail_msg("%s: day %d", c->why, k);
            assert_int_equal(s.members[k].counted, c->bills[k][0] + c->bills[k][1] > 0);
        }
    }
}

static void what_the_agent_says_it_cost_grows_too(void **state)
{
    struct session s = { 0 };
    struct figures total = tokens(10, 1);
    struct event e;

    (void)state;
    e = sight(DAY_0, total); /* no cost told yet */
    add(&s, &e);
    total.logged_nusd = 500;
    total.tokens[TOKEN_INPUT] = 20;
    e = sight(DAY_0 + MS_PER_DAY, total);
    add(&s, &e);
    total.logged_nusd = 700;
    e = sight(DAY_0 + 2 * MS_PER_DAY, total);
    add(&s, &e);
    settle(&s);
    assert_int_equal(s.bill[0].logged_nusd, COST_UNTOLD);
    assert_int_equal(s.bill[1].logged_nusd, 500);
    assert_int_equal(s.bill[2].logged_nusd, 200);
    assert_true(s.members[2].counted);
}

static void sightings_of_a_day_are_one_member(void **state)
{
    struct event a = sight(DAY_0, tokens(1, 1)), b = sight(DAY_0 + MS_PER_DAY - 1, tokens(2, 1));
    struct event c = sight(DAY_0 + MS_PER_DAY, tokens(2, 1));

    (void)state;
    assert_true(a.group == b.group && b.group == c.group);
    assert_true(a.part == b.part && b.part != c.part);
    assert_true(a.part > 0);
    assert_true(a.flags & EVENT_SUMMED);
    assert_true(a.flags & EVENT_INFERRED);
}

static void a_session_of_years_stays_within_a_group(void **state)
{
    int64_t day;

    (void)state;
    for (day = -1000; day < 1000; day++) {
        struct event e = sight(day * MS_PER_DAY, tokens(1, 1));

        assert_true(e.part >= 1 && e.part <= 200);
    }
}

/* All in one go, in another order, and some of them several times. */
static void bills_add_up_to_the_largest_total_in_any_order(void **state)
{
    struct dice dice = { 7 };
    int round, i, kind;

    (void)state;
    for (round = 0; round < 2000; round++) {
        struct event seen[MEMBERS];
        struct figures most = { .logged_nusd = COST_UNTOLD }, sum = { 0 };
        struct session s = { 0 };

        for (i = 0; i < MEMBERS; i++) {
            struct figures total = tokens(roll_below(&dice, 5) * 10, 1 + roll_below(&dice, 5));

            total.tokens[TOKEN_CACHE_READ] = roll_below(&dice, 4);
            seen[i] = sight(DAY_0 + roll_below(&dice, MEMBERS) * MS_PER_DAY, total);
            join_counters(&most, &total);
        }
        for (i = 0; i < MEMBERS; i++)
            add(&s, &seen[i]);
        for (i = 0; i < MEMBERS; i++)
            add(&s, &seen[roll_below(&dice, MEMBERS)]);
        settle(&s);
        for (i = 0; i < s.n; i++) {
            for (kind = 0; kind < TOKEN_KINDS; kind++)
                sum.tokens[kind] += s.bill[i].tokens[kind];
        }
        for (kind = 0; kind < TOKEN_KINDS; kind++)
            assert_int_equal(sum.tokens[kind], most.tokens[kind]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_billed_for_what_it_grew),
        cmocka_unit_test(what_the_agent_says_it_cost_grows_too),
        cmocka_unit_test(sightings_of_a_day_are_one_member),
        cmocka_unit_test(a_session_of_years_stays_within_a_group),
        cmocka_unit_test(bills_add_up_to_the_largest_total_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
