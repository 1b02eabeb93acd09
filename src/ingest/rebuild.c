/* ingest/rebuild.c — see rebuild.h.
 *
 * Logs older than a month exist nowhere but in the ledger, so everything readable is saved first;
 * reading the logs again on top is harmless, since copies merge by their keys.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/rebuild.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "config/config.h"
#include "ingest/catch_up.h"
#include "store/lease.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What SQLite keeps beside a ledger. */
static const char *const companions[] = { "", "-wal", "-shm" };
#define COMPANIONS (sizeof(companions) / sizeof(companions[0]))

static void remove_ledger(const char *path)
{
    size_t i;

    for (i = 0; i < COMPANIONS; i++) {
        char *file = xasprintf("%s%s", path, companions[i]);

        unlink(file);
        free(file);
    }
}

/* The write-ahead log goes first: without it the old file is still a ledger, the other way round a
 * stranger would pick it up. */
static int move_ledger(const char *from, const char *to, struct err *err)
{
    static const size_t order[COMPANIONS] = { 1, 2, 0 };
    size_t i;
    int rc = 0;

    for (i = 0; i < COMPANIONS && rc == 0; i++) {
        char *a = xasprintf("%s%s", from, companions[order[i]]);
        char *b = xasprintf("%s%s", to, companions[order[i]]);

        if (rename(a, b) < 0 && errno != ENOENT) {
            err_set(err, ERR_IO, "cannot rename %s to %s: %s", a, b, strerror(errno));
            rc = -1;
        }
        free(a);
        free(b);
    }
    return rc;
}

/* "<ledger>.damaged-2026-11-22T10-00-00" */
static void name_aside(const char *path, char *out, size_t size)
{
    char stamp[CIVIL_TIME_SIZE];
    char *p;

    civil_format_iso(clock_now_ms(), stamp);
    stamp[strlen("2026-11-22T10:00:00")] = '\0';
    for (p = stamp; *p; p++) {
        if (*p == ':')
            *p = '-';
    }
    snprintf(out, size, "%s.damaged-%s", path, stamp);
}

static int fill(const char *path, const struct config *config, int64_t *events, struct err *err)
{
    struct catch_up_result read;
    struct store_facts facts = { 0 };
    struct store *store = NULL;
    int rc = -1;

    if (store_open(&store, path, STORE_WRITE, err) < 0)
        return -1;
    if (catch_up(store, config, NULL, NULL, &read, err) < 0 ||
        store_get_facts(store, &facts, err) < 0)
        goto out;
    *events = facts.events;
    rc = 0;
out:
    store_close(store);
    return rc;
}

int ledger_rebuild(const struct config *config, struct rebuild_result *out, struct err *err)
{
    char *fresh = xasprintf("%s.rebuilt", config->db);
    struct lease *lease = NULL;
    int rc = -1;

    *out = (struct rebuild_result){ 0 };
    if (lease_take(&lease, config->db, err) < 0)
        goto out;
    remove_ledger(fresh); /* of an attempt that was cut off */
    if (store_salvage(config->db, fresh, &out->salvage, err) < 0 ||
        fill(fresh, config, &out->events, err) < 0)
        goto out;
    name_aside(config->db, out->kept_aside, sizeof(out->kept_aside));
    if (access(config->db, F_OK) < 0)
        out->kept_aside[0] = '\0';
    else if (move_ledger(config->db, out->kept_aside, err) < 0)
        goto out;
    rc = move_ledger(fresh, config->db, err);
out:
    lease_give(lease);
    free(fresh);
    return rc;
}
