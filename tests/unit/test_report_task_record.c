/* tests/unit/test_report_task_record.c — tasks as JSON: what is taken, what is refused and how.
 * SPDX-License-Identifier: MIT
 */
#include "task_bench.h"

#include "report/task_record.h"

#define AGENT "\"agent\":{\"name\":\"w\",\"type\":\"t\"}"
#define HEAD  "{\"id\":\"a\"," AGENT ",\"started_at\":1000"

static const struct {
    const char *text;
    enum task_records_form form;
    int n;            /* of records, or -1 */
    const char *says; /* part of the refusal */
} cases[] = {
    { HEAD "}", TASK_RECORDS_DOCUMENT, 1, NULL },
    { "[" HEAD "}, " HEAD "}]", TASK_RECORDS_DOCUMENT, 2, NULL },
    { "[]", TASK_RECORDS_DOCUMENT, 0, NULL },
    { "\n" HEAD "}\r\n\n" HEAD "}\n", TASK_RECORDS_LINES, 2, NULL },
    { HEAD ",\"later\":{\"deep\":[1]}}", TASK_RECORDS_DOCUMENT, 1, NULL },
    { HEAD ",\"turns\":null,\"input_tokens\":null,\"model\":null,\"session_id\":\"\"}",
      TASK_RECORDS_DOCUMENT, 1, NULL },
    { "", TASK_RECORDS_DOCUMENT, -1, "this is empty" },
    { "17", TASK_RECORDS_DOCUMENT, -1, "no valid JSON" },
    { HEAD, TASK_RECORDS_DOCUMENT, -1, "record 0: this is no JSON object" },
    { "[" HEAD "},3]", TASK_RECORDS_DOCUMENT, -1, "record 1: this is no JSON object" },
    { "[" HEAD "},]", TASK_RECORDS_DOCUMENT, -1, "no valid JSON" },
    { HEAD "}\n{", TASK_RECORDS_LINES, -1, "line 2: this is no JSON object" },
    { "{" AGENT ",\"started_at\":1}", TASK_RECORDS_DOCUMENT, -1, "record 0: id is missing" },
    { "{\"id\":7," AGENT ",\"started_at\":1}", TASK_RECORDS_DOCUMENT, -1,
      "id takes a text of 1 to 512 bytes, not 7" },
    { "{\"id\":\"a\",\"started_at\":1}", TASK_RECORDS_DOCUMENT, -1, "agent is missing" },
    { "{\"id\":\"a\",\"agent\":{\"name\":\"w\"},\"started_at\":1}", TASK_RECORDS_DOCUMENT, -1,
      "agent.type is missing" },
    { "{\"id\":\"a\"," AGENT "}", TASK_RECORDS_DOCUMENT, -1, "started_at is missing" },
    { "{\"id\":\"a\"," AGENT ",\"started_at\":\"noon\"}", TASK_RECORDS_DOCUMENT, -1,
      "started_at takes milliseconds since 1970" },
    { HEAD ",\"finished_at\":-4}", TASK_RECORDS_DOCUMENT, -1, "finished_at takes" },
    { HEAD ",\"turns\":1.5}", TASK_RECORDS_DOCUMENT, -1, "turns takes a whole number" },
    { HEAD ",\"output_tokens\":-1}", TASK_RECORDS_DOCUMENT, -1, "not -1" },
    { HEAD ",\"cache_read_tokens\":\"12\"}", TASK_RECORDS_DOCUMENT, -1, "not the text 12" },
    { HEAD ",\"total_cost_usd\":-0.5}", TASK_RECORDS_DOCUMENT, -1, "total_cost_usd takes" },
    { HEAD ",\"session_id\":\"a\\u0000b\"}", TASK_RECORDS_DOCUMENT, -1, "session_id takes" },
};

static void bad_records_are_refused_by_place_and_name(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct task_records *records = NULL;
        struct err err = { 0 };
        int rc = task_records_read(&records, span_of(cases[i].text), cases[i].form, &err);

        if (cases[i].n >= 0 && (rc < 0 || (int)task_records_count(records) != cases[i].n))
            fail_msg("%s: %s", cases[i].text, err.text);
        if (cases[i].n < 0 && (rc == 0 || !strstr(err.text, cases[i].says)))
            fail_msg("%s: %s", cases[i].text, err.text);
        task_records_free(records);
    }
}

static bool write_task(void *to, const struct task *task)
{
    task_record_write(to, task);
    return true;
}

static void what_was_told_is_told_again_exactly(void **state)
{
    static const char record[] =
        "{\"id\":\"caf\\u00e9\",\"agent\":{\"name\":\"w\",\"type\":\"t\"},\"model\":\"h-2\","
        "\"session_id\":null,\"status\":\"done\",\"started_at\":\"2026-11-22T10:00:00Z\","
        "\"finished_at\":1795341600001,\"turns\":0,\"input_tokens\":null,\"output_tokens\":80,"
        "\"cache_creation_tokens\":null,\"cache_read_tokens\":900719925474,"
        "\"total_cost_usd\":0.012345678}";
    struct ledger_bench *b = *state;
    struct task_records *records = NULL;
    struct buf text = { 0 };
    struct json_out out;
    struct err err;
    size_t replaced;

    assert_int_equal(task_records_read(&records, span_of(record), TASK_RECORDS_DOCUMENT, &err), 0);
    assert_int_equal(task_records_store(records, b->store, &replaced, &err), 0);
    assert_int_equal(replaced, 0);
    assert_int_equal(task_records_store(records, b->store, &replaced, &err), 0);
    assert_int_equal(replaced, 1);
    json_out_init(&out, &text, 0);
    assert_int_equal(
        store_tasks_each(b->store, (struct timespan){ 0, INT64_MAX }, write_task, &out, &err), 0);
    assert_string_equal(
        text.p,
        "{\"id\":\"caf\xc3\xa9\",\"agent\":{\"name\":\"w\",\"type\":\"t\"},\"model\":\"h-2\","
        "\"session_id\":null,\"status\":\"done\",\"started_at\":1795341600000,"
        "\"finished_at\":1795341600001,\"turns\":0,\"input_tokens\":null,\"output_tokens\":80,"
        "\"cache_creation_tokens\":null,\"cache_read_tokens\":900719925474,"
        "\"total_cost_usd\":0.012345678}");
    buf_fini(&text);
    task_records_free(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_records_are_refused_by_place_and_name),
        cmocka_unit_test_setup_teardown(what_was_told_is_told_again_exactly, ledger_set_up,
                                        ledger_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
