/* source/copilot.c — sessions of GitHub Copilot CLI. Rules: docs/sources/copilot.md.
 *
 *   session-state/<session>/events.jsonl, session-state/<session>.jsonl, history-session-state/…
 *   otel/<name>.jsonl                                 where the export of telemetry is on
 *
 *   {"type":"session.start","timestamp":"2031-05-04T10:00:00Z","data":{"sessionId":"s",
 *    "context":{"cwd":"/w"}}}
 *   {"type":"assistant.message","timestamp":"…","data":{"messageId":"m","outputTokens":80}}
 *   {"type":"session.shutdown","timestamp":"…","data":{"totalNanoAiu":1000000000,
 *    "modelMetrics":{"g-9":{"usage":{"inputTokens":900,"outputTokens":80,
 *     "cacheReadTokens":700,"cacheWriteTokens":0,"reasoningTokens":8}}}}}
 *
 * Oddities: the exact usage comes when the session ends; until then only the output of each message
 * is known. A session that is resumed ends several times, and its ends may tell their own part or
 * all so far. Telemetry tells single responses, and then all the rest is not counted.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"
#include "base/path.h"

#include <stdlib.h>

#define MODELS_MAX   8
#define MARK_SEGMENT (1u << 31) /* in a mark: the number of a segment and no fineness */
#define PART_MARKER  0          /* of a session's group: telemetry tells of the session */

enum {
    V_TYPE,
    V_TIMESTAMP,
    V_SESSION,
    V_CWD,
    V_MODEL,
    V_NEW_MODEL,
    V_OUTPUT,
    V_METRICS,
    V_AIU,
    V_VERSION,
    V_COUNT
};

static const struct pick_key context_keys[] = { { "cwd", V_CWD }, { NULL } };
static const struct pick_key data_keys[] = {
    { "sessionId", V_SESSION },
    { "context", -1, context_keys },
    { "model", V_MODEL },
    { "selectedModel", V_MODEL },
    { "newModel", V_NEW_MODEL },
    { "outputTokens", V_OUTPUT },
    { "modelMetrics", V_METRICS },
    { "totalNanoAiu", V_AIU },
    { "copilotVersion", V_VERSION },
    { NULL },
};
static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "timestamp", V_TIMESTAMP },
    { "data", -1, data_keys },
    { NULL },
};

enum { U_INPUT, U_OUTPUT, U_READ, U_WRITE, U_REASONING, U_COUNT };
static const struct pick_key usage_keys[] = {
    { "inputTokens", U_INPUT },         { "outputTokens", U_OUTPUT },
    { "cacheReadTokens", U_READ },      { "cacheWriteTokens", U_WRITE },
    { "reasoningTokens", U_REASONING }, { NULL },
};
static const struct pick_key metric_keys[] = { { "usage", -1, usage_keys }, { NULL } };

/* What one model came to. */
struct tally {
    char model[64];
    int64_t counts[U_COUNT];
};

struct copilot_memory {
    int64_t at_ms;       /* the last time that was seen */
    int64_t told_output; /* of all messages of the file */
    int64_t aiu;         /* as the last end told it */
    uint32_t segment;    /* ends so far */
    uint32_t ended_n, live_n;
    struct tally ended[MODELS_MAX]; /* as the last end told them */
    struct tally live[MODELS_MAX];  /* messages since */
    char session[64], cwd[512], model[64];
};

static void keep(char *to, size_t size, const struct picked *value)
{
    char scratch[1024];
    struct span text = picked_text(value, scratch, sizeof(scratch));

    if (text.len > 0 && text.len < size)
        span_copy(text, to, size);
}

/* The tally of a model; of the last one where there is no room for more. */
static struct tally *tally_of(struct tally *tallies, uint32_t *n, struct span model)
{
    uint32_t i;

    for (i = 0; i < *n; i++) {
        if (span_is(model, tallies[i].model))
            return &tallies[i];
    }
    if (*n == MODELS_MAX)
        return &tallies[MODELS_MAX - 1];
    span_copy(model, tallies[*n].model, sizeof(tallies[*n].model));
    return &tallies[(*n)++];
}

/* ---- where the logs are ---- */

