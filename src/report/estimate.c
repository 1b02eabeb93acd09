/* report/estimate.c — see estimate.h.
 *
 * The 90th percentile by nearest rank: of ten finished blocks, the second largest.
 * SPDX-License-Identifier: MIT
 */
#include "report/estimate.h"

#include "base/mem.h"
#include "report/report.h"

#include <stdlib.h>

#define DAYS_BACK    30
#define BLOCKS_LEAST 5 /* fewer say nothing */
#define PERCENTILE   90

static int rising(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static struct estimate estimate_of(const struct report *blocks, int64_t now_ms)
{
    int64_t *tokens = xcalloc(blocks->rows_n + 1, sizeof(int64_t));
    struct estimate e = { 0 };
    size_t i;

    for (i = 0; i < blocks->rows_n; i++) {
        const struct report_row *row = &blocks->rows[i];

        if (row->block->gap)
            continue;
        if (row->block->end_ms <= now_ms) {
            tokens[e.blocks++] = sums_total(&row->sums);
        } else {
            e.used_tokens = sums_total(&row->sums);
            e.began_ms = row->block->start_ms;
            e.resets_at_ms = row->block->end_ms;
        }
    }
    qsort(tokens, (size_t)e.blocks, sizeof(int64_t), rising);
    if (e.blocks >= BLOCKS_LEAST)
        e.limit_tokens = tokens[(e.blocks * PERCENTILE + 99) / 100 - 1];
    free(tokens);
    return e;
}

static int estimate_agent(struct store *store, const struct report_query *month, const char *agent,
                          const struct estimate_sink *sink, struct err *err)
{
    const char *const only[] = { agent, NULL };
    struct report_query query = *month;
    struct estimate estimate;
    struct report blocks;

    query.by = REPORT_BLOCK;
    query.filter.agents = only;
    if (report_build(store, &query, &blocks, err) < 0)
        return -1;
    estimate = estimate_of(&blocks, query.blocks.now_ms);
    report_fini(&blocks);
    if (estimate.limit_tokens > 0)
        sink->take(sink->to, agent, &estimate);
    return 0;
}

int report_estimates(struct store *store, int64_t now_ms, const struct estimate_sink *sink,
                     struct err *err)
{
    struct report_query query = { .by = REPORT_AGENT,
                                  .until_day = REPORT_OPEN,
                                  .blocks = { .now_ms = now_ms } };
    struct report agents = { 0 };
    struct zone *utc = NULL;
    int rc = -1;
    size_t i;

    if (zone_open(&utc, "UTC", err) < 0)
        return -1;
    query.zone = utc;
    query.since_day = zone_day_of(utc, now_ms) - DAYS_BACK;
    rc = report_build(store, &query, &agents, err);
    for (i = 0; rc == 0 && i < agents.rows_n; i++) {
        if (sink->wants(sink->to, agents.rows[i].key))
            rc = estimate_agent(store, &query, agents.rows[i].key, sink, err);
    }
    report_fini(&agents);
    zone_close(utc);
    return rc;
}
