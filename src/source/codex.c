/* source/codex.c — rollouts of Codex CLI. Rules: docs/sources/codex.md.
 *
 *   sessions/2031/05/04/rollout-2031-05-04T10-00-00-<thread>.jsonl
 *   archived_sessions/rollout-2031-05-04T10-00-00-<thread>.jsonl.zst
 *
 *   {"timestamp":"2031-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"<thread>",
 *    "cwd":"/w","cli_version":"9.1.0"}}
 *   {"timestamp":…,"type":"turn_context","payload":{"turn_id":"t","model":"g-9","cwd":"/w"}}
 *   {"timestamp":…,"type":"event_msg","payload":{"type":"token_count","info":{
 *    "total_token_usage":{"input_tokens":52000,"cached_input_tokens":41000,"output_tokens":900},
 *    "last_token_usage":{"input_tokens":21000,"cached_input_tokens":18000,"output_tokens":300}},
 *    "rate_limits":{"limit_id":"codex","primary":{"used_percent":12.0,"window_minutes":300}}}}
 *
 * Oddities: a count is a running total, told again at will (codex_totals.c says what it adds); it
 * has no id, so its place in the rollout is one; "total_tokens" is no count at all after a
 * compaction; model and folder stand on earlier lines.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/codex_lineage.h"
#include "source/common.h"
#include "source/headers.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>

enum {
    V_TIMESTAMP,
    V_TYPE,
    V_KIND,
    V_ID,
    V_SESSION_ID,
    V_CWD,
    V_VERSION,
    V_FORKED_FROM,
    V_PARENT,
    V_THREAD_SOURCE,
    V_SUBAGENT,
    V_SPAWNED_BY,
    V_MODEL,
    V_TURN,
    V_INFO,
    V_INFO_MODEL,
    V_TOTAL,
    V_LAST,
    V_LIMITS,
    V_LIMIT_ID,
    V_PLAN,
    V_REACHED,
    V_COUNT
};

static const struct pick_key spawn_keys[] = { { "parent_thread_id", V_SPAWNED_BY }, { NULL } };
static const struct pick_key subagent_keys[] = { { "thread_spawn", -1, spawn_keys }, { NULL } };
static const struct pick_key source_keys[] = {
    { "subagent", V_SUBAGENT, subagent_keys },
    { NULL },
};
static const struct pick_key info_keys[] = {
    { "model", V_INFO_MODEL },
    { "total_token_usage", V_TOTAL },
    { "last_token_usage", V_LAST },
    { NULL },
};
static const struct pick_key limits_keys[] = {
    { "limit_id", V_LIMIT_ID },
    { "plan_type", V_PLAN },
    { "rate_limit_reached_type", V_REACHED },
    { NULL },
};
static const struct pick_key payload_keys[] = {
    { "type", V_KIND },
    { "id", V_ID },
    { "session_id", V_SESSION_ID },
    { "cwd", V_CWD },
    { "cli_version", V_VERSION },
    { "forked_from_id", V_FORKED_FROM },
    { "parent_thread_id", V_PARENT },
    { "thread_source", V_THREAD_SOURCE },
    { "source", -1, source_keys },
    { "model", V_MODEL },
    { "turn_id", V_TURN },
    { "info", V_INFO, info_keys },
    { "rate_limits", V_LIMITS, limits_keys },
    { NULL },
};
static const struct pick_key line_keys[] = {
    { "timestamp", V_TIMESTAMP },
    { "type", V_TYPE },
    { "payload", -1, payload_keys },
    { NULL },
};

enum { U_INPUT, U_CACHED, U_CACHE_READ, U_WRITTEN, U_OUTPUT, U_REASONING, U_COUNT };

static const struct pick_key usage_keys[] = {
    { "input_tokens", U_INPUT },
    { "cached_input_tokens", U_CACHED },
    { "cache_read_input_tokens", U_CACHE_READ },
    { "cache_write_input_tokens", U_WRITTEN },
    { "output_tokens", U_OUTPUT },
    { "reasoning_output_tokens", U_REASONING },
    { NULL },
};

/* Where neither the log nor the configuration names a model. */
#define MODEL_GUESSED "gpt-5"

