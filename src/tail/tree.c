/* tail/tree.c — what is known of folders and files; see tail_internal.h.
 *
 * Three tables lead to a place: inode, name in a folder, number of the watch. The disk is asked
 * only whether a name still leads where it did. SPDX-License-Identifier: MIT
 */
#include "tail/tree.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>

static uint64_t name_hash(const struct folder *folder, const char *name)
{
    return hash_span_seed(span_of(name), (uint64_t)(uintptr_t)folder);
}

static uint64_t watch_hash(int watch)
{
    return hash_mix((uint64_t)watch, 0);
}

struct place *tree_by_inode(const struct tail *tail, uint64_t dev, uint64_t ino)
{
    struct place *place;
    size_t step = 0;

    while ((place = table_find(&tail->by_inode, hash_mix(dev, ino), &step))) {
        if (place->dev == dev && place->ino == ino)
            return place;
    }
    return NULL;
}

struct place *tree_by_name(const struct tail *tail, const struct folder *folder, const char *name)
{
    struct place *place;
    size_t step = 0;

    while ((place = table_find(&tail->by_name, name_hash(folder, name), &step))) {
        if (place->folder == folder && strcmp(place->name, name) == 0)
            return place;
    }
    return NULL;
}

struct folder *tree_by_watch(const struct tail *tail, int watch)
{
    struct folder *folder;
    size_t step = 0;

    while ((folder = table_find(&tail->by_watch, watch_hash(watch), &step))) {
        if (folder->watch == watch)
            return folder;
    }
    return NULL;
}

/* ---- paths ---- */

static const char *join(struct buf *out, const char *folder, const char *name)
{
    buf_clear(out);
    buf_add_text(out, folder);
    if (out->len == 0 || out->p[out->len - 1] != '/')
        buf_add_char(out, '/');
    buf_add_text(out, name);
    return out->p;
}

const char *tree_path(struct tail *tail, const struct folder *folder, const char *name)
{
    return join(&tail->path, folder->path, name);
}

const char *tree_below(const struct folder *folder, const char *path)
{
    path += strlen(folder->path);
    return *path == '/' ? path + 1 : path;
}

/* The path as the root was given: people know their folders by that name. */
static const char *shown_path(struct tail *tail, const struct file *file)
{
    const struct root *root = &tail->roots[file->root];
    const char *path = tree_path(tail, file->place.folder, file->place.name);

    return join(&tail->shown, root->path, tree_below(root->folder, path));
}

bool tree_is_there(struct tail *tail, const struct place *place)
{
    enum watch_link link = WATCH_LINK_ITSELF;
    const char *path;
    struct watch_stat st;

    if (place->is_folder) {
        path = ((const struct folder *)place)->path;
    } else {
        path = tree_path(tail, place->folder, place->name);
        if (((const struct file *)place)->by_link)
            link = WATCH_LINK_TARGET;
    }
    return watch_stat(AT_FDCWD, path, link, &st) == 0 && st.dev == place->dev &&
           st.ino == place->ino;
}

bool tree_holds(const struct place *place, const struct folder *folder)
{
    for (; folder; folder = folder->place.folder) {
        if (&folder->place == place)
            return true;
    }
    return false;
}

/* ---- places ---- */

static void enter_folder(struct tail *tail, struct place *place, struct folder *folder,
                         const char *name)
{
    place->folder = folder;
    place->name = xstrdup(name);
    place->previous = NULL;
    place->next = folder->entries;
    if (place->next)
        place->next->previous = place;
    folder->entries = place;
    table_add(&tail->by_name, name_hash(folder, name), place);
}

static void leave_folder(struct tail *tail, struct place *place)
{
    struct folder *folder = place->folder;

    if (!folder)
        return;
    table_remove(&tail->by_name, name_hash(folder, place->name), place);
    if (place->next)
        place->next->previous = place->previous;
    if (place->previous)
        place->previous->next = place->next;
    else
        folder->entries = place->next;
    free(place->name);
}

static void know_inode(struct tail *tail, struct place *place, const struct watch_stat *st)
{
    place->dev = st->dev;
    place->ino = st->ino;
    table_add(&tail->by_inode, hash_mix(st->dev, st->ino), place);
}

struct folder *tree_add_folder(struct tail *tail, struct folder *parent, const char *name,
                               const struct watch_stat *st)
{
    struct folder *folder = xcalloc(1, sizeof(*folder));

    folder->place.is_folder = true;
    folder->path = xstrdup(parent ? tree_path(tail, parent, name) : name);
    folder->watch = -1;
    folder->root = -1;
    know_inode(tail, &folder->place, st);
    if (parent)
        enter_folder(tail, &folder->place, parent, name);
    tail->folder_count++;
    return folder;
}

static bool stands_at(const struct place *place, const struct folder *parent, const char *name)
{
    return place->folder == parent && strcmp(place->name, name) == 0;
}

