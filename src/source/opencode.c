/* source/opencode.c — messages of opencode, and of Kilo CLI, which is made of it. Rules:
 * docs/sources/opencode.md.
 *
 *   opencode.db, opencode-<channel>.db                 a row per message, since 2026
 *   storage/message/<session>/<message>.json           a file per message, before that
 *   storage/session/<project>/<session>.json
 *
 *   {"role":"assistant","providerID":"p","modelID":"c-9","cost":0.01,
 *    "time":{"created":1788000000000,"completed":1788000009000},
 *    "tokens":{"input":12,"output":200,"reasoning":50,"cache":{"read":15000,"write":900}},
 *    "path":{"cwd":"/w/sub","root":"/w"}}
 *
 * Oddities: a message is rewritten while it streams, its tokens zero at first; what was taken over
 * from files into the database is in both; a forked session has copies under new ids; whether
 * output holds the reasoning depends on the version.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    V_ID,
    V_SESSION,
    V_ROLE,
    V_PROVIDER,
    V_MODEL,
    V_COST,
    V_CREATED,
    V_COMPLETED,
    V_CWD,
    V_ROOT,
    V_TOKENS,
    V_INPUT,
    V_OUTPUT,
    V_REASONING,
    V_READ,
    V_WRITE,
    V_TOTAL,
    V_COUNT
};

static const struct pick_key time_keys[] = {
    { "created", V_CREATED },
    { "completed", V_COMPLETED },
    { NULL },
};
static const struct pick_key cache_keys[] = { { "read", V_READ }, { "write", V_WRITE }, { NULL } };
static const struct pick_key token_keys[] = {
    { "input", V_INPUT }, { "output", V_OUTPUT },      { "reasoning", V_REASONING },
    { "total", V_TOTAL }, { "cache", -1, cache_keys }, { NULL },
};
static const struct pick_key path_keys[] = { { "cwd", V_CWD }, { "root", V_ROOT }, { NULL } };
static const struct pick_key message_keys[] = {
    { "id", V_ID },
    { "sessionID", V_SESSION },
    { "role", V_ROLE },
    { "providerID", V_PROVIDER },
    { "modelID", V_MODEL },
    { "cost", V_COST },
    { "time", -1, time_keys },
    { "tokens", V_TOKENS, token_keys },
    { "path", -1, path_keys },
    { NULL },
};

/* What is known of a message besides its JSON. Absent or empty: not told. */
struct circumstances {
    struct span id, session;
    bool lineage; /* the session's own record is at hand: these are from there */
    struct span parent, folder;
};

/* ---- figures ---- */

/* Is what the model thought left out of `output`? The total tells; older versions write none, and
 * put it inside. */
static bool has_reasoning_apart(const int64_t *n, bool has_total)
{
    int64_t sum = n[V_INPUT] + n[V_OUTPUT] + n[V_READ] + n[V_WRITE];

    if (has_total && n[V_TOTAL] == sum)
        return false;
    if (has_total && n[V_TOTAL] == sum + n[V_REASONING])
        return true;
    return n[V_REASONING] > n[V_OUTPUT];
}

static bool read_figures(const struct picked *v, struct figures *f)
{
    static const int slots[] = { V_INPUT, V_OUTPUT, V_REASONING, V_READ, V_WRITE, V_TOTAL };
    enum { SLOTS = sizeof(slots) / sizeof(slots[0]) };
    int64_t values[SLOTS], n[V_COUNT] = { 0 };
    struct counters c;
    int i;

    if (!read_counts(v, slots, values, SLOTS))
        return false;
    for (i = 0; i < SLOTS; i++)
        n[slots[i]] = values[i];
    c = (struct counters){
        .input = n[V_INPUT],
        .output = n[V_OUTPUT],
        .reasoning = n[V_REASONING],
        .cache_read = n[V_READ],
        .cache_write_5m = n[V_WRITE],
    };
    if (has_reasoning_apart(n, v[V_TOTAL].type != PICKED_ABSENT))
        c.output += c.reasoning;
    if (!figures_set(f, &c, INPUT_IS_FRESH))
        return false;
    f->logged_nusd = logged_cost(&v[V_COST]);
    return true;
}

