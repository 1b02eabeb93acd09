/* tui/view.c — see view.h. SPDX-License-Identifier: MIT
 */
#include "tui/view.h"

#include "base/clock.h"
#include "base/mem.h"
#include "report/pulse.h"

#include <stdlib.h>

static int build(struct view *v, struct store *store, enum cost_kind cost, struct err *err)
{
    int64_t today = zone_day_of(v->zone, v->now_ms), monday = today - civil_weekday(today);
    struct timespan week = { zone_day_start_ms(v->zone, monday),
                             zone_day_start_ms(v->zone, today + 1) };
    struct report_query query = { .by = REPORT_MODEL,
                                  .zone = v->zone,
                                  .since_day = today,
                                  .until_day = today,
                                  .cost = cost,
                                  .blocks = { .now_ms = v->now_ms, .active_only = true } };

    if (report_build(store, &query, &v->today, err) < 0)
        return -1;
    query.by = REPORT_SESSION;
    if (report_build(store, &query, &v->sessions, err) < 0)
        return -1;
    query.by = REPORT_BLOCK;
    query.since_day = query.until_day = REPORT_OPEN;
    if (report_build(store, &query, &v->blocks, err) < 0 ||
        report_span(store, week, &v->week, err) < 0 ||
        limits_load(&v->limits, store, v->now_ms, LIMITS_FORECAST, err) < 0)
        return -1;
    sums_choose(&v->week, cost);
    return report_pulse(store, v->now_ms, v->pulse, VIEW_MINUTES, err);
}

int view_load(struct view *view, struct store *store, const struct zone *zone, enum cost_kind cost,
              struct err *err)
{
    struct view *fresh = xcalloc(1, sizeof(*fresh));
    int rc;

    fresh->now_ms = clock_now_ms();
    fresh->zone = zone;
    rc = build(fresh, store, cost, err);
    if (rc == 0) {
        struct view old = *view;

        *view = *fresh;
        *fresh = old;
    }
    view_fini(fresh);
    free(fresh);
    return rc;
}

void view_fini(struct view *view)
{
    report_fini(&view->today);
    report_fini(&view->sessions);
    report_fini(&view->blocks);
    limits_fini(&view->limits);
}
