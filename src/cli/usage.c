/* cli/usage.c — `tacho usage`: the usage window on the terminal.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "show/usage.h"
#include "store/lease.h"
#include "store/tasks.h"

static enum usage_window wanted_window(const char *name)
{
    int i = 0;

    while (i < USAGE_ALL && !span_is(span_of(name), usage_window_names[i]))
        i++;
    return (enum usage_window)i;
}

/* Days are kept in one zone. While a daemon has the ledger, it is the daemon's; the answer is the
 * same, only slower to find. */
static void keep_zone(struct store *store, const struct usage_settings *settings)
{
    struct lease *lease = NULL;

    if (lease_take(&lease, store_path(store), NULL) < 0)
        return;
    store_set_usage_zone(store, usage_settings_reset(settings)->zone, NULL);
    lease_give(lease);
}

int cli_usage(const struct cli *cli, struct buf *out, struct err *err)
{
    struct usage_settings *settings = NULL;
    struct usage usage = { 0 };
    struct store *store = NULL;
    int rc = -1;

    if (usage_settings_new(&settings, cli->config, err) < 0)
        goto out;
    if (open_ledger(&store, cli, err) < 0)
        goto out;
    keep_zone(store, settings);
    if (usage_build(store, settings, wanted_window(cli->config->window), &usage, err) < 0)
        goto out;
    if (cli->config->json) {
        show_usage_json(out, &usage, 2);
        buf_add_char(out, '\n');
    } else {
        show_usage(out, &usage, &cli->style);
    }
    rc = 0;
out:
    usage_fini(&usage);
    usage_settings_free(settings);
    store_close(store);
    return rc;
}
