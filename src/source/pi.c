/* source/pi.c — sessions of pi and of its derivative omp. Rules: docs/sources/pi.md.
 *
 *   sessions/--<encoded cwd>--/<time>_<uuid>.jsonl
 *
 *   {"type":"session","version":3,"id":"s","cwd":"/w","parentSession":"p"}
 *   {"type":"model_change","provider":"x","modelId":"c-9"}
 *   {"type":"message","id":"a1b2c3d4","timestamp":"2031-05-04T10:00:00Z","message":{
 *    "role":"assistant","provider":"x","model":"c-9","stopReason":"stop","timestamp":1935655200000,
 *    "usage":{"input":10,"output":200,"cacheRead":4000,"cacheWrite":300,"totalTokens":4510,
 *             "cost":{"total":0.0089}}}}
 *
 * Oddities: an entry's id is unique in its session only, and is kept when the session is forked
 * into a new file; a total above the sum hides reasoning; rows of zeros are no responses.
 * Counters have many spellings, since what providers answer is passed on.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"

enum {
    V_TYPE,
    V_ID,
    V_TIMESTAMP,
    V_CWD,
    V_PARENT,
    V_MODEL_ID,
    V_DATA_MODEL,
    V_PROVIDER,
    V_USAGE,
    V_MODEL,
    V_ROLE,
    V_MSG_PROVIDER,
    V_MSG_MODEL,
    V_MSG_MODEL_ID,
    V_MSG_USAGE,
    V_MSG_TIMESTAMP,
    V_STOP,
    V_COUNT
};

static const struct pick_key message_keys[] = {
    { "role", V_ROLE },       { "provider", V_MSG_PROVIDER },
    { "model", V_MSG_MODEL }, { "modelId", V_MSG_MODEL_ID },
    { "usage", V_MSG_USAGE }, { "timestamp", V_MSG_TIMESTAMP },
    { "stopReason", V_STOP }, { NULL },
};
static const struct pick_key data_keys[] = { { "modelId", V_DATA_MODEL }, { NULL } };

static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "id", V_ID },
    { "timestamp", V_TIMESTAMP },
    { "cwd", V_CWD },
    { "parentSession", V_PARENT },
    { "modelId", V_MODEL_ID },
    { "data", -1, data_keys },
    { "provider", V_PROVIDER },
    { "model", V_MODEL },
    { "usage", V_USAGE },
    { "message", -1, message_keys },
    { NULL },
};

/* Counters; U_INCLUDED is a cached part that the input holds. */
enum {
    U_INPUT,
    U_OUTPUT,
    U_READ,
    U_WRITE,
    U_WRITE_1H,
    U_REASONING,
    U_TOTAL,
    U_INCLUDED,
    U_COST,
    U_COUNT
};

static const struct pick_key cached_keys[] = { { "cached_tokens", U_INCLUDED }, { NULL } };
static const struct pick_key cost_keys[] = { { "total", U_COST }, { NULL } };

static const struct pick_key usage_keys[] = {
    { "input", U_INPUT },
    { "inputTokens", U_INPUT },
    { "input_tokens", U_INPUT },
    { "promptTokens", U_INPUT },
    { "prompt_tokens", U_INPUT },
    { "output", U_OUTPUT },
    { "outputTokens", U_OUTPUT },
    { "output_tokens", U_OUTPUT },
    { "completionTokens", U_OUTPUT },
    { "completion_tokens", U_OUTPUT },
    { "cacheRead", U_READ },
    { "cache_read", U_READ },
    { "cache_read_input_tokens", U_READ },
    { "cached_input_tokens", U_INCLUDED },
    { "cached_tokens", U_INCLUDED },
    { "input_tokens_details", -1, cached_keys },
    { "prompt_tokens_details", -1, cached_keys },
    { "cacheWrite", U_WRITE },
    { "cache_write", U_WRITE },
    { "cache_creation_input_tokens", U_WRITE },
    { "cache_write_input_tokens", U_WRITE },
    { "cacheWrite1h", U_WRITE_1H },
    { "reasoningTokens", U_REASONING },
    { "total", U_TOTAL },
    { "totalTokens", U_TOTAL },
    { "total_tokens", U_TOTAL },
    { "cost", -1, cost_keys },
    { NULL },
};

