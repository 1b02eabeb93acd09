/* show/json_row.c — one row of a report under the names that ccusage gives things.
 *
 * Their keys come first, in their order; ours follow. What a key is called depends on the form:
 * the report of all agents says "period", that of one agent "date", "week" or "month".
 * SPDX-License-Identifier: MIT
 */
#include "show/json_internal.h"

#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>

/* What the list of rows and the key of a row are called: of all agents, of one. */
static const struct {
    const char *list, *key, *own_list, *own_key;
} words[REPORT_BYS] = {
    [REPORT_DAY] = { "daily", "period", "daily", "date" },
    [REPORT_WEEK] = { "weekly", "period", "weekly", "week" },
    [REPORT_MONTH] = { "monthly", "period", "monthly", "month" },
    [REPORT_MODEL] = { "models", "name", "models", "name" },
    [REPORT_AGENT] = { "agents", "name", "agents", "name" },
    [REPORT_PROJECT] = { "projects", "name", "projects", "name" },
    [REPORT_MACHINE] = { "machines", "name", "machines", "name" },
    [REPORT_SESSION] = { "session", "period", "sessions", "sessionId" },
    [REPORT_BLOCK] = { "blocks", "id", "blocks", "id" },
};

const char *json_list_name(enum report_by by, enum show_form form)
{
    return form == SHOW_UNITED ? words[by].list : words[by].own_list;
}

