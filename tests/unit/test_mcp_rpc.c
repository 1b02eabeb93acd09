/* Tests of mcp/rpc.c, ask.c and tools.c: what is answered to which line.
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"
#include "mcp/mcp.h"
#include "store/store.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int open_empty(void *to, struct store **out, struct err *err)
{
    (void)to;
    return store_open(out, ":memory:", STORE_WRITE, err);
}

static int open_nothing(void *to, struct store **out, struct err *err)
{
    (void)to, (void)out;
    err_set(err, ERR_FULL, "no \"space\" is left");
    return -1;
}

static const struct config nothing_set;
static struct zone *utc;

static int open_zone(void **state)
{
    (void)state;
    return zone_open(&utc, "UTC", NULL);
}

static int close_zone(void **state)
{
    (void)state;
    zone_close(utc);
    return 0;
}

/* The answer to a line, parsed; NULL: none was given. Yours to json_decref. */
static json_t *ask(const char *line, int (*open)(void *, struct store **, struct err *))
{
    struct mcp_parts parts = { .config = &nothing_set, .query = { .zone = utc }, .open = open };
    struct buf out = { 0 };
    json_t *answer = NULL;

    mcp_take(&parts, span_of(line), &out);
    if (out.len > 0) {
        assert_null(memchr(out.p, '\n', out.len));
        answer = json_loadb(out.p, out.len, JSON_REJECT_DUPLICATES, NULL);
        if (!answer)
            fail_msg("%s is answered with %s", line, out.p);
        assert_string_equal(json_string_value(json_object_get(answer, "jsonrpc")), "2.0");
    }
    buf_fini(&out);
    return answer;
}

static json_t *call(const char *tool, const char *arguments)
{
    char line[512];

    snprintf(line, sizeof(line),
             "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":"
             "{\"name\":\"%s\",\"arguments\":%s}}",
             tool, arguments);
    return ask(line, open_empty);
}

static void bad_messages_are_refused_with_the_code_that_fits(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *id; /* of the answer, as JSON */
    } cases[] = {
        { "hello", -32700, "null" },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", -32700, "null" },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", -32700, "null" },
        { "\"\xff\"", -32700, "null" },
        { "[]", -32600, "null" },
        { "12", -32600, "null" },
        { "null", -32600, "null" },
        { "{}", -32600, "null" },
        { "{\"id\":4,\"method\":\"ping\"}", -32600, "4" },
        { "{\"jsonrpc\":\"1.0\",\"id\":4,\"method\":\"ping\"}", -32600, "4" },
        { "{\"jsonrpc\":2.0,\"id\":4,\"method\":\"ping\"}", -32600, "4" },
        { "{\"jsonrpc\":\"2.0\",\"id\":4}", -32600, "4" },
        { "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":5}", -32600, "4" },
        { "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, "null" },
        { "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", -32600, "null" },
        { "{\"jsonrpc\":\"2.0\",\"id\":\"a\\n\\\"b\",\"method\":\"pong\"}", -32601,
          "\"a\\n\\\"b\"" },
        { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":[]}", -32602, "5" },
        { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"initialize\"}", -32602, "5" },
        { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\"}", -32602, "5" },
        { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"rm\"}}",
          -32602, "5" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *answer = ask(cases[i].line, open_empty);
        json_t *error = json_object_get(answer, "error");
        char *id = json_dumps(json_object_get(answer, "id"), JSON_ENCODE_ANY);

        if (json_integer_value(json_object_get(error, "code")) != cases[i].code)
            fail_msg("%s: another code", cases[i].line);
        assert_string_equal(id, cases[i].id);
        assert_true(json_string_length(json_object_get(error, "message")) > 10);
        free(id);
        json_decref(answer);
    }
}

