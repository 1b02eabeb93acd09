/* store/usage_internal.h — what rollup.c, usage.c, usage_query.c and task.c share of tasks and the
 * usage window. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_USAGE_INTERNAL_H
#define STORE_USAGE_INTERNAL_H

#include "store/store_internal.h"
#include "store/tasks.h"

/* One row of what is known of a session or task on its way into a roll-up. */
struct usage_note {
    int32_t session, origin, model;
    int64_t at_ms;
};
/* Adds sign × sums to the roll-up of use: of the day, or of the task that the event belongs to. */
void rollup_note_usage(struct store *store, const struct usage_note *where, const struct sums *sums,
                       int sign);

/* usage.c: what follows from events for tasks and the usage window. */
struct ties *ties_new(void);
void ties_free(struct ties *ties); /* NULL is fine */
/* Forgets what was looked up, and takes over the zone another handle has set: a new transaction. */
void usage_follow(struct store *store);
int64_t usage_day_of(const struct store *store, int64_t at_ms);
/* May any session have a task? */
bool usage_has_ties(struct store *store);
/* The task that an event of the session belongs to; 0 when no task names the session. */
int64_t usage_tie(struct store *store, int32_t session, int64_t at_ms);
bool usage_is_tied(struct store *store, int32_t session);
/* Rows of a session came, the first at `first_ms`, or went, the first at `lost_ms` (INT64_MAX:
 * none): puts right where it counts as a task. Its roll-up must have been written. */
int usage_settle(struct store *store, int32_t session, int64_t first_ms, int64_t lost_ms,
                 struct err *err);
/* Computes everything of usage.c anew from events and tasks. Inside a transaction. */
int usage_rebuild(struct store *store, struct err *err);
/* Adds to a row of task_day or usage_day whose key is bound already, from parameter 4 or 5 on. */
struct usage_counts {
    int64_t tasks, turns, input, output, cache_read, cache_creation;
};
void usage_counts_bind(sqlite3_stmt *statement, int first, const struct usage_counts *c);
int usage_total_add(struct store *store, int64_t day, const struct usage_counts *c,
                    struct err *err);
int usage_day_add(struct store *store, int64_t day, const struct usage_note *where,
                  const struct usage_counts *c, struct err *err);

/* The columns of USE_COLUMNS in sql.c. */
void usage_event_read(sqlite3_stmt *statement, struct usage_note *where, struct sums *sums);
/* What one session wrote, by origin and model. */
#define USAGE_MODELS_MAX 64
struct usage_models {
    struct usage_model {
        const struct origin *origin;
        const struct name *model;
        int64_t output;
    } at[USAGE_MODELS_MAX];
    int n;
};
/* What comes when there is no more room is left out. */
void usage_models_add(struct usage_models *models, const struct origin *origin,
                      const struct name *model, int64_t output);
/* Under which one the session counts as a task; NULL where there is none. */
const struct usage_model *usage_models_best(const struct usage_models *models);

/* task.c: gives a task what its session's events add up to. */
int task_see(struct store *store, int64_t seq, const struct usage_counts *more, struct err *err);
/* The tasks begun in a span, each as a sum. */
int task_sums_each(struct store *store, struct timespan span, const struct usage_sink *sink,
                   struct err *err);
/* Puts all tasks that can be read of `from` into `to`, inside a transaction there. */
int task_rescue(struct store *from, struct store *to, struct err *err);
/* Sums of all tasks per day anew; `seen` columns are zero then. */
int task_rebuild(struct store *store, struct err *err);

#endif
