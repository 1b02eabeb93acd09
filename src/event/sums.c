/* event/sums.c — see sums.h.
 * SPDX-License-Identifier: MIT
 */
#include "event/sums.h"

void sums_add(struct sums *to, const struct sums *more, int sign)
{
    int kind;

    to->events += sign * more->events;
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        to->tokens[kind] += sign * more->tokens[kind];
    to->web_searches += sign * more->web_searches;
    to->cost_nusd += sign * more->cost_nusd;
    to->logged_nusd += sign * more->logged_nusd;
    to->unpriced_tokens += sign * more->unpriced_tokens;
    to->estimated += sign * more->estimated;
    to->auto_nusd += sign * more->auto_nusd;
    to->auto_unpriced += sign * more->auto_unpriced;
    to->unlogged_tokens += sign * more->unlogged_tokens;
}

const char *const cost_kind_names[COST_KINDS] = {
    [COST_LIST] = "list",
    [COST_LOGGED] = "logged",
    [COST_AUTO] = "auto",
};

bool cost_kind_parse(struct span name, enum cost_kind *kind)
{
    int i;

    for (i = 0; i < COST_KINDS; i++) {
        if (span_is(name, cost_kind_names[i])) {
            *kind = (enum cost_kind)i;
            return true;
        }
    }
    return false;
}

void sums_choose(struct sums *sums, enum cost_kind kind)
{
    if (kind == COST_LOGGED) {
        sums->cost_nusd = sums->logged_nusd;
        sums->unpriced_tokens = sums->unlogged_tokens;
    } else if (kind == COST_AUTO) {
        sums->cost_nusd = sums->auto_nusd;
        sums->unpriced_tokens = sums->auto_unpriced;
    }
}
