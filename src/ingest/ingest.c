/* ingest/ingest.c — see ingest.h. From files that changed to a committed batch.
 *
 *   tail ─seen─▶ queue ─▶ read_file ─▶ feed (lines.c) ─▶ pending ─▶ batch ─commit─▶ ledger,
 * on_change ▲                                                  │ └────────── undone: all of it
 * again ◀──────────────┘ SPDX-License-Identifier: MIT
 */
#include "ingest/ingest.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/again.h"
#include "ingest/batch.h"
#include "ingest/homes.h"
#include "ingest/queue.h"
#include "ingest/reading.h"
#include "source/roots.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RETRY_MS 2000 /* after a commit that failed */

struct root {
    char *path;
    const struct source *source;
    int64_t files, bytes; /* there now */
};

struct ingest {
    struct store *store;
    struct price_table *prices;
    struct tail *tail;
    struct pending *pending;
    struct threads *threads;
    struct files files;
    struct queue queue;
    struct again again;
    struct batch batch;
    struct root roots[INGEST_ROOTS_MAX];
    int roots_n;
    char machine[128];
    char *home;       /* as in struct feed */
    const char *only; /* what of the roots is looked at; NULL: all */

    struct reading reading;

    bool complete; /* the first read is over */
    int64_t todo_bytes, started_ms;

    struct err trouble;
    int64_t retry_at_ms; /* boot clock; 0: nothing to retry */
    void (*on_change)(void *to);
    void *on_change_to;
    atomic_bool stop;
    pthread_mutex_t lock; /* guards status */
    struct ingest_status status;
};

/* ---- roots ---- */

static char *absolute(char *path)
{
    char folder[4096];
    char *joined;

    if (path[0] == '/' || !getcwd(folder, sizeof(folder)))
        return path;
    joined = path_join(folder, path);
    free(path);
    return joined;
}

static void add_root(void *to, const struct source *source, char *path, char *otherwise)
{
    struct ingest *in = to;
    char *chosen = path;

    if (otherwise && access(path, F_OK) < 0 && access(otherwise, F_OK) == 0)
        chosen = otherwise;
    if (in->roots_n == INGEST_ROOTS_MAX) {
        log_warning("more than %d log folders; %s is left out", INGEST_ROOTS_MAX, chosen);
    } else {
        struct root *root = &in->roots[in->roots_n++];

        root->path = absolute(xstrdup(chosen));
        root->source = source;
        tail_add_root(in->tail, root->path);
    }
    free(path);
    free(otherwise);
}

/* Is it the file that alone is looked at, or below that folder? */
static bool is_looked_at(const struct ingest *in, int root, const char *below)
{
    char *path;
    size_t n;
    bool is;

    if (!in->only)
        return true;
    path = path_join(in->roots[root].path, below);
    n = strlen(in->only);
    is = strncmp(path, in->only, n) == 0 && (path[n] == '/' || path[n] == '\0');
    free(path);
    return is;
}

static bool wants(void *to, int root, const char *below)
{
    struct ingest *in = to;

    return in->roots[root].source->format(span_of(below)) && is_looked_at(in, root, below);
}

static bool enters(void *to, int root, const char *below)
{
    struct ingest *in = to;
    const struct source *source = in->roots[root].source;

    return !source->enters || source->enters(span_of(below));
}

/* ---- what the tail sees ---- */

/* Keeps the figures of what is there; a file that is not there (root -1) counts nowhere. */
static void count_file(struct ingest *in, const struct file *file, int sign)
{
    if (file->root < 0)
        return;
    in->roots[file->root].files += sign;
    in->roots[file->root].bytes += sign * file->size;
}

static void lose(struct ingest *in, struct file *file)
{
    count_file(in, file, -1);
    file->root = -1;
}

/* Bytes of a path that are the root's, the slash included. */
static size_t root_length(const struct ingest *in, int root)
{
    const char *path = in->roots[root].path;
    size_t n = strlen(path);

    return n + (path[n - 1] != '/');
}

