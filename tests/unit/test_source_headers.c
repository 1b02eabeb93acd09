/* tests/unit/test_source_headers.c — every spelling of a rate limit becomes the same observation.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "source/agents.h"
#include "source/headers.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define AT_MS INT64_C(1788000000000)

/* One observation as "name used=… reset=… …", each on a line; what was not told is left out. */
static void add_line(void *to, const struct observation *o)
{
    struct buf *out = to;

    buf_printf(out, "%.*s", (int)o->limit.len, o->limit.p ? o->limit.p : "");
    if (o->window_s)
        buf_printf(out, " window=%" PRId64, o->window_s);
    if (o->used_ppm >= 0)
        buf_printf(out, " used=%" PRId64, o->used_ppm);
    if (o->tokens.limit >= 0)
        buf_printf(out, " tokens=%" PRId64 "/%" PRId64, o->tokens.remaining, o->tokens.limit);
    if (o->requests.limit >= 0)
        buf_printf(out, " requests=%" PRId64 "/%" PRId64, o->requests.remaining, o->requests.limit);
    if (o->resets_at_ms)
        buf_printf(out, " reset=%" PRId64, o->resets_at_ms - AT_MS);
    if (o->reached)
        buf_add_text(out, " reached");
    buf_add_char(out, '\n');
}

static void read_object(struct buf *out, const char *text)
{
    static const struct pick_key keys[] = { { "o", 0 }, { NULL } };
    struct observation about = OBSERVATION_NONE;
    struct sink sink = { NULL, add_line, out };
    struct buf line = { 0 };
    struct picked object;

    about.at_ms = AT_MS;
    buf_printf(&line, "{\"o\":%s}", text);
    assert_int_equal(pick_json(buf_span(&line), keys, &object, 1), 0);
    headers_read(object, &about, &sink);
    buf_fini(&line);
}

static const struct {
    const char *why, *object, *want;
} cases[] = {
    { "a fraction and Unix seconds",
      "{\"anthropic-ratelimit-unified-5h-utilization\":\"0.235\","
      "\"anthropic-ratelimit-unified-5h-reset\":\"1788003600\","
      "\"anthropic-ratelimit-unified-5h-status\":\"allowed\"}",
      "5h used=235000 reset=3600000\n" },
    { "two windows, members in any order, numbers bare",
      "{\"anthropic-ratelimit-unified-7d-reset\":1788086400,"
      "\"anthropic-ratelimit-unified-5h-utilization\":1.02,"
      "\"anthropic-ratelimit-unified-7d-utilization\":0.4}",
      "7d used=400000 reset=86400000\n5h used=1020000\n" },
    { "windows that are not known yet keep their names",
      "{\"anthropic-ratelimit-unified-7d-sonnet-utilization\":0.5,"
      "\"anthropic-ratelimit-unified-7d_oi-utilization\":0.25}",
      "7d-sonnet used=500000\n7d_oi used=250000\n" },
    { "counts of tokens and requests, RFC 3339",
      "{\"anthropic-ratelimit-unified-5h-requests-remaining\":\"90\","
      "\"anthropic-ratelimit-unified-5h-requests-limit\":\"100\","
      "\"anthropic-ratelimit-unified-5h-tokens-remaining\":250,"
      "\"anthropic-ratelimit-unified-5h-tokens-limit\":1000,"
      "\"anthropic-ratelimit-unified-5h-reset\":\"2026-08-29T11:00:00Z\"}",
      "5h tokens=250/1000 requests=90/100 reset=1200000\n" },
    { "a refusal without any figure",
      "{\"anthropic-ratelimit-unified-status\":\"rejected\","
      "\"anthropic-ratelimit-unified-reset\":\"1788000060\","
      "\"anthropic-ratelimit-unified-representative-claim\":\"five_hour\"}",
      "five_hour reset=60000 reached\n" },
    { "a window's own refusal",
      "{\"anthropic-ratelimit-unified-5h-status\":\"rejected\","
      "\"anthropic-ratelimit-unified-5h-utilization\":\"1\"}",
      "5h used=1000000 reached\n" },
    { "news of extra usage is no window",
      "{\"anthropic-ratelimit-unified-overage-status\":\"allowed\","
      "\"anthropic-ratelimit-unified-fallback-percentage\":\"0.5\","
      "\"anthropic-ratelimit-unified-status\":\"allowed\"}",
      "" },
    { "limits of an API key",
      "{\"Anthropic-RateLimit-Requests-Limit\":\"50\",\"anthropic-ratelimit-requests-remaining\":"
      "\"49\",\"anthropic-ratelimit-requests-reset\":\"2026-08-29T10:40:01Z\","
      "\"anthropic-ratelimit-input-tokens-limit\":40000,"
      "\"anthropic-ratelimit-input-tokens-remaining\":39000}",
      "api_requests window=60 requests=49/50 reset=1000\n"
      "api_input_tokens window=60 tokens=39000/40000\n" },
    { "the same with spans of time",
      "{\"x-ratelimit-limit-requests\":\"60\",\"x-ratelimit-remaining-requests\":\"59\","
      "\"x-ratelimit-reset-requests\":\"1s\",\"x-ratelimit-limit-tokens\":\"150000\","
      "\"x-ratelimit-remaining-tokens\":\"149984\",\"x-ratelimit-reset-tokens\":\"6m0s\"}",
      "api_requests window=60 requests=59/60 reset=1000\n"
      "api_tokens window=60 tokens=149984/150000 reset=360000\n" },
    { "slots are told by their length",
      "{\"x-codex-primary-used-percent\":\"12.5\",\"x-codex-primary-window-minutes\":\"10080\","
      "\"x-codex-primary-reset-after-seconds\":\"90\",\"x-codex-secondary-used-percent\":\"3\","
      "\"x-codex-secondary-window-minutes\":\"300\","
      "\"x-codex-secondary-reset-at\":\"1788000005\"}",
      " window=604800 used=125000 reset=90000\n window=18000 used=30000 reset=5000\n" },
    { "windows as objects, missing ones null",
      "{\"five_hour\":{\"used_percentage\":23.5,\"resets_at\":1788000001},\"seven_day\":null,"
      "\"seven_day_opus\":{\"utilization\":104,\"resets_at\":null}}",
      "five_hour used=235000 reset=1000\nseven_day_opus used=1040000\n" },
    { "slots as objects",
      "{\"primary\":{\"used_percent\":4,\"window_minutes\":300,\"resets_in_seconds\":900},"
      "\"secondary_window\":{\"used_percent\":5,\"limit_window_seconds\":604800,"
      "\"reset_at\":1788000002}}",
      " window=18000 used=40000 reset=900000\n window=604800 used=50000 reset=2000\n" },
    { "nothing is below zero", "{\"anthropic-ratelimit-unified-5h-utilization\":\"-0.2\"}",
      "5h used=0\n" },
    { "what makes no sense tells nothing",
      "{\"anthropic-ratelimit-unified-5h-utilization\":\"much\",\"x\":{\"utilization\":[]},"
      "\"anthropic-ratelimit-unified--utilization\":0.5,\"anthropic-ratelimit-cats-limit\":3,"
      "\"x-ratelimit-limit-tokens\":{},\"extra_usage\":{\"is_enabled\":false}}",
      "" },
};

