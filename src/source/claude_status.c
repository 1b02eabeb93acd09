/* source/claude_status.c — rate limits that Claude Code's status line was told.
 *
 * Claude Code hands its status-line command one JSON object at every refresh; `rate_limits` in it
 * is the best source there is: local, official, no request of its own. The command appends
 *
 *   {"at":1788350000000,"rate_limits":{"five_hour":{"used_percentage":23.5,"resets_at":1788352000},
 *    "seven_day":{"used_percentage":41.2,"resets_at":1788700000}}}
 *
 * to a spool, which is followed like a log. Each window may be missing.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"

#include "base/mem.h"
#include "base/path.h"
#include "source/common.h"
#include "source/headers.h"
#include "source/sightings.h"

#include <inttypes.h>
#include <stdlib.h>

enum { V_AT, V_LIMITS, V_COUNT };

static const struct pick_key keys[] = {
    { "at", V_AT },
    { "rate_limits", V_LIMITS },
    { NULL },
};

/* ---- the spool ---- */

char *sightings_folder(const struct source_env *env)
{
    const char *data = env->get("XDG_DATA_HOME");
    char *base = data && *data ? xstrdup(data) : path_join(env->home, ".local/share");
    char *folder = path_join(base, "tacho/sightings");

    free(base);
    return folder;
}

struct span sightings_of(struct span json)
{
    struct picked v[V_COUNT];

    if (pick_json(json, keys, v, V_COUNT) < 0 || v[V_LIMITS].type != PICKED_OBJECT)
        return SPAN_ABSENT;
    return v[V_LIMITS].text;
}

int64_t sightings_at(struct span line)
{
    struct picked v[V_COUNT];
    int64_t at_ms = 0;

    return pick_json(line, keys, v, V_COUNT) == 0 && picked_time(&v[V_AT], &at_ms) ? at_ms : 0;
}

void sightings_line(struct buf *out, struct span limits, int64_t at_ms)
{
    size_t i;

    buf_printf(out, "{\"at\":%" PRId64 ",\"rate_limits\":", at_ms);
    for (i = 0; i < limits.len; i++) /* on one line, however it was laid out */
        buf_add_char(out, limits.p[i] == '\n' || limits.p[i] == '\r' ? ' ' : limits.p[i]);
    buf_add_text(out, "}\n");
}

/* ---- the source ---- */

static void status_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add(to, sightings_folder(env), NULL);
}

static enum scan status_scan(struct scanner *s, struct span line)
{
    struct observation about = OBSERVATION_NONE;
    struct picked v[V_COUNT];

    if (pick_json(line, keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    if (v[V_LIMITS].type != PICKED_OBJECT || !picked_time(&v[V_AT], &about.at_ms))
        return SCAN_SKIP;
    about.account = span_of(source_claude.name);
    about.via = VIA_STATUS_LINE;
    return windows_read(v[V_LIMITS], &about, s->out) > 0 ? SCAN_OK : SCAN_SKIP;
}

static const char *const needles[] = { "\"rate_limits\"", NULL };

static const struct format spool = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .scan = status_scan,
};

static const struct format *status_format(struct span below)
{
    return span_is(below, SIGHTINGS_FILE) ? &spool : NULL;
}

const struct source source_claude_status = {
    .name = "claude_status",
    .title = "Claude Code's status line",
    .roots = status_roots,
    .format = status_format,
    .choose = choose_larger,
};
