/* ingest/ingest.h — logs into the ledger: find, read, scan, merge, price, store.
 *
 * Whatever a pass reads (events, roll-ups, how far each file was read) is committed together; a
 * pass that cannot be committed leaves no trace and is done again. Knows no agent by name.
 * One thread runs an ingest; ingest_get_status may be called from any.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "source/source.h"
#include "store/runs.h"

struct ingest;
struct price_table;

/* `store` is a STORE_WRITE handle, lent, whose lease the caller holds; its home zone is set. */
int ingest_new(struct ingest **out, struct store *store, const struct source_env *env,
               struct err *err);
/* For logs that came from elsewhere: they are read once, and nothing is remembered of their files
 * (nor of the rate limits that they tell of). All is lent, as long as the ingest lives. */
struct ingest_elsewhere {
    const char *home;    /* whose agents' folders are read */
    const char *only;    /* and of them only this file, or what lies below this folder; absolute */
    const char *machine; /* where it was spent; NULL: here */
    struct tally *tally; /* what was found */
};
/* What this machine is called in the ledger. */
void ingest_machine(char *name, size_t size);
int ingest_new_elsewhere(struct ingest **out, struct store *store,
                         const struct ingest_elsewhere *elsewhere, struct err *err);
void ingest_free(struct ingest *ingest); /* NULL is fine */

/* Prices to use instead of the built-in table; taken over. Between two passes. */
void ingest_use_prices(struct ingest *ingest, struct price_table *prices);

/* Called after every commit that changed something, and when commits begin to fail; on the thread
 * that runs the ingest. */
void ingest_on_change(struct ingest *ingest, void (*fn)(void *to), void *to);

enum ingest_how {
    INGEST_LINES, /* whole lines only: more may come */
    INGEST_REST,  /* also the last line of a file if it is whole but for its newline */
};
/* Looks at every file of every root and reads what is new. 0, or -1 with *err: what could be
 * committed was, the rest is still to do. */
int ingest_all(struct ingest *ingest, enum ingest_how how, struct err *err);

/* For following: call ingest_watch once, then ingest_all, then whenever ingest_fd is readable or
 * ingest_next_ms has passed, ingest_step. */
int ingest_watch(struct ingest *ingest, struct err *err); /* -1: it will poll instead */
int ingest_fd(const struct ingest *ingest);
int64_t ingest_next_ms(const struct ingest *ingest);
int ingest_step(struct ingest *ingest, struct err *err);

/* Ask a running ingest_all to return early (from another thread or a signal handler). */
void ingest_stop(struct ingest *ingest);

/* ---- runs ---- */

/* Follows run folders too: `<folder>/<id>/mount` and whatever was registered. Call it once, before
 * the first ingest_all. After idle_ms without growth a run ends by itself; 0: never. */
int ingest_follow_runs(struct ingest *ingest, const char *folder, int64_t idle_ms, struct err *err);
/* What is new of runs, told after each commit on the thread that runs the ingest. */
void ingest_on_run(struct ingest *ingest, run_news_fn *fn, void *to);
/* Registers a run, whose folder is followed from now on; run->id 0 takes the next number. 0; 1: the
 * number is in use; -1 with *err. It is on the disk then. */
int ingest_run_add(struct ingest *ingest, struct run *run, struct err *err);
/* Reads the run's logs to their last byte and ends it. 0, or -1 with *err (ERR_NOT_FOUND). */
int ingest_run_end(struct ingest *ingest, int64_t id, enum run_state state, struct err *err);
/* Ends the runs whose end somebody asks for in the ledger. */
int ingest_runs_attend(struct ingest *ingest, struct err *err);

struct ingest_root {
    const char *path; /* lent, as long as the ingest lives */
    const struct source *source;
    int64_t files, bytes; /* there now */
};
#define INGEST_ROOTS_MAX 128
struct ingest_status {
    bool reading;         /* a pass is under way */
    bool complete;        /* every log was read to its end at least once */
    int permille;         /* of that first read */
    int64_t files, bytes; /* known */
    int64_t read_ms;      /* how long the first read took */
    struct err trouble;   /* kind set: the last commit failed with this; it is tried again */
    struct ingest_root roots[INGEST_ROOTS_MAX];
    int roots_n;
};
void ingest_get_status(struct ingest *ingest, struct ingest_status *status);

#endif
