/* source/claude.c — transcripts of Claude Code. Rules: docs/sources/claude.md.
 *
 *   projects/<encoded cwd>/<session>.jsonl
 *   projects/<encoded cwd>/<session>/subagents/agent-<id>.jsonl
 *
 *   {"type":"assistant","timestamp":"2031-05-04T10:00:00.000Z","sessionId":"s","requestId":"r",
 *    "isSidechain":false,"cwd":"/w","message":{"id":"m","model":"c-9","stop_reason":"end_turn",
 *    "usage":{"input_tokens":4,"output_tokens":80,"cache_read_input_tokens":3000,
 *             "cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":0}}}}
 *
 * Oddities: one response is written as several lines (one per content block) that share message.id
 * and requestId, early ones with a placeholder for output_tokens; resumed and forked sessions copy
 * whole histories into new files; side questions replay answers under a new requestId; other line
 * types echo usage that was billed elsewhere.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "source/headers.h"

#include <stdlib.h>

/* More than one response can have. */
#define SEARCHES_MAX 100000

enum {
    V_TYPE,
    V_TIMESTAMP,
    V_SESSION,
    V_REQUEST,
    V_UUID,
    V_SIDECHAIN,
    V_CWD,
    V_VERSION,
    V_COST,
    V_API_ERROR,
    V_ERROR,
    V_ERROR_STATUS,
    V_MESSAGE,
    V_ID,
    V_MODEL,
    V_STOP,
    V_CONTENT,
    V_USAGE,
    V_LIMITS,
    V_COUNT
};

enum {
    U_TYPE,
    U_MODEL,
    U_INPUT,
    U_OUTPUT,
    U_READ,
    U_WRITE,
    U_WRITE_5M,
    U_WRITE_1H,
    U_THINKING,
    U_SEARCHES,
    U_TIER,
    U_SPEED,
    U_GEO,
    U_ITERATIONS,
    U_COUNT
};

static const struct pick_key message_keys[] = {
    { "id", V_ID },           { "model", V_MODEL }, { "stop_reason", V_STOP },
    { "content", V_CONTENT }, { "usage", V_USAGE }, { NULL },
};

static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "timestamp", V_TIMESTAMP },
    { "sessionId", V_SESSION },
    { "requestId", V_REQUEST },
    { "uuid", V_UUID },
    { "isSidechain", V_SIDECHAIN },
    { "cwd", V_CWD },
    { "version", V_VERSION },
    { "costUSD", V_COST },
    { "isApiErrorMessage", V_API_ERROR },
    { "error", V_ERROR },
    { "apiErrorStatus", V_ERROR_STATUS },
    { "message", V_MESSAGE, message_keys },
    { "rateLimits", V_LIMITS },
    { "rate_limits", V_LIMITS },
    { NULL },
};

static const struct pick_key write_keys[] = {
    { "ephemeral_5m_input_tokens", U_WRITE_5M },
    { "ephemeral_1h_input_tokens", U_WRITE_1H },
    { NULL },
};
static const struct pick_key details_keys[] = { { "thinking_tokens", U_THINKING }, { NULL } };
static const struct pick_key tool_keys[] = { { "web_search_requests", U_SEARCHES }, { NULL } };

/* Of message.usage, and of each entry of usage.iterations. */
static const struct pick_key usage_keys[] = {
    { "type", U_TYPE },
    { "model", U_MODEL },
    { "input_tokens", U_INPUT },
    { "output_tokens", U_OUTPUT },
    { "cache_read_input_tokens", U_READ },
    { "cache_creation_input_tokens", U_WRITE },
    { "cache_creation", -1, write_keys },
    { "output_tokens_details", -1, details_keys },
    { "server_tool_use", -1, tool_keys },
    { "service_tier", U_TIER },
    { "speed", U_SPEED },
    { "inference_geo", U_GEO },
    { "iterations", U_ITERATIONS },
    { NULL },
};

/* Words in a usage object that change its price. */
static const struct {
    int slot;
    const char *word;
    uint32_t flag;
} price_words[] = {
    { U_SPEED, "fast", EVENT_FAST },
    { U_GEO, "us", EVENT_GEO_US },
    { U_TIER, "batch", EVENT_TIER_BATCH },
    { U_TIER, "flex", EVENT_TIER_FLEX },
    { U_TIER, "priority", EVENT_TIER_PRIORITY },
};

