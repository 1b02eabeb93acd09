/* report/runs.h — questions about runs: which there are, and what each spent.
 *
 * Computes and never prints. Each answer owns its memory (one arena); not thread-safe, but two
 * threads may ask on two store handles.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_RUNS_H
#define REPORT_RUNS_H

#include "base/err.h"
#include "base/zone.h"
#include "event/run.h"
#include "event/sums.h"

struct arena;
struct store;

#define REPORT_RUN_OPEN INT64_MIN /* a time that has not come */

struct report_run {
    int64_t id, project_id;
    enum run_state state;
    const char *agent; /* as registered, else the one that spent most, else "unknown" */
    const char *model; /* the same; NULL where nobody knows */
    const char *label; /* or NULL */
    const char *dir;   /* or NULL */
    int64_t created_ms, finished_ms; /* finished_ms: or REPORT_RUN_OPEN */
    int64_t parse_errors;
    struct sums sums;
};

struct report_runs {
    struct report_run *rows; /* the latest first */
    size_t rows_n, rows_space;
    int64_t total; /* before limit and offset */
    struct arena *arena;
};

struct report_runs_query {
    unsigned states;       /* bits 1 << enum run_state */
    int64_t project_id;    /* REPORT_RUN_OPEN: any */
    struct span text;      /* stands in id, agent, model, label or folder; absent: any */
    int64_t limit, offset; /* limit -1: all */
    enum cost_kind cost;
};

/* 0, or -1 with *err. report_runs_fini either way. */
int report_runs(struct store *store, const struct report_runs_query *query, struct report_runs *out,
                struct err *err);
/* One run: a list of one, or of none where there is no such run. */
int report_run(struct store *store, int64_t id, enum cost_kind cost, struct report_runs *out,
               struct err *err);
void report_runs_fini(struct report_runs *runs);

/* What a run spent by model, most tokens first; empty for one that there is not. */
struct report_run_model {
    const char *model;
    struct sums sums;
};
struct report_run_models {
    struct report_run_model *rows;
    size_t rows_n, rows_space;
    struct arena *arena;
};
int report_run_models(struct store *store, int64_t id, struct report_run_models *out,
                      struct err *err);
void report_run_models_fini(struct report_run_models *models);

/* How many runs had an event on each day of the zone from first_day on, or were created on it:
 * counts[0…days). */
struct report_run_days {
    const struct zone *zone;
    int64_t first_day;
    int64_t *counts;
    size_t days;
};
int report_run_days(struct store *store, const struct report_run_days *days, struct err *err);

#endif
