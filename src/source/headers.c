/* source/headers.c — rate limits as response headers tell of them.
 *
 *   "anthropic-ratelimit-unified-5h-utilization": "0.23"     a fraction, 0…1 and above
 *   "anthropic-ratelimit-unified-5h-tokens-remaining": 1200  of "…-limit", as wrappers store it
 *   "anthropic-ratelimit-unified-7d-reset": 1788350000       Unix seconds or RFC 3339
 *   "anthropic-ratelimit-input-tokens-limit": "40000"        an API key's limit per minute
 *   "x-ratelimit-reset-requests": "6m0s"                     the same elsewhere; a span of time
 *   "x-codex-primary-used-percent": "4"                      a slot; its length stands beside it
 *
 * A row of `shapes` says how a name is made: prefix, the window's own name, suffix. The members of
 * one window come in any order and are gathered first.
 * SPDX-License-Identifier: MIT
 */
#include "source/headers.h"

#include "base/civil.h"

#include <strings.h>

#define WINDOWS_MAX  24                            /* in one object; further ones are passed over */
#define SPAN_MOST_US (INT64_C(3660) * 86400000000) /* ten years: longer is a mistake */

enum part {
    PART_FRACTION,
    PART_PERCENT,
    PART_STATUS,
    PART_RESET,
    PART_MINUTES,
    PART_TOKENS_LEFT,
    PART_TOKENS_LIMIT,
    PART_REQUESTS_LEFT,
    PART_REQUESTS_LIMIT,
    PART_CLAIM, /* which window the status without a window is about */
};

/* What stands between prefix and suffix. */
enum naming {
    NAMES_WINDOW, /* "5h", "7d_oi": its name */
    NAMES_KIND,   /* "input-tokens": what an API key may use per minute */
    NAMES_SLOT,   /* says nothing, but keeps the slots apart */
    NAMES_NOTHING /* the name is whole: about the response, not one window */
};

static const struct shape {
    const char *prefix, *suffix;
    enum naming naming;
    enum part part;
} shapes[] = {
    { "anthropic-ratelimit-unified-status", "", NAMES_NOTHING, PART_STATUS },
    { "anthropic-ratelimit-unified-reset", "", NAMES_NOTHING, PART_RESET },
    { "anthropic-ratelimit-unified-representative-claim", "", NAMES_NOTHING, PART_CLAIM },
    { "anthropic-ratelimit-unified-", "-utilization", NAMES_WINDOW, PART_FRACTION },
    { "anthropic-ratelimit-unified-", "-status", NAMES_WINDOW, PART_STATUS },
    { "anthropic-ratelimit-unified-", "-reset", NAMES_WINDOW, PART_RESET },
    { "anthropic-ratelimit-unified-", "-tokens-remaining", NAMES_WINDOW, PART_TOKENS_LEFT },
    { "anthropic-ratelimit-unified-", "-tokens-limit", NAMES_WINDOW, PART_TOKENS_LIMIT },
    { "anthropic-ratelimit-unified-", "-requests-remaining", NAMES_WINDOW, PART_REQUESTS_LEFT },
    { "anthropic-ratelimit-unified-", "-requests-limit", NAMES_WINDOW, PART_REQUESTS_LIMIT },
    { "anthropic-ratelimit-", "-remaining", NAMES_KIND, PART_TOKENS_LEFT },
    { "anthropic-ratelimit-", "-limit", NAMES_KIND, PART_TOKENS_LIMIT },
    { "anthropic-ratelimit-", "-reset", NAMES_KIND, PART_RESET },
    { "x-ratelimit-remaining-", "", NAMES_KIND, PART_TOKENS_LEFT },
    { "x-ratelimit-limit-", "", NAMES_KIND, PART_TOKENS_LIMIT },
    { "x-ratelimit-reset-", "", NAMES_KIND, PART_RESET },
    { "x-codex-", "-used-percent", NAMES_SLOT, PART_PERCENT },
    { "x-codex-", "-window-minutes", NAMES_SLOT, PART_MINUTES },
    { "x-codex-", "-reset-at", NAMES_SLOT, PART_RESET },
    { "x-codex-", "-reset-after-seconds", NAMES_SLOT, PART_RESET },
};

