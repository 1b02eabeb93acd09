/* cli/reprice.c — `tacho reprice`: the ledger's list costs by the price table in use.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "base/json_out.h"
#include "base/zone.h"
#include "ingest/reprice.h"
#include "report/when.h"
#include "show/prices.h"

static int since_ms(const struct cli *cli, int64_t *ms, struct err *err)
{
    struct report_now now = { 0 };
    struct zone *zone = NULL;
    int64_t day;

    *ms = INT64_MIN;
    if (!cli->config->since)
        return 0;
    if (zone_open(&zone, cli->config->timezone, err) < 0)
        return -1;
    now.today = zone_day_of(zone, clock_now_ms());
    if (!report_when(span_of(cli->config->since), &now, REPORT_SINCE, &day)) {
        err_set(err, ERR_USAGE, "--since takes a day such as " REPORT_WHEN_WORDS ", not '%s'",
                cli->config->since);
        zone_close(zone);
        return -1;
    }
    *ms = zone_day_start_ms(zone, day);
    zone_close(zone);
    return 0;
}

static void tell_count(struct buf *out, int64_t n, const char *what)
{
    if (n == 0)
        return;
    show_count(out, n);
    buf_add_text(out, what);
}

static void tell(struct buf *out, const struct reprice_result *r)
{
    show_count(out, r->events);
    buf_add_text(out, r->events == 1 ? " event looked at, " : " events looked at, ");
    if (r->changed == 0) {
        buf_add_text(out, "no cost has moved.\n");
    } else {
        show_count(out, r->changed);
        buf_add_text(out, r->changed == 1 ? " cost has moved: " : " costs have moved: ");
        show_exact_cost(out, r->before_nusd);
        buf_add_text(out, " -> ");
        show_exact_cost(out, r->after_nusd);
        buf_add_text(out, "\n");
    }
    tell_count(out, r->newly_priced, " had no price and have one now\n");
    tell_count(out, r->newly_unpriced, " had a price and have none now\n");
    tell_count(out, r->unpriced, " have no price\n");
}

static void tell_json(struct buf *out, const struct reprice_result *r)
{
    struct json_out json;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_int(&json, "events", r->events);
    json_put_int(&json, "changed", r->changed);
    json_put_money(&json, "costBefore", r->before_nusd);
    json_put_money(&json, "costAfter", r->after_nusd);
    json_put_int(&json, "newlyPriced", r->newly_priced);
    json_put_int(&json, "newlyUnpriced", r->newly_unpriced);
    json_put_int(&json, "unpriced", r->unpriced);
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

int cli_reprice(const struct cli *cli, struct buf *out, struct err *err)
{
    struct reprice_result result;
    int64_t since;

    if (since_ms(cli, &since, err) < 0 || ledger_reprice(cli->config, since, &result, err) < 0)
        return -1;
    if (cli->config->json)
        tell_json(out, &result);
    else
        tell(out, &result);
    return 0;
}
