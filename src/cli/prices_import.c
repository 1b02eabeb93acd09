/* cli/prices_import.c — `tacho prices import FILE`: other people's prices on top of our table.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/catch_up.h"
#include "price/import.h"
#include "show/prices.h"

#include <stdlib.h>

#define FILE_MAX_BYTES (64 << 20)
#define REFUSED_SHOWN  20

static const char *const kind_words[] = {
    [IMPORT_NEW] = "new",
    [IMPORT_CHANGED] = "changed",
    [IMPORT_SAME] = "same",
    [IMPORT_REFUSED] = "refused",
};

static void tell_rows(struct buf *out, const struct cli *cli, const struct price_import *import,
                      enum import_kind kind)
{
    const struct price_row **rows = xcalloc(2 * import->n + 1, sizeof(const struct price_row *));
    struct show_prices prices = { rows, 0 };
    size_t i;

    for (i = 0; i < import->n; i++) {
        const struct import_item *item = &import->items[i];

        if (item->kind != kind)
            continue;
        if (kind == IMPORT_CHANGED)
            rows[prices.n++] = &item->before;
        rows[prices.n++] = &item->row;
    }
    if (prices.n > 0) {
        buf_add_text(out, kind == IMPORT_NEW ? "New\n" : "Changed, old above new\n");
        show_price_list(out, &prices, &cli->style);
        buf_add_char(out, '\n');
    }
    free(rows);
}

static void tell_refused(struct buf *out, const struct cli *cli, const struct price_import *import)
{
    int64_t shown = 0;
    size_t i;

    for (i = 0; i < import->n && shown < REFUSED_SHOWN; i++) {
        const struct import_item *item = &import->items[i];

        if (item->kind != IMPORT_REFUSED)
            continue;
        buf_add_text(out, "refused: ");
        show_text(out, item->model, 0, cli->style.unicode);
        buf_printf(out, " %s\n", item->why);
        shown++;
    }
    if (shown < import->counts[IMPORT_REFUSED]) {
        buf_add_text(out, "and ");
        show_count(out, import->counts[IMPORT_REFUSED] - shown);
        buf_add_text(out, " more\n");
    }
}

static void tell(struct buf *out, const struct cli *cli, const struct price_import *import,
                 const char *path)
{
    int kind;

    if (cli->config->dry_run) {
        tell_rows(out, cli, import, IMPORT_NEW);
        tell_rows(out, cli, import, IMPORT_CHANGED);
    }
    tell_refused(out, cli, import);
    buf_printf(out, "%s: ", import->format);
    for (kind = IMPORT_NEW; kind <= IMPORT_REFUSED; kind++) {
        show_count(out, import->counts[kind]);
        buf_printf(out, " %s%s", kind_words[kind], kind < IMPORT_REFUSED ? ", " : "\n");
    }
    if (import->counts[IMPORT_NEW] + import->counts[IMPORT_CHANGED] == 0)
        buf_add_text(out, "Nothing changes.\n");
    else if (cli->config->dry_run)
        buf_add_text(out, "Nothing was written: this was a dry run.\n");
    else
        buf_printf(out, "Written to %s; 'tacho reprice' applies it to what is in the ledger.\n",
                   path);
}

static void tell_json(struct buf *out, const struct cli *cli, const struct price_import *import,
                      const char *path)
{
    struct json_out json;
    size_t i;
    int kind;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_text(&json, "format", span_of(import->format));
    for (kind = IMPORT_NEW; kind <= IMPORT_REFUSED; kind++)
        json_put_int(&json, kind_words[kind], import->counts[kind]);
    json_put_bool(&json, "dryRun", cli->config->dry_run);
    json_put_text(&json, "file", span_of(path));
    json_key(&json, "rows");
    json_open(&json, '[');
    for (i = 0; i < import->n; i++) {
        const struct import_item *item = &import->items[i];

        if (item->kind == IMPORT_SAME)
            continue;
        json_open(&json, '{');
        json_put_text(&json, "kind", span_of(kind_words[item->kind]));
        json_put_text(&json, "model", item->model);
        if (item->kind == IMPORT_REFUSED) {
            json_put_text(&json, "why", span_of(item->why));
        } else {
            json_key(&json, "row");
            show_price_row_json(&json, &item->row);
        }
        if (item->kind == IMPORT_CHANGED) {
            json_key(&json, "before");
            show_price_row_json(&json, &item->before);
        }
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

/* Replaces the file of imported rows. */
static int keep(const struct price_import *import, const char *path, int64_t day, struct err *err)
{
    struct buf kept = { 0 }, text = { 0 };
    struct err why = { 0 };
    char *folder = path_dir(path);
    int rc = -1;

    if (path_read(path, FILE_MAX_BYTES, &kept, &why) < 0 && why.kind != ERR_NOT_FOUND) {
        err_set(err, why.kind, "%s", why.text);
        goto out;
    }
    price_import_write(import, buf_span(&kept), day, &text);
    if (path_make(folder, err) < 0)
        goto out;
    rc = path_write(path, buf_span(&text), 0600, err);
out:
    buf_fini(&kept);
    buf_fini(&text);
    free(folder);
    return rc;
}

/* Reads the file and puts its name before what is wrong with it. */
static int read_file(struct price_import *import, const struct price_table *prices,
                     const char *path, int64_t day, struct err *err)
{
    struct buf text = { 0 };
    struct err why = { 0 };
    int rc = path_read(path, FILE_MAX_BYTES, &text, err);

    if (rc == 0) {
        rc = price_import_read(import, prices, buf_span(&text), day, &why);
        if (rc < 0)
            err_set(err, why.kind, "%s: %s", path, why.text);
    }
    buf_fini(&text);
    return rc;
}

int prices_import(const struct cli *cli, struct buf *out, struct err *err)
{
    int64_t day = floor_div(clock_now_ms(), MS_PER_DAY);
    char *path = price_imported_path(cli->config);
    struct price_table *prices = NULL;
    struct price_import import = { 0 };
    int rc = -1;

    if (!cli->call.rest[1]) {
        err_set(err, ERR_USAGE, "'prices import' needs a file behind it");
        goto out;
    }
    if (catch_up_table(&prices, cli->config, err) < 0 ||
        read_file(&import, prices, cli->call.rest[1], day, err) < 0)
        goto out;
    if (!cli->config->dry_run && import.counts[IMPORT_NEW] + import.counts[IMPORT_CHANGED] > 0 &&
        keep(&import, path, day, err) < 0)
        goto out;
    if (cli->config->json)
        tell_json(out, cli, &import, path);
    else
        tell(out, cli, &import, path);
    rc = 0;
out:
    price_import_fini(&import);
    price_close(prices);
    free(path);
    return rc;
}