/* Copies are written when the thread begins, and its first own answer takes longer. */
#define COPIES_WRITTEN_MS 5000

/* What the lines before said. Texts are cut to fit and end with NUL. */
struct codex_memory {
    int64_t at_ms;   /* the last time told, 0: none was */
    int64_t born_ms; /* that of its own session_meta */
    uint64_t id, parent_id;
    struct totals totals;
    struct copying copying;
    bool identified; /* its own session_meta was read */
    bool subagent;
    char thread[64], parent[64], model[64], version[24], cwd[512];
};

/* ---- where the logs are ---- */

static void codex_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    const char *listed = env->get("CODEX_HOME");
    struct span list = span_of(listed), item;

    if (!listed || !*listed) {
        add(to, path_join(env->home, ".codex"), NULL);
        return;
    }
    while (span_split(&list, ',', &item)) {
        char *raw;

        item = span_trim(item);
        if (item.len == 0)
            continue;
        raw = xstrndup(item.p, item.len);
        add(to, path_expand(raw, env->home), NULL);
        free(raw);
    }
}

static bool is_year(struct span name)
{
    int64_t year;

    return name.len == 4 && span_int(name, &year) && year >= 2000;
}

/* A root is the agent's home, which holds much else, or a folder of rollouts. */
static bool codex_enters(struct span below)
{
    struct span top = path_part(below, 0);

    return span_is(top, "sessions") || span_is(top, "archived_sessions") || is_year(top);
}

static bool codex_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- what is remembered ---- */

/* Keeps a text, cut where a character ends. */
static void remember(char *to, size_t size, struct span text)
{
    size_t n = span_copy(text, to, size);

    if (n == text.len)
        return;
    while (n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80)
        to[--n] = '\0';
}

static void remember_picked(char *to, size_t size, const struct picked *value)
{
    char text[4096];
    struct span decoded = picked_text(value, text, sizeof(text));

    if (decoded.len > 0)
        remember(to, size, decoded);
}

static void codex_leave(struct scanner *s, struct span lines)
{
    struct codex_memory *memory = s->memory;

    last_time_of(lines, &memory->at_ms);
}

/* The line's time; where it has none, that of a line before, else the file's. True: it was told. */
static bool line_time(const struct scanner *s, const struct picked *v, int64_t *at_ms)
{
    const struct codex_memory *memory = s->memory;

    if (picked_time(&v[V_TIMESTAMP], at_ms))
        return true;
    if (!last_time_of(s->before, at_ms))
        *at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
    return false;
}

static uint64_t thread_id(struct span name)
{
    return hash_span_seed(name, 0xc0de) | 1; /* never 0, which is no thread */
}

/* "rollout-<time>-<thread>": what stands for the thread's id until the log tells it. */
static struct span thread_of_name(struct span below)
{
    enum { UUID_LEN = 36 };
    struct span stem = path_stem(below);

    if (stem.len <= UUID_LEN)
        return stem;
    return (struct span){ stem.p + stem.len - UUID_LEN, UUID_LEN };
}

static void name_thread(const struct scanner *s)
{
    struct codex_memory *memory = s->memory;
    struct span name = thread_of_name(s->below);

    if (memory->id)
        return;
    remember(memory->thread, sizeof(memory->thread), name);
    memory->id = thread_id(name);
}

/* Tells of the thread; `mark` is that of a step which has just been taken, or 0. */
static void tell_thread(struct scanner *s, uint64_t mark)
{
    struct codex_memory *memory = s->memory;

    name_thread(s);
    memory->copying.steps += mark != 0;
    if (s->out->thread)
        s->out->thread(s->out->to, &(struct thread_news){
                                       .id = memory->id,
                                       .parent = memory->parent_id,
                                       .name = span_of(memory->thread),
                                       .evidence = memory->parent_id ? memory->copying.evidence : 0,
                                       .told = copying_told(&memory->copying),
                                       .steps_n = memory->copying.steps,
                                       .mark = mark,
                                   });
}

