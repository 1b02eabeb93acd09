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

/* What lies beside a ledger. */
static const char *const companions[] = { "", "-wal", "-shm", ".lease" };
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

static int fail(const char *from, const char *to, struct err *err)
{
    err_set(err, ERR_IO, "cannot rename %s to %s: %s", from, to, strerror(errno));
    return -1;
}

/* Gives the old ledger a second name, so that at no moment there is none under the first. Its
 * write-ahead log goes along: left behind, the new ledger would take it for its own. */
static int keep_aside(const char *path, const char *aside, struct err *err)
{
    char *log = xasprintf("%s-wal", path), *log_aside = xasprintf("%s-wal", aside);
    char *index = xasprintf("%s-shm", path);
    int rc = 0;

    if (link(path, aside) < 0)
        rc = fail(path, aside, err);
    else if (rename(log, log_aside) < 0 && errno != ENOENT)
        rc = fail(log, log_aside, err);
    else
        unlink(index);
    free(log);
    free(log_aside);
    free(index);
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
    else if (keep_aside(config->db, out->kept_aside, err) < 0)
        goto out;
    rc = rename(fresh, config->db) < 0 ? fail(fresh, config->db, err) : 0;
    remove_ledger(fresh);
out:
    lease_give(lease);
    free(fresh);
    return rc;
}
