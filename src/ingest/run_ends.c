/* ingest/run_ends.c — runs that are registered, and how they end: the door's part about runs.
 *
 * What begins and ends by itself, runs.c finds out; here somebody asks for it. Whoever ends a run
 * gets an answer only after its logs were read to their last byte.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/state.h"

#include "base/clock.h"
#include "base/mem.h"

int ingest_follow_runs(struct ingest *in, const char *folder, int64_t idle_ms, struct err *err)
{
    size_t i;

    in->runs.folder = ingest_absolute(xstrdup(folder));
    in->runs.idle_ms = idle_ms;
    in->runs.look = true; /* some may have vanished while nobody looked */
    if (runs_load(&in->runs, in->store, err) < 0)
        return -1;
    ingest_take_root(in, &(struct root){ .path = xstrdup(in->runs.folder) });
    for (i = 0; i < in->runs.n; i++) {
        const struct known_run *run = in->runs.at[i];

        if (run->dir && run->state == RUN_RUNNING)
            ingest_take_root(in, &(struct root){ .path = xstrdup(run->dir), .run = run->id });
    }
    return 0;
}

void ingest_on_run(struct ingest *in, run_news_fn *fn, void *to)
{
    in->on_run = fn;
    in->on_run_to = to;
}

/* Logs that are known already and lie in the folder of a run that has begun. */
static void claim_known_files(struct ingest *in)
{
    size_t i;

    for (i = 0; i < in->files.n; i++) {
        struct file *file = in->files.at[i];

        if (file->root < 0 || !file->path)
            continue;
        file_belong(file, runs_of_path(&in->runs, file->path));
        if (file->run != 0 && file->now.mark.offset == 0)
            queue_add(&in->queue, file);
    }
}

int ingest_run_add(struct ingest *in, struct run *run, struct err *err)
{
    struct known_run *known;
    int rc;

    if (store_begin_sure(in->store, err) < 0)
        return -1;
    rc = store_run_add(in->store, run, err);
    if (rc != 0) {
        store_rollback(in->store);
        return rc;
    }
    if (store_commit(in->store, err) < 0)
        return -1;
    known = runs_add(&in->runs, run);
    if (known->dir) {
        ingest_take_root(in, &(struct root){ .path = xstrdup(known->dir), .run = known->id });
        claim_known_files(in);
    }
    if (in->on_run)
        in->on_run(in->on_run_to, &(struct run_news){ .kind = RUN_NEWS_STATE,
                                                      .run = run->id,
                                                      .project_id = run->project_id,
                                                      .state = run->state });
    return 0;
}

/* Reads to the last byte what the run's logs have. */
static int read_run(struct ingest *in, int64_t id, struct err *err)
{
    struct tail_stats stats;
    size_t i;

    tail_get_stats(in->tail, &stats);
    if (stats.polling)
        tail_scan(in->tail); /* where nobody tells us, we have to look */
    else
        tail_dispatch(in->tail);
    if (ingest_read_queue(in, INGEST_LINES, err) < 0)
        return -1;
    for (i = 0; i < in->files.n; i++) {
        struct file *file = in->files.at[i];

        if (file->run == id && file->root >= 0)
            queue_add(&in->queue, file);
    }
    return ingest_read_queue(in, INGEST_REST, err);
}

static int write_end(struct ingest *in, const struct run *run, enum run_state state,
                     struct err *err)
{
    int64_t now_ms = clock_now_ms();
    struct run_claim claim = { run->id, run->dir, { run->created_ms, now_ms + 1 } };

    if (store_begin_sure(in->store, err) < 0)
        return -1;
    if ((run->kind == RUN_BY_SESSIONS && run->state == RUN_RUNNING &&
         store_run_claim(in->store, &claim, err) < 0) ||
        store_run_set_state(in->store, run->id, state, now_ms, err) < 0) {
        store_rollback(in->store);
        return -1;
    }
    return store_commit(in->store, err);
}

int ingest_run_end(struct ingest *in, int64_t id, enum run_state state, struct err *err)
{
    struct known_run *known;
    struct run run;
    int rc;

    if (read_run(in, id, err) < 0)
        return -1;
    rc = store_run_get(in->store, id, &run, err);
    if (rc == 0)
        err_set(err, ERR_NOT_FOUND, "There is no run %lld.", (long long)id);
    if (rc != 1 || write_end(in, &run, state, err) < 0)
        return -1;
    known = runs_add(&in->runs, &run);
    known->state = state;
    known->written = in->runs.news = true;
    ingest_tell_runs(in);
    ingest_tell(in);
    return 0;
}

struct asked {
    int64_t id;
    enum run_state state;
};

static bool find_asked(void *to, const struct run *run)
{
    struct asked *asked = to;

    if (run->ending != RUN_RUNNING && run->state == RUN_RUNNING)
        *asked = (struct asked){ run->id, run->ending };
    return asked->id == 0;
}

int ingest_runs_attend(struct ingest *in, struct err *err)
{
    struct asked asked;

    do {
        asked.id = 0;
        if (store_runs_each(in->store, find_asked, &asked, err) < 0 ||
            (asked.id != 0 && ingest_run_end(in, asked.id, asked.state, err) < 0))
            return -1;
    } while (asked.id != 0);
    return 0;
}
