/* Tests of gateway/usage_window.c: when the five hours began and when they end, and who says so.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

/* It is 10:00. */
#define START    "window|started_at"
#define END      "window|resets_at"
#define SOURCE   "window|source"
#define AT_11    "'2026-11-22T11:00:00Z'"
#define IS_11    "'2026-11-22T11:00:00.000Z'"
#define AT_12    "'2026-11-22T12:00:00Z'"
#define IS_12    "'2026-11-22T12:00:00.000Z'"
#define SEEN(at) SESSIONS("{'id':'a'," at "}")

static void a_window_without_a_word_is_the_last_five_hours(void **state)
{
    static const struct gateway_row rows[] = {
        { "key", STATUS(""), "window|key", "'5h'" },
        { "start", STATUS(""), START, "'2026-11-22T05:00:00.000Z'" },
        { "end", STATUS(""), END, "'2026-11-22T10:00:00.000Z'" },
        { "left", STATUS(""), "window|reset_in_ms", "0" },
        { "source", STATUS(""), SOURCE, "'local_jsonl_estimate'" },
        { "confidence", STATUS(""), "window|confidence", "'low'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void an_end_that_is_said_is_believed(void **state)
{
    static const struct gateway_row rows[] = {
        { "windowEnd", STATUS("'windowEnd':" AT_11), END, IS_11 },
        { "window_end", STATUS("'window_end':" AT_11), END, IS_11 },
        { "period_end", STATUS("'period_end':" AT_11), END, IS_11 },
        { "resets_at", STATUS("'resets_at':" AT_11), END, IS_11 },
        { "in this order", STATUS("'resets_at':" AT_12 ",'windowEnd':" AT_11), END, IS_11 },
        { "the first that is a time", STATUS("'resets_at':" AT_11 ",'windowEnd':'soon'"), END,
          IS_11 },
        { "in milliseconds", STATUS("'windowEnd':1795345200000"), END, IS_11 },
        { "in seconds", STATUS("'windowEnd':1795345200"), END, IS_11 },
        { "in seconds, in quotes", STATUS("'windowEnd':'1795345200'"), END, IS_11 },
        { "with another zone", STATUS("'windowEnd':'2026-11-22T13:00:00+02:00'"), END, IS_11 },
        { "without a zone", STATUS("'windowEnd':'2026-11-22T11:00:00'"), END, IS_11 },
        { "in usage.cost", COST("'windowEnd':" AT_11), END, IS_11 },
        { "usage.status wins", "{'cost':{'windowEnd':" AT_12 "},'status':{'windowEnd':" AT_11 "}}",
          END, IS_11 },
        { "but not with nothing", "{'cost':{'windowEnd':" AT_11 "},'status':{'windowEnd':null}}",
          END, IS_11 },
        { "source", STATUS("'windowEnd':" AT_11), SOURCE, "'provider_native'" },
        { "confidence", STATUS("'windowEnd':" AT_11), "window|confidence", "'high'" },
        { "left", STATUS("'windowEnd':" AT_11), "window|reset_in_ms", "3600000" },
        { "nothing is left of one that is over", STATUS("'windowEnd':'2026-11-22T09:00:00Z'"),
          "window|reset_in_ms", "0" },
        { "it goes before headers", STATUS("'x_ratelimit_reset':" AT_12 ",'windowEnd':" AT_11), END,
          IS_11 },
        { "year 10000 is no time", STATUS("'windowEnd':253402300800000"), SOURCE,
          "'local_jsonl_estimate'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_start_that_is_said_is_believed(void **state)
{
    static const struct gateway_row rows[] = {
        { "windowStart", STATUS("'windowStart':" AT_11), START, IS_11 },
        { "window_start", STATUS("'window_start':" AT_11), START, IS_11 },
        { "period_start", STATUS("'period_start':" AT_11), START, IS_11 },
        { "started_at", STATUS("'started_at':" AT_11), START, IS_11 },
        { "in this order", STATUS("'started_at':" AT_12 ",'windowStart':" AT_11), START, IS_11 },
        { "the end is five hours later", STATUS("'windowStart':'2026-11-22T07:00:00Z'"), END,
          IS_12 },
        { "and only an estimate", STATUS("'windowStart':'2026-11-22T07:00:00Z'"), SOURCE,
          "'local_jsonl_estimate'" },
        { "a small number is no time", STATUS("'windowStart':3600"), START,
          "'2026-11-22T05:00:00.000Z'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_header_of_the_provider_tells_the_end(void **state)
{
#define HEADER(name)                                                                               \
    {                                                                                              \
        name, STATUS("'" name "':" AT_11), END, IS_11                                              \
    }
    static const struct gateway_row rows[] = {
        HEADER("x_ratelimit_reset"),
        HEADER("x_ratelimit_reset_tokens"),
        HEADER("x_ratelimit_reset_requests"),
        HEADER("ratelimit_reset"),
        HEADER("anthropic_ratelimit_reset"),
        HEADER("anthropic_ratelimit_tokens_reset"),
        HEADER("anthropic_ratelimit_requests_reset"),
        HEADER("anthropic_ratelimit_input_tokens_reset"),
        HEADER("anthropic-ratelimit-unified-5h-reset"),
        HEADER("X-RateLimit-Reset-Everything"),
        { "named ones go first",
          STATUS("'a-ratelimit-reset':" AT_12 ",'anthropic_ratelimit_input_tokens_reset':" AT_11),
          END, IS_11 },
        { "in their order",
          STATUS("'x_ratelimit_reset_requests':" AT_12 ",'x_ratelimit_reset_tokens':" AT_11), END,
          IS_11 },
        { "the first that can be read",
          STATUS("'x_ratelimit_reset':'soon','ratelimit_reset':" AT_11), END, IS_11 },
        { "of others the first", STATUS("'z-ratelimit-reset':" AT_11 ",'a-ratelimit-reset':" AT_12),
          END, IS_11 },
        { "usage.cost's before usage.status's",
          "{'cost':{'z-ratelimit-reset':" AT_11 "},'status':{'a-ratelimit-reset':" AT_12 "}}", END,
          IS_11 },
        { "but the value is usage.status's",
          "{'cost':{'a-ratelimit-reset':" AT_12 "},'status':{'a-ratelimit-reset':" AT_11 "}}", END,
          IS_11 },
        { "both words are needed", STATUS("'ratelimit':" AT_11 ",'reset':" AT_11), SOURCE,
          "'local_jsonl_estimate'" },
        { "source", STATUS("'ratelimit_reset':" AT_11), SOURCE, "'provider_api_rate_limit'" },
        { "confidence", STATUS("'ratelimit_reset':" AT_11), "window|confidence", "'medium'" },
        { "milliseconds", STATUS("'ratelimit_reset':1795345200000"), END, IS_11 },
        { "seconds", STATUS("'ratelimit_reset':1795345200"), END, IS_11 },
        { "seconds from now", STATUS("'ratelimit_reset':3600"), END, IS_11 },
        { "seconds from now in quotes", STATUS("'ratelimit_reset':'3600'"), END, IS_11 },
        { "fractions of them", STATUS("'ratelimit_reset':0.25"), END,
          "'2026-11-22T10:00:00.250Z'" },
        { "now", STATUS("'ratelimit_reset':0"), END, "'2026-11-22T10:00:00.000Z'" },
        { "the largest that are from now", STATUS("'ratelimit_reset':999999999"), END,
          "'2058-07-31T11:46:39.000Z'" },
        { "the smallest that are since 1970", STATUS("'ratelimit_reset':1000000000"), END,
          "'2001-09-09T01:46:40.000Z'" },
        { "the smallest milliseconds", STATUS("'ratelimit_reset':1000000000000"), END,
          "'2001-09-09T01:46:40.000Z'" },
        { "negative is nothing", STATUS("'ratelimit_reset':-5"), SOURCE, "'local_jsonl_estimate'" },
        { "a start without a word is not five hours before it", STATUS("'ratelimit_reset':3600"),
          START, "'2026-11-22T05:00:00.000Z'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_providers_own_window_tells_both(void **state)
{
#define P(windows)     "{'provider':'anthropic','windows':[" windows "]}"
#define W(percent, at) "{'label':'5h','usedPercent':" percent ",'resetAt':" at "}"
    static const struct gateway_row rows[] = {
        { "end", STATUS("'providers':[" P(W("3", AT_11)) "]"), END, IS_11 },
        { "start", STATUS("'providers':[" P(W("3", AT_11)) "]"), START,
          "'2026-11-22T06:00:00.000Z'" },
        { "source", STATUS("'providers':[" P(W("3", AT_11)) "]"), SOURCE, "'provider_native'" },
        { "confidence", STATUS("'providers':[" P(W("3", AT_11)) "]"), "window|confidence",
          "'high'" },
        { "of several the fullest",
          STATUS("'providers':[" P(W("3", AT_12)) "," P(W("61", AT_11)) "," P(W("9", AT_12)) "]"),
          END, IS_11 },
        { "of equal ones the first",
          STATUS("'providers':[" P(W("61", AT_11)) "," P(W("61", AT_12)) "]"), END, IS_11 },
        { "one that does not say when ends nothing",
          STATUS("'providers':[" P(W("61", "null")) "," P(W("9", AT_11)) "]"), END, IS_11 },
        { "another length is another window",
          STATUS("'providers':[" P("{'label':'Week','usedPercent':3,'resetAt':" AT_11 "}") "]"),
          SOURCE, "'local_jsonl_estimate'" },
        { "an explicit end goes first",
          STATUS("'windowEnd':" AT_11 ",'providers':[" P(W("3", AT_12)) "]"), END, IS_11 },
        { "a header comes behind",
          STATUS("'ratelimit_reset':" AT_12 ",'providers':[" P(W("3", AT_11)) "]"), END, IS_11 },
        { "an explicit start stays",
          STATUS("'windowStart':'2026-11-22T08:00:00Z','providers':[" P(W("3", AT_11)) "]"), START,
          "'2026-11-22T08:00:00.000Z'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void activity_tells_the_start_where_nobody_does(void **state)
{
#define IS_07 "'2026-11-22T07:00:00.000Z'"
    static const struct gateway_row rows[] = {
        { "updated_at", SEEN("'updated_at':'2026-11-22T07:00:00Z'"), START, IS_07 },
        { "updatedAt", SEEN("'updatedAt':1795330800000"), START, IS_07 },
        { "lastActivity", SEEN("'lastActivity':1795330800"), START, IS_07 },
        { "last_activity", SEEN("'last_activity':'1795330800'"), START, IS_07 },
        { "created_at", SEEN("'created_at':1795330800"), START, IS_07 },
        { "createdAt", SEEN("'createdAt':1795330800"), START, IS_07 },
        { "the update goes first", SEEN("'createdAt':1795327200,'updatedAt':1795330800"), START,
          IS_07 },
        { "the oldest of several",
          SESSIONS("{'updatedAt':1795338000},{'updatedAt':1795330800},{'updatedAt':1795334400}"),
          START, IS_07 },
        { "five hours old still counts", SEEN("'updatedAt':1795323600000"), START,
          "'2026-11-22T05:00:00.000Z'" },
        { "older ones do not", SESSIONS("{'updatedAt':1795323599999},{'updatedAt':1795330800}"),
          START, IS_07 },
        { "nor does the future", SEEN("'updatedAt':1795345200000"), START,
          "'2026-11-22T05:00:00.000Z'" },
        { "the end is five hours later", SEEN("'updatedAt':1795330800"), END, IS_12 },
        { "also beside an explicit end",
          "{'status':{'windowEnd':" AT_11 "},'sessions':[{'updatedAt':1795330800}]}", START,
          IS_07 },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_without_a_word_is_the_last_five_hours),
        cmocka_unit_test(an_end_that_is_said_is_believed),
        cmocka_unit_test(a_start_that_is_said_is_believed),
        cmocka_unit_test(a_header_of_the_provider_tells_the_end),
        cmocka_unit_test(a_providers_own_window_tells_both),
        cmocka_unit_test(activity_tells_the_start_where_nobody_does),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