struct claude_memory {
    int64_t at_ms; /* the last time among the lines that were read before, 0 if there was none */
};

/* ---- where the logs are ---- */

static void add_listed_roots(const struct source_env *env, struct span list, source_root_fn *add,
                             void *to)
{
    struct span item;

    while (span_split(&list, ',', &item)) {
        char *raw, *folder;

        item = span_trim(item);
        if (item.len == 0)
            continue;
        raw = xstrndup(item.p, item.len);
        folder = path_expand(raw, env->home);
        if (strcmp(path_base(folder), "projects") == 0) {
            add(to, folder, NULL);
        } else {
            add(to, path_join(folder, "projects"), folder);
        }
        free(raw);
    }
}

static void claude_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    const char *listed = env->get("CLAUDE_CONFIG_DIR");
    const char *xdg = env->get("XDG_CONFIG_HOME");
    char *base;

    if (listed && *listed) {
        add_listed_roots(env, span_of(listed), add, to);
        return;
    }
    base = xdg && *xdg ? xstrdup(xdg) : path_join(env->home, ".config");
    add(to, path_join(base, "claude/projects"), NULL);
    add(to, path_join(env->home, ".claude/projects"), NULL);
    free(base);
}

static bool claude_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- figures ---- */

/* Adds up what a usage object bills. False: a number in it makes no sense. */
static bool read_figures(const struct picked *u, struct figures *f)
{
    int64_t n[U_COUNT] = { 0 };
    int64_t written;
    int slot;

    for (slot = U_INPUT; slot <= U_SEARCHES; slot++) {
        if (picked_int(&u[slot], &n[slot]) == PICKED_INT_BAD)
            return false;
    }
    /* Some versions leave the flat count 0 while the split is filled, others log no split. */
    written = n[U_WRITE_5M] + n[U_WRITE_1H];
    if (n[U_WRITE] > written)
        written = n[U_WRITE];
    *f = (struct figures){
        .tokens = {
            [TOKEN_INPUT] = n[U_INPUT],
            [TOKEN_OUTPUT] = n[U_OUTPUT],
            [TOKEN_CACHE_READ] = n[U_READ],
            [TOKEN_CACHE_WRITE_1H] = n[U_WRITE_1H],
            [TOKEN_CACHE_WRITE_5M] = written - n[U_WRITE_1H],
            [TOKEN_REASONING] = n[U_THINKING] < n[U_OUTPUT] ? n[U_THINKING] : n[U_OUTPUT],
        },
        .web_searches = n[U_SEARCHES],
        .logged_nusd = COST_UNTOLD,
    };
    return figures_total(f) <= EVENT_TOTAL_MAX && f->web_searches <= SEARCHES_MAX;
}

static uint32_t read_price_flags(const struct picked *u)
{
    uint32_t flags = 0;
    size_t i;

    for (i = 0; i < sizeof(price_words) / sizeof(price_words[0]); i++) {
        const struct picked *value = &u[price_words[i].slot];

        if (value->type == PICKED_STRING && span_is(value->text, price_words[i].word))
            flags |= price_words[i].flag;
    }
    return flags;
}

static void add_figures(struct figures *to, const struct figures *more)
{
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++)
        to->tokens[kind] += more->tokens[kind];
}

/* Are input, output, cache reads and cache writes (however split) the same? */
static bool same_counters(const struct figures *a, const struct figures *b)
{
    return a->tokens[TOKEN_INPUT] == b->tokens[TOKEN_INPUT] &&
           a->tokens[TOKEN_OUTPUT] == b->tokens[TOKEN_OUTPUT] &&
           a->tokens[TOKEN_CACHE_READ] == b->tokens[TOKEN_CACHE_READ] &&
           figures_prompt(a) == figures_prompt(b);
}

/* Steps inside the response that the top-level counters leave out: usage.iterations[] whose type
 * is not "message" (docs/sources/claude.md, "Iterations"). */