/* ---- session_meta, turn_context ---- */

static const struct picked *first_text(const struct picked *const *values)
{
    for (; *values; values++) {
        if ((*values)->type == PICKED_STRING && (*values)->text.len > 0)
            return *values;
    }
    return NULL;
}

static void take_parent(struct codex_memory *memory, const struct picked *parent)
{
    remember_picked(memory->parent, sizeof(memory->parent), parent);
    memory->parent_id = thread_id(parent->text);
    if (memory->parent_id == memory->id)
        memory->parent_id = 0;
}

/* The first one says whose log this is; those behind it are copies out of ancestors' logs, or tell
 * that the thread was taken up again. */
static enum scan scan_meta(struct scanner *s, const struct picked *v)
{
    const struct picked *id =
        first_text((const struct picked *[]){ &v[V_ID], &v[V_SESSION_ID], NULL });
    bool spawned =
        v[V_SUBAGENT].type != PICKED_ABSENT || span_is(v[V_THREAD_SOURCE].text, "subagent");
    const struct picked *parent = first_text((const struct picked *[]){
        &v[V_FORKED_FROM], &v[V_SPAWNED_BY], spawned ? &v[V_PARENT] : NULL, NULL });
    struct codex_memory *memory = s->memory;

    if (!id)
        return SCAN_SKIP;
    if (memory->identified && thread_id(id->text) == memory->id)
        return SCAN_SKIP;
    if (memory->identified) {
        copying_embedded(&memory->copying, thread_id(id->text) == memory->parent_id);
        tell_thread(s, 0);
        return SCAN_OK;
    }
    memory->identified = true;
    memory->subagent = spawned;
    line_time(s, v, &memory->born_ms);
    remember_picked(memory->thread, sizeof(memory->thread), id);
    memory->id = thread_id(id->text);
    if (parent)
        take_parent(memory, parent);
    if (v[V_FORKED_FROM].text.len > 0)
        memory->copying.evidence |= EVIDENCE_FORKED;
    remember_picked(memory->cwd, sizeof(memory->cwd), &v[V_CWD]);
    remember_picked(memory->version, sizeof(memory->version), &v[V_VERSION]);
    tell_thread(s, 0);
    return SCAN_OK;
}

/* Its folder counts where no other thread's turns can stand in the log. */
static enum scan scan_turn(struct scanner *s, const struct picked *v)
{
    struct codex_memory *memory = s->memory;

    remember_picked(memory->model, sizeof(memory->model), &v[V_MODEL]);
    if (!memory->parent[0] || !memory->cwd[0])
        remember_picked(memory->cwd, sizeof(memory->cwd), &v[V_CWD]);
    copying_turn(&memory->copying);
    if (v[V_TURN].type == PICKED_STRING && v[V_TURN].text.len > 0)
        tell_thread(s, mark_of_turn(v[V_TURN].text));
    return SCAN_OK;
}

/* ---- models ---- */

/* The value of a top-level `model = "…"` in TOML; absent: there is none. */
static struct span configured_model(struct span toml)
{
    struct span line, key;

    while (span_split(&toml, '\n', &line)) {
        line = span_trim(line);
        if (span_starts(line, "["))
            break; /* a table: what follows is not at the top level */
        if (!span_split(&line, '=', &key) || !span_is(span_trim(key), "model") || !line.p)
            continue;
        line = span_trim(line);
        if (line.len < 2 || (line.p[0] != '"' && line.p[0] != '\''))
            continue;
        line = (struct span){ line.p + 1, line.len - 1 };
        span_split(&line, line.p[-1], &key);
        return key;
    }
    return SPAN_ABSENT;
}

