/* server/api_live.c — the document of now: today, this week, and how fast it goes.
 *
 * The same bytes answer GET /api/v1/live and feed /api/ws/live.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "report/report.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "store/store.h"

enum { BURN_MINUTES = 60 };

/* One row as the reports write theirs. */
static void write_row(struct json_out *out, const char *key, int64_t day, const struct sums *sums)
{
    char period[CIVIL_DAY_SIZE];

    civil_format_day(day, period);
    json_key(out, key);
    json_open(out, '{');
    json_put_text(out, "period", span_of(period));
    json_put_int(out, "inputTokens", sums->tokens[TOKEN_INPUT]);
    json_put_int(out, "outputTokens", sums->tokens[TOKEN_OUTPUT]);
    json_put_int(out, "cacheCreationTokens", sums_cache_write(sums));
    json_put_int(out, "cacheReadTokens", sums->tokens[TOKEN_CACHE_READ]);
    json_put_int(out, "totalTokens", sums_total(sums));
    json_put_money(out, "totalCost", sums->cost_nusd);
    json_put_bool(out, "unpriced", sums->unpriced_tokens > 0);
    json_put_int(out, "unpricedTokens", sums->unpriced_tokens);
    json_close(out, '}');
}

/* Sums over exactly an hour: the cost of it is the cost per hour. */
static void write_burn(struct json_out *out, const struct sums *hour)
{
    json_key(out, "burn_rate");
    json_open(out, '{');
    json_key(out, "tokens_per_minute");
    json_fixed(out, (double)sums_total(hour) / BURN_MINUTES, 1);
    json_key(out, "cost_usd_per_hour");
    json_fixed(out, (double)hour->cost_nusd / 1e9, 2);
    json_close(out, '}');
}

static void write_reading(struct json_out *out, const struct store_facts *facts)
{
    json_key(out, "reading");
    if (facts->complete) {
        json_nil(out);
        return;
    }
    json_open(out, '{');
    json_put_int(out, "permille", facts->read_permille);
    json_close(out, '}');
}

/* Why the figures stand still, where they do. */
static void write_paused(struct json_out *out, const struct server *server)
{
    struct err why;

    json_key(out, "paused");
    if (server->hooks.paused && server->hooks.paused(server->hooks.to, &why))
        json_text(out, span_of(why.text));
    else
        json_nil(out);
}

int live_document(struct server *server, struct buf *text, int64_t *good_until_ms, struct err *err)
{
    int64_t now_ms = clock_now_ms();
    int64_t today = zone_day_of(server->zone, now_ms), monday = today - civil_weekday(today);
    int64_t midnight_ms = server_next_midnight(server->zone, now_ms);
    struct timespan day = { zone_day_start_ms(server->zone, today), midnight_ms };
    struct timespan week = { zone_day_start_ms(server->zone, monday), midnight_ms };
    struct timespan hour = { now_ms - BURN_MINUTES * MS_PER_MINUTE, now_ms };
    struct sums day_sums, week_sums, hour_sums;
    char day_text[CIVIL_DAY_SIZE];
    struct store_facts facts;
    struct json_out out;

    if (report_span(server->store, day, &day_sums, err) < 0 ||
        report_span(server->store, week, &week_sums, err) < 0 ||
        report_span(server->store, hour, &hour_sums, err) < 0 ||
        store_get_facts(server->store, &facts, err) < 0)
        return -1;
    sums_choose(&day_sums, server->cost);
    sums_choose(&week_sums, server->cost);
    sums_choose(&hour_sums, server->cost);
    civil_format_day(today, day_text);
    json_out_init(&out, text, 0);
    json_open(&out, '{');
    json_put_text(&out, "type", SPAN_LIT("live"));
    json_put_int(&out, "revision", server->revision);
    json_put_int(&out, "at", now_ms);
    json_put_text(&out, "timezone", span_of(zone_name(server->zone)));
    json_put_text(&out, "day", span_of(day_text));
    write_row(&out, "today", today, &day_sums);
    write_row(&out, "week", monday, &week_sums);
    json_put_text(&out, "costMode", span_of(cost_kind_names[server->cost]));
    write_burn(&out, &hour_sums);
    json_key(&out, "last_event_at");
    if (facts.last_event_ms > 0)
        json_int(&out, facts.last_event_ms);
    else
        json_nil(&out);
    write_reading(&out, &facts);
    write_paused(&out, server);
    json_close(&out, '}');
    /* a rate that is not zero falls as time goes by; everything else holds until midnight */
    *good_until_ms = hour_sums.events > 0 ? now_ms + MS_PER_SECOND : midnight_ms;
    return 0;
}

int live_topic(struct server *server, struct buf *text, struct topic_state *state, struct err *err)
{
    return live_document(server, text, &state->good_until_ms, err);
}

void api_live(struct server *server, const struct request *request, struct response *response)
{
    struct err err;

    (void)request;
    if (live_document(server, &response->body, &response->good_until_ms, &err) < 0)
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
    else
        response->status = 200;
}