/* ---- names ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "claude-opus-4.5" and "claude-sonnet-45" are "claude-opus-4-5" and "claude-sonnet-4-5" elsewhere.
 * `out` has room for `size` bytes. */
static struct span plain_model(struct span model, char *out, size_t size)
{
    size_t i, n = 0;

    if (!span_has(model, "claude-") || model.len + 2 > size)
        return model;
    for (i = 0; i < model.len; i++) {
        bool before = i > 0 && is_digit(model.p[i - 1]);
        bool after = i + 1 < model.len && is_digit(model.p[i + 1]);
        bool last_two = i + 1 == model.len && i > 1 && before && model.p[i - 2] == '-';

        if (last_two && is_digit(model.p[i]))
            out[n++] = '-';
        out[n++] = model.p[i] == '.' && before && after ? '-' : model.p[i];
    }
    return (struct span){ out, n };
}

static bool is_name(struct span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_' &&
            c != '-')
            return false;
    }
    return text.len > 0;
}

/* ---- a message ---- */

/* Messages that were made at the same moment by the same model: copies among them are told apart
 * from others by what they cost and when they were done. */
static uint64_t group_of(const struct picked *v, int64_t created_ms)
{
    uint64_t made = hash_mix((uint64_t)created_ms, hash_span_seed(v[V_MODEL].text, 0x09e7c0de));

    return hash_mix(made, hash_span(v[V_PROVIDER].text));
}

/* An id begins with the time at which it was made, as twelve hexadecimal digits: kept in front, so
 * that of copies the one made first is the smallest. */
static uint64_t part_of(struct span id)
{
    static const char digits[] = "0123456789abcdef";
    enum { PREFIX = 4, DIGITS = 12 };
    uint64_t made = 0;
    size_t i;

    if (!span_starts(id, "msg_") || id.len < PREFIX + DIGITS)
        return hash_span(id);
    for (i = PREFIX; i < PREFIX + DIGITS; i++) {
        const char *digit = memchr(digits, id.p[i], 16);

        if (!digit)
            return hash_span(id);
        made = made << 4 | (uint64_t)(digit - digits);
    }
    return made << 16 | (hash_span(id) & 0xffff);
}

static void set_time(const struct scanner *s, const struct picked *v, struct event *e)
{
    int64_t completed_ms;

    if (!picked_time(&v[V_CREATED], &e->at_ms)) {
        e->at_ms = s->mtime_ms;
        e->flags |= EVENT_TIME_GUESSED;
    }
    if (picked_time(&v[V_COMPLETED], &completed_ms)) {
        e->flags |= EVENT_STOPPED | EVENT_FINAL;
        e->mark = (uint32_t)hash_mix((uint64_t)completed_ms, 1) | 1; /* 0: not completed */
    }
}

static struct span project_of(const struct picked *v, struct span folder, char *scratch,
                              size_t size)
{
    struct span root = picked_text(&v[V_ROOT], scratch, size);

    if (root.len > 1) /* "/" stands for: no repository */
        return root;
    return text_or(&v[V_CWD], scratch, size, folder.len > 0 ? folder : SPAN_LIT("unknown"));
}

static enum scan count(struct scanner *s, const struct picked *v, const struct circumstances *c)
{
    char model[256], plain[256], project[4096];
    struct event e = { .session = c->session, .flags = EVENT_OWNER_MAIN };

