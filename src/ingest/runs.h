/* ingest/runs.h — which run a log belongs to, and when runs begin and end. Room-internal.
 *
 * `<folder>/<id>/mount` among the run folders is a run; so is whatever was registered. Knows paths
 * and times; reads no logs.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_RUNS_H
#define INGEST_RUNS_H

#include "store/runs.h"

struct known_run {
    int64_t id;
    enum run_kind kind;
    enum run_state state; /* as it is to be */
    bool stored;          /* the ledger has it */
    bool moved;           /* and is to hear of its state */
    bool written;         /* has heard, in the open transaction */
    bool found;           /* its folder was seen */
    char *dir;            /* of RUN_BY_DIR, else NULL */
    int64_t project_id;
    int64_t grown_ms; /* the last sign of life; UTC */
};

/* Rate limits that lines of runs told, the latest of each run. Zeroed = none. */
struct run_limits {
    struct run_news *at;
    size_t n, space;
};

/* Zeroed = none are known and none are looked for. */
struct runs {
    char *folder;          /* of run folders, absolute */
    int64_t idle_ms;       /* without growth a run ends after so long; 0: never */
    struct known_run **at; /* by id */
    size_t n, space;
    bool look; /* a folder is gone: perhaps a run's */
    bool news; /* something is to be written */
};

void runs_fini(struct runs *runs);
int runs_load(struct runs *runs, struct store *store, struct err *err);
struct known_run *runs_find(const struct runs *runs, int64_t id); /* NULL: unknown */
/* Takes a run that the ledger has. */
struct known_run *runs_add(struct runs *runs, const struct run *run);

/* Of a path below the folder of run folders: the run, and where its logs begin ("7/mount/"). False:
 * no log of a run can lie there. */
bool runs_split(struct span below, int64_t *id, size_t *length);
/* May this folder there hold logs of a run? One that is a run's is noted as found. */
bool runs_enter(struct runs *runs, struct span below);
/* The lowest run among whose logs the path lies, or 0. */
int64_t runs_of_path(const struct runs *runs, const char *path);
void runs_grew(struct runs *runs, int64_t id, int64_t at_ms);

/* Notes what has ended by itself: its folder vanished, or nothing came for long. */
void runs_review(struct runs *runs, int64_t now_ms);
/* Milliseconds until the next run has been idle for too long. */
int64_t runs_next_ms(const struct runs *runs, int64_t now_ms);
/* Writes what has begun and ended, inside the open transaction. */
int runs_write(struct runs *runs, struct store *store, int64_t now_ms, struct err *err);
/* The transaction was committed: tells of what began, or of what ended. */
enum runs_tell { RUNS_BEGUN, RUNS_ENDED };
void runs_written(struct runs *runs, enum runs_tell which, run_news_fn *fn, void *to);

#endif
