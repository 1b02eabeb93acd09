/* report/block.c — rows that are blocks: stretches of use of five hours.
 *
 * A block begins at the full hour (UTC) before the first event outside any other and lasts five
 * hours; it holds every event from its start up to its end. Where nothing happened for longer than
 * a block after its last event, a gap stands between it and the next. Starts lie on quarter hours,
 * so sums come from quarters and single events are looked at for their times alone.
 *
 * Where a block starts depends on all before it: the chain is followed from the first event on,
 * with one look-up per block.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#define HOURS_USUAL       5
#define QUARTERS_PER_HOUR 4
#define NUSD_PER_CENT     INT64_C(10000000)

struct blocks {
    struct gather *g;
    struct store_match match;
    int64_t length_ms;
    int64_t before_ms; /* last event of the block before; 0: there is none */
    int64_t most;      /* tokens of the largest finished block */
    struct gathered *row;
};

static bool is_wanted(void *to, const struct origin *origin, const struct name *model)
{
    return filter_takes(to, origin, model);
}

/* ---- the figures of one block ---- */

static void take_quarter(void *to, const struct store_sum *sum)
{
    struct blocks *b = to;

    if (gather_wants(b->g, sum))
        gather_sum(b->g, b->row, zone_day_of(b->g->query->zone, sum->bucket * MS_PER_QUARTER), sum);
}

static void count_tokens(void *to, const struct store_sum *sum)
{
    struct blocks *b = to;

    if (gather_wants(b->g, sum))
        b->row->sums.tokens[TOKEN_INPUT] += sums_total(&sum->sums);
}

static int64_t per_hour(int64_t amount, int64_t ms)
{
    return (int64_t)(((__int128)amount * MS_PER_HOUR + ms / 2) / ms);
}

static int64_t in_future(int64_t amount, int64_t ms, int64_t minutes)
{
    return amount + (int64_t)(((__int128)amount * minutes * MS_PER_MINUTE + ms / 2) / ms);
}

static void add_rate(struct report_block *block, const struct gathered *row, int64_t now_ms)
{
    int64_t ms = row->last_ms - row->first_ms;
    int64_t tokens = sums_total(&row->sums);
    int64_t plain = row->sums.tokens[TOKEN_INPUT] + row->sums.tokens[TOKEN_OUTPUT];

    if (!block->active || ms <= 0)
        return;
    block->has_rate = true;
    block->tokens_per_hour = per_hour(tokens, ms);
    block->plain_tokens_per_hour = per_hour(plain, ms);
    block->cost_nusd_per_hour = per_hour(row->sums.cost_nusd, ms);
    block->minutes_left = (block->end_ms - now_ms + MS_PER_MINUTE / 2) / MS_PER_MINUTE;
    block->projected_tokens = in_future(tokens, ms, block->minutes_left);
    block->projected_nusd =
        (in_future(row->sums.cost_nusd, ms, block->minutes_left) + NUSD_PER_CENT / 2) /
        NUSD_PER_CENT * NUSD_PER_CENT;
}

static const char *iso_text(struct gather *g, const char *before, int64_t at_ms)
{
    char text[sizeof("gap-") + CIVIL_TIME_SIZE];
    size_t n = span_copy(span_of(before), text, sizeof(text));

    civil_format_iso(at_ms, text + n);
    return arena_text(g->report->arena, span_of(text));
}

/* ---- one after the other ---- */

static void add_gap(struct blocks *b, int64_t first_ms)
{
    struct report_block *gap = arena_take(b->g->report->arena, sizeof(*gap));
    struct gathered *row;

    gap->gap = true;
    gap->start_ms = b->before_ms + b->length_ms;
    gap->end_ms = first_ms;
    row = gather_add(b->g, gap->start_ms);
    row->text = iso_text(b->g, "gap-", gap->start_ms);
    row->block = gap;
}

static int add_block(struct blocks *b, struct timespan span, int64_t first_ms, int64_t last_ms,
                     struct err *err)
{
    const struct report_query *q = b->g->query;
    const struct store_sink sink = { take_quarter, b };
    struct report_block *block;
    bool active = q->blocks.now_ms - last_ms < b->length_ms && q->blocks.now_ms < span.until_ms;

