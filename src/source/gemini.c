/* source/gemini.c — chats of Gemini CLI. Rules: docs/sources/gemini.md.
 *
 *   tmp/<project>/chats/session-<date>-<id>.json      one document, rewritten in place
 *   tmp/<project>/chats/session-<date>-<id>.jsonl     the same as lines, since 2026
 *   tmp/<project>/chats/<parent session>/<id>.jsonl   a sub-agent
 *
 *   {"sessionId":"s","startTime":"2031-05-04T10:00:00Z","kind":"main"}
 *   {"id":"m","timestamp":"2031-05-04T10:00:01Z","type":"gemini","model":"g-9",
 *    "tokens":{"input":900,"output":12,"cached":700,"thoughts":8,"tool":0,"total":920}}
 *   {"$set":{"messages":[…]}}
 *
 * Oddities: input holds the cached part, output does not hold the thoughts; a message is appended
 * again whenever it grew; a session that outlived the upgrade lies in both kinds of file.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"

enum { V_SESSION, V_START, V_KIND, V_MESSAGES, V_SET, V_COUNT };

enum {
    M_ID,
    M_TIMESTAMP,
    M_TYPE,
    M_MODEL,
    M_TOKENS,
    M_INPUT,
    M_OUTPUT,
    M_CACHED,
    M_THOUGHTS,
    M_TOOL,
    M_TOTAL,
    M_COUNT
};

/* Of a document, of a line of metadata, and of "$set" in a line. */
static const struct pick_key chat_keys[] = {
    { "sessionId", V_SESSION }, { "startTime", V_START },   { "kind", V_KIND },
    { "$set", V_SET },          { "messages", V_MESSAGES }, { NULL },
};

static const struct pick_key tokens_keys[] = {
    { "input", M_INPUT },
    { "output", M_OUTPUT },
    { "cached", M_CACHED },
    { "thoughts", M_THOUGHTS },
    { "tool", M_TOOL },
    { "total", M_TOTAL },
    { NULL },
};

static const struct pick_key message_keys[] = {
    { "id", M_ID },       { "timestamp", M_TIMESTAMP },        { "type", M_TYPE },
    { "model", M_MODEL }, { "tokens", M_TOKENS, tokens_keys }, { NULL },
};

#define SESSION_MAX 128

/* What the metadata said, and the last time that was seen. */
struct gemini_memory {
    int64_t at_ms;
    uint32_t session_len;
    bool subagent;
    char session[SESSION_MAX];
};

/* ---- where the logs are ---- */

static void gemini_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ "GEMINI_CLI_HOME", "", ".gemini/tmp" }, add, to);
}

/* "<project>/chats/<session>" or "<project>/chats/<parent>/<session>". */
static bool is_chat(struct span below)
{
    return span_is(path_part(below, 1), "chats") && path_part(below, 2).p;
}

static bool gemini_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "startTime", at_ms) || first_time_of(head, "timestamp", at_ms);
}

/* ---- who and where ---- */

static struct span session_of(const struct scanner *s)
{
    const struct gemini_memory *memory = s->memory;

    if (memory->session_len > 0)
        return (struct span){ memory->session, memory->session_len };
    return path_stem(s->below);
}

/* The path that projects.json gives the folder's name to; else that name. */
static struct span project_of(struct scanner *s, char *scratch, size_t size)
{
    static const struct pick_key keys[] = { { "projects", 0 }, { NULL } };
    struct span folder = path_part(s->below, 0), path;
    struct picked projects, name;
    size_t at = 0;

    if (pick_json(s->read_near(s->near, NEAR_ROOT, "../projects.json"), keys, &projects, 1) < 0 ||
        projects.type != PICKED_OBJECT)
        return folder;
    while (pick_each(projects, &at, &path, &name)) {
        struct picked text = { PICKED_STRING, path, memchr(path.p, '\\', path.len) != NULL };

        if (name.type == PICKED_STRING && span_eq(name.text, folder))
            return text_or(&text, scratch, size, folder);
    }
    return folder;
}

static void place(struct scanner *s, struct event *e)
{
    const struct gemini_memory *memory = s->memory;
    bool nested = path_part(s->below, 3).p != NULL;

    e->session = known(session_of(s));
    if (nested)
        e->parent_session = path_part(s->below, 2);
    e->flags |= EVENT_STOPPED | EVENT_FINAL | EVENT_MAIN_CHAIN;
    e->flags |= nested || memory->subagent ? EVENT_SUBAGENT : EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN;
}

static void set_time(const struct scanner *s, const struct picked *m, struct event *e)
{
    struct gemini_memory *memory = s->memory;

    if (picked_time(&m[M_TIMESTAMP], &e->at_ms)) {
        memory->at_ms = e->at_ms;
        return;
    }
    e->flags |= EVENT_TIME_GUESSED;
    e->at_ms = memory->at_ms ? memory->at_ms : s->mtime_ms;
}

