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
}
