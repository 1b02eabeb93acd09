/* report/report.c — questions to the ledger: who gathers, and the sums of one span.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

const char *const report_by_names[REPORT_BYS] = {
    [REPORT_DAY] = "day",         [REPORT_WEEK] = "week",       [REPORT_MONTH] = "month",
    [REPORT_MODEL] = "model",     [REPORT_AGENT] = "agent",     [REPORT_PROJECT] = "project",
    [REPORT_MACHINE] = "machine", [REPORT_SESSION] = "session", [REPORT_BLOCK] = "block",
};

static int gather(struct gather *g, struct err *err)
{
    switch (g->query->by) {
    case REPORT_SESSION:
        return gather_sessions(g, err);
    case REPORT_BLOCK:
        return gather_blocks(g, err);
    default:
        return gather_periods(g, err);
    }
}

static void begin(struct report *report, const struct report_query *q)
{
    *report = (struct report){
        .by = q->by,
        .cost = q->cost,
        .arena = arena_new(),
        .since_day = q->since_day,
        .until_day = q->until_day,
    };
    report->zone_name = arena_text(report->arena, span_of(zone_name(q->zone)));
}

int report_build(struct store *store, const struct report_query *query, struct report *out,
                 struct err *err)
{
    struct gather g = { .store = store, .query = query, .report = out, .first_day = 1 };
    int rc;

    g.filter = (struct filter){ .of = &query->filter, .folds = &g.folds };
    begin(out, query);
    rc = plans_read(&g.plans, query->plans, err);
    if (rc == 0)
        rc = folds_init(&g.folds, store, query, err);
    if (rc == 0)
        rc = gather(&g, err);
    if (rc == 0) {
        gather_fill(&g);
        out->complete = store_is_complete(store, &out->read_permille);
    } else {
        report_fini(out);
    }
    gather_fini(&g);
    return rc;
}

void report_fini(struct report *report)
{
    arena_free(report->arena);
    *report = (struct report){ 0 };
}

/* ---- one span ---- */

static void add_sum(void *to, const struct store_sum *sum)
{
    sums_add(to, &sum->sums, 1);
}

int report_span(struct store *store, struct timespan span, struct sums *out, struct err *err)
{
    int64_t first =
        floor_div(span.since_ms, MS_PER_QUARTER) + (span.since_ms % MS_PER_QUARTER != 0);
    int64_t end = floor_div(span.until_ms, MS_PER_QUARTER);
    const struct store_sink sink = { add_sum, out };
    struct timespan before = span, behind = span;

    *out = (struct sums){ 0 };
    if (first >= end)
        return store_sum_events(store, span, &sink, err);
    /* The quarters that the bounds cut are read event by event. */
    before.until_ms = first * MS_PER_QUARTER;
    behind.since_ms = end * MS_PER_QUARTER;
    if (store_sum_quarters(store, first, end, &sink, err) < 0 ||
        store_sum_events(store, before, &sink, err) < 0)
        return -1;
    return store_sum_events(store, behind, &sink, err);
}