void json_time(struct json_report *j, const char *key, int64_t at_ms)
{
    char text[CIVIL_TIME_SIZE];

    civil_format_iso(at_ms, text);
    json_put_text(&j->json, key, span_of(text));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void json_set(struct json_report *j, const char *key, const char **texts, size_t n)
{
    size_t i;

    if (n > 0)
        qsort(texts, n, sizeof(*texts), by_text);
    json_key(&j->json, key);
    json_open(&j->json, '[');
    for (i = 0; i < n; i++) {
        if (i == 0 || strcmp(texts[i], texts[i - 1]) != 0)
            json_text(&j->json, span_of(texts[i]));
    }
    json_close(&j->json, ']');
}

/* ---- figures ---- */

void json_figures(struct json_report *j, const struct sums *s)
{
    bool by_model = j->how->form == SHOW_BY_MODEL;

    json_put_int(&j->json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(&j->json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    json_put_int(&j->json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_put_int(&j->json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    if (by_model)
        json_put_int(&j->json, "reasoningOutputTokens", s->tokens[TOKEN_REASONING]);
    if (!j->how->no_cost)
        json_put_money(&j->json, by_model ? "costUSD" : "totalCost", s->cost_nusd);
    json_put_int(&j->json, "totalTokens", sums_total(s));
}

void json_own(struct json_report *j, const struct sums *s)
{
    json_put_int(&j->json, "reasoningTokens", s->tokens[TOKEN_REASONING]);
    json_put_int(&j->json, "cacheCreation1hTokens", s->tokens[TOKEN_CACHE_WRITE_1H]);
    json_put_int(&j->json, "webSearches", s->web_searches);
    json_put_int(&j->json, "events", s->events);
    if (!j->how->no_cost) {
        json_key(&j->json, "loggedCost");
        if (s->logged_nusd == 0)
            json_nil(&j->json); /* no agent wrote one */
        else
            json_money(&j->json, s->logged_nusd);
    }
    json_put_bool(&j->json, "unpriced", s->unpriced_tokens > 0);
    json_put_int(&j->json, "unpricedTokens", s->unpriced_tokens);
}

/* ---- parts ---- */

static void put_part(struct json_report *j, const struct report_part *part)
{
    const struct sums *s = &part->sums;

    json_open(&j->json, '{');
    json_put_int(&j->json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(&j->json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    if (!j->how->no_cost)
        json_put_money(&j->json, "cost", s->cost_nusd);
    json_put_int(&j->json, "inputTokens", s->tokens[TOKEN_INPUT]);
    if (sums_unpriced(s))
        json_put_bool(&j->json, "missingPricing", true);
    json_put_text(&j->json, "modelName", span_of(part->model));
    json_put_int(&j->json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_put_text(&j->json, "agent", span_of(part->agent));
    json_put_bool(&j->json, "unpriced", s->unpriced_tokens > 0);
    json_put_int(&j->json, "unpricedTokens", s->unpriced_tokens);
    json_close(&j->json, '}');
}

/* Parts of one agent (NULL: of all), and which models these are. */
static void put_parts(struct json_report *j, const struct report_row *row, const char *agent)
{
    const char **models = xcalloc(row->parts_n + 1, sizeof(*models));
    size_t n = 0, i;

    json_key(&j->json, "modelBreakdowns");
    json_open(&j->json, '[');
    for (i = 0; i < row->parts_n; i++) {
        if (agent && strcmp(row->parts[i].agent, agent) != 0)
            continue;
        put_part(j, &row->parts[i]);
        models[n++] = row->parts[i].model;
    }
    json_close(&j->json, ']');
    json_set(j, "modelsUsed", models, n);
    free(models);
}

/* "models": {"gpt-5": {…}} */
static void put_models(struct json_report *j, const struct report_row *row)
{
    size_t i;

    json_key(&j->json, "models");
    json_open(&j->json, '{');
    for (i = 0; i < row->parts_n; i++) {
        const struct sums *s = &row->parts[i].sums;

        json_key(&j->json, row->parts[i].model);
        json_open(&j->json, '{');
        json_put_int(&j->json, "cacheCreationTokens", sums_cache_write(s));
        json_put_int(&j->json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
        json_put_int(&j->json, "inputTokens", s->tokens[TOKEN_INPUT]);
        json_put_bool(&j->json, "isFallback", false);
        json_put_int(&j->json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
        json_put_int(&j->json, "reasoningOutputTokens", s->tokens[TOKEN_REASONING]);
        json_put_int(&j->json, "totalTokens", sums_total(s));
        json_close(&j->json, '}');
    }
    json_close(&j->json, '}');
}

/* One agent's share of the row. */
static void put_share(struct json_report *j, const struct report_row *row, const char *agent)
{
    struct sums sums = { 0 };
    size_t i;

    for (i = 0; i < row->parts_n; i++) {
        if (strcmp(row->parts[i].agent, agent) == 0)
            sums_add(&sums, &row->parts[i].sums, 1);
    }
    json_open(&j->json, '{');
    json_put_text(&j->json, "agent", span_of(agent));
    json_figures(j, &sums);
    put_parts(j, row, agent);
    json_close(&j->json, '}');
}

static void put_shares(struct json_report *j, const char **agents, size_t n,
                       const struct report_row *row)
{
    size_t i;

    json_key(&j->json, "agents");
    json_open(&j->json, '[');
    for (i = 0; i < n; i++) { /* sorted, as json_set left them */
        if (i == 0 || strcmp(agents[i], agents[i - 1]) != 0)
            put_share(j, row, agents[i]);
    }
    json_close(&j->json, ']');
}

/* ---- what a row is of ---- */

/* A file's name without its ending stands for a session there. */
static void put_session_place(struct json_report *j, const char *session)
{
    const char *slash = strrchr(session, '/');
    const char *name = slash ? slash + 1 : session;

    json_put_text(&j->json, "directory",
                  (struct span){ session, slash ? (size_t)(slash - session) : 0 });
    json_put_text(&j->json, "sessionFile", span_of(name));
}

static void put_session(struct json_report *j, const struct report_row *row)
{
    json_time(j, "firstActivity", row->first_ms);
    json_time(j, "lastActivity", row->last_ms);
    json_put_text(&j->json, "projectPath", span_of(row->project));
    if (j->how->form == SHOW_BY_MODEL)
        put_session_place(j, row->key);
}

/* Which agents are in the row; of a session also when and where. */
static void put_metadata(struct json_report *j, const struct report_row *row, const char **agents)
{
    json_key(&j->json, "metadata");
    json_open(&j->json, '{');
    json_set(j, "agents", agents, row->parts_n);
    if (row->agent)
        put_session(j, row);
    json_close(&j->json, '}');
}

static void put_united(struct json_report *j, const struct report_row *row)
{
    const char **agents = xcalloc(row->parts_n + 1, sizeof(*agents));
    size_t i;

    for (i = 0; i < row->parts_n; i++)
        agents[i] = row->parts[i].agent;
    json_put_text(&j->json, "agent", span_of(row->agent ? row->agent : "all"));
    put_metadata(j, row, agents);
    if (j->how->by_agent)
        put_shares(j, agents, row->parts_n, row);
    free(agents);
}

void json_row(struct json_report *j, const struct report *report, const struct report_row *row)
{
    bool united = j->how->form == SHOW_UNITED;

    if (row->block) {
        json_block(j, report, row);
        return;
    }
    json_open(&j->json, '{');
    if (united)
        put_united(j, row);
    else if (row->agent)
        put_session(j, row);
    json_put_text(&j->json, united ? words[report->by].key : words[report->by].own_key,
                  span_of(row->key));
    if (j->project)
        json_put_text(&j->json, "project", span_of(j->project));
    json_figures(j, &row->sums);
    if (j->how->form == SHOW_BY_MODEL)
        put_models(j, row);
    else
        put_parts(j, row, NULL);
    json_own(j, &row->sums);
    json_close(&j->json, '}');
}