static int read_extras(struct picked list, const struct event *e, struct event_extra *extras)
{
    struct figures sum = { 0 };
    struct picked entry;
    int64_t besides = 0;
    size_t at = 0;
    int n = 0;

    while (pick_each(list, &at, NULL, &entry)) {
        struct picked u[U_COUNT];
        struct figures f;

        if (entry.type != PICKED_OBJECT || pick_json(entry.text, usage_keys, u, U_COUNT) < 0 ||
            !read_figures(u, &f))
            continue;
        add_figures(&sum, &f);
        if (span_is(u[U_TYPE].text, "message"))
            continue;
        besides += figures_total(&f);
        if (figures_total(&f) == 0 || n == EVENT_EXTRAS_MAX)
            continue;
        extras[n].figures = f;
        extras[n].flags = read_price_flags(u) | (e->flags & EVENT_GEO_US);
        if (!(extras[n].flags & EVENT_TIERS))
            extras[n].flags |= e->flags & EVENT_TIERS;
        extras[n].model = u[U_MODEL].type == PICKED_STRING && u[U_MODEL].text.len > 0
                              ? u[U_MODEL].text
                              : e->model;
        n++;
    }
    return besides == 0 || same_counters(&sum, &e->figures) ? 0 : n;
}

/* ---- who and where ---- */

static uint64_t group_of(const struct picked *v, struct span line, uint32_t *flags, uint64_t *part)
{
    /* Seeds keep the three kinds of identity apart. */
    enum { BY_ID = 0xc1a0de01, BY_UUID = 0xc1a0de02, BY_LINE = 0xc1a0de03 };

    *part = 0;
    if (v[V_ID].type == PICKED_STRING && v[V_ID].text.len > 0) {
        if (v[V_REQUEST].type == PICKED_STRING && v[V_REQUEST].text.len > 0)
            *part = hash_span(v[V_REQUEST].text) | 1; /* never 0, which means "no request" */
        else
            *flags |= EVENT_NO_REQUEST;
        return hash_span_seed(v[V_ID].text, BY_ID);
    }
    if (v[V_UUID].type == PICKED_STRING && v[V_UUID].text.len > 0)
        return hash_span_seed(v[V_UUID].text, BY_UUID);
    return hash_span_seed(line, BY_LINE);
}

/* "<encoded cwd>/<session>/subagents/…": the parent session's own folder names it. */
static bool split_subagent_path(struct span below, struct span *session)
{
    static const char mark[] = "/subagents/";
    const char *at = memmem(below.p, below.len, mark, sizeof(mark) - 1);
    const char *start;

    if (!at)
        return false;
    for (start = at; start > below.p && start[-1] != '/'; start--)
        ;
    *session = (struct span){ start, (size_t)(at - start) };
    return session->len > 0;
}

static struct span file_stem(struct span below)
{
    const char *slash = memrchr(below.p, '/', below.len);
    struct span name = below;

    if (slash) {
        name.p = slash + 1;
        name.len = (size_t)(below.p + below.len - name.p);
    }
    if (span_ends(name, ".jsonl"))
        name.len -= strlen(".jsonl");
    return name;
}

static struct span first_folder(struct span below)
{
    struct span rest = below, folder = SPAN_ABSENT;

    span_split(&rest, '/', &folder);
    return rest.p ? folder : SPAN_LIT("");
}

static void place(const struct scanner *s, const struct picked *v, struct event *e)
{
    bool side = v[V_SIDECHAIN].type == PICKED_TRUE;
    bool below = split_subagent_path(s->below, &e->session);

    e->flags |= side ? EVENT_SUBAGENT : EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN;
    e->flags |= below || span_starts(file_stem(s->below), "agent-") ? EVENT_SUBAGENT : 0;
    e->flags |= below ? 0 : EVENT_OWNER_PLAIN;
    if (!below)
        e->session = v[V_SESSION].type == PICKED_STRING && v[V_SESSION].text.len > 0
                         ? v[V_SESSION].text
                         : file_stem(s->below);
    if (e->session.len == 0)
        e->session = SPAN_LIT("unknown");
}

static void claude_leave(struct scanner *s, struct span lines)
{
    struct claude_memory *memory = s->memory;

    last_time_of(lines, &memory->at_ms);
}

/* The line's time; where it has none, that of the line before, else the file's. */
static void set_time(const struct scanner *s, const struct picked *v, struct event *e)
{
    const struct claude_memory *memory = s->memory;

    if (picked_time(&v[V_TIMESTAMP], &e->at_ms))
        return;
    e->flags |= EVENT_TIME_GUESSED;
    if (!last_time_of(s->before, &e->at_ms))
        e->at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
}