static struct span fallback_model(struct scanner *s, uint32_t *flags)
{
    bool in_home = codex_enters(s->below) && !is_year(path_part(s->below, 0));
    const char *name = in_home ? "config.toml" : "../config.toml";
    struct span model = SPAN_ABSENT;

    if (s->read_near)
        model = configured_model(s->read_near(s->near, NEAR_ROOT, name));
    if (model.len > 0)
        return model;
    *flags |= EVENT_INFERRED;
    return SPAN_LIT(MODEL_GUESSED);
}

static struct span model_of(struct scanner *s, const struct picked *v, char *scratch, size_t size,
                            uint32_t *flags)
{
    const struct codex_memory *memory = s->memory;
    const struct picked *told =
        first_text((const struct picked *[]){ &v[V_MODEL], &v[V_INFO_MODEL], NULL });
    struct span model = told ? picked_text(told, scratch, size) : span_of(memory->model);

    if (model.len == 0)
        model = fallback_model(s, flags);
    if (span_is(model, "codex-auto-review"))
        *flags |= EVENT_INFERRED; /* a name for whichever model does it just now */
    return model;
}

/* ---- token_count ---- */

/* False: a number in it makes no sense. */
static bool read_vector(const struct picked *object, struct vector *out)
{
    static const int slots[] = { U_INPUT, U_CACHED, U_WRITTEN, U_OUTPUT, U_REASONING };
    struct picked u[U_COUNT];

    pick_json(object->text, usage_keys, u, U_COUNT);
    if (u[U_CACHED].type == PICKED_ABSENT)
        u[U_CACHED] = u[U_CACHE_READ];
    return read_counts(u, slots, out->at, VECTOR_SIZE);
}

static void emit(struct scanner *s, const struct picked *v, struct event *e)
{
    const struct codex_memory *memory = s->memory;
    char model[256];

    e->flags |= EVENT_STOPPED | EVENT_FINAL | (memory->subagent ? EVENT_SUBAGENT : 0);
    if (line_time(s, v, &e->at_ms))
        e->mark = (uint32_t)(e->at_ms / 1000);
    else
        e->flags |= EVENT_TIME_GUESSED;
    e->model = model_of(s, v, model, sizeof(model), &e->flags);
    e->session = known(span_of(memory->thread));
    if (memory->parent[0])
        e->parent_session = span_of(memory->parent);
    e->project = memory->cwd[0] ? span_of(memory->cwd) : SPAN_LIT("unknown");
    if (memory->version[0])
        e->version = span_of(memory->version);
    e->thread = memory->id;
    s->out->event(s->out->to, e);
}

/* A further count of the thread: its place among them. */
static int64_t take_step(struct scanner *s, const struct picked *v, const struct vector *total,
                         const struct vector *last)
{
    struct codex_memory *memory = s->memory;
    int64_t step = memory->copying.counts, at_ms;

    line_time(s, v, &at_ms);
    copying_count(&memory->copying, at_ms, total, last);
    tell_thread(s, mark_of_count(total, last));
    return step;
}

/* A line's figures: what they add to those before is billed. */
static enum scan scan_usage(struct scanner *s, const struct picked *v)
{
    struct codex_memory *memory = s->memory;
    bool has_total = v[V_TOTAL].type == PICKED_OBJECT, has_last = v[V_LAST].type == PICKED_OBJECT;
    struct vector total = { { 0 } }, last = { { 0 } }, more;
    bool sound = (!has_total || read_vector(&v[V_TOTAL], &total)) &&
                 (!has_last || read_vector(&v[V_LAST], &last));
    struct event e = { 0 };

