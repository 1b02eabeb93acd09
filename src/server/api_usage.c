/* server/api_usage.c — /api/usage/…: runs and plain sums, in the words of existing clients.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "report/report.h"
#include "report/runs.h"
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

static void write_day(struct json_out *out, int64_t day, const struct sums *sums, int64_t runs)
{
    char date[CIVIL_DAY_SIZE];

    civil_format_day(day, date);
    json_open(out, '{');
    json_put_text(out, "date", span_of(date));
    json_put_int(out, "tokens_total", sums_total(sums));
    json_put_int(out, "tokens_input", sums->tokens[TOKEN_INPUT]);
    json_put_int(out, "tokens_output", sums->tokens[TOKEN_OUTPUT]);
    json_put_int(out, "tokens_cache_read", sums->tokens[TOKEN_CACHE_READ]);
    json_put_int(out, "tokens_cache_create", sums_cache_write(sums));
    json_put_int(out, "run_count", runs);
    json_close(out, '}');
}

/* Days with use, and days with none on which there were runs; the latest first. */
static void write_days(struct json_out *out, const struct report *report,
                       const struct report_run_days *runs)
{
    static const struct sums none = { 0 };
    size_t i, row = 0;

    json_open(out, '[');
    for (i = runs->days; i-- > 0;) {
        int64_t day = runs->first_day + (int64_t)i;
        const struct sums *sums = &none;

        if (row < report->rows_n && report->rows[row].day == day)
            sums = &report->rows[row++].sums;
        if (sums->events > 0 || runs->counts[i] > 0)
            write_day(out, day, sums, runs->counts[i]);
    }
    json_close(out, ']');
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
    int64_t counts[DAYS_MOST];
    struct report_run_days runs = { query.zone, query.since_day, counts,
                                    (size_t)(today - query.since_day + 1) };
    struct report report = { 0 };
    struct json_out out;
    struct err err;

    if (report_build(server->store, &query, &report, &err) < 0 ||
        report_run_days(server->store, &runs, &err) < 0) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        report_fini(&report);
        return;
    }
    out = response_json(response);
    write_days(&out, &report, &runs);
    response->good_until_ms = server_next_midnight(server->usage_zone, now_ms);
    report_fini(&report);
}
