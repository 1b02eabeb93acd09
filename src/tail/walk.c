/* tail/walk.c — looks at folders and names and compares with what is known.
 *
 * A folder is opened, watched, then read: what comes after the watch makes an event, what came
 * before is in the listing. Names are streamed; nothing is kept of a name that no root wants.
 * Everything is found again by inode: a known inode under another name is a second name if the
 * first still leads to it, else it was moved. No file is ever opened.
 *
 * Every walk has a number, which is left on all it sees. What stands in a folder that was read to
 * its end and does not bear the number is gone.
 * SPDX-License-Identifier: MIT
 */
#include "tail/tree.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum how {
    HOW_ALL,     /* every folder, report every file */
    HOW_CHANGED, /* every folder, report what is new or looks different */
    HOW_TOUCHED, /* folders that are not watched yet; files like HOW_CHANGED */
    HOW_WRITTEN  /* the same, but the file itself was written to, however it looks */
};

/* A name in an open folder that is being looked at. */
struct look {
    struct tail *tail;
    enum how how;
    struct folder *folder;
    int folder_fd;
    const char *name;
};

static void walk_folder(struct tail *tail, enum how how, struct folder *folder, int fd);

/* The first root that wants the name in this folder, or -1. */
static int who_wants(struct tail *tail, const struct folder *folder, const char *name)
{
    const char *path = tree_path(tail, folder, name);
    int first = -1;

    for (; folder; folder = folder->place.folder) {
        const char *below = tree_below(folder, path);
        int root;

        for (root = folder->root; root >= 0; root = tail->roots[root].next) {
            if ((first < 0 || root < first) && tail->hooks.wants(tail->to, root, below))
                first = root;
        }
    }
    return first;
}

/* A name that cannot be looked at, or is nothing of ours. */
static void look_nothing(struct look *l, int why)
{
    struct place *here = tree_by_name(l->tail, l->folder, l->name);

    if (here && (why == ENOENT || why == ENOTDIR))
        tree_drop(l->tail, here, TREE_GONE);
    else if (here)
        here->walk = l->tail->walk; /* cannot tell: stays as it was */
    if (why == EACCES)
        tree_set_unreadable(l->tail, l->folder, strerror(why));
}

/* ---- files ---- */

static bool looks_different(const struct file *file, const struct watch_stat *st)
{
    return file->size != st->size || file->mtime_ns != st->mtime_ns ||
           file->ctime_ns != st->ctime_ns;
}

static void see_file(struct look *l, struct file *file, const struct watch_stat *st)
{
    bool seen_before = file->place.walk == l->tail->walk;

    file->place.walk = l->tail->walk;
    if (looks_different(file, st) || (!seen_before && (l->how == HOW_ALL || l->how == HOW_WRITTEN)))
        tree_report(l->tail, file, st);
}

/* A name that leads to a regular file, wanted by `root` (-1: by none). */
static void look_file(struct look *l, const struct watch_stat *st, int root, bool by_link)
{
    struct place *here = tree_by_name(l->tail, l->folder, l->name);
    struct place *same;
    struct file *file;

    if (here && here->is_folder) { /* first, for what we look for may be known as below it */
        tree_drop(l->tail, here, TREE_GONE);
        here = NULL;
    }
    same = tree_by_inode(l->tail, st->dev, st->ino);
    if (same && same->is_folder) { /* the inode was used again */
        if (tree_holds(same, l->folder))
            return;
        tree_drop(l->tail, same, TREE_GONE);
        same = NULL;
    }
    if (same && same != here && tree_is_there(l->tail, same) &&
        (root < 0 || by_link || !((struct file *)same)->by_link)) {
        if (here)
            tree_drop(l->tail, here, TREE_GONE);
        see_file(l, (struct file *)same, st); /* a second name, or none of ours */
        return;
    }
    if (here && here != same)
        tree_drop(l->tail, here, root < 0 ? TREE_GONE : TREE_SILENT);
    if (root < 0)
        return;
    file = (struct file *)same;
    if (file && (same != here || file->root != root)) {
        tree_drop(l->tail, same, TREE_GONE);
        file = NULL;
    }
    if (!file) {
        file = tree_add_file(l->tail, l->folder, l->name, st);
        file->size = -1; /* looks different from whatever it is */
    }
    file->root = root;
    file->by_link = by_link;
    see_file(l, file, st);
}

