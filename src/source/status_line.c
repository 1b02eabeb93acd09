/* source/status_line.c — what Claude Code hands to the command of its status line.
 *
 *   {"model":{"id":"h-2","display_name":"H 2"},"cost":{"total_cost_usd":1.27},
 *    "context_window":{"used_percentage":12},
 *    "rate_limits":{"five_hour":{"used_percentage":23.5,"resets_at":1788350000}}}
 *
 * Every field is optional and has changed its meaning before, so nothing here is relied on: what
 * has another type than expected is as good as absent.
 * SPDX-License-Identifier: MIT
 */
#include "source/status_line.h"

#include "base/mem.h"
#include "base/path.h"
#include "source/agents.h"
#include "source/common.h"
#include "source/headers.h"

#include <stdlib.h>

#define PPM_MOST INT64_C(1000000000) /* a thousand times the window is nonsense */

enum { V_MODEL, V_MODEL_ID, V_MODEL_NAME, V_COST, V_CONTEXT, V_LIMITS, V_COUNT };

static const struct pick_key model_keys[] = {
    { "id", V_MODEL_ID },
    { "display_name", V_MODEL_NAME },
    { NULL },
};
static const struct pick_key cost_keys[] = { { "total_cost_usd", V_COST }, { NULL } };
static const struct pick_key context_keys[] = { { "used_percentage", V_CONTEXT }, { NULL } };
static const struct pick_key keys[] = {
    { "model", V_MODEL, model_keys },
    { "cost", -1, cost_keys },
    { "context_window", -1, context_keys },
    { "rate_limits", V_LIMITS },
    { NULL },
};

static void take_window(void *to, const struct observation *seen)
{
    struct status_line *line = to;

    if (line->windows_n < STATUS_WINDOWS_MAX)
        line->windows[line->windows_n++] = *seen;
}

static void read_model(struct status_line *out, const struct picked *v)
{
    static const int order[] = { V_MODEL_NAME, V_MODEL_ID, V_MODEL };
    char scratch[sizeof(out->model)];
    size_t i;

    for (i = 0; i < sizeof(order) / sizeof(order[0]) && !out->model[0]; i++)
        span_copy(picked_text(&v[order[i]], scratch, sizeof(scratch)), out->model,
                  sizeof(out->model));
}

/* Percent to parts per million; in billionths first, as money is, for the sake of fractions. */
static int64_t read_share(const struct picked *percent)
{
    int64_t billionths;

    if (!picked_nusd(percent, &billionths) || billionths < 0 || billionths / 100000 > PPM_MOST)
        return -1;
    return billionths / 100000;
}

bool status_line_read(struct status_line *out, struct span json, int64_t now_ms)
{
    struct observation about = OBSERVATION_NONE;
    const struct sink sink = { .observation = take_window, .to = out };
    struct picked v[V_COUNT];

    *out = (struct status_line){ .session_nusd = COST_UNTOLD, .context_ppm = -1 };
    if (pick_json(json, keys, v, V_COUNT) < 0)
        return false;
    read_model(out, v);
    if (!picked_nusd(&v[V_COST], &out->session_nusd) || out->session_nusd < 0 ||
        out->session_nusd > EVENT_COST_MAX)
        out->session_nusd = COST_UNTOLD;
    out->context_ppm = read_share(&v[V_CONTEXT]);
    about.at_ms = now_ms;
    about.account = span_of(source_claude.name);
    about.via = VIA_STATUS_LINE;
    if (v[V_LIMITS].type == PICKED_OBJECT)
        windows_read(v[V_LIMITS], &about, &sink);
    return true;
}

char *status_line_settings(const struct source_env *env)
{
    struct span listed = span_of(env->get("CLAUDE_CONFIG_DIR")), first = SPAN_ABSENT;
    char *raw, *folder, *path;

    while (listed.p && span_split(&listed, ',', &first) && span_trim(first).len == 0)
        ;
    first = span_trim(first);
    raw = first.len > 0 ? xstrndup(first.p, first.len) : xstrdup("~/.claude");
    folder = path_expand(raw, env->home);
    path = path_join(folder, "settings.json");
    free(raw);
    free(folder);
    return path;
}
