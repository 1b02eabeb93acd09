/* server/api_report.c — GET /api/v1/report: what `tacho … --json` prints, for any span.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "config/config.h"
#include "report/report.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "show/show.h"

enum { ROWS_MOST = 100000 };

/* A report that is asked for, and what it borrows. */
struct wish {
    const struct server *server;
    struct report_query query;
    struct zone *zone; /* opened for this request; NULL: the server's */
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

static int take_day(struct span value, int64_t *day, struct buf *allowed)
{
    if (civil_parse_day(value, day))
        return 0;
    buf_add_text(allowed, "a day such as 2026-11-22");
    return -1;
}

static int take_since(struct wish *wish, struct span value, struct buf *allowed)
{
    return take_day(value, &wish->query.since_day, allowed);
}

static int take_until(struct wish *wish, struct span value, struct buf *allowed)
{
    return take_day(value, &wish->query.until_day, allowed);
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

static const struct parameter {
    const char *key;
    take_fn *take;
} parameters[] = {
    { "by", take_by },         { "since", take_since }, { "until", take_until },
    { "tz", take_zone },       { "order", take_order }, { "limit", take_limit },
    { "offset", take_offset }, { "cost", take_cost },
};

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

void api_report(struct server *server, const struct request *request, struct response *response)
{
    struct wish wish = {
        .server = server,
        .query = { .by = REPORT_DAY,
                   .zone = server->zone,
                   .since_day = REPORT_OPEN,
                   .until_day = REPORT_OPEN,
                   .order = REPORT_ASCENDING,
                   .cost = server->cost,
                   .plans = server->config->plans },
    };
    int64_t now_ms = clock_now_ms();
    struct report report;
    struct err err;

    if (read_wish(&wish, request, response) < 0)
        goto out;
    if (report_build(server->store, &wish.query, &report, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        goto out;
    }
    response->status = 200;
    show_report_json(&response->body, &report, 0);
    response->good_until_ms = server_next_midnight(wish.query.zone, now_ms);
    report_fini(&report);
out:
    zone_close(wish.zone);
}
