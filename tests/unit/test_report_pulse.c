/* tests/unit/test_report_pulse.c — tokens of the last minutes.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "base/civil.h"
#include "report/pulse.h"

#define MINUTES 5
#define NOW     (INT64_C(1788264000000) + 30 * MS_PER_SECOND) /* half a minute past 10:00 */

/* Adds one event; returns its tokens. */
static int64_t add(struct store *store, struct dice *dice, int64_t at_ms)
{
    struct row row = ledger_roll_row(store, dice, at_ms, at_ms);
    struct sums sums = { 0 };

    row.group = roll(dice);
    ledger_put_one(store, &row);
    row_sums(&row, &sums);
    return sums_total(&sums);
}

static void every_minute_has_its_own_tokens_and_no_others(void **state)
{
    struct store *store = ledger_open(":memory:", STORE_WRITE);
    struct dice dice = { 7 };
    int64_t begin = NOW - NOW % MS_PER_MINUTE - (MINUTES - 1) * MS_PER_MINUTE;
    int64_t want[MINUTES] = { 0 }, got[MINUTES];
    struct err err;
    int i;

    (void)state;
    ledger_set_home(store, "UTC");
    ledger_begin(store);
    add(store, &dice, begin - 1);                       /* before */
    add(store, &dice, begin + MINUTES * MS_PER_MINUTE); /* not yet */
    want[0] = add(store, &dice, begin);
    want[1] = add(store, &dice, begin + 2 * MS_PER_MINUTE - 1);
    want[4] = add(store, &dice, NOW) + add(store, &dice, NOW - 1);
    ledger_commit(store);
    memset(got, 0xff, sizeof(got));
    assert_int_equal(report_pulse(store, NOW, got, MINUTES, &err), 0);
    for (i = 0; i < MINUTES; i++)
        assert_int_equal(got[i], want[i]);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_minute_has_its_own_tokens_and_no_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