static void copilot_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    const char *exported = env->get("COPILOT_OTEL_FILE_EXPORTER_PATH");
    char *path;

    add_home_root(env, &(struct home_root){ "COPILOT_HOME", ".copilot", NULL }, add, to);
    if (!exported || !*exported)
        return;
    path = path_expand(exported, env->home);
    add(to, path_dir(path), NULL);
    free(path);
}

static bool copilot_enters(struct span below)
{
    struct span first = path_part(below, 0);

    return (span_is(first, "session-state") || span_is(first, "history-session-state") ||
            span_is(first, "otel")) &&
           !path_part(below, 2).p;
}

static bool copilot_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- events ---- */

static struct span session_of(const struct scanner *s)
{
    const struct copilot_memory *memory = s->memory;

    if (memory->session[0])
        return span_of(memory->session);
    return path_part(s->below, 2).p ? path_part(s->below, 1) : path_stem(s->below);
}

static uint64_t session_group(struct span session)
{
    return hash_span_seed(session, 0xc0b101);
}

/* A segment of a session, or a model in it. One group a session, so that telemetry of the session
 * speaks for all of it (copilot_settle). */
static void put(struct scanner *s, const struct tally *tally, uint32_t flags,
                const struct picked *time, int64_t nusd)
{
    struct copilot_memory *memory = s->memory;
    struct event e = { .flags = flags | EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN |
                                EVENT_SUMMED };
    const int64_t *n = tally->counts;
    struct counters c = { .input = n[U_INPUT],
                          .output = n[U_OUTPUT],
                          .cache_read = n[U_READ],
                          .cache_write_5m = n[U_WRITE],
                          .reasoning = n[U_REASONING] };

    if (!figures_set(&e.figures, &c, INPUT_IS_PROMPT)) {
        scan_bad(s, PROBLEM_SUSPICIOUS);
        return;
    }
    if (figures_total(&e.figures) == 0)
        return;
    e.figures.logged_nusd = nusd;
    e.at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
    if (!picked_time(time, &e.at_ms))
        e.flags |= EVENT_TIME_GUESSED;
    e.session = known(session_of(s));
    e.project = memory->cwd[0] ? span_of(memory->cwd) : SPAN_LIT("unknown");
    e.model = span_of(tally->model);
    e.mark = MARK_SEGMENT | memory->segment;
    e.group = session_group(e.session);
    e.part = hash_mix(hash_span(e.model), memory->segment) | 1;
    s->out->event(s->out->to, &e);
}

/* ---- messages, as long as a session runs ---- */

/* What the messages since the last end came to, as far as they tell: output only. */
static enum scan scan_message(struct scanner *s, const struct picked *v)
{
    struct copilot_memory *memory = s->memory;
    struct span model = memory->model[0] ? span_of(memory->model) : SPAN_LIT("unknown");
    struct tally *tally;
    int64_t output = 0;

    if (picked_int(&v[V_OUTPUT], &output) == PICKED_INT_BAD || output > EVENT_TOTAL_MAX)
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (output == 0)
        return SCAN_SKIP;
    tally = tally_of(memory->live, &memory->live_n, model);
    tally->counts[U_OUTPUT] += output;
    memory->told_output += output;
    put(s, tally, EVENT_INFERRED, &v[V_TIMESTAMP], COST_UNTOLD);
    return SCAN_OK;
}

/* ---- the end of a session ---- */

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Does this end tell all so far, and not only what came since the last one? No counter may have
 * shrunk, and the messages' output has to be nearer to it than to the sum of both. */
static bool is_cumulative(struct copilot_memory *memory, const struct tally *now, uint32_t n)
{
    int64_t before = 0, after = 0;
    uint32_t i, k;
    int slot;

    if (memory->segment == 0)
        return false;
    for (i = 0; i < n; i++)
        after += now[i].counts[U_OUTPUT];
    for (k = 0; k < memory->ended_n; k++) {
        const struct tally *old = &memory->ended[k], *same = NULL;

        before += old->counts[U_OUTPUT];
        for (i = 0; i < n; i++) {
            if (strcmp(now[i].model, old->model) == 0)
                same = &now[i];
        }
        for (slot = 0; slot < U_COUNT; slot++) {
            if (!same || same->counts[slot] < old->counts[slot])
                return false;
        }
    }
    return distance(memory->told_output, after) < distance(memory->told_output, before + after);
}

