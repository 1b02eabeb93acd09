/* Tests of gateway/usage.c, usage_model.c and document.c: what there is, what is missing, which
 * rows are shown and in which order. SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

#define REFUSED                                                                                    \
    "{'type':'res','id':'1','ok':false,'error':{'code':'FORBIDDEN','message':'missing scope'}}"
#define LOADING "'cacheStatus':{'status':'refreshing','pendingFiles':4}"
#define USAGE   "{'aggregates':{},'sessions':[{'sessionId':'a'}]}"
#define LIST    "{'totalCount':1,'hasMore':false,'sessions':[{'sessionId':'a'}]}"
#define THREE(cost, status, sessions)                                                              \
    "{'cost':" cost ",'status':" status ",'sessions':" sessions "}"

static void sources_tell_what_failed(void **state)
{
    static const struct gateway_row rows[] = {
        { "all well", THREE("{}", "{}", USAGE), "sources",
          "{'usage.cost':'ok','usage.status':'ok','sessions.usage':'ok','pricing':'ok'}" },
        { "the list", THREE("{}", "{}", LIST), "sources|sessions.list", "'ok'" },
        { "nothing came", "{}", "sources|usage.cost", "'error: no answer'" },
        { "null is nothing", THREE("null", "{}", USAGE), "sources|usage.cost",
          "'error: no answer'" },
        { "too late", THREE("'timeout'", "{}", USAGE), "sources|usage.cost", "'timeout'" },
        { "refused", THREE("{}", REFUSED, USAGE), "sources|usage.status",
          "'error: FORBIDDEN: missing scope'" },
        { "refused without a word", THREE("{}", "{'type':'res','ok':false}", USAGE),
          "sources|usage.status", "'error: refused'" },
        { "a text", THREE("{}", "'fine'", USAGE), "sources|usage.status",
          "'error: the answer is no object'" },
        { "a list", THREE("[1]", "{}", USAGE), "sources|usage.cost",
          "'error: the answer is no object'" },
        { "a number", THREE("5", "{}", USAGE), "sources|usage.cost",
          "'error: the answer is no object'" },
        { "sessions without sessions", THREE("{}", "{}", "{'sessions':{'a':1}}"),
          "sources|sessions.usage", "'error: the answer holds no list of sessions'" },
        { "sessions that are a text", THREE("{}", "{}", "'x'"), "sources|sessions.usage",
          "'error: the answer holds no list of sessions'" },
        { "still loading: cost", THREE("{" LOADING "}", "{}", USAGE), "sources|usage.cost",
          "'refreshing'" },
        { "still loading: sessions", THREE("{}", "{}", "{'sessions':[],'totals':{}," LOADING "}"),
          "sources|sessions.usage", "'refreshing'" },
        { "still loading: status", THREE("{}", "{'refreshing':true,'providers':[]}", USAGE),
          "sources|usage.status", "'refreshing'" },
        { "stale is not fresh", THREE("{'cacheStatus':{'status':'stale'}}", "{}", USAGE),
          "sources|usage.cost", "'refreshing'" },
        { "fresh is well", THREE("{'cacheStatus':{'status':'fresh'}}", "{}", USAGE),
          "sources|usage.cost", "'ok'" },
        { "a frame is opened",
          THREE("{}", "{'type':'res','ok':true,'payload':{'tokenLimit':7}}", USAGE),
          "current|token_limit", "7" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void data_tells_how_much_is_there(void **state)
{
#define DATA(in, word)                                                                             \
    {                                                                                              \
        in, in, "data", "'" word "'"                                                               \
    }
    static const struct gateway_row rows[] = {
        DATA(THREE("{}", "{}", USAGE), "complete"),
        DATA(THREE("{}", "{}", "{'sessions':[{'usage':{'input':1}}]}"), "complete"),
        DATA(THREE("{}", "{}", "[{'tokens':{'input':1}}]"), "complete"),
        DATA(THREE("{}", "{}", "[]"), "complete"),
        DATA(THREE("{}", "{}", LIST), "partial"),
        DATA(THREE("{}", "{}", "[{'inputTokens':5}]"), "partial"),
        DATA("{'cost':{},'status':{},'sessions.list':[{'usage':{'input':1}}]}", "partial"),
        DATA("{'usage.cost':{},'usage.status':{},'sessions.usage':[{'a':1}]}", "complete"),
        DATA(THREE("'timeout'", "{}", USAGE), "partial"),
        DATA(THREE("{}", REFUSED, USAGE), "partial"),
        DATA(THREE("{}", "{}", "'timeout'"), "partial"),
        DATA(THREE("{" LOADING "}", "{}", USAGE), "partial"),
        DATA("{'sessions':[{'id':'a'}]}", "partial"),
        DATA("{'status':{'tokenLimit':3}}", "partial"),
        DATA("{'status':{'providers':[{'plan':'x'}]}}", "partial"),
        DATA("{'cost':{'sessions':[{'id':'a'}]}}", "partial"),
        DATA("{}", "none"),
        DATA("[]", "none"),
        DATA("7", "none"),
        DATA("'", "none"),
        DATA(THREE("'timeout'", "'timeout'", "'timeout'"), "none"),
        DATA(THREE("[]", "[]", "{}"), "none"),
        /* a gateway that has just started */
        DATA(THREE("{'totals':{'totalCost':0}," LOADING "}", "{'updatedAt':1,'providers':[]}",
                   "{'totals':{},'sessions':[]," LOADING "}"),
             "none"),
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void the_document_says_whose_and_when(void **state)
{
    static const struct gateway_row rows[] = {
        { "time", "{'now':'2026-11-22T10:00:00Z'}", "generated_at", "'2026-11-22T10:00:00.000Z'" },
        { "time in seconds", "{'now':1795341600}", "generated_at", "'2026-11-22T10:00:00.000Z'" },
        { "time told by the caller", "{'now':'later'}", "generated_at",
          "'2026-11-22T10:00:00.000Z'" },
        { "gateway", "{'gateway_id':'6f0c'}", "gateway_id", "'6f0c'" },
        { "no gateway", "{}", "gateway_id", "'eval'" },
        { "range",
          THREE("{}", "{}", "{'startDate':'2026-11-21','endDate':'2026-11-22','sessions':[]}"),
          "range", "{'from':'2026-11-21','to':'2026-11-22'}" },
        { "no range", THREE("{}", "{}", LIST), "range", "null" },
        { "half a range", THREE("{}", "{}", "{'startDate':'2026-11-21','sessions':[]}"), "range",
          "null" },
        { "no rows", "{}", "per_model", "{}" },
        { "no sessions", "{}", "top_sessions", "[]" },
        { "no providers", "{}", "providers", "[]" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void sums_of_the_gateway_go_before_sessions(void **state)
{
#define BY                                                                                         \
    "{'provider':'openai','model':'heron-9','count':40,"                                           \
    "'totals':{'input':100,'output':50,'totalCost':0.3}}"
#define WITH(by_model)                                                                             \
    THREE("{}", "{}",                                                                              \
          "{'aggregates':{'byModel':" by_model "},'sessions':[{'model':'x','inputTokens':7,"       \
          "'updatedAt':1795341600}]}")
    static const struct gateway_row rows[] = {
        { "tokens", WITH("[" BY "]"), "per_model|openai/heron-9|total_tokens", "150" },
        { "calls", WITH("[" BY "]"), "per_model|openai/heron-9|calls", "40" },
        { "cost", WITH("[" BY "]"), "per_model|openai/heron-9|cost_usd", "0.3" },
        { "source", WITH("[" BY "]"), "per_model|openai/heron-9|source", "'gateway_aggregates'" },
        { "sessions are left out", WITH("[" BY "]"), "per_model|anthropic/x", "absent" },
        { "current follows", WITH("[" BY "]"), "current|total_tokens", "150" },
        { "the dearest are sessions all the same", WITH("[" BY "]"), "top_sessions|0|total_tokens",
          "7" },
        { "none", WITH("[]"), "per_model|anthropic/x|source", "'local_jsonl_estimate'" },
        { "nothing readable", WITH("[1,null]"), "current|total_tokens", "7" },
        { "no list", WITH("{'a':1}"), "current|total_tokens", "7" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void the_dearest_session_stands_first(void **state)
{
#define S(id, cost, tokens) "{'id':'" id "','cost':" cost ",'outputTokens':" tokens "}"
#define TOP(place)          "top_sessions|" place "|session_id"
    static const struct gateway_row rows[] = {
        { "dearest", SESSIONS(S("a", "1", "9") "," S("b", "2", "1")), TOP("0"), "'b'" },
        { "equal: more tokens", SESSIONS(S("a", "1", "1") "," S("b", "1", "9")), TOP("0"), "'b'" },
        { "equal again: the id", SESSIONS(S("b", "1", "1") "," S("a", "1", "1")), TOP("0"), "'a'" },
        { "what is shown as equal is", SESSIONS(S("a", "1.000000001", "1") "," S("b", "1", "9")),
          TOP("0"), "'b'" },
        { "no id comes first", SESSIONS(S("a", "1", "1") ",{'cost':1,'outputTokens':1}"), TOP("0"),
          "null" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* The same document whatever the order of sessions. */
static void ten_thousand_sessions_make_ten_rows(void **state)
{
    const int n = 10000;
    struct buf text = { 0 };
    json_t *document;
    int i;

    buf_add_text(&text, "{'sessions':[");
    for (i = 0; i < n; i++)
        buf_printf(&text, "%s{'id':'s%05d','model':'m%d','cost':%d.5,'outputTokens':1}",
                   i ? "," : "", i, i % 50, (i * 7919) % n);
    buf_add_text(&text, "]}");
    document = gateway_document(*state, text.p);
    assert_int_equal(json_array_size(gateway_at(document, "top_sessions")), 10);
    assert_int_equal(json_object_size(gateway_at(document, "per_model")), 50);
    for (i = 0; i < 10; i++) {
        char place[64];

        snprintf(place, sizeof(place), "top_sessions|%d|cost_usd", i);
        assert_true(json_number_value(gateway_at(document, place)) == n - 1 - i + 0.5);
    }
    assert_true(json_number_value(gateway_at(document, "current|total_cost_usd")) == 50000000.0);
    assert_int_equal(json_integer_value(gateway_at(document, "current|total_calls")), n);
    json_decref(document);
    buf_fini(&text);
}

/* Whatever any value of the answers is replaced by, there is a document with all its parts. */
static void any_value_may_be_anything(void **state)
{
#define QUARTER_OF(bucket) ("{'sessions':[{'usage':{'utcQuarterHourTokenUsage':[" bucket "]}}]}")
    static const char *const parts[] = {
        "generated_at", "gateway_id", "data",        "sources",   "range",        "window",
        "current",      "burn_rate",  "predictions", "per_model", "top_sessions", "providers"
    };
    static const char *const values[] = {
        "null",
        "true",
        "-1",
        "0",
        "1e300",
        "9223372036854775807",
        "''",
        "'NaN'",
        "'1e999'",
        "[]",
        "{}",
        "[[[]]]",
        "{'a':{'b':[]}}",
        "'\\uffff'",
        "[{}]",
        "'9999-12-31T23:59:59.999Z'",
        "1e12",
        "NaN",
        "1e999",
    };
    static const char *const places[] = {
        "{'cost':%s,'status':%s,'sessions':%s}",
        "{'cost':{'sessions':%s,'5h':%s,'data':%s}}",
        "{'cost':{'windowStart':%s,'windowEnd':%s,'tokenLimit':%s},'sessions':[{'tokens':1}]}",
        "{'status':{'x_ratelimit_reset':%s,'costLimit':%s,'providers':%s}}",
        "{'status':{'providers':[{'provider':%s,'windows':%s,'plan':%s}]}}",
        "{'status':{'providers':[{'windows':[{'label':%s,'usedPercent':%s,'resetAt':%s}]}]}}",
        "{'status':{'messageLimit':%s},'sessions':[{'calls':%s,'updatedAt':%s}]}",
        "{'sessions':[{'id':%s,'model':%s,'usage':%s}]}",
        "{'sessions':[{'provider':%s,'label':%s,'tokens':%s}]}",
        "{'sessions':[{'usage':{'input':%s,'cost':%s,'modelUsage':%s}}]}",
        "{'sessions':[{'usage':{'modelUsage':[{'model':%s,'count':%s,'totals':%s}]}}]}",
        "{'sessions':[{'usage':{'messageCounts':%s,'totalCost':%s,'lastActivity':%s}}]}",
        QUARTER_OF("{'date':%s,'quarterIndex':%s,'input':%s}"),
        "{'sessions':{'aggregates':%s,'cacheStatus':%s,'startDate':%s,'sessions':[{}]}}",
        "{'now':%s,'limits':%s,'gateway_id':%s}",
    };
    size_t i, j, k;

    for (i = 0; i < COUNT(places) * COUNT(values); i++) {
        const char *place = places[i / COUNT(values)], *value = values[i % COUNT(values)];

        for (j = 0; j < COUNT(values); j += 3) {
            struct buf text = { 0 };
            json_t *document;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            buf_printf(&text, place, value, values[j], values[(i + j) % COUNT(values)]);
#pragma GCC diagnostic pop
            document = gateway_document(*state, text.p);
            for (k = 0; k < COUNT(parts); k++)
                assert_non_null(gateway_at(document, parts[k]));
            assert_int_equal(json_object_size(document), COUNT(parts));
            json_decref(document);
            buf_fini(&text);
        }
    }
}

static void a_broken_price_file_is_told(void **state)
{
    char path[] = TESTS_DIR "/gateway/no-such-prices.json", where[] = "/nonexistent/config.json";
    struct config config = { .pricing_file = path, .config_path = where };
    const struct gateway_row rows[] = {
        { "it is told", "{}", "sources|pricing",
          "'error: cannot open " TESTS_DIR
          "/gateway/no-such-prices.json: No such file or directory'" },
        { "the built-in table is used",
          SESSIONS("{'model':'claude-haiku-4-5','inputTokens':1000000}"),
          "per_model|anthropic/claude-haiku-4-5|cost_usd", "1" },
    };
    void *prices = NULL;

    (void)state;
    assert_int_equal(gateway_prices_open((struct gateway_prices **)&prices, &config, NULL), 0);
    gateway_check_all(&prices, rows, COUNT(rows));
    gateway_prices_close(prices);
}

static void without_prices_all_is_unpriced(void **state)
{
    static const struct gateway_row rows[] = {
        { "cost", SESSIONS("{'model':'claude-opus-4-7','inputTokens':9}"),
          "per_model|anthropic/claude-opus-4-7|unpriced", "true" },
        { "told", "{}", "sources|pricing", "'ok'" },
    };
    void *none = NULL;

    (void)state;
    gateway_check_all(&none, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_tell_what_failed),
        cmocka_unit_test(data_tells_how_much_is_there),
        cmocka_unit_test(the_document_says_whose_and_when),
        cmocka_unit_test(sums_of_the_gateway_go_before_sessions),
        cmocka_unit_test(the_dearest_session_stands_first),
        cmocka_unit_test(ten_thousand_sessions_make_ten_rows),
        cmocka_unit_test(any_value_may_be_anything),
        cmocka_unit_test(a_broken_price_file_is_told),
        cmocka_unit_test(without_prices_all_is_unpriced),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
