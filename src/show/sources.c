/* show/sources.c — see sources.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/sources.h"

#include "base/civil.h"
#include "base/json_out.h"
#include "base/zone.h"

#include <inttypes.h>

/* What a problem means for somebody who did not write the log. */
static const char *const meanings[PROBLEM_KINDS] = {
    [PROBLEM_NOT_JSON] = "no valid JSON",
    [PROBLEM_NO_USAGE] = "a response without its usage",
    [PROBLEM_NO_MODEL] = "a response that names no model; counted as \"unknown\"",
    [PROBLEM_SUSPICIOUS] = "a number that no response can have; not counted",
    [PROBLEM_TOO_LONG] = "longer than 64 MB; passed over",
    [PROBLEM_DAMAGED] = "cannot be read; it may be damaged",
    [PROBLEM_UNKNOWN_FORMAT] = "kept in a form that is not known",
};

/* ---- for people ---- */

static void put_path(struct buf *out, const struct show_sources *how, const char *path)
{
    struct span folder = span_of(path);

    if (how->home && how->home[0] && span_starts(folder, how->home) &&
        folder.p[strlen(how->home)] == '/') {
        buf_add_char(out, '~');
        folder = span_of(path + strlen(how->home));
    }
    show_text(out, folder, 0, how->style->unicode);
}

static void put_day(struct buf *out, const struct show_sources *how, int64_t at_ms)
{
    int64_t wall_ms;
    struct civil date = zone_civil(how->zone, at_ms, &wall_ms);

    buf_printf(out, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void put_figures(struct buf *out, const struct sources_agent *agent,
                        const struct show_sources *how)
{
    show_count(out, agent->files);
    buf_add_text(out, agent->files == 1 ? " file, " : " files, ");
    show_bytes(out, agent->bytes);
    buf_add_text(out, ", ");
    show_count(out, agent->events);
    buf_add_text(out, agent->events == 1 ? " response" : " responses");
    if (agent->events > 0) {
        buf_add_text(out, " from ");
        put_day(out, how, agent->first_ms);
        buf_add_text(out, " to ");
        put_day(out, how, agent->last_ms);
    }
    buf_add_char(out, '\n');
}

static void put_problems(struct buf *out, const struct sources_agent *agent,
                         const struct show_sources *how)
{
    int kind;

    for (kind = 1; kind < PROBLEM_KINDS; kind++) {
        const struct sources_problem *problem = &agent->problems[kind];

        if (problem->lines == 0)
            continue;
        buf_add_text(out, "    ");
        show_count(out, problem->lines);
        buf_printf(out, " x %s, first at ", meanings[kind]);
        put_path(out, how, problem->path);
        if (problem->line > 0)
            buf_printf(out, ":%" PRId64, problem->line);
        buf_add_char(out, '\n');
    }
    if (agent->changed)
        buf_add_text(out, "    The format may have changed: more than 2 % is not understood.\n");
}

static void put_agent(struct buf *out, const struct sources_agent *agent,
                      const struct show_sources *how)
{
    size_t i;

    buf_printf(out, "%s (%s)\n    ", agent->source->title, agent->source->name);
    put_figures(out, agent, how);
    for (i = 0; i < agent->roots_n; i++) {
        if (!agent->roots[i].found)
            continue;
        buf_add_text(out, "    ");
        put_path(out, how, agent->roots[i].path);
        buf_add_char(out, '\n');
    }
    put_problems(out, agent, how);
}

static bool has_something(const struct sources_agent *agent)
{
    return agent->files > 0 || agent->events > 0;
}

/* "Not found: Codex CLI (~/.codex/sessions), …" */
static void put_missing(struct buf *out, const struct sources_report *report,
                        const struct show_sources *how)
{
    const char *lead = "Nothing found of:\n";
    size_t i, k;

    for (i = 0; i < report->n; i++) {
        const struct sources_agent *agent = &report->agents[i];

        if (has_something(agent))
            continue;
        buf_printf(out, "%s    %s", lead, agent->source->title);
        for (k = 0; k < agent->roots_n; k++) {
            buf_add_text(out, k == 0 ? "  " : ", ");
            put_path(out, how, agent->roots[k].path);
        }
        buf_add_text(out, agent->off ? "  switched off in the configuration\n" : "\n");
        lead = "";
    }
}

void show_sources(struct buf *out, const struct sources_report *report,
                  const struct show_sources *how)
{
    size_t i;

    for (i = 0; i < report->n; i++) {
        if (has_something(&report->agents[i]))
            put_agent(out, &report->agents[i], how);
    }
    put_missing(out, report, how);
    buf_add_text(out, "Not counted: Cursor. It keeps no token counts on this machine.\n");
}

/* ---- for programs ---- */

static void write_time(struct json_out *json, const char *key, bool known, int64_t at_ms)
{
    char stamp[CIVIL_TIME_SIZE];

    json_key(json, key);
    if (!known) {
        json_nil(json);
        return;
    }
    civil_format_iso(at_ms, stamp);
    json_text(json, span_of(stamp));
}

static void write_problems(struct json_out *json, const struct sources_agent *agent)
{
    int kind;

    json_key(json, "problems");
    json_open(json, '[');
    for (kind = 1; kind < PROBLEM_KINDS; kind++) {
        const struct sources_problem *problem = &agent->problems[kind];

        if (problem->lines == 0)
            continue;
        json_open(json, '{');
        json_put_text(json, "kind", span_of(problem_names[kind]));
        json_put_int(json, "lines", problem->lines);
        json_put_text(json, "path", span_of(problem->path));
        if (problem->line > 0)
            json_put_int(json, "line", problem->line);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_agent(struct json_out *json, const struct sources_agent *agent)
{
    size_t i;

    json_open(json, '{');
    json_put_text(json, "agent", span_of(agent->source->name));
    json_put_text(json, "title", span_of(agent->source->title));
    json_put_bool(json, "enabled", !agent->off);
    json_key(json, "roots");
    json_open(json, '[');
    for (i = 0; i < agent->roots_n; i++) {
        json_open(json, '{');
        json_put_text(json, "path", span_of(agent->roots[i].path));
        json_put_bool(json, "found", agent->roots[i].found);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_put_int(json, "files", agent->files);
    json_put_int(json, "bytes", agent->bytes);
    json_put_int(json, "events", agent->events);
    write_time(json, "first", agent->events > 0, agent->first_ms);
    write_time(json, "last", agent->events > 0, agent->last_ms);
    write_problems(json, agent);
    json_put_bool(json, "formatMayHaveChanged", agent->changed);
    json_close(json, '}');
}

void show_sources_json(struct buf *out, const struct sources_report *report)
{
    struct json_out json;
    size_t i;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_key(&json, "sources");
    json_open(&json, '[');
    for (i = 0; i < report->n; i++)
        write_agent(&json, &report->agents[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(out, '\n');
}