/* What earlier lines said. Texts that do not fit are not kept. */
struct note {
    uint32_t len;
    char text[508];
};
struct pi_memory {
    int64_t at_ms;
    struct note session, parent, cwd, model;
};

static void keep(struct note *note, const struct picked *value)
{
    char scratch[sizeof(note->text)];
    struct span text = picked_text(value, scratch, sizeof(scratch));

    if (text.len == 0 || text.len >= sizeof(note->text))
        return;
    memcpy(note->text, text.p, text.len);
    note->len = (uint32_t)text.len;
}

static struct span kept(const struct note *note, struct span otherwise)
{
    return note->len > 0 ? (struct span){ note->text, note->len } : otherwise;
}

/* ---- where the logs are ---- */

static void pi_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ "PI_CODING_AGENT_DIR", ".pi/agent", "sessions" }, add,
                  to);
}

static void omp_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ NULL, ".omp/agent", "sessions" }, add, to);
}

static bool pi_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- figures ---- */

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(struct picked usage, struct event *e)
{
    static const int slots[] = { U_INPUT,    U_OUTPUT,    U_READ,  U_WRITE,
                                 U_WRITE_1H, U_REASONING, U_TOTAL, U_INCLUDED };
    enum { COUNTS = sizeof(slots) / sizeof(slots[0]) };
    struct picked u[U_COUNT];
    int64_t n[COUNTS], sum;
    struct counters c;

    pick_json(usage.text, usage_keys, u, U_COUNT);
    if (!read_counts(u, slots, n, COUNTS))
        return false;
    if (n[U_INCLUDED] > n[U_INPUT])
        n[U_INCLUDED] = n[U_INPUT];
    if (n[U_WRITE_1H] > n[U_WRITE])
        n[U_WRITE] = n[U_WRITE_1H];
    c = (struct counters){
        .input = n[U_INPUT] - n[U_INCLUDED],
        .output = n[U_OUTPUT],
        .cache_read = n[U_READ] + n[U_INCLUDED],
        .cache_write_5m = n[U_WRITE] - n[U_WRITE_1H],
        .cache_write_1h = n[U_WRITE_1H],
        .reasoning = n[U_REASONING],
    };
    sum = n[U_INPUT] + n[U_OUTPUT] + n[U_READ] + n[U_WRITE];
    if (n[U_TOTAL] > sum) { /* generated, but not told how */
        c.output += n[U_TOTAL] - sum;
        e->flags |= EVENT_INFERRED;
    }
    if (!figures_set(&e->figures, &c, INPUT_IS_FRESH))
        return false;
    e->figures.logged_nusd = logged_cost(&u[U_COST]);
    return true;
}

/* ---- lines ---- */

/* What later lines lean on. */
static void remember(struct pi_memory *memory, const struct picked *v)
{
    if (span_is(v[V_TYPE].text, "session")) {
        keep(&memory->session, &v[V_ID]);
        keep(&memory->cwd, &v[V_CWD]);
        keep(&memory->parent, &v[V_PARENT]);
    }
    keep(&memory->model, &v[V_MODEL_ID]);
    keep(&memory->model, &v[V_DATA_MODEL]);
    picked_time(&v[V_TIMESTAMP], &memory->at_ms);
}

static void set_time(const struct scanner *s, const struct picked *v, struct event *e)
{
    const struct pi_memory *memory = s->memory;

    if (picked_time(&v[V_MSG_TIMESTAMP], &e->at_ms) || picked_time(&v[V_TIMESTAMP], &e->at_ms))
        return;
    e->flags |= EVENT_TIME_GUESSED;
    e->at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
}

/* "Identity" of the document: what a copy in another session has in common. */
static uint64_t group_of(const struct picked *v, const struct event *e)
{
    static const enum token kinds[] = { TOKEN_INPUT, TOKEN_OUTPUT, TOKEN_CACHE_READ,
                                        TOKEN_CACHE_WRITE_5M, TOKEN_CACHE_WRITE_1H };
    uint64_t hash = hash_span_seed(v[V_ID].text, 0x9101);
    size_t i;

    hash = hash_mix(hash, e->flags & EVENT_TIME_GUESSED ? 0 : (uint64_t)e->at_ms);
    hash = hash_mix(hash, hash_span(e->model));
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        hash = hash_mix(hash, (uint64_t)e->figures.tokens[kinds[i]]);
    return hash;
}

