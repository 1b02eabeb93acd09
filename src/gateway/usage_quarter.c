/* gateway/usage_quarter.c — tokens by quarter of an hour, where the gateway counts them so.
 *
 *   {"date":"2026-11-22","quarterIndex":13,"input":10,"output":20,"totalCost":0.00011}
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "gateway/usage_internal.h"

static const char *const cost_names[] = { "totalCost", "cost", NULL };

/* True and *start_ms, when the bucket says which quarter it is. */
static bool read_start(const json_t *bucket, int64_t *start_ms)
{
    struct span date = usage_text(json_object_get(bucket, "date"));
    int64_t day, quarter;

    if (!date.p || date.len != 10 || !civil_parse_day(date, &day) ||
        !usage_count(json_object_get(bucket, "quarterIndex"), &quarter) ||
        quarter >= MS_PER_DAY / MS_PER_QUARTER)
        return false;
    *start_ms = day * MS_PER_DAY + quarter * MS_PER_QUARTER;
    return true;
}

void tally_quarters(struct tally *t, const json_t *usage, const struct model_name *name)
{
    const json_t *list = json_object_get(usage, "utcQuarterHourTokenUsage");
    size_t i;

    for (i = 0; i < json_array_size(list); i++) {
        const json_t *bucket = json_array_get(list, i);
        struct piece piece = { .name = *name, .amount = amount_read(bucket) };
        struct quarter quarter = {
            .tokens = piece.amount.input + piece.amount.output,
            .output = piece.amount.output,
        };
        int64_t told_nusd = 0;

        if (!read_start(bucket, &quarter.start_ms))
            continue;
        if (quarter.start_ms >= t->now_ms - MS_PER_HOUR) {
            place_money((struct place){ bucket, NULL }, cost_names, &told_nusd);
            piece_price(t, quarter.start_ms, told_nusd, &piece);
            quarter.cost_nusd = piece.cost_nusd;
        }
        t->quarters = xgrow(t->quarters, t->quarters_n, &t->quarters_space, sizeof(*t->quarters));
        t->quarters[t->quarters_n++] = quarter;
    }
}
