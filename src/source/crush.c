/* source/crush.c — sessions of Crush. Rules: docs/sources/crush.md.
 *
 *   <data>/projects.json       lists the projects:
 * {"projects":[{"path":"/w","data_dir":"/w/.crush"}]} <data_dir>/crush.db        table sessions:
 * what each has cost so far
 *
 * Oddities: only money adds up; the tokens beside it are those of the last step. What a child
 * session cost is in its parent's cost too.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"
#include "source/gauge.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>

/* ---- where they are ---- */

enum { P_PATH, P_DATA, P_COUNT };
static const struct pick_key project_keys[] = {
    { "path", P_PATH },
    { "data_dir", P_DATA },
    { NULL },
};
static const struct pick_key list_keys[] = { { "projects", 0 }, { NULL } };

static void add_project(const struct source_env *env, struct picked project, source_root_fn *add,
                        void *to)
{
    struct picked v[P_COUNT];
    char text[4096];
    struct span folder;
    char *raw;

    if (project.type != PICKED_OBJECT || pick_json(project.text, project_keys, v, P_COUNT) < 0)
        return;
    folder = picked_text(&v[P_DATA], text, sizeof(text));
    if (folder.len > 0) {
        raw = xstrndup(folder.p, folder.len);
    } else {
        folder = picked_text(&v[P_PATH], text, sizeof(text));
        if (folder.len == 0)
            return;
        raw = xasprintf("%.*s/.crush", (int)folder.len, folder.p);
    }
    add(to, path_expand(raw, env->home), NULL);
    free(raw);
}

static char *list_path(const struct source_env *env)
{
    const char *set = env->get("CRUSH_GLOBAL_DATA"), *data = env->get("XDG_DATA_HOME");
    char *base = set && *set     ? path_expand(set, env->home)
                 : data && *data ? path_join(data, "crush")
                                 : path_join(env->home, ".local/share/crush");
    char *path = path_join(base, "projects.json");

    free(base);
    return path;
}

static void crush_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    struct picked list, project;
    struct buf text = { 0 };
    char *path = list_path(env);
    size_t at = 0;

    if (env->read && env->read(path, &text) &&
        pick_json(buf_span(&text), list_keys, &list, 1) == 0 && list.type == PICKED_ARRAY) {
        while (pick_each(list, &at, NULL, &project))
            add_project(env, project, add, to);
    }
    buf_fini(&text);
    free(path);
}

/* ---- rows ---- */

enum { C_MARK, C_ID, C_COST, C_MODEL };

#define SESSIONS    "sessions(id, parent_session_id, cost, updated_at)"
#define NO_CHILDREN " WHERE ifnull(s.parent_session_id, '') = '' AND s.updated_at >= ?1"

static const struct question questions[] = {
    { 0, SESSIONS " messages(session_id, model, created_at)",
      "SELECT s.updated_at, s.id, s.cost, (SELECT m.model FROM messages m"
      " WHERE m.session_id = s.id AND m.model <> '' ORDER BY m.created_at DESC LIMIT 1)"
      " FROM sessions s" NO_CHILDREN " ORDER BY s.updated_at",
      C_MARK },
    { 0, SESSIONS,
      "SELECT s.updated_at, s.id, s.cost, NULL FROM sessions s" NO_CHILDREN
      " ORDER BY s.updated_at",
      C_MARK },
    { .select = NULL },
};

/* The folder that holds the data folder. */
static struct span project_of(struct span root)
{
    const char *slash = memrchr(root.p, '/', root.len);

    if (slash && slash > root.p)
        root.len = (size_t)(slash - root.p);
    return root.len > 0 ? root : SPAN_LIT("unknown");
}

static enum scan crush_row(struct scanner *s, int topic, const struct cell *cells)
{
    int64_t updated = cells[C_MARK].number;
    struct event e = {
        .session = cells[C_ID].text.len > 0 ? cells[C_ID].text : SPAN_LIT("unknown"),
        .model = cells[C_MODEL].text.len > 0 ? cells[C_MODEL].text : SPAN_LIT("unknown"),
        .project = project_of(s->root),
        .at_ms = updated >= INT64_C(100000000000) ? updated : updated * 1000,
        .flags = EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN,
        .figures = { .logged_nusd = cell_cost(&cells[C_COST]) },
    };

    (void)topic;
    if (e.figures.logged_nusd == COST_UNTOLD)
        return SCAN_SKIP;
    e.mark = cells[C_MODEL].text.len > 0; /* of like sums one that names a model is preferred */
    gauge_sighting(&e);
    e.flags &= ~(uint32_t)EVENT_INFERRED; /* the money was logged */
    s->out->event(s->out->to, &e);
    return SCAN_OK;
}

static const struct format database = {
    .framing = FRAMING_DATABASE,
    .questions = questions,
    .row = crush_row,
};

static const struct format *crush_format(struct span below)
{
    if (span_is(below, "crush.db"))
        return &database;
    return span_is(below, "crush.db-wal") ? &format_wal : NULL;
}

static bool crush_enters(struct span below)
{
    (void)below;
    return false;
}

const struct source source_crush = {
    .name = "crush",
    .title = "Crush",
    .roots = crush_roots,
    .format = crush_format,
    .enters = crush_enters,
    .choose = choose_larger,
    .join = join_counters,
    .settle = gauge_settle,
};
