/* report/sources.h — where every agent's logs are looked for, what was found, what not understood.
 *
 * Looks at the ledger and at which files are there; opens a log only to number a strange line.
 * Owns its memory; not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_SOURCES_H
#define REPORT_SOURCES_H

#include "base/err.h"
#include "source/source.h"

struct store;

struct sources_root {
    char *path;
    bool found;
};

struct sources_problem {
    int64_t lines;
    char *path;   /* of a file that has one */
    int64_t line; /* in it, from 1; 0: not to be told (no lines, or the file is gone) */
};

struct sources_agent {
    const struct source *source;
    bool off; /* switched off in the configuration */
    struct sources_root *roots;
    size_t roots_n;
    int64_t files, bytes; /* that are there and were read */
    int64_t events, first_ms, last_ms;
    struct sources_problem problems[PROBLEM_KINDS];
    /* More than 2 % of what should hold usage is not understood: the format may have changed. */
    bool changed;
};

struct sources_report {
    struct sources_agent *agents; /* in the order of the registry */
    size_t n;
};

/* 0, or -1 with *err. */
int sources_report(struct store *store, const struct source_env *env, struct sources_report *out,
                   struct err *err);
void sources_fini(struct sources_report *report);

#endif
