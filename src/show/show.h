/* show/show.h — a report as text for people and programs.
 *
 * Formats and never asks: everything comes in as a struct report or a plain number. No colour
 * unless told, no terminal control bytes from data ever. Not thread-safe per buffer.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_SHOW_H
#define SHOW_SHOW_H

#include "base/buf.h"
#include "report/report.h"

/* How a table may look. */
struct show_style {
    int width;      /* columns of the terminal; 0: as wide as needed (pipes) */
    bool color;     /* ANSI SGR sequences */
    bool unicode;   /* box lines and dashes beyond ASCII */
    bool compact;   /* the narrow set of columns, however wide the terminal */
    bool breakdown; /* every part of a row on a line of its own below it */
    bool no_cost;
};

/* The table of `tacho daily` and its kind: columns shrink, then leave, until it fits the width.
 * What the reader must know beside it (tokens without a price, rows left out, a first read under
 * way) stands below; a report without rows is one sentence. */
void show_report_table(struct buf *out, const struct report *report,
                       const struct show_style *style);

/* Which of ccusage's shapes: for all agents together, for one, and that of its codex reports. */
enum show_form { SHOW_UNITED, SHOW_OF_AGENT, SHOW_BY_MODEL };
struct show_json {
    int indent; /* 2 for people, 0 on the wire */
    enum show_form form;
    bool by_agent; /* every agent's share of a row too */
    bool no_cost;
};
/* The JSON that ccusage 20 writes for the same command, with our keys added: a list for each of
 * the reports, the totals of the first. "unpriced": true says that a cost is a lower bound. No
 * newline at the end. */
void show_reports_json(struct buf *out, const struct report *reports, size_t n,
                       const struct show_json *how);
void show_report_json(struct buf *out, const struct report *report, int indent);
/* The same rows under the projects they belong to; `whole` has the totals. */
void show_projects_json(struct buf *out, const struct report *whole, const struct report *projects,
                        const char *const *names, const struct show_json *how);

/* Events of one session as JSON: begin, one call each, end. */
struct show_entries;
struct show_entries *show_entries_begin(struct buf *out, const struct show_json *how);
void show_entries_add(struct show_entries *entries, const struct report_entry *entry);
void show_entries_end(struct show_entries *entries, struct span session);

/* RFC 4180, one line per row and a head; with style->breakdown one per part of a row. */
void show_report_csv(struct buf *out, const struct report *report, const struct show_style *style);
/* The widest table as Markdown. */
void show_report_markdown(struct buf *out, const struct report *report,
                          const struct show_style *style);
/* What an active block comes to, as lines; nothing where none is. */
void show_block_rate(struct buf *out, const struct report *report, const struct show_style *style);

/* How a model without a price gets one, as a line; nothing where all have one. */
void show_unpriced(struct buf *out, const struct report *report, const struct show_style *style);
/* What plans are worth, a line each; nothing where there are none. */
void show_plans(struct buf *out, const struct report *report, const struct show_style *style);

/* "today and this week at a glance": the plain `tacho`. `today` and `week` are day reports. */
void show_glance(struct buf *out, const struct report *today, const struct report *week,
                 const struct show_style *style);

/* Numbers as people write them. */
void show_tokens(struct buf *out, int64_t tokens); /* 981, 4.2K, 4.2M, 1.3B */
void show_count(struct buf *out, int64_t n);       /* 3,237 */
void show_bytes(struct buf *out, int64_t bytes);   /* 812 B, 4.0 kB, 1.0 GB */
void show_duration(struct buf *out, int64_t ms);   /* 0.9 s, 12 s, 2h 05m, 1d 14h */
/* $12.34, <$0.01, $1.23+ where a part has no price, a dash where nothing has. */
void show_cost(struct buf *out, const struct sums *s, bool unicode);

/* A model's name as a table has it: without its maker and its date. Lent from `model`. */
struct span show_model_name(const char *model);

/* Text from logs for a terminal: control bytes, bidirectional overrides and what is not UTF-8
 * become '?', and without `unicode` all that is not ASCII. Cut to `width` columns (0: whole) with
 * an ellipsis. */
void show_text(struct buf *out, struct span text, int width, bool unicode);

#endif
