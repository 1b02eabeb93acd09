/* server/api_usage.c — /api/usage/…: runs and plain sums, in the words of existing clients.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "report/report.h"
#include "server/handlers.h"
#include "server/server_internal.h"

enum { DAYS_DEFAULT = 14, DAYS_MOST = 90 };

/* Anything else than 1…90 is the default: existing clients rely on it. */
static int64_t days_asked(const struct request *request)
{
    int64_t days;

    if (span_int(request_query(request, "days"), &days) && days >= 1 && days <= DAYS_MOST)
        return days;
    return DAYS_DEFAULT;
}

static void write_day(struct json_out *out, const struct report_row *row)
{
    const struct sums *sums = &row->sums;

    json_open(out, '{');
    json_put_text(out, "date", span_of(row->key));
    json_put_int(out, "tokens_total", sums_total(sums));
    json_put_int(out, "tokens_input", sums->tokens[TOKEN_INPUT]);
    json_put_int(out, "tokens_output", sums->tokens[TOKEN_OUTPUT]);
    json_put_int(out, "tokens_cache_read", sums->tokens[TOKEN_CACHE_READ]);
    json_put_int(out, "tokens_cache_create", sums_cache_write(sums));
    json_put_int(out, "run_count", 0); /* nothing registers runs yet */
    json_close(out, '}');
}

void api_usage_daily(struct server *server, const struct request *request,
                     struct response *response)
{
    int64_t now_ms = clock_now_ms();
    int64_t today = zone_day_of(server->usage_zone, now_ms);
    struct report_query query = {
        .by = REPORT_DAY,
        .zone = server->usage_zone,
        .since_day = today - days_asked(request) + 1,
        .until_day = today,
        .order = REPORT_DESCENDING,
    };
    struct report report;
    struct json_out out;
    struct err err;

    if (report_build(server->store, &query, &report, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        return;
    }
    out = response_json(response);
    json_open(&out, '[');
    for (size_t i = 0; i < report.rows_n; i++)
        if (report.rows[i].sums.events > 0)
            write_day(&out, &report.rows[i]);
    json_close(&out, ']');
    response->good_until_ms = server_next_midnight(server->usage_zone, now_ms);
    report_fini(&report);
}
