/* cli/sources.c — `tacho sources`: where logs are looked for and what came of it.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/zone.h"
#include "ingest/catch_up.h"
#include "show/sources.h"
#include "store/store.h"

int cli_sources(const struct cli *cli, struct buf *out, struct err *err)
{
    struct source_env env = catch_up_env(cli->config);
    struct sources_report report = { 0 };
    struct store *store = NULL;
    struct zone *zone = NULL;
    int rc = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0 || open_ledger(&store, cli, err) < 0 ||
        sources_report(store, &env, &report, err) < 0)
        goto out;
    if (cli->config->json)
        show_sources_json(out, &report);
    else
        show_sources(out, &report, &(struct show_sources){ zone, cli->config->home, &cli->style });
    rc = 0;
out:
    sources_fini(&report);
    store_close(store);
    zone_close(zone);
    return rc;
}
