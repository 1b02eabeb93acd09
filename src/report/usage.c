/* report/usage.c — gather the sums of a window by agent and by day.
 *
 * Days of the ledger's usage zone are read as they are kept; the part of a day that a window begins
 * with, and everything while the zone is another, is put together from events. A session that began
 * before the window counts in it on the day of its first event there.
 * SPDX-License-Identifier: MIT
 */
#include "report/usage_internal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/tasks.h"

#include <stdlib.h>

/* A window this many days long at most also lists its days without use. */
#define FILLED_DAYS_MAX 36525

const char *const usage_window_names[USAGE_WINDOWS] = {
    [USAGE_WEEK] = "week",
    [USAGE_DAY] = "day",
    [USAGE_ALL] = "all",
};

const char *const usage_state_names[] = {
    [USAGE_GREEN] = "green",
    [USAGE_YELLOW] = "yellow",
    [USAGE_ORANGE] = "orange",
    [USAGE_RED] = "red",
};

enum usage_state usage_state_of(int64_t used, int64_t tokens)
{
    __extension__ typedef __int128 wide;
    wide percent = (wide)used * 100, whole = tokens;

    if (percent < 50 * whole)
        return USAGE_GREEN;
    if (percent < 80 * whole)
        return USAGE_YELLOW;
    return percent <= 95 * whole ? USAGE_ORANGE : USAGE_RED;
}

/* ---- gathering ---- */

/* Finds rows by a hash; open addressing over their indexes. */
struct index {
    uint32_t *slots; /* index + 1 */
    size_t space;    /* power of two, or 0 */
};

struct gather {
    const struct usage_settings *settings;
    bool by_day; /* what comes is of whole days, not of instants */
    struct usage_agent *agents;
    size_t agents_n, agents_space;
    struct index agents_index;
    struct usage_date *days;
    size_t days_n, days_space;
    struct index days_index;
    struct arena *arena;
};

static void index_put(struct index *index, uint64_t hash, size_t i)
{
    size_t slot = hash & (index->space - 1);

    while (index->slots[slot])
        slot = (slot + 1) & (index->space - 1);
    index->slots[slot] = (uint32_t)(i + 1);
}

/* Room for one more than `n`. True when everything has to be put in again. */
static bool index_grow(struct index *index, size_t n)
{
    if ((n + 1) * 2 <= index->space)
        return false;
    index->space = index->space ? index->space * 2 : 64;
    free(index->slots);
    index->slots = xcalloc(index->space, sizeof(*index->slots));
    return true;
}

static uint64_t agent_hash(struct span name, struct span type, struct span model)
{
    return hash_span_seed(name, hash_span_seed(type, hash_span(model)));
}

static uint64_t stored_hash(const struct usage_agent *a)
{
    return agent_hash(span_of(a->name), span_of(a->type), span_of(a->model ? a->model : ""));
}

static struct usage_part *agent_part(struct gather *g, struct span name, struct span type,
                                     struct span model)
{
    uint64_t hash = agent_hash(name, type, model);
    struct usage_agent *a;
    size_t slot, i;

    if (index_grow(&g->agents_index, g->agents_n)) {
        for (i = 0; i < g->agents_n; i++)
            index_put(&g->agents_index, stored_hash(&g->agents[i]), i);
    }
    for (slot = hash & (g->agents_index.space - 1); g->agents_index.slots[slot];
         slot = (slot + 1) & (g->agents_index.space - 1)) {
        a = &g->agents[g->agents_index.slots[slot] - 1];
        if (span_is(name, a->name) && span_is(type, a->type) &&
            span_is(model, a->model ? a->model : ""))
            return &a->part;
    }
    g->agents = xgrow(g->agents, g->agents_n, &g->agents_space, sizeof(*g->agents));
    a = &g->agents[g->agents_n];
    *a = (struct usage_agent){ .name = arena_text(g->arena, name),
                               .type = arena_text(g->arena, type),
                               .model = model.len > 0 ? arena_text(g->arena, model) : NULL };
    index_put(&g->agents_index, hash, g->agents_n++);
    return &a->part;
}

static struct usage_part *day_part(struct gather *g, int64_t day)
{
    size_t slot, i;

