/* source/kimi.c — sessions of Kimi Code CLI and of the older Kimi CLI. Rules: docs/sources/kimi.md.
 *
 *   sessions/<folder>_<hash>/<session>/agents/<agent>/wire.jsonl      new
 *   sessions/<hash>/<session>/wire.jsonl                              old
 *
 *   {"type":"usage.record","model":"k-9","usageScope":"turn","time":1935655200000,
 *    "usage":{"inputOther":10,"output":80,"inputCacheRead":900,"inputCacheCreation":20}}
 *   {"type":"context.append_loop_event","time":1935655200000,"event":{"type":"step.end",
 *    "usage":{…}}}
 *   {"timestamp":1935655200.5,"message":{"type":"StatusUpdate","payload":{"message_id":"m",
 *    "token_usage":{"input_other":10,"output":80,"input_cache_read":900,
 *                   "input_cache_creation":20}}}}
 *
 * Oddities: steps repeat the numbers of records, so they count only in files without any record;
 * those that were counted before the first record came are taken back. The old kind names no model.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"

/* What there is of one sort of line in a file, by number. */
enum part { PART_RECORD = 1, PART_STEP, PART_VOID };

#define DEFAULT_MODEL "kimi-for-coding"

enum {
    V_TYPE,
    V_MODEL,
    V_TIME,
    V_USAGE,
    V_EVENT_TYPE,
    V_EVENT_USAGE,
    V_EVENT_MODEL,
    V_TIMESTAMP,
    V_MESSAGE_TYPE,
    V_TOKEN_USAGE,
    V_MESSAGE_ID,
    V_COUNT
};

static const struct pick_key event_keys[] = {
    { "type", V_EVENT_TYPE },
    { "usage", V_EVENT_USAGE },
    { "model", V_EVENT_MODEL },
    { NULL },
};
static const struct pick_key payload_keys[] = {
    { "token_usage", V_TOKEN_USAGE },
    { "message_id", V_MESSAGE_ID },
    { NULL },
};
static const struct pick_key message_keys[] = {
    { "type", V_MESSAGE_TYPE },
    { "payload", -1, payload_keys },
    { NULL },
};
static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "model", V_MODEL },
    { "time", V_TIME },
    { "usage", V_USAGE },
    { "event", -1, event_keys },
    { "timestamp", V_TIMESTAMP },
    { "message", -1, message_keys },
    { NULL },
};

enum { U_OTHER, U_OUTPUT, U_READ, U_WRITE, U_COUNT };
static const struct pick_key usage_keys[] = {
    { "inputOther", U_OTHER },
    { "input_other", U_OTHER },
    { "output", U_OUTPUT },
    { "inputCacheRead", U_READ },
    { "input_cache_read", U_READ },
    { "inputCacheCreation", U_WRITE },
    { "input_cache_creation", U_WRITE },
    { NULL },
};

struct kimi_memory {
    int64_t at_ms;     /* the last time that was seen */
    uint32_t lines;    /* that told usage, of either sort */
    uint32_t steps;    /* that were counted */
    bool has_record;   /* steps count no more */
    uint8_t model_len; /* of the last one named */
    char model[100];
};

/* ---- where the logs are ---- */

static void kimi_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ "KIMI_CODE_HOME", ".kimi-code", "sessions" }, add, to);
    add_home_root(env, &(struct home_root){ "KIMI_SHARE_DIR", ".kimi", "sessions" }, add, to);
}

/* "<folder>/<session>/agents/<agent>/wire.jsonl": whose agent's, if not the main one's. */
static bool is_subagent(struct span below)
{
    return span_is(path_part(below, 2), "agents") && !span_is(path_part(below, 3), "main");
}

/* ---- figures ---- */

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(struct picked usage, struct figures *f)
{
    static const int slots[] = { U_OTHER, U_OUTPUT, U_READ, U_WRITE };
    struct picked u[U_COUNT];
    int64_t n[U_COUNT];
    struct counters c;

    pick_json(usage.text, usage_keys, u, U_COUNT);
    if (!read_counts(u, slots, n, U_COUNT))
        return false;
    c = (struct counters){ .input = n[U_OTHER],
                           .output = n[U_OUTPUT],
                           .cache_read = n[U_READ],
                           .cache_write_5m = n[U_WRITE] };
    return figures_set(f, &c, INPUT_IS_FRESH);
}

static uint64_t hash_vector(uint64_t hash, const struct event *e)
{
    int kind;

    hash = hash_mix(hash, e->flags & EVENT_TIME_GUESSED ? 0 : (uint64_t)e->at_ms);
    for (kind = 0; kind < TOKEN_BILLED; kind++)
        hash = hash_mix(hash, (uint64_t)e->figures.tokens[kind]);
    return hash;
}

/* ---- who, where, when ---- */

static void set_time(const struct scanner *s, const struct picked *time, struct event *e)
{
    struct kimi_memory *memory = s->memory;

    if (picked_time(time, &e->at_ms)) {
        memory->at_ms = e->at_ms;
        return;
    }
    e->flags |= EVENT_TIME_GUESSED;
    e->at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
}

static void place(const struct scanner *s, struct event *e)
{
    bool sub = is_subagent(s->below);

    e->flags |= EVENT_STOPPED | EVENT_FINAL | EVENT_MAIN_CHAIN;
    e->flags |= sub ? EVENT_SUBAGENT : EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN;
    e->session = known(path_part(s->below, 1));
    e->project = path_part(s->below, 0);
}

static void keep_model(struct kimi_memory *memory, struct span model)
{
    if (model.len == 0 || model.len > sizeof(memory->model))
        return;
    memcpy(memory->model, model.p, model.len);
    memory->model_len = (uint8_t)model.len;
}