/* ---- lines ---- */

/* An error that came as a message: no bill, but perhaps news of a limit. */
static enum scan scan_api_error(struct scanner *s, const struct picked *v, struct event *e)
{
    static const char legacy[] = "usage limit reached|";
    struct observation o = OBSERVATION_NONE;
    struct span text = v[V_CONTENT].text;
    const char *at = text.len ? memmem(text.p, text.len, legacy, sizeof(legacy) - 1) : NULL;
    int64_t status = 0;

    picked_int(&v[V_ERROR_STATUS], &status);
    if (!at && status != 429 && !span_is(v[V_ERROR].text, "rate_limit"))
        return SCAN_SKIP;
    set_time(s, v, e);
    o.at_ms = e->at_ms;
    o.limit = SPAN_LIT("unknown");
    o.reached = true;
    if (at) {
        struct span digits = { at + sizeof(legacy) - 1, 0 };
        int64_t seconds;

        while (digits.p + digits.len < text.p + text.len && digits.p[digits.len] >= '0' &&
               digits.p[digits.len] <= '9')
            digits.len++;
        if (span_int(digits, &seconds) && seconds < INT64_MAX / 1000)
            o.resets_at_ms = seconds * 1000;
    }
    if (s->out->observation)
        s->out->observation(s->out->to, &o);
    return SCAN_OK;
}

/* Limits that whoever stored the line saw with the response. Returns how many. */
static int scan_limits(struct scanner *s, const struct picked *v, struct event *e)
{
    struct observation about = OBSERVATION_NONE;

    if (v[V_LIMITS].type != PICKED_OBJECT)
        return 0;
    set_time(s, v, e);
    about.at_ms = e->at_ms;
    return headers_read(v[V_LIMITS], &about, s->out);
}

/* An assistant line with its usage: the bill of one response, or a part of it. */
static enum scan scan_usage(struct scanner *s, struct span line, const struct picked *v,
                            struct event *e)
{
    struct event_extra extras[EVENT_EXTRAS_MAX];
    char model[256], cwd[4096], session[256];
    struct picked u[U_COUNT];

    pick_json(v[V_USAGE].text, usage_keys, u, U_COUNT);
    if (!read_figures(u, &e->figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e->figures) == 0 && e->figures.web_searches == 0)
        return SCAN_SKIP;

    e->model = picked_text(&v[V_MODEL], model, sizeof(model));
    if (span_is(e->model, "<synthetic>"))
        return SCAN_SKIP;
    if (e->model.len == 0) {
        s->problem = PROBLEM_NO_MODEL;
        e->model = SPAN_LIT("unknown");
    }
    set_time(s, v, e);
    place(s, v, e);
    if (e->session.p == v[V_SESSION].text.p)
        e->session = picked_text(&v[V_SESSION], session, sizeof(session));
    e->project = picked_text(&v[V_CWD], cwd, sizeof(cwd));
    if (e->project.len == 0)
        e->project = first_folder(s->below);
    e->version = v[V_VERSION].type == PICKED_STRING ? v[V_VERSION].text : SPAN_ABSENT;
    if (v[V_STOP].type == PICKED_STRING)
        e->flags |= EVENT_STOPPED | EVENT_FINAL;
    e->flags |= read_price_flags(u);
    if (!picked_nusd(&v[V_COST], &e->figures.logged_nusd) || e->figures.logged_nusd < 0 ||
        e->figures.logged_nusd > EVENT_COST_MAX)
        e->figures.logged_nusd = COST_UNTOLD;
    e->group = group_of(v, line, &e->flags, &e->part);
    e->extras_n = read_extras(u[U_ITERATIONS], e, extras);
    e->extras = extras;
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

static enum scan claude_scan(struct scanner *s, struct span line)
{
    struct picked v[V_COUNT];
    struct event e = { 0 };
    enum scan result;
    bool told;

