/* Tests of show/report_json.c.
 * SPDX-License-Identifier: MIT
 */
#include "show/show.h"

#include "show_samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const char first_row[] =
    "{\"daily\":["
    "{\"agent\":\"all\",\"metadata\":{\"agents\":[\"claude\"]},\"period\":\"2026-11-16\","
    "\"cacheCreationTokens\":117698,\"cacheReadTokens\":984181,\"inputTokens\":2595,"
    "\"outputTokens\":15653,\"totalCost\":0.95798095,\"totalTokens\":1120127,"
    "\"modelBreakdowns\":["
    "{\"cacheCreationTokens\":62408,\"cacheReadTokens\":611197,\"cost\":0.95555075,"
    "\"inputTokens\":1812,\"modelName\":\"claude-opus-4-5-20251101\",\"outputTokens\":11831,"
    "\"agent\":\"claude\",\"unpriced\":false,\"unpricedTokens\":0},"
    "{\"cacheCreationTokens\":55290,\"cacheReadTokens\":372984,\"cost\":0.0024302,"
    "\"inputTokens\":783,\"modelName\":\"claude-haiku-4-5-20251001\",\"outputTokens\":3822,"
    "\"agent\":\"claude\",\"unpriced\":false,\"unpricedTokens\":0}],"
    "\"modelsUsed\":[\"claude-haiku-4-5-20251001\",\"claude-opus-4-5-20251101\"],"
    "\"reasoningTokens\":900,\"cacheCreation1hTokens\":7000,"
    "\"webSearches\":3,\"events\":17,\"loggedCost\":0.04,\"unpriced\":false,\"unpricedTokens\":0},";

static const char last_row[] =
    "{\"agent\":\"all\",\"metadata\":{\"agents\":[\"heron\"]},\"period\":\"2026-11-22\","
    "\"cacheCreationTokens\":0,\"cacheReadTokens\":0,\"inputTokens\":1200,\"outputTokens\":300,"
    "\"totalCost\":0,\"totalTokens\":1500,\"modelBreakdowns\":["
    "{\"cacheCreationTokens\":0,\"cacheReadTokens\":0,\"cost\":0,\"inputTokens\":1200,"
    "\"missingPricing\":true,\"modelName\":\"h-2-preview\",\"outputTokens\":300,"
    "\"agent\":\"heron\",\"unpriced\":true,\"unpricedTokens\":1500}],"
    "\"modelsUsed\":[\"h-2-preview\"],\"reasoningTokens\":0,\"cacheCreation1hTokens\":0,"
    "\"webSearches\":0,\"events\":2,\"loggedCost\":null,\"unpriced\":true,\"unpricedTokens\":1500}]";

static const char tail[] =
    ",\"totals\":{\"cacheCreationTokens\":235396,\"cacheReadTokens\":1968362,"
    "\"inputTokens\":7590,\"outputTokens\":31906,\"totalCost\":1.9159619,\"totalTokens\":2243254,"
    "\"unpricedModels\":[\"h-2-preview\"],\"reasoningTokens\":1800,\"cacheCreation1hTokens\":14000,\"webSearches\":3,\"events\":38,"
    "\"loggedCost\":0.04,\"unpriced\":true,\"unpricedTokens\":3000},"
    "\"timezone\":\"Europe/Berlin\",\"since\":\"2026-11-16\",\"until\":\"2026-11-22\","
    "\"costMode\":\"list\",\"unpricedModels\":[\"h-2-preview\"],\"hint\":\"\\\"prices\\\": "
    "{\\\"MODEL\\\": {\\\"input\\\": 3, \\\"output\\\": 15}} in the configuration gives a model a "
    "price; 'tacho reprice' applies it\",\"complete\":true}";

static const char nothing[] =
    "{\n"
    "  \"daily\": [],\n"
    "  \"totals\": {\n"
    "    \"cacheCreationTokens\": 0,\n"
    "    \"cacheReadTokens\": 0,\n"
    "    \"inputTokens\": 0,\n"
    "    \"outputTokens\": 0,\n"
    "    \"totalCost\": 0,\n"
    "    \"totalTokens\": 0,\n"
    "    \"reasoningTokens\": 0,\n"
    "    \"cacheCreation1hTokens\": 0,\n"
    "    \"webSearches\": 0,\n"
    "    \"events\": 0,\n"
    "    \"loggedCost\": null,\n"
    "    \"unpriced\": false,\n"
    "    \"unpricedTokens\": 0\n"
    "  },\n"
    "  \"timezone\": \"UTC\",\n"
    "  \"since\": null,\n"
    "  \"until\": null,\n"
    "  \"costMode\": \"list\",\n"
    "  \"complete\": true\n"
    "}";
/* clang-format on */

static void the_shape_is_the_one_scripts_know_and_ours_behind_it(void **state)
{
    struct buf out = { 0 };

    (void)state;
    show_report_json(&out, &sample_report, 0);
    assert_true(span_starts(buf_span(&out), first_row));
    assert_non_null(strstr(out.p, last_row));
    assert_true(span_ends(buf_span(&out), tail));
    buf_fini(&out);
}

static void sets_are_sorted_and_hold_each_name_once(void **state)
{
    struct buf out = { 0 };

    (void)state;
    show_report_json(&out, &sample_report, 0);
    assert_non_null(strstr(out.p, "{\"agents\":[\"claude\",\"heron\"]}"));
    assert_non_null(strstr(out.p, "\"modelsUsed\":[\"claude-opus-4-5-20251101\","
                                  "\"claude-opus-4-5@20251101\",\"h-2-preview\"]"));
    buf_fini(&out);
}

static void an_empty_report_keeps_its_whole_structure(void **state)
{
    struct buf out = { 0 };

    (void)state;
    show_report_json(&out, &sample_empty, 2);
    assert_string_equal(out.p, nothing);
    buf_fini(&out);
}

static void a_first_read_under_way_is_said(void **state)
{
    struct buf out = { 0 };

    (void)state;
    show_report_json(&out, &sample_hostile, 0);
    assert_true(span_ends(buf_span(&out), ",\"complete\":false,\"readPermille\":428}"));
    buf_fini(&out);
}

static void rows_are_named_after_what_they_are(void **state)
{
    static const struct {
        enum report_by by;
        const char *list, *key;
    } cases[] = {
        { REPORT_DAY, "{\"daily\":[", ",\"period\":\"" },
        { REPORT_WEEK, "{\"weekly\":[", ",\"period\":\"" },
        { REPORT_MONTH, "{\"monthly\":[", ",\"period\":\"" },
        { REPORT_MODEL, "{\"models\":[", ",\"name\":\"" },
        { REPORT_AGENT, "{\"agents\":[", ",\"name\":\"" },
        { REPORT_PROJECT, "{\"projects\":[", ",\"name\":\"" },
        { REPORT_MACHINE, "{\"machines\":[", ",\"name\":\"" },
    };
    struct report report = sample_report;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = { 0 };

        report.by = cases[i].by;
        show_report_json(&out, &report, 0);
        assert_true(span_starts(buf_span(&out), cases[i].list));
        assert_non_null(strstr(out.p, cases[i].key));
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_is_the_one_scripts_know_and_ours_behind_it),
        cmocka_unit_test(sets_are_sorted_and_hold_each_name_once),
        cmocka_unit_test(an_empty_report_keeps_its_whole_structure),
        cmocka_unit_test(a_first_read_under_way_is_said),
        cmocka_unit_test(rows_are_named_after_what_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
