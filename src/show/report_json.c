/* show/report_json.c — a report as JSON, in the shape that ccusage 20 prints.
 *
 * Their keys come first, in their order, so that scripts written for it work; ours follow. Money is
 * exact to the nanodollar. A cost is the sum of what has a price; "unpriced": true says that
 * something beside it has none, and "unpricedTokens" how much.
 * SPDX-License-Identifier: MIT
 */
#include "show/show.h"

#include "base/civil.h"
#include "base/json_out.h"
#include "base/mem.h"

#include <stdlib.h>

/* What the list of rows and the key of a row are called. */
static const struct {
    const char *list, *key;
} words[REPORT_BYS] = {
    [REPORT_DAY] = { "daily", "period" },      [REPORT_WEEK] = { "weekly", "period" },
    [REPORT_MONTH] = { "monthly", "period" },  [REPORT_MODEL] = { "models", "name" },
    [REPORT_AGENT] = { "agents", "name" },     [REPORT_PROJECT] = { "projects", "name" },
    [REPORT_MACHINE] = { "machines", "name" },
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The texts sorted, each once. */
static void put_set(struct json_out *json, const char *key, const char **texts, size_t n)
{
    size_t i;

    if (n > 0)
        qsort(texts, n, sizeof(*texts), by_text);
    json_key(json, key);
    json_open(json, '[');
    for (i = 0; i < n; i++) {
        if (i == 0 || strcmp(texts[i], texts[i - 1]) != 0)
            json_text(json, span_of(texts[i]));
    }
    json_close(json, ']');
}

static void put_part(struct json_out *json, const struct report_part *part)
{
    const struct sums *s = &part->sums;

    json_open(json, '{');
    json_put_int(json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    json_put_money(json, "cost", s->cost_nusd);
    json_put_int(json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_put_text(json, "modelName", span_of(part->model));
    json_put_int(json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_put_text(json, "agent", span_of(part->agent));
    json_put_bool(json, "unpriced", s->unpriced_tokens > 0);
    json_put_int(json, "unpricedTokens", s->unpriced_tokens);
    json_close(json, '}');
}

static void put_parts(struct json_out *json, const struct report_row *row)
{
    size_t i;

    json_key(json, "modelBreakdowns");
    json_open(json, '[');
    for (i = 0; i < row->parts_n; i++)
        put_part(json, &row->parts[i]);
    json_close(json, ']');
}

/* Our keys, the same below a row and below the totals. */
static void put_own(struct json_out *json, const struct sums *s)
{
    json_put_int(json, "reasoningTokens", s->tokens[TOKEN_REASONING]);
    json_put_int(json, "cacheCreation1hTokens", s->tokens[TOKEN_CACHE_WRITE_1H]);
    json_put_int(json, "webSearches", s->web_searches);
    json_put_int(json, "events", s->events);
    json_key(json, "loggedCost");
    if (s->logged_nusd == 0)
        json_nil(json); /* no agent wrote one */
    else
        json_money(json, s->logged_nusd);
    json_put_bool(json, "unpriced", s->unpriced_tokens > 0);
    json_put_int(json, "unpricedTokens", s->unpriced_tokens);
}

static void put_row(struct json_out *json, const struct report *report,
                    const struct report_row *row)
{
    const char **texts = xcalloc(row->parts_n + 1, sizeof(*texts));
    const struct sums *s = &row->sums;
    size_t i;

    json_open(json, '{');
    json_put_text(json, "agent", SPAN_LIT("all"));
    json_put_int(json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    json_put_int(json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_key(json, "metadata");
    json_open(json, '{');
    for (i = 0; i < row->parts_n; i++)
        texts[i] = row->parts[i].agent;
    put_set(json, "agents", texts, row->parts_n);
    json_close(json, '}');
    put_parts(json, row);
    for (i = 0; i < row->parts_n; i++)
        texts[i] = row->parts[i].model;
    put_set(json, "modelsUsed", texts, row->parts_n);
    json_put_int(json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_put_text(json, words[report->by].key, span_of(row->key));
    json_put_money(json, "totalCost", s->cost_nusd);
    json_put_int(json, "totalTokens", sums_total(s));
    put_own(json, s);
    json_close(json, '}');
    free(texts);
}

static void put_totals(struct json_out *json, const struct sums *s)
{
    json_key(json, "totals");
    json_open(json, '{');
    json_put_int(json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    json_put_int(json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_put_int(json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_put_money(json, "totalCost", s->cost_nusd);
    json_put_int(json, "totalTokens", sums_total(s));
    put_own(json, s);
    json_close(json, '}');
}

static void put_plans(struct json_out *json, const struct report *report)
{
    size_t i;

    json_key(json, "plans");
    json_open(json, '[');
    for (i = 0; i < report->plans_n; i++) {
        const struct report_plan *plan = &report->plans[i];

        json_open(json, '{');
        json_put_text(json, "agent", span_of(plan->agent));
        json_put_money(json, "monthlyPrice", plan->price_nusd);
        json_put_money(json, "apiValue", plan->sums.cost_nusd);
        json_put_bool(json, "unpriced", plan->sums.unpriced_tokens > 0);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Models without a price, and how they get one. */
static void put_unpriced(struct json_out *json, const struct report *report)
{
    const char **models = NULL;
    size_t n = 0, space = 0, i, k;

    for (i = 0; i < report->rows_n; i++) {
        for (k = 0; k < report->rows[i].parts_n; k++) {
            if (report->rows[i].parts[k].sums.unpriced_tokens == 0)
                continue;
            models = xgrow(models, n, &space, sizeof(*models));
            models[n++] = report->rows[i].parts[k].model;
        }
    }
    put_set(json, "unpricedModels", models, n);
    json_put_text(json, "hint",
                  SPAN_LIT("\"prices\": {\"MODEL\": {\"input\": 3, \"output\": 15}} in the "
                           "configuration gives a model a price; 'tacho reprice' applies it"));
    free(models);
}

static void put_day(struct json_out *json, const char *key, int64_t day)
{
    char text[CIVIL_DAY_SIZE];

    json_key(json, key);
    if (day == REPORT_OPEN) {
        json_nil(json);
        return;
    }
    civil_format_day(day, text);
    json_text(json, span_of(text));
}

void show_report_json(struct buf *out, const struct report *report, int indent)
{
    struct json_out json;
    size_t i;

    json_out_init(&json, out, indent);
    json_open(&json, '{');
    json_key(&json, words[report->by].list);
    json_open(&json, '[');
    for (i = 0; i < report->rows_n; i++)
        put_row(&json, report, &report->rows[i]);
    json_close(&json, ']');
    put_totals(&json, &report->totals);
    json_put_text(&json, "timezone", span_of(report->zone_name));
    put_day(&json, "since", report->since_day);
    put_day(&json, "until", report->until_day);
    json_put_text(&json, "costMode", span_of(cost_kind_names[report->cost]));
    if (report->plans_n > 0)
        put_plans(&json, report);
    if (report->totals.unpriced_tokens > 0 && report->cost != COST_LOGGED)
        put_unpriced(&json, report);
    json_put_bool(&json, "complete", report->complete);
    if (!report->complete)
        json_put_int(&json, "readPermille", report->read_permille);
    json_close(&json, '}');
}