    e.step = take_step(s, v, has_total ? &total : NULL, has_last ? &last : NULL);
    if (!sound)
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    more = totals_step(&memory->totals, has_total ? &total : NULL, has_last ? &last : NULL);
    if (!figures_set(&e.figures,
                     &(struct counters){ .input = more.at[VECTOR_INPUT],
                                         .output = more.at[VECTOR_OUTPUT],
                                         .cache_read = more.at[VECTOR_CACHED],
                                         .cache_write_5m = more.at[VECTOR_WRITTEN],
                                         .reasoning = more.at[VECTOR_REASONING] },
                     INPUT_IS_PROMPT))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP;
    if (has_last && !vector_covers(&last, &more))
        e.flags |= EVENT_SUMMED;
    emit(s, v, &e);
    return SCAN_OK;
}

static int scan_limits(struct scanner *s, const struct picked *v)
{
    const struct codex_memory *memory = s->memory;
    struct observation about = OBSERVATION_NONE;
    char id[128], plan[64];

    if (v[V_LIMITS].type != PICKED_OBJECT)
        return 0;
    line_time(s, v, &about.at_ms);
    if (memory->parent_id && memory->copying.evidence &&
        about.at_ms < memory->born_ms + COPIES_WRITTEN_MS)
        return 0; /* may be a copy: old figures at a new time */
    about.limit_id = picked_text(&v[V_LIMIT_ID], id, sizeof(id));
    if (span_is(about.limit_id, "codex"))
        about.limit_id = SPAN_ABSENT; /* the account's main one */
    about.plan = picked_text(&v[V_PLAN], plan, sizeof(plan));
    about.reached = v[V_REACHED].type != PICKED_ABSENT;
    return windows_read(v[V_LIMITS], &about, s->out);
}

static enum scan scan_count(struct scanner *s, const struct picked *v)
{
    bool told = scan_limits(s, v) > 0;
    enum scan result = v[V_INFO].type == PICKED_OBJECT ? scan_usage(s, v) : SCAN_SKIP;

    return result == SCAN_SKIP && told ? SCAN_OK : result;
}

static enum scan codex_scan(struct scanner *s, struct span line)
{
    struct picked v[V_COUNT];

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (span_is(v[V_TYPE].text, "session_meta"))
        return scan_meta(s, v);
    if (span_is(v[V_TYPE].text, "turn_context"))
        return scan_turn(s, v);
    if (span_is(v[V_TYPE].text, "event_msg") && span_is(v[V_KIND].text, "token_count"))
        return scan_count(s, v);
    return SCAN_SKIP;
}

/* Copies of a line are equal. Where one was written anew with other figures, the later one stands;
 * the rest makes the order total. */
static int codex_choose(const struct rival *a, const struct rival *b)
{
    if (a->mark != b->mark)
        return a->mark > b->mark ? 1 : -1;
    return choose_larger(a, b);
}

static const char *const codex_needles[] = { "\"token_count\"", "\"turn_context\"",
                                             "\"session_meta\"", NULL };

static const struct format rollout = {
    .framing = FRAMING_LINES,
    .needles = codex_needles,
    .memory = sizeof(struct codex_memory),
    .scan = codex_scan,
    .leave = codex_leave,
    .first_ms = codex_first_ms,
};

static const struct format packed_rollout = {
    .framing = FRAMING_PACKED,
    .needles = codex_needles,
    .memory = sizeof(struct codex_memory),
    .scan = codex_scan,
    .leave = codex_leave,
};

static const struct format *codex_format(struct span below)
{
    struct span name = path_name(below);

    if (!span_starts(name, "rollout-") || (name.len < below.len && !codex_enters(below)))
        return NULL;
    if (span_ends(name, ".jsonl"))
        return &rollout;
    return span_ends(name, ".jsonl.zst") ? &packed_rollout : NULL;
}

static const char *const codex_near[] = { "config.toml", NULL };

const struct source source_codex = {
    .name = "codex",
    .title = "Codex CLI",
    .roots = codex_roots,
    .format = codex_format,
    .lines = &rollout,
    .enters = codex_enters,
    .near = codex_near,
    .choose = codex_choose,
    .inherit = codex_inherit,
};
