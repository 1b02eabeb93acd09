/* cli/report.c — `tacho daily` and the plain `tacho`.
 *
 * Ask, catch up with the logs, build the report, show it. Computes nothing.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "ingest/catch_up.h"
#include "report/report.h"
#include "show/prices.h"
#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

/* On stderr, so that no table and no JSON changes by it. */
static void tell_stale(const struct cli *cli)
{
    struct show_style style = cli->style;
    struct buf line = { 0 };

    if (cli->config->quiet)
        return;
    style.color = style.color && isatty(STDERR_FILENO);
    show_stale_prices(&line, &style);
    fprintf(stderr, "%s", line.p);
    buf_fini(&line);
}

int open_ledger(struct store **out, const struct cli *cli, struct err *err)
{
    struct progress progress = progress_start(cli);
    struct catch_up_result result;
    struct store *store = NULL;
    int rc = -1;

    if (store_open(&store, cli->config->db, STORE_WRITE, err) < 0)
        goto out;
    if (catch_up(store, cli->config, progress_step, &progress, &result, err) < 0)
        goto out;
    if (result.stale_prices)
        tell_stale(cli);
    *out = store;
    store = NULL;
    rc = 0;
out:
    progress_end(&progress);
    store_close(store);
    return rc;
}

/* Tables name their zone when it is not the system's; JSON always does. */
static void tell_zone(struct buf *out, const struct cli *cli, const struct zone *zone)
{
    struct zone *local = NULL;

    if (!cli->config->timezone[0])
        return;
    if (zone_open(&local, "", NULL) < 0 || !span_is(span_of(zone_name(local)), zone_name(zone)))
        buf_printf(out, "Days are those of %s.\n", zone_name(zone));
    zone_close(local);
}

static int parse_bound(const char *option, const char *text, int64_t today, int64_t *day,
                       struct err *err)
{
    if (!text || day_parse(span_of(text), today, day))
        return 0;
    err_set(err, ERR_USAGE,
            "--%s takes a day such as 2026-11-01, 20261101, today, yesterday or 7d, not '%s'",
            option, text);
    return -1;
}

static enum cost_kind wanted_cost(const struct config *config)
{
    enum cost_kind kind = COST_LIST;

    cost_kind_parse(span_of(config->cost), &kind);
    return kind;
}

static int make_query(struct report_query *query, const struct cli *cli, const struct zone *zone,
                      struct err *err)
{
    const struct config *config = cli->config;
    int64_t today = zone_day_of(zone, clock_now_ms());

    *query = (struct report_query){
        .by = REPORT_DAY,
        .zone = zone,
        .since_day = REPORT_OPEN,
        .until_day = REPORT_OPEN,
        .order = span_is(span_of(config->order), "desc") ? REPORT_DESCENDING : REPORT_ASCENDING,
        .limit = config->limit,
        .cost = wanted_cost(config),
        .plans = config->plans,
    };
    if (parse_bound("since", config->since, today, &query->since_day, err) < 0 ||
        parse_bound("until", config->until, today, &query->until_day, err) < 0)
        return -1;
    if (query->until_day != REPORT_OPEN && query->since_day > query->until_day) {
        err_set(err, ERR_USAGE, "--since %s is later than --until %s", config->since,
                config->until);
        return -1;
    }
    return 0;
}

static void show_daily(struct buf *out, const struct cli *cli, const struct zone *zone,
                       const struct report *report)
{
    if (cli->config->json) {
        show_report_json(out, report, 2);
        buf_add_char(out, '\n');
        return;
    }
    show_report_table(out, report, &cli->style);
    if (!cli->config->quiet)
        show_unpriced(out, report, &cli->style);
    show_plans(out, report, &cli->style);
    if (cli->config->quiet)
        return;
    if (report->rows_n == 0)
        logs_tell(out, cli);
    tell_zone(out, cli, zone);
}

int cli_daily(const struct cli *cli, struct buf *out, struct err *err)
{
    struct report_query query;
    struct report report = { 0 };
    struct zone *zone = NULL;
    struct store *store = NULL;
    int rc = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0)
        goto out;
    if (make_query(&query, cli, zone, err) < 0)
        goto out;
    if (open_ledger(&store, cli, err) < 0)
        goto out;
    if (report_build(store, &query, &report, err) < 0)
        goto out;
    show_daily(out, cli, zone, &report);
    rc = 0;
out:
    report_fini(&report);
    store_close(store);
    zone_close(zone);
    return rc;
}

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
    query.cost = wanted_cost(cli->config);
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
        tell_zone(out, cli, zone);
    }
    rc = 0;
out:
    report_fini(&today);
    report_fini(&week);
    store_close(store);
    zone_close(zone);
    return rc;
}
