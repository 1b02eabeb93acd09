/* daemon/banner.c — the few lines that whoever started the program sees.
 *
 *   tacho: http://127.0.0.1:8224/
 *   Claude Code: 3,237 files, 1.0 GB, reading … done in 0.9 s
 *
 * Speaks through show/banner.h, which knows how it looks; this file knows when.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/mem.h"
#include "show/banner.h"

#include <stdlib.h>

struct banner {
    bool quiet, ended;
};

struct banner *banner_new(bool quiet)
{
    struct banner *banner = xcalloc(1, sizeof(*banner));

    banner->quiet = quiet;
    return banner;
}

void banner_free(struct banner *banner)
{
    free(banner);
}

void banner_url(struct banner *banner, const char *url, const struct config *config)
{
    if (!banner->quiet)
        show_banner_url(url, config->demo);
}

/* The roots of one source after another, each source as one line. */
static size_t sum_up(const struct ingest_status *status, struct show_found *found)
{
    size_t n = 0;
    int i;

    for (i = 0; i < status->roots_n; i++) {
        const struct ingest_root *root = &status->roots[i];

        if (n == 0 || strcmp(found[n - 1].title, root->source->title) != 0)
            found[n++] = (struct show_found){ .title = root->source->title };
        found[n - 1].files += root->files;
        found[n - 1].bytes += root->bytes;
    }
    return n;
}

bool banner_reading(struct banner *banner, const struct ingest_status *status)
{
    struct show_found found[INGEST_ROOTS_MAX];
    const char *folders[INGEST_ROOTS_MAX];
    size_t n;
    int i;

    if (banner->ended)
        return false;
    banner->ended = status->complete && !status->reading;
    if (banner->quiet)
        return banner->ended;
    n = sum_up(status, found);
    if (status->files > 0) {
        show_banner_reading(found, n, banner->ended ? 1000 : status->permille,
                            banner->ended ? status->read_ms : -1);
        return banner->ended;
    }
    for (i = 0; i < status->roots_n; i++)
        folders[i] = status->roots[i].path;
    if (banner->ended)
        show_banner_empty(folders, (size_t)status->roots_n);
    return banner->ended;
}
