/* server/api_runs.c — runs as they stand: /api/runs, /api/runs/{id}, /api/usage/runs/{id}.
 * SPDX-License-Identifier: MIT
 */
#include "server/handlers.h"
#include "server/run_feed.h"
#include "server/server_internal.h"
#include "show/runs.h"

#define LIMIT_MOST 100000

/* States that existing clients know. A run of ours is in none of the others, ever. */
static const char *const foreign_states[] = {
    "queued", "starting", "waiting", "awaiting_resume", "resume_failed",
};

static bool is_foreign(struct span name)
{
    for (size_t i = 0; i < sizeof(foreign_states) / sizeof(foreign_states[0]); i++)
        if (span_is(name, foreign_states[i]))
            return true;
    return false;
}

/* "running,failed": all of them are asked for. */
static bool read_states(struct span text, unsigned *states, struct response *response)
{
    struct span name = SPAN_ABSENT;
    enum run_state state;

    *states = text.len > 0 ? 0 : ~0u;
    while (text.len > 0 && span_split(&text, ',', &name)) {
        if (run_state_parse(name, &state)) {
            *states |= 1u << state;
        } else if (!is_foreign(name)) {
            response_error(response, 400, "bad_state", "There is no state %.*s of a run.",
                           (int)(name.len < 80 ? name.len : 80), name.p);
            return false;
        }
    }
    return true;
}

/* A number of the query; `value` stays as it is where none was given. */
static bool read_number(const struct request *request, const char *key, int64_t *value,
                        struct response *response)
{
    struct span text = request_query(request, key);

    if (!text.p)
        return true;
    if (span_int(text, value) && *value >= 0 && *value <= INT64_MAX / 2)
        return true;
    response_error(response, 400, "bad_number", "%s must be a whole number, not %.*s.", key,
                   (int)(text.len < 80 ? text.len : 80), text.p);
    return false;
}

static void write_page(struct response *response, const struct report_runs *runs, bool paged)
{
    struct json_out out = response_json(response);

    if (!paged) {
        show_run_list(&out, runs);
        return;
    }
    json_open(&out, '{');
    json_key(&out, "items");
    show_run_list(&out, runs);
    json_put_int(&out, "total", runs->total);
    json_close(&out, '}');
}

void api_runs(struct server *server, const struct request *request, struct response *response)
{
    struct report_runs_query query = { .project_id = REPORT_RUN_OPEN,
                                       .text = request_query(request, "q"),
                                       .limit = -1,
                                       .cost = server->cost };
    bool paged = request_query(request, "limit").p || request_query(request, "offset").p;
    struct report_runs runs;
    struct err err;

    if (!read_states(request_query(request, "state"), &query.states, response) ||
        !read_number(request, "project_id", &query.project_id, response) ||
        !read_number(request, "limit", &query.limit, response) ||
        !read_number(request, "offset", &query.offset, response))
        return;
    if (query.limit > LIMIT_MOST)
        query.limit = LIMIT_MOST;
    if (report_runs(server->store, &query, &runs, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else {
        write_page(response, &runs, paged);
        response->good_until_ms = INT64_MAX;
    }
    report_runs_fini(&runs);
}

bool run_id_of(const struct request *request, int64_t *id, struct response *response)
{
    struct span text = request->params[0];

    if (span_int(text, id))
        return true;
    response_error(response, 400, "bad_run_id", "A run has a whole number, not %.*s.",
                   (int)(text.len < 80 ? text.len : 80), text.p);
    return false;
}

void run_answer(struct server *server, int64_t id, int status, struct response *response)
{
    struct report_runs runs;
    struct json_out out;
    struct err err;

    if (report_run(server->store, id, server->cost, &runs, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else if (runs.rows_n == 0) {
        response_error(response, 404, "unknown_run", "There is no run %lld.", (long long)id);
    } else {
        out = response_json(response);
        show_run(&out, &runs.rows[0]);
        response->status = status;
        response->good_until_ms = INT64_MAX;
    }
    report_runs_fini(&runs);
}

void api_run(struct server *server, const struct request *request, struct response *response)
{
    int64_t id;

    if (run_id_of(request, &id, response))
        run_answer(server, id, 200, response);
}

void api_run_usage(struct server *server, const struct request *request, struct response *response)
{
    struct report_run_models models;
    struct json_out out;
    struct err err;
    int64_t id;

    if (!run_id_of(request, &id, response))
        return;
    if (report_run_models(server->store, id, &models, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    } else {
        out = response_json(response);
        show_run_models(&out, &models);
        response->good_until_ms = INT64_MAX;
    }
    report_run_models_fini(&models);
}

/* ---- sockets ---- */

static bool find_run(struct server *server, struct span param, struct run *run)
{
    int64_t id;

    return span_int(param, &id) && store_run_get(server->store, id, run, NULL) == 1;
}

bool run_exists(struct server *server, struct span param)
{
    struct run run;

    return find_run(server, param, &run);
}

struct run_feed *run_follow(struct server *server, struct span param)
{
    struct run run;

    return find_run(server, param, &run) ? run_feed_new(run.id, run.state) : NULL;
}
