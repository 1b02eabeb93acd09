/* report/plan.c — what an agent's plan is worth: list cost of its use beside the plan's price.
 *
 *   { "heron": 100, "finch": 19.99 }    dollars a month, by agent
 *
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/mem.h"
#include "base/pick.h"

#include <stdlib.h>

static int add_plan(struct plans *plans, struct span agent, const struct picked *price,
                    struct err *err)
{
    struct plan *plan;
    int64_t nusd;

    if (price->type != PICKED_NUMBER || !picked_nusd(price, &nusd) || nusd <= 0) {
        err_set(err, ERR_USAGE, "plans: %.*s must be dollars a month, such as 100",
                agent.len < 80 ? (int)agent.len : 80, agent.p);
        return -1;
    }
    plans->at = xgrow(plans->at, plans->n, &plans->space, sizeof(*plans->at));
    plan = &plans->at[plans->n++];
    *plan = (struct plan){ .agent = agent, .price_nusd = nusd };
    return 0;
}

int plans_read(struct plans *plans, const char *json, struct err *err)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct picked value, object = { PICKED_OBJECT, span_of(json), false };
    struct span agent;
    size_t at = 0;

    if (!json)
        return 0;
    if (pick_json(object.text, nothing, &value, 0) < 0) {
        err_set(err, ERR_USAGE, "plans: this is no JSON object");
        return -1;
    }
    while (pick_each(object, &at, &agent, &value)) {
        if (add_plan(plans, agent, &value, err) < 0)
            return -1;
    }
    return 0;
}

int report_check_plans(const char *json, struct err *err)
{
    struct plans plans = { 0 };
    int rc = plans_read(&plans, json, err);

    plans_fini(&plans);
    return rc;
}

void plans_add(struct plans *plans, struct span agent, const struct sums *sums)
{
    size_t i;

    for (i = 0; i < plans->n; i++) {
        if (span_eq(plans->at[i].agent, agent))
            sums_add(&plans->at[i].sums, sums, 1);
    }
}

void plans_fill(const struct plans *plans, struct report *report)
{
    size_t i;

    report->plans = arena_take(report->arena, plans->n * sizeof(*report->plans));
    report->plans_n = plans->n;
    for (i = 0; i < plans->n; i++) {
        report->plans[i] = (struct report_plan){
            .agent = arena_text(report->arena, plans->at[i].agent),
            .price_nusd = plans->at[i].price_nusd,
            .sums = plans->at[i].sums,
        };
    }
}

void plans_fini(struct plans *plans)
{
    free(plans->at);
    *plans = (struct plans){ 0 };
}
