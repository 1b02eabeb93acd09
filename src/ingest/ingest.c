/* ingest/ingest.c — see ingest.h. From files that changed to a committed batch.
 *
 *   tail ─seen─▶ queue ─▶ read_file ─▶ feed (lines.c) ─▶ pending ─▶ batch ─commit─▶ ledger,
 * on_change ▲                                                  │ └────────── undone: all of it
 * again ◀──────────────┘ SPDX-License-Identifier: MIT
 */
#include "ingest/state.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/homes.h"
#include "source/any.h"
#include "source/roots.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RETRY_MS 2000 /* after a commit that failed */

/* ---- roots ---- */

char *ingest_absolute(char *path)
{
    char folder[4096];
    char *joined;

    if (path[0] == '/' || !getcwd(folder, sizeof(folder)))
        return path;
    joined = path_join(folder, path);
    free(path);
    return joined;
}

void ingest_take_root(struct ingest *in, const struct root *root)
{
    in->roots = xgrow(in->roots, in->roots_n, &in->roots_space, sizeof(*in->roots));
    in->roots[in->roots_n++] = *root;
    tail_add_root(in->tail, root->path);
}

static void add_root(void *to, const struct source *source, char *path, char *otherwise)
{
    struct ingest *in = to;
    char *chosen = path;

    if (otherwise && access(path, F_OK) < 0 && access(otherwise, F_OK) == 0)
        chosen = otherwise;
    if (in->roots_n == INGEST_ROOTS_MAX)
        log_warning("more than %d log folders; %s is left out", INGEST_ROOTS_MAX, chosen);
    else
        ingest_take_root(
            in, &(struct root){ .path = ingest_absolute(xstrdup(chosen)), .source = source });
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

/* May it be the log of a run? */
static bool run_wants(const struct ingest *in, const struct root *root, struct span below)
{
    const struct known_run *run = runs_find(&in->runs, root->run);
    size_t length;
    int64_t id;

    if (!span_ends(below, ".jsonl"))
        return false;
    return root->run == 0 ? runs_split(below, &id, &length) : run && run->state == RUN_RUNNING;
}

static bool wants(void *to, int root, const char *below)
{
    struct ingest *in = to;
    const struct root *r = &in->roots[root];

    return (r->source ? r->source->format(span_of(below)) != NULL
                      : run_wants(in, r, span_of(below))) &&
           is_looked_at(in, root, below);
}

static bool enters(void *to, int root, const char *below)
{
    struct ingest *in = to;
    const struct root *r = &in->roots[root];

    if (!r->source)
        return r->run != 0 || runs_enter(&in->runs, span_of(below));
    return !r->source->enters || r->source->enters(span_of(below));
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
    size_t mount = 0;
    int64_t id;

    count_file(in, file, -1);
    file->root = f->root;
    file->root_len = root_length(in, f->root);
    if (!in->roots[f->root].source && in->roots[f->root].run == 0) {
        runs_split(span_of(f->path + file->root_len), &id, &mount);
        file->root_len += mount; /* what the agent sees begins there */
    }
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

/* As which agent's log, in which format, the file is to be read. */
static const struct format *format_of(const struct ingest *in, const struct tail_file *f,
                                      const struct file *file, const struct source **source)
{
    const struct root *root = &in->roots[f->root];

    *source = root->source;
    if (root->source)
        return root->source->format(span_of(f->path + root_length(in, f->root)));
    *source = file && file->source->lines ? file->source : &source_any;
    return (*source)->lines;
}

static void seen(void *to, const struct tail_file *f)
{
    struct ingest *in = to;
    struct file *file = files_find(&in->files, f->dev, f->ino);
    const struct source *source;
    const struct format *format = format_of(in, f, file, &source);

    if (format->framing == FRAMING_WAL) {
        seen_wal(in, f);
        return;
    }
    if (!file)
        file = files_add(&in->files, source, f->dev, f->ino);
    file_become(file, source, format);
    file->told_by_lines = !in->roots[f->root].source;
    file_belong(file, runs_of_path(&in->runs, f->path));
    if (file->run != 0)
        runs_grew(&in->runs, file->run, f->mtime_ms);
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

static void folder_gone(void *to)
{
    struct ingest *in = to;

    in->runs.look = true;
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
    };
    size_t i;

    for (i = 0; i < in->roots_n; i++) {
        const struct root *root = &in->roots[i];

        if (root->source)
            s.roots[s.roots_n++] =
                (struct ingest_root){ root->path, root->source, root->files, root->bytes };
        s.files += root->files;
        s.bytes += root->bytes;
    }
    pthread_mutex_lock(&in->lock);
    s.read_ms = in->complete && !in->status.complete ? clock_boot_ms() - in->started_ms
                                                     : in->status.read_ms;
    in->status = s;
    pthread_mutex_unlock(&in->lock);
}

void ingest_tell(struct ingest *in)
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
        ingest_tell(in);
    }
}

/* What the commit did to runs, in the order of things. */
void ingest_tell_runs(struct ingest *in)
{
    size_t i;

    runs_written(&in->runs, RUNS_BEGUN, in->on_run, in->on_run_to);
    if (in->on_run)
        store_run_news_take(in->store, in->on_run, in->on_run_to);
    for (i = 0; i < in->batch.limits.n && in->on_run; i++)
        in->on_run(in->on_run_to, &in->batch.limits.at[i]);
    in->batch.limits.n = 0;
    runs_written(&in->runs, RUNS_ENDED, in->on_run, in->on_run_to);
}

/* Writes the open batch. `last`: the first read ends with it. */
static int commit(struct ingest *in, bool last, struct err *err)
{
    struct batch_progress progress = { !in->complete, last, permille(in) };
    bool news =
        !in->complete || in->trouble.kind != ERR_NONE || in->runs.news || in->batch.limits.n > 0;
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
    ingest_tell_runs(in);
    if (news || changes > 0)
        ingest_tell(in);
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

/* Runs that began or ended by themselves. Before their events, which come in the same batch. */
static int write_runs(struct ingest *in, struct err *err)
{
    runs_review(&in->runs, clock_now_ms());
    if (!in->runs.news)
        return 0;
    if (batch_begin(&in->batch, err) == 0 &&
        runs_write(&in->runs, in->store, clock_now_ms(), err) == 0)
        return 0;
    undo(in, err);
    return -1;
}

int ingest_read_queue(struct ingest *in, enum ingest_how how, struct err *err)
{
    struct queued *queue;
    int rc = write_runs(in, err);
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
    static const struct tail_hooks hooks = { seen, gone, wants, enters, folder_gone };
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
    size_t i;

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
    free(in->roots);
    runs_fini(&in->runs);
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
    return ingest_read_queue(in, how, err);
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
    int64_t wait_ms =
        sooner(sooner(tail_next_ms(in->tail), in->retry_at_ms), again_next_ms(&in->again));
    int64_t runs_ms = in->retry_at_ms ? INT64_MAX : runs_next_ms(&in->runs, clock_now_ms());

    return runs_ms < wait_ms ? runs_ms : wait_ms;
}

int ingest_step(struct ingest *in, struct err *err)
{
    tail_dispatch(in->tail);
    again_take(&in->again, &in->queue);
    if (in->retry_at_ms != 0 && clock_boot_ms() < in->retry_at_ms)
        return 0;
    if (in->queue.n == 0 && in->complete && runs_next_ms(&in->runs, clock_now_ms()) > 0)
        return 0;
    return ingest_read_queue(in, INGEST_LINES, err);
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
