/* server/api_report.c — GET /api/v1/report: what `tacho … --json` prints, for any span.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/mem.h"
#include "config/config.h"
#include "report/when.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "show/show.h"

#include <stdlib.h>

enum { ROWS_MOST = 100000, PERIODS_MOST = 36500, HOURS_MOST = 168 };

/* A report that is asked for, and what it borrows. */
struct wish {
    const struct server *server;
    struct report_query query;
    struct zone *zone; /* opened for this request; NULL: the server's */
    struct span since, until;
    int64_t last;
    char *session;
    struct patterns {
        char *at[REQUEST_PAIRS_MAX + 1]; /* NULL-terminated, ours */
        size_t n;
    } agents, models, projects, machines;
};

/* What stands for a row of the table below: 0, or -1 with `allowed` telling what would do. */
typedef int take_fn(struct wish *wish, struct span value, struct buf *allowed);

static int take_by(struct wish *wish, struct span value, struct buf *allowed)
{
    for (int i = 0; i < REPORT_BYS; i++) {
        if (span_is(value, report_by_names[i])) {
            wish->query.by = (enum report_by)i;
            return 0;
        }
        buf_printf(allowed, "%s%s", i ? ", " : "one of ", report_by_names[i]);
    }
    return -1;
}

static int take_since(struct wish *wish, struct span value, struct buf *allowed)
{
    wish->since = value; /* understood when zone and week are known */
    (void)allowed;
    return 0;
}

static int take_until(struct wish *wish, struct span value, struct buf *allowed)
{
    wish->until = value;
    (void)allowed;
    return 0;
}

static int take_zone(struct wish *wish, struct span value, struct buf *allowed)
{
    char name[128];
    struct err err;

    if (value.len > 0 && value.len < sizeof(name)) {
        span_copy(value, name, sizeof(name));
        if (zone_open(&wish->zone, name, &err) == 0) {
            wish->query.zone = wish->zone;
            return 0;
        }
    }
    buf_add_text(allowed, "a time zone such as Europe/Berlin or UTC");
    return -1;
}

static int take_order(struct wish *wish, struct span value, struct buf *allowed)
{
    bool down = span_is(value, "desc");

    if (down || span_is(value, "asc")) {
        wish->query.order = down ? REPORT_DESCENDING : REPORT_ASCENDING;
        return 0;
    }
    buf_add_text(allowed, "asc or desc");
    return -1;
}

static int take_cost(struct wish *wish, struct span value, struct buf *allowed)
{
    if (cost_kind_parse(value, &wish->query.cost))
        return 0;
    buf_add_text(allowed, "list, logged or auto");
    return -1;
}

static int take_count(struct span value, int64_t *count, struct buf *allowed)
{
    if (span_int(value, count) && *count >= 0 && *count <= ROWS_MOST)
        return 0;
    buf_printf(allowed, "a number from 0 to %d", ROWS_MOST);
    return -1;
}

static int take_limit(struct wish *wish, struct span value, struct buf *allowed)
{
    return take_count(value, &wish->query.limit, allowed);
}

static int take_offset(struct wish *wish, struct span value, struct buf *allowed)
{
    return take_count(value, &wish->query.offset, allowed);
}

static int take_last(struct wish *wish, struct span value, struct buf *allowed)
{
    if (span_int(value, &wish->last) && wish->last >= 1 && wish->last <= PERIODS_MOST)
        return 0;
    buf_printf(allowed, "a number from 1 to %d", PERIODS_MOST);
    return -1;
}

static int take_week_start(struct wish *wish, struct span value, struct buf *allowed)
{
    static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

    for (int i = 0; i < 7; i++) {
        if (span_is(value, days[i])) {
            wish->query.week_start = i;
            return 0;
        }
    }
    buf_add_text(allowed, "one of mon, tue, wed, thu, fri, sat, sun");
    return -1;
}

static int take_flag(struct span value, bool *flag, struct buf *allowed)
{
    *flag = span_is(value, "1") || span_is(value, "true");
    if (*flag || span_is(value, "0") || span_is(value, "false"))
        return 0;
    buf_add_text(allowed, "1 or 0");
    return -1;
}

static int take_active(struct wish *wish, struct span value, struct buf *allowed)
{
    return take_flag(value, &wish->query.blocks.active_only, allowed);
}

/* Rows always have their parts: nothing changes. */
static int take_breakdown(struct wish *wish, struct span value, struct buf *allowed)
{
    bool ignored;

    (void)wish;
    return take_flag(value, &ignored, allowed);
}

static int take_hours(struct wish *wish, struct span value, struct buf *allowed)
{
    int64_t *hours = &wish->query.blocks.hours;

    if (span_int(value, hours) && *hours >= 1 && *hours <= HOURS_MOST)
        return 0;
    buf_printf(allowed, "a number of hours from 1 to %d", HOURS_MOST);
    return -1;
}

static int take_token_limit(struct wish *wish, struct span value, struct buf *allowed)
{
    int64_t *limit = &wish->query.blocks.token_limit;

    if (span_is(value, "max")) {
        *limit = REPORT_LIMIT_MAX;
        return 0;
    }
    if (span_int(value, limit) && *limit > 0)
        return 0;
    buf_add_text(allowed, "a number of tokens or max");
    return -1;
}

