/* tail/roots.c — where the roots are, and what must happen for a missing one to appear.
 *
 * Every folder on the way to a root is guarded: it is watched for the one name in it that leads
 * on. So a root that appears, vanishes, is renamed above its head or is a link that now points
 * elsewhere is noticed by one event, and what else lies in HOME is not watched. A guard is placed
 * before the next name is looked up, so that none can slip in between.
 * SPDX-License-Identifier: MIT
 */
#include "tail/tree.h"

#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- guards ---- */

static void add_guard(struct tail *tail, int watch, struct span name)
{
    tail->guards = xgrow(tail->guards, tail->guard_count, &tail->guard_space, sizeof(struct guard));
    tail->guards[tail->guard_count++] = (struct guard){ watch, xstrndup(name.p, name.len) };
}

/* Guards the way to one root, as far as it leads. */
static void guard_root(struct tail *tail, struct root *root)
{
    struct span rest = span_of(root->path + 1), name;
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (fd >= 0 && span_split(&rest, '/', &name)) {
        int watch, next;
        char *step;

        if (name.len == 0)
            continue;
        watch = watch_add(tail->watch, fd, WATCH_NAMES);
        root->unguarded = watch < 0;
        if (watch >= 0)
            add_guard(tail, watch, name);
        step = xstrndup(name.p, name.len);
        next = openat(fd, step, O_PATH | O_DIRECTORY | O_CLOEXEC);
        free(step);
        close(fd);
        fd = next;
    }
    if (fd >= 0)
        close(fd);
}

static bool is_guarded(const struct tail *tail, int watch)
{
    size_t i;

    for (i = 0; i < tail->guard_count; i++) {
        if (tail->guards[i].watch == watch)
            return true;
    }
    return false;
}

/* Sets all guards anew and lets go of those that are needed no more. */
static void set_guards(struct tail *tail)
{
    struct guard *old = tail->guards;
    size_t count = tail->guard_count, i;

    tail->guards = NULL;
    tail->guard_count = tail->guard_space = 0;
    for (i = 0; i < tail->root_count; i++)
        guard_root(tail, &tail->roots[i]);
    for (i = 0; i < count; i++) {
        if (!is_guarded(tail, old[i].watch) && !tree_by_watch(tail, old[i].watch))
            watch_drop(tail->watch, old[i].watch);
        free(old[i].name);
    }
    free(old);
}

bool roots_care(const struct tail *tail, int watch, const char *name)
{
    size_t i;

    for (i = 0; i < tail->guard_count; i++) {
        const struct guard *guard = &tail->guards[i];

        if (guard->watch == watch && (!name || strcmp(guard->name, name) == 0))
            return true;
    }
    return false;
}

int64_t roots_guard_watches(const struct tail *tail)
{
    int64_t count = 0;
    size_t i, j;

    for (i = 0; i < tail->guard_count; i++) {
        int watch = tail->guards[i].watch;

        for (j = 0; j < i && tail->guards[j].watch != watch; j++)
            ;
        count += j == i && !tree_by_watch(tail, watch);
    }
    return count;
}

/* ---- roots ---- */

void roots_all_due(struct tail *tail)
{
    size_t i;

    for (i = 0; i < tail->root_count; i++)
        tail->roots[i].due = true;
}

/* The folder is still in use by another root, or lies in another root's tree. */
static void leave_shared(struct tail *tail, int number)
{
    struct root *root = &tail->roots[number];
    struct folder *folder = root->folder;
    int *link = &folder->root;

    tree_drop_of_root(tail, folder, number);
    while (*link != number)
        link = &tail->roots[*link].next;
    *link = root->next;
    root->folder = NULL;
    roots_all_due(tail); /* another one may want those files */
}

static void lose(struct tail *tail, int number)
{
    struct root *root = &tail->roots[number];
    struct folder *folder = root->folder;

    if (folder->place.folder || folder->root != number || root->next >= 0)
        leave_shared(tail, number);
    else
        tree_drop(tail, &folder->place, TREE_GONE);
}

/* The folder that a path stands in, if it belongs to another root's tree. */
static struct folder *known_parent(const struct tail *tail, const char *path)
{
    char *parent = path_dir(path);
    struct place *place = NULL;
    struct watch_stat st;

    if (watch_stat(AT_FDCWD, parent, WATCH_LINK_ITSELF, &st) == 0)
        place = tree_by_inode(tail, st.dev, st.ino);
    if (place && !(place->is_folder && strcmp(((struct folder *)place)->path, parent) == 0))
        place = NULL;
    free(parent);
    return (struct folder *)place;
}

static void attach(struct tail *tail, int number, const char *path, const struct watch_stat *st)
{
    struct root *root = &tail->roots[number];
    struct folder *parent = known_parent(tail, path);
    struct place *place;

    if (parent)
        tree_know_folder(tail, parent, path_base(path), st);
    place = tree_by_inode(tail, st->dev, st->ino);
    if (place && !(place->is_folder && tree_is_there(tail, place))) {
        tree_drop(tail, place, TREE_GONE);
        place = NULL;
    }
    root->folder = (struct folder *)place;
    if (!root->folder)
        root->folder = tree_add_folder(tail, NULL, path, st);
    root->next = root->folder->root;
    root->folder->root = number;
    root->due = true;
}

void roots_find_one(struct tail *tail, int number)
{
    struct root *root = &tail->roots[number];
    char *path = realpath(root->path, NULL);
    struct watch_stat st;
    bool there, same;

    there = path && watch_stat(AT_FDCWD, path, WATCH_LINK_ITSELF, &st) == 0 && S_ISDIR(st.mode);
    same = there && root->folder && root->folder->place.dev == st.dev &&
           root->folder->place.ino == st.ino && tree_is_there(tail, &root->folder->place);
    if (root->folder && !same)
        lose(tail, number);
    if (there && !root->folder)
        attach(tail, number, path, &st);
    if (!root->folder)
        root->polled = !tail->watch || root->unguarded;
    else if (root->folder->unreadable || root->folder->watch < 0)
        root->due = true; /* perhaps that is over; or a new folder has the old one's inode */
    free(path);
}

void roots_find(struct tail *tail)
{
    int i;

    tail->roots_moved = false;
    if (tail->watch)
        set_guards(tail);
    for (i = 0; i < (int)tail->root_count; i++)
        roots_find_one(tail, i);
}

void roots_fini(struct tail *tail)
{
    size_t i;

    for (i = 0; i < tail->guard_count; i++)
        free(tail->guards[i].name);
    free(tail->guards);
    for (i = 0; i < tail->root_count; i++)
        free(tail->roots[i].path);
    free(tail->roots);
}
