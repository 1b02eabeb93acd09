/* ingest/import.c — see import.h.
 *
 * Every home below the path is found by its logs, and read as our own would be. Links are not
 * followed on the way.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/import.h"

#include "base/mem.h"
#include "config/config.h"
#include "ingest/catch_up.h"
#include "ingest/homes.h"
#include "ingest/ingest.h"
#include "price/price.h"
#include "store/lease.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>

#define HOMES_MAX 1000 /* of one path */

struct import {
    const struct config *config;
    const char *machine; /* NULL: this one */
    bool (*stop)(void);
    struct store *store;
    struct lease *lease;
    struct tally tally;
    struct ingest *ingest; /* at work */
    char own[128];         /* what this machine is called */
};

struct homes {
    char *at[HOMES_MAX];
    int n;
};

/* ---- which homes there are ---- */

static void add_home(struct homes *homes, const char *path, size_t len)
{
    int i;

    for (i = homes->n - 1; i >= 0; i--) {
        if (strncmp(homes->at[i], path, len) == 0 && homes->at[i][len] == '\0')
            return;
    }
    if (homes->n < HOMES_MAX)
        homes->at[homes->n++] = xstrndup(path, len);
}

static bool is_stopped(const struct import *import)
{
    return import->stop && import->stop();
}

static int find_homes(const struct import *import, char *path, struct homes *homes, struct err *err)
{
    char *paths[] = { path, NULL };
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    FTSENT *entry;
    size_t len;

    while (walk && (entry = fts_read(walk)) && !is_stopped(import)) {
        bool file = entry->fts_info == FTS_F || entry->fts_info == FTS_NSOK;

        if (file && homes_find(entry->fts_path, &len) == HOMES_LOG)
            add_home(homes, entry->fts_path, len);
    }
    if (!walk) {
        err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        return -1;
    }
    fts_close(walk);
    return 0;
}

static void forget_homes(struct homes *homes)
{
    while (homes->n > 0)
        free(homes->at[--homes->n]);
}

/* ---- one home ---- */

static void on_change(void *to)
{
    struct import *import = to;

    if (is_stopped(import))
        ingest_stop(import->ingest);
}

static void count_files(struct import *import, const struct ingest_status *status)
{
    int i;

    for (i = 0; i < status->roots_n; i++) {
        const struct ingest_root *root = &status->roots[i];
        struct tally_row *row = root->files > 0 ? tally_row(&import->tally, root->source) : NULL;

        if (row) {
            row->files += root->files;
            row->bytes += root->bytes;
        }
    }
}

static int import_home(struct import *import, const char *home, const char *only, struct err *err)
{
    const struct ingest_elsewhere elsewhere = { home, only, import->machine, &import->tally };
    struct price_table *prices = NULL;
    struct ingest_status status;
    int rc = -1;

    if (ingest_new_elsewhere(&import->ingest, import->store, &elsewhere, err) < 0)
        return -1;
    if (catch_up_table(&prices, import->config, err) < 0)
        goto out;
    ingest_use_prices(import->ingest, prices);
    ingest_on_change(import->ingest, on_change, import);
    rc = ingest_all(import->ingest, INGEST_REST, err);
    ingest_get_status(import->ingest, &status);
    count_files(import, &status);
out:
    ingest_free(import->ingest);
    import->ingest = NULL;
    return rc;
}

/* ---- the door ---- */

static int refuse_busy(const struct config *config, struct err *err)
{
    err_set(err, ERR_BUSY, "another tacho is writing into %s; stop it first (tacho serve --stop)",
            config->db);
    return -1;
}

static int take_ledger(struct import *import, struct err *err)
{
    const struct config *config = import->config;
    struct catch_up_result own;

    if (store_open(&import->store, config->db, STORE_WRITE, err) < 0 ||
        catch_up(import->store, config, NULL, NULL, &own, err) < 0)
        return -1;
    if (own.held_elsewhere)
        return refuse_busy(config, err);
    if (lease_take(&import->lease, config->db, err) == 0)
        return 0;
    return err && err->kind == ERR_BUSY ? refuse_busy(config, err) : -1;
}

int import_open(struct import **out, const struct config *config, const char *machine,
                bool (*stop)(void), struct err *err)
{
    struct import *import = xcalloc(1, sizeof(*import));

    import->config = config;
    import->machine = machine;
    import->stop = stop;
    ingest_machine(import->own, sizeof(import->own));
    if (take_ledger(import, err) < 0) {
        import_close(import);
        return -1;
    }
    *out = import;
    return 0;
}

void import_close(struct import *import)
{
    if (!import)
        return;
    lease_give(import->lease);
    store_close(import->store);
    tally_fini(&import->tally);
    free(import);
}

int import_path(struct import *import, const char *path, int *homes, struct err *err)
{
    struct homes found = { .n = 0 };
    char *real = realpath(path, NULL);
    int i, rc = -1;

    *homes = 0;
    if (!real) {
        err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot read %s: %s", path,
                strerror(errno));
        return -1;
    }
    rc = find_homes(import, real, &found, err);
    *homes = found.n;
    for (i = 0; i < found.n && rc == 0 && !is_stopped(import); i++)
        rc = import_home(import, found.at[i], real, err);
    if (rc == 0 && is_stopped(import)) {
        err_set(err, ERR_UNAVAILABLE, "%s: stopped before its end; import it again", path);
        rc = -1;
    }
    forget_homes(&found);
    free(real);
    return rc;
}

const char *import_machine(const struct import *import)
{
    return import->machine ? import->machine : import->own;
}

const struct tally *import_tally(const struct import *import)
{
    return &import->tally;
}