/* ---- figures ---- */

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(const struct picked *m, struct figures *f)
{
    static const int slots[] = { M_INPUT, M_OUTPUT, M_CACHED, M_THOUGHTS, M_TOOL, M_TOTAL };
    enum { INPUT, OUTPUT, CACHED, THOUGHTS, TOOL, TOTAL, COUNTS };
    enum convention convention = INPUT_IS_PROMPT;
    int64_t n[COUNTS];
    struct counters c;

    if (!read_counts(m, slots, n, COUNTS))
        return false;
    if (n[CACHED] > 0 && n[TOTAL] == n[INPUT] + n[CACHED] + n[OUTPUT] + n[THOUGHTS] + n[TOOL])
        convention = INPUT_IS_FRESH; /* the sum says that the cached part comes on top */
    c = (struct counters){
        .input = n[INPUT],
        .output = n[OUTPUT] + n[THOUGHTS],
        .cache_read = n[CACHED],
        .reasoning = n[THOUGHTS],
    };
    if (!figures_set(f, &c, convention))
        return false;
    f->tokens[TOKEN_INPUT] += n[TOOL];
    return figures_total(f) <= EVENT_TOTAL_MAX;
}

static enum scan scan_message(struct scanner *s, struct span text)
{
    char id[128], model[256], project[4096];
    struct event e = { 0 };
    struct picked m[M_COUNT];

    if (pick_json(text, message_keys, m, M_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!span_is(m[M_TYPE].text, "gemini") || m[M_TOKENS].type != PICKED_OBJECT)
        return SCAN_SKIP;
    if (m[M_ID].type != PICKED_STRING || !read_figures(m, &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0)
        return SCAN_SKIP; /* not known yet */
    set_time(s, m, &e);
    place(s, &e);
    e.group = hash_span_seed(text_or(&m[M_ID], id, sizeof(id), SPAN_LIT("")),
                             hash_span_seed(e.session, 0x6e3141));
    e.project = project_of(s, project, sizeof(project));
    e.model = text_or(&m[M_MODEL], model, sizeof(model), SPAN_LIT("unknown"));
    if (span_is(e.model, "unknown"))
        s->problem = PROBLEM_NO_MODEL;
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

/* ---- lines and documents ---- */

static void scan_messages(struct scanner *s, struct picked messages)
{
    struct picked message;
    size_t at = 0;

    if (messages.type != PICKED_ARRAY)
        return;
    while (pick_each(messages, &at, NULL, &message)) {
        if (message.type == PICKED_OBJECT)
            scan_message(s, message.text);
    }
}

/* The first file of a session tells whose it is; later updates may tell again. */
static void remember(struct scanner *s, const struct picked *v)
{
    struct gemini_memory *memory = s->memory;
    char session[SESSION_MAX];
    struct span text = text_or(&v[V_SESSION], session, sizeof(session), SPAN_LIT(""));

    if (text.len > 0 && text.len < SESSION_MAX) {
        memcpy(memory->session, text.p, text.len);
        memory->session_len = (uint32_t)text.len;
    }
    if (v[V_KIND].type == PICKED_STRING)
        memory->subagent = span_is(v[V_KIND].text, "subagent");
    picked_time(&v[V_START], &memory->at_ms);
}

static enum scan scan_document(struct scanner *s, struct span document)
{
    struct picked v[V_COUNT];

    if (pick_json(document, chat_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    remember(s, v);
    scan_messages(s, v[V_MESSAGES]);
    return SCAN_OK;
}

static enum scan scan_line(struct scanner *s, struct span line)
{
    struct picked v[V_COUNT], set[V_COUNT];

    if (pick_json(line, chat_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    remember(s, v);
    if (v[V_SET].type != PICKED_OBJECT)
        return scan_message(s, line);
    if (pick_json(v[V_SET].text, chat_keys, set, V_COUNT) == 0) {
        remember(s, set);
        scan_messages(s, set[V_MESSAGES]);
    }
    return SCAN_OK;
}

static const char *const needles[] = { "\"tokens\"", "\"sessionId\"", NULL };

static const struct format lines = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .memory = sizeof(struct gemini_memory),
    .scan = scan_line,
    .first_ms = gemini_first_ms,
};

static const struct format document = {
    .framing = FRAMING_DOCUMENT,
    .memory = sizeof(struct gemini_memory),
    .scan = scan_document,
    .first_ms = gemini_first_ms,
};

const struct format *gemini_format(struct span below)
{
    if (!is_chat(below))
        return NULL;
    if (span_ends(below, ".jsonl"))
        return &lines;
    return span_ends(below, ".json") && span_starts(path_name(below), "session-") ? &document
                                                                                  : NULL;
}

static const char *const gemini_near[] = { "projects.json", NULL };

const struct source source_gemini = {
    .name = "gemini",
    .title = "Gemini CLI",
    .roots = gemini_roots,
    .format = gemini_format,
    .near = gemini_near,
    .lines = &lines,
    .choose = choose_larger,
    .join = join_prompt,
};
