/* tests/unit/test_ingest_member.c — copies of one response, merged in whatever order they come.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "ingest/ingest_internal.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define OWNER_FLAGS (EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN | EVENT_SUBAGENT)

static const struct name models[] = { { 1, SPAN_LIT("m-a") }, { 2, SPAN_LIT("m-b") } };
static const struct name sessions[] = { { 1, SPAN_LIT("s") }, { 2, SPAN_LIT("t") } };
static const struct origin origins[] = { { .id = 1 }, { .id = 2 } };

static const struct source *source(void)
{
    return source_find(SPAN_LIT("claude"));
}

/* Few values for each fact, so that copies are often alike in some of them. */
static void roll_figures(struct dice *dice, struct figures *f)
{
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++)
        f->tokens[kind] = roll_below(dice, 2);
    f->web_searches = roll_below(dice, 2);
    f->logged_nusd = roll_once_in(dice, 3) ? roll_below(dice, 2) : COST_UNTOLD;
}

static uint32_t roll_flags(struct dice *dice)
{
    static const uint32_t some[] = { EVENT_FAST,   EVENT_GEO_US,   EVENT_TIER_BATCH,
                                     EVENT_SUMMED, EVENT_INFERRED, EVENT_TIME_GUESSED,
                                     EVENT_STOPPED };
    uint32_t flags = 0;
    size_t i;

    for (i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        flags |= roll_once_in(dice, 4) ? some[i] : 0;
    if (flags & EVENT_STOPPED)
        flags |= EVENT_FINAL;
    if (roll_once_in(dice, 2))
        flags |= EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN;
    else
        flags |= EVENT_SUBAGENT;
    return flags | (roll_once_in(dice, 2) ? EVENT_OWNER_PLAIN : 0);
}

static struct member roll_member(struct dice *dice)
{
    struct member m = {
        .part = 7,
        .flags = roll_flags(dice),
        .at_ms = roll_below(dice, 4),
        .model = &models[roll_below(dice, 2)],
        .session = &sessions[roll_below(dice, 2)],
        .origin = &origins[roll_below(dice, 2)],
    };
    int i;

    roll_figures(dice, &m.figures);
    m.extras_n = roll_once_in(dice, 2) ? (int)roll_below(dice, 4) : 0;
    m.extras = m.extras_n ? xcalloc((size_t)m.extras_n, sizeof(*m.extras)) : NULL;
    for (i = 0; i < m.extras_n; i++) {
        m.extras[i].model = &models[roll_below(dice, 2)];
        m.extras[i].flags = roll_once_in(dice, 2) ? EVENT_FAST : 0;
        roll_figures(dice, &m.extras[i].figures);
    }
    return m;
}

/* A new member: what comes of `a` recorded first and `b` after it. */
static struct member merged(const struct member *a, const struct member *b)
{
    struct member to = member_dup(a);

    member_merge(&to, b, source());
    return to;
}

static int by_content(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct extra));
}

/* Alike in all but whose it is; extras in any order. */
static bool alike(struct member *a, struct member *b)
{
    if ((a->flags & ~(uint32_t)OWNER_FLAGS) != (b->flags & ~(uint32_t)OWNER_FLAGS) ||
        a->at_ms != b->at_ms || a->model != b->model || a->extras_n != b->extras_n ||
        memcmp(&a->figures, &b->figures, sizeof(a->figures)) != 0)
        return false;
    if (a->extras_n == 0)
        return true;
    qsort(a->extras, (size_t)a->extras_n, sizeof(*a->extras), by_content);
    qsort(b->extras, (size_t)b->extras_n, sizeof(*b->extras), by_content);
    return memcmp(a->extras, b->extras, (size_t)a->extras_n * sizeof(*a->extras)) == 0;
}

static int owner_rank(const struct member *m)
{
    return (m->flags & EVENT_OWNER_MAIN ? 2 : 0) + (m->flags & EVENT_OWNER_PLAIN ? 1 : 0);
}

static void merging_is_commutative_but_for_the_owner(void **state)
{
    struct dice dice = { 1 };
    int i;

    (void)state;
    for (i = 0; i < 100000; i++) {
        struct member a = roll_member(&dice), b = roll_member(&dice);
        struct member ab = merged(&a, &b), ba = merged(&b, &a);

        assert_true(alike(&ab, &ba));
        assert_int_equal(owner_rank(&ab), owner_rank(&ba));
        if (owner_rank(&a) != owner_rank(&b)) { /* then even the owner is */
            assert_ptr_equal(ab.session, ba.session);
            assert_ptr_equal(ab.origin, ba.origin);
            assert_int_equal(ab.flags, ba.flags);
        } else {
            assert_ptr_equal(ab.session, a.session);
            assert_ptr_equal(ba.session, b.session);
        }
        member_fini(&a);
        member_fini(&b);
        member_fini(&ab);
        member_fini(&ba);
    }
}

