/* ingest/runs.c — see runs.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/runs.h"

#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOUNT "mount"

static void known_free(struct known_run *run)
{
    free(run->dir);
    free(run);
}

void runs_fini(struct runs *runs)
{
    size_t i;

    for (i = 0; i < runs->n; i++)
        known_free(runs->at[i]);
    free(runs->at);
    free(runs->folder);
    *runs = (struct runs){ 0 };
}

/* The place of a run in the list, or where it would stand. */
static size_t place_of(const struct runs *runs, int64_t id)
{
    size_t low = 0, high = runs->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (runs->at[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct known_run *runs_find(const struct runs *runs, int64_t id)
{
    size_t i = place_of(runs, id);

    return i < runs->n && runs->at[i]->id == id ? runs->at[i] : NULL;
}

static struct known_run *insert(struct runs *runs, int64_t id)
{
    size_t i = place_of(runs, id);

    if (i < runs->n && runs->at[i]->id == id)
        return runs->at[i];
    runs->at = xgrow(runs->at, runs->n, &runs->space, sizeof(struct known_run *));
    memmove(runs->at + i + 1, runs->at + i, (runs->n - i) * sizeof(struct known_run *));
    runs->n++;
    runs->at[i] = xcalloc(1, sizeof(struct known_run));
    runs->at[i]->id = id;
    return runs->at[i];
}

struct known_run *runs_add(struct runs *runs, const struct run *run)
{
    struct known_run *known = insert(runs, run->id);

    known->kind = run->kind;
    known->state = run->state;
    known->stored = true;
    known->project_id = run->project_id;
    if (known->grown_ms < run->created_ms)
        known->grown_ms = run->created_ms;
    /* One that was found by its folder tells where that is; another may still get one. */
    known->found |= run->kind == RUN_BY_FOLDER && run->dir.p;
    if (run->kind == RUN_BY_DIR && run->dir.p && !known->dir)
        known->dir = xstrndup(run->dir.p, run->dir.len);
    return known;
}

static bool load_one(void *to, const struct run *run)
{
    runs_add(to, run);
    return true;
}

int runs_load(struct runs *runs, struct store *store, struct err *err)
{
    return store_runs_each(store, load_one, runs, err);
}

/* ---- paths ---- */

/* A positive number as one writes it: no sign, no zero in front. */
static bool is_run_name(struct span name, int64_t *id)
{
    return name.len > 0 && name.p[0] >= '1' && name.p[0] <= '9' && span_int(name, id);
}

bool runs_split(struct span below, int64_t *id, size_t *length)
{
    struct span rest = below, name = SPAN_ABSENT, mount = SPAN_ABSENT;

    if (!span_split(&rest, '/', &name) || !is_run_name(name, id) ||
        !span_split(&rest, '/', &mount) || !span_is(mount, MOUNT) || !rest.p)
        return false;
    *length = below.len - rest.len;
    return true;
}

bool runs_enter(struct runs *runs, struct span below)
{
    struct span rest = below, name = SPAN_ABSENT, mount = SPAN_ABSENT;
    struct known_run *run;
    int64_t id;

    if (!span_split(&rest, '/', &name) || !is_run_name(name, &id))
        return false;
    if (!span_split(&rest, '/', &mount))
        return true;
    if (!span_is(mount, MOUNT))
        return false;
    run = insert(runs, id);
    run->found = true;
    runs->news |= !run->stored;
    return true;
}

static bool holds(const char *folder, const char *path)
{
    size_t n = strlen(folder);

    while (n > 1 && folder[n - 1] == '/')
        n--;
    return strncmp(folder, path, n) == 0 && (path[n] == '/' || n == 1);
}

static int64_t run_by_folder(const struct runs *runs, const char *path)
{
    size_t length;
    int64_t id;

    if (!runs->folder || !holds(runs->folder, path))
        return 0;
    path += strlen(runs->folder);
    path += *path == '/';
    return runs_split(span_of(path), &id, &length) ? id : 0;
}

int64_t runs_of_path(const struct runs *runs, const char *path)
{
    int64_t id = run_by_folder(runs, path);
    size_t i;

    for (i = 0; i < runs->n && (id == 0 || runs->at[i]->id < id); i++) {
        const struct known_run *run = runs->at[i];

        if (run->dir && run->state == RUN_RUNNING && holds(run->dir, path))
            return run->id;
    }
    return id;
}

void runs_grew(struct runs *runs, int64_t id, int64_t at_ms)
{
    struct known_run *run = runs_find(runs, id);

    if (!run)
        return;
    run->found |= run->dir != NULL;
    if (run->grown_ms < at_ms)
        run->grown_ms = at_ms;
}

/* ---- beginning and ending ---- */

static void end(struct runs *runs, struct known_run *run, enum run_state state)
{
    run->state = state;
    run->moved = true;
    runs->news = true;
}

static char *mount_of(const struct runs *runs, const struct known_run *run)
{
    return xasprintf("%s/%lld/" MOUNT, runs->folder, (long long)run->id);
}

static bool is_gone(const char *folder)
{
    return access(folder, F_OK) < 0 && errno == ENOENT;
}

static bool has_vanished(const struct runs *runs, const struct known_run *run)
{
    char *mount;
    bool gone;

    if (!run->found)
        return false;
    if (run->dir)
        return is_gone(run->dir);
    if (!runs->folder || is_gone(runs->folder))
        return false; /* the folder of all of them may only not be mounted yet */
    mount = mount_of(runs, run);
    gone = is_gone(mount);
    free(mount);
    return gone;
}

static bool idles(const struct runs *runs, const struct known_run *run, int64_t now_ms)
{
    return runs->idle_ms > 0 && run->kind != RUN_BY_SESSIONS &&
           now_ms - run->grown_ms >= runs->idle_ms;
}

void runs_review(struct runs *runs, int64_t now_ms)
{
    bool look = runs->look;
    size_t i;

    runs->look = false;
    for (i = 0; i < runs->n; i++) {
        struct known_run *run = runs->at[i];

        if (run->state != RUN_RUNNING)
            continue;
        if (look && has_vanished(runs, run))
            end(runs, run, RUN_CANCELLED);
        else if (run->stored && idles(runs, run, now_ms))
            end(runs, run, RUN_SUCCEEDED);
    }
}

int64_t runs_next_ms(const struct runs *runs, int64_t now_ms)
{
    int64_t next_ms = INT64_MAX;
    size_t i;

    if (runs->news || runs->look)
        return 0;
    for (i = 0; i < runs->n && runs->idle_ms > 0; i++) {
        const struct known_run *run = runs->at[i];
        int64_t left_ms = run->grown_ms + runs->idle_ms - now_ms;

        if (run->state == RUN_RUNNING && run->kind != RUN_BY_SESSIONS && left_ms < next_ms)
            next_ms = left_ms;
    }
    return next_ms < 0 ? 0 : next_ms;
}

/* When the folder was made; where the file system does not tell, when it was changed last. */
static int64_t birth_ms(const char *path, int64_t otherwise)
{
    struct statx sx;
    struct statx_timestamp at;

    if (statx(AT_FDCWD, path, 0, STATX_BTIME | STATX_MTIME, &sx) < 0)
        return otherwise;
    at = sx.stx_mask & STATX_BTIME ? sx.stx_btime : sx.stx_mtime;
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int write_found(struct runs *runs, struct known_run *known, struct store *store,
                       int64_t now_ms, struct err *err)
{
    char *mount = mount_of(runs, known), *dir = path_dir(mount);
    struct run run = {
        .id = known->id,
        .kind = RUN_BY_FOLDER,
        .dir = span_of(dir),
        .created_ms = birth_ms(dir, now_ms),
        .finished_ms = RUN_NO_TIME,
    };
    int rc = store_run_add(store, &run, err);

    if (rc == 1 && store_run_get(store, known->id, &run, err) < 0) /* registered elsewhere */
        rc = -1;
    if (rc >= 0) {
        enum run_state state = known->state;
        bool moved = known->moved;

        runs_add(runs, &run);
        known->stored = rc == 1;
        known->state = moved ? state : run.state;
        known->written = rc == 0;
        if (known->grown_ms < run.created_ms)
            known->grown_ms = run.created_ms;
    }
    free(dir);
    free(mount);
    return rc < 0 ? -1 : 0;
}

int runs_write(struct runs *runs, struct store *store, int64_t now_ms, struct err *err)
{
    size_t i;

    for (i = 0; i < runs->n && runs->news; i++) {
        struct known_run *run = runs->at[i];

        if (!run->stored && run->found && write_found(runs, run, store, now_ms, err) < 0)
            return -1;
        if (!run->moved)
            continue;
        if (store_run_set_state(store, run->id, run->state, now_ms, err) < 0)
            return -1;
        run->written = true;
    }
    return 0;
}

void runs_written(struct runs *runs, enum runs_tell which, run_news_fn *fn, void *to)
{
    size_t i;

    for (i = 0; i < runs->n && runs->news; i++) {
        struct known_run *run = runs->at[i];

        if (!run->written || (run->state == RUN_RUNNING) != (which == RUNS_BEGUN))
            continue;
        run->written = run->moved = false;
        run->stored = true;
        if (fn)
            fn(to, &(struct run_news){ .kind = RUN_NEWS_STATE,
                                       .run = run->id,
                                       .project_id = run->project_id,
                                       .state = run->state });
    }
    if (which == RUNS_ENDED)
        runs->news = false;
}