/* A symbolic link: counts if it leads to a regular file inside the root that wants its name. */
static void look_link(struct look *l)
{
    int root = who_wants(l->tail, l->folder, l->name);
    struct place *here = tree_by_name(l->tail, l->folder, l->name);
    struct watch_stat st;
    char *target = NULL;
    bool counts = false;

    if (root >= 0 && watch_stat(l->folder_fd, l->name, WATCH_LINK_TARGET, &st) == 0 &&
        S_ISREG(st.mode)) {
        const char *inside = l->tail->roots[root].folder->path;
        size_t n = strlen(inside);

        target = realpath(tree_path(l->tail, l->folder, l->name), NULL);
        counts = target && strncmp(target, inside, n) == 0 && (target[n] == '/' || n == 1);
    }
    if (counts)
        look_file(l, &st, root, true);
    else if (here)
        tree_drop(l->tail, here, TREE_GONE);
    free(target);
}

/* ---- folders ---- */

/* Does any root that the folder stands in want to look into it? */
static bool is_entered(struct tail *tail, const struct folder *folder, const char *name)
{
    const char *path;

    if (!tail->hooks.enters)
        return true;
    path = tree_path(tail, folder, name);
    for (; folder; folder = folder->place.folder) {
        const char *below = tree_below(folder, path);
        int root;

        for (root = folder->root; root >= 0; root = tail->roots[root].next) {
            if (tail->hooks.enters(tail->to, root, below))
                return true;
        }
    }
    return false;
}

static bool is_visited(const struct tail *tail, const struct folder *folder, int depth)
{
    return folder->place.walk == tail->walk && folder->depth <= depth;
}

static void look_folder(struct look *l)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    struct watch_stat st;
    struct folder *folder;
    int depth = l->folder->depth + 1;
    int fd, why;

    if (depth > DEPTH_MAX || !is_entered(l->tail, l->folder, l->name))
        return;
    fd = openat(l->folder_fd, l->name, flags);
    why = errno;
    if (fd < 0 && (why == ENOENT || why == ENOTDIR || why == ELOOP))
        return; /* has just become something else: an event follows */
    if (watch_stat(fd < 0 ? l->folder_fd : fd, fd < 0 ? l->name : "", WATCH_LINK_ITSELF, &st) < 0) {
        look_nothing(l, errno);
        goto out;
    }
    folder = S_ISDIR(st.mode) ? tree_know_folder(l->tail, l->folder, l->name, &st) : NULL;
    if (!folder || is_visited(l->tail, folder, depth))
        goto out;
    folder->place.walk = l->tail->walk;
    folder->depth = depth;
    if (fd < 0) {
        tree_set_unreadable(l->tail, folder, strerror(why));
        if (why == EMFILE || why == ENFILE || why == ENOMEM)
            l->tail->again = true; /* that may pass */
        return;
    }
    if (l->how >= HOW_TOUCHED && folder->watch >= 0 && !folder->unreadable)
        goto out;
    walk_folder(l->tail, l->how, folder, fd); /* takes it */
    return;
out:
    if (fd >= 0)
        close(fd);
}

/* Looks at what the name is now. */
static void look(struct look *l)
{
    struct watch_stat st;

    if (watch_stat(l->folder_fd, l->name, WATCH_LINK_ITSELF, &st) < 0)
        look_nothing(l, errno);
    else if (S_ISDIR(st.mode))
        look_folder(l);
    else if (S_ISREG(st.mode))
        look_file(l, &st, who_wants(l->tail, l->folder, l->name), false);
    else if (S_ISLNK(st.mode))
        look_link(l);
    else
        look_nothing(l, ENOENT); /* a FIFO, a device, a socket: nothing of ours */
}

/* A regular file, as the listing says; unwanted ones cost no system call. */
static void look_listed_file(struct look *l)
{
    int root = who_wants(l->tail, l->folder, l->name);
    const struct place *here;
    struct watch_stat st;

    if (root < 0)
        return;
    here = tree_by_name(l->tail, l->folder, l->name);
    if (here && here->walk == l->tail->walk)
        return; /* seen on the way from a root around this one */
    if (watch_stat(l->folder_fd, l->name, WATCH_LINK_ITSELF, &st) < 0)
        look_nothing(l, errno);
    else if (S_ISREG(st.mode))
        look_file(l, &st, root, false);
    else
        look(l);
}

