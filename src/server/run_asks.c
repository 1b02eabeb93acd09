/* server/run_asks.c — what is asked to be done about runs: POST /api/runs, …/{id}/finish.
 *
 * The ledger is written by whoever reads the logs, so the answer comes later: the exchange waits
 * with a ticket, and nobody else waits with it.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "server/dispatch.h"
#include "server/handlers.h"
#include "server/server_internal.h"

#include <jansson.h>

enum { TEXT_MAX = 4096 };

/* ---- reading bodies ---- */

/* The body as an object, yours to drop; NULL when it is none, and that is answered. */
static json_t *read_body(const struct request *request, struct response *response)
{
    json_error_t where = { 0 };
    json_t *body = json_loadb(request->body.p ? request->body.p : "", request->body.len,
                              JSON_REJECT_DUPLICATES, &where);

    if (json_is_object(body))
        return body;
    response_error(response, 400, "bad_json", "The body must be a JSON object: %s",
                   body ? "it is another value." : where.text);
    json_decref(body);
    return NULL;
}

static bool read_number(const json_t *body, const char *key, int64_t *value,
                        struct response *response)
{
    const json_t *given = json_object_get(body, key);
    int64_t least = *value;

    if (!given || json_is_null(given)) {
        *value = 0;
        return true;
    }
    if (json_is_integer(given) && json_integer_value(given) >= least) {
        *value = json_integer_value(given);
        return true;
    }
    response_error(response, 400, "bad_run", "%s must be a whole number from %d up.", key,
                   (int)least);
    return false;
}

static bool read_text(const json_t *body, const char *key, struct span *text,
                      struct response *response)
{
    const json_t *given = json_object_get(body, key);

    *text = SPAN_ABSENT;
    if (!given || json_is_null(given))
        return true;
    *text = (struct span){ json_string_value(given), json_string_length(given) };
    if (text->p && text->len <= TEXT_MAX && !memchr(text->p, '\0', text->len))
        return true;
    response_error(response, 400, "bad_run", "%s must be a text of at most %d bytes.", key,
                   (int)TEXT_MAX);
    return false;
}

/* read_number takes the least that is allowed from where it puts the number. */
static bool read_run(const json_t *body, struct run *run, struct response *response)
{
    run->id = 1;
    run->project_id = 0;
    if (!read_number(body, "id", &run->id, response) ||
        !read_number(body, "project_id", &run->project_id, response) ||
        !read_text(body, "agent", &run->agent, response) ||
        !read_text(body, "model", &run->model, response) ||
        !read_text(body, "label", &run->label, response) ||
        !read_text(body, "dir", &run->dir, response))
        return false;
    if (!run->dir.p || span_starts(run->dir, "/"))
        return true;
    response_error(response, 400, "bad_run", "dir must be an absolute path, not %.*s.",
                   (int)(run->dir.len < 80 ? run->dir.len : 80), run->dir.p);
    return false;
}

/* ---- asking ---- */

static void ask(struct server *server, struct run_ask *what, struct response *response)
{
    if (!server->hooks.ask_run) {
        response_error(response, 503, "nobody_writes", "Nobody writes the ledger here.");
        return;
    }
    what->ticket = response->ticket = ++server->tickets;
    server->hooks.ask_run(server->hooks.to, what);
}

void api_run_add(struct server *server, const struct request *request, struct response *response)
{
    struct run_ask what = { .what = RUN_ASK_ADD };
    json_t *body = read_body(request, response);

    if (body && read_run(body, &what.run, response)) {
        what.run.kind = what.run.dir.p ? RUN_BY_DIR : RUN_BY_FOLDER;
        what.run.created_ms = clock_now_ms();
        what.run.finished_ms = RUN_NO_TIME;
        ask(server, &what, response);
    }
    json_decref(body);
}

void api_run_finish(struct server *server, const struct request *request, struct response *response)
{
    struct run_ask what = { .what = RUN_ASK_END };
    struct span state = SPAN_ABSENT;
    json_t *body;

    if (!run_id_of(request, &what.run.id, response))
        return;
    body = read_body(request, response);
    if (body && read_text(body, "state", &state, response)) {
        if (run_state_parse(state, &what.run.state) && what.run.state != RUN_RUNNING)
            ask(server, &what, response);
        else
            response_error(response, 400, "bad_state",
                           "state must be succeeded, failed or cancelled.");
    }
    json_decref(body);
}

/* ---- answering ---- */

static void refuse(const struct run_answer *answer, struct response *response)
{
    if (answer->in_use)
        response_error(response, 409, "run_exists", "There is a run %lld already.",
                       (long long)answer->run);
    else if (answer->err.kind == ERR_NOT_FOUND)
        response_error(response, 404, "unknown_run", "%s", answer->err.text);
    else
        response_error(response, 503, "ledger_unavailable", "%s", answer->err.text);
}

void server_run_answered(struct server *server, const struct run_answer *answer)
{
    struct conn *conn;
    struct exchange *x = conns_find(&server->conns, answer->ticket, &conn);
    bool adds;

    if (!x)
        return; /* nobody waits for it any more */
    adds = x->route->handler == api_run_add;
    if (answer->in_use || answer->err.kind != ERR_NONE)
        refuse(answer, &x->response);
    else
        run_answer(server, answer->run, adds ? 201 : 200, &x->response);
    conn_answer(conn);
}