static void merging_is_associative(void **state)
{
    struct dice dice = { 2 };
    int i;

    (void)state;
    for (i = 0; i < 100000; i++) {
        struct member a = roll_member(&dice), b = roll_member(&dice), c = roll_member(&dice);
        struct member ab = merged(&a, &b), bc = merged(&b, &c);
        struct member left = merged(&ab, &c), right = merged(&a, &bc);

        assert_true(alike(&left, &right));
        assert_ptr_equal(left.session, right.session);
        assert_ptr_equal(left.origin, right.origin);
        assert_int_equal(left.flags, right.flags);
        member_fini(&a);
        member_fini(&b);
        member_fini(&c);
        member_fini(&ab);
        member_fini(&bc);
        member_fini(&left);
        member_fini(&right);
    }
}

static void merging_again_changes_nothing(void **state)
{
    struct dice dice = { 3 };
    int i;

    (void)state;
    for (i = 0; i < 50000; i++) {
        struct member a = roll_member(&dice), b = roll_member(&dice);
        struct member once = merged(&a, &b);
        struct member twice = merged(&once, &b), thrice = merged(&twice, &a);

        assert_true(alike(&once, &thrice));
        assert_ptr_equal(once.session, thrice.session);
        assert_int_equal(once.flags, thrice.flags);
        member_fini(&a);
        member_fini(&b);
        member_fini(&once);
        member_fini(&twice);
        member_fini(&thrice);
    }
}

/* ---- what is kept of whom ---- */

static struct member copy_with(int64_t output, int64_t at_ms, uint32_t flags)
{
    return (
        struct member){ .part = 7,
                        .flags = flags,
                        .at_ms = at_ms,
                        .model = &models[0],
                        .figures = { .tokens[TOKEN_OUTPUT] = output, .logged_nusd = COST_UNTOLD } };
}

static void the_earliest_logged_time_stands_and_a_guess_never_beats_it(void **state)
{
    static const struct {
        int64_t a_ms, b_ms;
        bool a_guessed, b_guessed;
        int64_t want_ms;
        bool want_guessed;
    } cases[] = {
        { 5, 3, false, false, 3, false }, { 3, 5, false, false, 3, false },
        { 5, 3, false, true, 5, false },  { 5, 3, true, false, 3, false },
        { 3, 5, true, false, 5, false },  { 5, 3, true, true, 3, true },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct member a = copy_with(1, cases[i].a_ms, cases[i].a_guessed ? EVENT_TIME_GUESSED : 0);
        struct member b = copy_with(9, cases[i].b_ms, cases[i].b_guessed ? EVENT_TIME_GUESSED : 0);
        struct member m = merged(&a, &b);

        assert_int_equal(m.at_ms, cases[i].want_ms);
        assert_int_equal((m.flags & EVENT_TIME_GUESSED) != 0, cases[i].want_guessed);
    }
}

static void a_stop_reason_on_any_copy_is_remembered_but_the_figures_keep_their_own(void **state)
{
    struct member low = copy_with(1, 0, EVENT_STOPPED | EVENT_FINAL | EVENT_FAST);
    struct member high = copy_with(9, 0, EVENT_GEO_US);
    struct member m = merged(&low, &high);

    (void)state;
    assert_int_equal(m.figures.tokens[TOKEN_OUTPUT], 9);
    assert_int_equal(m.flags, EVENT_STOPPED | EVENT_GEO_US);
}

static void members_of_a_group_are_told_apart_by_their_part_and_are_not_without_end(void **state)
{
    struct members members = { 0 };
    int i, round;

    (void)state;
    for (round = 0; round < 2; round++) {
        for (i = 0; i < MEMBERS_MAX; i++) {
            struct member m = copy_with(round, 0, 0);

            m.part = (uint64_t)i;
            assert_true(members_put(&members, &m, source()));
        }
        assert_int_equal(members.n, MEMBERS_MAX);
    }
    for (i = 0; i < MEMBERS_MAX; i++)
        assert_int_equal(members.at[i].figures.tokens[TOKEN_OUTPUT], 1);
    {
        struct member m = copy_with(1, 0, 0);

        m.part = MEMBERS_MAX;
        assert_false(members_put(&members, &m, source()));
    }
    members_fini(&members);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merging_is_commutative_but_for_the_owner),
        cmocka_unit_test(merging_is_associative),
        cmocka_unit_test(merging_again_changes_nothing),
        cmocka_unit_test(the_earliest_logged_time_stands_and_a_guess_never_beats_it),
        cmocka_unit_test(a_stop_reason_on_any_copy_is_remembered_but_the_figures_keep_their_own),
        cmocka_unit_test(members_of_a_group_are_told_apart_by_their_part_and_are_not_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