/* The line's model, else the last one named, else the configured one, which is a guess. */
static void set_model(struct scanner *s, const struct picked *named, struct event *e, char *scratch,
                      size_t size)
{
    struct kimi_memory *memory = s->memory;

    keep_model(memory, text_or(named, scratch, size, SPAN_LIT("")));
    if (memory->model_len == 0) {
        struct span toml = s->read_near(s->near, NEAR_ROOT, "../config.toml");

        e->flags |= EVENT_INFERRED;
        e->model = toml_text(toml, "default_model");
        if (e->model.len == 0)
            e->model = SPAN_LIT(DEFAULT_MODEL);
        return;
    }
    e->model = (struct span){ memory->model, memory->model_len };
}

/* ---- the new kind ---- */

static uint64_t step_group(const struct scanner *s, uint32_t step)
{
    return hash_mix(hash_span_seed(s->below, 0x41b102), step);
}

/* The first record says that the steps counted so far were the same responses. */
static void take_steps_back(struct scanner *s, const struct event *like)
{
    struct kimi_memory *memory = s->memory;
    struct event e = *like;
    uint32_t step;

    e.part = PART_VOID;
    e.figures = (struct figures){ .logged_nusd = COST_UNTOLD };
    for (step = 1; step <= memory->steps; step++) {
        e.group = step_group(s, step);
        s->out->event(s->out->to, &e);
    }
    memory->steps = 0;
}

static enum scan put_record(struct scanner *s, struct event *e)
{
    struct kimi_memory *memory = s->memory;

    take_steps_back(s, e);
    memory->has_record = true;
    e->part = PART_RECORD;
    e->group = hash_vector(hash_mix(hash_span_seed(s->below, 0x41b101), ++memory->lines), e);
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

static enum scan put_step(struct scanner *s, struct event *e)
{
    struct kimi_memory *memory = s->memory;

    if (memory->has_record)
        return SCAN_SKIP;
    e->part = PART_STEP;
    e->group = step_group(s, ++memory->steps);
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

/* ---- the old kind ---- */

static enum scan put_status(struct scanner *s, const struct picked *v, struct event *e)
{
    uint64_t seed = hash_span_seed(path_part(s->below, 1), 0x41b103);

    if (v[V_MESSAGE_ID].type == PICKED_STRING && v[V_MESSAGE_ID].text.len > 0)
        e->group = hash_span_seed(v[V_MESSAGE_ID].text, seed);
    else
        e->group = hash_vector(seed, e);
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

/* ---- lines ---- */

/* Which of the three sorts of line it is: where its usage, time and model stand. */
static const struct sort {
    int type, usage, time, model;
    const char *word;
} sorts[] = {
    { V_TYPE, V_USAGE, V_TIME, V_MODEL, "usage.record" },
    { V_EVENT_TYPE, V_EVENT_USAGE, V_TIME, V_EVENT_MODEL, "step.end" },
    { V_MESSAGE_TYPE, V_TOKEN_USAGE, V_TIMESTAMP, V_MODEL, "StatusUpdate" },
};
enum { SORT_RECORD, SORT_STEP, SORT_STATUS, SORTS };

static int sort_of(const struct picked *v)
{
    int i;

    for (i = 0; i < SORTS; i++) {
        if (span_is(v[sorts[i].type].text, sorts[i].word) &&
            v[sorts[i].usage].type == PICKED_OBJECT)
            return i;
    }
    return SORTS;
}

static enum scan kimi_scan(struct scanner *s, struct span line)
{
    struct picked v[V_COUNT];
    struct event e = { 0 };
    char model[256];
    int sort;

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    sort = sort_of(v);
    if (sort == SORTS)
        return SCAN_SKIP;
    if (!read_figures(v[sorts[sort].usage], &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    set_time(s, &v[sorts[sort].time], &e);
    place(s, &e);
    set_model(s, &v[sorts[sort].model], &e, model, sizeof(model));
    if (sort == SORT_STATUS)
        return put_status(s, v, &e);
    return sort == SORT_RECORD ? put_record(s, &e) : put_step(s, &e);
}

/* A step that was taken back is no bill, and neither is what took it back. */
static void kimi_settle(struct contender *m, int n)
{
    bool is_void = false;
    int i;

    for (i = 0; i < n; i++)
        is_void |= m[i].part == PART_VOID;
    for (i = 0; i < n; i++)
        m[i].counted = !is_void;
}

static bool kimi_first_ms(struct span head, int64_t *at_ms)
{
    static const char *const marks[] = { "\"time\":", "\"timestamp\":" };
    size_t i;

    for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const char *at = memmem(head.p, head.len, marks[i], strlen(marks[i]));
        struct picked number = { PICKED_NUMBER, SPAN_LIT(""), false };

        if (!at)
            continue;
        at += strlen(marks[i]);
        number.text.p = at;
        while (at < head.p + head.len && (*at == '.' || (*at >= '0' && *at <= '9')))
            at++;
        number.text.len = (size_t)(at - number.text.p);
        if (picked_time(&number, at_ms))
            return true;
    }
    return false;
}

static const char *const needles[] = { "\"usage\"", "\"token_usage\"", NULL };

static const struct format wire = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .memory = sizeof(struct kimi_memory),
    .scan = kimi_scan,
    .first_ms = kimi_first_ms,
};

static const struct format *kimi_format(struct span below)
{
    return span_is(path_name(below), "wire.jsonl") ? &wire : NULL;
}

static const char *const kimi_near[] = { "config.toml", NULL };

const struct source source_kimi = {
    .name = "kimi",
    .title = "Kimi",
    .roots = kimi_roots,
    .format = kimi_format,
    .near = kimi_near,
    .lines = &wire,
    .choose = choose_larger,
    .settle = kimi_settle,
    .settles_alone = true,
};