static const struct kind {
    const char *name, *limit;
    bool requests;
} kinds[] = {
    { "requests", "api_requests", true },
    { "tokens", "api_tokens", false },
    { "input-tokens", "api_input_tokens", false },
    { "output-tokens", "api_output_tokens", false },
};

/* One window while its members come in. */
struct window {
    enum naming naming;
    struct span name; /* as it stands in the header */
    const struct kind *kind;
    struct observation seen;
};

struct windows {
    const struct observation *about;
    struct window at[WINDOWS_MAX];
    int n;
    struct observation overall; /* of the status that names no window */
};

/* ---- names ---- */

static bool same_word(struct span a, struct span b)
{
    return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* What stands between the shape's ends; false if the name is not of this shape. */
static bool fits(const struct shape *shape, struct span name, struct span *middle)
{
    size_t before = strlen(shape->prefix), behind = strlen(shape->suffix);

    if (name.len < before + behind || strncasecmp(name.p, shape->prefix, before) != 0 ||
        strncasecmp(name.p + name.len - behind, shape->suffix, behind) != 0)
        return false;
    *middle = (struct span){ name.p + before, name.len - before - behind };
    return (middle->len == 0) == (shape->naming == NAMES_NOTHING);
}

static const struct kind *kind_of(struct span name)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (same_word(name, span_of(kinds[i].name)))
            return &kinds[i];
    }
    return NULL;
}

/* The window of that name, made if need be; NULL: none that we know, or too many. */
static struct window *window_of(struct windows *windows, enum naming naming, struct span name)
{
    struct window *w;
    int i;

    for (i = 0; i < windows->n; i++) {
        w = &windows->at[i];
        if (w->naming == naming && same_word(w->name, name))
            return w;
    }
    if (windows->n == WINDOWS_MAX || (naming == NAMES_KIND && !kind_of(name)))
        return NULL;
    w = &windows->at[windows->n++];
    *w = (struct window){ naming, name, NULL, *windows->about };
    if (naming == NAMES_WINDOW)
        w->seen.limit = name;
    if (naming != NAMES_KIND)
        return w;
    w->kind = kind_of(name);
    w->seen.limit = span_of(w->kind->limit);
    w->seen.window_s = 60;
    return w;
}

/* ---- values ---- */

static const struct {
    const char *name;
    int64_t us;
} units[] = { { "ms", 1000 },      { "us", 1 },       { "\xc2\xb5s", 1 }, { "d", 86400000000 },
              { "h", 3600000000 }, { "m", 60000000 }, { "s", 1000000 } };

/* Takes digits off the text, up to `most` in value; further ones are dropped. */
static size_t take_digits(struct span *text, int64_t most, int64_t *value, int64_t *scale)
{
    size_t n = 0;

    *value = 0;
    *scale = 1;
    for (; n < text->len && text->p[n] >= '0' && text->p[n] <= '9'; n++) {
        if (*scale < most) {
            *value = *value * 10 + text->p[n] - '0';
            *scale *= 10;
        }
    }
    *text = (struct span){ text->p + n, text->len - n };
    return n;
}

/* One number with its unit. */
static bool take_piece(struct span *text, int64_t *us)
{
    int64_t whole, part = 0, scale;
    size_t digits = take_digits(text, INT64_C(1000000000), &whole, &scale);
    size_t i = 0;

    if (digits == 0 || digits > 9)
        return false;
    scale = 1;
    if (text->len > 0 && text->p[0] == '.') {
        *text = (struct span){ text->p + 1, text->len - 1 };
        take_digits(text, 1000000, &part, &scale);
    }
    while (i < sizeof(units) / sizeof(units[0]) && !span_starts(*text, units[i].name))
        i++;
    if (i == sizeof(units) / sizeof(units[0]) || whole > SPAN_MOST_US / units[i].us)
        return false;
    *us = whole * units[i].us + part * units[i].us / scale;
    *text = (struct span){ text->p + strlen(units[i].name), text->len - strlen(units[i].name) };
    return true;
}

bool headers_duration(struct span text, int64_t *ms)
{
    int64_t sum_us = 0, us;

    if (text.len == 0)
        return false;
    while (text.len > 0) {
        if (!take_piece(&text, &us) || sum_us > SPAN_MOST_US)
            return false;
        sum_us += us;
    }
    *ms = sum_us / 1000;
    return true;
}

