/* ingest/feed.h — from bytes to members: one file while it is read (lines.c). Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_FEED_H
#define INGEST_FEED_H

#include "ingest/ingest_internal.h"

struct run_limits;
/* One file while it is read. */
struct feed {
    const struct source *source;
    const struct format *format;
    struct scanner scanner; /* below, mtime_ms and memory are set by the caller */
    struct store *store;
    struct pending *pending;
    struct threads *threads;
    const struct name *agent, *machine, *account;
    const char *home; /* whose projects' folders are here to be looked at; NULL: nobody's */
    int64_t run;      /* whose log it is, or 0; a run's lines are all looked at */
    int64_t problems[PROBLEM_KINDS];   /* since the caller last looked */
    int64_t problem_at[PROBLEM_KINDS]; /* offset of the first of each */
    int64_t events, observations;
    struct sightings *sightings; /* where observations go; NULL: nowhere */
    struct run_limits *limits;   /* where a run's go as well */
    struct err err;              /* kind set: the ledger refused a name; stop */
};
/* Whole lines that begin at `offset` of the file. */
void feed_lines(struct feed *feed, struct span lines, int64_t offset);
/* A document, whole. */
void feed_document(struct feed *feed, struct span document);
/* A row that a database answered to a question of this topic. */
void feed_row(struct feed *feed, int topic, const struct cell *cells);
/* The bytes behind the last newline: counted if they are a whole line already. */
void feed_rest(struct feed *feed, struct span rest);
/* Something strange at this offset: `line`, or absent where it is too long to look at. */
void feed_problem(struct feed *feed, enum problem problem, int64_t offset, struct span line);

#endif
