/* tail/tail.c — see tail.h: the door of the room, its events and its deadlines.
 *
 * An event is only a hint that a name should be looked at again. Hints are collected first, one per
 * name, then the disk says what is true now: so the order of events does not matter, nor that the
 * world has moved on since.
 * SPDX-License-Identifier: MIT
 */
#include "tail/tail.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "tail/tree.h"

#include <assert.h>
#include <stdlib.h>

enum {
    POLL_MS = 2000,
    SLEPT_MS = 1000, /* boot time and awake time apart by more than this: the machine slept */
};
#define RECONCILE_MS (15 * MS_PER_MINUTE)

struct hint {
    int watch; /* of the folder: it may be gone when we come to look */
    enum walk_hint kind;
    char name[];
};

struct tail *tail_new(const struct tail_hooks *hooks, void *to)
{
    struct tail *tail = xcalloc(1, sizeof(*tail));

    tail->hooks = *hooks;
    tail->to = to;
    tail->asleep_ms = clock_boot_ms() - clock_mono_ms();
    return tail;
}

int tail_add_root(struct tail *tail, const char *path)
{
    struct root *root;
    size_t len = strlen(path);

    assert(path[0] == '/');
    while (len > 1 && path[len - 1] == '/')
        len--;
    tail->roots = xgrow(tail->roots, tail->root_count, &tail->root_space, sizeof(*root));
    root = &tail->roots[tail->root_count];
    *root = (struct root){ .path = xstrndup(path, len), .next = -1 };
    tail->roots_moved = true; /* it is looked for at the next dispatch */
    return (int)tail->root_count++;
}

int tail_watch(struct tail *tail, struct err *err)
{
    if (tail->watch)
        return 0;
    if (watch_open(&tail->watch, err) < 0)
        return -1;
    tail->reconcile_at_ms = 0; /* what is known already has to be watched */
    return 0;
}

int tail_fd(const struct tail *tail)
{
    return tail->watch ? watch_fd(tail->watch) : -1;
}

/* ---- hints ---- */

static uint64_t hint_hash(int watch, const char *name)
{
    return hash_span_seed(span_of(name), (uint64_t)watch);
}

static void add_hint(struct tail *tail, int watch, const char *name, enum walk_hint kind)
{
    uint64_t hash = hint_hash(watch, name);
    size_t size = strlen(name) + 1;
    size_t step = 0;
    struct hint *hint;

    while ((hint = table_find(&tail->hints_by_name, hash, &step))) {
        if (hint->watch == watch && strcmp(hint->name, name) == 0) {
            if (kind == WALK_WRITTEN)
                hint->kind = kind;
            return;
        }
    }
    hint = xmalloc(sizeof(*hint) + size);
    hint->watch = watch;
    hint->kind = kind;
    memcpy(hint->name, name, size);
    tail->hints = xgrow(tail->hints, tail->hint_count, &tail->hint_space, sizeof(struct hint *));
    tail->hints[tail->hint_count++] = hint;
    table_add(&tail->hints_by_name, hash, hint);
}

/* What happens to a folder itself is a matter of the one it stands in. */
static void folder_event(struct tail *tail, enum watch_what what, int watch)
{
    struct folder *folder = tree_by_watch(tail, watch);

    if (roots_care(tail, watch, NULL))
        tail->roots_moved = true;
    if (!folder)
        return;
    if (what == WATCH_END)
        tree_set_watch(tail, folder, -1);
    if (folder->root >= 0)
        tail->roots_moved = true;
    if (folder->place.folder)
        add_hint(tail, folder->place.folder->watch, folder->place.name, WALK_TOUCHED);
}

static void on_event(void *to, enum watch_what what, int watch, const char *name)
{
    struct tail *tail = to;

    switch (what) {
    case WATCH_OVERFLOW:
        tail->overflow = true;
        break;
    case WATCH_SELF:
    case WATCH_END:
        folder_event(tail, what, watch);
        break;
    case WATCH_NAME:
        if (roots_care(tail, watch, name))
            tail->roots_moved = true;
        add_hint(tail, watch, name, WALK_TOUCHED);
        break;
    case WATCH_CONTENT:
        add_hint(tail, watch, name, WALK_WRITTEN);
        break;
    }
}

/* Looks at every name that something happened to. */
static void follow_hints(struct tail *tail)
{
    size_t i;

    tail->walk++;
    for (i = 0; i < tail->hint_count; i++) {
        const struct hint *hint = tail->hints[i];
        struct folder *folder = tree_by_watch(tail, hint->watch);

        if (folder)
            walk_name(tail, folder, hint->name, hint->kind);
    }
}

static void clear_hints(struct tail *tail)
{
    size_t i;

    for (i = 0; i < tail->hint_count; i++)
        free(tail->hints[i]);
    free(tail->hints);
    tail->hints = NULL;
    tail->hint_count = tail->hint_space = 0;
    table_fini(&tail->hints_by_name);
}

/* ---- looking at roots ---- */

