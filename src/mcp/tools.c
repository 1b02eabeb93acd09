/* mcp/tools.c — the tools: what can be asked, and what is answered. Computes no totals.
 * SPDX-License-Identifier: MIT
 */
#include "mcp/mcp_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "report/estimate.h"
#include "report/when.h"
#include "show/limits.h"
#include "show/show.h"
#include "store/store.h"

/* Appends its document. 0, or -1 with *err. */
typedef int tool_fn(const struct mcp_parts *parts, const struct mcp_ask *ask, struct store *store,
                    struct buf *document, struct err *err);

/* ---- usage, sessions ---- */

static int report(const struct report_query *query, struct store *store, struct buf *document,
                  struct err *err)
{
    struct report rows = { 0 };
    int rc = report_build(store, query, &rows, err);

    if (rc == 0 && query->filter.session && rows.rows_n == 0) {
        err_set(err, ERR_NOT_FOUND, "there is no session '%.80s' in that span",
                query->filter.session);
        rc = -1;
    }
    if (rc == 0)
        show_report_json(document, &rows, 0);
    report_fini(&rows);
    return rc;
}

static int tell_usage(const struct mcp_parts *parts, const struct mcp_ask *ask, struct store *store,
                      struct buf *document, struct err *err)
{
    struct report_query query;

    if (mcp_ask_query(ask, parts, mcp_ask_by(ask->by), &query, err) < 0)
        return -1;
    return report(&query, store, document, err);
}

static int tell_sessions(const struct mcp_parts *parts, const struct mcp_ask *ask,
                         struct store *store, struct buf *document, struct err *err)
{
    struct report_query query;

    if (mcp_ask_query(ask, parts, REPORT_SESSION, &query, err) < 0)
        return -1;
    return report(&query, store, document, err);
}

/* ---- limits ---- */

static int tell_limits(const struct mcp_parts *parts, const struct mcp_ask *ask,
                       struct store *store, struct buf *document, struct err *err)
{
    struct limits limits = { 0 };
    int rc = limits_load(&limits, store, clock_now_ms(), LIMITS_FORECAST, err);
    struct estimate_sink sink;

    (void)ask;
    if (rc == 0) {
        limits_name_plans(&limits, parts->config);
        sink = limits_estimates(&limits);
        rc = report_estimates(store, limits.now_ms, &sink, err);
    }
    if (rc == 0)
        show_limits_json(document, &limits, 0);
    limits_fini(&limits);
    return rc;
}

/* ---- cost ---- */

static void put_day(struct json_out *out, const char *key, int64_t day)
{
    char text[CIVIL_DAY_SIZE];

    civil_format_day(day, text);
    json_put_text(out, key, span_of(text));
}

static void put_sums(struct json_out *out, const struct sums *sums)
{
    json_put_int(out, "inputTokens", sums->tokens[TOKEN_INPUT]);
    json_put_int(out, "outputTokens", sums->tokens[TOKEN_OUTPUT]);
    json_put_int(out, "cacheCreationTokens", sums_cache_write(sums));
    json_put_int(out, "cacheReadTokens", sums->tokens[TOKEN_CACHE_READ]);
    json_put_int(out, "totalTokens", sums_total(sums));
    json_put_money(out, "totalCost", sums->cost_nusd);
    json_put_bool(out, "unpriced", sums->unpriced_tokens > 0);
    json_put_int(out, "unpricedTokens", sums->unpriced_tokens);
}

/* A cost that is a lower bound can say "no", but neither "yes" nor how much remains. */
static void put_budget(struct json_out *out, const struct sums *sums, int64_t budget_nusd)
{
    bool over = sums->cost_nusd > budget_nusd, known = sums->unpriced_tokens == 0;

    json_put_money(out, "budget", budget_nusd);
    json_key(out, "remaining");
    if (known)
        json_money(out, budget_nusd - sums->cost_nusd);
    else
        json_nil(out);
    json_key(out, "withinBudget");
    if (known || over)
        json_bool(out, !over);
    else
        json_nil(out);
}

static void write_cost(struct buf *document, const struct report *spent,
                       const struct report_query *query, const struct mcp_ask *ask)
{
    struct json_out out;

    json_out_init(&out, document, 0);
    json_open(&out, '{');
    json_put_text(&out, "period", span_of(ask->period ? ask->period : report_by_names[REPORT_DAY]));
    put_day(&out, "since", query->since_day);
    put_day(&out, "until", query->until_day);
    json_put_text(&out, "timezone", span_of(spent->zone_name));
    put_sums(&out, &spent->totals);
    json_put_text(&out, "costMode", span_of(cost_kind_names[spent->cost]));
    if (ask->budget_nusd >= 0)
        put_budget(&out, &spent->totals, ask->budget_nusd);
    json_put_bool(&out, "complete", spent->complete);
    json_close(&out, '}');
}

static int tell_cost(const struct mcp_parts *parts, const struct mcp_ask *ask, struct store *store,
                     struct buf *document, struct err *err)
{
    struct report spent = { 0 };
    struct report_query query;
    struct report_now now;
    int rc;

