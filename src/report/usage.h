/* report/usage.h — the usage window: what was spent since the last reset, by agent and by day.
 *
 * Command line, JSON and GET /usage all read the same struct usage. Computes and never prints.
 * Settings may come from an orchestrator's file; they are read whole or not at all.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_USAGE_H
#define REPORT_USAGE_H

#include "base/err.h"
#include "base/zone.h"

struct arena;
struct config;
struct store;

/* ---- settings ---- */

/* When a window begins anew. */
struct usage_reset {
    struct zone *zone; /* days of the answer are cut here too */
    int weekday;       /* 0 Monday … 6 Sunday */
    int64_t wall_ms;   /* on that day, by the clock of the zone */
    int64_t at_ms;     /* or: at this instant … */
    int every_days;    /* … and every so many days before and after; 0: by weekday */
};
/* "monday 00:00 UTC", or {"weekday","time","timezone"}, or {"at","every_days"}; NULL: Monday 00:00
 * UTC. 0, or -1 with *err, which names what is wrong and what is allowed. */
int usage_reset_read(struct usage_reset *reset, const char *text, struct err *err);
void usage_reset_fini(struct usage_reset *reset);
/* The last reset at or before now, and the next after it. */
int64_t usage_reset_last(const struct usage_reset *reset, int64_t now_ms);
int64_t usage_reset_next(const struct usage_reset *reset, int64_t now_ms);

struct usage_settings;
/* What `config` says, and above it the file config->agents_config. 0, or -1 with *err naming file,
 * key, value and what is allowed. */
int usage_settings_new(struct usage_settings **out, const struct config *config, struct err *err);
void usage_settings_free(struct usage_settings *settings); /* NULL is fine */
const struct usage_reset *usage_settings_reset(const struct usage_settings *settings);

/* ---- the answer ---- */

enum usage_window { USAGE_WEEK, USAGE_DAY, USAGE_ALL, USAGE_WINDOWS };
extern const char *const usage_window_names[USAGE_WINDOWS]; /* "week", … */

enum usage_state { USAGE_GREEN, USAGE_YELLOW, USAGE_ORANGE, USAGE_RED };
extern const char *const usage_state_names[];
/* By whole numbers, never by a rounded percentage. `tokens` > 0. */
enum usage_state usage_state_of(int64_t used, int64_t tokens);

struct usage_part {
    int64_t tasks, turns;
    int64_t input, output, cache_read, cache_creation; /* tokens */
};
static inline int64_t usage_part_tokens(const struct usage_part *p)
{
    return p->input + p->output + p->cache_read + p->cache_creation;
}

#define USAGE_NONE INT64_MIN /* no such time */

struct usage {
    enum usage_window window;
    int64_t now_ms, since_ms, reset_ms; /* UTC, or USAGE_NONE */
    const char *zone_name;
    struct usage_part totals;
    struct usage_agent {
        const char *name, *type;
        const char *model; /* NULL: not known */
        struct usage_part part;
    } * agents; /* most input and output first, then by name */
    size_t agents_n;
    struct usage_date {
        int64_t day; /* of the zone */
        struct usage_part part;
    } * days; /* oldest first */
    size_t days_n;
    int64_t threshold;     /* tokens; 0: none is set */
    int64_t good_until_ms; /* when the answer would be another one */
    bool complete;         /* false: the first read of the logs is still under way */
    int read_permille;     /* how far it is then */
    struct arena *arena;   /* owns what the pointers above lead to */
};

/* 0, or -1 with *err; *out is zeroed then. */
int usage_build(struct store *store, const struct usage_settings *settings,
                enum usage_window window, struct usage *out, struct err *err);
void usage_fini(struct usage *usage);

#endif
