/* show/runs_json.c — see runs.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/runs.h"

/* A time that may not have come yet. */
static void put_time(struct json_out *out, const char *key, int64_t at_ms)
{
    json_key(out, key);
    if (at_ms == REPORT_RUN_OPEN)
        json_nil(out);
    else
        json_int(out, at_ms);
}

/* What part of it costs nobody knows: then neither what the whole does. */
static void put_cost(struct json_out *out, const struct sums *sums)
{
    json_key(out, "cost_usd");
    if (sums->unpriced_tokens > 0)
        json_nil(out);
    else
        json_money(out, sums->cost_nusd);
}

void show_run(struct json_out *out, const struct report_run *run)
{
    struct run_tokens tokens = run_tokens_of(run->sums.tokens);

    json_open(out, '{');
    json_put_int(out, "id", run->id);
    json_put_int(out, "project_id", run->project_id);
    json_put_text(out, "state", span_of(run_state_names[run->state]));
    json_put_text(out, "agent", span_of(run->agent));
    json_put_text(out, "model", span_of(run->model));
    json_put_text(out, "label", span_of(run->label));
    json_put_text(out, "dir", span_of(run->dir));
    json_put_int(out, "created_at", run->created_ms);
    put_time(out, "finished_at", run->finished_ms);
    json_put_int(out, "tokens_input", tokens.input);
    json_put_int(out, "tokens_output", tokens.output);
    json_put_int(out, "tokens_cache_read", tokens.cache_read);
    json_put_int(out, "tokens_cache_create", tokens.cache_create);
    json_put_int(out, "tokens_total", run_tokens_total(&tokens));
    json_put_int(out, "usage_parse_errors", run->parse_errors);
    put_cost(out, &run->sums);
    json_close(out, '}');
}

void show_run_list(struct json_out *out, const struct report_runs *runs)
{
    size_t i;

    json_open(out, '[');
    for (i = 0; i < runs->rows_n; i++)
        show_run(out, &runs->rows[i]);
    json_close(out, ']');
}

void show_run_models(struct json_out *out, const struct report_run_models *models)
{
    size_t i;

    json_open(out, '[');
    for (i = 0; i < models->rows_n; i++) {
        const struct report_run_model *row = &models->rows[i];
        struct run_tokens tokens = run_tokens_of(row->sums.tokens);

        json_open(out, '{');
        json_put_text(out, "model", span_of(row->model));
        json_put_int(out, "input", tokens.input);
        json_put_int(out, "output", tokens.output);
        json_put_int(out, "cache_read", tokens.cache_read);
        json_put_int(out, "cache_create", tokens.cache_create);
        json_close(out, '}');
    }
    json_close(out, ']');
}
