/* gateway/usage_window.c — the five hours that limits are counted in: when they began and end.
 *
 * Said outright, else by a provider's own window, else by a header of its API, else guessed from
 * when sessions were active. First come, first served; the word behind it is the confidence.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/usage_internal.h"

static const char *const start_names[] = { "windowStart", "window_start", "period_start",
                                           "started_at", NULL };
static const char *const end_names[] = { "windowEnd", "window_end", "period_end", "resets_at",
                                         NULL };
static const char *const header_names[] = {
    "x_ratelimit_reset",
    "x_ratelimit_reset_tokens",
    "x_ratelimit_reset_requests",
    "ratelimit_reset",
    "anthropic_ratelimit_reset",
    "anthropic_ratelimit_tokens_reset",
    "anthropic_ratelimit_requests_reset",
    "anthropic_ratelimit_input_tokens_reset",
    NULL,
};

static bool find_reset(const struct tally *t, const char *const *names, int64_t *at_ms)
{
    for (; *names; names++) {
        if (usage_reset(place_get(t->status, *names), t->now_ms, at_ms))
            return true;
    }
    return false;
}

/* ---- a header under a name of its own ---- */

/* "Anthropic-RateLimit-Unified-5h-Reset" and the like. */
static bool is_reset_header(const char *key)
{
    return strcasestr(key, "ratelimit") && strcasestr(key, "reset");
}

/* The keys of `object` in its own order; the value is the one that counts in the end. */
static bool find_header_in(const struct tally *t, const json_t *object, int64_t *at_ms)
{
    const char *key;
    json_t *value, *lent = (json_t *)(uintptr_t)object; /* jansson iterates over no const object */

    json_object_foreach(lent, key, value)
    {
        if (is_reset_header(key) && usage_reset(place_get(t->status, key), t->now_ms, at_ms))
            return true;
    }
    return false;
}

static bool find_header(const struct tally *t, int64_t *at_ms)
{
    return find_reset(t, header_names, at_ms) || find_header_in(t, t->status.under, at_ms) ||
           find_header_in(t, t->status.over, at_ms);
}

/* ---- a provider's window ---- */

/* Of several providers' the fullest. */
static bool find_native(const struct tally *t, int64_t *at_ms)
{
    int64_t fullest = -2;
    size_t i, j;

    for (i = 0; i < t->out->providers_n; i++) {
        const struct gateway_provider *provider = &t->out->providers[i];

        for (j = 0; j < provider->windows_n; j++) {
            const struct gateway_window *window = &provider->windows[j];

            if (!span_is(window->label, "5h") || !window->resets_ms || window->used_ppm <= fullest)
                continue;
            fullest = window->used_ppm;
            *at_ms = window->resets_ms;
        }
    }
    return fullest > -2;
}

/* ---- activity ---- */

/* When the oldest session of the last five hours was active; else five hours ago. */
static int64_t oldest_activity(const struct tally *t)
{
    int64_t since_ms = t->now_ms - WINDOW_MS, oldest_ms = t->now_ms;
    bool found = false;
    size_t i;

    for (i = 0; i < t->sums_n; i++) {
        int64_t at_ms = t->sums[i].activity_ms;

        if (at_ms < since_ms || at_ms > oldest_ms)
            continue;
        oldest_ms = at_ms;
        found = true;
    }
    return found ? oldest_ms : since_ms;
}

void tally_fill_window(struct tally *t)
{
    struct gateway_usage *out = t->out;
    int64_t start_ms = 0, end_ms = 0;

    place_time(t->status, start_names, &start_ms);
    if (find_reset(t, end_names, &end_ms)) {
        out->window.source = GATEWAY_SOURCE_NATIVE;
    } else if (find_native(t, &end_ms)) {
        out->window.source = GATEWAY_SOURCE_NATIVE;
        start_ms = start_ms ? start_ms : end_ms - WINDOW_MS;
    } else if (find_header(t, &end_ms)) {
        out->window.source = GATEWAY_SOURCE_RATE_LIMIT;
    } else {
        out->window.source = GATEWAY_SOURCE_SESSIONS;
    }
    if (!start_ms)
        start_ms = oldest_activity(t);
    if (!end_ms)
        end_ms = start_ms + WINDOW_MS;
    out->window.started_ms = start_ms;
    out->window.resets_ms = end_ms;
    out->window.reset_in_ms = end_ms > t->now_ms ? end_ms - t->now_ms : 0;
}
