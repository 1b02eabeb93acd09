/* ingest/homes.c — see homes.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/homes.h"

#include "base/mem.h"
#include "base/path.h"

#include <fnmatch.h>
#include <stdlib.h>

#define FILE_MAX (1 << 20) /* bytes of a file that tells of roots */

/* One path, held against one home. */
struct trial {
    struct source_env env; /* first: each_name finds the trial by it */
    const char *path;
    const struct source *source;
    enum homes_what what;
};

static const char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

static void each_name(const struct source_env *env, const char *folder,
                      void (*fn)(void *to, const char *name), void *to)
{
    (void)env;
    path_each_name(folder, fn, to);
}

static bool read_file(const char *path, struct buf *out)
{
    return path_read(path, FILE_MAX, out, NULL) == 0;
}

struct source_env homes_env(const char *home)
{
    return (struct source_env){
        .home = home, .get = no_variable, .each_name = each_name, .read = read_file
    };
}

/* ---- what a source asks for ---- */

/* Bytes of the path that are the folder with its slash; 0 when the path does not lie in it. */
static size_t inside(const char *path, const char *folder, size_t n)
{
    return strncmp(path, folder, n) == 0 && path[n] == '/' ? n + 1 : 0;
}

/* Does the path end in what the glob describes, folder by folder? */
static bool ends_like(const char *path, const char *glob)
{
    const char *tail = path + strlen(path), *p = glob;

    while (tail && p) {
        tail = memrchr(path, '/', (size_t)(tail - path));
        p = strchr(p, '/');
        p = p ? p + 1 : NULL;
    }
    return tail && fnmatch(glob, tail + 1, FNM_PATHNAME) == 0;
}

static bool is_near(const struct source *source, const char *path, const char *root)
{
    const char *const *near = source->near;
    char *above = path_dir(root);
    bool below = inside(path, above, strlen(above)) > 0;

    free(above);
    for (; below && near && *near; near++) {
        if (ends_like(path, *near))
            return true;
    }
    return false;
}

static void try_root(struct trial *t, const char *root)
{
    size_t n = inside(t->path, root, strlen(root));

    if (n > 0 && t->source->format(span_of(t->path + n)))
        t->what = HOMES_LOG;
    else if (t->what == HOMES_NOTHING && is_near(t->source, t->path, root))
        t->what = HOMES_NEAR;
}

static void on_root(void *to, char *path, char *otherwise)
{
    try_root(to, path);
    if (otherwise)
        try_root(to, otherwise);
    free(path);
    free(otherwise);
}

/* ---- homes ---- */

/* Agents keep their folders in hidden ones, or in what the system calls its own. Anything else
 * below a home is not looked at, for there is much of it. */
static bool begins_like_agents(const char *name)
{
    return (name[0] == '.' && name[1] != '/' && name[1] != '.') ||
           strncmp(name, "Library/", 8) == 0 || strncmp(name, "AppData/", 8) == 0;
}

/* Some roots are found by what lies in a folder; the path at hand tells of one name in it. */
static void next_name(const struct source_env *env, const char *folder,
                      void (*fn)(void *to, const char *name), void *to)
{
    const struct trial *t = (const void *)env;
    size_t n = inside(t->path, folder, strlen(folder));
    char *name = xstrndup(t->path + n, strcspn(t->path + n, "/"));

    if (n > 0)
        fn(to, name);
    free(name);
}

static enum homes_what try_home(const char *path, size_t home_len)
{
    char *home = home_len > 0 ? xstrndup(path, home_len) : xstrdup("/");
    struct trial t = { { .home = home, .get = no_variable, .each_name = next_name }, .path = path };
    const struct source *const *s;

    for (s = sources; *s && t.what != HOMES_LOG; s++) {
        t.source = *s;
        (*s)->roots(&t.env, on_root, &t);
    }
    free(home);
    return t.what;
}

enum homes_what homes_find(const char *path, size_t *home_len)
{
    enum homes_what best = HOMES_NOTHING;
    const char *slash = strrchr(path, '/');

    for (; slash && best != HOMES_LOG; slash = memrchr(path, '/', (size_t)(slash - path))) {
        enum homes_what what =
            begins_like_agents(slash + 1) ? try_home(path, (size_t)(slash - path)) : HOMES_NOTHING;

        if (what > best) {
            best = what;
            *home_len = (size_t)(slash - path);
        }
    }
    return best;
}
