/* ingest/project.c — see project.h.
 *
 * Looks upward for ".git": a folder marks a root; a file names the folder where the repository is,
 * "gitdir: /work/shop/.git/worktrees/fix". The folder itself may be gone by now, those above it
 * tell all the same. SPDX-License-Identifier: MIT
 */
#include "ingest/project.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>
#include <sys/stat.h>

#define POINTER_MAX 8192 /* bytes of a ".git" that is a file */

/* Where the file points to; relative ones begin at its own folder. NULL: nowhere. */
static char *read_pointer(const char *file, const char *folder)
{
    struct buf text = { 0 };
    char *path = NULL;
    struct span target;

    if (path_read(file, POINTER_MAX, &text, NULL) == 0 && span_starts(buf_span(&text), "gitdir:")) {
        target = span_trim((struct span){ text.p + 7, text.len - 7 });
        path = xstrndup(target.p, target.len);
    }
    buf_fini(&text);
    if (path && path[0] != '/') {
        char *joined = path_join(folder, path);

        free(path);
        path = joined;
    }
    return path;
}

/* "/work/shop/.git/worktrees/fix" is of "/work/shop"; of a bare "/work/shop.git" it is that. NULL:
 * it is no worktree (a submodule's is ".git/modules/…"). */
static char *main_root(const char *pointer)
{
    const char *name = strrchr(pointer, '/');
    char *real, *above = name ? xstrndup(pointer, (size_t)(name - pointer)) : xstrdup("");
    struct span repository = span_of(above);
    char *root = NULL;

    if (span_ends(repository, "/worktrees")) {
        repository.len -= strlen("/worktrees");
        if (span_ends(repository, "/.git"))
            repository.len -= strlen("/.git");
        root = xstrndup(repository.p, repository.len);
        real = realpath(root, NULL); /* "../.git/worktrees/fix" */
        if (real) {
            free(root);
            root = real;
        }
    }
    free(above);
    return root;
}

/* What the ".git" in a folder says; NULL: there is none. */
static char *root_at(const char *folder)
{
    char *git = path_join(folder, ".git");
    char *pointer = NULL, *root = NULL;
    struct stat st;

    if (stat(git, &st) == 0) {
        if (S_ISREG(st.st_mode))
            pointer = read_pointer(git, folder);
        if (pointer)
            root = main_root(pointer);
        if (!root && (pointer || S_ISDIR(st.st_mode)))
            root = xstrdup(folder);
    }
    free(pointer);
    free(git);
    return root;
}

char *project_root(struct span folder, const char *home)
{
    char *at = folder.len > 0 && folder.p[0] == '/' ? xstrndup(folder.p, folder.len) : NULL;
    char *root = NULL;
    size_t n = at ? strlen(at) : 0;

    while (n > 1 && at[n - 1] == '/')
        at[--n] = '\0';
    while (n > 1 && !root) {
        char *above = path_dir(at);

        if (n == folder.len || strcmp(at, home) != 0)
            root = root_at(at);
        free(at);
        at = above;
        n = strlen(at);
    }
    free(at);
    return root;
}
