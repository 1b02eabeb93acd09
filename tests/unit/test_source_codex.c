/* tests/unit/test_source_codex.c — what the goldens do not show of Codex's lines: rate limits, and
 * which bills are sums of several requests.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/mem.h"
#include "source/source.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define PATH "sessions/2026/09/02/rollout-2026-09-02T08-00-00-t.jsonl"

static void tell_event(void *to, const struct event *e)
{
    buf_printf(to, "%d%s ", (int)figures_total(&e->figures),
               e->flags & EVENT_SUMMED ? " summed" : "");
}

static void tell_observation(void *to, const struct observation *o)
{
    buf_printf(to, "%" PRId64 "s %" PRId64 "ppm resets %" PRId64, o->window_s, o->used_ppm,
               o->resets_at_ms);
    buf_printf(to, " %.*s %.*s%s|", (int)o->plan.len, o->plan.p ? o->plan.p : "",
               (int)o->limit_id.len, o->limit_id.p ? o->limit_id.p : "",
               o->reached ? " reached" : "");
    assert_null(o->limit.p); /* a slot's name says nothing */
    assert_int_equal(o->at_ms, INT64_C(1788336000000));
}

/* Scans lines, whose time is 2026-09-02T08:00:00Z, and tells what came out. */
static void scan(struct buf *out, const char *const *payloads)
{
    const struct source *source = source_find(SPAN_LIT("codex"));
    const struct format *format = source->format(SPAN_LIT(PATH));
    const struct sink sink = { tell_event, tell_observation, out };
    struct scanner s = { .below = SPAN_LIT(PATH), .out = &sink };

    s.memory = xcalloc(1, format->memory);
    for (; *payloads; payloads++) {
        char *line = xasprintf("{\"timestamp\":\"2026-09-02T08:00:00Z\",\"type\":\"event_msg\","
                               "\"payload\":{\"type\":\"token_count\",%s}}",
                               *payloads);

        format->scan(&s, span_of(line));
        assert_int_equal(s.problem, PROBLEM_NONE);
        free(line);
    }
    free(s.memory);
}

#define LIMITS(id, rest)                                                                           \
    "\"info\":null,\"rate_limits\":{\"limit_id\":" id ",\"plan_type\":\"plus\"," rest "}"

static const struct limit_case {
    const char *why, *payload, *want;
} limit_cases[] = {
    { "two windows, known by their length",
      LIMITS("\"codex\"", "\"primary\":{\"used_percent\":12.5,\"window_minutes\":300,"
                          "\"resets_at\":1788350000},\"secondary\":{\"used_percent\":31,"
                          "\"window_minutes\":10080,\"resets_at\":1788700000}"),
      "18000s 125000ppm resets 1788350000000 plus |604800s 310000ppm resets 1788700000000 plus |" },
    { "the older form counts from the line",
      LIMITS("\"codex\"", "\"primary\":{\"used_percent\":1,\"window_minutes\":300,"
                          "\"resets_in_seconds\":90},\"secondary\":null"),
      "18000s 10000ppm resets 1788336090000 plus |" },
    { "the week may be the first",
      LIMITS("null",
             "\"primary\":{\"used_percent\":0,\"window_minutes\":10080},\"secondary\":null"),
      "604800s 0ppm resets 0 plus |" },
    { "a limit with an id of its own",
      LIMITS("\"codex_big\"", "\"primary\":{\"used_percent\":7,\"window_minutes\":300}"),
      "18000s 70000ppm resets 0 plus codex_big|" },
    { "a limit that was hit, above 100 %",
      LIMITS("\"codex\"", "\"rate_limit_reached_type\":\"primary\",\"primary\":"
                          "{\"used_percent\":104.5,\"window_minutes\":300}"),
      "18000s 1045000ppm resets 0 plus  reached|" },
    { "no window", LIMITS("\"codex\"", "\"primary\":null,\"secondary\":null"), "" },
};

static void every_form_of_a_limit_is_understood(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(limit_cases) / sizeof(limit_cases[0]); i++) {
        const struct limit_case *c = &limit_cases[i];
        struct buf out = { 0 };

        scan(&out, (const char *const[]){ c->payload, NULL });
        if (!span_is(buf_span(&out), c->want))
            fail_msg("%s: wanted %s, got %s", c->why, c->want, out.p ? out.p : "");
        buf_fini(&out);
    }
}

#define TOTAL(n) "\"total_token_usage\":{\"input_tokens\":" #n "}"
#define LAST(n)  "\"last_token_usage\":{\"input_tokens\":" #n "}"

static void what_adds_more_than_its_last_call_is_a_sum(void **state)
{
    struct buf out = { 0 };

    (void)state;
    scan(&out, (const char *const[]){
                   "\"info\":{" TOTAL(100) "," LAST(100) "}",
                   "\"info\":{" TOTAL(150) "," LAST(50) "}",
                   "\"info\":{" TOTAL(450) "," LAST(100) "}",
                   "\"info\":{" TOTAL(500) "}",
                   NULL,
               });
    assert_string_equal(out.p, "100 50 300 summed 50 ");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_limit_is_understood),
        cmocka_unit_test(what_adds_more_than_its_last_call_is_a_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
