/* gateway/usage_internal.h — what the files behind usage.h share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_USAGE_INTERNAL_H
#define GATEWAY_USAGE_INTERNAL_H

#include "base/civil.h"
#include "gateway/usage.h"

#define WINDOW_MS (5 * MS_PER_HOUR)

/* ---- usage_read.c: one value, or the first readable one of several names ---- */

/* An object, or one laid over another: a key that is null or missing above is looked up below. */
struct place {
    const json_t *over, *under; /* NULL, or anything at all */
};

/* Below, `names` mean the same, best first; the list ends with NULL. */

/* Each: true and *out, or false when the value is absent, malformed or impossible. */
bool usage_number(const json_t *value, double *out);
bool usage_count(const json_t *value, int64_t *out);  /* fractions truncate; 0 … 10^12 */
bool usage_money(const json_t *value, int64_t *nusd); /* dollars, 0 … 10^9 */
bool usage_time(const json_t *value, int64_t *at_ms); /* ISO, epoch seconds or milliseconds */
/* The same, and a small number is seconds from now. */
bool usage_reset(const json_t *value, int64_t now_ms, int64_t *at_ms);
struct span usage_text(const json_t *value); /* trimmed, not empty, lent; else absent */
bool usage_is_empty(const json_t *value);    /* absent, null, false, 0 or without content */

struct span usage_keep(struct arena *arena, struct span text); /* a copy; absent stays absent */

const json_t *place_get(struct place place, const char *key); /* NULL for null too */
bool place_count(struct place place, const char *const *names, int64_t *out);
bool place_money(struct place place, const char *const *names, int64_t *nusd);
bool place_time(struct place place, const char *const *names, int64_t *at_ms);
struct span place_text(struct place place, const char *const *names);

int64_t usage_add(int64_t a, int64_t b); /* both >= 0; stops at INT64_MAX */

/* ---- usage_name.c: who made it ---- */

struct model_name {
    struct span key, provider, model; /* normalised; of the arena */
    struct span raw;                  /* as sent, trimmed, or "unknown"; lent */
    bool is_told;                     /* a model was named at all */
};
struct model_name model_name_read(struct arena *arena, const json_t *object);

/* ---- usage_price.c ---- */

struct amount {
    int64_t input, output, cache_read, cache_write;
};
/* The list price then, in whole hundred-millionths of a dollar. False when no row was found. */
bool amount_price(const struct gateway_prices *prices, const struct model_name *name, int64_t at_ms,
                  const struct amount *amount, int64_t *nusd);
/* What was left out of the price file, or NULL. */
const char *gateway_prices_problem(const struct gateway_prices *prices);

/* ---- the document while it is being made ---- */

/* Tokens that one model made: of a session, or of all of them. */
struct piece {
    struct model_name name;
    struct amount amount;
    int64_t calls, cost_nusd;
    bool unpriced;
};

struct session_sum {
    struct span id, label, model;
    int64_t tokens, output, cost_nusd;
    int64_t updated_ms, activity_ms; /* 0: not told; the latter may be when it was created */
};

/* A quarter of an hour of one session. */
struct quarter {
    int64_t start_ms, tokens, output;
    int64_t cost_nusd; /* only of the last hour */
};

/* Filled by sessions first, then read by the parts of the document, each of which may rest on those
 * before it: providers, window, models, current, burn, prediction. */
struct tally {
    const struct gateway_settings *settings;
    struct gateway_usage *out;
    int64_t now_ms;
    struct place status;           /* usage.status laid over usage.cost */
    const json_t *cost, *sessions; /* the objects that were answered; sessions may be a list */
    struct piece *pieces;
    size_t pieces_n, pieces_space;
    struct session_sum *sums;
    size_t sums_n, sums_space;
    struct quarter *quarters;
    size_t quarters_n, quarters_space;
    bool has_token_limit; /* a limit of tokens of its own, not one lent from another */
};

/* ---- usage_session.c, usage_model.c, usage_quarter.c ---- */

void tally_sessions(struct tally *t); /* pieces, sums, quarters */
void tally_quarters(struct tally *t, const json_t *usage, const struct model_name *name);
void tally_fill_models(struct tally *t); /* per_model, and the sums of current */
void tally_fill_top(struct tally *t);    /* top_sessions */
/* A piece out of an entry of modelUsage or byModel. False: it says nothing. */
bool piece_read(const struct tally *t, const json_t *entry, int64_t at_ms, struct piece *piece);
/* Tokens below these names of a block. */
struct amount amount_read(const json_t *block);
/* Fills in cost and unpriced; `told_nusd` is what the gateway says, 0 if nothing. */
void piece_price(const struct tally *t, int64_t at_ms, int64_t told_nusd, struct piece *piece);

/* ---- usage_window.c, usage_current.c, usage_speed.c, usage_provider.c ---- */

void tally_fill_providers(struct tally *t);
void tally_fill_window(struct tally *t);
void tally_fill_current(struct tally *t);
void tally_fill_burn(struct tally *t);
void tally_fill_prediction(struct tally *t);

#endif