    if (index_grow(&g->days_index, g->days_n)) {
        for (i = 0; i < g->days_n; i++)
            index_put(&g->days_index, hash_mix(0, (uint64_t)g->days[i].day), i);
    }
    slot = hash_mix(0, (uint64_t)day) & (g->days_index.space - 1);
    for (; g->days_index.slots[slot]; slot = (slot + 1) & (g->days_index.space - 1)) {
        if (g->days[g->days_index.slots[slot] - 1].day == day)
            return &g->days[g->days_index.slots[slot] - 1].part;
    }
    g->days = xgrow(g->days, g->days_n, &g->days_space, sizeof(*g->days));
    g->days[g->days_n] = (struct usage_date){ .day = day };
    g->days_index.slots[slot] = (uint32_t)(g->days_n + 1);
    return &g->days[g->days_n++].part;
}

static void add_part(struct usage_part *to, const struct usage_part *more)
{
    to->tasks += more->tasks;
    to->turns += more->turns;
    to->input += more->input;
    to->output += more->output;
    to->cache_read += more->cache_read;
    to->cache_creation += more->cache_creation;
}

static void take_derived(struct gather *g, const struct usage_sum *sum,
                         const struct usage_part *part)
{
    struct span name = usage_settings_alias(g->settings, sum->origin->project->text);
    const struct usage_part task = { .tasks = part->tasks };
    struct usage_part use = *part;

    if (!name.p)
        name = sum->agent;
    use.tasks = 0;
    if (task.tasks != 0) /* what sub-agents spend is nobody's task but the session's */
        add_part(agent_part(g, name, SPAN_LIT("main"), sum->model), &task);
    if (use.turns != 0)
        add_part(agent_part(g, name, sum->type, sum->model), &use);
}

/* What a task does not tell may be known of its agent. */
static void take_reported(struct gather *g, const struct usage_sum *sum,
                          const struct usage_part *part)
{
    const struct usage_known *known = usage_settings_agent(g->settings, sum->agent);
    struct span type = sum->type, model = sum->model;

    if (type.len == 0)
        type = known && known->type.p ? known->type : SPAN_LIT("unknown");
    if (model.len == 0 && known && known->model.p)
        model = known->model;
    add_part(agent_part(g, sum->agent, type, model), part);
}

static void take_sum(void *to, const struct usage_sum *sum)
{
    struct gather *g = to;
    const struct usage_part part = { sum->tasks,  sum->turns,      sum->input,
                                     sum->output, sum->cache_read, sum->cache_creation };
    int64_t day = g->by_day ? sum->at : zone_day_of(g->settings->reset.zone, sum->at);

    if (sum->at != USAGE_EVER)
        add_part(day_part(g, day), &part);
    if (!sum->agent.p)
        return;
    if (sum->origin)
        take_derived(g, sum, &part);
    else
        take_reported(g, sum, &part);
}

/* ---- from the ledger ---- */

/* All that is kept by days of the zone; *edge becomes what must be read event by event. */
static int read_days(struct store *store, struct gather *g, struct timespan *edge, struct err *err)
{
    const struct zone *zone = g->settings->reset.zone;
    const struct usage_sink sink = { take_sum, g };
    int64_t day;
    int rc;

    edge->until_ms = edge->since_ms;
    g->by_day = true;
    if (edge->since_ms == INT64_MIN) {
        rc = store_usage_ever(store, &sink, err);
    } else {
        day = zone_day_of(zone, edge->since_ms);
        if (zone_day_start_ms(zone, day) != edge->since_ms)
            edge->until_ms = zone_day_start_ms(zone, ++day);
        rc = store_usage_days(store, day, &sink, err);
    }
    g->by_day = false;
    return rc;
}

/* Everything from `since_ms` on; INT64_MIN: ever. */
static int read_sums(struct store *store, struct gather *g, int64_t since_ms, struct err *err)
{
    const struct usage_sink sink = { take_sum, g };
    struct timespan edge = { since_ms, INT64_MAX };

    if (strcmp(store_usage_zone(store), zone_name(g->settings->reset.zone)) == 0 &&
        read_days(store, g, &edge, err) < 0)
        return -1;
    if (edge.until_ms == INT64_MIN)
        return 0;
    if (edge.until_ms > edge.since_ms && store_usage_events(store, edge, &sink, err) < 0)
        return -1;
    return store_usage_sessions(store, edge, &sink, err);
}

