/* store/query.h — sums for reports.
 *
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "store/store.h"

struct store_sum {
    int64_t bucket; /* day, or quarter hour since 1970, or a session's id */
    int64_t at_ms;  /* of a single event, else 0 */
    const struct name *model;
    const struct origin *origin;
    struct sums sums;
};
/* Where the rows of an answer go. */
struct store_sink {
    void (*row)(void *to, const struct store_sum *sum);
    void *to;
};

/* Days of the home zone, both included. */
int store_sum_days(struct store *store, int64_t first, int64_t last, const struct store_sink *sink,
                   struct err *err);
/* Whole quarter hours [first, end). */
int store_sum_quarters(struct store *store, int64_t first, int64_t end,
                       const struct store_sink *sink, struct err *err);
/* Single events of a span, each as a sum of one; bucket = its quarter. */
int store_sum_events(struct store *store, struct timespan span, const struct store_sink *sink,
                     struct err *err);

/* The events of a span themselves, in order of time; the row is lent for the call. */
struct row;
int store_each_event(struct store *store, struct timespan span,
                     void (*row)(void *to, const struct row *row), void *to, struct err *err);

/* ---- sessions ---- */

struct store_session {
    int32_t id;
    const struct name *agent;
    struct span text;          /* lent for the call */
    int64_t first_ms, last_ms; /* no event lies outside; wider where one was retracted */
};
/* Sessions with use that may reach into a span, by rising id. */
int store_sessions(struct store *store, struct timespan span,
                   void (*row)(void *to, const struct store_session *session), void *to,
                   struct err *err);
/* Whole sessions with ids from `first` to `last`, bucket = id, by rising id. */
int store_sum_sessions(struct store *store, int32_t first, int32_t last,
                       const struct store_sink *sink, struct err *err);
/* store_sum_events, with bucket = the session's id. */
int store_sum_session_events(struct store *store, struct timespan span,
                             const struct store_sink *sink, struct err *err);

/* ---- when something was used ---- */

/* Which events are looked for. */
struct store_match {
    bool (*is)(void *to, const struct origin *origin, const struct name *model);
    void *to;
};
/* The first quarter from `quarter` on with a matching event. 1, 0 when there is none, -1. */
int store_next_quarter(struct store *store, int64_t quarter, const struct store_match *match,
                       int64_t *found, struct err *err);
/* The first, or last, matching event of a span. 1 and *at_ms, 0 when there is none, -1. */
int store_first_event(struct store *store, struct timespan span, const struct store_match *match,
                      int64_t *at_ms, struct err *err);
int store_last_event(struct store *store, struct timespan span, const struct store_match *match,
                     int64_t *at_ms, struct err *err);

#endif
