/* show/report_json.c — reports as JSON, in the shape that ccusage 20 prints.
 *
 * Money is exact to the nanodollar. A cost is the sum of what has a price; "unpriced": true says
 * that something beside it has none, and "unpricedTokens" how much.
 * SPDX-License-Identifier: MIT
 */
#include "show/json_internal.h"

#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>

static void put_plans(struct json_report *j, const struct report *report)
{
    size_t i;

    json_key(&j->json, "plans");
    json_open(&j->json, '[');
    for (i = 0; i < report->plans_n; i++) {
        const struct report_plan *plan = &report->plans[i];

        json_open(&j->json, '{');
        json_put_text(&j->json, "agent", span_of(plan->agent));
        json_put_money(&j->json, "monthlyPrice", plan->price_nusd);
        json_put_money(&j->json, "apiValue", plan->sums.cost_nusd);
        json_put_bool(&j->json, "unpriced", plan->sums.unpriced_tokens > 0);
        json_close(&j->json, '}');
    }
    json_close(&j->json, ']');
}

/* ---- what has no price ---- */

struct unpriced {
    const char **models; /* a model may stand there several times */
    size_t n, space;
};

static void find_unpriced(struct unpriced *u, const struct report *report)
{
    size_t i, k;

    for (i = 0; i < report->rows_n; i++) {
        for (k = 0; k < report->rows[i].parts_n; k++) {
            if (report->rows[i].parts[k].sums.unpriced_tokens == 0)
                continue;
            u->models = xgrow(u->models, u->n, &u->space, sizeof(*u->models));
            u->models[u->n++] = report->rows[i].parts[k].model;
        }
    }
}

static void put_hint(struct json_report *j, struct unpriced *u)
{
    json_set(j, "unpricedModels", u->models, u->n);
    json_put_text(&j->json, "hint",
                  SPAN_LIT("\"prices\": {\"MODEL\": {\"input\": 3, \"output\": 15}} in the "
                           "configuration gives a model a price; 'tacho reprice' applies it"));
}

/* ---- around the rows ---- */

static void put_totals(struct json_report *j, const struct report *report, struct unpriced *u)
{
    json_key(&j->json, "totals");
    json_open(&j->json, '{');
    json_figures(j, &report->totals);
    if (u->n > 0)
        json_set(j, "unpricedModels", u->models, u->n);
    json_own(j, &report->totals);
    json_close(&j->json, '}');
}

static void put_day(struct json_report *j, const char *key, int64_t day)
{
    char text[CIVIL_DAY_SIZE];

    json_key(&j->json, key);
    if (day == REPORT_OPEN) {
        json_nil(&j->json);
        return;
    }
    civil_format_day(day, text);
    json_text(&j->json, span_of(text));
}

/* All that stands once, whatever lists there are. */
static void put_frame(struct json_report *j, const struct report *report)
{
    struct unpriced u = { 0 };

    if (report->totals.unpriced_tokens > 0 && report->cost != COST_LOGGED)
        find_unpriced(&u, report);
    put_totals(j, report, &u);
    json_put_text(&j->json, "timezone", span_of(report->zone_name));
    put_day(j, "since", report->since_day);
    put_day(j, "until", report->until_day);
    json_put_text(&j->json, "costMode", span_of(cost_kind_names[report->cost]));
    if (report->plans_n > 0)
        put_plans(j, report);
    if (u.n > 0)
        put_hint(j, &u);
    json_put_bool(&j->json, "complete", report->complete);
    if (!report->complete)
        json_put_int(&j->json, "readPermille", report->read_permille);
    free(u.models);
}

static void put_rows(struct json_report *j, const struct report *report, const char *key)
{
    size_t i;

    json_key(&j->json, key);
    json_open(&j->json, '[');
    for (i = 0; i < report->rows_n; i++)
        json_row(j, report, &report->rows[i]);
    json_close(&j->json, ']');
}

void show_reports_json(struct buf *out, const struct report *reports, size_t n,
                       const struct show_json *how)
{
    struct json_report j = { .how = how };
    size_t i;

    json_out_init(&j.json, out, how->indent);
    json_open(&j.json, '{');
    for (i = 0; i < n; i++)
        put_rows(&j, &reports[i], json_list_name(reports[i].by, how->form));
    put_frame(&j, &reports[0]);
    json_close(&j.json, '}');
}

void show_report_json(struct buf *out, const struct report *report, int indent)
{
    const struct show_json how = { .indent = indent };

    show_reports_json(out, report, 1, &how);
}

void show_projects_json(struct buf *out, const struct report *whole, const struct report *projects,
                        const char *const *names, const struct show_json *how)
{
    struct json_report j = { .how = how };
    size_t i;

    json_out_init(&j.json, out, how->indent);
    json_open(&j.json, '{');
    json_key(&j.json, "projects");
    json_open(&j.json, '{');
    for (i = 0; names[i]; i++) {
        j.project = names[i];
        put_rows(&j, &projects[i], names[i]);
    }
    json_close(&j.json, '}');
    put_frame(&j, whole);
    json_close(&j.json, '}');
}

/* ---- one session, event by event ---- */

struct show_entries {
    struct json_report j;
    struct sums sums;
};

struct show_entries *show_entries_begin(struct buf *out, const struct show_json *how)
{
    struct show_entries *e = xcalloc(1, sizeof(*e));

    e->j.how = how;
    json_out_init(&e->j.json, out, how->indent);
    json_open(&e->j.json, '{');
    json_key(&e->j.json, "entries");
    json_open(&e->j.json, '[');
    return e;
}

void show_entries_add(struct show_entries *e, const struct report_entry *entry)
{
    const struct sums *s = &entry->sums;

    json_open(&e->j.json, '{');
    json_put_int(&e->j.json, "cacheCreationTokens", sums_cache_write(s));
    json_put_int(&e->j.json, "cacheReadTokens", s->tokens[TOKEN_CACHE_READ]);
    if (!e->j.how->no_cost)
        json_put_money(&e->j.json, "costUSD", s->cost_nusd);
    json_put_int(&e->j.json, "inputTokens", s->tokens[TOKEN_INPUT]);
    json_put_text(&e->j.json, "model", span_of(entry->model));
    json_put_int(&e->j.json, "outputTokens", s->tokens[TOKEN_OUTPUT]);
    json_time(&e->j, "timestamp", entry->at_ms);
    json_put_bool(&e->j.json, "unpriced", s->unpriced_tokens > 0);
    json_close(&e->j.json, '}');
    sums_add(&e->sums, s, 1);
}

void show_entries_end(struct show_entries *e, struct span session)
{
    json_close(&e->j.json, ']');
    json_put_text(&e->j.json, "sessionId", session);
    if (!e->j.how->no_cost)
        json_put_money(&e->j.json, "totalCost", e->sums.cost_nusd);
    json_put_int(&e->j.json, "totalTokens", sums_total(&e->sums));
    json_own(&e->j, &e->sums);
    json_close(&e->j.json, '}');
    free(e);
}
