/* cli/glance.c — the plain `tacho`: today and this week.
 *
 * Ask, catch up with the logs, build the reports, show them. Computes nothing.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "store/store.h"

/* Plans are paid by the month, so that is what they are held against. */
static int show_month(struct buf *out, const struct cli *cli, struct store *store,
                      struct report_query query, struct err *err)
{
    struct report month = { 0 };
    struct civil first = civil_from_day(query.until_day);

    if (!cli->config->plans)
        return 0;
    first.day = 1;
    query.since_day = civil_to_day(first);
    query.plans = cli->config->plans;
    if (report_build(store, &query, &month, err) < 0)
        return -1;
    show_plans(out, &month, &cli->style);
    report_fini(&month);
    return 0;
}

int cli_glance(const struct cli *cli, struct buf *out, struct err *err)
{
    struct report_query query = { .by = REPORT_DAY };
    struct report today = { 0 }, week = { 0 };
    struct zone *zone = NULL;
    struct store *store = NULL;
    int rc = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0)
        goto out;
    if (open_ledger(&store, cli, err) < 0)
        goto out;
    query.zone = zone;
    query.cost = open_cost(cli);
    query.since_day = query.until_day = zone_day_of(zone, clock_now_ms());
    if (report_build(store, &query, &today, err) < 0)
        goto out;
    query.since_day -= civil_weekday(query.until_day); /* back to Monday */
    if (report_build(store, &query, &week, err) < 0)
        goto out;
    show_glance(out, &today, &week, &cli->style);
    if (show_month(out, cli, store, query, err) < 0)
        goto out;
    if (week.rows_n == 0 && !cli->config->quiet)
        logs_tell(out, cli);
    if (!cli->config->quiet) {
        show_unpriced(out, &week, &cli->style);
        open_tell_zone(out, cli, zone);
    }
    rc = 0;
out:
    report_fini(&today);
    report_fini(&week);
    store_close(store);
    zone_close(zone);
    return rc;
}
