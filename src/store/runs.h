/* store/runs.h — runs: what they are called, how they stand, what they spent.
 *
 * An event carries its run's number; totals per run follow the events as roll-ups do, in the same
 * transaction. Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include "event/run.h"
#include "store/store.h"

#define RUN_NO_TIME INT64_MIN

/* Spans are lent; absent: not told. */
struct run {
    int64_t id; /* positive */
    enum run_kind kind;
    enum run_state state;
    enum run_state ending; /* other than RUN_RUNNING: somebody asks that it ends so */
    int64_t project_id;    /* 0: none */
    struct span agent, model, label, dir;
    int64_t created_ms;
    int64_t finished_ms; /* or RUN_NO_TIME */
    int64_t parse_errors;
};

/* Adds a run; id 0 takes the next free number. 0 and run->id; 1: the number is in use; -1 with
 * *err. Inside a transaction. */
int store_run_add(struct store *store, struct run *run, struct err *err);
/* 1 and *run, whose spans live until the next call; 0: there is none; -1 with *err. */
int store_run_get(struct store *store, int64_t id, struct run *run, struct err *err);
/* It is in this state from now on. Inside a transaction. */
int store_run_set_state(struct store *store, int64_t id, enum run_state state, int64_t at_ms,
                        struct err *err);
/* Asks whoever reads the logs to end the run so. Inside a transaction. */
int store_run_ask_end(struct store *store, int64_t id, enum run_state state, struct err *err);
/* Counts a strange line of a run, known by its mark, once. Inside a transaction. */
int store_run_problem(struct store *store, int64_t id, uint64_t mark, struct err *err);
/* Gives the run every event without one whose session began in `span` in the folder `dir` or below
 * and that lies in it itself. Inside a transaction. */
struct run_claim {
    int64_t run;
    struct span dir;
    struct timespan span;
};
int store_run_claim(struct store *store, const struct run_claim *claim, struct err *err);

/* All runs, the latest first (by created_ms, then by number), as long as fn answers true. */
typedef bool store_run_fn(void *to, const struct run *run);
int store_runs_each(struct store *store, store_run_fn *fn, void *to, struct err *err);

/* Sums of a run by origin and model. */
struct store_sink;
int store_run_sums(struct store *store, int64_t run, const struct store_sink *sink,
                   struct err *err);
/* Runs that had events in quarter hours [first, end): each with each quarter. */
typedef void store_run_quarter_fn(void *to, int64_t run, int64_t quarter);
struct store_run_quarters {
    store_run_quarter_fn *fn;
    void *to;
};
int store_run_quarters_each(struct store *store, int64_t first, int64_t end,
                            const struct store_run_quarters *sink, struct err *err);

/* What the last transaction that was committed added to runs, turn by turn and in the order of
 * time. Calls fn and forgets it. */
void store_run_news_take(struct store *store, run_news_fn *fn, void *to);

#endif
