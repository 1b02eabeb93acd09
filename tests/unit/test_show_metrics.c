/* Tests of show/metrics.c: names, escapes, and what is left out.
 * SPDX-License-Identifier: MIT
 */
#include "show/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SOLD                                                                                       \
    {                                                                                              \
        .events = 12, .tokens = { 1812, 11831, 611197, 55408, 7000, 900 }, .cost_nusd = 955550750  \
    }
#define FREE_OF_PRICE                                                                              \
    {                                                                                              \
        .events = 2, .tokens = { 1200, 300, 0, 0, 0, 0 }, .unpriced_tokens = 1500                  \
    }

static struct limits_bucket buckets[] = {
    { .bucket = { .id = "five_hour" },
      .state = { .used_ppm = 235000, .resets_at_ms = INT64_C(1795334400250) } },
    { .bucket = { .id = "weekly" }, .state = { .used_ppm = 1020001 } },
};
static struct limits_account accounts[] = { { .name = "heron", .buckets = buckets, .n = 2 } };

/* The page of one model; yours to free. */
static char *page(const char *model, struct sums sums, const struct store_facts *facts)
{
    struct report_part part = { "heron", model, sums };
    struct report_row row = { .key = model, .parts = &part, .parts_n = 1, .sums = sums };
    struct report report = { .by = REPORT_MODEL, .rows = &row, .rows_n = 1 };
    struct limits limits = { .accounts = accounts, .accounts_n = 1 };
    struct buf out = { 0 };

    show_metrics(&out, &(struct metrics_parts){ &report, &limits, facts });
    return buf_take(&out);
}

static const struct store_facts whole = {
    .events = 12, .size_bytes = 4096, .last_event_ms = INT64_C(1795327515042), .complete = true
};

#define LABELS "{gen_ai_agent_name=\"heron\",gen_ai_response_model="

static void has_line(const char *text, const char *line)
{
    char wanted[256];

    snprintf(wanted, sizeof(wanted), "\n%s\n", line);
    if (!strstr(text, wanted))
        fail_msg("no line %s in:\n%s", line, text);
}

static void every_token_is_of_one_kind_and_reasoning_is_output(void **state)
{
    static const char *const lines[] = {
        "gen_ai_client_token_usage_tokens_total" LABELS "\"h-2\",gen_ai_token_type=\"input\"} 1812",
        "gen_ai_client_token_usage_tokens_total" LABELS
        "\"h-2\",gen_ai_token_type=\"output\"} 11831",
        "gen_ai_client_token_usage_tokens_total" LABELS
        "\"h-2\",gen_ai_token_type=\"cache_read\"} 611197",
        "gen_ai_client_token_usage_tokens_total" LABELS
        "\"h-2\",gen_ai_token_type=\"cache_creation\"} 62408",
        "tacho_responses_total" LABELS "\"h-2\"} 12",
    };
    char *text = page("h-2", (struct sums)SOLD, &whole);

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        has_line(text, lines[i]);
    free(text);
}

static void cost_is_exact_and_an_unknown_one_is_left_out(void **state)
{
    char *sold = page("h-2", (struct sums)SOLD, &whole);
    char *unsold = page("h-9", (struct sums)FREE_OF_PRICE, &whole);

    (void)state;
    has_line(sold, "tacho_cost_usd_total" LABELS "\"h-2\"} 0.95555075");
    has_line(sold, "tacho_unpriced_tokens_total" LABELS "\"h-2\"} 0");
    assert_null(strstr(unsold, "tacho_cost_usd_total{"));
    has_line(unsold, "tacho_unpriced_tokens_total" LABELS "\"h-9\"} 1500");
    free(sold);
    free(unsold);
}

static void names_from_logs_cannot_break_the_page(void **state)
{
    char *text = page("a\"b\\c\nd\xff", (struct sums)SOLD, &whole);

    (void)state;
    has_line(text, "tacho_responses_total" LABELS "\"a\\\"b\\\\c?d?\"} 12");
    free(text);
}

static void limits_are_ratios_and_times_are_seconds(void **state)
{
    char *text = page("h-2", (struct sums)SOLD, &whole);

    (void)state;
    has_line(text, "tacho_limit_utilization_ratio{account=\"heron\",limit=\"five_hour\"} 0.235000");
    has_line(text, "tacho_limit_utilization_ratio{account=\"heron\",limit=\"weekly\"} 1.020001");
    has_line(text, "tacho_limit_reset_timestamp_seconds{account=\"heron\",limit=\"five_hour\"} "
                   "1795334400.250");
    assert_null(strstr(text, "tacho_limit_reset_timestamp_seconds{account=\"heron\","
                             "limit=\"weekly\"}"));
    has_line(text, "tacho_last_response_timestamp_seconds 1795327515.042");
    has_line(text, "tacho_first_read_ratio 1.000");
    free(text);
}

static void an_empty_ledger_has_no_last_response(void **state)
{
    static const struct store_facts empty = { .read_permille = 42 };
    char *text = page("h-2", (struct sums)SOLD, &empty);

    (void)state;
    assert_null(strstr(text, "tacho_last_response"));
    has_line(text, "tacho_first_read_ratio 0.042");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_is_of_one_kind_and_reasoning_is_output),
        cmocka_unit_test(cost_is_exact_and_an_unknown_one_is_left_out),
        cmocka_unit_test(names_from_logs_cannot_break_the_page),
        cmocka_unit_test(limits_are_ratios_and_times_are_seconds),
        cmocka_unit_test(an_empty_ledger_has_no_last_response),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
