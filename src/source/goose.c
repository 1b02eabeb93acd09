/* source/goose.c — sessions of Goose. Rules: docs/sources/goose.md.
 *
 *   sessions.db          table usage_ledger: a row per response; before that, in table sessions,
 *                        what each had come to
 *   <session>.jsonl      before 1.10: the same sums in the first line, rewritten with every answer
 *
 *   {"working_dir":"/w","accumulated_total_tokens":150,"accumulated_input_tokens":100,
 *    "accumulated_output_tokens":50}
 *
 * Oddities: a session that is older than the ledger has one row in it for all that was before
 * ("carried_forward"); input holds what the cache had to do with, but not in every version.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"
#include "source/gauge.h"

#include "base/hash.h"
#include "base/path.h"

/* ---- where they are ---- */

static void goose_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    static const struct home_root roots[] = {
        { "XDG_DATA_HOME", ".local/share", "goose/sessions" },
        { "XDG_DATA_HOME", ".local/share", "Block/goose/sessions" },
        { NULL, "Library/Application Support", "goose/sessions" },
    };
    const char *set = env->get("GOOSE_PATH_ROOT");
    size_t i;

    if (set && *set) {
        add_home_root(env, &(struct home_root){ "GOOSE_PATH_ROOT", "", "data/sessions" }, add, to);
        return;
    }
    for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
        add_home_root(env, &roots[i], add, to);
}

/* ---- figures ---- */

static bool read_ledger_figures(const struct cell *in, struct figures *f)
{
    enum { INPUT, OUTPUT, TOTAL, READ, WRITE, COUNTS };
    int64_t n[COUNTS], cached;
    struct counters c;
    enum convention convention;

    if (!cell_counts(in, n, COUNTS))
        return false;
    cached = n[READ] + n[WRITE];
    convention = cached > n[INPUT] || n[TOTAL] == n[INPUT] + n[OUTPUT] + cached ? INPUT_IS_FRESH
                                                                                : INPUT_IS_PROMPT;
    c = (struct counters){
        .input = n[INPUT], .output = n[OUTPUT], .cache_read = n[READ], .cache_write_5m = n[WRITE]
    };
    return figures_set(f, &c, convention);
}

/* Sums of a session. What the total has above both was generated too; where it is all there is,
 * nobody knows what it was, and most of any session is input. */
static bool read_sums(int64_t total, int64_t input, int64_t output, struct figures *f)
{
    struct counters c = { .input = input, .output = output };

    if (input == 0 && output == 0)
        c.input = total;
    else if (total > input + output)
        c.output = total - input;
    figures_set(f, &c, INPUT_IS_FRESH); /* a sum may be larger than a response */
    return figures_total(f) <= GAUGE_TOTAL_MAX;
}

static struct span model_of(struct span config, char *scratch, size_t size)
{
    static const struct pick_key keys[] = { { "model_name", 0 }, { NULL } };
    struct picked name = { 0 };

    if (config.len == 0 || pick_json(config, keys, &name, 1) < 0)
        return SPAN_LIT("unknown");
    return text_or(&name, scratch, size, SPAN_LIT("unknown"));
}

static struct span or_unknown(struct span text)
{
    return text.len > 0 ? text : SPAN_LIT("unknown");
}

/* Of like sums one that names a model is preferred. */
static uint32_t is_known(struct span model)
{
    return !span_is(model, "unknown");
}

