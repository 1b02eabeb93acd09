/* cli/forget.c — `tacho ledger forget`: a session leaves the ledger for good.
 *
 * First it is told what would go; only --yes does it.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/zone.h"
#include "store/lease.h"
#include "store/rows.h"

/* What the session holds: one row for each agent that has one of that name. */
static int ask(struct report *report, struct store *store, const struct cli *cli,
               const struct zone *zone, struct err *err)
{
    struct report_query query = { .by = REPORT_SESSION,
                                  .zone = zone,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN,
                                  .filter = { .session = cli->config->session } };

    if (report_build(store, &query, report, err) < 0)
        return -1;
    if (report->rows_n > 0)
        return 0;
    err_set(err, ERR_NOT_FOUND, "the ledger has no session '%.100s'; 'tacho session' lists them",
            cli->config->session);
    return -1;
}

/* "  claude, /work/shop, last used 2026-11-22 14:05: 12 responses, 4.2M tokens, $1.23" */
static void tell_row(struct buf *out, const struct report_row *row, bool unicode)
{
    buf_printf(out, "  %s", row->agent);
    if (row->project && row->project[0]) {
        buf_add_text(out, ", ");
        show_text(out, span_of(row->project), 0, unicode);
    }
    buf_printf(out, ", last used %s: ", row->when);
    show_count(out, row->sums.events);
    buf_add_text(out, row->sums.events == 1 ? " response, " : " responses, ");
    show_tokens(out, sums_total(&row->sums));
    buf_add_text(out, " tokens, ");
    show_cost(out, &row->sums, unicode);
    buf_add_char(out, '\n');
}

static void tell(struct buf *out, const struct cli *cli, const struct report *report)
{
    size_t i;

    buf_add_text(out, cli->config->yes ? "Forgotten is session " : "This would forget session ");
    show_text(out, span_of(cli->config->session), 0, cli->style.unicode);
    buf_add_text(out, ":\n");
    for (i = 0; i < report->rows_n; i++)
        tell_row(out, &report->rows[i], cli->style.unicode);
    buf_add_text(out,
                 cli->config->yes
                     ? "Should its log still be there: what is added to it is counted again, and "
                       "'tacho ledger\nrebuild' reads all of it. Delete it to be rid of it.\n"
                     : "Reports, tasks and totals lose it. Once its log is deleted, nothing brings "
                       "it back.\nSay --yes to do it.\n");
}

static int forget(struct store *store, const char *session, struct err *err)
{
    int64_t events;

    if (store_begin_sure(store, err) < 0)
        return -1;
    if (store_forget_session(store, span_of(session), &events, err) < 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, err);
}

/* Nobody reads logs meanwhile: they could be about this very session. */
static int take_and_forget(struct store *store, const struct cli *cli, struct err *err)
{
    struct lease *lease = NULL;
    int rc = lease_take(&lease, cli->config->db, err);

    if (rc == 0)
        rc = forget(store, cli->config->session, err);
    else if (err->kind == ERR_BUSY)
        err_set(err, ERR_BUSY,
                "another tacho is writing into %s; stop it first (tacho serve --stop)",
                cli->config->db);
    lease_give(lease);
    return rc;
}

int ledger_forget(const struct cli *cli, struct buf *out, struct err *err)
{
    struct report report = { 0 };
    struct store *store = NULL;
    struct zone *zone = NULL;
    int rc = -1;

    if (!cli->config->session) {
        err_set(err, ERR_USAGE, "'ledger forget' needs --session ID; 'tacho session' lists them");
        return -1;
    }
    if (zone_open(&zone, cli->config->timezone, err) < 0 || open_ledger(&store, cli, err) < 0 ||
        ask(&report, store, cli, zone, err) < 0)
        goto out;
    if (cli->config->yes && take_and_forget(store, cli, err) < 0)
        goto out;
    tell(out, cli, &report);
    rc = 0;
out:
    report_fini(&report);
    store_close(store);
    zone_close(zone);
    return rc;
}
