/* gateway/document.h — what is known of one gateway's spend, as a plain struct, and its JSON.
 *
 * Spend, speed, limits, when they are reached, each with its source. What the figures mean and
 * where they come from stands in docs/gateways.md. Plain data: no function here decides anything.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_DOCUMENT_H
#define GATEWAY_DOCUMENT_H

#include "base/json_out.h"

struct arena;

enum gateway_data { GATEWAY_DATA_NONE, GATEWAY_DATA_PARTIAL, GATEWAY_DATA_COMPLETE };

/* Where a figure is from; the document's words are in document.c. */
enum gateway_source {
    GATEWAY_SOURCE_NONE, /* there is no figure */
    GATEWAY_SOURCE_NATIVE,
    GATEWAY_SOURCE_RATE_LIMIT, /* headers of the provider's API */
    GATEWAY_SOURCE_SESSIONS,   /* added up from sessions */
    GATEWAY_SOURCE_AGGREGATES, /* added up by the gateway */
    GATEWAY_SOURCE_CONFIGURED,
};

enum gateway_limit_kind { GATEWAY_OUTPUT_TOKENS, GATEWAY_TOTAL_TOKENS, GATEWAY_MESSAGES };
enum gateway_zone { GATEWAY_ZONE_NONE, GATEWAY_CHILL, GATEWAY_ON_TRACK, GATEWAY_HOT };
enum gateway_basis { GATEWAY_BASIS_SESSIONS, GATEWAY_BASIS_QUARTERS };

#define GATEWAY_TOP 10

/* Times are UTC milliseconds, 0 where there is none; money is nanodollars, whole hundred-millionths
 * of a dollar. Texts and rows live as long as the document; absent spans are null. */
struct gateway_model {
    struct span key, provider, model; /* key: "provider/model", NUL-terminated */
    int64_t input, output, cache_read, cache_write, calls, cost_nusd;
    int64_t tokens; /* input and output */
    bool unpriced;
};

struct gateway_session {
    struct span id, label, model; /* model: a key */
    int64_t cost_nusd, tokens, updated_ms;
};

struct gateway_limit {
    int64_t value; /* 0: there is none */
    int64_t percent;
    enum gateway_source source;
};

struct gateway_window {
    struct span label; /* "5h", "Week", as the provider's plug-in calls it */
    int64_t used_ppm;  /* millionths of the limit; -1: not told */
    int64_t resets_ms, started_ms;
    int64_t delta_e4; /* ten-thousandths: used minus elapsed */
    enum gateway_zone zone;
};

struct gateway_provider {
    struct span provider, display_name, plan, error;
    struct gateway_window *windows;
    size_t windows_n;
};

struct gateway_origin { /* a line of "sources" */
    const char *name;   /* "usage.cost" */
    struct span state;  /* "ok", "timeout", "refreshing", "error: …" */
};
#define GATEWAY_ORIGINS 4

struct gateway_usage {
    int64_t generated_ms;
    struct span gateway_id, account_key;
    enum gateway_data data;
    struct gateway_origin origins[GATEWAY_ORIGINS];
    struct span range_from, range_to; /* days that the sessions' sums cover; absent: not told */
    struct {
        int64_t started_ms, resets_ms, reset_in_ms;
        enum gateway_source source;
    } window;
    struct {
        int64_t cost_nusd, tokens, output_tokens, calls;
        struct gateway_limit output_limit, total_limit, message_limit, token_limit, cost_limit;
    } current;
    struct {
        int64_t tokens_e4, output_tokens_e4; /* ten-thousandths of a token per minute */
        int64_t cost_nusd;                   /* per minute */
        enum gateway_basis basis;
    } burn;
    struct {
        int64_t time_to_limit_ms; /* -1: none is in sight */
        bool safe, exhausted;
        enum gateway_limit_kind kind;
    } prediction;
    struct gateway_model *models; /* dearest first */
    size_t models_n;
    enum gateway_source models_source;
    struct gateway_session top[GATEWAY_TOP];
    size_t top_n;
    struct gateway_provider *providers; /* in the gateway's order */
    size_t providers_n;
    struct arena *arena; /* of all this */
};

/* As one JSON object. */
void gateway_usage_write(struct json_out *out, const struct gateway_usage *usage);
void gateway_usage_fini(struct gateway_usage *usage); /* a zeroed one is fine */

#endif