struct folder *tree_know_folder(struct tail *tail, struct folder *parent, const char *name,
                                const struct watch_stat *st)
{
    struct place *here = tree_by_name(tail, parent, name);
    struct place *same = tree_by_inode(tail, st->dev, st->ino);
    struct folder *folder = same && same->is_folder ? (struct folder *)same : NULL;

    if (folder && stands_at(same, parent, name))
        return folder;
    if (same && tree_holds(same, parent)) {
        if (!tree_is_there(tail, same))
            tail->again = true; /* moved while we looked; else a mount of our own ancestor */
        return NULL;
    }
    if (folder && !here && !same->folder &&
        strcmp(folder->path, tree_path(tail, parent, name)) == 0) {
        enter_folder(tail, same, parent, name);
        roots_all_due(tail); /* the roots around it may want what is in it */
        return folder;
    }
    if (folder && (same->folder || !here) && tree_is_there(tail, same))
        return NULL; /* a second mount of it */
    if (same)
        tree_drop(tail, same, TREE_GONE);
    here = tree_by_name(tail, parent, name); /* again, for it may have gone as well */
    if (here)
        tree_drop(tail, here, TREE_GONE);
    return tree_add_folder(tail, parent, name, st);
}

struct file *tree_add_file(struct tail *tail, struct folder *folder, const char *name,
                           const struct watch_stat *st)
{
    struct file *file = xcalloc(1, sizeof(*file));

    know_inode(tail, &file->place, st);
    enter_folder(tail, &file->place, folder, name);
    return file;
}

void tree_set_watch(struct tail *tail, struct folder *folder, int watch)
{
    struct folder *other;

    if (folder->watch == watch)
        return;
    if (folder->watch >= 0)
        table_remove(&tail->by_watch, watch_hash(folder->watch), folder);
    folder->watch = watch;
    if (watch < 0)
        return;
    other = tree_by_watch(tail, watch);
    if (other) /* its folder is long gone, and we have not heard yet */
        tree_set_watch(tail, other, -1);
    table_add(&tail->by_watch, watch_hash(watch), folder);
}

void tree_set_unreadable(struct tail *tail, struct folder *folder, const char *why)
{
    if (folder->unreadable == (why != NULL))
        return;
    folder->unreadable = why != NULL;
    tail->unreadable_count += why ? 1 : -1;
    if (why && !folder->told)
        log_warning("cannot read the folder %s: %s", folder->path, why);
    folder->told = folder->told || why;
}

void tree_report(struct tail *tail, struct file *file, const struct watch_stat *st)
{
    struct tail_file told = {
        .path = shown_path(tail, file),
        .root = file->root,
        .dev = st->dev,
        .ino = st->ino,
        .size = st->size,
        .mtime_ms = st->mtime_ns / 1000000,
        .birth_ms = st->birth_ms,
    };

    file->shared = st->names > 1;
    file->size = st->size;
    file->mtime_ns = st->mtime_ns;
    file->ctime_ns = st->ctime_ns;
    tail->hooks.seen(tail->to, &told);
}

static void drop_file(struct tail *tail, struct file *file, enum tree_how how)
{
    if (how == TREE_GONE)
        tail->hooks.gone(tail->to, shown_path(tail, file));
    if (file->shared)
        tail->again = true; /* it may live on under another name */
}

static void drop_folder(struct tail *tail, struct folder *folder, enum tree_how how)
{
    int root;

    while (folder->entries)
        tree_drop(tail, folder->entries, how);
    for (root = folder->root; root >= 0; root = tail->roots[root].next) {
        tail->roots[root].folder = NULL;
        tail->roots_moved = true;
    }
    if (folder->watch >= 0)
        watch_drop(tail->watch, folder->watch);
    tree_set_watch(tail, folder, -1);
    tree_set_unreadable(tail, folder, NULL);
    tail->folder_count--;
    free(folder->path);
    if (how == TREE_GONE && tail->hooks.folder_gone)
        tail->hooks.folder_gone(tail->to);
}

void tree_drop(struct tail *tail, struct place *place, enum tree_how how)
{
    if (place->is_folder)
        drop_folder(tail, (struct folder *)place, how);
    else
        drop_file(tail, (struct file *)place, how);
    table_remove(&tail->by_inode, hash_mix(place->dev, place->ino), place);
    leave_folder(tail, place);
    free(place);
}

void tree_drop_of_root(struct tail *tail, struct folder *folder, int root)
{
    struct place *place, *next;

    for (place = folder->entries; place; place = next) {
        next = place->next;
        if (place->is_folder)
            tree_drop_of_root(tail, (struct folder *)place, root);
        else if (((struct file *)place)->root == root)
            tree_drop(tail, place, TREE_GONE);
    }
}
