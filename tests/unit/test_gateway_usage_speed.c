/* Tests of gateway/usage_speed.c: how fast it goes, and when a limit is reached.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

/* 600 tokens of input, 400 of output, 5 calls, half an hour ago: 16.6667 tokens per minute. The
 * window is 09:30 to 14:30. */
#define ROW                                                                                        \
    "'sessions':[{'model':'claude-opus-4-7','inputTokens':600,'outputTokens':400,'calls':5,"       \
    "'cost':0.5,'updatedAt':'2026-11-22T09:30:00Z'}]"
#define LIMITS(members) "{'cost':{},'status':{" members "}," ROW "}"
/* The same at rest since two hours: no speed. */
#define RESTED(members)                                                                            \
    "{'cost':{},'status':{" members "},'sessions':[{'inputTokens':600,'outputTokens':400,"         \
    "'calls':5,'updatedAt':'2026-11-22T08:00:00Z'}]}"
#define BURN(key) "burn_rate|" key
#define LEFT      "predictions|time_to_limit_ms"
#define KIND      "predictions|limit_kind"
#define SAFE      "predictions|safe"
#define EXHAUSTED "predictions|exhausted"

static void sessions_of_the_last_hour_tell_the_speed(void **state)
{
#define AGO(when) SESSIONS("{'inputTokens':30,'outputTokens':10,'cost':0.1," when "}")
    static const struct gateway_row rows[] = {
        { "tokens", LIMITS(""), BURN("tokens_per_minute"), "16.6667" },
        { "output", LIMITS(""), BURN("output_tokens_per_minute"), "6.6667" },
        { "cost", LIMITS(""), BURN("cost_usd_per_minute"), "0.00833333" },
        { "basis", LIMITS(""), BURN("basis"), "'sessions'" },
        { "an hour ago still counts", AGO("'updated_at':'2026-11-22T09:00:00Z'"),
          BURN("tokens_per_minute"), "0.6667" },
        { "before that not", AGO("'updated_at':'2026-11-22T08:59:59.999Z'"),
          BURN("tokens_per_minute"), "0" },
        { "nor without a time", AGO("'x':1"), BURN("tokens_per_minute"), "0" },
        { "nor because it was made then", AGO("'createdAt':'2026-11-22T09:30:00Z'"),
          BURN("tokens_per_minute"), "0" },
        { "lastActivity counts", AGO("'lastActivity':1795340000"), BURN("tokens_per_minute"),
          "0.6667" },
        { "a clock that is ahead counts", AGO("'updatedAt':1795341700"), BURN("tokens_per_minute"),
          "0.6667" },
        { "cost is estimated where none is told",
          SESSIONS("{'model':'claude-opus-4-7','inputTokens':1000000,'updatedAt':1795340000}"),
          BURN("cost_usd_per_minute"), "0.25" },
        { "nothing", "{}", BURN("cost_usd_per_minute"), "0" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* 10:00 is quarter 40; 09:00 is 36. */
static void quarters_tell_it_better(void **state)
{
#define Q(index, more)                                                                             \
    "{'date':'2026-11-22','quarterIndex':" index ",'input':60,'output':30" more "}"
#define QUARTERS(list)                                                                             \
    SESSIONS("{'model':'claude-opus-4-7','updatedAt':1795340000,'usage':{'input':999999,"          \
             "'utcQuarterHourTokenUsage':[" list "]}}")
    static const struct gateway_row rows[] = {
        { "basis", QUARTERS(Q("38", "")), BURN("basis"), "'quarter_hours'" },
        { "since the first began", QUARTERS(Q("38", "") "," Q("39", "")), BURN("tokens_per_minute"),
          "6" },
        { "output", QUARTERS(Q("38", "") "," Q("39", "")), BURN("output_tokens_per_minute"), "2" },
        { "an hour ago still counts", QUARTERS(Q("36", "")), BURN("tokens_per_minute"), "1.5" },
        { "before that not", QUARTERS(Q("35", "") "," Q("39", "")), BURN("tokens_per_minute"),
          "6" },
        { "nor the future", QUARTERS(Q("41", "")), BURN("tokens_per_minute"), "0" },
        { "cost as told", QUARTERS(Q("38", ",'totalCost':0.3")), BURN("cost_usd_per_minute"),
          "0.01" },
        { "else estimated", QUARTERS(Q("38", "")), BURN("cost_usd_per_minute"), "0.000105" },
        { "by the model that did most",
          SESSIONS("{'usage':{'utcQuarterHourTokenUsage':[" Q(
              "38", "") "],'modelUsage':["
                        "{'model':'x','totals':{'input':1}},"
                        "{'model':'claude-opus-4-7','totals':{'input':2}}]}}"),
          BURN("cost_usd_per_minute"), "0.000105" },
        { "none in the last hour", QUARTERS(Q("20", "")), BURN("tokens_per_minute"), "0" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void the_smallest_time_wins(void **state)
{
    static const struct gateway_row rows[] = {
        { "output", LIMITS("'outputTokenLimit':500"), LEFT, "899995" }, /* 100 / 6.6667 */
        { "its kind", LIMITS("'outputTokenLimit':500"), KIND, "'output_tokens'" },
        { "it is not safe", LIMITS("'outputTokenLimit':500"), SAFE, "false" },
        { "all", LIMITS("'totalTokenLimit':2000"), LEFT, "3599992" }, /* 1000 / 16.6667 */
        { "its kind", LIMITS("'totalTokenLimit':2000"), KIND, "'total_tokens'" },
        { "messages", LIMITS("'messageLimit':10"), LEFT, "1800000" }, /* 5 in 30 minutes */
        { "their kind", LIMITS("'messageLimit':10"), KIND, "'messages'" },
        { "the smallest",
          LIMITS("'outputTokenLimit':50000,'totalTokenLimit':2000,"
                 "'messageLimit':1000"),
          KIND, "'total_tokens'" },
        { "the smallest, first", LIMITS("'outputTokenLimit':401,'totalTokenLimit':2000"), KIND,
          "'output_tokens'" },
        { "the smallest, last", LIMITS("'totalTokenLimit':20000,'messageLimit':6"), KIND,
          "'messages'" },
        { "far away is safe", LIMITS("'totalTokenLimit':900000"), SAFE, "true" },
        { "the old limit where there is no other", LIMITS("'tokenLimit':2000"), LEFT, "3599992" },
        { "its kind", LIMITS("'tokenLimit':2000"), KIND, "'total_tokens'" },
        { "not beside another", LIMITS("'tokenLimit':1001,'totalTokenLimit':2000"), LEFT,
          "3599992" },
        { "messages beside the old one", LIMITS("'tokenLimit':2000,'messageLimit':6"), KIND,
          "'messages'" },
        { "a cost limit is not predicted", LIMITS("'costLimit':0.6"), LEFT, "null" },
        { "nothing to predict", LIMITS(""), LEFT, "null" },
        { "is safe", LIMITS(""), SAFE, "true" },
        { "and about all tokens", LIMITS(""), KIND, "'total_tokens'" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* As long as the rest of the window is not safe, a millisecond more is. */
static void safe_is_beyond_the_window(void **state)
{
#define ENDS(at) LIMITS("'messageLimit':10,'windowStart':'2026-11-22T09:30:00Z','windowEnd':" at)
    static const struct gateway_row rows[] = {
        { "just at its end", ENDS("'2026-11-22T10:30:00Z'"), SAFE, "false" },
        { "behind it", ENDS("'2026-11-22T10:29:59.999Z'"), SAFE, "true" },
        { "a window that is over: the whole of it has elapsed", ENDS("'2026-11-22T09:40:00Z'"),
          LEFT, "600000" },
        { "a window without length: one millisecond", ENDS("'2026-11-22T09:30:00Z'"), LEFT, "1" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_limit_that_is_used_up_says_so(void **state)
{
    static const struct gateway_row rows[] = {
        { "at once", LIMITS("'outputTokenLimit':400"), LEFT, "0" },
        { "not safe", LIMITS("'outputTokenLimit':400"), SAFE, "false" },
        { "kind", LIMITS("'outputTokenLimit':400"), KIND, "'output_tokens'" },
        { "more than used up", LIMITS("'messageLimit':3"), KIND, "'messages'" },
        { "before any other", LIMITS("'outputTokenLimit':500,'totalTokenLimit':1000"), KIND,
          "'total_tokens'" },
        { "the first of two", LIMITS("'outputTokenLimit':1,'messageLimit':1"), KIND,
          "'output_tokens'" },
        { "while it goes on that is all", LIMITS("'outputTokenLimit':400"), EXHAUSTED, "absent" },
        { "at rest it is no candidate", RESTED("'outputTokenLimit':400"), LEFT, "null" },
        { "but told", RESTED("'outputTokenLimit':400"), EXHAUSTED, "true" },
        { "the old one too", RESTED("'tokenLimit':1000"), EXHAUSTED, "true" },
        { "beside a candidate too", RESTED("'outputTokenLimit':400,'messageLimit':10"), EXHAUSTED,
          "true" },
        { "calls were made in the window all the same",
          RESTED("'outputTokenLimit':400,'messageLimit':10"), KIND, "'messages'" },
        { "one that is not used up is not told", RESTED("'outputTokenLimit':401"), EXHAUSTED,
          "absent" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* What the page shows as 0 per minute cannot be counted on. */
static void a_rate_counts_as_it_is_shown(void **state)
{
    static const struct gateway_row rows[] = {
        { "too slow to be seen",
          "{'status':{'outputTokenLimit':100},'sessions':[{'outputTokens':0,'inputTokens':1,"
          "'updatedAt':1795340000}]}",
          LEFT, "null" },
        { "a rounded one", /* 1/60 is 0.0167 */
          "{'status':{'totalTokenLimit':2},'sessions':[{'inputTokens':1,'updatedAt':1795340000}]}",
          LEFT, "3592814" },
        { "a limit of output lends nothing to all tokens",
          "{'status':{'outputTokenLimit':100},'sessions':[{'inputTokens':60,"
          "'updatedAt':1795340000}]}",
          LEFT, "null" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_of_the_last_hour_tell_the_speed),
        cmocka_unit_test(quarters_tell_it_better),
        cmocka_unit_test(the_smallest_time_wins),
        cmocka_unit_test(safe_is_beyond_the_window),
        cmocka_unit_test(a_limit_that_is_used_up_says_so),
        cmocka_unit_test(a_rate_counts_as_it_is_shown),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
