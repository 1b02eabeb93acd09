/* cli/open.c — the ledger, brought up to date, for a command that reports from it.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "ingest/catch_up.h"
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

void open_tell_zone(struct buf *out, const struct cli *cli, const struct zone *zone)
{
    struct zone *local = NULL;

    if (!cli->config->timezone[0])
        return;
    if (zone_open(&local, "", NULL) < 0 || !span_is(span_of(zone_name(local)), zone_name(zone)))
        buf_printf(out, "Days are those of %s.\n", zone_name(zone));
    zone_close(local);
}

/* What ccusage calls the kinds of cost. */
static const struct {
    const char *mode;
    enum cost_kind kind;
} modes[] = { { "auto", COST_AUTO }, { "calculate", COST_LIST }, { "display", COST_LOGGED } };

enum cost_kind open_cost(const struct cli *cli)
{
    const struct config *config = cli->config;
    enum cost_kind kind = COST_LIST;
    size_t i;

    for (i = 0; config->mode && i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (span_is(span_of(config->mode), modes[i].mode))
            return modes[i].kind;
    }
    cost_kind_parse(span_of(config->cost), &kind);
    return kind;
}
