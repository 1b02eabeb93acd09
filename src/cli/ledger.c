/* cli/ledger.c — `tacho ledger info`, `rebuild`, `backup` and `vacuum` (forget.c: `forget`).
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/zone.h"
#include "ingest/rebuild.h"
#include "store/store.h"

#include <inttypes.h>

/* "2026-11-22 14:05 Europe/Berlin" */
static void add_time(struct buf *out, const struct zone *zone, int64_t at_ms)
{
    int64_t wall_ms;
    struct civil date = zone_civil(zone, at_ms, &wall_ms);
    int64_t minutes = wall_ms / MS_PER_MINUTE;

    buf_printf(out, "%04d-%02d-%02d %02" PRId64 ":%02" PRId64 " %s", date.year, date.month,
               date.day, minutes / 60, minutes % 60, zone_name(zone));
}

static void show_facts(struct buf *out, const struct cli *cli, const struct zone *zone,
                       const struct store_facts *facts, const char *path)
{
    buf_add_text(out, "Ledger      ");
    show_text(out, span_of(path), 0, cli->style.unicode);
    buf_add_text(out, "\nSize        ");
    show_bytes(out, facts->size_bytes);
    buf_add_text(out, "\nEvents      ");
    show_count(out, facts->events);
    buf_add_text(out, "\nLast event  ");
    if (facts->last_event_ms > 0)
        add_time(out, zone, facts->last_event_ms);
    else
        buf_add_text(out, "none yet");
    if (!facts->complete)
        buf_printf(out, "\nLogs read   %d%%", facts->read_permille / 10);
    buf_add_char(out, '\n');
}

static int tell_info(const struct cli *cli, struct buf *out, struct err *err)
{
    struct store_facts facts;
    struct store *store = NULL;
    struct zone *zone = NULL;
    int rc = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0)
        goto out;
    if (store_open(&store, cli->config->db, STORE_READ, err) < 0)
        goto out;
    if (store_get_facts(store, &facts, err) < 0)
        goto out;
    show_facts(out, cli, zone, &facts, store_path(store));
    rc = 0;
out:
    store_close(store);
    zone_close(zone);
    return rc;
}

/* "At least 3 of the old one could not be read, between … and …." */
static void tell_lost(struct buf *out, const struct zone *zone, const struct salvage *salvage)
{
    buf_add_text(out, "At least ");
    show_count(out, salvage->lost);
    buf_add_text(out, " of the old one could not be read");
    if (salvage->gap_first_ms > 0) {
        buf_add_text(out, ", between ");
        add_time(out, zone, salvage->gap_first_ms);
        buf_add_text(out, " and ");
        add_time(out, zone, salvage->gap_last_ms);
    }
    buf_add_text(out, ".\n");
}

static int rebuild(const struct cli *cli, struct buf *out, struct err *err)
{
    struct rebuild_result result = { 0 };
    struct zone *zone = NULL;
    int rc = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0)
        goto out;
    if (ledger_rebuild(cli->config, &result, err) < 0)
        goto out;
    show_count(out, result.events);
    buf_add_text(out, " events in the new ledger, ");
    show_count(out, result.salvage.saved);
    buf_add_text(out, " of them out of the old one.\n");
    if (result.salvage.lost > 0)
        tell_lost(out, zone, &result.salvage);
    if (result.kept_aside[0]) {
        buf_add_text(out, "The old ledger is kept as ");
        show_text(out, span_of(result.kept_aside), 0, cli->style.unicode);
        buf_add_text(out, "\n");
    }
    rc = 0;
out:
    zone_close(zone);
    return rc;
}

/* To write; one that is not there is not made. */
static int open_existing(struct store **store, const struct cli *cli, struct err *err)
{
    if (store_open(store, cli->config->db, STORE_READ, err) < 0)
        return -1;
    store_close(*store);
    return store_open(store, cli->config->db, STORE_WRITE, err);
}

static int back_up(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *path = cli->call.rest[1];
    struct store *store = NULL;
    int rc = -1;

    if (!path) {
        err_set(err, ERR_USAGE, "'ledger backup' needs the FILE to write");
        return -1;
    }
    if (open_existing(&store, cli, err) < 0)
        return -1;
    if (store_copy(store, path, err) == 0) {
        buf_add_text(out, "The ledger was copied to ");
        show_text(out, span_of(path), 0, cli->style.unicode);
        buf_add_char(out, '\n');
        rc = 0;
    }
    store_close(store);
    return rc;
}

static int vacuum(const struct cli *cli, struct buf *out, struct err *err)
{
    struct store_facts before, after;
    struct store *store = NULL;
    int rc = -1;

    if (open_existing(&store, cli, err) < 0)
        return -1;
    if (store_get_facts(store, &before, err) == 0 && store_vacuum(store, err) == 0 &&
        store_get_facts(store, &after, err) == 0) {
        show_bytes(out, before.size_bytes);
        buf_add_text(out, " before, ");
        show_bytes(out, after.size_bytes);
        buf_add_text(out, " now\n");
        rc = 0;
    }
    store_close(store);
    return rc;
}

static const struct cli_action actions[] = { { "info", tell_info },       { "rebuild", rebuild },
                                             { "backup", back_up },       { "vacuum", vacuum },
                                             { "forget", ledger_forget }, { NULL, NULL } };

int cli_ledger(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *what = cli->call.rest[0], *file = cli->call.rest[1];

    if (file && !span_is(span_of(what), "backup")) {
        err_set(err, ERR_USAGE, "'ledger %s' does not know what to do with '%s'", what, file);
        return -1;
    }
    if ((cli->config->session || cli->config->yes) && !span_is(span_of(what), "forget")) {
        err_set(err, ERR_USAGE, "--%s goes with 'ledger forget', not with 'ledger %s'",
                cli->config->session ? "session" : "yes", what);
        return -1;
    }
    return cli_act(actions, cli, out, err);
}
