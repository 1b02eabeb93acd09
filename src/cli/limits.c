/* cli/limits.c — `tacho limits`: how far every rate limit is used up.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "report/estimate.h"
#include "show/limits.h"
#include "store/store.h"

int cli_limits(const struct cli *cli, struct buf *out, struct err *err)
{
    struct limits limits = { 0 };
    struct store *store = NULL;
    struct estimate_sink sink;
    int rc = -1;

    if (open_ledger(&store, cli, err) < 0)
        return -1;
    if (limits_load(&limits, store, clock_now_ms(), LIMITS_FORECAST, err) < 0)
        goto out;
    limits_name_plans(&limits, cli->config);
    sink = limits_estimates(&limits);
    if (report_estimates(store, limits.now_ms, &sink, err) < 0)
        goto out;
    if (cli->config->json) {
        show_limits_json(out, &limits, 2);
        buf_add_char(out, '\n');
    } else {
        show_limits_table(out, &limits, &cli->style);
    }
    rc = 0;
out:
    limits_fini(&limits);
    store_close(store);
    return rc;
}
