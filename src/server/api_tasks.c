/* server/api_tasks.c — tasks in and out, and the usage window: /api/tasks and /usage.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "report/task_record.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "show/usage.h"

enum {
    RECORDS_MOST = 1000,
    LIMIT_DEFAULT = 100,
    LIMIT_MOST = 1000,
    PATIENCE_MS = 1000, /* for whoever writes to the ledger just now: the loop stands still */
};

#define PIECE(span) ((span).len < 80 ? (int)(span).len : 80), ((span).p ? (span).p : "")

/* ---- the usage window ---- */

/* The handle that writes, made when first needed. NULL with *err. */
static struct store *writer_of(struct server *server, struct err *err)
{
    if (server->writer)
        return server->writer;
    if (store_open(&server->writer, store_path(server->store), STORE_WRITE, err) < 0)
        return NULL;
    store_set_patience(server->writer, PATIENCE_MS);
    if (store_set_durable(server->writer, err) == 0)
        return server->writer;
    store_close(server->writer);
    server->writer = NULL;
    return NULL;
}

/* Days are kept in the zone of the reset. Where that fails, answers are right all the same. */
static void keep_zone(struct server *server)
{
    const struct zone *zone = usage_settings_reset(server->usage.settings)->zone;
    struct err err;
    struct store *writer = writer_of(server, &err);

    if (!writer || store_set_usage_zone(writer, zone, &err) < 0)
        log_info("%s; the usage window is counted event by event", err.text);
}

void usage_follow_changes(struct server *server)
{
    int64_t revision = store_revision(server->store);
    bool settings = usage_watch_look(&server->usage);

    if (settings)
        keep_zone(server);
    if (settings || revision != server->store_revision)
        cache_drop(&server->cache);
    server->store_revision = revision;
}

void api_usage_window(struct server *server, const struct request *request,
                      struct response *response)
{
    struct span wanted = request_query(request, "window");
    enum usage_window window = USAGE_WEEK;
    struct usage usage;
    struct err err;

    if (wanted.p) {
        for (window = USAGE_WEEK; window < USAGE_WINDOWS; window++)
            if (span_is(wanted, usage_window_names[window]))
                break;
        if (window == USAGE_WINDOWS) {
            response_error(response, 400, "bad_parameter", "window=%.*s: must be week, day or all.",
                           PIECE(wanted));
            return;
        }
    }
    if (usage_build(server->store, server->usage.settings, window, &usage, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        return;
    }
    response->status = 200;
    show_usage_json(&response->body, &usage, 0);
    response->good_until_ms = usage.good_until_ms;
    usage_fini(&usage);
}

/* ---- tasks in ---- */

static void refuse(struct response *response, const struct err *err)
{
    if (err->kind == ERR_USAGE) {
        response_error(response, 400, "bad_task", "%s.", err->text);
        return;
    }
    response_error(response, 503, "ledger_unavailable", "%s", err->text);
    response_header(response, "Retry-After", "1");
}

void api_tasks_take(struct server *server, const struct request *request, struct response *response)
{
    struct task_records *records = NULL;
    struct store *writer;
    struct json_out out;
    size_t n, replaced;
    struct err err;

    if (task_records_read(&records, request->body, TASK_RECORDS_DOCUMENT, &err) < 0) {
        refuse(response, &err);
        return;
    }
    n = task_records_count(records);
    if (n > RECORDS_MOST) {
        response_error(response, 400, "too_many_tasks", "%zu tasks came; at most %d are taken.", n,
                       RECORDS_MOST);
        goto out;
    }
    writer = writer_of(server, &err);
    if (!writer || task_records_store(records, writer, &replaced, &err) < 0) {
        refuse(response, &err);
        goto out;
    }
    out = response_json(response);
    response->status = replaced < n ? 201 : 200;
    json_open(&out, '{');
    json_put_int(&out, "accepted", (int64_t)n);
    json_close(&out, '}');
    server_changed(server);
out:
    task_records_free(records);
}

/* ---- tasks out ---- */

struct listing {
    struct timespan span;
    struct span agent; /* absent: all */
    int64_t limit, offset, total;
    struct json_out out;
};

static bool list_task(void *to, const struct task *task)
{
    struct listing *l = to;

    if (l->agent.p && !span_eq(l->agent, task->agent))
        return true;
    if (l->total >= l->offset && l->total < l->offset + l->limit)
        task_record_write(&l->out, task);
    l->total++;
    return true;
}

/* A time, or a day in UTC. */
static bool read_time(const struct request *request, const char *key, int64_t *at_ms)
{
    struct span value = request_query(request, key);
    int64_t day;

    if (!value.p || civil_parse_rfc3339(value, at_ms))
        return true;
    if (value.len == 10 && civil_parse_day(value, &day)) {
        *at_ms = day * MS_PER_DAY;
        return true;
    }
    return span_int(value, at_ms) && *at_ms >= 0;
}

static bool read_count(const struct request *request, const char *key, int64_t most, int64_t *count)
{
    struct span value = request_query(request, key);

    return !value.p || (span_int(value, count) && *count >= 0 && *count <= most);
}

static int read_listing(struct listing *l, const struct request *request, struct response *response)
{
    static const char time[] = "a time such as 2026-11-22T10:00:00Z, a day, or milliseconds";
    const struct {
        const char *key, *allowed;
        bool good;
    } checks[] = {
        { "since", time, read_time(request, "since", &l->span.since_ms) },
        { "until", time, read_time(request, "until", &l->span.until_ms) },
        { "limit", "a number from 0 to 1000", read_count(request, "limit", LIMIT_MOST, &l->limit) },
        { "offset", "a number from 0 up",
          read_count(request, "offset", INT64_MAX / 2, &l->offset) },
    };

    l->agent = request_query(request, "agent");
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        struct span value = request_query(request, checks[i].key);

        if (checks[i].good)
            continue;
        response_error(response, 400, "bad_parameter", "%s=%.*s: must be %s.", checks[i].key,
                       PIECE(value), checks[i].allowed);
        return -1;
    }
    return 0;
}

void api_tasks_list(struct server *server, const struct request *request, struct response *response)
{
    struct listing l = { .span = { INT64_MIN, INT64_MAX }, .limit = LIMIT_DEFAULT };
    struct err err;

    if (read_listing(&l, request, response) < 0)
        return;
    l.out = response_json(response);
    json_open(&l.out, '{');
    json_key(&l.out, "items");
    json_open(&l.out, '[');
    if (store_tasks_each(server->store, l.span, list_task, &l, &err) < 0) {
        response_clear(response);
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        return;
    }
    json_close(&l.out, ']');
    json_put_int(&l.out, "total", l.total);
    json_close(&l.out, '}');
    response->good_until_ms = clock_now_ms() + MS_PER_DAY; /* or until the ledger changes */
}