static void note_file(struct ingest *in, struct file *file, const struct tail_file *f)
{
    count_file(in, file, -1);
    file->root = f->root;
    file->root_len = root_length(in, f->root);
    file->size = f->size;
    file->mtime_ms = f->mtime_ms;
    file->birth_ms = f->birth_ms;
    count_file(in, file, 1);
}

static void changed(struct ingest *in, struct file *file)
{
    again_reset(file);
    queue_add(&in->queue, file);
}

/* The write-ahead log of a database: what changed is the database. */
static void seen_wal(struct ingest *in, const struct tail_file *f)
{
    char *path = xstrndup(f->path, strlen(f->path) - strlen("-wal"));
    struct file *file = files_find_path(&in->files, path);

    free(path);
    if (file && file->format->framing == FRAMING_DATABASE && file_wal_moved(file))
        changed(in, file);
}

/* Is it as it was when it was read? A database whose log has grown is not, though the log may have
 * been seen before the database itself. */
static bool is_known(const struct file *file, const struct tail_file *f)
{
    return f->size == file->now.size && f->mtime_ms == file->now.mtime_ms &&
           (file->format->framing != FRAMING_DATABASE || !file_wal_moved(file));
}

static void seen(void *to, const struct tail_file *f)
{
    struct ingest *in = to;
    const struct source *source = in->roots[f->root].source;
    const struct format *format = source->format(span_of(f->path + root_length(in, f->root)));
    struct file *file;

    if (format->framing == FRAMING_WAL) {
        seen_wal(in, f);
        return;
    }
    file = files_find(&in->files, f->dev, f->ino);
    if (!file)
        file = files_add(&in->files, source, f->dev, f->ino);
    file_become(file, source, format);
    note_file(in, file, f);
    if (!file->path || strcmp(file->path, f->path) != 0) {
        free(file->path);
        file->path = xstrdup(f->path);
    } else if (is_known(file, f)) {
        return;
    }
    changed(in, file);
}

static void gone(void *to, const char *path)
{
    struct ingest *in = to;
    size_t i;

    /* What it held stays counted. Only the figures of what is there now change. */
    for (i = 0; i < in->files.n; i++) {
        struct file *file = in->files.at[i];

        if (file->root >= 0 && strcmp(file->path, path) == 0)
            lose(in, file);
    }
}

/* ---- what others may know ---- */

/* How far the first read is. A file may have grown since its bytes were added up. */
static int permille(const struct ingest *in)
{
    if (in->complete || in->reading.done_bytes >= in->todo_bytes)
        return 1000;
    return (int)(in->reading.done_bytes * 1000 / in->todo_bytes);
}

static void publish(struct ingest *in, bool reading)
{
    struct ingest_status s = {
        .reading = reading,
        .complete = in->complete,
        .permille = permille(in),
        .trouble = in->trouble,
        .roots_n = in->roots_n,
    };
    int i;

    for (i = 0; i < in->roots_n; i++) {
        const struct root *root = &in->roots[i];

        s.roots[i] = (struct ingest_root){ root->path, root->source, root->files, root->bytes };
        s.files += root->files;
        s.bytes += root->bytes;
    }
    pthread_mutex_lock(&in->lock);
    s.read_ms = in->complete && !in->status.complete ? clock_boot_ms() - in->started_ms
                                                     : in->status.read_ms;
    in->status = s;
    pthread_mutex_unlock(&in->lock);
}

static void tell(struct ingest *in)
{
    if (in->on_change)
        in->on_change(in->on_change_to);
}

/* ---- batches ---- */

static void read_again(void *to, struct file *file)
{
    struct ingest *in = to;

    queue_add(&in->queue, file);
}

static void undo(struct ingest *in, const struct err *why)
{
    bool news = why->kind != in->trouble.kind;

    batch_undo(&in->batch, read_again, in);
    in->trouble = *why;
    in->retry_at_ms = clock_boot_ms() + RETRY_MS;
    publish(in, false);
    if (news) {
        log_error("%s; trying again every %d s", why->text, RETRY_MS / 1000);
        tell(in);
    }
}