static int take_session(struct wish *wish, struct span value, struct buf *allowed)
{
    (void)allowed;
    wish->session = xstrndup(value.p, value.len);
    return 0;
}

static const struct parameter {
    const char *key;
    take_fn *take;
} parameters[] = {
    { "by", take_by },           { "since", take_since },
    { "until", take_until },     { "tz", take_zone },
    { "order", take_order },     { "limit", take_limit },
    { "offset", take_offset },   { "cost", take_cost },
    { "last", take_last },       { "week_start", take_week_start },
    { "active", take_active },   { "breakdown", take_breakdown },
    { "hours", take_hours },     { "token_limit", take_token_limit },
    { "session", take_session },
};

/* ---- patterns: keys that may be repeated ---- */

static struct patterns *patterns_of(struct wish *wish, struct span key)
{
    const struct {
        const char *key;
        struct patterns *patterns;
    } lists[] = { { "agent", &wish->agents },
                  { "model", &wish->models },
                  { "project", &wish->projects },
                  { "machine", &wish->machines } };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (span_is(key, lists[i].key))
            return lists[i].patterns;
    }
    return NULL;
}

static void read_patterns(struct wish *wish, const struct request *request)
{
    for (size_t i = 0; i < request->pairs_n; i++) {
        struct span key = request->pairs[i].name, value = request->pairs[i].value;
        struct patterns *list = patterns_of(wish, key);

        if (list)
            list->at[list->n++] = xstrndup(value.p, value.len);
    }
    wish->query.filter = (struct report_filter){
        .agents = (const char *const *)(const void *)wish->agents.at,
        .models = (const char *const *)(const void *)wish->models.at,
        .projects = (const char *const *)(const void *)wish->projects.at,
        .machines = (const char *const *)(const void *)wish->machines.at,
        .session = wish->session,
    };
}

static void wish_fini(struct wish *wish)
{
    struct patterns *lists[] = { &wish->agents, &wish->models, &wish->projects, &wish->machines };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        while (lists[i]->n > 0)
            free(lists[i]->at[--lists[i]->n]);
    }
    free(wish->session);
    zone_close(wish->zone);
}

/* ---- days ---- */

static int read_bound(struct wish *wish, const char *key, struct span value,
                      enum report_bound bound, struct response *response)
{
    struct report_query *q = &wish->query;
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (!value.p ||
        report_when(value, &now, bound, bound == REPORT_SINCE ? &q->since_day : &q->until_day))
        return 0;
    response_error(response, 400, "bad_parameter",
                   "%s=%.*s: must be a day such as " REPORT_WHEN_WORDS ".", key,
                   value.len < 80 ? (int)value.len : 80, value.p);
    return -1;
}

static int read_days(struct wish *wish, struct response *response)
{
    struct report_query *q = &wish->query;
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (read_bound(wish, "since", wish->since, REPORT_SINCE, response) < 0 ||
        read_bound(wish, "until", wish->until, REPORT_UNTIL, response) < 0)
        return -1;
    if (wish->last > 0 && q->by > REPORT_MONTH) {
        response_error(response, 400, "bad_parameter",
                       "last=%lld: goes with by=day, week or month.", (long long)wish->last);
        return -1;
    }
    if (wish->last > 0)
        q->since_day = report_last_periods(q->by, wish->last, &now);
    return 0;
}

static int read_wish(struct wish *wish, const struct request *request, struct response *response)
{
    struct buf allowed = { 0 };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        struct span value = request_query(request, parameters[i].key);

        if (value.p)
            rc = parameters[i].take(wish, value, &allowed);
        if (rc < 0)
            response_error(response, 400, "bad_parameter", "%s=%.*s: must be %s.",
                           parameters[i].key, value.len < 80 ? (int)value.len : 80, value.p,
                           allowed.p);
    }
    buf_fini(&allowed);
    return rc;
}

/* A block that is active changes by the minute, everything else at midnight. */
static int64_t good_until(const struct wish *wish, int64_t now_ms)
{
    if (wish->query.by == REPORT_BLOCK)
        return (now_ms / MS_PER_MINUTE + 1) * MS_PER_MINUTE;
    return server_next_midnight(wish->query.zone, now_ms);
}

void api_report(struct server *server, const struct request *request, struct response *response)
{
    int64_t now_ms = clock_now_ms();
    struct wish wish = {
        .server = server,
        .query = { .by = REPORT_DAY,
                   .zone = server->zone,
                   .since_day = REPORT_OPEN,
                   .until_day = REPORT_OPEN,
                   .blocks = { .now_ms = now_ms },
                   .cost = server->cost,
                   .unfolded = !server->config->fold_projects,
                   .project_names = server->config->project_names,
                   .plans = server->config->plans },
    };
    struct report report;
    struct err err;

    if (read_wish(&wish, request, response) < 0 || read_days(&wish, response) < 0)
        goto out;
    read_patterns(&wish, request);
    if (report_build(server->store, &wish.query, &report, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        goto out;
    }
    response->status = 200;
    show_report_json(&response->body, &report, 0);
    response->good_until_ms = good_until(&wish, now_ms);
    report_fini(&report);
out:
    wish_fini(&wish);
}
