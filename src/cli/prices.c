/* cli/prices.c — `tacho prices list`, `explain` and `import`.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/zone.h"
#include "ingest/catch_up.h"
#include "price/price.h"
#include "report/when.h"
#include "show/prices.h"
#include "store/rows.h"

#include <stdlib.h>

/* The table in use and the moment that is asked about. */
struct asking {
    struct price_table *prices;
    int64_t at_ms;    /* prices of that time */
    int64_t until_ms; /* events before it */
};

static int ask(struct asking *a, const struct cli *cli, struct err *err)
{
    int64_t now_ms = clock_now_ms(), day = floor_div(now_ms, MS_PER_DAY);

    *a = (struct asking){ .at_ms = now_ms, .until_ms = INT64_MAX };
    if (cli->config->at) {
        if (!report_when(span_of(cli->config->at), &(struct report_now){ .today = day },
                         REPORT_SINCE, &day)) {
            err_set(err, ERR_USAGE, "--at takes a day such as 2026-11-01 or yesterday, not '%s'",
                    cli->config->at);
            return -1;
        }
        a->at_ms = day * MS_PER_DAY; /* prices change at midnight UTC */
        a->until_ms = (day + 1) * MS_PER_DAY;
    }
    return catch_up_table(&a->prices, cli->config, err);
}

static int no_price(const char *model, struct err *err)
{
    err_set(err, ERR_NOT_FOUND, "no price is known for '%s'", model);
    return -1;
}

/* ---- list ---- */

/* Is the row the one that is valid then? */
static bool is_valid(const struct price_table *prices, size_t i, int64_t at_ms)
{
    const struct price_row *row = price_row_at(prices, i), *next = price_row_at(prices, i + 1);

    return row->valid_from_ms <= at_ms &&
           (!next || !span_eq(next->name, row->name) || next->valid_from_ms > at_ms);
}

static void show_rows(const struct cli *cli, struct buf *out, const struct price_row **rows,
                      size_t n)
{
    struct show_prices prices = { rows, n };

    if (cli->config->json)
        show_price_list_json(out, &prices);
    else
        show_price_list(out, &prices, &cli->style);
}

static void list_all(const struct cli *cli, const struct asking *a, struct buf *out)
{
    const struct price_row **rows = NULL;
    size_t n = 0, space = 0, i;

    for (i = 0; price_row_at(a->prices, i); i++) {
        if (!is_valid(a->prices, i, a->at_ms))
            continue;
        rows = xgrow(rows, n, &space, sizeof(const struct price_row *));
        rows[n++] = price_row_at(a->prices, i);
    }
    show_rows(cli, out, rows, n);
    free(rows);
}

/* All rows of a model, or with --at the one of that day. */
static int list_one(const struct cli *cli, const struct asking *a, struct buf *out, struct err *err)
{
    struct price_match match = price_match(a->prices, span_of(cli->call.rest[1]));
    const struct price_row *valid = price_match_row(&match, a->at_ms);
    const struct price_row **rows;
    size_t i;

    if (match.n == 0 || (cli->config->at && !valid))
        return no_price(cli->call.rest[1], err);
    rows = xcalloc(match.n, sizeof(const struct price_row *));
    for (i = 0; i < match.n; i++)
        rows[i] = &match.rows[i];
    if (cli->config->at)
        show_rows(cli, out, &valid, 1);
    else
        show_rows(cli, out, rows, match.n);
    free(rows);
    return 0;
}

static int list(const struct cli *cli, struct buf *out, struct err *err)
{
    struct asking a;
    int rc = 0;

    if (ask(&a, cli, err) < 0)
        return -1;
    if (cli->call.rest[1])
        rc = list_one(cli, &a, out, err);
    else
        list_all(cli, &a, out);
    price_close(a.prices);
    return rc;
}

/* ---- explain ---- */

static const struct {
    const char *tier;
    uint32_t flag;
} tiers[] = { { "batch", EVENT_TIER_BATCH },
              { "flex", EVENT_TIER_FLEX },
              { "priority", EVENT_TIER_PRIORITY } };

