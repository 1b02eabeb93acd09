/* Tests of gateway/usage_session.c: where sessions are found, their tokens, calls and cost.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

#define OPUS      "per_model|anthropic/claude-opus-4-7|"
#define U(usage)  SESSIONS("{'model':'claude-opus-4-7','usage':" usage "}")
#define O(own)    SESSIONS("{'model':'claude-opus-4-7'," own "}")
#define ONE(name) "[{'id':'" name "','input_tokens':1}]"

static void tokens_are_read_in_every_spelling(void **state)
{
    static const struct gateway_row rows[] = {
        { "input_tokens", U("{'input_tokens':7}"), OPUS "input_tokens", "7" },
        { "inputTokens", U("{'inputTokens':7}"), OPUS "input_tokens", "7" },
        { "input", U("{'input':7}"), OPUS "input_tokens", "7" },
        { "output_tokens", U("{'output_tokens':7}"), OPUS "output_tokens", "7" },
        { "outputTokens", U("{'outputTokens':7}"), OPUS "output_tokens", "7" },
        { "output", U("{'output':7}"), OPUS "output_tokens", "7" },
        { "cache_read_input_tokens", U("{'cache_read_input_tokens':7}"), OPUS "cache_read_tokens",
          "7" },
        { "cacheReadTokens", U("{'cacheReadTokens':7}"), OPUS "cache_read_tokens", "7" },
        { "cache_read", U("{'cache_read':7}"), OPUS "cache_read_tokens", "7" },
        { "cacheRead", U("{'cacheRead':7}"), OPUS "cache_read_tokens", "7" },
        { "cache_creation_input_tokens", U("{'cache_creation_input_tokens':7}"),
          OPUS "cache_write_tokens", "7" },
        { "cacheWriteTokens", U("{'cacheWriteTokens':7}"), OPUS "cache_write_tokens", "7" },
        { "cache_write", U("{'cache_write':7}"), OPUS "cache_write_tokens", "7" },
        { "cacheWrite", U("{'cacheWrite':7}"), OPUS "cache_write_tokens", "7" },
        { "own input_tokens", O("'input_tokens':7"), OPUS "input_tokens", "7" },
        { "own inputTokens", O("'inputTokens':7"), OPUS "input_tokens", "7" },
        { "own input is no spelling", O("'input':7"), OPUS "input_tokens", "0" },
        { "own output_tokens", O("'output_tokens':7"), OPUS "output_tokens", "7" },
        { "own outputTokens", O("'outputTokens':7"), OPUS "output_tokens", "7" },
        { "own cache_read_tokens", O("'cache_read_tokens':7"), OPUS "cache_read_tokens", "7" },
        { "own cacheReadTokens", O("'cacheReadTokens':7"), OPUS "cache_read_tokens", "7" },
        { "own cache_write_tokens", O("'cache_write_tokens':7"), OPUS "cache_write_tokens", "7" },
        { "own cacheWriteTokens", O("'cacheWriteTokens':7"), OPUS "cache_write_tokens", "7" },
        { "own cache_read is no spelling", O("'cache_read':7"), OPUS "cache_read_tokens", "0" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void the_first_readable_spelling_counts(void **state)
{
    static const struct gateway_row rows[] = {
        { "the first of two", U("{'input':9,'input_tokens':7}"), OPUS "input_tokens", "7" },
        { "a zero is readable", U("{'cache_read_input_tokens':0,'cacheRead':9}"),
          OPUS "cache_read_tokens", "0" },
        { "null is not", U("{'input_tokens':null,'input':9}"), OPUS "input_tokens", "9" },
        { "NaN is not", U("{'input_tokens':'NaN','input':9}"), OPUS "input_tokens", "9" },
        { "infinity is not", U("{'input_tokens':'Infinity','input':9}"), OPUS "input_tokens", "9" },
        { "a negative one is not", U("{'input_tokens':-1,'input':9}"), OPUS "input_tokens", "9" },
        { "a word is not", U("{'input_tokens':'many','input':9}"), OPUS "input_tokens", "9" },
        { "true is not", U("{'input_tokens':true,'input':9}"), OPUS "input_tokens", "9" },
        { "an object is not", U("{'input_tokens':{'n':1},'input':9}"), OPUS "input_tokens", "9" },
        { "a list is not", U("{'input_tokens':[1],'input':9}"), OPUS "input_tokens", "9" },
        { "a huge one is not", U("{'input_tokens':1e300,'input':9}"), OPUS "input_tokens", "9" },
        { "a number in quotes", U("{'input_tokens':' 12 '}"), OPUS "input_tokens", "12" },
        { "an exponent in quotes", U("{'input_tokens':'1.2e3'}"), OPUS "input_tokens", "1200" },
        { "a hexadecimal one is none", U("{'input_tokens':'0x10'}"), OPUS "input_tokens", "0" },
        { "fractions truncate", U("{'input_tokens':12.9}"), OPUS "input_tokens", "12" },
        { "and in quotes", U("{'input_tokens':'12.9'}"), OPUS "input_tokens", "12" },
        { "a zero in usage lets the session speak",
          SESSIONS("{'model':'claude-opus-4-7','usage':{'input_tokens':0},'inputTokens':5}"),
          OPUS "input_tokens", "5" },
        { "what usage has goes first",
          SESSIONS("{'model':'claude-opus-4-7','usage':{'input_tokens':3},'inputTokens':5}"),
          OPUS "input_tokens", "3" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void usage_goes_before_tokens(void **state)
{
#define B(usage) O("'tokens':{'input':4},'usage':" usage)
    static const struct gateway_row rows[] = {
        { "tokens alone", O("'tokens':{'input':4}"), OPUS "input_tokens", "4" },
        { "usage hides tokens", B("{'input':3}"), OPUS "input_tokens", "3" },
        { "also without a count in it", B("{'x':1}"), OPUS "input_tokens", "0" },
        { "an empty object does not", B("{}"), OPUS "input_tokens", "4" },
        { "nor null", B("null"), OPUS "input_tokens", "4" },
        { "nor an empty text", B("''"), OPUS "input_tokens", "4" },
        { "nor zero", B("0"), OPUS "input_tokens", "4" },
        { "nor false", B("false"), OPUS "input_tokens", "4" },
        { "nor an empty list", B("[]"), OPUS "input_tokens", "4" },
        { "a text does", B("'none'"), OPUS "input_tokens", "0" },
        { "a number does", B("5"), OPUS "input_tokens", "0" },
        { "a list does", B("[{'input':5}]"), OPUS "input_tokens", "0" },
        { "tokens that are no object are nothing", O("'tokens':[1,2]"), OPUS "input_tokens", "0" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void calls_are_counted_or_one(void **state)
{
    static const struct gateway_row rows[] = {
        { "calls", O("'calls':3"), OPUS "calls", "3" },
        { "messageCount", O("'messageCount':'3'"), OPUS "calls", "3" },
        { "messages", O("'messages':3"), OPUS "calls", "3" },
        { "calls first", O("'messages':9,'messageCount':8,'calls':3"), OPUS "calls", "3" },
        { "zero is a count", O("'calls':0"), OPUS "calls", "0" },
        { "a list of messages is none", O("'messages':[1,2]"), OPUS "calls", "1" },
        { "else one", O("'x':3"), OPUS "calls", "1" },
        { "the assistant's messages", U("{'messageCounts':{'total':5,'assistant':2}}"),
          OPUS "calls", "2" },
        { "a negative count is none", O("'calls':-2"), OPUS "calls", "1" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* A million tokens of input would be 15 dollars. */