/* A point in time however it is told: RFC 3339, Unix time, a Go duration, or seconds from now. */
static void read_reset(const struct picked *value, struct observation *o)
{
    const int64_t earliest_ms = INT64_C(1000000000) * MS_PER_SECOND; /* less is no date of ours */
    int64_t ms, seconds;

    if (picked_time(value, &ms) && ms >= earliest_ms)
        o->resets_at_ms = ms;
    else if (picked_int(value, &seconds) == PICKED_INT_OK && seconds < earliest_ms / 1000)
        o->resets_at_ms = o->at_ms + seconds * MS_PER_SECOND;
    else if (value->type == PICKED_STRING && headers_duration(value->text, &ms))
        o->resets_at_ms = o->at_ms + ms;
}

/* `divisor` makes millionths of billionths of what is written. */
static void read_used(const struct picked *value, int64_t divisor, struct observation *o)
{
    int64_t scaled;

    if (picked_nusd(value, &scaled))
        o->used_ppm = scaled < 0 ? 0 : (scaled + divisor / 2) / divisor;
}

static void read_count(const struct picked *value, int64_t *out)
{
    int64_t n;

    if (picked_int(value, &n) == PICKED_INT_OK)
        *out = n;
}

static void read_part(struct observation *o, enum part part, const struct picked *value)
{
    int64_t n;

    switch (part) {
    case PART_FRACTION:
        read_used(value, 1000, o);
        break;
    case PART_PERCENT:
        read_used(value, 100000, o);
        break;
    case PART_STATUS:
        o->reached = value->type == PICKED_STRING && span_is(value->text, "rejected");
        break;
    case PART_RESET:
        read_reset(value, o);
        break;
    case PART_MINUTES:
        if (picked_int(value, &n) == PICKED_INT_OK && n < INT64_C(3660) * 1440)
            o->window_s = n * 60;
        break;
    case PART_TOKENS_LEFT:
        read_count(value, &o->tokens.remaining);
        break;
    case PART_TOKENS_LIMIT:
        read_count(value, &o->tokens.limit);
        break;
    case PART_REQUESTS_LEFT:
        read_count(value, &o->requests.remaining);
        break;
    case PART_REQUESTS_LIMIT:
        read_count(value, &o->requests.limit);
        break;
    case PART_CLAIM:
        o->limit = value->type == PICKED_STRING ? value->text : SPAN_ABSENT;
        break;
    }
}

/* ---- the object ---- */

static void read_member(struct windows *windows, struct span name, const struct picked *value)
{
    struct span middle = SPAN_ABSENT;
    const struct shape *shape = NULL;
    struct window *w;
    size_t i;

    for (i = 0; !shape && i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        if (fits(&shapes[i], name, &middle))
            shape = &shapes[i];
    }
    if (!shape)
        return;
    if (shape->naming == NAMES_NOTHING) {
        read_part(&windows->overall, shape->part, value);
        return;
    }
    w = window_of(windows, shape->naming, middle);
    if (w)
        read_part(&w->seen, shape->part, value);
}

static bool tells(const struct observation *o)
{
    return o->used_ppm >= 0 || o->reached || (o->tokens.remaining >= 0 && o->tokens.limit > 0) ||
           (o->requests.remaining >= 0 && o->requests.limit > 0);
}

static int emit(const struct sink *sink, const struct observation *o)
{
    if (!tells(o))
        return 0;
    if (sink->observation)
        sink->observation(sink->to, o);
    return 1;
}

/* The counts of an API key's requests came in as tokens: the shapes do not tell them apart. */
static void sort_counts(struct window *w)
{
    if (!w->kind || !w->kind->requests)
        return;
    w->seen.requests = w->seen.tokens;
    w->seen.tokens = ALLOWANCE_UNTOLD;
}

int headers_read(struct picked object, const struct observation *about, const struct sink *sink)
{
    struct windows windows = { .about = about, .overall = *about };
    struct picked value;
    struct span name;
    size_t at = 0;
    int i, n = 0;

    while (pick_each(object, &at, &name, &value))
        read_member(&windows, name, &value);
    if (windows.overall.limit.len > 0) /* first, so that the window's own figure stands */
        n += emit(sink, &windows.overall);
    for (i = 0; i < windows.n; i++) {
        sort_counts(&windows.at[i]);
        n += emit(sink, &windows.at[i].seen);
    }
    return n + windows_read(object, about, sink);
}
