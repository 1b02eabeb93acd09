/* source/openclaw.c — sessions of OpenClaw. Rules: docs/sources/openclaw.md; what a line means
 * stands in pi.c, whose format it shares.
 *
 *   agents/<agent>/sessions/<session>.jsonl              until 2026.7.1
 *   agents/<agent>/sessions/<session>.jsonl.reset.<t>    kept aside, real history (also .deleted,
 *                                                        both also .zst)
 *   agents/<agent>/sessions/cold/<hash>.jsonl.zst
 *   agents/<agent>/session-sqlite-import-archive/<session>.jsonl.imported-<t>
 *   agents/<agent>/agent/openclaw-agent.sqlite           since 2026.7.2: the lines as rows, long
 *                                                        ones compressed
 *
 * Copies of one entry in several of these have the same key and merge.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/unzstd.h"

#include <stdio.h>
#include <stdlib.h>

#define ROW_MAX ((size_t)64 << 20) /* bytes of an unpacked row */

/* ---- where the logs are ---- */

struct profile_adder {
    const struct source_env *env;
    source_root_fn *add;
    void *to;
};

static void add_profile(void *to, const char *name)
{
    struct profile_adder *adder = to;

    if (span_starts(span_of(name), ".openclaw-"))
        adder->add(adder->to, path_join(adder->env->home, name), NULL);
}

static void openclaw_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    static const char *const names[] = { ".openclaw", ".clawdbot", ".moltbot", ".moldbot" };
    const char *set = env->get("OPENCLAW_STATE_DIR");
    size_t i;

    if (set && *set) {
        add(to, path_expand(set, env->home), NULL);
        return;
    }
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        add(to, path_join(env->home, names[i]), NULL);
    if (env->each_name)
        env->each_name(env, env->home, add_profile, &(struct profile_adder){ env, add, to });
}

/* Below the state folder only what may hold sessions. */
static bool openclaw_enters(struct span below)
{
    static const char *const folders[] = { "sessions", "agent", "session-sqlite-import-archive" };
    struct span kind = path_part(below, 2);
    size_t i;

    if (!span_is(path_part(below, 0), "agents"))
        return span_is(path_part(below, 0), "sessions");
    for (i = 0; kind.p && i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (span_is(kind, folders[i]))
            return true;
    }
    return !kind.p;
}

/* ---- rows ---- */

enum { TOPIC_EVENTS };
enum { C_CREATED, C_SESSION, C_JSON, C_ZSTD, C_HEADER };

static const struct question questions[] = {
    {
        .topic = TOPIC_EVENTS,
        .needs = "transcript_events(session_id, seq, event_json, event_zstd, created_at)",
        .select = "SELECT e.created_at, e.session_id, e.event_json, e.event_zstd,"
                  " (SELECT h.event_json FROM transcript_events h"
                  "  WHERE h.session_id = e.session_id ORDER BY h.seq LIMIT 1)"
                  " FROM transcript_events e WHERE e.created_at >= ?1"
                  " AND (e.event_json IS NULL OR e.event_json LIKE '%\"usage\"%')"
                  " ORDER BY e.created_at",
        .watermark = C_CREATED,
    },
    {
        .topic = TOPIC_EVENTS,
        .needs = "transcript_events(session_id, seq, event_json, created_at)",
        .select = "SELECT e.created_at, e.session_id, e.event_json, NULL,"
                  " (SELECT h.event_json FROM transcript_events h"
                  "  WHERE h.session_id = e.session_id ORDER BY h.seq LIMIT 1)"
                  " FROM transcript_events e WHERE e.created_at >= ?1"
                  " AND e.event_json LIKE '%\"usage\"%' ORDER BY e.created_at",
        .watermark = C_CREATED,
    },
    { .select = NULL },
};

/* Where the row's session would lie if it were a file. */
static struct span name_row(struct span below, struct span session, char *out, size_t size)
{
    struct span agent = path_part(below, 1);
    int n = snprintf(out, size, "agents/%.*s/sessions/%.*s", (int)agent.len, agent.p,
                     (int)session.len, session.p);

    return (struct span){ out, n < (int)size ? (size_t)n : size - 1 };
}

/* A row is a line of its session: it is read behind that session's first line. */
static enum scan openclaw_row(struct scanner *s, int topic, const struct cell *cells)
{
    struct scanner line = *s;
    struct buf unpacked = { 0 };
    enum scan result = SCAN_SKIP;
    struct span text = cells[C_JSON].text;
    char name[512];

    (void)topic;
    line.memory = xcalloc(1, pi_lines.memory);
    line.below = name_row(s->below, cells[C_SESSION].text, name, sizeof(name));
    line.mtime_ms = cells[C_CREATED].number;
    if (cells[C_JSON].type != CELL_TEXT && !unzstd(cells[C_ZSTD].text, ROW_MAX, &unpacked))
        result = scan_bad(&line, PROBLEM_DAMAGED);
    if (cells[C_JSON].type != CELL_TEXT)
        text = buf_span(&unpacked);
    if (result != SCAN_BAD) {
        pi_scan(&line, cells[C_HEADER].text);
        line.problem = PROBLEM_NONE;
        result = pi_scan(&line, text);
    }
    s->problem = line.problem;
    free(line.memory);
    buf_fini(&unpacked);
    return result;
}

static const struct format database = {
    .framing = FRAMING_DATABASE,
    .questions = questions,
    .row = openclaw_row,
};

/* ---- formats ---- */

static const struct format *openclaw_format(struct span below)
{
    struct span name = path_name(below);

    if (span_is(name, "openclaw-agent.sqlite"))
        return &database;
    if (span_is(name, "openclaw-agent.sqlite-wal"))
        return &format_wal;
    if (span_has(name, ".trajectory") || span_has(name, ".checkpoint"))
        return NULL;
    if (span_ends(name, ".jsonl") || span_has(name, ".jsonl.imported-"))
        return &pi_lines;
    if (span_ends(name, ".jsonl.zst"))
        return &pi_packed;
    if (span_has(name, ".jsonl.reset.") || span_has(name, ".jsonl.deleted."))
        return span_ends(name, ".zst") ? &pi_packed : &pi_lines;
    return NULL;
}

const struct source source_openclaw = {
    .name = "openclaw",
    .title = "OpenClaw",
    .roots = openclaw_roots,
    .format = openclaw_format,
    .enters = openclaw_enters,
    .choose = choose_larger,
};