    if (mcp_ask_query(ask, parts, mcp_ask_by(ask->period), &query, err) < 0)
        return -1;
    now = (struct report_now){ zone_day_of(query.zone, query.blocks.now_ms), query.week_start };
    query.since_day = report_last_periods(query.by, 1, &now);
    query.until_day = now.today;
    rc = report_build(store, &query, &spent, err);
    if (rc == 0)
        write_cost(document, &spent, &query, ask);
    report_fini(&spent);
    return rc;
}

/* ---- the table ---- */

static const struct tool {
    const char *name, *title, *help;
    enum mcp_tool bit;
    tool_fn *tell;
} tools[] = {
    { "usage", "Usage",
      "Tokens and cost of coding agents on this machine, by day, week, month, five-hour block, "
      "model, agent, project or machine.",
      MCP_USAGE, tell_usage },
    { "sessions", "Sessions",
      "Tokens and cost session by session, most tokens first; with id only that session.",
      MCP_SESSIONS, tell_sessions },
    { "limits", "Rate limits",
      "How far every known rate limit is used up, when it resets, and when it will be full at the "
      "present pace. utilization 1 is all of it; times are milliseconds since 1970.",
      MCP_LIMITS, tell_limits },
    { "cost", "Cost",
      "What this day, week or month has cost so far; with budget also what remains of it.",
      MCP_COST, tell_cost },
};
#define TOOLS (sizeof(tools) / sizeof(tools[0]))

static void put_tool(struct json_out *out, const struct tool *tool)
{
    json_open(out, '{');
    json_put_text(out, "name", span_of(tool->name));
    json_put_text(out, "title", span_of(tool->title));
    json_put_text(out, "description", span_of(tool->help));
    json_key(out, "inputSchema");
    mcp_ask_schema(out, tool->bit);
    json_key(out, "annotations");
    json_open(out, '{');
    json_put_bool(out, "readOnlyHint", true);
    json_put_bool(out, "openWorldHint", false);
    json_close(out, '}');
    json_close(out, '}');
}

int mcp_tools_list(const struct mcp_parts *parts, const json_t *params, struct buf *result,
                   struct err *err)
{
    struct json_out out;

    (void)parts, (void)params, (void)err;
    json_out_init(&out, result, 0);
    json_open(&out, '{');
    json_key(&out, "tools");
    json_open(&out, '[');
    for (size_t i = 0; i < TOOLS; i++)
        put_tool(&out, &tools[i]);
    json_close(&out, ']');
    json_close(&out, '}');
    return 0;
}

/* ---- a call ---- */

static const struct tool *find_tool(const char *name, struct err *err)
{
    struct buf names = { 0 };

    for (size_t i = 0; i < TOOLS; i++) {
        if (name && strcmp(name, tools[i].name) == 0)
            return &tools[i];
    }
    for (size_t i = 0; i < TOOLS; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", tools[i].name);
    err_set(err, ERR_USAGE, "there is no tool '%.80s'; there are %s", name ? name : "", names.p);
    buf_fini(&names);
    return NULL;
}

static void put_text_content(struct buf *result, struct span text)
{
    struct json_out out;

    buf_add_text(result, "{\"content\":[{\"type\":\"text\",\"text\":");
    json_out_init(&out, result, 0);
    json_text(&out, text);
    buf_add_text(result, "}]");
}

/* The document as an object, and as text for clients that know no other. */
static void put_answer(struct buf *result, struct span document)
{
    put_text_content(result, document);
    buf_add_text(result, ",\"structuredContent\":");
    buf_add_span(result, document);
    buf_add_text(result, ",\"isError\":false}");
}

/* The question was understood, but the ledger could not answer: that is for the model to read. */
static void put_failure(struct buf *result, const struct err *err)
{
    put_text_content(result, span_of(err->text));
    buf_add_text(result, ",\"isError\":true}");
}

int mcp_tools_call(const struct mcp_parts *parts, const json_t *params, struct buf *result,
                   struct err *err)
{
    const struct tool *tool = find_tool(json_string_value(json_object_get(params, "name")), err);
    const json_t *arguments = json_object_get(params, "arguments");
    struct buf document = { 0 };
    struct store *store = NULL;
    struct mcp_ask ask;
    int rc;

    if (!tool)
        return -1;
    if (arguments && !json_is_object(arguments) && !json_is_null(arguments)) {
        err_set(err, ERR_USAGE, "arguments must be an object");
        return -1;
    }
    if (mcp_ask_read(&ask, tool->bit, arguments, err) < 0)
        return -1;
    rc = parts->open(parts->to, &store, err);
    if (rc == 0)
        rc = tool->tell(parts, &ask, store, &document, err);
    if (rc == 0)
        put_answer(result, buf_span(&document));
    else if (err->kind != ERR_USAGE)
        put_failure(result, err);
    store_close(store);
    buf_fini(&document);
    return rc < 0 && err->kind == ERR_USAGE ? -1 : 0;
}
