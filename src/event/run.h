/* event/run.h — the words about runs: one execution of an agent, and what is new of it.
 *
 * Plain data; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_RUN_H
#define EVENT_RUN_H

#include "event/event.h"

/* Stored: never renumber. */
enum run_state { RUN_RUNNING, RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED, RUN_STATES };
extern const char *const run_state_names[RUN_STATES]; /* "running", … */
/* True and *state, or false where there is no such state. */
bool run_state_parse(struct span name, enum run_state *state);

/* How a run comes by its events (stored: never renumber). */
enum run_kind {
    RUN_BY_FOLDER,   /* what stands in its folder among the run folders */
    RUN_BY_DIR,      /* and what stands below a folder that it names, while it runs */
    RUN_BY_SESSIONS, /* the sessions that begin in its folder while it runs; known at its end */
};

/* The kinds of token as runs tell them. */
struct run_tokens {
    int64_t input, output, cache_read, cache_create;
};
static inline struct run_tokens run_tokens_of(const int64_t tokens[TOKEN_KINDS])
{
    return (struct run_tokens){
        tokens[TOKEN_INPUT],
        tokens[TOKEN_OUTPUT],
        tokens[TOKEN_CACHE_READ],
        tokens[TOKEN_CACHE_WRITE_5M] + tokens[TOKEN_CACHE_WRITE_1H],
    };
}
static inline int64_t run_tokens_total(const struct run_tokens *t)
{
    return t->input + t->output + t->cache_read + t->cache_create;
}

/* Something happened to a run and is on the disk. Spans are lent. */
struct run_news {
    enum { RUN_NEWS_STATE, RUN_NEWS_USAGE, RUN_NEWS_LIMIT } kind;
    int64_t run;
    int64_t project_id;                /* STATE */
    enum run_state state;              /* STATE */
    struct span model;                 /* USAGE */
    struct run_tokens more;            /* USAGE: the increment, negative where something went */
    struct allowance requests, tokens; /* LIMIT */
    int64_t resets_at_ms;              /* LIMIT; 0: not told */
};
typedef void run_news_fn(void *to, const struct run_news *news);

#endif
