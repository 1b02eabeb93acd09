/* tail/tail_internal.h — what the files behind tail.h share. Only for this room.
 *
 *     tail.c   the door: events, deadlines
 *     roots.c  where roots are, and what must happen for a missing one to appear
 *     walk.c   looks at folders and names and compares with what is known
 *     tree.c   what is known: folders and files by inode, by name, by number of their watch
 *
 * Folders stand in the tree under their real path and are reached by real folders only: a link to a
 * folder inside the same root leads to what the walk reaches anyway. A file is one record, found by
 * (device, inode), under the first of its names that some root wants.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_TAIL_INTERNAL_H
#define TAIL_TAIL_INTERNAL_H

#include "base/buf.h"
#include "tail/table.h"
#include "tail/tail.h"
#include "tail/watch.h"

enum { DEPTH_MAX = 32 }; /* folders below a root that are looked into, one inside the other */

/* A name in a folder that leads to an inode we know. First member of its folder or file. */
struct place {
    struct folder *folder;         /* the one it stands in; NULL: top of a tree */
    struct place *next, *previous; /* in that folder */
    char *name;
    uint64_t dev, ino;
    uint64_t walk; /* number of the walk that saw it last */
    bool is_folder;
};

struct file {
    struct place place;
    int root;                         /* it was reported for */
    bool by_link;                     /* the name is a symbolic link to it */
    bool shared;                      /* it has hard links */
    int64_t size, mtime_ns, ctime_ns; /* when last reported */
};

struct folder {
    struct place place;
    struct place *entries;
    char *path; /* real */
    int watch;  /* number, or -1 */
    int depth;  /* below the root it was last walked for */
    int root;   /* first of the roots that begin here, or -1 */
    bool blind; /* on a file system where others write unheard */
    bool unreadable;
    bool told; /* that it is unreadable */
};

struct root {
    char *path;            /* as given, without a '/' at its end */
    struct folder *folder; /* NULL: not there */
    int next;              /* root in the same folder, or -1 */
    bool due;              /* to be walked */
    bool unguarded;        /* missing, and nothing would tell us if it appeared */
    bool polled;
};

/* A folder on the way to a root, and the name in it that leads on. */
struct guard {
    int watch;
    char *name;
};

struct tail {
    struct tail_hooks hooks;
    void *to;

    struct root *roots;
    size_t root_count, root_space;
    struct guard *guards;
    size_t guard_count, guard_space;

    struct table by_inode; /* places */
    struct table by_name;  /* places that stand in a folder */
    struct table by_watch; /* folders */
    int64_t folder_count, unreadable_count;
    uint64_t walk; /* number of the latest walk */

    struct watch *watch; /* NULL: everything is polled */
    struct table hints_by_name;
    struct hint **hints; /* names that something happened to */
    size_t hint_count, hint_space;
    bool overflow;    /* events were lost */
    bool roots_moved; /* roots are to be found anew */
    bool again;       /* the ground moved while we looked: reconcile soon */
    bool limit_told;  /* that the limit of watches is reached */

    int64_t poll_at_ms, reconcile_at_ms; /* clock_boot_ms */
    int64_t asleep_ms;                   /* how long the machine has slept since boot */

    struct buf path, shown; /* scratch, for paths */
};

/* ---- walk.c ---- */

enum walk_how {
    WALK_ALL,    /* report every file */
    WALK_CHANGED /* report what is new or looks different */
};

/* Reads the folder of a root and all below it. The caller has given the walk its number. */
void walk_root(struct tail *tail, int root, enum walk_how how);

enum walk_hint { WALK_TOUCHED, WALK_WRITTEN /* report it however it looks */ };
/* Something happened to a name. */
void walk_name(struct tail *tail, struct folder *folder, const char *name, enum walk_hint hint);

/* ---- roots.c ---- */

/* Finds out for every root whether it is there, and listens along the way to it. */
void roots_find(struct tail *tail);
void roots_find_one(struct tail *tail, int root);
/* All roots are to be walked anew. */
void roots_all_due(struct tail *tail);
/* Does the event concern the way to some root? NULL: the folder itself. */
bool roots_care(const struct tail *tail, int watch, const char *name);
int64_t roots_guard_watches(const struct tail *tail); /* held for guards alone */
void roots_fini(struct tail *tail);

#endif
