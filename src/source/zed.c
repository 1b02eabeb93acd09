/* source/zed.c — threads of Zed's agent. Rules: docs/sources/zed.md.
 *
 *   threads.db      table threads: a row per thread, its data JSON, plain or compressed (Zstandard)
 *
 *   {"model":{"provider":"p","model":"c-9"},
 *    "request_token_usage":{"<user message>":{"input_tokens":10,"output_tokens":80,
 *      "cache_creation_input_tokens":20,"cache_read_input_tokens":900}},
 *    "cumulative_token_usage":{"input_tokens":30,"output_tokens":240}}
 *
 * Oddities: the whole row is replaced with every answer, and tells no time but its own; older
 * versions keep no running total, only the last request of each turn.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"
#include "source/gauge.h"

#include "base/civil.h"
#include "base/unzstd.h"

#define THREAD_MAX ((size_t)64 << 20) /* bytes of an unpacked thread */

static void zed_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    static const struct home_root roots[] = {
        { "XDG_DATA_HOME", ".local/share", "zed/threads" },
        { NULL, "Library/Application Support", "Zed/threads" },
    };
    size_t i;

    for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
        add_home_root(env, &roots[i], add, to);
}

/* ---- figures ---- */

enum { U_INPUT, U_OUTPUT, U_WRITE, U_READ, U_COUNT };
static const struct pick_key usage_keys[] = {
    { "input_tokens", U_INPUT },
    { "output_tokens", U_OUTPUT },
    { "cache_creation_input_tokens", U_WRITE },
    { "cache_read_input_tokens", U_READ },
    { NULL },
};

enum { V_MODEL, V_REQUESTS, V_TOTAL, V_COUNT };
static const struct pick_key model_keys[] = { { "model", V_MODEL }, { NULL } };
static const struct pick_key thread_keys[] = {
    { "model", -1, model_keys },
    { "request_token_usage", V_REQUESTS },
    { "cumulative_token_usage", V_TOTAL },
    { NULL },
};

/* False: a number in it makes no sense. */
static bool add_usage(struct picked usage, struct counters *sum)
{
    static const int slots[] = { U_INPUT, U_OUTPUT, U_WRITE, U_READ };
    struct picked u[U_COUNT];
    int64_t n[U_COUNT];

    if (usage.type != PICKED_OBJECT)
        return true;
    if (pick_json(usage.text, usage_keys, u, U_COUNT) < 0 || !read_counts(u, slots, n, U_COUNT))
        return false;
    sum->input += n[U_INPUT];
    sum->output += n[U_OUTPUT];
    sum->cache_write_5m += n[U_WRITE];
    sum->cache_read += n[U_READ];
    return sum->input + sum->output + sum->cache_write_5m + sum->cache_read <= GAUGE_TOTAL_MAX;
}

/* The running total; without one, what the last requests of all turns come to. */
static bool read_figures(const struct picked *v, struct figures *f)
{
    struct counters sum = { 0 };
    struct picked request;
    size_t at = 0;

    if (!add_usage(v[V_TOTAL], &sum))
        return false;
    figures_set(f, &sum, INPUT_IS_FRESH); /* a sum may be larger than a response */
    if (figures_total(f) > 0 ||
        (v[V_REQUESTS].type != PICKED_OBJECT && v[V_REQUESTS].type != PICKED_ARRAY))
        return true;
    while (pick_each(v[V_REQUESTS], &at, NULL, &request)) {
        if (!add_usage(request, &sum))
            return false;
    }
    figures_set(f, &sum, INPUT_IS_FRESH);
    return true;
}

/* ---- rows ---- */

/* C_NEW: is the row behind the watermark, or looked at again? */
enum { C_MARK, C_NEW, C_ID, C_UPDATED, C_TYPE, C_DATA, C_PARENT, C_FOLDERS };

#define THREADS      "threads(id, updated_at, data_type, data)"
#define CHANGED_S    "CAST(strftime('%s', t.updated_at) AS INTEGER)"
#define COLUMNS      "SELECT " CHANGED_S ", " CHANGED_S " > ?1, " ROW
#define ROW          "t.id, t.updated_at, t.data_type, t.data"
#define FROM_CHANGED " FROM threads t WHERE " CHANGED_S " >= ?1 - 60 ORDER BY 1"

static const struct question questions[] = {
    { 0, THREADS " threads(parent_id, folder_paths)",
      COLUMNS ", t.parent_id, t.folder_paths" FROM_CHANGED, C_MARK },
    { 0, THREADS " threads(parent_id)", COLUMNS ", t.parent_id, NULL" FROM_CHANGED, C_MARK },
    { 0, THREADS, COLUMNS ", NULL, NULL" FROM_CHANGED, C_MARK },
    { .select = NULL },
};

static enum scan scan_thread(struct scanner *s, struct span json, struct event *e)
{
    struct picked v[V_COUNT];
    char model[256];

    if (pick_json(json, thread_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (!read_figures(v, &e->figures))
        return scan_bad(s, PROBLEM_SUSPICIOUS);
    if (figures_total(&e->figures) == 0)
        return SCAN_SKIP;
    e->model = picked_text(&v[V_MODEL], model, sizeof(model));
    if (e->model.len == 0) {
        s->problem = PROBLEM_NO_MODEL;
        e->model = SPAN_LIT("unknown");
    }
    gauge_sighting(e);
    s->out->event(s->out->to, e);
    return SCAN_OK;
}

/* Several folders stand one below the other. */
static struct span first_folder(struct span folders)
{
    struct span folder = SPAN_LIT("");

    span_split(&folders, '\n', &folder);
    return folder.len > 0 ? folder : SPAN_LIT("unknown");
}

static enum scan zed_row(struct scanner *s, int topic, const struct cell *cells)
{
    struct event e = {
        .session = cells[C_ID].text.len > 0 ? cells[C_ID].text : SPAN_LIT("unknown"),
        .project = first_folder(cells[C_FOLDERS].text),
        .at_ms = cells[C_MARK].number * 1000,
        .flags = EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN,
    };
    struct buf unpacked = { 0 };
    enum scan result;

    (void)topic;
    civil_parse_rfc3339(cells[C_UPDATED].text, &e.at_ms);
    if (cells[C_PARENT].text.len > 0) {
        e.parent_session = cells[C_PARENT].text;
        e.flags |= EVENT_SUBAGENT;
    }
    if (!span_is(cells[C_TYPE].text, "zstd"))
        result = scan_thread(s, cells[C_DATA].text, &e);
    else if (unzstd(cells[C_DATA].text, THREAD_MAX, &unpacked))
        result = scan_thread(s, buf_span(&unpacked), &e);
    else
        result = scan_bad(s, PROBLEM_DAMAGED);
    buf_fini(&unpacked);
    if (!cells[C_NEW].number)
        s->problem = PROBLEM_NONE; /* was said when the row was new */
    return result;
}

static const struct format database = {
    .framing = FRAMING_DATABASE,
    .questions = questions,
    .row = zed_row,
};

static const struct format *zed_format(struct span below)
{
    if (span_is(below, "threads.db"))
        return &database;
    return span_is(below, "threads.db-wal") ? &format_wal : NULL;
}

const struct source source_zed = {
    .name = "zed",
    .title = "Zed",
    .roots = zed_roots,
    .format = zed_format,
    .choose = choose_larger,
    .join = join_counters,
    .settle = gauge_settle,
};