static void notifications_answers_and_blank_lines_get_no_answer(void **state)
{
    static const char *const lines[] = {
        "",
        "  \r",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"rm\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":9,\"error\":{\"code\":1,\"message\":\"no\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_null(ask(lines[i], open_empty));
}

static void the_revision_is_the_clients_if_we_know_it_else_our_newest(void **state)
{
    static const struct {
        const char *wanted, *given;
    } cases[] = {
        { "2025-06-18", "2025-06-18" },
        { "2024-11-05", "2024-11-05" },
        { "1999-01-01", "2025-11-25" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[256];
        json_t *answer;

        snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                 "{\"protocolVersion\":\"%s\"}}",
                 cases[i].wanted);
        answer = ask(line, open_empty);
        assert_string_equal(json_string_value(json_object_get(json_object_get(answer, "result"),
                                                              "protocolVersion")),
                            cases[i].given);
        json_decref(answer);
    }
}

static void a_bad_argument_is_named(void **state)
{
    static const struct {
        const char *tool, *arguments, *says;
    } cases[] = {
        { "usage", "{\"by\":\"hour\"}", "by must be one of: day week" },
        { "usage", "{\"by\":3}", "by must be one of" },
        { "usage", "{\"colour\":1}", "no argument 'colour'; there are by, since" },
        { "usage", "{\"budget\":1}", "no argument 'budget'" },
        { "usage", "{\"since\":\"soon\"}", "since must be a day such as" },
        { "usage", "{\"since\":\"today\",\"until\":\"yesterday\"}", "later than until" },
        { "usage", "{\"last\":2,\"by\":\"model\"}", "last goes with by day" },
        { "usage", "{\"last\":2,\"since\":\"7d\"}", "last goes with" },
        { "usage", "{\"limit\":0}", "limit must be a whole number from 1 to 1000" },
        { "usage", "{\"limit\":1.5}", "limit must be a whole number" },
        { "usage", "{\"limit\":99999999999999999999}", "not JSON" },
        { "usage", "{\"model\":[\"a\",1]}", "model must be a text or a list" },
        { "usage", "[]", "arguments must be an object" },
        { "limits", "{\"account\":\"x\"}", "no argument 'account'; there is none" },
        { "cost", "{\"budget\":\"20\"}", "budget must be an amount" },
        { "cost", "{\"budget\":-1}", "budget must be an amount" },
        { "cost", "{\"budget\":-0.0}", "budget must be an amount" },
        { "cost", "{\"budget\":1e300}", "budget must be an amount" },
        { "cost", "{\"period\":\"year\"}", "period must be one of: day week month" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *answer = call(cases[i].tool, cases[i].arguments);
        json_t *error = json_object_get(answer, "error");
        const char *message = json_string_value(json_object_get(error, "message"));

        if (!message || !strstr(message, cases[i].says))
            fail_msg("%s %s: %s", cases[i].tool, cases[i].arguments, message ? message : "taken");
        json_decref(answer);
    }
}

static void every_tool_answers_from_an_empty_ledger(void **state)
{
    static const struct {
        const char *tool, *arguments;
    } cases[] = {
        { "usage", "{}" },
        { "usage", "{\"by\":\"block\",\"model\":\"opus\",\"agent\":[\"a*\",\"b\"]}" },
        { "usage", "{\"by\":null,\"last\":3,\"order\":\"asc\",\"limit\":1,\"offset\":2}" },
        { "sessions", "{\"since\":\"7d\"}" },
        { "limits", "null" },
        { "cost", "{\"period\":\"month\",\"budget\":0}" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *answer = call(cases[i].tool, cases[i].arguments);
        json_t *result = json_object_get(answer, "result");
        json_t *content = json_array_get(json_object_get(result, "content"), 0), *text;

        assert_true(json_is_false(json_object_get(result, "isError")));
        text = json_loads(json_string_value(json_object_get(content, "text")), 0, NULL);
        assert_true(json_is_object(text));
        assert_true(json_equal(text, json_object_get(result, "structuredContent")));
        json_decref(text);
        json_decref(answer);
    }
}

static void what_the_ledger_cannot_answer_is_told_to_the_model(void **state)
{
    json_t *answer = ask("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":"
                         "{\"name\":\"limits\"}}",
                         open_nothing);
    json_t *result = json_object_get(answer, "result");
    json_t *content = json_array_get(json_object_get(result, "content"), 0);

    (void)state;
    assert_true(json_is_true(json_object_get(result, "isError")));
    assert_string_equal(json_string_value(json_object_get(content, "text")),
                        "no \"space\" is left");
    json_decref(answer);
}

static void the_budget_is_told_to_the_nanodollar(void **state)
{
    json_t *answer = call("cost", "{\"budget\":20.000000001}");
    char *text = json_dumps(answer, JSON_REAL_PRECISION(12));

    (void)state;
    assert_non_null(strstr(text, "\\\"remaining\\\":20.000000001,\\\"withinBudget\\\":true"));
    free(text);
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_messages_are_refused_with_the_code_that_fits),
        cmocka_unit_test(notifications_answers_and_blank_lines_get_no_answer),
        cmocka_unit_test(the_revision_is_the_clients_if_we_know_it_else_our_newest),
        cmocka_unit_test(a_bad_argument_is_named),
        cmocka_unit_test(every_tool_answers_from_an_empty_ledger),
        cmocka_unit_test(what_the_ledger_cannot_answer_is_told_to_the_model),
        cmocka_unit_test(the_budget_is_told_to_the_nanodollar),
    };

    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