/* ---- into the answer ---- */

static int order_agents(const void *a, const void *b)
{
    const struct usage_agent *x = a, *y = b;
    int64_t m = x->part.input + x->part.output, n = y->part.input + y->part.output;
    int order = (m < n) - (m > n);

    if (order == 0)
        order = strcmp(x->name, y->name);
    if (order == 0)
        order = strcmp(x->type, y->type);
    return order ? order : strcmp(x->model ? x->model : "", y->model ? y->model : "");
}

static int order_days(const void *a, const void *b)
{
    const struct usage_date *x = a, *y = b;

    return (x->day > y->day) - (x->day < y->day);
}

/* Days without use have their place too, up to today. */
static void fill_days(struct gather *g, const struct usage *u)
{
    const struct zone *zone = g->settings->reset.zone;
    int64_t today = zone_day_of(zone, u->now_ms), day;

    if (u->since_ms == USAGE_NONE)
        return;
    day = zone_day_of(zone, u->since_ms);
    if (today - day > FILLED_DAYS_MAX)
        return;
    for (; day <= today; day++)
        day_part(g, day);
}

static void fill(struct gather *g, struct usage *u)
{
    size_t i;

    fill_days(g, u);
    for (i = 0; i < g->days_n; i++)
        add_part(&u->totals, &g->days[i].part);
    u->agents_n = g->agents_n;
    u->agents = arena_take(g->arena, g->agents_n * sizeof(*g->agents) + 1);
    u->days_n = g->days_n;
    u->days = arena_take(g->arena, g->days_n * sizeof(*g->days) + 1);
    if (g->agents_n > 0) {
        memcpy(u->agents, g->agents, g->agents_n * sizeof(*g->agents));
        qsort(u->agents, u->agents_n, sizeof(*u->agents), order_agents);
    }
    if (g->days_n > 0) {
        memcpy(u->days, g->days, g->days_n * sizeof(*g->days));
        qsort(u->days, u->days_n, sizeof(*u->days), order_days);
    }
}

static void set_window(struct usage *u, const struct usage_reset *reset, struct store *store)
{
    int64_t today = zone_day_of(reset->zone, u->now_ms);
    int64_t midnight = zone_day_start_ms(reset->zone, today + 1);

    u->since_ms = u->reset_ms = USAGE_NONE;
    u->good_until_ms = midnight;
    switch (u->window) {
    case USAGE_WEEK:
        u->since_ms = usage_reset_last(reset, u->now_ms);
        u->reset_ms = usage_reset_next(reset, u->now_ms);
        if (u->reset_ms < midnight)
            u->good_until_ms = u->reset_ms;
        break;
    case USAGE_DAY:
        u->since_ms = zone_day_start_ms(reset->zone, today);
        u->reset_ms = midnight;
        break;
    default:
        if (store_usage_first_ms(store) != TASK_NULL)
            u->since_ms = store_usage_first_ms(store);
    }
}

int usage_build(struct store *store, const struct usage_settings *settings,
                enum usage_window window, struct usage *out, struct err *err)
{
    struct gather g = { .settings = settings, .arena = arena_new() };
    struct usage u = { .window = window,
                       .now_ms = clock_now_ms(),
                       .threshold = settings->threshold,
                       .arena = g.arena };
    int rc = store_snapshot_begin(store, err);

    *out = (struct usage){ 0 };
    if (rc == 0) {
        u.zone_name = arena_text(g.arena, span_of(zone_name(settings->reset.zone)));
        u.complete = store_is_complete(store, &u.read_permille);
        set_window(&u, &settings->reset, store);
        rc = read_sums(store, &g, window == USAGE_ALL ? INT64_MIN : u.since_ms, err);
        store_snapshot_end(store);
    }
    if (rc == 0) {
        fill(&g, &u);
        *out = u;
    } else {
        arena_free(g.arena);
    }
    free(g.agents);
    free(g.agents_index.slots);
    free(g.days);
    free(g.days_index.slots);
    return rc;
}

void usage_fini(struct usage *usage)
{
    arena_free(usage->arena);
    *usage = (struct usage){ 0 };
}
