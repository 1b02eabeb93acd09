/* daemon/prices.c — prices that follow the files they come from, without a restart.
 *
 * Nothing watches those files and no timer runs: they are looked at whenever logs are about to be
 * read, which is when a price is needed. What the ledger holds keeps its cost. Lives on the
 * worker's thread. SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/catch_up.h"
#include "price/price.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { CONFIG_ITSELF, IMPORTED, NAMED, FILES };

/* A file that was put there or written to has another one. Zeroed: there is none. */
struct stamp {
    uint64_t dev, ino;
    int64_t size, mtime_ns, ctime_ns;
};

struct price_files {
    char *config_path;
    char *paths[FILES]; /* NULL: no such file is asked for */
    struct stamp stamps[FILES];
};

static int64_t ns_of(const struct timespec *at)
{
    return (int64_t)at->tv_sec * 1000000000 + at->tv_nsec;
}

static struct stamp look(const char *path)
{
    struct stat st;

    if (!path || stat(path, &st) < 0)
        return (struct stamp){ 0 };
    return (struct stamp){ st.st_dev, st.st_ino, st.st_size, ns_of(&st.st_mtim),
                           ns_of(&st.st_ctim) };
}

static void forget(struct price_files *files)
{
    int i;

    for (i = 0; i < FILES; i++)
        free(files->paths[i]);
}

/* Before the files are read: what is written meanwhile is then seen at the next look. */
static void note(struct price_files *files, const struct config *config)
{
    int i;

    forget(files);
    files->paths[CONFIG_ITSELF] = xstrdup(config->config_path);
    files->paths[IMPORTED] = price_imported_path(config);
    files->paths[NAMED] = config->pricing_file ? xstrdup(config->pricing_file) : NULL;
    for (i = 0; i < FILES; i++)
        files->stamps[i] = look(files->paths[i]);
}

static bool have_changed(struct price_files *files)
{
    bool changed = false;
    int i;

    for (i = 0; i < FILES; i++) {
        struct stamp now = look(files->paths[i]);

        changed |= memcmp(&now, &files->stamps[i], sizeof(now)) != 0;
        files->stamps[i] = now;
    }
    return changed;
}

static void tell_stale(bool stale)
{
    if (stale)
        log_info("prices have changed since the ledger was priced; 'tacho reprice' follows them");
}

static int use(struct price_files *files, struct ingest *ingest, struct store *store,
               const struct config *config, struct err *err)
{
    bool stale;

    note(files, config);
    if (catch_up_prices(ingest, store, config, &stale, err) < 0)
        return -1;
    tell_stale(stale);
    return 0;
}

int price_files_use(struct price_files **out, struct ingest *ingest, struct store *store,
                    const struct config *config, struct err *err)
{
    struct price_files *files = xcalloc(1, sizeof(*files));

    files->config_path = xstrdup(config->config_path);
    *out = files;
    return use(files, ingest, store, config, err);
}

void price_files_follow(struct price_files *files, struct ingest *ingest, struct store *store)
{
    struct config config;
    struct err err = { 0 };

    if (!have_changed(files))
        return;
    config_init(&config);
    config.config_path = xstrdup(files->config_path);
    if (config_finish(&config, &err) < 0 || use(files, ingest, store, &config, &err) < 0)
        log_warning("%s; prices stay as they were", err.text);
    else
        log_info("prices were read anew");
    config_fini(&config);
}

void price_files_free(struct price_files *files)
{
    if (!files)
        return;
    forget(files);
    free(files->config_path);
    free(files);
}