static void subtract(struct tally *from, const struct copilot_memory *memory)
{
    uint32_t i;
    int slot;

    for (i = 0; i < memory->ended_n; i++) {
        if (strcmp(memory->ended[i].model, from->model) != 0)
            continue;
        for (slot = 0; slot < U_COUNT; slot++)
            from->counts[slot] -= memory->ended[i].counts[slot];
    }
}

/* What each model came to, into tallies. False: a number in it makes no sense. */
static bool read_metrics(struct picked metrics, struct tally *tallies, uint32_t *n)
{
    static const int slots[U_COUNT] = { U_INPUT, U_OUTPUT, U_READ, U_WRITE, U_REASONING };
    struct picked metric, u[U_COUNT];
    struct span model;
    size_t at = 0;

    while (pick_each(metrics, &at, &model, &metric)) {
        int64_t counts[U_COUNT];
        struct tally *tally;
        int slot;

        if (metric.type != PICKED_OBJECT || pick_json(metric.text, metric_keys, u, U_COUNT) < 0)
            continue;
        if (!read_counts(u, slots, counts, U_COUNT))
            return false;
        tally = tally_of(tallies, n, model);
        for (slot = 0; slot < U_COUNT; slot++)
            tally->counts[slot] += counts[slot];
    }
    return true;
}

/* Credits are told for the session as a whole: a billionth of one is 10^-11 dollars. */
static int64_t new_cost(struct copilot_memory *memory, const struct picked *v)
{
    int64_t aiu, more;

    if (picked_int(&v[V_AIU], &aiu) != PICKED_INT_OK || aiu <= memory->aiu)
        return COST_UNTOLD;
    more = (aiu - memory->aiu + 50) / 100;
    memory->aiu = aiu;
    return more > 0 && more <= EVENT_COST_MAX ? more : COST_UNTOLD;
}

static enum scan scan_end(struct scanner *s, const struct picked *v)
{
    struct copilot_memory *memory = s->memory;
    struct tally tallies[MODELS_MAX] = { 0 };
    int64_t nusd = new_cost(memory, v);
    uint32_t n = 0, i;
    bool cumulative;

    if (v[V_METRICS].type != PICKED_OBJECT)
        return scan_bad(s, PROBLEM_NO_USAGE);
    if (!read_metrics(v[V_METRICS], tallies, &n))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    cumulative = is_cumulative(memory, tallies, n);
    for (i = 0; i < n; i++) {
        struct tally tally = tallies[i];

        if (cumulative)
            subtract(&tally, memory);
        put(s, &tally, EVENT_STOPPED | EVENT_FINAL, &v[V_TIMESTAMP], nusd);
        nusd = COST_UNTOLD;
    }
    memcpy(memory->ended, tallies, sizeof(tallies));
    memory->ended_n = n;
    memset(memory->live, 0, sizeof(memory->live));
    memory->live_n = 0;
    memory->segment++;
    return SCAN_OK;
}

static enum scan copilot_scan(struct scanner *s, struct span line)
{
    struct copilot_memory *memory = s->memory;
    struct picked v[V_COUNT];

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    picked_time(&v[V_TIMESTAMP], &memory->at_ms);
    if (span_is(v[V_TYPE].text, "session.start")) {
        keep(memory->session, sizeof(memory->session), &v[V_SESSION]);
        keep(memory->cwd, sizeof(memory->cwd), &v[V_CWD]);
    }
    if (span_starts(v[V_TYPE].text, "session.")) {
        keep(memory->model, sizeof(memory->model), &v[V_MODEL]);
        keep(memory->model, sizeof(memory->model), &v[V_NEW_MODEL]);
    }
    if (span_is(v[V_TYPE].text, "assistant.message"))
        return scan_message(s, v);
    return span_is(v[V_TYPE].text, "session.shutdown") ? scan_end(s, v) : SCAN_SKIP;
}

/* ---- telemetry ---- */