static bool is_polled(const struct tail *tail)
{
    size_t i;

    for (i = 0; i < tail->root_count; i++) {
        if (tail->roots[i].polled)
            return true;
    }
    return false;
}

/* Outer roots come before the roots inside them, so that whoever looks at a file knows of all the
 * roots around it. -1: none is due. */
static int outermost_due(const struct tail *tail)
{
    size_t least = SIZE_MAX, i;
    int found = -1;

    for (i = 0; i < tail->root_count; i++) {
        const struct root *root = &tail->roots[i];
        size_t len = root->folder ? strlen(root->folder->path) : 0;

        if (root->due && len < least) {
            least = len;
            found = (int)i;
        }
    }
    return found;
}

static void walk_due(struct tail *tail, enum walk_how how)
{
    size_t i;
    int due;

    tail->walk++;
    for (i = 0; i < tail->root_count; i++) {
        struct root *root = &tail->roots[i];

        if (root->due && root->folder)
            root->polled = !tail->watch; /* the walk itself finds what cannot be watched */
    }
    while ((due = outermost_due(tail)) >= 0)
        walk_root(tail, due, how); /* which is done with it then */
}

static void poll_roots(struct tail *tail)
{
    size_t i;

    for (i = 0; i < tail->root_count; i++) {
        if (tail->roots[i].polled) {
            roots_find_one(tail, (int)i);
            tail->roots[i].due = true;
        }
    }
    walk_due(tail, WALK_CHANGED);
    tail->poll_at_ms = clock_boot_ms() + POLL_MS;
}

static void reconcile(struct tail *tail, enum walk_how how)
{
    tail->overflow = false;
    roots_all_due(tail);
    roots_find(tail);
    walk_due(tail, how);
    tail->poll_at_ms = clock_boot_ms() + POLL_MS;
    tail->reconcile_at_ms = clock_boot_ms() + RECONCILE_MS;
}

/* Where the world moved under our feet, a second look is due; not at once, lest somebody who moves
 * things all day keeps us running. */
static void look_again(struct tail *tail)
{
    int64_t soon_ms = clock_boot_ms() + POLL_MS;

    if (tail->again && tail->reconcile_at_ms > soon_ms)
        tail->reconcile_at_ms = soon_ms;
    tail->again = false;
}

void tail_scan(struct tail *tail)
{
    reconcile(tail, WALK_ALL);
    look_again(tail);
}

static bool has_slept(struct tail *tail)
{
    int64_t asleep_ms = clock_boot_ms() - clock_mono_ms();
    bool slept = asleep_ms - tail->asleep_ms > SLEPT_MS;

    tail->asleep_ms = asleep_ms;
    return slept;
}

void tail_dispatch(struct tail *tail)
{
    bool slept = has_slept(tail);

    if (tail->watch)
        watch_read(tail->watch, on_event, tail);
    if (tail->overflow) {
        reconcile(tail, WALK_ALL);
    } else {
        if (tail->roots_moved) /* first, so that a file in a new root is not taken for another's */
            roots_find(tail);
        follow_hints(tail);
        if (tail->roots_moved)
            roots_find(tail);
        walk_due(tail, WALK_CHANGED);
        if (slept || clock_boot_ms() >= tail->reconcile_at_ms)
            reconcile(tail, WALK_CHANGED);
        else if (is_polled(tail) && clock_boot_ms() >= tail->poll_at_ms)
            poll_roots(tail);
    }
    clear_hints(tail);
    look_again(tail);
}

int64_t tail_next_ms(const struct tail *tail)
{
    int64_t at_ms = tail->reconcile_at_ms;
    int64_t now_ms = clock_boot_ms();

    if (is_polled(tail) && tail->poll_at_ms < at_ms)
        at_ms = tail->poll_at_ms;
    return tail->roots_moved || at_ms < now_ms ? 0 : at_ms - now_ms;
}

/* ---- what is known ---- */

void tail_get_stats(const struct tail *tail, struct tail_stats *stats)
{
    size_t i;

    *stats = (struct tail_stats){
        .directories = tail->folder_count,
        .watches = (int64_t)tail->by_watch.count + roots_guard_watches(tail),
        .unreadable = tail->unreadable_count,
        .polling = is_polled(tail),
    };
    for (i = 0; i < tail->root_count; i++)
        stats->roots_found += tail->roots[i].folder != NULL;
}

bool tail_root_exists(const struct tail *tail, int root)
{
    return tail->roots[root].folder != NULL;
}

void tail_free(struct tail *tail)
{
    size_t i;

    if (!tail)
        return;
    for (i = 0; i < tail->root_count; i++) {
        struct folder *top = tail->roots[i].folder;

        while (top && top->place.folder)
            top = top->place.folder;
        if (top)
            tree_drop(tail, &top->place, TREE_SILENT);
    }
    clear_hints(tail);
    roots_fini(tail);
    watch_close(tail->watch);
    table_fini(&tail->by_inode);
    table_fini(&tail->by_name);
    table_fini(&tail->by_watch);
    buf_fini(&tail->path);
    buf_fini(&tail->shown);
    free(tail);
}
