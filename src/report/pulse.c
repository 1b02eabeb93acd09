/* report/pulse.c — see pulse.h. SPDX-License-Identifier: MIT
 */
#include "report/pulse.h"

#include "base/civil.h"
#include "store/query.h"

struct pulse {
    int64_t *tokens;
    int64_t first; /* minute since 1970 */
};

static void take(void *to, const struct store_sum *sum)
{
    struct pulse *p = to;

    p->tokens[floor_div(sum->at_ms, MS_PER_MINUTE) - p->first] += sums_total(&sum->sums);
}

int report_pulse(struct store *store, int64_t now_ms, int64_t *tokens, size_t minutes,
                 struct err *err)
{
    int64_t end = floor_div(now_ms, MS_PER_MINUTE) + 1;
    struct pulse p = { tokens, end - (int64_t)minutes };
    struct timespan span = { p.first * MS_PER_MINUTE, end * MS_PER_MINUTE };
    const struct store_sink sink = { take, &p };

    memset(tokens, 0, minutes * sizeof(*tokens));
    return store_sum_events(store, span, &sink, err);
}