    if (v[V_TOKENS].type != PICKED_OBJECT)
        return scan_bad(s, PROBLEM_NO_USAGE);
    if (!read_figures(v, &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e.figures) == 0 && e.figures.logged_nusd == COST_UNTOLD)
        return SCAN_SKIP; /* has only begun */
    e.model = picked_text(&v[V_MODEL], model, sizeof(model));
    if (e.model.len == 0) {
        s->problem = PROBLEM_NO_MODEL;
        e.model = SPAN_LIT("unknown");
    }
    e.model = plain_model(e.model, plain, sizeof(plain));
    set_time(s, v, &e);
    e.group = group_of(v, e.flags & EVENT_TIME_GUESSED ? 0 : e.at_ms);
    e.part = part_of(c->id);
    e.project = project_of(v, c->folder, project, sizeof(project));
    if (e.session.len == 0)
        e.session = SPAN_LIT("unknown");
    if (c->lineage)
        e.flags |= EVENT_OWNER_PLAIN;
    if (c->parent.len > 0) {
        e.flags |= EVENT_SUBAGENT;
        e.parent_session = c->parent;
    }
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

static bool is_answer(const struct picked *v)
{
    return v[V_ROLE].type == PICKED_STRING && span_is(v[V_ROLE].text, "assistant");
}

/* ---- rows ---- */

enum { TOPIC_NEW, TOPIC_CHANGED };
enum { C_WATERMARK, C_ID, C_SESSION, C_DATA, C_LINEAGE, C_PARENT, C_FOLDER };

#define MESSAGE "message(id, session_id, data)"
#define SESSION " session(id, parent_id, directory)"
#define WITH_SESSION                                                                               \
    ", m.id, m.session_id, m.data, s.id IS NOT NULL, s.parent_id, s.directory"                     \
    " FROM message m LEFT JOIN session s ON s.id = m.session_id"
#define WITHOUT_SESSION ", m.id, m.session_id, m.data, 0, NULL, NULL FROM message m"
/* Nothing in the table tells where an old row was rewritten without a look at all of it. Those that
 * still may be are among the last ones. */
#define LATE_ROWS    " WHERE m.rowid > (SELECT max(rowid) FROM message) - 10000"
#define LATE_CHANGES LATE_ROWS " AND m.time_updated >= ?1 - 600000 ORDER BY m.time_updated"
#define NEW_ROWS     " WHERE m.rowid > ?1 ORDER BY m.rowid"

static const struct question questions[] = {
    { TOPIC_NEW, MESSAGE SESSION, "SELECT m.rowid" WITH_SESSION NEW_ROWS, C_WATERMARK },
    { TOPIC_NEW, MESSAGE, "SELECT m.rowid" WITHOUT_SESSION NEW_ROWS, C_WATERMARK },
    { TOPIC_CHANGED, MESSAGE " message(time_updated)" SESSION,
      "SELECT m.time_updated" WITH_SESSION LATE_CHANGES, C_WATERMARK },
    { TOPIC_CHANGED, MESSAGE " message(time_updated)",
      "SELECT m.time_updated" WITHOUT_SESSION LATE_CHANGES, C_WATERMARK },
    { TOPIC_CHANGED, MESSAGE, "SELECT 0" WITHOUT_SESSION LATE_ROWS, -1 },
    { .select = NULL },
};

static enum scan read_row(struct scanner *s, const struct cell *cells)
{
    struct circumstances c = {
        .id = cells[C_ID].text,
        .session = cells[C_SESSION].text,
        .lineage = cells[C_LINEAGE].number != 0,
        .parent = cells[C_PARENT].text,
        .folder = cells[C_FOLDER].text,
    };
    struct picked v[V_COUNT];

