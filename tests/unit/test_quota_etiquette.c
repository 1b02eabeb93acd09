/* tests/unit/test_quota_etiquette.c — how long a provider is left alone after each outcome.
 * SPDX-License-Identifier: MIT
 */
#include "quota/etiquette.h"

#include "base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW    INT64_C(1788000000000)
#define MINUTE MS_PER_MINUTE

static struct account_state state_of(int failures)
{
    return (struct account_state){ .account = "a", .failures = failures };
}

/* Never on the dot, and by less than a minute. */
static void assert_waits(const struct account_state *state, int64_t minutes)
{
    int64_t wait_ms = state->due_ms - NOW;

    assert_in_range(wait_ms, minutes * MINUTE + QUOTA_CALL_MS, (minutes + 1) * MINUTE);
}

static const struct wait_case {
    const char *why;
    enum outcome outcome;
    int failures; /* before */
    int64_t retry_after_s;
    int64_t want_minutes;
    const char *want_error;
} cases[] = {
    { "an answer", OUTCOME_SEEN, 3, 0, 5, "" },
    { "an answer that asks for more", OUTCOME_SEEN, 0, 7200, 5, "" },
    { "too often, no wish", OUTCOME_TOO_OFTEN, 0, 0, 5, "rate_limited" },
    { "again", OUTCOME_TOO_OFTEN, 1, 0, 10, "rate_limited" },
    { "and again", OUTCOME_TOO_OFTEN, 2, 0, 20, "rate_limited" },
    { "a fourth time", OUTCOME_TOO_OFTEN, 3, 0, 40, "rate_limited" },
    { "from then on an hour", OUTCOME_TOO_OFTEN, 4, 0, 60, "rate_limited" },
    { "for ever", OUTCOME_TOO_OFTEN, 1000000, 0, 60, "rate_limited" },
    { "a wish is granted", OUTCOME_TOO_OFTEN, 0, 1800, 30, "rate_limited" },
    { "a short wish is no leave to hurry", OUTCOME_TOO_OFTEN, 0, 1, 5, "rate_limited" },
    { "a wish beyond reason is a day", OUTCOME_TOO_OFTEN, 0, INT64_MAX, 1440, "rate_limited" },
    { "no answer", OUTCOME_FAILED, 1, 0, 10, "network" },
    { "busy for a while", OUTCOME_FAILED, 1, 900, 15, "network" },
    { "refused", OUTCOME_REFUSED, 2, 0, 5, "expired" },
    { "out of date", OUTCOME_EXPIRED, 0, 0, 5, "expired" },
    { "nothing to show", OUTCOME_MISSING, 0, 0, 5, "missing_credentials" },
};

static void every_outcome_has_its_wait_and_its_word(void **unused)
{
    size_t i;

    (void)unused;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wait_case *c = &cases[i];
        struct verdict verdict = { c->outcome, c->retry_after_s, 7 };
        struct account_state state = state_of(c->failures);

        print_message("# %s\n", c->why);
        etiquette_settle(&state, &verdict, NOW);
        assert_waits(&state, c->want_minutes);
        assert_string_equal(state.error, c->want_error);
        assert_int_equal(state.error_at_ms, c->want_error[0] ? NOW : 0);
        assert_int_equal(state.mark, c->outcome == OUTCOME_REFUSED ? 7 : 0);
        assert_false(etiquette_is_due(&state, NOW));
        assert_true(etiquette_is_due(&state, state.due_ms));
    }
}

static void what_was_refused_stays_so_while_it_is_not_shown(void **unused)
{
    struct verdict verdict = { OUTCOME_EXPIRED, 0, 7 };
    struct account_state state = state_of(0);

    (void)unused;
    state.mark = 7;
    etiquette_settle(&state, &verdict, NOW);
    assert_int_equal(state.mark, 7);
}

static void a_claim_keeps_others_away_for_five_minutes(void **unused)
{
    struct account_state state = state_of(0);

    (void)unused;
    assert_true(etiquette_is_due(&state, NOW));
    etiquette_claim(&state, NOW);
    assert_waits(&state, 5);
    assert_false(etiquette_is_due(&state, NOW + 5 * MINUTE));
}

static void a_clock_that_was_set_back_does_not_silence_us(void **unused)
{
    struct account_state state = state_of(0);

    (void)unused;
    state.due_ms = NOW + 3 * MS_PER_DAY;
    assert_true(etiquette_is_due(&state, NOW));
}

static void two_moments_have_two_jitters(void **unused)
{
    struct account_state a = state_of(0), b = state_of(0);

    (void)unused;
    etiquette_claim(&a, NOW);
    etiquette_claim(&b, NOW + 1);
    assert_int_not_equal(a.due_ms + 1, b.due_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_has_its_wait_and_its_word),
        cmocka_unit_test(what_was_refused_stays_so_while_it_is_not_shown),
        cmocka_unit_test(a_claim_keeps_others_away_for_five_minutes),
        cmocka_unit_test(a_clock_that_was_set_back_does_not_silence_us),
        cmocka_unit_test(two_moments_have_two_jitters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
