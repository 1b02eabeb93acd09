/* cli/doctor_system.c — `tacho doctor` on the system around us: watches, permissions.
 * SPDX-License-Identifier: MIT
 */
#include "cli/doctor.h"

#include "base/mem.h"
#include "base/path.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- watches ---- */

#define MAX_WATCHES "/proc/sys/fs/inotify/max_user_watches"
#define DEPTH_MAX   32

/* The folder itself and those below it; links are not followed. */
static int64_t count_folders(const char *path, int depth)
{
    DIR *folder = depth < DEPTH_MAX ? opendir(path) : NULL;
    const struct dirent *entry;
    int64_t n = 1;

    if (!folder)
        return 0;
    while ((entry = readdir(folder))) {
        struct span name = span_of(entry->d_name);
        char *below;

        if (entry->d_type != DT_DIR || span_is(name, ".") || span_is(name, ".."))
            continue;
        below = path_join(path, entry->d_name);
        n += count_folders(below, depth + 1);
        free(below);
    }
    closedir(folder);
    return n;
}

static int64_t count_all_folders(const struct sources_report *report)
{
    int64_t n = 0;
    size_t i, k;

    for (i = 0; i < report->n; i++) {
        const struct sources_agent *agent = &report->agents[i];

        for (k = 0; !agent->off && k < agent->roots_n; k++)
            n += agent->roots[k].found ? count_folders(agent->roots[k].path, 0) : 0;
    }
    return n;
}

/* Other programs of this user draw on the same number, so half of it is taken for ours. */
void doctor_look_at_watches(struct doctor *d)
{
    struct buf text = { 0 };
    int64_t allowed, folders;

    if (path_read(MAX_WATCHES, 64, &text, NULL) == 0 &&
        span_int(span_trim(buf_span(&text)), &allowed)) {
        folders = count_all_folders(&d->sources);
        doctor_add(d, "watches",
                   folders > allowed / 2 ? "'sudo sysctl fs.inotify.max_user_watches=524288', and "
                                           "a line in /etc/sysctl.d/ to keep it"
                                         : NULL,
                   xasprintf("%" PRId64 " folders hold logs, the system lets %" PRId64
                             " be watched",
                             folders, allowed));
    }
    buf_fini(&text);
}

/* ---- permissions ---- */

enum place { BESIDE_LEDGER, BESIDE_CONFIG };

/* Files of ours, and what nobody else may do with them. Commands to run stand in the configuration,
 * so it may be read but never written by others. */
static const struct {
    enum place place;
    const char *name; /* behind the ledger's path, or in the configuration's folder */
    mode_t forbidden;
    const char *remedy;
} files[] = {
    { BESIDE_LEDGER, "", 0077, "chmod 600 that file" },
    { BESIDE_LEDGER, "-wal", 0077, "chmod 600 that file" },
    { BESIDE_LEDGER, "-shm", 0077, "chmod 600 that file" },
    { BESIDE_LEDGER, ".daemon", 0077, "chmod 600 that file" },
    { BESIDE_CONFIG, "", 0022, "chmod 600 that file" },
    { BESIDE_CONFIG, "secrets.json", 0077, "chmod 600 that file, and make new secrets" },
    { BESIDE_CONFIG, "gateways.json", 0077, "chmod 600 that file, and make new secrets" },
    { BESIDE_CONFIG, "device.pem", 0077, "chmod 600 that file, and make new secrets" },
};

static char *path_of(const struct config *config, enum place place, const char *name)
{
    char *folder, *path;

    if (place == BESIDE_LEDGER)
        return xasprintf("%s%s", config->db, name);
    if (!name[0])
        return xstrdup(config->config_path);
    folder = path_dir(config->config_path);
    path = path_join(folder, name);
    free(folder);
    return path;
}

static bool look_at_file(struct doctor *d, const char *path, mode_t forbidden, const char *remedy)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return true; /* what is not there harms nobody */
    if (st.st_uid != geteuid()) {
        doctor_add(d, "permissions", "chown it to yourself",
                   xasprintf("%s belongs to another user", path));
        return false;
    }
    if (st.st_mode & forbidden) {
        doctor_add(d, "permissions", remedy,
                   xasprintf("%s may be %s by others (its mode is %03o)", path,
                             forbidden == 0022 ? "changed" : "read", st.st_mode & 0777u));
        return false;
    }
    return true;
}

void doctor_look_at_permissions(struct doctor *d)
{
    bool good = true;
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char *path = path_of(d->cli->config, files[i].place, files[i].name);

        good = look_at_file(d, path, files[i].forbidden, files[i].remedy) && good;
        free(path);
    }
    if (good)
        doctor_add(d, "permissions", NULL, xstrdup("ledger and secrets are yours alone"));
}