static enum scan emit(struct scanner *s, const struct event *e)
{
    if (figures_total(&e->figures) == 0 && e->figures.logged_nusd == COST_UNTOLD)
        return SCAN_SKIP;
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

/* ---- rows ---- */

enum { TOPIC_LEDGER, TOPIC_SESSIONS };

/* The first of both topics mean the same. C_NEW: is the row behind the watermark, or looked at
 * again? */
enum { C_MARK, C_NEW, C_SESSION, C_FOLDER, C_CONFIG, C_KIND, C_PARENT };
enum { L_MODEL = C_PARENT + 1, L_AT, L_COUNTS, L_COST = L_COUNTS + 5, L_COST_SOURCE };
enum { S_TOTAL = C_PARENT + 1, S_INPUT, S_OUTPUT };

#define LEDGER                                                                                     \
    "usage_ledger(id, session_id, created_timestamp, model, input_tokens, output_tokens,"          \
    " total_tokens, cache_read_tokens, cache_write_tokens, cost, cost_source)"
#define LEDGER_COLUMNS                                                                             \
    ", l.model, l.created_timestamp, l.input_tokens, l.output_tokens, l.total_tokens,"             \
    " l.cache_read_tokens, l.cache_write_tokens, l.cost, l.cost_source FROM usage_ledger l"
/* Rows are never rewritten, but for their cost perhaps: a look back is cheap. */
#define LEDGER_FROM " WHERE l.id > ?1 - 100 ORDER BY l.id"
#define SUMS                                                                                       \
    "sessions(id, working_dir, updated_at, model_config_json, accumulated_total_tokens,"           \
    " accumulated_input_tokens, accumulated_output_tokens)"
#define CHANGED_S "CAST(strftime('%s', s.updated_at) AS INTEGER)"
#define SUM_COLUMNS                                                                                \
    ", s.accumulated_total_tokens, s.accumulated_input_tokens, s.accumulated_output_tokens"        \
    " FROM sessions s WHERE " CHANGED_S " >= ?1 - 60"

/* Whoever has worked since there is a ledger stands in it. */
#define BEFORE_LEDGER                                                                              \
    " AND NOT EXISTS (SELECT 1 FROM usage_ledger l WHERE l.session_id = s.id)"                     \
    " AND " CHANGED_S " < (SELECT ifnull(min(CASE WHEN l.created_timestamp > 100000000000"         \
    " THEN l.created_timestamp / 1000 ELSE l.created_timestamp END), 9e15) FROM usage_ledger l)"

static const struct question questions[] = {
    { TOPIC_LEDGER,
      LEDGER " sessions(id, working_dir, model_config_json, session_type, parent_session_id)",
      "SELECT l.id, l.id > ?1, l.session_id, s.working_dir, s.model_config_json, s.session_type,"
      " s.parent_session_id" LEDGER_COLUMNS
      " LEFT JOIN sessions s ON s.id = l.session_id" LEDGER_FROM,
      C_MARK },
    { TOPIC_LEDGER, LEDGER " sessions(id, working_dir, model_config_json, session_type)",
      "SELECT l.id, l.id > ?1, l.session_id, s.working_dir, s.model_config_json, s.session_type,"
      " NULL" LEDGER_COLUMNS " LEFT JOIN sessions s ON s.id = l.session_id" LEDGER_FROM,
      C_MARK },
    { TOPIC_LEDGER, LEDGER,
      "SELECT l.id, l.id > ?1, l.session_id, NULL, NULL, NULL, NULL" LEDGER_COLUMNS LEDGER_FROM,
      C_MARK },
    { TOPIC_SESSIONS, SUMS " usage_ledger(session_id)",
      "SELECT " CHANGED_S ", " CHANGED_S
      " > ?1, s.id, s.working_dir, s.model_config_json, NULL, NULL" SUM_COLUMNS BEFORE_LEDGER
      " ORDER BY 1",
      C_MARK },
    { TOPIC_SESSIONS, SUMS,
      "SELECT " CHANGED_S ", " CHANGED_S
      " > ?1, s.id, s.working_dir, s.model_config_json, NULL, NULL" SUM_COLUMNS " ORDER BY 1",
      C_MARK },
    { .select = NULL },
};

static enum scan read_ledger_row(struct scanner *s, const struct cell *cells, struct event *e)
{
    int64_t at = cells[L_AT].number;

