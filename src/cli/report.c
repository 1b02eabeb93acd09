/* cli/report.c — `tacho daily`, `session`, `models` and their kind.
 *
 * Ask, catch up with the logs, build the reports, show them. Computes nothing.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/mem.h"
#include "store/store.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static struct show_json json_style(const struct cli *cli)
{
    return (struct show_json){
        .indent = cli->config->watch ? 0 : 2, /* watched: a document is a line */
        .form = ccusage_form(cli->call.agent),
        .by_agent = cli->config->by_agent,
        .no_cost = cli->config->no_cost,
    };
}

static struct show_style table_style(const struct cli *cli)
{
    struct show_style style = cli->style;

    style.breakdown = cli->config->breakdown;
    style.no_cost = cli->config->no_cost;
    if (cli->config->wide)
        style.width = 0;
    return style;
}

/* ---- one or more reports ---- */

static void show_table(struct buf *out, const struct cli *cli, const struct report *report)
{
    struct show_style style = table_style(cli);

    if (cli->config->csv) {
        show_report_csv(out, report, &style);
        return;
    }
    if (cli->config->markdown) {
        show_report_markdown(out, report, &style);
        return;
    }
    show_report_table(out, report, &style);
    show_block_rate(out, report, &style);
    if (!cli->config->quiet && !cli->config->no_cost)
        show_unpriced(out, report, &style);
}

static void show_all(struct buf *out, const struct cli *cli, const struct asked *asked,
                     const struct report *reports)
{
    struct show_json json = json_style(cli);
    bool for_people = !cli->config->json && !cli->config->csv && !cli->config->markdown;
    size_t i;

    if (cli->config->json) {
        show_reports_json(out, reports, asked->n, &json);
        buf_add_char(out, '\n');
        return;
    }
    for (i = 0; i < asked->n; i++) {
        if (i > 0)
            buf_add_text(out, cli->config->csv ? "\r\n" : "\n");
        show_table(out, cli, &reports[i]);
    }
    if (!for_people)
        return;
    show_plans(out, &reports[0], &cli->style);
    if (cli->config->quiet)
        return;
    if (reports[0].rows_n == 0)
        logs_tell(out, cli);
    open_tell_zone(out, cli, asked->zone);
}

static int report_all(const struct cli *cli, struct asked *asked, struct store *store,
                      struct buf *out, struct err *err)
{
    struct report reports[REPORT_BYS] = { 0 };
    int rc = 0;
    size_t i;

    for (i = 0; rc == 0 && i < asked->n; i++) {
        asked->query.by = asked->by[i];
        rc = report_build(store, &asked->query, &reports[i], err);
    }
    if (rc == 0)
        show_all(out, cli, asked, reports);
    for (i = 0; i < asked->n; i++)
        report_fini(&reports[i]);
    return rc;
}

/* ---- a report for every project ---- */

static void show_project(struct buf *out, const struct cli *cli, const char *name,
                         const struct report *report)
{
    show_text(out, span_of(name[0] ? name : "(none)"), 0, cli->style.unicode);
    buf_add_text(out, cli->config->csv ? "\r\n" : cli->config->markdown ? "\n\n" : "\n");
    show_table(out, cli, report);
    buf_add_text(out, cli->config->csv ? "\r\n" : "\n");
}

static int report_projects(const struct cli *cli, struct asked *asked, struct store *store,
                           struct buf *out, struct err *err)
{
    struct show_json json = json_style(cli);
    struct report_query query = asked->query;
    struct report names = { 0 }, whole = { 0 };
    struct report *projects = NULL;
    const char **texts = NULL;
    size_t n = 0, i;
    int rc = -1;

    query.limit = 0;
    query.by = REPORT_PROJECT;
    if (report_build(store, &query, &names, err) < 0 ||
        report_build(store, &asked->query, &whole, err) < 0)
        goto out;
    projects = xcalloc(names.rows_n + 1, sizeof(*projects));
    texts = xcalloc(names.rows_n + 1, sizeof(*texts));
    for (n = 0; n < names.rows_n; n++) {
        query = asked->query;
        texts[n] = query.filter.only_project = names.rows[n].key;
        if (report_build(store, &query, &projects[n], err) < 0)
            goto out;
        if (!cli->config->json)
            show_project(out, cli, texts[n], &projects[n]);
    }
    if (cli->config->json) {
        show_projects_json(out, &whole, projects, texts, &json);
        buf_add_char(out, '\n');
    } else if (n == 0) {
        show_table(out, cli, &whole);
    }
    rc = 0;
out:
    for (i = 0; projects && i < names.rows_n; i++)
        report_fini(&projects[i]);
    free(projects);
    free(texts);
    report_fini(&names);
    report_fini(&whole);
    return rc;
}

/* ---- one session ---- */

static void add_entry(void *to, const struct report_entry *entry)
{
    show_entries_add(to, entry);
}

static int no_session(const struct cli *cli, struct buf *out, struct err *err)
{
    if (cli->as_ccusage) { /* its way to say so */
        if (cli->config->json)
            buf_add_text(out, "null\n");
        else
            fprintf(stderr, "No session found with ID: %s\n", cli->config->id);
        return 0;
    }
    err_set(err, ERR_NOT_FOUND, "there is no session '%s'", cli->config->id);
    return -1;
}

static int report_session(const struct cli *cli, struct asked *asked, struct store *store,
                          struct buf *out, struct err *err)
{
    struct show_json json = json_style(cli);
    struct buf text = { 0 };
    struct show_entries *entries = show_entries_begin(&text, &json);
    int rc = report_entries(store, &asked->query, add_entry, entries, err);

    show_entries_end(entries, span_of(cli->config->id));
    if (rc == 1 && cli->config->json) {
        buf_add_span(out, buf_span(&text));
        buf_add_char(out, '\n');
    } else if (rc == 1) {
        rc = report_all(cli, asked, store, out, err);
    } else if (rc == 0) {
        rc = no_session(cli, out, err);
    }
    buf_fini(&text);
    return rc < 0 ? -1 : 0;
}

static int report_once(const struct cli *cli, struct buf *out, struct err *err)
{
    struct asked asked;
    struct store *store = NULL;
    int rc = -1;

    if (ask_reports(&asked, cli, err) < 0)
        goto out;
    if (open_ledger(&store, cli, err) < 0)
        goto out;
    if (cli->config->id)
        rc = report_session(cli, &asked, store, out, err);
    else if (cli->config->instances)
        rc = report_projects(cli, &asked, store, out, err);
    else
        rc = report_all(cli, &asked, store, out, err);
out:
    store_close(store);
    ask_fini(&asked);
    return rc;
}

/* ---- again and again ---- */

/* Until somebody ends it: what is printed is printed anew when it differs. */
static int watch(const struct cli *cli, struct err *err)
{
    struct buf shown = { 0 }, fresh = { 0 };
    int rc = 0;

    while (rc == 0) {
        buf_clear(&fresh);
        rc = report_once(cli, &fresh, err);
        if (rc == 0 && !span_eq(buf_span(&fresh), buf_span(&shown))) {
            struct buf last = shown;

            rc = terminal_draw(&fresh, err);
            shown = fresh;
            fresh = last;
        }
        if (rc == 0)
            poll(NULL, 0, TERMINAL_WATCH_MS);
    }
    buf_fini(&shown);
    buf_fini(&fresh);
    return rc;
}

int cli_report(const struct cli *cli, struct buf *out, struct err *err)
{
    return cli->config->watch ? watch(cli, err) : report_once(cli, out, err);
}