    if (q->blocks.active_only && !active)
        return 0;
    block = arena_take(b->g->report->arena, sizeof(*block));
    block->start_ms = span.since_ms;
    block->end_ms = span.until_ms;
    block->active = active;
    b->row = gather_add(b->g, span.since_ms);
    b->row->text = iso_text(b->g, "", span.since_ms);
    b->row->block = block;
    b->row->first_ms = first_ms;
    b->row->last_ms = last_ms;
    if (store_sum_quarters(b->g->store, span.since_ms / MS_PER_QUARTER,
                           span.until_ms / MS_PER_QUARTER, &sink, err) < 0)
        return -1;
    add_rate(block, b->row, q->blocks.now_ms);
    return 0;
}

/* A finished block may set the limit. */
static int measure_block(struct blocks *b, struct timespan span, struct err *err)
{
    const struct store_sink sink = { count_tokens, b };
    struct gathered sum = { 0 };

    if (b->g->query->blocks.token_limit != REPORT_LIMIT_MAX ||
        b->g->query->blocks.now_ms < span.until_ms)
        return 0;
    b->row = &sum;
    if (store_sum_quarters(b->g->store, span.since_ms / MS_PER_QUARTER,
                           span.until_ms / MS_PER_QUARTER, &sink, err) < 0)
        return -1;
    if (sum.sums.tokens[TOKEN_INPUT] > b->most)
        b->most = sum.sums.tokens[TOKEN_INPUT];
    return 0;
}

/* Is a time in the span that the query is about? */
static bool is_inside(const struct gather *g, int64_t at_ms)
{
    struct timespan span = gather_span(g);

    return at_ms >= span.since_ms && at_ms < span.until_ms;
}

/* Neither the block nor the gap behind it can begin in the span that the query is about; or only
 * the active one is asked for, and this one is over. */
static bool is_too_early(const struct blocks *b, struct timespan span)
{
    const struct report_blocks *q = &b->g->query->blocks;

    if (q->active_only && span.until_ms <= q->now_ms)
        return true;
    return span.until_ms + b->length_ms <= gather_span(b->g).since_ms;
}

/* The block that begins with the first event in the quarter. Its end goes to *until_ms. */
static int take_block(struct blocks *b, int64_t quarter, int64_t *until_ms, struct err *err)
{
    int64_t hour = floor_div(quarter, QUARTERS_PER_HOUR);
    struct timespan span = { hour * MS_PER_HOUR, hour * MS_PER_HOUR + b->length_ms };
    int64_t first_ms, last_ms;
    int rc;

    *until_ms = span.until_ms;
    if (measure_block(b, span, err) < 0)
        return -1;
    if (is_too_early(b, span)) {
        b->before_ms = 0;
        return 0;
    }
    rc = store_first_event(b->g->store, span, &b->match, &first_ms, err);
    if (rc == 1)
        rc = store_last_event(b->g->store, span, &b->match, &last_ms, err);
    if (rc != 1)
        return rc;
    if (b->before_ms && first_ms - b->before_ms > b->length_ms &&
        !b->g->query->blocks.active_only && is_inside(b->g, b->before_ms + b->length_ms))
        add_gap(b, first_ms);
    b->before_ms = last_ms;
    return is_inside(b->g, span.since_ms) ? add_block(b, span, first_ms, last_ms, err) : 0;
}

int gather_blocks(struct gather *g, struct err *err)
{
    const struct report_blocks *q = &g->query->blocks;
    struct blocks b = { .g = g, .match = { is_wanted, &g->filter } };
    int64_t quarter, until_ms = INT64_MIN;
    int rc = 0;

    b.length_ms = (q->hours > 0 ? q->hours : HOURS_USUAL) * MS_PER_HOUR;
    while (rc == 0 && until_ms < gather_span(g).until_ms) {
        rc = store_next_quarter(g->store,
                                until_ms == INT64_MIN ? INT64_MIN : until_ms / MS_PER_QUARTER,
                                &b.match, &quarter, err);
        if (rc <= 0)
            break;
        rc = take_block(&b, quarter, &until_ms, err);
    }
    g->report->token_limit = q->token_limit == REPORT_LIMIT_MAX ? b.most : q->token_limit;
    return rc;
}