static void every_spelling_is_understood(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = { 0 };

        read_object(&out, cases[i].object);
        if (!span_is(buf_span(&out), cases[i].want))
            fail_msg("%s: %s", cases[i].why, out.p ? out.p : "");
        buf_fini(&out);
    }
}

static void durations_are_sums_of_numbers_with_units(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } durations[] = {
        { "6m0s", 360000 },  { "1h2m3.5s", 3723500 },
        { "250ms", 250 },    { "1s", 1000 },
        { "1d", 86400000 },  { "1500us", 1 },
        { "0s", 0 },         { "", -1 },
        { "s", -1 },         { "5", -1 },
        { "5x", -1 },        { "-5s", -1 },
        { "99999999d", -1 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        int64_t ms = -1;

        headers_duration(span_of(durations[i].text), &ms);
        assert_int_equal(ms, durations[i].ms);
    }
}

static void more_windows_than_fit_are_passed_over(void **state)
{
    struct buf object = { 0 }, out = { 0 };
    int i;

    (void)state;
    buf_add_char(&object, '{');
    for (i = 0; i < 1000; i++)
        buf_printf(&object, "%s\"anthropic-ratelimit-unified-%dh-utilization\":0.5", i ? "," : "",
                   i + 1);
    buf_add_char(&object, '}');
    read_object(&out, object.p);
    assert_true(span_has(buf_span(&out), "24h used=500000\n"));
    assert_false(span_has(buf_span(&out), "25h"));
    buf_fini(&object);
    buf_fini(&out);
}

static void ignore_event(void *to, const struct event *event)
{
    (void)to;
    (void)event;
}

static void a_claude_line_gives_its_limits_beside_its_tokens(void **state)
{
    struct buf out = { 0 };
    char memory[64] = { 0 };
    struct sink sink = { ignore_event, add_line, &out };
    struct scanner scanner = { .below = SPAN_LIT("p/s.jsonl"), .memory = memory, .out = &sink };
    enum scan result =
        source_claude.format(scanner.below)
            ->scan(
                &scanner,
                SPAN_LIT(
                    "{\"type\":\"assistant\",\"timestamp\":\"2026-08-29T10:40:00Z\",\"message\":"
                    "{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":1}},\"rateLimits\":"
                    "{\"anthropic-ratelimit-unified-5h-utilization\":\"0.9\"}}"));

    (void)state;
    assert_int_equal(result, SCAN_OK);
    assert_string_equal(out.p, "5h used=900000\n");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_is_understood),
        cmocka_unit_test(durations_are_sums_of_numbers_with_units),
        cmocka_unit_test(more_windows_than_fit_are_passed_over),
        cmocka_unit_test(a_claude_line_gives_its_limits_beside_its_tokens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
