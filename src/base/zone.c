/* base/zone.c — see zone.h: the steps of a zone and the questions they answer.
 *
 * A day begins when a clock first shows it, and a day that has begun does not end because the clock
 * is turned back over midnight. Both follow from one number per step, `reach_ms`: how far local
 * time had come by the end of the step. It never falls, so it can be searched like the instants.
 *
 * Knows neither files nor rules.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#include "base/mem.h"

#include <stdlib.h>

#define CYCLE_MS (INT64_C(146097) * MS_PER_DAY) /* 400 years, also a whole number of weeks */

struct zone *zone_new(const char *name)
{
    struct zone *zone = xcalloc(1, sizeof(*zone));

    zone->name = xstrdup(name);
    zone->cycle_end_ms = INT64_MAX;
    zone_add_step(zone, -ZONE_EDGE_S, 0);
    return zone;
}

void zone_close(struct zone *zone)
{
    if (!zone)
        return;
    free(zone->steps);
    free(zone->name);
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

static int64_t clamp(int64_t value, int64_t limit)
{
    return value < -limit ? -limit : value > limit ? limit : value;
}

void zone_add_step(struct zone *zone, int64_t from_s, int32_t offset_s)
{
    int64_t from_ms = clamp(from_s, ZONE_EDGE_S) * MS_PER_SECOND;
    size_t i = zone->count;

    while (i > 0 && zone->steps[i - 1].from_ms > from_ms)
        i--;
    if (i > 0 && zone->steps[i - 1].from_ms == from_ms) {
        zone->steps[i - 1].offset_s = offset_s;
        return;
    }
    zone->steps = xgrow(zone->steps, zone->count, &zone->space, sizeof(*zone->steps));
    memmove(zone->steps + i + 1, zone->steps + i, (zone->count - i) * sizeof(*zone->steps));
    zone->steps[i] = (struct zone_step){ .from_ms = from_ms, .offset_s = offset_s };
    zone->count++;
}

static int64_t local_ms(const struct zone_step *step, int64_t at_ms)
{
    return at_ms + step->offset_s * MS_PER_SECOND;
}

void zone_seal(struct zone *zone)
{
    int64_t reach_ms = INT64_MIN;
    size_t i;

    for (i = 0; i + 1 < zone->count; i++) {
        int64_t end_ms = local_ms(&zone->steps[i], zone->steps[i + 1].from_ms);

        if (end_ms > reach_ms)
            reach_ms = end_ms;
        zone->steps[i].reach_ms = reach_ms;
    }
    zone->steps[i].reach_ms = INT64_MAX;
}

/* How much earlier, in whole cycles, a time stands in the table. */
static int64_t cycles_before(const struct zone *zone, int64_t ms)
{
    if (ms < zone->cycle_end_ms)
        return 0;
    return ((ms - zone->cycle_end_ms) / CYCLE_MS + 1) * CYCLE_MS;
}

/* The last step that begins at `at_ms` or before. */
static size_t step_at(const struct zone *zone, int64_t at_ms)
{
    size_t low = 0;
    size_t high = zone->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (zone->steps[middle].from_ms <= at_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The first step in which a clock shows `wall_ms` or later. */
static size_t step_reaching(const struct zone *zone, int64_t wall_ms)
{
    size_t low = 0;
    size_t high = zone->count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->steps[middle].reach_ms > wall_ms)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int32_t zone_offset_s(const struct zone *zone, int64_t at_ms)
{
    at_ms = clamp(at_ms, ZONE_EDGE_MS);
    return zone->steps[step_at(zone, at_ms - cycles_before(zone, at_ms))].offset_s;
}

int64_t zone_day_of(const struct zone *zone, int64_t at_ms)
{
    int64_t cycles_ms, latest_ms;
    size_t i;

    at_ms = clamp(at_ms, ZONE_EDGE_MS);
    cycles_ms = cycles_before(zone, at_ms);
    i = step_at(zone, at_ms - cycles_ms);
    latest_ms = local_ms(&zone->steps[i], at_ms - cycles_ms);
    if (i > 0 && latest_ms < zone->steps[i - 1].reach_ms)
        latest_ms = zone->steps[i - 1].reach_ms - 1; /* turned back: the day goes on */
    return floor_div(latest_ms + cycles_ms, MS_PER_DAY);
}

int64_t zone_wall_ms(const struct zone *zone, int64_t day, int64_t wall_ms)
{
    int64_t local = clamp(day, ZONE_EDGE_MS / MS_PER_DAY) * MS_PER_DAY;
    const struct zone_step *step;
    int64_t cycles_ms, at_ms;

    local = clamp(local + clamp(wall_ms, ZONE_EDGE_MS), ZONE_EDGE_MS);
    cycles_ms = cycles_before(zone, local);
    local -= cycles_ms;
    step = &zone->steps[step_reaching(zone, local)];
    at_ms = local - step->offset_s * MS_PER_SECOND;
    if (at_ms < step->from_ms)
        at_ms = step->from_ms; /* the clock jumped over it */
    return at_ms + cycles_ms;
}

int64_t zone_day_start_ms(const struct zone *zone, int64_t day)
{
    return zone_wall_ms(zone, day, 0);
}

struct civil zone_civil(const struct zone *zone, int64_t at_ms, int64_t *wall_ms)
{
    int64_t local, day;

    at_ms = clamp(at_ms, ZONE_EDGE_MS);
    local = at_ms + zone_offset_s(zone, at_ms) * MS_PER_SECOND;
    day = floor_div(local, MS_PER_DAY);
    if (wall_ms)
        *wall_ms = local - day * MS_PER_DAY;
    return civil_from_day(day);
}
