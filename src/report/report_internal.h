/* report/report_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_REPORT_INTERNAL_H
#define REPORT_REPORT_INTERNAL_H

#include "base/arena.h"
#include "report/report.h"
#include "store/query.h"

/* ---- when.c ---- */

int64_t when_week(int64_t day, int week_start); /* its first day */
int64_t when_month(int64_t day, int back);      /* the first of the month, or of one before */

/* ---- fold.c ---- */

/* Zeroed = none. */
struct folds {
    struct store *store;
    const struct report_query *query;
    const struct name **at; /* by the id of the project */
    size_t n;
    struct name **given; /* by the owner; owned */
    size_t given_n, given_space;
};
/* -1 with *err (ERR_USAGE) where query->project_names is no object of names. */
int folds_init(struct folds *folds, struct store *store, const struct report_query *query,
               struct err *err);
void folds_fini(struct folds *folds);
/* What the project is shown as; lent, as long as the folds live. */
const struct name *fold_project(struct folds *folds, const struct name *project);

/* ---- filter.c ---- */

/* What was decided about an id: unknown, yes, no. */
struct verdicts {
    unsigned char *at;
    size_t n;
};
/* Start with .of and .folds alone. */
struct filter {
    const struct report_filter *of;
    struct folds *folds; /* lent */
    struct verdicts origins, models;
};
bool filter_takes(struct filter *f, const struct origin *origin, const struct name *model);
void filter_fini(struct filter *f);

/* ---- plan.c ---- */

struct plan {
    struct span agent; /* lent from the query */
    int64_t price_nusd;
    struct sums sums;
};
/* Zeroed = none. */
struct plans {
    struct plan *at;
    size_t n, space;
};
/* `json` as in report_query.plans. -1 with *err naming the agent. */
int plans_read(struct plans *plans, const char *json, struct err *err);
void plans_add(struct plans *plans, struct span agent, const struct sums *sums);
void plans_fill(const struct plans *plans, struct report *report);
void plans_fini(struct plans *plans);

/* ---- gather.c: rows while they grow ---- */

struct gathered {
    int64_t key;      /* the period's first day, or an id */
    const char *text; /* what the row is called; owned by the report's arena */
    const char *agent;
    const struct name *project; /* as shown: that of the largest sum so far */
    int64_t project_tokens;
    int64_t first_ms, last_ms;
    const struct report_block *block;
    struct sums sums;
    struct gathered_part {
        const struct name *agent, *model;
        struct sums sums;
    } * parts;
    size_t parts_n, parts_space;
};

struct gather {
    struct store *store;
    const struct report_query *query;
    struct report *report; /* its arena is there from the start */
    struct folds folds;
    struct filter filter;
    struct plans plans;
    int64_t first_day, last_day; /* with use; first > last: none */
    struct gathered *at;
    size_t n, space;
};

struct gathered *gather_add(struct gather *g, int64_t key);
/* Takes a sum of that day into the row, if the filter lets it. */
void gather_sum(struct gather *g, struct gathered *row, int64_t day, const struct store_sum *sum);
/* There was use on that day. */
void gather_day(struct gather *g, int64_t day);
/* Is the sum one that the report is about? */
bool gather_wants(struct gather *g, const struct store_sum *sum);
/* The whole span of the query in milliseconds. */
struct timespan gather_span(const struct gather *g);
/* Moves the rows into the report, in their order, cut to what was asked for. */
void gather_fill(struct gather *g);
void gather_fini(struct gather *g);

/* ---- period.c, session.c, block.c: fill g->at. 0, or -1 with *err ---- */

int gather_periods(struct gather *g, struct err *err); /* and names */
int gather_sessions(struct gather *g, struct err *err);
int gather_blocks(struct gather *g, struct err *err);

#endif