    if (pick_json(line, line_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (v[V_TYPE].type != PICKED_STRING || !span_is(v[V_TYPE].text, "assistant"))
        return SCAN_SKIP; /* echoes of usage that is billed elsewhere, prompts, housekeeping */
    told = scan_limits(s, v, &e) > 0;
    e = (struct event){ 0 };
    if (v[V_API_ERROR].type == PICKED_TRUE)
        result = scan_api_error(s, v, &e);
    else if (v[V_USAGE].type != PICKED_OBJECT)
        result = scan_bad(s, PROBLEM_NO_USAGE);
    else
        result = scan_usage(s, line, v, &e);
    return result == SCAN_SKIP && told ? SCAN_OK : result;
}

/* ---- rival copies ---- */

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The whole line is chosen, never field by field: when the server falls back to another model in
 * mid-stream, the lines are separate snapshots. The first four rules decide in practice; the rest
 * makes the order total, so that copies may come in any order. */
static int claude_choose(const struct rival *a, const struct rival *b)
{
    const int64_t *s = a->figures->tokens, *t = b->figures->tokens;
    const int steps[] = {
        order(s[TOKEN_OUTPUT], t[TOKEN_OUTPUT]),
        order(a->flags & EVENT_FINAL, b->flags & EVENT_FINAL),
        order(figures_prompt(a->figures), figures_prompt(b->figures)),
        order(s[TOKEN_CACHE_READ], t[TOKEN_CACHE_READ]),
        order(s[TOKEN_CACHE_WRITE_1H], t[TOKEN_CACHE_WRITE_1H]),
        order(a->figures->web_searches, b->figures->web_searches),
        span_cmp(a->model, b->model),
        order(a->extras_total, b->extras_total),
        order((int64_t)a->extras_mark, (int64_t)b->extras_mark),
        order(s[TOKEN_CACHE_WRITE_5M], t[TOKEN_CACHE_WRITE_5M]),
        order(s[TOKEN_REASONING], t[TOKEN_REASONING]),
        order(a->flags & EVENT_FIGURE_FLAGS, b->flags & EVENT_FIGURE_FLAGS),
        order(a->figures->logged_nusd, b->figures->logged_nusd),
    };
    size_t i;

    for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i] != 0)
            return steps[i];
    }
    return 0;
}

/* Of two requests, which one would a line without requestId rather belong to? One seen outside side
 * chains among equals: else the line would make a bill of a replay. What is left is alike in every
 * fact, so that the choice never changes a total. */
static bool adopts_rather(const struct contender *a, const struct contender *b)
{
    int rank = claude_choose(&a->own, &b->own);

    if (rank == 0)
        rank = order(a->flags & EVENT_MAIN_CHAIN, b->flags & EVENT_MAIN_CHAIN);
    return rank > 0 || (rank == 0 && a->part < b->part);
}

/* The request that lines without requestId belong to, or -1: there is none. */
static int adopter(const struct contender *m, int n)
{
    int best = -1;
    int i;

    for (i = 0; i < n; i++) {
        if (!(m[i].flags & EVENT_NO_REQUEST) && (best < 0 || adopts_rather(&m[i], &m[best])))
            best = i;
    }
    return best;
}

/* One message.id, several requests: if any was seen outside side chains, those seen only inside
 * are replays of it and cost nothing; else each is a bill of its own. */
static void claude_settle(struct contender *m, int n)
{
    int parent = adopter(m, n);
    uint32_t seen = 0;
    int i;

    for (i = 0; i < n; i++) {
        m[i].joins = (m[i].flags & EVENT_NO_REQUEST) ? parent : -1;
        seen |= m[i].flags & EVENT_MAIN_CHAIN;
        if (m[i].joins >= 0)
            m[parent].flags |= m[i].flags & EVENT_MAIN_CHAIN;
    }
    for (i = 0; i < n; i++)
        m[i].counted = m[i].joins < 0 && (!seen || (m[i].flags & EVENT_MAIN_CHAIN));
}

static const char *const claude_needles[] = { "\"usage\"", NULL };

static const struct format transcript = {
    .framing = FRAMING_LINES,
    .needles = claude_needles,
    .memory = sizeof(struct claude_memory),
    .scan = claude_scan,
    .leave = claude_leave,
    .first_ms = claude_first_ms,
};

static const struct format *claude_format(struct span below)
{
    bool is_log = span_ends(below, ".jsonl") && !span_ends(below, "/journal.jsonl");

    return is_log ? &transcript : NULL;
}

const struct source source_claude = {
    .name = "claude",
    .title = "Claude Code",
    .roots = claude_roots,
    .format = claude_format,
    .lines = &transcript,
    .choose = claude_choose,
    .settle = claude_settle,
};