enum {
    T_TRACE,
    T_SPAN,
    T_NAME,
    T_EVENT,
    T_TIME,
    T_OPERATION,
    T_INPUT,
    T_OUTPUT,
    T_READ,
    T_WRITE,
    T_REASONING,
    T_MODEL,
    T_REQUEST_MODEL,
    T_CONVERSATION,
    T_COUNT
};

static const struct pick_key attribute_keys[] = {
    { "event.name", T_EVENT },
    { "gen_ai.operation.name", T_OPERATION },
    { "gen_ai.usage.input_tokens", T_INPUT },
    { "gen_ai.usage.output_tokens", T_OUTPUT },
    { "gen_ai.usage.cache_read.input_tokens", T_READ },
    { "gen_ai.usage.cache_creation.input_tokens", T_WRITE },
    { "gen_ai.usage.cache_write.input_tokens", T_WRITE },
    { "gen_ai.usage.reasoning.output_tokens", T_REASONING },
    { "gen_ai.response.model", T_MODEL },
    { "gen_ai.request.model", T_REQUEST_MODEL },
    { "gen_ai.conversation.id", T_CONVERSATION },
    { NULL },
};
static const struct pick_key span_context_keys[] = {
    { "traceId", T_TRACE },
    { "spanId", T_SPAN },
    { NULL },
};
static const struct pick_key record_keys[] = {
    { "traceId", T_TRACE },
    { "trace_id", T_TRACE },
    { "spanId", T_SPAN },
    { "span_id", T_SPAN },
    { "id", T_SPAN },
    { "spanContext", -1, span_context_keys },
    { "name", T_NAME },
    { "eventName", T_NAME },
    { "startTime", T_TIME },
    { "startTimeUnixNano", T_TIME },
    { "timeUnixNano", T_TIME },
    { "hrTime", T_TIME },
    { "timestamp", T_TIME },
    { "attributes", -1, attribute_keys },
    { NULL },
};

/* How fine a record is: of one trace only the finest sort counts. 0: no usage. */
static uint32_t fineness(const struct picked *v)
{
    static const struct {
        int slot;
        const char *word; /* what it begins with */
        uint32_t fineness;
    } sorts[] = {
        { T_EVENT, "gen_ai.client.inference", 3 },
        { T_NAME, "gen_ai.client.inference", 3 },
        { T_EVENT, "gen_ai.agent.turn", 2 },
        { T_NAME, "gen_ai.agent.turn", 2 },
        { T_NAME, "agent.turn", 2 },
        { T_OPERATION, "chat", 4 },
        { T_NAME, "chat", 4 },
        { T_OPERATION, "invoke_agent", 1 },
        { T_NAME, "invoke_agent", 1 },
    };
    size_t i;

    for (i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
        if (span_starts(v[sorts[i].slot].text, sorts[i].word))
            return sorts[i].fineness;
    }
    return 0;
}

/* A time, or seconds and nanoseconds as a pair. */
static bool record_time(const struct picked *time, int64_t *at_ms)
{
    struct picked seconds, rest;
    int64_t s, ns;
    size_t at = 0;

    if (time->type != PICKED_ARRAY)
        return picked_time(time, at_ms);
    if (!pick_each(*time, &at, NULL, &seconds) || !pick_each(*time, &at, NULL, &rest) ||
        picked_int(&seconds, &s) != PICKED_INT_OK || picked_int(&rest, &ns) != PICKED_INT_OK ||
        s > INT64_MAX / 1000000)
        return false;
    *at_ms = s * 1000 + ns / 1000000;
    return true;
}

static bool read_record(const struct picked *v, struct figures *f)
{
    static const int slots[] = { T_INPUT, T_OUTPUT, T_READ, T_WRITE, T_REASONING };
    struct counters c;
    int64_t n[5];

    if (!read_counts(v, slots, n, 5))
        return false;
    c = (struct counters){
        .input = n[0], .output = n[1], .cache_read = n[2], .cache_write_5m = n[3], .reasoning = n[4]
    };
    return figures_set(f, &c, INPUT_IS_PROMPT);
}

