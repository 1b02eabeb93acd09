/* ingest/state.h — an ingest from inside, for the files behind ingest.h. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_STATE_H
#define INGEST_STATE_H

#include "ingest/again.h"
#include "ingest/queue.h"
#include "ingest/reading.h"
#include "ingest/runs.h"

#include <pthread.h>

struct root {
    char *path;
    const struct source *source; /* NULL: of runs, whose lines tell whose they are */
    int64_t run;                 /* of a run's own folder; 0: of an agent, or of all run folders */
    int64_t files, bytes;        /* there now */
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
    struct root *roots;
    size_t roots_n, roots_space;
    struct runs runs;
    run_news_fn *on_run;
    void *on_run_to;
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

char *ingest_absolute(char *path); /* takes it over */
/* Also a root that is added while the others are followed already. Takes the path over. */
void ingest_take_root(struct ingest *in, const struct root *root);
/* Reads what waits to be read, and commits it. */
int ingest_read_queue(struct ingest *in, enum ingest_how how, struct err *err);
/* Something is committed: tells those who asked to hear of it; of what it did to runs. */
void ingest_tell(struct ingest *in);
void ingest_tell_runs(struct ingest *in);

#endif
