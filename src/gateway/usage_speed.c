/* gateway/usage_speed.c — how fast it goes, and when the first limit is reached at that pace.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/usage_internal.h"

#define TIME_TO_LIMIT_MAX_MS ((INT64_C(1) << 53) - 1) /* the largest number that JSON carries */

/* ---- speed ---- */

struct spent {
    int64_t tokens, output, cost_nusd;
};

static void add_spent(struct spent *spent, const struct spent *more)
{
    spent->tokens = usage_add(spent->tokens, more->tokens);
    spent->output = usage_add(spent->output, more->output);
    spent->cost_nusd = usage_add(spent->cost_nusd, more->cost_nusd);
}

/* amount / span per minute, in `unit`ths, half up. */
static int64_t per_minute(int64_t amount, int64_t span_ms, int64_t unit)
{
    __int128 rate = ((__int128)amount * MS_PER_MINUTE * unit * 2 + span_ms) / (2 * span_ms);

    return rate > INT64_MAX / 1000 ? INT64_MAX / 1000 : (int64_t)rate;
}

/* Sessions that were active in the last hour, whole. */
static int64_t last_hour_by_session(const struct tally *t, struct spent *spent)
{
    size_t i;

    for (i = 0; i < t->sums_n; i++) {
        const struct session_sum *sum = &t->sums[i];

        if (sum->updated_ms >= t->now_ms - MS_PER_HOUR && sum->updated_ms > 0)
            add_spent(spent, &(struct spent){ sum->tokens, sum->output, sum->cost_nusd });
    }
    return MS_PER_HOUR;
}

/* Quarters that began in the last hour; since the first of them. */
static int64_t last_hour_by_quarter(const struct tally *t, struct spent *spent)
{
    int64_t first_ms = t->now_ms;
    size_t i;

    for (i = 0; i < t->quarters_n; i++) {
        const struct quarter *quarter = &t->quarters[i];

        if (quarter->start_ms < t->now_ms - MS_PER_HOUR || quarter->start_ms > t->now_ms)
            continue;
        add_spent(spent, &(struct spent){ quarter->tokens, quarter->output, quarter->cost_nusd });
        first_ms = quarter->start_ms < first_ms ? quarter->start_ms : first_ms;
    }
    return t->now_ms > first_ms ? t->now_ms - first_ms : 1;
}

void tally_fill_burn(struct tally *t)
{
    struct gateway_usage *out = t->out;
    struct spent spent = { 0 };
    int64_t span_ms;

    out->burn.basis = t->quarters_n > 0 ? GATEWAY_BASIS_QUARTERS : GATEWAY_BASIS_SESSIONS;
    span_ms = t->quarters_n > 0 ? last_hour_by_quarter(t, &spent) : last_hour_by_session(t, &spent);
    out->burn.tokens_e4 = per_minute(spent.tokens, span_ms, 10000);
    out->burn.output_tokens_e4 = per_minute(spent.output, span_ms, 10000);
    out->burn.cost_nusd = per_minute(spent.cost_nusd, span_ms * 10, 1) * 10;
}

/* ---- prediction ---- */

/* A limit and the pace at which it is used: `rate` units in `span` milliseconds. */
struct candidate {
    enum gateway_limit_kind kind;
    int64_t limit, used, rate, span_ms;
};

/* floor(remaining / rate), in milliseconds. */
static int64_t time_left(const struct candidate *c)
{
    __int128 left = (__int128)(c->limit - c->used) * c->span_ms / c->rate;

    return left > TIME_TO_LIMIT_MAX_MS ? TIME_TO_LIMIT_MAX_MS : (int64_t)left;
}

/* True when the limit is used up: then nothing else is to be said. */
static bool try_candidate(struct gateway_usage *out, const struct candidate *c)
{
    bool is_used_up = c->limit > 0 && c->used >= c->limit;
    int64_t left_ms;

    if (c->limit <= 0)
        return false;
    if (c->rate <= 0) {
        out->prediction.exhausted |= is_used_up;
        return false;
    }
    left_ms = is_used_up ? 0 : time_left(c);
    if (is_used_up || out->prediction.time_to_limit_ms < 0 ||
        left_ms < out->prediction.time_to_limit_ms) {
        out->prediction.time_to_limit_ms = left_ms;
        out->prediction.kind = c->kind;
        out->prediction.safe = !is_used_up && left_ms > out->window.reset_in_ms;
    }
    return is_used_up;
}

void tally_fill_prediction(struct tally *t)
{
    struct gateway_usage *out = t->out;
    int64_t elapsed_ms = out->window.resets_ms - out->window.started_ms - out->window.reset_in_ms;
    /* Rates are ten-thousandths per minute, as shown; of messages, calls in the elapsed time. */
    const struct candidate candidates[] = {
        { GATEWAY_OUTPUT_TOKENS, out->current.output_limit.value, out->current.output_tokens,
          out->burn.output_tokens_e4, MS_PER_MINUTE * 10000 },
        { GATEWAY_TOTAL_TOKENS, out->current.total_limit.value, out->current.tokens,
          out->burn.tokens_e4, MS_PER_MINUTE * 10000 },
        { GATEWAY_TOTAL_TOKENS, t->has_token_limit ? out->current.token_limit.value : 0,
          out->current.tokens, out->burn.tokens_e4, MS_PER_MINUTE * 10000 },
        { GATEWAY_MESSAGES, out->current.message_limit.value, out->current.calls,
          out->current.calls, elapsed_ms > 0 ? elapsed_ms : 1 },
    };
    const size_t legacy = 2;
    size_t i;

    out->prediction.time_to_limit_ms = -1;
    out->prediction.safe = true;
    out->prediction.kind = GATEWAY_TOTAL_TOKENS;
    for (i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
        if (i == legacy && out->prediction.time_to_limit_ms >= 0)
            continue;
        if (try_candidate(out, &candidates[i]))
            return;
    }
}
