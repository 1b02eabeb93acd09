/* source/droid.c — sessions of Factory Droid. Rules: docs/sources/droid.md.
 *
 *   sessions/<folder>/<session>.settings.json      rewritten as the session goes on
 *
 *   {"model":"custom:C 9.1 [x]","tokenUsage":{"inputTokens":10,"outputTokens":80,
 *    "cacheCreationTokens":20,"cacheReadTokens":900,"thinkingTokens":5}}
 *
 * Oddities: only the session's running total is kept, without a time; thinking comes on top of
 * output; a model of one's own is written as people call it.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"
#include "source/gauge.h"

#define TOTAL_MAX INT64_C(1000000000000) /* tokens of a session: more than any can have */

enum { V_MODEL, V_INPUT, V_OUTPUT, V_WRITE, V_READ, V_THINKING, V_COUNT };

static const struct pick_key usage_keys[] = {
    { "inputTokens", V_INPUT },         { "outputTokens", V_OUTPUT },
    { "cacheCreationTokens", V_WRITE }, { "cacheReadTokens", V_READ },
    { "thinkingTokens", V_THINKING },   { NULL },
};

static const struct pick_key settings_keys[] = {
    { "model", V_MODEL },
    { "tokenUsage", -1, usage_keys },
    { NULL },
};

static void droid_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ NULL, ".factory", "sessions" }, add, to);
}

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(const struct picked *v, struct figures *f)
{
    static const int slots[] = { V_INPUT, V_OUTPUT, V_WRITE, V_READ, V_THINKING };
    enum { INPUT, OUTPUT, WRITE, READ, THINKING, COUNTS };
    int64_t n[COUNTS];
    struct counters c;

    if (!read_counts(v, slots, n, COUNTS))
        return false;
    c = (struct counters){ .input = n[INPUT],
                           .output = n[OUTPUT] + n[THINKING],
                           .cache_read = n[READ],
                           .cache_write_5m = n[WRITE],
                           .reasoning = n[THINKING] };
    figures_set(f, &c, INPUT_IS_FRESH); /* a total may be larger than a response */
    return figures_total(f) <= TOTAL_MAX;
}

/* "custom:C 9.1 [x]" is "c-9-1". */
static struct span plain_model(const struct picked *model, char *out, size_t size)
{
    char scratch[256];
    struct span text = text_or(model, scratch, sizeof(scratch), SPAN_LIT("unknown"));
    const char *bracket;
    size_t i;

    if (span_starts(text, "custom:"))
        text = (struct span){ text.p + strlen("custom:"), text.len - strlen("custom:") };
    bracket = memchr(text.p, '[', text.len);
    if (bracket)
        text.len = (size_t)(bracket - text.p);
    text = span_trim(text);
    text.len = span_copy(text, out, size);
    for (i = 0; i < text.len; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
        else if (out[i] == '.' || out[i] == ' ')
            out[i] = '-';
    }
    return known((struct span){ out, text.len });
}

static enum scan droid_scan(struct scanner *s, struct span document)
{
    struct event e = { .flags = EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN };
    struct picked v[V_COUNT];
    char model[256];

    if (pick_json(document, settings_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!read_figures(v, &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    e.at_ms = s->mtime_ms;
    e.session = known(path_stem(s->below));
    e.project = path_part(s->below, 1).p ? path_part(s->below, 0) : SPAN_LIT("unknown");
    e.model = plain_model(&v[V_MODEL], model, sizeof(model));
    if (v[V_MODEL].type != PICKED_STRING)
        s->problem = PROBLEM_NO_MODEL;
    gauge_sighting(&e);
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

static const struct format settings = { .framing = FRAMING_DOCUMENT, .scan = droid_scan };

static const struct format *droid_format(struct span below)
{
    return span_ends(below, ".settings.json") ? &settings : NULL;
}

const struct source source_droid = {
    .name = "droid",
    .title = "Factory Droid",
    .roots = droid_roots,
    .format = droid_format,
    .choose = choose_larger,
    .join = join_counters,
    .settle = gauge_settle,
};