/* A name out of a folder's listing. */
static void visit(struct look *l, unsigned char type)
{
    if (strcmp(l->name, ".") == 0 || strcmp(l->name, "..") == 0)
        return;
    switch (type) {
    case DT_DIR:
        look_folder(l);
        break;
    case DT_REG:
        look_listed_file(l);
        break;
    case DT_LNK:
        look_link(l);
        break;
    case DT_UNKNOWN:
        look(l);
        break;
    default:
        break; /* never touched */
    }
}

static void tell_limit(struct tail *tail)
{
    if (tail->limit_told)
        return;
    tail->limit_told = true;
    log_warning("the limit of watched folders is reached (sysctl %s): "
                "the others are looked at every 2 seconds",
                watch_limit_name);
}

static void listen(struct tail *tail, struct folder *folder, int fd)
{
    const struct folder *parent = folder->place.folder;
    const struct folder *f;
    int root;

    if (parent && parent->place.dev == folder->place.dev)
        folder->blind = parent->blind;
    else
        folder->blind = watch_is_blind(fd);
    if (tail->watch) {
        int number = watch_add(tail->watch, fd, WATCH_FILES);

        if (number < 0 && (errno == ENOSPC || errno == EMFILE))
            tell_limit(tail);
        tree_set_watch(tail, folder, number);
    }
    if (folder->watch >= 0 && !folder->blind)
        return;
    for (f = folder; f; f = f->place.folder) {
        for (root = f->root; root >= 0; root = tail->roots[root].next)
            tail->roots[root].polled = true;
    }
}

/* Drops what stands in the folder and was not in its listing. */
static void purge(struct tail *tail, struct folder *folder)
{
    struct place *place, *next;

    for (place = folder->entries; place; place = next) {
        next = place->next;
        if (place->walk != tail->walk)
            tree_drop(tail, place, TREE_GONE);
    }
}

/* Takes the descriptor. */
static void walk_folder(struct tail *tail, enum how how, struct folder *folder, int fd)
{
    struct dirent *entry;
    DIR *dir;

    listen(tail, folder, fd);
    tree_set_unreadable(tail, folder, NULL);
    dir = fdopendir(fd);
    if (!dir) {
        tree_set_unreadable(tail, folder, strerror(errno));
        close(fd);
        return;
    }
    while (errno = 0, (entry = readdir(dir))) {
        struct look l = { tail, how, folder, fd, entry->d_name };

        visit(&l, entry->d_type);
    }
    if (errno == 0)
        purge(tail, folder);
    else
        tree_set_unreadable(tail, folder, strerror(errno));
    closedir(dir);
}

/* Has the path led to the folder we mean? */
static bool is_folder(int fd, const struct folder *folder)
{
    struct watch_stat st;

    return watch_stat(fd, "", WATCH_LINK_ITSELF, &st) == 0 && st.dev == folder->place.dev &&
           st.ino == folder->place.ino;
}

void walk_root(struct tail *tail, int number, enum walk_how how)
{
    struct root *root = &tail->roots[number];
    struct folder *folder = root->folder;
    int fd;

    root->due = false;
    if (!folder || is_visited(tail, folder, 0))
        return;
    fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            tail->again = true; /* it was there a moment ago */
        else
            tree_set_unreadable(tail, folder, strerror(errno));
        return;
    }
    if (!is_folder(fd, folder)) {
        tail->again = true;
        close(fd);
        return;
    }
    folder->place.walk = tail->walk;
    folder->depth = 0;
    walk_folder(tail, how == WALK_ALL ? HOW_ALL : HOW_CHANGED, folder, fd);
}

void walk_name(struct tail *tail, struct folder *folder, const char *name, enum walk_hint hint)
{
    struct look l = { .tail = tail, .how = HOW_TOUCHED, .folder = folder, .name = name };

    if (hint == WALK_WRITTEN)
        l.how = HOW_WRITTEN;
    l.folder_fd = open(folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (l.folder_fd < 0)
        return; /* moved or gone: its own parent hears of that */
    if (is_folder(l.folder_fd, folder))
        look(&l);
    else
        tail->again = true; /* a mount was laid over it or taken away: nobody hears of that */
    close(l.folder_fd);
}
