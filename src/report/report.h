/* report/report.h — questions to the ledger, answered as one structure that every view draws.
 *
 * Command line, JSON, terminal and web all read the same struct report, so they cannot disagree.
 * Computes and never prints. A report owns its memory (one arena); not thread-safe, but two threads
 * may build reports on two store handles.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/err.h"
#include "base/zone.h"
#include "event/sums.h"

struct arena;
struct store;

enum report_by {
    REPORT_DAY,
    REPORT_WEEK,
    REPORT_MONTH,
    REPORT_MODEL,
    REPORT_AGENT,
    REPORT_PROJECT,
    REPORT_MACHINE,
    REPORT_SESSION,
    REPORT_BLOCK, /* windows of use, some hours long */
    REPORT_BYS,
};
extern const char *const report_by_names[REPORT_BYS]; /* "day", "week", … */

/* Periods and blocks by time, others by tokens; the usual way: time rises, tokens fall. */
enum report_order { REPORT_USUAL, REPORT_ASCENDING, REPORT_DESCENDING };

/* Which events a report is about: lists of globs, NULL-terminated, or NULL for all. Lent. */
struct report_filter {
    const char *const *agents, *const *models, *const *projects, *const *machines;
    const char *only_project; /* exactly this one, or NULL */
    const char *session;      /* exactly this one, or NULL; for REPORT_SESSION */
};

/* How blocks are cut and judged. */
struct report_blocks {
    int64_t now_ms;      /* decides which one is active */
    int64_t hours;       /* length; 0: five */
    int64_t token_limit; /* of a block; 0: none told, REPORT_LIMIT_MAX: the most of any before */
    bool active_only;
};
#define REPORT_LIMIT_MAX (-1)

struct report_query {
    enum report_by by;
    const struct zone *zone; /* lent; days are cut here */
    int64_t since_day;       /* first day of the zone, or REPORT_OPEN */
    int64_t until_day;       /* last day, included, or REPORT_OPEN */
    enum report_order order;
    struct report_filter filter;
    struct report_blocks blocks;
    int week_start; /* 0 Monday … 6 Sunday */
    enum cost_kind cost;
    bool unfolded;             /* folders of one repository are not one project */
    const char *project_names; /* {"folder": "what it is called", …} as JSON, or NULL; lent */
    const char *plans;         /* {"agent": dollars a month, …} as JSON, or NULL; lent */
    int64_t limit, offset;     /* rows; limit 0: all */
};
#define REPORT_OPEN INT64_MIN

/* A part of a row: one model of one agent. */
struct report_part {
    const char *agent; /* "claude" */
    const char *model; /* as logged */
    struct sums sums;
};

/* A stretch of use that began at a full hour, or the gap between two of them. While it is active
 * there is a rate, and what it comes to if it goes on like that. */
struct report_block {
    int64_t start_ms, end_ms;
    bool active, gap;
    bool has_rate;                 /* active, and its events do not all fall in one moment */
    int64_t tokens_per_hour;       /* all kinds */
    int64_t plain_tokens_per_hour; /* input and output alone */
    int64_t cost_nusd_per_hour;
    int64_t minutes_left;
    int64_t projected_tokens, projected_nusd; /* at its end */
};

struct report_row {
    const char *key; /* "2026-11-22", "2026-11", a model, …; never NULL */
    int64_t day;     /* first day of the period; REPORT_OPEN where rows are no periods */
    /* Of sessions and blocks; 0 and NULL elsewhere. */
    int64_t first_ms, last_ms;   /* events inside the span, whatever filters leave of them */
    const char *when;            /* "2026-11-22 14:05" in the zone: last use, or a block's start */
    const char *agent, *project; /* a session's; of several projects that of most tokens */
    const struct report_block *block;
    struct sums sums;
    struct report_part *parts; /* most tokens first, then model, then agent */
    size_t parts_n;
};

/* What an agent's plan is worth: list cost of its use, whatever cost the rows show. */
struct report_plan {
    const char *agent;
    int64_t price_nusd; /* a month */
    struct sums sums;   /* of the days that the report covers */
};

struct report {
    enum report_by by;
    enum cost_kind cost; /* which one the sums have in cost_nusd */
    const char *zone_name;
    int64_t since_day, until_day; /* what was covered: the query's, else first and last with use */
    struct report_row *rows;      /* periods by time, others by tokens; days without use left out */
    size_t rows_n;
    int64_t rows_total;  /* before limit and offset */
    struct sums totals;  /* of all rows, before limit and offset */
    int64_t token_limit; /* of a block, as found out; 0: none */
    struct report_plan *plans;
    size_t plans_n;
    bool complete;       /* false: the first read of the logs is still under way */
    int read_permille;   /* how far it is then */
    struct arena *arena; /* owns what the pointers above lead to */
};

/* Returns 0, or -1 with *err; *out is zeroed then. */
int report_build(struct store *store, const struct report_query *query, struct report *out,
                 struct err *err);
void report_fini(struct report *report);

/* Can a report be asked with these plans? 0, or -1 with *err (ERR_USAGE) naming what is wrong. */
int report_check_plans(const char *plans, struct err *err);

/* One event of a session. */
struct report_entry {
    int64_t at_ms;
    const char *model;
    struct sums sums;
};
/* Every event of the session that query->filter names, in order of time, in the query's cost; the
 * other filters and bounds do not count. 1 when there is such a session, 0 when not, -1. */
int report_entries(struct store *store, const struct report_query *query,
                   void (*entry)(void *to, const struct report_entry *entry), void *to,
                   struct err *err);

/* The sums of one span of time to the millisecond, any zone. */
int report_span(struct store *store, struct timespan span, struct sums *out, struct err *err);

#endif
