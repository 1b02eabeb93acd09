/* daemon/import_command.c — `tacho import PATH…`: logs of another machine, or out of a backup.
 *
 * A folder is read where it lies. Of an archive the logs alone are unpacked, into a private folder
 * that is gone again when we are: signals wait until then.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "archive/unpack.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/homes.h"
#include "ingest/import.h"
#include "show/banner.h"
#include "show/import.h"

#include <errno.h>
#include <fts.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- signals that wait ---- */

static sigset_t ending_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

static bool is_stopped(void)
{
    sigset_t waiting, ending = ending_signals();

    sigemptyset(&waiting);
    sigpending(&waiting);
    sigandset(&waiting, &waiting, &ending);
    return !sigisemptyset(&waiting);
}

/* ---- archives ---- */

static char *make_folder(struct err *err)
{
    const char *set = getenv("TMPDIR");
    char *path = path_join(set && *set ? set : "/tmp", "tacho-import-XXXXXX");

    if (mkdtemp(path))
        return path;
    err_set(err, ERR_IO,
            "cannot make a folder for what is unpacked, %s: %s (TMPDIR names another "
            "place)",
            path, strerror(errno));
    free(path);
    return NULL;
}

static void remove_folder(char *path)
{
    char *paths[] = { path, NULL };
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    FTSENT *entry;

    while (walk && (entry = fts_read(walk))) {
        if (entry->fts_info == FTS_DP)
            rmdir(entry->fts_accpath);
        else if (entry->fts_info != FTS_D)
            unlink(entry->fts_accpath);
    }
    if (walk)
        fts_close(walk);
}

static bool is_wanted(void *to, const char *path)
{
    char *whole = path_join("/", path);
    size_t home_len;
    bool wanted = homes_find(whole, &home_len) != HOMES_NOTHING;

    (void)to;
    free(whole);
    return wanted;
}

static bool stops(void *to)
{
    (void)to;
    return is_stopped();
}

static int import_archive(struct import *import, const char *path, int *homes, int64_t *refused,
                          struct err *err)
{
    static const struct unpack_taker taker = { is_wanted, stops, NULL, &unpack_limits };
    struct unpack_result result;
    char *folder = make_folder(err);
    int rc;

    if (!folder)
        return -1;
    rc = unpack_into(folder, path, &taker, &result, err);
    *refused += result.refused;
    if (rc == 0)
        rc = import_path(import, folder, homes, err);
    remove_folder(folder);
    free(folder);
    return rc;
}

/* ---- what was named ---- */

/* A file may be a log itself: it lies where an agent would have put it. */
static bool is_archive(const char *path)
{
    char *real = realpath(path, NULL);
    struct stat st;
    size_t home_len;
    bool is = real && stat(real, &st) == 0 && S_ISREG(st.st_mode) &&
              homes_find(real, &home_len) != HOMES_LOG;

    free(real);
    return is;
}

static int import_one(struct import *import, const char *path, int64_t *refused, struct err *err)
{
    int homes;
    int rc = is_archive(path) ? import_archive(import, path, &homes, refused, err)
                              : import_path(import, path, &homes, err);

    if (rc == 0 && homes == 0) {
        err_set(err, ERR_NOT_FOUND,
                "%s holds no logs of any agent; they are looked for where agents keep them below a "
                "home ('tacho sources' tells where)",
                path);
        rc = -1;
    }
    return rc;
}

static void tell(const struct import *import, int64_t refused, bool json)
{
    const struct tally *tally = import_tally(import);
    struct show_import_row *rows = xcalloc(tally->n + 1, sizeof(*rows));
    struct show_import show = { import_machine(import), rows, tally->n, refused };
    struct buf out = { 0 };
    size_t i;

    for (i = 0; i < tally->n; i++) {
        const struct tally_row *row = &tally->rows[i];

        rows[i] = (struct show_import_row){ row->source->name, row->source->title, row->files,
                                            row->events_new,   row->events_known,  row->problems };
    }
    if (json)
        show_import_json(&out, &show);
    else
        show_import_text(&out, &show, true);
    show_banner_text(buf_span(&out));
    buf_fini(&out);
    free(rows);
}

static int check_machine(const struct config *config, const char **machine, struct err *err)
{
    *machine = config->machines ? config->machines[0] : NULL;
    if (!*machine || (!config->machines[1] && **machine && strlen(*machine) < 128))
        return 0;
    err_set(err, ERR_USAGE, "--machine takes one name of at most 127 bytes");
    return -1;
}

int import_command(const struct config *config, char **rest, struct err *err)
{
    sigset_t ending = ending_signals(), before;
    struct import *import = NULL;
    const char *machine;
    int64_t refused = 0;
    int rc;

    if (check_machine(config, &machine, err) < 0)
        return -1;
    sigprocmask(SIG_BLOCK, &ending, &before);
    rc = import_open(&import, config, machine, is_stopped, err);
    for (; rc == 0 && *rest; rest++)
        rc = import_one(import, *rest, &refused, err);
    if (import && import_tally(import)->n > 0)
        tell(import, refused, config->json);
    import_close(import);
    sigprocmask(SIG_SETMASK, &before, NULL); /* one that waited ends us here */
    return rc;
}
