/* source/common.h — what several agents' formats have in common. Room-internal, no state.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_COMMON_H
#define SOURCE_COMMON_H

#include "base/pick.h"
#include "source/source.h"

/* More than one response can have; what says more is PROBLEM_SUSPICIOUS. */
#define EVENT_TOTAL_MAX INT64_C(1000000000)       /* tokens */
#define EVENT_COST_MAX  INT64_C(1000000000000000) /* nanodollars: a million dollars */

/* Notes what is wrong with a line; answers SCAN_BAD. */
enum scan scan_bad(struct scanner *s, enum problem problem);

/* ---- figures ---- */

/* Counters as agents write them. */
struct counters {
    int64_t input, output, cache_read, cache_write_5m, cache_write_1h, reasoning;
};
enum convention {
    INPUT_IS_FRESH,  /* cache reads and writes come on top of input */
    INPUT_IS_PROMPT, /* input holds them: fresh is what is left */
};
/* `output` holds the reasoning already. False where no response can have such figures; reasoning
 * is cut to output, and the cache's parts to the prompt. */
bool figures_set(struct figures *f, const struct counters *c, enum convention convention);

/* What the agent says a response cost, in dollars; COST_UNTOLD for nothing, nonsense and 0 (which
 * is what agents write where they know no price). */
int64_t logged_cost(const struct picked *dollars);

/* Reads the integers of slots[0…n) into values, absent ones as 0. False: one of them is none. */
bool read_counts(const struct picked *picked, const int *slots, int64_t *values, int n);

/* The same of rows: integers of cells[0…n), absent ones as 0, negative ones too. */
bool cell_counts(const struct cell *cells, int64_t *values, int n);
int64_t cell_cost(const struct cell *dollars); /* as logged_cost */

/* Of copies whose figures only grow, the larger stands. A total order. */
source_choose_fn choose_larger;
/* Each counter is the larger of both. */
source_join_fn join_counters;
/* So are the prompt as a whole, what of it the cache had to do with, and output; fresh input is
 * what is left of the prompt. For logs whose input holds the cached part. */
source_join_fn join_prompt;

/* ---- paths and times ---- */

/* The n-th folder or name of a path below a root, from 0; absent behind the end. */
struct span path_part(struct span below, int n);
struct span path_name(struct span below); /* the last one */
/* That name without the first of its endings: "s" of "a/s.jsonl.reset.1". */
struct span path_stem(struct span below);

/* The text, or "unknown" where it is empty or absent. */
struct span known(struct span text);

/* A root "<variable, or home/fallback>/<folder>"; `variable` and `folder` may be NULL. */
struct home_root {
    const char *variable, *fallback, *folder;
};
void add_home_root(const struct source_env *env, const struct home_root *root, source_root_fn *add,
                   void *to);

/* The first `"<key>":"<RFC 3339>"` in a file's first bytes. */
bool first_time_of(struct span head, const char *key, int64_t *at_ms);
/* The last line's "timestamp" in whole lines, looked for from their end and not too far back. */
bool last_time_of(struct span lines, int64_t *at_ms);

/* The value of `key = "…"` above the first table of a TOML text; empty where there is none. */
struct span toml_text(struct span toml, const char *key);

/* The text of a string value, or what stands for it where there is none or it is empty. */
struct span text_or(const struct picked *value, char *scratch, size_t size, struct span otherwise);

#endif
