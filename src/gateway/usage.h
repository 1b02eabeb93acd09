/* gateway/usage.h — from a gateway's answers to the document about it.
 *
 * A pure function: reads no clock, no network, no file (prices are opened apart). Nothing that a
 * gateway sends makes it fail: what cannot be read counts as absent, what is missing is told in
 * "sources". Every rule stands in docs/gateways.md. Not thread-safe; documents share nothing but
 * the prices.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_USAGE_H
#define GATEWAY_USAGE_H

#include "base/err.h"
#include "gateway/document.h"

#include <jansson.h>

struct config;

/* ---- in: what the gateway answered ---- */

enum gateway_answer_state {
    GATEWAY_NO_ANSWER, /* not asked, or the connection was lost */
    GATEWAY_ANSWERED,
    GATEWAY_TIMED_OUT,
    GATEWAY_REFUSED, /* `error` says why */
};

struct gateway_answer {
    enum gateway_answer_state state;
    const json_t *payload; /* lent for the call; of GATEWAY_ANSWERED; any JSON at all */
    const char *error;     /* lent for the call; one sentence without secrets, or NULL */
};

/* Which method the sessions came from. */
enum gateway_sessions {
    GATEWAY_SESSIONS_GUESS, /* look at the answer's shape */
    GATEWAY_SESSIONS_USAGE, /* sessions.usage: sums of whole sessions */
    GATEWAY_SESSIONS_LIST,  /* sessions.list: counters of each session's last run */
};

struct gateway_answers {
    struct gateway_answer cost, status, sessions;
    enum gateway_sessions sessions_are;
};

/* ---- in: what is known here ---- */

/* The prices in use. What is wrong with them is logged, and told in every document. */
struct gateway_prices;
int gateway_prices_open(struct gateway_prices **out, const struct config *config, struct err *err);
void gateway_prices_close(struct gateway_prices *prices); /* NULL is fine */

/* What the owner configured for the gateway; 0: nothing. What the gateway says wins. */
struct gateway_limits {
    int64_t output_tokens, total_tokens, tokens, messages, cost_nusd;
};

struct gateway_settings {
    struct span gateway_id;
    struct span account_key; /* absent or empty: "default" */
    struct gateway_limits limits;
    const struct gateway_prices *prices; /* lent; NULL: no model has a price */
};

/* ---- out ---- */

/* Fills in *out, whatever the answers are; gateway_usage_fini frees it. */
void gateway_usage_build(const struct gateway_answers *answers,
                         const struct gateway_settings *settings, int64_t now_ms,
                         struct gateway_usage *out);

/* ---- reading what a gateway sent ---- */

/* JSON as strict as it comes; a text that is not, read once more with numbers that nobody can hold
 * (NaN, 1e999) as null and broken characters as U+FFFD. NULL with *err naming the place. A new
 * reference, yours. */
json_t *gateway_json_read(struct span text, struct err *err);

#endif
