/* task_bench.h — reported tasks for a ledger; for the tests of store and report.
 * SPDX-License-Identifier: MIT
 */
#ifndef TASK_BENCH_H
#define TASK_BENCH_H

#include "ledger_bench.h"

#include "store/usage_internal.h"

/* A task that tells nothing but who, when and (unless NULL) which session. */
static inline struct task task_plain(const char *id, const char *agent, const char *session,
                                     int64_t started_ms)
{
    return (struct task){ .id = span_of(id),
                          .agent = span_of(agent),
                          .type = SPAN_LIT("worker"),
                          .session = span_of(session),
                          .started_ms = started_ms,
                          .finished_ms = TASK_NULL,
                          .turns = TASK_NULL,
                          .input = TASK_NULL,
                          .output = TASK_NULL,
                          .cache_creation = TASK_NULL,
                          .cache_read = TASK_NULL,
                          .cost_nusd = TASK_NULL };
}

/* Inside a transaction. */
static inline void task_put(struct store *store, const struct task *task)
{
    struct err err = { 0 };

    if (store_task_put(store, task, NULL, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void task_put_alone(struct store *store, const struct task *task)
{
    ledger_begin(store);
    task_put(store, task);
    ledger_commit(store);
}

/* A task of a few ids and sessions, so that they meet. Inside a transaction. */
static inline void task_roll(struct store *store, struct dice *dice, int64_t low_ms,
                             int64_t high_ms)
{
    char id[16], agent[16], session[16];
    struct task task;

    snprintf(id, sizeof(id), "t-%d", (int)roll_below(dice, 20));
    snprintf(agent, sizeof(agent), "worker-%d", (int)roll_below(dice, 3));
    snprintf(session, sizeof(session), "s-%d", (int)roll_between(dice, 3, 10));
    task = task_plain(id, agent, roll_once_in(dice, 3) ? NULL : session,
                      roll_between(dice, low_ms, high_ms));
    if (roll_once_in(dice, 2))
        task.model = roll_once_in(dice, 2) ? SPAN_LIT("model-1") : SPAN_LIT("model-9");
    if (roll_once_in(dice, 3))
        task.turns = roll_below(dice, 50);
    if (roll_once_in(dice, 3))
        task.input = roll_below(dice, 100000);
    if (roll_once_in(dice, 4))
        task.output = roll_below(dice, 100000);
    if (roll_once_in(dice, 6))
        task.cache_read = roll_below(dice, 100000);
    task_put(store, &task);
}

#endif
