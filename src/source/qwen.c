/* source/qwen.c — chats of Qwen Code. Rules: docs/sources/qwen.md.
 *
 *   projects/<encoded cwd>/chats/<session>.jsonl   lines
 *   tmp/<hash>/chats/session-*.json                older: documents in the shape of gemini.c
 *
 *   {"uuid":"u","sessionId":"s","timestamp":"2031-05-04T10:00:00Z","type":"assistant","cwd":"/w",
 *    "version":"1","model":"q-9","usageMetadata":{"promptTokenCount":600,"candidatesTokenCount":25,
 *    "thoughtsTokenCount":5,"cachedContentTokenCount":50,"totalTokenCount":625}}
 *
 * Oddities: the prompt holds the cached part; whether candidates hold the thoughts depends on who
 * served the model, and only the total tells; telemetry lines repeat the same call.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"

enum {
    V_UUID,
    V_SESSION,
    V_TIMESTAMP,
    V_TYPE,
    V_CWD,
    V_VERSION,
    V_MODEL,
    V_USAGE,
    V_PROMPT,
    V_CANDIDATES,
    V_THOUGHTS,
    V_CACHED,
    V_TOTAL,
    V_COUNT
};

static const struct pick_key usage_keys[] = {
    { "promptTokenCount", V_PROMPT },     { "candidatesTokenCount", V_CANDIDATES },
    { "thoughtsTokenCount", V_THOUGHTS }, { "cachedContentTokenCount", V_CACHED },
    { "totalTokenCount", V_TOTAL },       { NULL },
};

static const struct pick_key line_keys[] = {
    { "uuid", V_UUID },
    { "sessionId", V_SESSION },
    { "timestamp", V_TIMESTAMP },
    { "type", V_TYPE },
    { "cwd", V_CWD },
    { "version", V_VERSION },
    { "model", V_MODEL },
    { "usageMetadata", V_USAGE, usage_keys },
    { NULL },
};

struct qwen_memory {
    int64_t at_ms; /* the last time that was seen */
};

/* ---- where the logs are ---- */

static void qwen_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ NULL, ".qwen", "projects" }, add, to);
    add_home_root(env, &(struct home_root){ NULL, ".qwen", "tmp" }, add, to);
}

static bool qwen_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- lines ---- */

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(const struct picked *v, struct figures *f)
{
    static const int slots[] = { V_PROMPT, V_CANDIDATES, V_THOUGHTS, V_CACHED, V_TOTAL };
    enum { PROMPT, CANDIDATES, THOUGHTS, CACHED, TOTAL, COUNTS };
    struct counters c;
    int64_t n[COUNTS];
    bool inside;

    if (!read_counts(v, slots, n, COUNTS))
        return false;
    inside = n[TOTAL] == n[PROMPT] + n[CANDIDATES] && n[THOUGHTS] <= n[CANDIDATES];
    c = (struct counters){
        .input = n[PROMPT],
        .output = n[CANDIDATES] + (inside ? 0 : n[THOUGHTS]),
        .cache_read = n[CACHED],
        .reasoning = n[THOUGHTS],
    };
    return figures_set(f, &c, INPUT_IS_PROMPT);
}

static void set_time(const struct scanner *s, const struct picked *v, struct event *e)
{
    struct qwen_memory *memory = s->memory;

    if (picked_time(&v[V_TIMESTAMP], &e->at_ms)) {
        memory->at_ms = e->at_ms;
        return;
    }
    e->flags |= EVENT_TIME_GUESSED;
    e->at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
}

/* The response's own id, which copies of a chat keep; without one, the line itself. */
static uint64_t group_of(const struct picked *v, struct span line)
{
    bool named = v[V_UUID].type == PICKED_STRING && v[V_UUID].text.len > 0;

    return hash_span_seed(named ? v[V_UUID].text : line, named ? 0x93e701 : 0x93e702);
}

static enum scan qwen_scan(struct scanner *s, struct span line)
{
    char model[256], session[256], project[4096];
    struct event e = { .flags = EVENT_STOPPED | EVENT_FINAL | EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN |
                                EVENT_OWNER_PLAIN };
    struct picked v[V_COUNT];

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!span_is(v[V_TYPE].text, "assistant"))
        return SCAN_SKIP; /* telemetry tells of the same call again */
    if (v[V_USAGE].type != PICKED_OBJECT)
        return SCAN_SKIP;
    if (!read_figures(v, &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    set_time(s, v, &e);
    e.group = group_of(v, line);
    e.session = text_or(&v[V_SESSION], session, sizeof(session), known(path_stem(s->below)));
    e.project = text_or(&v[V_CWD], project, sizeof(project), path_part(s->below, 0));
    e.version = v[V_VERSION].type == PICKED_STRING ? v[V_VERSION].text : SPAN_ABSENT;
    e.model = text_or(&v[V_MODEL], model, sizeof(model), SPAN_LIT("unknown"));
    if (span_is(e.model, "unknown"))
        s->problem = PROBLEM_NO_MODEL;
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

static const char *const needles[] = { "\"usageMetadata\"", NULL };

static const struct format lines = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .memory = sizeof(struct qwen_memory),
    .scan = qwen_scan,
    .first_ms = qwen_first_ms,
};

static const struct format *qwen_format(struct span below)
{
    if (!span_ends(below, ".jsonl"))
        return gemini_format(below);
    return span_is(path_part(below, 1), "chats") ? &lines : NULL;
}

const struct source source_qwen = {
    .name = "qwen",
    .title = "Qwen Code",
    .roots = qwen_roots,
    .format = qwen_format,
    .lines = &lines,
    .choose = choose_larger,
    .join = join_prompt,
};
