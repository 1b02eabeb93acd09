/* store/tasks.h — pieces of work as orchestrators report them, and sums for the usage window.
 *
 * A session that no reported task names counts as a task of its own. Sums per day are kept for both
 * beside the events; what a window cuts is read from the events themselves.
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_TASKS_H
#define STORE_TASKS_H

#include "store/store.h"

#define TASK_NULL INT64_MIN /* a number that was not told */

#define TASK_COUNT_MAX INT64_C(1000000000000)   /* tokens or turns of one task */
#define TASK_TIME_MAX  INT64_C(253402300799999) /* the end of the year 9999 */

/* A reported task. Spans are lent. */
struct task {
    struct span id, agent, type;        /* never absent; `type` is empty where an import had none */
    struct span model, session, status; /* absent: not told */
    int64_t started_ms;                 /* UTC */
    int64_t finished_ms, turns, input, output, cache_creation, cache_read, cost_nusd;
};

/* Does it say what it spent? Then its session's events add nothing to it. */
static inline bool task_has_tokens(const struct task *task)
{
    return task->input != TASK_NULL || task->output != TASK_NULL ||
           task->cache_creation != TASK_NULL || task->cache_read != TASK_NULL;
}

/* Takes a task in; one of the same id is replaced whole (*replaced, may be NULL, tells). Inside a
 * transaction. */
int store_task_put(struct store *store, const struct task *task, bool *replaced, struct err *err);

/* Tasks begun in a span, newest first, as long as the callback answers true. */
typedef bool store_task_fn(void *to, const struct task *task);
int store_tasks_each(struct store *store, struct timespan span, store_task_fn *fn, void *to,
                     struct err *err);

/* What commits from now on say is on the disk when they return: no log could give it back. */
int store_set_durable(struct store *store, struct err *err);
/* How long to wait for whoever else writes, before ERR_BUSY. */
void store_set_patience(struct store *store, int ms);

/* ---- sums ---- */

/* Some use: of reported tasks (`origin` NULL) or of sessions nobody reported. */
#define USAGE_EVER (-(INT64_C(1) << 53)) /* the day that stands for all days */
struct usage_sum {
    int64_t at; /* day of the usage zone (store_usage_days), else UTC milliseconds */
    const struct origin *origin;
    struct span agent, type,
        model; /* absent: of everybody; `model` is empty where it is not known */
    int64_t tasks, turns, input, output, cache_read, cache_creation;
};
struct usage_sink {
    void (*row)(void *to, const struct usage_sum *sum);
    void *to;
};

/* The zone those days are cut in. Changing it computes them anew. STORE_WRITE. */
int store_set_usage_zone(struct store *store, const struct zone *zone, struct err *err);
const char *store_usage_zone(struct store *store); /* its name, lent until the next call */

/* From that day on, by whole days. */
int store_usage_days(struct store *store, int64_t first_day, const struct usage_sink *sink,
                     struct err *err);
/* Ever: everybody's sums per day, and the sums of each over all days (`at` is USAGE_EVER). */
int store_usage_ever(struct store *store, const struct usage_sink *sink, struct err *err);
/* The same for any span: reported tasks begun in it, and events in it of sessions nobody reported.
 * Sessions themselves (tasks) are told by store_usage_sessions. */
int store_usage_events(struct store *store, struct timespan span, const struct usage_sink *sink,
                       struct err *err);
/* Sessions nobody reported, each as one task, that have an event at or after span.since_ms and
 * whose first event of all lies before span.until_ms; `at` is their first event in the window. */
int store_usage_sessions(struct store *store, struct timespan span, const struct usage_sink *sink,
                         struct err *err);
/* The earliest time of any event or task; TASK_NULL when there is none. */
int64_t store_usage_first_ms(struct store *store);

/* Between these, all that is read is of one moment. */
int store_snapshot_begin(struct store *store, struct err *err);
void store_snapshot_end(struct store *store);

/* ---- elsewhere ---- */

/* Reads tasks from a table of another program's SQLite file, whatever columns of ours it has.
 * 0, or -1 with *err naming the file and what is wrong with it. */
int store_legacy_tasks(const char *path, const char *table,
                       int (*fn)(void *to, const struct task *task, struct err *err), void *to,
                       struct err *err);

#endif