/* Writes the open batch. `last`: the first read ends with it. */
static int commit(struct ingest *in, bool last, struct err *err)
{
    struct batch_progress progress = { !in->complete, last, permille(in) };
    bool news = !in->complete || in->trouble.kind != ERR_NONE;
    int64_t changes;

    if (batch_commit(&in->batch, &progress, &changes, err) < 0) {
        undo(in, err);
        return -1;
    }
    if (in->trouble.kind != ERR_NONE)
        log_warning("reading logs goes on");
    if (last && !in->complete)
        pending_trim(in->pending);
    in->complete |= last;
    in->trouble = (struct err){ 0 };
    in->retry_at_ms = 0;
    publish(in, !last);
    if (news || changes > 0)
        tell(in);
    return 0;
}

/* ---- reading one file ---- */

/* Reads on in the file until its end or until the batch is full. */
static int read_piecewise(struct ingest *in, struct file *file, enum ingest_how how,
                          enum reading_end *end, struct err *err)
{
    if (batch_begin(&in->batch, err) < 0 || reading_file(&in->reading, file, how, end, err) < 0) {
        undo(in, err);
        return -1;
    }
    if (*end == READING_GONE)
        lose(in, file);
    if (*end == READING_LATER || (*end == READING_DONE && how == INGEST_LINES &&
                                  file->format->framing == FRAMING_DATABASE && again_is_due(file)))
        again_add(&in->again, file);
    return 0;
}

static int read_file(struct ingest *in, struct file *file, enum ingest_how how, struct err *err)
{
    enum reading_end end;
    bool full;

    do {
        if (read_piecewise(in, file, how, &end, err) < 0)
            return -1;
        full = batch_is_full(&in->batch);
        if (full && commit(in, false, err) < 0)
            return -1;
    } while (end == READING_MORE && !in->stop);
    return 0;
}

/* Ends the pass over the queue: commits what is open, and that the first read is over. */
static int finish_pass(struct ingest *in, struct err *err)
{
    if (!in->complete && !in->stop && batch_begin(&in->batch, err) < 0) {
        undo(in, err);
        return -1;
    }
    return in->batch.open ? commit(in, !in->stop, err) : 0;
}

static int read_queue(struct ingest *in, enum ingest_how how, struct err *err)
{
    struct queued *queue;
    int rc = 0;
    size_t i, n;

    in->reading.done_bytes = 0;
    queue = queue_take(&in->queue, &n, &in->todo_bytes);
    for (i = 0; i < n; i++) {
        if (rc == 0 && !in->stop)
            rc = read_file(in, queue[i].file, how, err);
        if (rc < 0 || in->stop)
            queue_add(&in->queue, queue[i].file);
    }
    free(queue);
    if (rc == 0)
        rc = finish_pass(in, err);
    publish(in, false);
    return rc;
}

/* ---- the door ---- */

void ingest_machine(char *name, size_t size)
{
    memset(name, 0, size);
    if (gethostname(name, size - 1) < 0 || !name[0])
        snprintf(name, size, "localhost");
}

