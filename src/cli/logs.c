/* cli/logs.c — where the agents' logs would be, for somebody who expected to see some.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "ingest/catch_up.h"
#include "source/roots.h"

#include <stdlib.h>

/* A sentence that grows by a folder at a time. */
struct telling {
    struct buf *out;
    const struct cli *cli;
    int n; /* folders so far */
};

#define SHOWN_FOLDERS 3

/* Folders below the home folder are told as "~/…". */
static void tell_root(void *to, const struct source *source, char *path, char *otherwise)
{
    struct telling *t = to;
    struct span folder = span_of(path);
    const char *home = t->cli->config->home;
    bool below = span_starts(folder, home) && folder.p[strlen(home)] == '/';

    (void)source;
    if (t->n++ >= SHOWN_FOLDERS)
        goto out;
    buf_add_text(t->out, t->n > 1 ? ", " : "Looked in ");
    if (below) {
        buf_add_char(t->out, '~');
        folder = span_of(path + strlen(home));
    }
    show_text(t->out, folder, 0, t->cli->style.unicode);
out:
    free(path);
    free(otherwise);
}

void logs_tell(struct buf *out, const struct cli *cli)
{
    struct source_env env = catch_up_env(cli->config);
    struct telling t = { .out = out, .cli = cli };

    roots_each(&env, tell_root, &t);
    if (t.n > SHOWN_FOLDERS)
        buf_printf(out, " and %d more places ('tacho sources' lists them)", t.n - SHOWN_FOLDERS);
    if (t.n > 0)
        buf_add_text(out, ".\n");
}
