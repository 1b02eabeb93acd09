/* price/open.c — the table in use: built in, imported, from a file, configured.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#include "base/path.h"
#include "config/config.h"

#include <stdlib.h>

#define FILE_MAX_BYTES (4 << 20)

int price_parse(struct price_table **out, struct span csv, struct err *err)
{
    struct price_table *table = price_table_new();

    if (csv_add(table, csv, PRICE_BUILT_IN, "price table", err) < 0)
        goto bad;
    price_table_settle(table);
    if (price_problem(table, 0)) {
        err_set(err, ERR_USAGE, "%s", price_problem(table, 0));
        goto bad;
    }
    *out = table;
    return 0;
bad:
    price_close(table);
    return -1;
}

int price_open(struct price_table **out, struct err *err)
{
    return price_parse(out, span_of(price_csv), err);
}

static void add_imported(struct price_table *table, const struct config *config)
{
    char *path = price_imported_path(config);
    struct buf text = { 0 };
    struct err err = { 0 };

    if (path_read(path, FILE_MAX_BYTES, &text, &err) < 0) {
        if (err.kind != ERR_NOT_FOUND)
            price_table_problem(table, "%s", err.text);
    } else if (csv_add(table, buf_span(&text), PRICE_IMPORTED, path, &err) < 0) {
        price_table_problem(table, "%s; the rows behind it are left out", err.text);
    }
    buf_fini(&text);
    free(path);
}

static void add_file(struct price_table *table, const char *path)
{
    struct buf text = { 0 };
    struct err err = { 0 };

    if (path_read(path, FILE_MAX_BYTES, &text, &err) < 0)
        price_table_problem(table, "%s", err.text);
    else
        entries_add(table, buf_span(&text), PRICE_FILE, path);
    buf_fini(&text);
}

char *price_imported_path(const struct config *config)
{
    char *folder = path_dir(config->config_path);
    char *path = path_join(folder, "prices.csv");

    free(folder);
    return path;
}

int price_open_config(struct price_table **out, const struct config *config, struct err *err)
{
    struct price_table *table = price_table_new();

    if (csv_add(table, span_of(price_csv), PRICE_BUILT_IN, "price table", err) < 0) {
        price_close(table);
        return -1;
    }
    add_imported(table, config);
    if (config->pricing_file && config->pricing_file[0])
        add_file(table, config->pricing_file);
    if (config->prices)
        entries_add(table, span_of(config->prices), PRICE_CONFIGURED, config->config_path);
    if (config->model_aliases)
        aliases_add(table, span_of(config->model_aliases), config->config_path);
    price_table_settle(table);
    *out = table;
    return 0;
}