    if (!read_ledger_figures(&cells[L_COUNTS], &e->figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    e->figures.logged_nusd = cell_cost(&cells[L_COST]);
    e->at_ms = at >= INT64_C(100000000000) ? at : at * 1000; /* seconds, else milliseconds */
    if (cells[L_MODEL].text.len > 0)
        e->model = cells[L_MODEL].text;
    e->mark = is_known(e->model);
    if (span_is(cells[L_COST_SOURCE].text, "carried_forward")) {
        gauge_sighting(e);
        return emit(s, e);
    }
    e->group = hash_mix(hash_span_seed(e->session, 0x6005e001), (uint64_t)cells[C_MARK].number);
    e->flags |= EVENT_STOPPED | EVENT_FINAL;
    return emit(s, e);
}

static enum scan read_session_row(struct scanner *s, const struct cell *cells, struct event *e)
{
    int64_t n[3];

    if (!cell_counts(&cells[S_TOTAL], n, 3) || !read_sums(n[0], n[1], n[2], &e->figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    e->at_ms = cells[C_MARK].number * 1000;
    e->mark = is_known(e->model);
    gauge_sighting(e);
    return emit(s, e);
}

static enum scan goose_row(struct scanner *s, int topic, const struct cell *cells)
{
    char model[256];
    enum scan result;
    struct event e = {
        .session = or_unknown(cells[C_SESSION].text),
        .parent_session = cells[C_PARENT].text.len > 0 ? cells[C_PARENT].text : SPAN_ABSENT,
        .project = or_unknown(cells[C_FOLDER].text),
        .model = model_of(cells[C_CONFIG].text, model, sizeof(model)),
        .flags = EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN,
    };

    if (e.parent_session.p || span_is(cells[C_KIND].text, "sub_agent"))
        e.flags |= EVENT_SUBAGENT;
    result = topic == TOPIC_LEDGER ? read_ledger_row(s, cells, &e) : read_session_row(s, cells, &e);
    if (!cells[C_NEW].number)
        s->problem = PROBLEM_NONE; /* was said when the row was new */
    return result;
}

static const struct format database = {
    .framing = FRAMING_DATABASE,
    .questions = questions,
    .row = goose_row,
};

/* ---- files ---- */

enum { V_FOLDER, V_TOTAL, V_INPUT, V_OUTPUT, V_COUNT };
static const struct pick_key head_keys[] = {
    { "working_dir", V_FOLDER },
    { "accumulated_total_tokens", V_TOTAL },
    { "accumulated_input_tokens", V_INPUT },
    { "accumulated_output_tokens", V_OUTPUT },
    { NULL },
};

/* The first line says what the session had come to; the others are the conversation. */
static enum scan goose_scan(struct scanner *s, struct span document)
{
    static const int slots[] = { V_TOTAL, V_INPUT, V_OUTPUT };
    struct event e = { .model = SPAN_LIT("unknown"), .session = path_stem(s->below) };
    struct span head = SPAN_LIT("");
    struct picked v[V_COUNT];
    char folder[4096];
    int64_t n[3];

    span_split(&document, '\n', &head);
    if (pick_json(span_trim(head), head_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!read_counts(v, slots, n, 3) || !read_sums(n[0], n[1], n[2], &e.figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    e.session = or_unknown(e.session);
    e.project = text_or(&v[V_FOLDER], folder, sizeof(folder), SPAN_LIT("unknown"));
    e.at_ms = s->mtime_ms;
    e.flags = EVENT_OWNER_MAIN | EVENT_TIME_GUESSED;
    gauge_sighting(&e);
    return emit(s, &e);
}

static const struct format session_file = {
    .framing = FRAMING_DOCUMENT,
    .scan = goose_scan,
};

static const struct format *goose_format(struct span below)
{
    if (span_is(below, "sessions.db"))
        return &database;
    if (span_is(below, "sessions.db-wal"))
        return &format_wal;
    return span_ends(below, ".jsonl") && !path_part(below, 1).p ? &session_file : NULL;
}

static bool goose_enters(struct span below)
{
    (void)below;
    return false;
}

const struct source source_goose = {
    .name = "goose",
    .title = "Goose",
    .roots = goose_roots,
    .format = goose_format,
    .enters = goose_enters,
    .choose = choose_larger,
    .join = join_counters,
    .settle = gauge_settle,
};
