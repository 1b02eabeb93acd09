/* report/period.c — rows that are days, weeks, months, or names.
 *
 * Days of the ledger's home zone are read as they are kept; any other zone is put together from
 * quarter hours, since every zone's days begin on one.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

/* The gathering, and where its rows are. */
struct periods {
    struct gather *g;
    bool by_day; /* buckets are days, not quarter hours */
    size_t last; /* index of the row found last; rows come in runs */
};

static const struct name *name_of(struct gather *g, const struct store_sum *sum)
{
    switch (g->query->by) {
    case REPORT_MODEL:
        return sum->model;
    case REPORT_AGENT:
        return sum->origin->agent;
    case REPORT_PROJECT:
        return fold_project(&g->folds, sum->origin->project);
    case REPORT_MACHINE:
        return sum->origin->machine;
    default:
        return NULL;
    }
}

static int64_t key_of(const struct report_query *query, int64_t day, const struct name *name)
{
    switch (query->by) {
    case REPORT_DAY:
        return day;
    case REPORT_WEEK:
        return when_week(day, query->week_start);
    case REPORT_MONTH:
        return when_month(day, 0);
    default:
        return name->id;
    }
}

static const char *text_of(struct gather *g, int64_t key, const struct name *name)
{
    char day[CIVIL_DAY_SIZE];

    if (name)
        return arena_text(g->report->arena, name->text);
    civil_format_day(key, day);
    return arena_text(g->report->arena,
                      (struct span){ day, g->query->by == REPORT_MONTH ? 7 : strlen(day) });
}

static struct gathered *row_for(struct periods *p, int64_t key, const struct name *name)
{
    struct gather *g = p->g;
    size_t i;

    if (g->n > 0 && g->at[p->last].key == key)
        return &g->at[p->last];
    /* Periods come in order, so a new one is not searched for among the old. */
    for (i = 0; name && i < g->n; i++) {
        if (g->at[i].key == key) {
            p->last = i;
            return &g->at[i];
        }
    }
    p->last = g->n;
    gather_add(g, key)->text = text_of(g, key, name);
    return &g->at[p->last];
}

static void take_sum(void *to, const struct store_sum *sum)
{
    struct periods *p = to;
    const struct report_query *q = p->g->query;
    const struct name *name;
    int64_t day;

    if (!gather_wants(p->g, sum))
        return;
    name = name_of(p->g, sum);
    day = p->by_day ? sum->bucket : zone_day_of(q->zone, sum->bucket * MS_PER_QUARTER);
    gather_sum(p->g, row_for(p, key_of(q, day, name), name), day, sum);
}

static int64_t quarter_at(const struct zone *zone, int64_t day)
{
    return floor_div(zone_day_start_ms(zone, day), MS_PER_QUARTER);
}

int gather_periods(struct gather *g, struct err *err)
{
    const struct report_query *q = g->query;
    struct periods p = { .g = g };
    const struct store_sink sink = { take_sum, &p };

    p.by_day = strcmp(store_home(g->store), zone_name(q->zone)) == 0;
    if (p.by_day)
        return store_sum_days(g->store, q->since_day,
                              q->until_day == REPORT_OPEN ? INT64_MAX : q->until_day, &sink, err);
    return store_sum_quarters(
        g->store, q->since_day == REPORT_OPEN ? INT64_MIN : quarter_at(q->zone, q->since_day),
        q->until_day == REPORT_OPEN ? INT64_MAX : quarter_at(q->zone, q->until_day + 1), &sink,
        err);
}
