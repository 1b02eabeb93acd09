/* gateway/usage_current.c — what was spent in the window, against which limits.
 *
 * Limits of calls are held against calls, limits of tokens against tokens, never across.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/usage_internal.h"

#include <stddef.h>

static const char *const output_names[] = { "outputTokenLimit", "output_token_limit", NULL };
static const char *const total_names[] = { "totalTokenLimit", "total_token_limit", NULL };
static const char *const message_names[] = { "messageLimit", "message_limit", "requestLimit",
                                             "request_limit", NULL };
static const char *const token_names[] = { "tokenLimit", "token_limit", NULL };
static const char *const cost_names[] = { "costLimit", "cost_limit", "costLimitUsd", NULL };

/* Headers that say: the provider counts these limits itself. */
static const char *const header_names[] = { "x_ratelimit_remaining", "x_ratelimit_limit",
                                            "anthropic_ratelimit_remaining",
                                            "anthropic_ratelimit_limit", NULL };

#define LIMIT(field)      offsetof(struct gateway_usage, current.field)
#define CONFIGURED(field) offsetof(struct gateway_limits, field)

static const struct limit_row {
    size_t at;         /* of the struct gateway_limit */
    size_t used_at;    /* of what is held against it */
    size_t configured; /* in struct gateway_limits */
    const char *const *names;
    bool is_money;
} limit_rows[] = {
    { LIMIT(output_limit), LIMIT(output_tokens), CONFIGURED(output_tokens), output_names, false },
    { LIMIT(total_limit), LIMIT(tokens), CONFIGURED(total_tokens), total_names, false },
    { LIMIT(message_limit), LIMIT(calls), CONFIGURED(messages), message_names, false },
    { LIMIT(token_limit), LIMIT(tokens), CONFIGURED(tokens), token_names, false },
    { LIMIT(cost_limit), LIMIT(cost_nusd), CONFIGURED(cost_nusd), cost_names, true },
};

static int64_t percent_of(int64_t used, int64_t limit)
{
    __int128 percent = (__int128)used * 100 / limit;

    return percent > 100 ? 100 : (int64_t)percent;
}

static bool has_headers(const struct tally *t)
{
    size_t i;

    for (i = 0; header_names[i]; i++) {
        const json_t *value = place_get(t->status, header_names[i]);

        if (!usage_is_empty(value))
            return true;
    }
    return false;
}

/* The first limit above zero that the gateway names. */
static int64_t told_limit(const struct tally *t, const struct limit_row *row)
{
    int64_t value = 0;
    size_t i;

    for (i = 0; row->names[i] && value <= 0; i++) {
        const json_t *told = place_get(t->status, row->names[i]);

        if (row->is_money ? !usage_money(told, &value) : !usage_count(told, &value))
            value = 0;
    }
    return value;
}

static void fill_limit(struct tally *t, const struct limit_row *row, enum gateway_source told_by)
{
    struct gateway_limit *limit = (void *)((char *)t->out + row->at);
    const int64_t *used = (const void *)((const char *)t->out + row->used_at);
    const int64_t *configured =
        (const void *)((const char *)&t->settings->limits + row->configured);

    limit->value = told_limit(t, row);
    limit->source = told_by;
    if (limit->value <= 0) {
        limit->value = *configured;
        limit->source = GATEWAY_SOURCE_CONFIGURED;
    }
    if (limit->value > 0)
        limit->percent = percent_of(*used, limit->value);
    else
        *limit = (struct gateway_limit){ 0 };
}

/* Where the gateway counts by quarter of an hour: the tokens of the window and no others. */
static void count_quarters(struct tally *t)
{
    struct gateway_usage *out = t->out;
    size_t i;

    if (t->quarters_n == 0)
        return;
    out->current.tokens = 0;
    out->current.output_tokens = 0;
    for (i = 0; i < t->quarters_n; i++) {
        const struct quarter *quarter = &t->quarters[i];

        if (quarter->start_ms < out->window.started_ms ||
            quarter->start_ms >= out->window.resets_ms)
            continue;
        out->current.tokens = usage_add(out->current.tokens, quarter->tokens);
        out->current.output_tokens = usage_add(out->current.output_tokens, quarter->output);
    }
}

void tally_fill_current(struct tally *t)
{
    enum gateway_source told_by =
        has_headers(t) ? GATEWAY_SOURCE_RATE_LIMIT : GATEWAY_SOURCE_CONFIGURED;
    struct gateway_usage *out = t->out;
    size_t i;

    count_quarters(t);
    for (i = 0; i < sizeof(limit_rows) / sizeof(limit_rows[0]); i++)
        fill_limit(t, &limit_rows[i], told_by);
    t->has_token_limit = out->current.token_limit.value > 0;
    if (!t->has_token_limit)
        out->current.token_limit = out->current.output_limit.value > 0 ? out->current.output_limit
                                                                       : out->current.total_limit;
}
