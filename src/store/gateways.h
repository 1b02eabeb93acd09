/* store/gateways.h — what was seen of gateways, over time: for drawing.
 *
 * One reading per gateway and five minutes (the last of them stays), and with it how full each of
 * its providers' windows was. Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_GATEWAYS_H
#define STORE_GATEWAYS_H

#include "store/store.h"

enum { STORE_READING_MS = 300000 };

struct store_reading {
    int64_t at_ms; /* UTC; begin of its five minutes when it is read back */
    int64_t cost_nusd, tokens, output_tokens, calls; /* of the window */
    int64_t tokens_e4;                               /* ten-thousandths of a token per minute */
    int64_t speed_nusd;                              /* per minute */
    int64_t started_ms, resets_ms;
};

struct store_gauge {
    int64_t at_ms; /* as above */
    struct span provider, label;
    int64_t used_ppm;  /* millionths of the limit; -1: not told */
    int64_t resets_ms; /* 0: not told */
};

/* Keeps a reading and its gauges in a transaction of its own. 0, or -1 with *err. */
struct store_gateway_note {
    struct span gateway; /* its UUID */
    struct store_reading reading;
    const struct store_gauge *gauges;
    size_t gauges_n;
};
int store_gateway_note(struct store *store, const struct store_gateway_note *note, struct err *err);

/* What was kept of [since, until), oldest first. 0, or -1 with *err. */
struct store_gateway_query {
    struct span gateway;
    int64_t since_ms, until_ms;
    void *to;
};
int store_gateway_readings(struct store *store, const struct store_gateway_query *query,
                           void (*fn)(void *to, const struct store_reading *reading),
                           struct err *err);
int store_gateway_gauges(struct store *store, const struct store_gateway_query *query,
                         void (*fn)(void *to, const struct store_gauge *gauge), struct err *err);

#endif
