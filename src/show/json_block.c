/* show/json_block.c — blocks as ccusage writes them.
 * SPDX-License-Identifier: MIT
 */
#include "show/json_internal.h"

#include "base/mem.h"

#include <stdlib.h>

#define MINUTES_PER_HOUR 60.0

static void put_rate(struct json_report *j, const struct report_block *block)
{
    json_key(&j->json, "burnRate");
    if (!block->has_rate) {
        json_nil(&j->json);
        return;
    }
    json_open(&j->json, '{');
    if (!j->how->no_cost)
        json_put_money(&j->json, "costPerHour", block->cost_nusd_per_hour);
    json_key(&j->json, "tokensPerMinute");
    json_fixed(&j->json, (double)block->tokens_per_hour / MINUTES_PER_HOUR, 3);
    json_key(&j->json, "tokensPerMinuteForIndicator");
    json_fixed(&j->json, (double)block->plain_tokens_per_hour / MINUTES_PER_HOUR, 3);
    json_close(&j->json, '}');
}

static void put_projection(struct json_report *j, const struct report_block *block)
{
    json_key(&j->json, "projection");
    if (!block->has_rate) {
        json_nil(&j->json);
        return;
    }
    json_open(&j->json, '{');
    json_put_int(&j->json, "remainingMinutes", block->minutes_left);
    if (!j->how->no_cost)
        json_put_money(&j->json, "totalCost", block->projected_nusd);
    json_put_int(&j->json, "totalTokens", block->projected_tokens);
    json_close(&j->json, '}');
}

/* "ok" up to four fifths of the limit. */
static const char *status_of(int64_t tokens, int64_t limit)
{
    return tokens > limit ? "exceeds" : tokens / 4 > limit / 5 ? "warning" : "ok";
}

static void put_limit(struct json_report *j, const struct report_block *block, int64_t limit)
{
    if (limit <= 0 || !block->has_rate)
        return;
    json_key(&j->json, "tokenLimitStatus");
    json_open(&j->json, '{');
    json_put_int(&j->json, "limit", limit);
    json_key(&j->json, "percentUsed");
    json_fixed(&j->json, 100.0 * (double)block->projected_tokens / (double)limit, 4);
    json_put_int(&j->json, "projectedUsage", block->projected_tokens);
    json_put_text(&j->json, "status", span_of(status_of(block->projected_tokens, limit)));
    json_close(&j->json, '}');
}

static void put_counts(struct json_report *j, const struct sums *s)
{
    json_key(&j->json, "tokenCounts");
    json_open(&j->json, '{');
    json_put_int(&j->json, "cacheCreationInputTokens", sums_cache_write(s));
    json_put_int(&j->json, "cacheReadInputTokens", s->tokens[TOKEN_CACHE_READ]);
    json_put_int(&j->json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_put_int(&j->json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_close(&j->json, '}');
}

void json_block(struct json_report *j, const struct report *report, const struct report_row *row)
{
    const struct report_block *block = row->block;
    const char **models = xcalloc(row->parts_n + 1, sizeof(*models));
    size_t i;

    for (i = 0; i < row->parts_n; i++)
        models[i] = row->parts[i].model;
    json_open(&j->json, '{');
    if (block->gap) {
        json_key(&j->json, "actualEndTime");
        json_nil(&j->json);
    } else {
        json_time(j, "actualEndTime", row->last_ms);
    }
    put_rate(j, block);
    if (!j->how->no_cost)
        json_put_money(&j->json, "costUSD", row->sums.cost_nusd);
    json_time(j, "endTime", block->end_ms);
    json_put_int(&j->json, "entries", row->sums.events);
    json_put_text(&j->json, "id", span_of(row->key));
    json_put_bool(&j->json, "isActive", block->active);
    json_put_bool(&j->json, "isGap", block->gap);
    json_set(j, "models", models, row->parts_n);
    put_projection(j, block);
    json_time(j, "startTime", block->start_ms);
    put_counts(j, &row->sums);
    put_limit(j, block, report->token_limit);
    json_put_int(&j->json, "totalTokens", sums_total(&row->sums));
    json_own(j, &row->sums);
    json_close(&j->json, '}');
    free(models);
}