/* The figures that the options tell. False when they tell none. */
static bool told_figures(const struct config *c, struct figures *figures, uint32_t *flags)
{
    size_t i;

    *figures = (struct figures){
        .tokens = { [TOKEN_INPUT] = c->input,
                    [TOKEN_OUTPUT] = c->output,
                    [TOKEN_CACHE_READ] = c->cache_read,
                    [TOKEN_CACHE_WRITE_5M] = c->cache_write,
                    [TOKEN_CACHE_WRITE_1H] = c->cache_write_1h },
        .web_searches = c->searches,
        .logged_nusd = COST_UNTOLD,
    };
    *flags = (c->fast ? EVENT_FAST : 0) | (c->geo_us ? EVENT_GEO_US : 0);
    for (i = 0; c->tier && i < sizeof(tiers) / sizeof(tiers[0]); i++) {
        if (span_is(span_of(c->tier), tiers[i].tier))
            *flags |= tiers[i].flag;
    }
    return figures_total(figures) > 0 || c->searches > 0;
}

/* What a bill is made for. */
struct subject {
    int64_t id;          /* of the event that was asked for; 0: a model was */
    struct store *store; /* its names are lent from here */
    struct row row;
    uint32_t flags;
};

/* The event of that id, else the last one of the bill's model, into *subject. 1 when there is one,
 * 0 when there is none, -1 with *err. */
static int find_event(struct subject *subject, const struct cli *cli, const struct asking *a,
                      const struct show_bill *bill, struct err *err)
{
    struct err why = { 0 };

    if (store_open(&subject->store, cli->config->db, STORE_READ, &why) < 0) {
        if (why.kind == ERR_NOT_FOUND)
            return 0;
        err_set(err, why.kind, "%s", why.text);
        return -1;
    }
    return subject->id
               ? store_event_by_id(subject->store, subject->id, &subject->row, err)
               : store_last_of_model(subject->store, bill->model, a->until_ms, &subject->row, err);
}

/* Fills the bill's figures: those that were told, or those of an event. */
static int choose_figures(struct show_bill *bill, struct subject *subject, const struct cli *cli,
                          const struct asking *a, struct err *err)
{
    int rc;

    bill->has_figures = !subject->id && told_figures(cli->config, &bill->figures, &subject->flags);
    if (bill->has_figures)
        return 0;
    rc = find_event(subject, cli, a, bill, err);
    if (rc == 0 && subject->id) {
        err_set(err, ERR_NOT_FOUND, "the ledger has no event %s ('tacho export' shows their ids)",
                cli->call.rest[1]);
        return -1;
    }
    if (rc == 1) {
        bill->figures = subject->row.figures;
        bill->has_figures = true;
        bill->event_ms = bill->at_ms = subject->row.at_ms;
        bill->model = subject->row.model->text;
        subject->flags = subject->row.flags;
    }
    return rc < 0 ? -1 : 0;
}

static int explain(const struct cli *cli, struct buf *out, struct err *err)
{
    struct subject subject = { 0 };
    struct show_bill bill = { 0 };
    struct asking a = { 0 };
    int rc = -1;

    if (!cli->call.rest[1]) {
        err_set(err, ERR_USAGE, "'prices explain' needs a model or an event's id behind it");
        return -1;
    }
    if (ask(&a, cli, err) < 0)
        return -1;
    bill.model = span_of(cli->call.rest[1]);
    bill.at_ms = a.at_ms;
    if (!span_int(bill.model, &subject.id) || subject.id < 0)
        subject.id = 0;
    if (choose_figures(&bill, &subject, cli, &a, err) < 0)
        goto out;
    bill.match = price_match(a.prices, bill.model);
    bill.row = price_match_row(&bill.match, bill.at_ms);
    bill.bill = price_bill(&bill.match, bill.at_ms, &bill.figures, subject.flags);
    if (cli->config->json)
        show_bill_json(out, &bill);
    else
        show_bill(out, &bill, &cli->style);
    rc = 0;
out:
    store_close(subject.store);
    price_close(a.prices);
    return rc;
}

/* ---- the command ---- */

static const struct cli_action actions[] = {
    { "list", list }, { "explain", explain }, { "import", prices_import }, { NULL, NULL }
};

int cli_prices(const struct cli *cli, struct buf *out, struct err *err)
{
    return cli_act(actions, cli, out, err);
}
