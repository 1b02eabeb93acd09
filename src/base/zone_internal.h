/* base/zone_internal.h — what the files behind zone.h share; nobody else includes it.
 *
 * A zone is one table of steps: "from this instant on, local time is UTC plus that". The TZif file
 * gives the steps of the past, its rule those of 400 years to come; after them the calendar repeats
 * itself, so a later time is looked up a whole number of 400 years earlier.
 *
 *     zone_find.c   which file or rule a name or the system means
 *     zone_tzif.c   the bytes of a TZif file -> steps
 *     zone_rule.c   "CET-1CEST,M3.5.0,M10.5.0/3" -> steps
 *     zone.c        the steps, and the questions they answer
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ZONE_INTERNAL_H
#define BASE_ZONE_INTERNAL_H

#include "base/zone.h"

#define SECONDS_PER_DAY INT64_C(86400)

/* Times are cut to this (35 million years from now), so that no sum of them overflows. */
#define ZONE_EDGE_S  (INT64_C(1) << 50)
#define ZONE_EDGE_MS (ZONE_EDGE_S * MS_PER_SECOND)

struct zone_step {
    int64_t from_ms;  /* in effect from this instant to the next step */
    int64_t reach_ms; /* the latest local time (excluded) any clock has shown by the step's end */
    int32_t offset_s;
};

struct zone {
    char *name;
    struct zone_step *steps; /* ascending; the first begins at -ZONE_EDGE_MS */
    size_t count;
    size_t space;
    int64_t cycle_end_ms; /* from here on everything is as 400 years before; INT64_MAX: never */
};

/* A zone at UTC for ever, to which steps are added; the name is copied. */
struct zone *zone_new(const char *name);
/* Steps may come slightly out of order; of two at the same instant the later call wins. */
void zone_add_step(struct zone *zone, int64_t from_s, int32_t offset_s);
/* To be called once, after the last step. */
void zone_seal(struct zone *zone);

/* Adds the steps of a TZif file, its rule included. 0, or -1 with *err. */
int zone_read_tzif(struct zone *zone, struct span file, struct err *err);

/* A POSIX TZ rule ("CET-1CEST,M3.5.0,M10.5.0/3") for all time after the zone's last step, or for
 * all time from 1900 on if it has none. False, and nothing changed, if it is no such rule. */
bool zone_add_rule(struct zone *zone, struct span text);

/* Where the system keeps its zones; tests have their own. */
struct zone_places {
    const char *tz;        /* the TZ variable, NULL if not set */
    const char *folder;    /* "/usr/share/zoneinfo" */
    const char *localtime; /* "/etc/localtime" */
    const char *timezone;  /* "/etc/timezone" */
};

/* zone_open with these places. */
int zone_open_at(struct zone **out, const char *name, const struct zone_places *places,
                 struct err *err);

#endif