/* Says that the session's own log counts no more. */
static void mark_session(struct scanner *s, const struct event *like)
{
    struct event marker = *like;

    marker.group = session_group(like->session);
    marker.part = PART_MARKER;
    marker.mark = 0;
    marker.figures = (struct figures){ .logged_nusd = COST_UNTOLD };
    s->out->event(s->out->to, &marker);
}

static enum scan telemetry_scan(struct scanner *s, struct span line)
{
    struct event e = { .flags = EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN |
                                EVENT_STOPPED | EVENT_FINAL };
    char model[256], session[128];
    struct picked v[T_COUNT];

    if (pick_json(line, record_keys, v, T_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    e.mark = fineness(v);
    if (e.mark == 0)
        return SCAN_SKIP;
    if (!read_record(v, &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    if (!record_time(&v[T_TIME], &e.at_ms)) {
        e.flags |= EVENT_TIME_GUESSED;
        e.at_ms = s->mtime_ms;
    }
    if (e.mark < 3)
        e.flags |= EVENT_SUMMED;
    e.model = text_or(&v[T_MODEL], model, sizeof(model), SPAN_LIT(""));
    if (e.model.len == 0)
        e.model = text_or(&v[T_REQUEST_MODEL], model, sizeof(model), SPAN_LIT("unknown"));
    e.session = text_or(&v[T_CONVERSATION], session, sizeof(session), known(path_stem(s->below)));
    e.project = SPAN_LIT("unknown");
    e.group = hash_span_seed(v[T_TRACE].text.len > 0 ? v[T_TRACE].text : line, 0xc0b102);
    e.part = hash_span(v[T_SPAN].text.len > 0 ? v[T_SPAN].text : line) | 1;
    s->out->event(s->out->to, &e);
    if (v[T_CONVERSATION].type == PICKED_STRING)
        mark_session(s, &e);
    return SCAN_OK;
}

/* ---- rivals ---- */

/* An end tells more than the messages before it; the later reading of a file more than one that
 * stopped earlier. */
static int copilot_choose(const struct rival *a, const struct rival *b)
{
    bool a_final = a->flags & EVENT_FINAL, b_final = b->flags & EVENT_FINAL;

    return a_final != b_final ? a_final - b_final : choose_larger(a, b);
}

/* Does one member make another void? Of a session's segment its end does it to the messages, of a
 * trace the finer record to the coarser. */
static bool outdoes(const struct contender *a, const struct contender *b)
{
    if (a->own.mark & MARK_SEGMENT)
        return a->own.mark == b->own.mark && (a->flags & EVENT_FINAL) && !(b->flags & EVENT_FINAL);
    return a->own.mark > b->own.mark;
}

/* A session counts by telemetry alone where that has told of it. */
static void copilot_settle(struct contender *m, int n)
{
    bool told = false;
    int i, k;

    for (i = 0; i < n; i++)
        told |= m[i].part == PART_MARKER;
    for (i = 0; i < n; i++) {
        m[i].counted = !told;
        for (k = 0; k < n; k++)
            m[i].counted &= !outdoes(&m[k], &m[i]);
    }
}

static const char *const event_needles[] = { "\"assistant.message\"", "\"session.", NULL };
static const char *const telemetry_needles[] = { "gen_ai.usage.", NULL };

static const struct format events = {
    .framing = FRAMING_LINES,
    .needles = event_needles,
    .memory = sizeof(struct copilot_memory),
    .scan = copilot_scan,
    .first_ms = copilot_first_ms,
};

static const struct format telemetry = {
    .framing = FRAMING_LINES,
    .needles = telemetry_needles,
    .scan = telemetry_scan,
};

static const struct format *copilot_format(struct span below)
{
    struct span first = path_part(below, 0), second = path_part(below, 1);

    if (!span_ends(below, ".jsonl"))
        return NULL;
    if (span_is(first, "otel") || !second.p)
        return &telemetry;
    if (!path_part(below, 2).p || span_is(path_part(below, 2), "events.jsonl"))
        return &events;
    return NULL;
}

const struct source source_copilot = {
    .name = "copilot",
    .title = "GitHub Copilot CLI",
    .roots = copilot_roots,
    .format = copilot_format,
    .lines = &events,
    .enters = copilot_enters,
    .choose = copilot_choose,
    .settle = copilot_settle,
    .settles_alone = true,
};
