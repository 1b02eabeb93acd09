/* Tests of gateway/usage_current.c: what was spent, against which limits.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

/* 600 tokens of input, 400 of output, 5 calls, 0.50 dollars. */
#define SPENT                                                                                      \
    "'sessions':[{'model':'claude-opus-4-7','inputTokens':600,'outputTokens':400,'calls':5,"       \
    "'cost':0.5}]"
#define LIMITS(members)     "{'cost':{},'status':{" members "}," SPENT "}"
#define CONFIGURED(members) "{'limits':{" members "}," SPENT "}"
#define CURRENT(key)        "current|" key

static void what_was_spent_is_added_up(void **state)
{
#define BOTH                                                                                       \
    SESSIONS("{'model':'a','inputTokens':1,'outputTokens':2,'cacheReadTokens':9,'cost':0.1},"      \
             "{'model':'b','inputTokens':10,'outputTokens':20,'calls':3,'cost':0.02}")
    static const struct gateway_row rows[] = {
        { "cost", BOTH, CURRENT("total_cost_usd"), "0.12" },
        { "tokens without those of caches", BOTH, CURRENT("total_tokens"), "33" },
        { "output", BOTH, CURRENT("total_output_tokens"), "22" },
        { "calls", BOTH, CURRENT("total_calls"), "4" },
        { "nothing", "{}", CURRENT("total_cost_usd"), "0" },
        { "noise is rounded away",
          SESSIONS("{'cost':0.1},{'cost':0.2},{'model':'x','cost':0.000000001}"),
          CURRENT("total_cost_usd"), "0.3" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void limits_are_read_in_every_spelling(void **state)
{
    static const struct gateway_row rows[] = {
        { "outputTokenLimit", LIMITS("'outputTokenLimit':1000"), CURRENT("output_token_limit"),
          "1000" },
        { "output_token_limit", LIMITS("'output_token_limit':'1000'"),
          CURRENT("output_token_limit"), "1000" },
        { "its percent", LIMITS("'outputTokenLimit':1000"), CURRENT("output_token_limit_pct"),
          "40" },
        { "totalTokenLimit", LIMITS("'totalTokenLimit':3000"), CURRENT("total_token_limit"),
          "3000" },
        { "total_token_limit", LIMITS("'total_token_limit':3000"), CURRENT("total_token_limit"),
          "3000" },
        { "its percent, rounded down", LIMITS("'totalTokenLimit':3000"),
          CURRENT("total_token_limit_pct"), "33" },
        { "messageLimit", LIMITS("'messageLimit':6"), CURRENT("message_limit"), "6" },
        { "message_limit", LIMITS("'message_limit':6"), CURRENT("message_limit"), "6" },
        { "requestLimit", LIMITS("'requestLimit':6"), CURRENT("message_limit"), "6" },
        { "request_limit", LIMITS("'request_limit':6"), CURRENT("message_limit"), "6" },
        { "messages first", LIMITS("'request_limit':7,'messageLimit':6"), CURRENT("message_limit"),
          "6" },
        { "against calls", LIMITS("'messageLimit':6"), CURRENT("message_pct"), "83" },
        { "never against tokens", LIMITS("'messageLimit':6"), CURRENT("total_token_limit"),
          "null" },
        { "tokenLimit", LIMITS("'tokenLimit':2000"), CURRENT("token_limit"), "2000" },
        { "token_limit", LIMITS("'token_limit':2000"), CURRENT("token_limit"), "2000" },
        { "against all tokens", LIMITS("'tokenLimit':2000"), CURRENT("token_pct"), "50" },
        { "costLimit", LIMITS("'costLimit':0.75"), CURRENT("cost_limit_usd"), "0.75" },
        { "cost_limit", LIMITS("'cost_limit':'0.75'"), CURRENT("cost_limit_usd"), "0.75" },
        { "costLimitUsd", LIMITS("'costLimitUsd':0.75"), CURRENT("cost_limit_usd"), "0.75" },
        { "its percent", LIMITS("'costLimit':0.75"), CURRENT("cost_pct"), "66" },
        { "in usage.cost", "{'cost':{'costLimit':0.75}," SPENT "}", CURRENT("cost_pct"), "66" },
        { "usage.status wins", "{'cost':{'costLimit':9},'status':{'costLimit':0.75}," SPENT "}",
          CURRENT("cost_pct"), "66" },
        { "never above 100", LIMITS("'outputTokenLimit':3"), CURRENT("output_token_limit_pct"),
          "100" },
        { "just below", LIMITS("'totalTokenLimit':1001"), CURRENT("total_token_limit_pct"), "99" },
        { "just there", LIMITS("'totalTokenLimit':1000"), CURRENT("total_token_limit_pct"), "100" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void where_there_is_no_limit_there_is_null(void **state)
{
    static const struct gateway_row rows[] = {
        { "limit", LIMITS(""), CURRENT("output_token_limit"), "null" },
        { "percent", LIMITS(""), CURRENT("output_token_limit_pct"), "null" },
        { "source", LIMITS(""), CURRENT("output_token_limit_source"), "null" },
        { "messages", LIMITS(""), CURRENT("message_pct"), "null" },
        { "tokens", LIMITS(""), CURRENT("token_limit_source"), "null" },
        { "cost", LIMITS(""), CURRENT("cost_limit_usd"), "null" },
        { "zero is none", LIMITS("'outputTokenLimit':0"), CURRENT("output_token_limit"), "null" },
        { "less than one is none", LIMITS("'outputTokenLimit':0.5"), CURRENT("output_token_limit"),
          "null" },
        { "negative is none", LIMITS("'outputTokenLimit':-4"), CURRENT("output_token_limit"),
          "null" },
        { "a word is none", LIMITS("'outputTokenLimit':'none'"), CURRENT("output_token_limit"),
          "null" },
        { "the next that is one", LIMITS("'outputTokenLimit':0,'output_token_limit':9"),
          CURRENT("output_token_limit"), "9" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void an_old_token_limit_is_lent_from_the_others(void **state)
{
#define OUT "'outputTokenLimit':1000"
#define ALL "'totalTokenLimit':4000"
    static const struct gateway_row rows[] = {
        { "from that of output", LIMITS(OUT "," ALL), CURRENT("token_limit"), "1000" },
        { "with its percent", LIMITS(OUT "," ALL), CURRENT("token_pct"), "40" },
        { "else from that of all", LIMITS(ALL), CURRENT("token_limit"), "4000" },
        { "with its percent", LIMITS(ALL), CURRENT("token_pct"), "25" },
        { "and its source", LIMITS(ALL), CURRENT("token_limit_source"), "'configured_limit'" },
        { "not where it has its own", LIMITS(OUT "," ALL ",'tokenLimit':2000"),
          CURRENT("token_limit"), "2000" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void headers_tell_whose_limits_they_are(void **state)
{
#define H(header) LIMITS("'outputTokenLimit':9," header), CURRENT("output_token_limit_source")
#define API       "'provider_api_rate_limit'"
#define OURS      "'configured_limit'"
    static const struct gateway_row rows[] = {
        { "none", H("'x':1"), OURS },
        { "x_ratelimit_remaining", H("'x_ratelimit_remaining':5"), API },
        { "x_ratelimit_limit", H("'x_ratelimit_limit':'5'"), API },
        { "anthropic_ratelimit_remaining", H("'anthropic_ratelimit_remaining':5"), API },
        { "anthropic_ratelimit_limit", H("'anthropic_ratelimit_limit':5"), API },
        { "zero is none", H("'x_ratelimit_remaining':0"), OURS },
        { "null is none", H("'x_ratelimit_remaining':null"), OURS },
        { "an empty text is none", H("'x_ratelimit_remaining':''"), OURS },
        { "a zero in quotes is a text", H("'x_ratelimit_remaining':'0'"), API },
        { "the others count then", H("'x_ratelimit_remaining':0,'x_ratelimit_limit':5"), API },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void limits_can_be_configured(void **state)
{
    static const struct gateway_row rows[] = {
        { "output", CONFIGURED("'output_tokens':1000"), CURRENT("output_token_limit_pct"), "40" },
        { "all", CONFIGURED("'total_tokens':4000"), CURRENT("total_token_limit_pct"), "25" },
        { "messages", CONFIGURED("'messages':10"), CURRENT("message_pct"), "50" },
        { "tokens", CONFIGURED("'tokens':2000"), CURRENT("token_pct"), "50" },
        { "cost", CONFIGURED("'cost_usd':2"), CURRENT("cost_pct"), "25" },
        { "source", CONFIGURED("'cost_usd':2"), CURRENT("cost_limit_source"), OURS },
        { "the gateway's goes first",
          "{'limits':{'messages':100},'status':{'messageLimit':10}," SPENT "}",
          CURRENT("message_pct"), "50" },
        { "headers do not make it theirs",
          "{'limits':{'messages':100},'status':{'x_ratelimit_limit':10}," SPENT "}",
          CURRENT("message_limit_source"), OURS },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* The window is 05:00 to 10:00; quarters 20 … 39 begin in it. */
static void quarters_of_an_hour_tell_the_windows_tokens(void **state)
{
#define Q(index, output)                                                                           \
    "{'date':'2026-11-22','quarterIndex':" index ",'input':1,'output':" output ",'cacheRead':7}"
#define QUARTERS(list)                                                                             \
    SESSIONS("{'usage':{'input':5000,'output':5000,'totalCost':0.5,"                               \
             "'utcQuarterHourTokenUsage':[" list "]}}")
    static const struct gateway_row rows[] = {
        { "inside", QUARTERS(Q("20", "100") "," Q("39", "30")), CURRENT("total_tokens"), "132" },
        { "output", QUARTERS(Q("20", "100") "," Q("39", "30")), CURRENT("total_output_tokens"),
          "130" },
        { "outside", QUARTERS(Q("19", "100") "," Q("40", "30")), CURRENT("total_tokens"), "0" },
        { "of several sessions",
          "{'sessions':[{'usage':{'utcQuarterHourTokenUsage':[" Q(
              "20", "1") "]}},"
                         "{'usage':{'utcQuarterHourTokenUsage':[" Q("21", "2") "]}}]}",
          CURRENT("total_tokens"), "5" },
        { "cost stays that of the sessions", QUARTERS(Q("20", "100")), CURRENT("total_cost_usd"),
          "0.5" },
        { "an empty list tells nothing", QUARTERS(""), CURRENT("total_tokens"), "10000" },
        { "nor does one without a day",
          QUARTERS("{'quarterIndex':20,'output':1},3,null,{'date':'today','quarterIndex':20}"),
          CURRENT("total_tokens"), "10000" },
        { "nor one that no day has",
          QUARTERS(Q("96", "1") "," Q("-1", "1") "," Q("null", "1") "," Q("'x'", "1")),
          CURRENT("total_tokens"), "10000" },
        { "nor a date that is none", QUARTERS("{'date':'2026-02-30','quarterIndex':20,'output':1}"),
          CURRENT("total_tokens"), "10000" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_spent_is_added_up),
        cmocka_unit_test(limits_are_read_in_every_spelling),
        cmocka_unit_test(where_there_is_no_limit_there_is_null),
        cmocka_unit_test(an_old_token_limit_is_lent_from_the_others),
        cmocka_unit_test(headers_tell_whose_limits_they_are),
        cmocka_unit_test(limits_can_be_configured),
        cmocka_unit_test(quarters_of_an_hour_tell_the_windows_tokens),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