static int create(struct ingest **out, struct store *store, const struct source_env *env,
                  const struct ingest_elsewhere *elsewhere, struct err *err)
{
    static const struct tail_hooks hooks = { seen, gone, wants, enters };
    struct ingest *in = xcalloc(1, sizeof(*in));
    struct store_facts facts;
    int rc = -1;

    in->store = store;
    in->tail = tail_new(&hooks, in);
    in->reading.reader = tail_reader_new();
    in->pending = pending_new();
    in->threads = threads_new();
    pthread_mutex_init(&in->lock, NULL);
    if (elsewhere && elsewhere->machine)
        snprintf(in->machine, sizeof(in->machine), "%s", elsewhere->machine);
    else
        ingest_machine(in->machine, sizeof(in->machine));
    in->only = elsewhere ? elsewhere->only : NULL;
    if (env->settings && roots_check(env->settings, err) < 0)
        goto out;
    roots_each(env, add_root, in);
    if (price_open(&in->prices, err) < 0 || store_get_facts(store, &facts, err) < 0 ||
        (!elsewhere && files_load(&in->files, store, err) < 0))
        goto out;
    in->batch = (struct batch){ store, in->prices, in->pending, in->threads };
    in->reading.batch = &in->batch;
    in->reading.stop = &in->stop;
    in->reading.machine = in->machine;
    in->home = elsewhere && elsewhere->machine ? NULL : xstrdup(env->home);
    in->reading.home = in->home;
    in->batch.tally = elsewhere ? elsewhere->tally : NULL;
    in->complete = facts.complete || elsewhere; /* a first read is one of our own logs */
    in->started_ms = clock_boot_ms();
    publish(in, false);
    *out = in;
    in = NULL;
    rc = 0;
out:
    ingest_free(in);
    return rc;
}

int ingest_new(struct ingest **out, struct store *store, const struct source_env *env,
               struct err *err)
{
    return create(out, store, env, NULL, err);
}

int ingest_new_elsewhere(struct ingest **out, struct store *store,
                         const struct ingest_elsewhere *elsewhere, struct err *err)
{
    struct source_env env = homes_env(elsewhere->home);

    return create(out, store, &env, elsewhere, err);
}

void ingest_free(struct ingest *in)
{
    int i;

    if (!in)
        return;
    batch_fini(&in->batch);
    queue_fini(&in->queue);
    tail_free(in->tail);
    tail_reader_free(in->reading.reader);
    reading_fini(&in->reading);
    again_fini(&in->again);
    pending_free(in->pending);
    threads_free(in->threads);
    files_fini(&in->files);
    price_close(in->prices);
    for (i = 0; i < in->roots_n; i++)
        free(in->roots[i].path);
    pthread_mutex_destroy(&in->lock);
    free(in->home);
    free(in);
}

void ingest_use_prices(struct ingest *in, struct price_table *prices)
{
    price_close(in->prices);
    in->prices = prices;
    in->batch.prices = prices;
}

void ingest_on_change(struct ingest *in, void (*fn)(void *to), void *to)
{
    in->on_change = fn;
    in->on_change_to = to;
}

int ingest_all(struct ingest *in, enum ingest_how how, struct err *err)
{
    tail_scan(in->tail);
    publish(in, true);
    return read_queue(in, how, err);
}

int ingest_watch(struct ingest *in, struct err *err)
{
    return tail_watch(in->tail, err);
}

int ingest_fd(const struct ingest *in)
{
    return tail_fd(in->tail);
}

/* The sooner of both; `at_ms` 0 is never. */
static int64_t sooner(int64_t wait_ms, int64_t at_ms)
{
    int64_t left = at_ms - clock_boot_ms();

    if (at_ms == 0)
        return wait_ms;
    return left < 0 ? 0 : left < wait_ms ? left : wait_ms;
}

int64_t ingest_next_ms(const struct ingest *in)
{
    return sooner(sooner(tail_next_ms(in->tail), in->retry_at_ms), again_next_ms(&in->again));
}

int ingest_step(struct ingest *in, struct err *err)
{
    tail_dispatch(in->tail);
    again_take(&in->again, &in->queue);
    if (in->retry_at_ms != 0 && clock_boot_ms() < in->retry_at_ms)
        return 0;
    if (in->queue.n == 0 && in->complete)
        return 0;
    return read_queue(in, INGEST_LINES, err);
}

void ingest_stop(struct ingest *in)
{
    in->stop = true;
}

void ingest_get_status(struct ingest *in, struct ingest_status *status)
{
    pthread_mutex_lock(&in->lock);
    *status = in->status;
    pthread_mutex_unlock(&in->lock);
}
