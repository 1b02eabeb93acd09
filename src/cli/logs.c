/* cli/logs.c — where the agents' logs would be, for somebody who expected to see some.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "ingest/catch_up.h"
#include "source/source.h"

#include <stdlib.h>

/* A sentence that grows by a folder at a time. */
struct telling {
    struct buf *out;
    const struct cli *cli;
    bool begun;
};

/* Folders below the home folder are told as "~/…". */
static void tell_root(void *to, char *path, char *otherwise)
{
    struct telling *t = to;
    struct span folder = span_of(path);
    const char *home = t->cli->config->home;
    bool below = span_starts(folder, home) && folder.p[strlen(home)] == '/';

    buf_add_text(t->out, t->begun ? ", " : "Looked in ");
    if (below) {
        buf_add_char(t->out, '~');
        folder = span_of(path + strlen(home));
    }
    show_text(t->out, folder, 0, t->cli->style.unicode);
    t->begun = true;
    free(path);
    free(otherwise);
}

void logs_tell(struct buf *out, const struct cli *cli)
{
    struct source_env env = catch_up_env(cli->config);
    struct telling t = { .out = out, .cli = cli };
    const struct source *const *s;

    for (s = sources; *s; s++)
        (*s)->roots(&env, tell_root, &t);
    if (t.begun)
        buf_add_text(out, ".\n");
}
