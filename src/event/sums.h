/* event/sums.h — what a set of events adds up to. Plain data; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_SUMS_H
#define EVENT_SUMS_H

#include "event/event.h"

struct sums {
    int64_t events;
    int64_t tokens[TOKEN_KINDS];
    int64_t web_searches;
    int64_t cost_nusd;       /* list price, of the priced part */
    int64_t logged_nusd;     /* what agents said, of the part where they did */
    int64_t unpriced_tokens; /* > 0: cost_nusd is a lower bound, and with no priced token unknown */
    int64_t estimated;       /* events with an inferred number */
    int64_t auto_nusd;       /* per event what the agent said, where that is positive, else list */
    int64_t auto_unpriced;   /* tokens that have neither */
    int64_t unlogged_tokens; /* tokens of which no agent said what they cost */
};

/* Which of the costs a view shows. */
enum cost_kind { COST_LIST, COST_LOGGED, COST_AUTO, COST_KINDS };
extern const char *const cost_kind_names[COST_KINDS]; /* "list", … */
/* The kind of that name. False, and *kind as it was, when there is none. */
bool cost_kind_parse(struct span name, enum cost_kind *kind);
/* Makes that cost the one in cost_nusd and unpriced_tokens; the others stay where they are. */
void sums_choose(struct sums *sums, enum cost_kind kind);

static inline int64_t sums_total(const struct sums *s)
{
    return s->tokens[TOKEN_INPUT] + s->tokens[TOKEN_OUTPUT] + s->tokens[TOKEN_CACHE_READ] +
           s->tokens[TOKEN_CACHE_WRITE_5M] + s->tokens[TOKEN_CACHE_WRITE_1H];
}

static inline int64_t sums_cache_write(const struct sums *s)
{
    return s->tokens[TOKEN_CACHE_WRITE_5M] + s->tokens[TOKEN_CACHE_WRITE_1H];
}

/* Is the whole of it without a price? Then its cost is unknown and must be shown so. */
static inline bool sums_unpriced(const struct sums *s)
{
    return s->unpriced_tokens > 0 && s->unpriced_tokens == sums_total(s);
}

/* to += sign × more; sign is 1 or -1. */
void sums_add(struct sums *to, const struct sums *more, int sign);

#endif
