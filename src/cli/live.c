/* cli/live.c — `tacho live`: the screen that follows what is used.
 * SPDX-License-Identifier: MIT
 */
#include "tui/live.h"
#include "cli/cli_internal.h"

#include "store/store.h"

#include <unistd.h>

int cli_live(const struct cli *cli, struct buf *out, struct err *err)
{
    struct live_setup setup = { .config = cli->config,
                                .cost = open_cost(cli),
                                .color = cli->style.color,
                                .unicode = cli->style.unicode };
    struct store *store = NULL;
    struct zone *zone = NULL;
    int code = -1;

    (void)out;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "'live' needs a terminal; a plain 'tacho' does not");
        return -1;
    }
    if (zone_open(&zone, cli->config->timezone, err) < 0 || open_ledger(&store, cli, err) < 0)
        goto out;
    setup.store = store;
    setup.zone = zone;
    code = live_run(&setup, err);
out:
    store_close(store);
    zone_close(zone);
    return code;
}