static void what_the_gateway_says_it_cost_goes_first(void **state)
{
#define C(usage_cost, own)                                                                         \
    SESSIONS("{'model':'claude-opus-4-7','usage':{'input':1000000" usage_cost "}" own "}")
    static const struct gateway_row rows[] = {
        { "nothing said: the price table", C("", ""), OPUS "cost_usd", "15" },
        { "usage.cost.total", C(",'cost':{'total':0.5}", ""), OPUS "cost_usd", "0.5" },
        { "usage.cost as a number", C(",'cost':0.5", ""), OPUS "cost_usd", "0.5" },
        { "in quotes", C(",'cost':'0.5'", ""), OPUS "cost_usd", "0.5" },
        { "usage.totalCost", C(",'totalCost':0.5", ""), OPUS "cost_usd", "0.5" },
        { "cost", C("", ",'cost':0.5"), OPUS "cost_usd", "0.5" },
        { "cost_usd", C("", ",'cost_usd':0.5"), OPUS "cost_usd", "0.5" },
        { "costUsd", C("", ",'costUsd':0.5"), OPUS "cost_usd", "0.5" },
        { "estimatedCostUsd", C("", ",'estimatedCostUsd':0.5"), OPUS "cost_usd", "0.5" },
        { "the block goes first", C(",'totalCost':0.5", ",'cost':0.7"), OPUS "cost_usd", "0.5" },
        { "total before totalCost", C(",'cost':{'total':0.4},'totalCost':0.5", ""), OPUS "cost_usd",
          "0.4" },
        { "zero says nothing", C(",'cost':{'total':0},'totalCost':0", ",'cost':0.7"),
          OPUS "cost_usd", "0.7" },
        { "all zero: the price table", C(",'totalCost':0", ",'cost':0"), OPUS "cost_usd", "15" },
        { "negative says nothing", C(",'totalCost':-3", ""), OPUS "cost_usd", "15" },
        { "NaN says nothing", C(",'totalCost':'nan'", ""), OPUS "cost_usd", "15" },
        { "without end says nothing", C(",'totalCost':1e308", ""), OPUS "cost_usd", "15" },
        { "noise is rounded away", C(",'totalCost':0.12767499999999998", ""), OPUS "cost_usd",
          "0.127675" },
        { "eight decimals", C(",'totalCost':0.123456789", ""), OPUS "cost_usd", "0.12345679" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void tokens_are_priced_by_file_and_table(void **state)
{
#define M(model, usage) SESSIONS("{" model ",'usage':" usage "}")
    static const struct gateway_row rows[] = {
        { "all four kinds",
          U("{'input':1000000,'output':1000000,'cacheRead':1000000,'cacheWrite':1000000}"),
          OPUS "cost_usd", "110.25" },
        { "eight decimals, half up",
          M("'provider':'openai','model':'heron-9'", "{'input':1,'output':3}"),
          "per_model|openai/heron-9|cost_usd", "0.000026" },
        { "the file goes before the table", M("'model':'claude-haiku-4-5'", "{'input':1000000}"),
          "per_model|anthropic/claude-haiku-4-5|cost_usd", "0.8" },
        { "a dated name finds the file's row",
          M("'model':'anthropic/Claude-Haiku-4-5-20251001'", "{'input':1000000}"),
          "per_model|anthropic/claude-haiku-4-5|cost_usd", "0.8" },
        { "another vendor's is not in the file, but in the table",
          M("'provider':'bedrock','model':'claude-haiku-4-5'", "{'input':1000000}"),
          "per_model|bedrock/claude-haiku-4-5|cost_usd", "1" },
        { "the table is asked by the name as it was sent",
          M("'provider':'google','model':'gemini-3-pro-preview'", "{'input':1000000}"),
          "per_model|google/gemini-3-pro|cost_usd", "2" },
        { "a rate that the file leaves out is nothing",
          M("'provider':'openai','model':'heron-9'", "{'cacheRead':1000000}"),
          "per_model|openai/heron-9|cost_usd", "0" },
        { "sums never take the rates of long prompts",
          M("'provider':'openai','model':'gpt-5.5'", "{'input':1000000}"),
          "per_model|openai/gpt-5.5|cost_usd", "5" },
        { "a price of its time", /* it fell on 2026-08-21 */
          M("'provider':'openai','model':'gpt-5.6-sol','updatedAt':'2026-08-20T10:00:00Z'",
            "{'input':1000000}"),
          "per_model|openai/gpt-5.6-sol|cost_usd", "5" },
        { "no row", M("'provider':'openai','model':'mystery'", "{'input':1000000}"),
          "per_model|openai/mystery|cost_usd", "0" },
        { "is told", M("'provider':'openai','model':'mystery'", "{'input':1000000}"),
          "per_model|openai/mystery|unpriced", "true" },
        { "also where the gateway knew the cost",
          M("'provider':'openai','model':'mystery'", "{'input':1000000,'totalCost':2}"),
          "per_model|openai/mystery|unpriced", "true" },
        { "a row of zeros is a price", M("'provider':'openai','model':'free-heron'", "{'input':9}"),
          "per_model|openai/free-heron|unpriced", "false" },
        { "one's own machine is free", M("'provider':'local','model':'llama4'", "{'input':9}"),
          "per_model|ollama/llama4|unpriced", "false" },
        { "and costs nothing", M("'provider':'ollama','model':'claude-opus-4-7'", "{'input':9}"),
          "per_model|ollama/claude-opus-4-7|cost_usd", "0" },
        { "unless the gateway says so",
          M("'provider':'ollama','model':'llama4'", "{'input':9,'cost':3}"),
          "per_model|ollama/llama4|cost_usd", "3" },
        { "other local servers are free by the table",
          M("'provider':'lmstudio','model':'llama4'", "{'input':9}"),
          "per_model|lmstudio/llama4|unpriced", "false" },
        { "priced is the usual case", U("{'input':1}"), OPUS "unpriced", "false" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void each_model_of_a_session_counts_for_itself(void **state)
{
#define TWO                                                                                        \
    "{'provider':'anthropic','model':'claude-opus-4-7','count':2,"                                 \
    "'totals':{'input':10,'output':20,'cacheRead':3,'totalCost':0.25}},"                           \
    "{'provider':'openai','model':'heron-9','count':3,'totals':{'input':1000000,'output':5}}"
#define MU(entries)                                                                                \
    SESSIONS("{'sessionId':'s','modelProvider':'xai','model':'grok','calls':9,"                    \
             "'usage':{'input':1000010,'output':25,'modelUsage':[" entries "]}}")
    static const struct gateway_row rows[] = {
        { "the first", MU(TWO), OPUS "output_tokens", "20" },
        { "its cost", MU(TWO), OPUS "cost_usd", "0.25" },
        { "its calls", MU(TWO), OPUS "calls", "2" },
        { "the second is estimated", MU(TWO), "per_model|openai/heron-9|cost_usd", "2.00004" },
        { "instead of the session's model", MU(TWO), "per_model|xai/grok", "absent" },
        { "the session is the sum", MU(TWO), "top_sessions|0|cost_usd", "2.25004" },
        { "and keeps its own model", MU(TWO), "top_sessions|0|model", "'xai/grok'" },
        { "calls are those of the models", MU(TWO), "current|total_calls", "5" },
        { "entries that are no objects are skipped", MU("1,null,'x',[]," TWO), OPUS "calls", "2" },
        { "none at all: the session's model", MU(""), "per_model|xai/grok|total_tokens",
          "1000035" },
        { "none with a count: the session's model", MU("{'model':'x'}"),
          "per_model|xai/grok|total_tokens", "1000035" },
        { "no list: the session's model",
          SESSIONS("{'model':'claude-opus-4-7','usage':{'input':1,'modelUsage':{'a':1}}}"),
          OPUS "input_tokens", "1" },
        { "a model for a session without one", SESSIONS("{'usage':{'modelUsage':[" TWO "]}}"),
          "top_sessions|0|model", "'openai/heron-9'" },
        { "a cost told of the session is not estimated over",
          SESSIONS("{'usage':{'totalCost':0.5,'modelUsage':[" TWO "]}}"), "top_sessions|0|cost_usd",
          "0.5" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void sessions_are_found_wherever_they_are(void **state)
{
    static const struct gateway_row rows[] = {
        { "in an object", "{'sessions':{'sessions':" ONE("a") "}}", "top_sessions|0|session_id",
          "'a'" },
        { "as a bare list", "{'sessions':" ONE("a") "}", "top_sessions|0|session_id", "'a'" },
        { "at the top of usage.cost", COST("'sessions':" ONE("a")), "top_sessions|0|session_id",
          "'a'" },
        { "below 5hour", COST("'5hour':" ONE("a")), "top_sessions|0|session_id", "'a'" },
        { "below 5h", COST("'5h':{'sessions':" ONE("a") "}"), "top_sessions|0|session_id", "'a'" },
        { "below today", COST("'today':" ONE("a")), "top_sessions|0|session_id", "'a'" },
        { "below week", COST("'week':" ONE("a")), "top_sessions|0|session_id", "'a'" },
        { "below 7day", COST("'7day':" ONE("a")), "top_sessions|0|session_id", "'a'" },
        { "below data", COST("'data':{'sessions':" ONE("a") "}"), "top_sessions|0|session_id",
          "'a'" },
        { "the first that is one", COST("'data':" ONE("b") ",'today':3,'week':" ONE("a")),
          "top_sessions|0|session_id", "'a'" },
        { "an object without a list is none", COST("'5h':{'x':[]},'data':" ONE("a")),
          "top_sessions|0|session_id", "'a'" },
        { "those of the sessions' answer go first",
          "{'cost':{'sessions':" ONE("b") "},'sessions':" ONE("a") "}", "top_sessions",
          "[{'session_id':'a','label':null,'model':null,'cost_usd':0,"
          "'total_tokens':1,'updated_at':null,'source':'local_jsonl_estimate'}]" },
        { "what is no object is skipped", "{'sessions':[1,null,'x',[],true,{'id':'a'}]}",
          "top_sessions|0|session_id", "'a'" },
        { "and nothing more", "{'sessions':[1,null,'x',[],true,{'id':'a'}]}", "top_sessions|1",
          "absent" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_session_is_known_by_many_names(void **state)
{
#define T(members) SESSIONS("{" members "}")
    static const struct gateway_row rows[] = {
        { "sessionId", T("'id':'b','sessionId':'a'"), "top_sessions|0|session_id", "'a'" },
        { "id", T("'session_id':'b','id':'a'"), "top_sessions|0|session_id", "'a'" },
        { "session_id", T("'session_id':'a'"), "top_sessions|0|session_id", "'a'" },
        { "a number", T("'id':42"), "top_sessions|0|session_id", "'42'" },
        { "the key where there is no id", T("'key':'agent:main:main'"), "top_sessions|0|session_id",
          "'agent:main:main'" },
        { "none", T("'id':[]"), "top_sessions|0|session_id", "null" },
        { "label", T("'name':'b','label':'a'"), "top_sessions|0|label", "'a'" },
        { "name", T("'title':'b','name':'a'"), "top_sessions|0|label", "'a'" },
        { "title", T("'displayName':'b','title':'a'"), "top_sessions|0|label", "'a'" },
        { "displayName", T("'derivedTitle':'b','displayName':'a'"), "top_sessions|0|label", "'a'" },
        { "derivedTitle", T("'derivedTitle':'a'"), "top_sessions|0|label", "'a'" },
        { "a blank one is none", T("'label':'  ','title':'a'"), "top_sessions|0|label", "'a'" },
        { "none", T("'label':3"), "top_sessions|0|label", "null" },
        { "updated_at", T("'updated_at':'2026-11-22T09:00:00Z'"), "top_sessions|0|updated_at",
          "'2026-11-22T09:00:00.000Z'" },
        { "updatedAt in milliseconds", T("'updatedAt':1795338000123"), "top_sessions|0|updated_at",
          "'2026-11-22T09:00:00.123Z'" },
        { "lastActivity in seconds", T("'lastActivity':1795338000"), "top_sessions|0|updated_at",
          "'2026-11-22T09:00:00.000Z'" },
        { "last_activity in quotes", T("'last_activity':'1795338000'"), "top_sessions|0|updated_at",
          "'2026-11-22T09:00:00.000Z'" },
        { "the last in its usage", T("'usage':{'lastActivity':1795338000000}"),
          "top_sessions|0|updated_at", "'2026-11-22T09:00:00.000Z'" },
        { "when it was created does not count", T("'createdAt':1795338000000"),
          "top_sessions|0|updated_at", "null" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_read_in_every_spelling),
        cmocka_unit_test(the_first_readable_spelling_counts),
        cmocka_unit_test(usage_goes_before_tokens),
        cmocka_unit_test(calls_are_counted_or_one),
        cmocka_unit_test(what_the_gateway_says_it_cost_goes_first),
        cmocka_unit_test(tokens_are_priced_by_file_and_table),
        cmocka_unit_test(each_model_of_a_session_counts_for_itself),
        cmocka_unit_test(sessions_are_found_wherever_they_are),
        cmocka_unit_test(a_session_is_known_by_many_names),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