/* A file of the session, or its own name behind the last "_" of the file's. */
static struct span parent_of(const struct pi_memory *memory)
{
    struct span parent = kept(&memory->parent, SPAN_ABSENT);
    const char *mark;

    if (!parent.p || !memchr(parent.p, '/', parent.len))
        return parent;
    parent = path_stem(parent);
    mark = memrchr(parent.p, '_', parent.len);
    if (!mark)
        return parent;
    return (struct span){ mark + 1, (size_t)(parent.p + parent.len - mark - 1) };
}

/* The folder that stands for a project where no line told the working directory: the encoded one,
 * or the agent's of "agents/<agent>/…". */
static struct span folder_of(struct span below)
{
    return path_part(below, span_is(path_part(below, 0), "agents") ? 1 : 0);
}

static bool is_made_here(const struct picked *v, struct span model)
{
    return span_is(model, "gateway-injected") || span_is(model, "delivery-mirror") ||
           span_is(v[V_MSG_PROVIDER].text, "openclaw") || span_is(v[V_PROVIDER].text, "openclaw");
}

static struct span model_of(const struct pi_memory *memory, const struct picked *v, char *scratch,
                            size_t size)
{
    static const int slots[] = { V_MSG_MODEL, V_MSG_MODEL_ID, V_MODEL };
    size_t i;

    for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
        struct span text = picked_text(&v[slots[i]], scratch, size);

        if (text.len > 0)
            return text;
    }
    return kept(&memory->model, SPAN_LIT("unknown"));
}

static enum scan scan_message(struct scanner *s, const struct picked *v, struct picked usage)
{
    const struct pi_memory *memory = s->memory;
    struct event e = { .flags = EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN |
                                EVENT_STOPPED | EVENT_FINAL };
    char model[256];

    e.model = model_of(memory, v, model, sizeof(model));
    if (is_made_here(v, e.model))
        return SCAN_SKIP;
    if (!read_figures(usage, &e))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    if (span_is(e.model, "unknown"))
        s->problem = PROBLEM_NO_MODEL;
    set_time(s, v, &e);
    e.group = group_of(v, &e);
    e.session = known(kept(&memory->session, path_stem(s->below)));
    e.parent_session = parent_of(memory);
    e.project = known(kept(&memory->cwd, folder_of(s->below)));
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

enum scan pi_scan(struct scanner *s, struct span line)
{
    struct picked v[V_COUNT];
    struct picked usage;

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    remember(s->memory, v);
    usage = v[V_MSG_USAGE].type == PICKED_OBJECT ? v[V_MSG_USAGE] : v[V_USAGE];
    if (!span_is(v[V_TYPE].text, "message") || !span_is(v[V_ROLE].text, "assistant") ||
        usage.type != PICKED_OBJECT)
        return SCAN_SKIP;
    return scan_message(s, v, usage);
}

static const char *const needles[] = { "\"usage\"", "\"modelId\"", "\"cwd\"", NULL };

const struct format pi_lines = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .memory = sizeof(struct pi_memory),
    .scan = pi_scan,
    .first_ms = pi_first_ms,
};

const struct format pi_packed = {
    .framing = FRAMING_PACKED,
    .needles = needles,
    .memory = sizeof(struct pi_memory),
    .scan = pi_scan,
};

static const struct format *pi_format(struct span below)
{
    return span_ends(below, ".jsonl") ? &pi_lines : NULL;
}

const struct source source_pi = {
    .name = "pi",
    .title = "pi",
    .roots = pi_roots,
    .format = pi_format,
    .lines = &pi_lines,
    .choose = choose_larger,
};

const struct source source_omp = {
    .name = "omp",
    .title = "omp",
    .roots = omp_roots,
    .format = pi_format,
    .choose = choose_larger,
};