    if (pick_json(cells[C_DATA].text, message_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    return is_answer(v) ? count(s, v, &c) : SCAN_SKIP;
}

static enum scan row(struct scanner *s, int topic, const struct cell *cells)
{
    enum scan result = read_row(s, cells);

    if (topic == TOPIC_CHANGED)
        s->problem = PROBLEM_NONE; /* was said when the row was new */
    return result;
}

static const struct format database = {
    .framing = FRAMING_DATABASE,
    .questions = questions,
    .row = row,
};

/* ---- files ---- */

enum { S_PARENT, S_FOLDER, S_COUNT };
static const struct pick_key session_keys[] = {
    { "parentID", S_PARENT },
    { "directory", S_FOLDER },
    { NULL },
};

static bool read_session(struct scanner *s, struct span session, struct picked *v)
{
    char name[256];

    if (!is_name(session) || session.len > 128)
        return false;
    snprintf(name, sizeof(name), "storage/session/*/%.*s.json", (int)session.len, session.p);
    return pick_json(s->read_near(s->near, NEAR_ROOT, name), session_keys, v, S_COUNT) == 0;
}

static enum scan scan_message(struct scanner *s, struct span text)
{
    char session[256], id[256], parent[256], folder[4096];
    struct circumstances c = { .lineage = false };
    struct picked v[V_COUNT], w[S_COUNT];

    if (pick_json(text, message_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!is_answer(v))
        return SCAN_SKIP;
    c.id = text_or(&v[V_ID], id, sizeof(id), path_stem(s->below));
    c.session = text_or(&v[V_SESSION], session, sizeof(session), path_part(s->below, 2));
    if (read_session(s, c.session, w)) {
        c.lineage = true;
        c.parent = picked_text(&w[S_PARENT], parent, sizeof(parent));
        c.folder = picked_text(&w[S_FOLDER], folder, sizeof(folder));
    }
    return count(s, v, &c);
}

static const struct format message_file = {
    .framing = FRAMING_DOCUMENT,
    .scan = scan_message,
};

/* ---- copies ---- */

/* Which of the like messages of its session a member is, counted from 0. */
static int rank_of(const struct contender *m, int n, const struct contender *it)
{
    int rank = 0, i;

    for (i = 0; i < n; i++)
        rank += m[i].session == it->session && m[i].own.mark == it->own.mark &&
                m[i].part < it->part &&
                memcmp(m[i].own.figures->tokens, it->own.figures->tokens,
                       sizeof(it->own.figures->tokens)) == 0;
    return rank;
}

static bool are_copies(const struct contender *a, const struct contender *b)
{
    return a->own.mark != 0 && a->own.mark == b->own.mark && a->session != b->session &&
           memcmp(a->own.figures->tokens, b->own.figures->tokens, sizeof(b->own.figures->tokens)) ==
               0;
}

/* Answers that were completed at one moment with the same tokens in several sessions are one, which
 * was copied when a session was forked: the first of each session, the second of each, … */
static void settle(struct contender *m, int n)
{
    int *rank = xcalloc((size_t)n, sizeof(*rank));
    int i, k;

    for (i = 0; i < n; i++)
        rank[i] = rank_of(m, n, &m[i]);
    for (i = 0; i < n; i++) {
        for (k = 0; k < n && m[i].counted; k++) {
            if (are_copies(&m[i], &m[k]) && rank[i] == rank[k] && m[k].part < m[i].part)
                m[i].counted = false;
        }
    }
    free(rank);
}

/* ---- the agents ---- */

static bool enters(struct span below)
{
    struct span second = path_part(below, 1);

    return span_is(path_part(below, 0), "storage") &&
           (!second.p || (span_is(second, "message") && !path_part(below, 3).p));
}

/* "<agent>.db", "<agent>-<channel>.db" */
static bool is_database(struct span name, const char *agent)
{
    size_t n = strlen(agent);

    if (!span_starts(name, agent) || !span_ends(name, ".db"))
        return false;
    name = (struct span){ name.p + n, name.len - n - strlen(".db") };
    return name.len == 0 || (name.p[0] == '-' && name.len > 1 && is_name(name));
}

static const struct format *format_of(struct span below, const char *agent)
{
    struct span name = below;

    if (span_starts(below, "storage/message/") && path_part(below, 3).p && !path_part(below, 4).p &&
        span_ends(below, ".json"))
        return &message_file;
    if (is_database(name, agent))
        return &database;
    if (!span_ends(name, "-wal"))
        return NULL;
    name.len -= strlen("-wal");
    return is_database(name, agent) ? &format_wal : NULL;
}

static const struct format *opencode_format(struct span below)
{
    return format_of(below, "opencode");
}

static void opencode_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    static const struct home_root root = { "XDG_DATA_HOME", ".local/share", "opencode" };

    add_home_root(env, &root, add, to);
}

static const char *const near[] = { "storage/session/*/*.json", NULL };

const struct source source_opencode = {
    .name = "opencode",
    .title = "opencode",
    .roots = opencode_roots,
    .format = opencode_format,
    .enters = enters,
    .near = near,
    .choose = choose_larger,
    .join = join_counters,
    .settle = settle,
};

static const struct format *kilo_format(struct span below)
{
    return format_of(below, "kilo");
}

static void kilo_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    static const struct home_root root = { "XDG_DATA_HOME", ".local/share", "kilo" };

    add_home_root(env, &root, add, to);
}

const struct source source_kilo = {
    .name = "kilo",
    .title = "Kilo CLI",
    .roots = kilo_roots,
    .format = kilo_format,
    .enters = enters,
    .near = near,
    .choose = choose_larger,
    .join = join_counters,
    .settle = settle,
};
