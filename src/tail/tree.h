/* tail/tree.h — what is known: folders and files by inode, by name, by number of their watch.
 *
 * Only for this room; the records are those of tail_internal.h.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_TREE_H
#define TAIL_TREE_H

#include "tail/tail_internal.h"

struct place *tree_by_inode(const struct tail *tail, uint64_t dev, uint64_t ino);
struct place *tree_by_name(const struct tail *tail, const struct folder *folder, const char *name);
struct folder *tree_by_watch(const struct tail *tail, int watch);

/* The real path of a name; lent until the next call. */
const char *tree_path(struct tail *tail, const struct folder *folder, const char *name);
/* What of a path lies below a folder that it leads through. */
const char *tree_below(const struct folder *folder, const char *path);
/* Does the name the place is known by still lead to it? */
bool tree_is_there(struct tail *tail, const struct place *place);
/* Is `folder` the place itself or somewhere below it? */
bool tree_holds(const struct place *place, const struct folder *folder);

/* `parent` NULL: a tree of its own, and `name` is its real path. */
struct folder *tree_add_folder(struct tail *tail, struct folder *parent, const char *name,
                               const struct watch_stat *st);
/* The record of the folder that a name in another one leads to, made if need be. What was known
 * under that name or by that inode and is so no longer is dropped. A tree of its own may turn out
 * to stand in another one. NULL: to be passed over, for it is known under another name. */
struct folder *tree_know_folder(struct tail *tail, struct folder *parent, const char *name,
                                const struct watch_stat *st);
struct file *tree_add_file(struct tail *tail, struct folder *folder, const char *name,
                           const struct watch_stat *st);

void tree_set_watch(struct tail *tail, struct folder *folder, int watch);
void tree_set_unreadable(struct tail *tail, struct folder *folder, const char *why); /* NULL: is */

/* Tells `seen` about the file as `st` shows it. */
void tree_report(struct tail *tail, struct file *file, const struct watch_stat *st);

/* Forgets the place and all below it. TREE_GONE tells `gone` of every file. Roots that begin there
 * become missing. */
enum tree_how { TREE_GONE, TREE_SILENT };
void tree_drop(struct tail *tail, struct place *place, enum tree_how how);
/* Forgets the files in and below a folder that were reported for one root. */
void tree_drop_of_root(struct tail *tail, struct folder *folder, int root);

#endif
