/* quota/claude.c — the usage of a Claude account, as Claude Code's own login may ask for it.
 *
 *   ~/.claude/.credentials.json
 *   {"claudeAiOauth":{"accessToken":"…","expiresAt":1788350000000,"subscriptionType":"max"}}
 *
 *   {"five_hour":{"utilization":37.5,"resets_at":"2026-11-22T14:00:00Z"},"seven_day_opus":null,
 *    "extra_usage":{"is_enabled":false,"utilization":null}}
 *
 * Members come and go: every one with a utilization whose name tells a length is a window.
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota_internal.h"

#include "base/mem.h"
#include "base/path.h"
#include "source/headers.h"

#include <stdlib.h>

enum { V_TOKEN, V_EXPIRES, V_PLAN, V_COUNT };

static const struct pick_key login_keys[] = {
    { "accessToken", V_TOKEN, NULL },
    { "expiresAt", V_EXPIRES, NULL },
    { "subscriptionType", V_PLAN, NULL },
    { NULL, 0, NULL },
};
static const struct pick_key file_keys[] = { { "claudeAiOauth", -1, login_keys },
                                             { NULL, 0, NULL } };
static const struct pick_key nothing[] = { { NULL, 0, NULL } };

static char *file(const struct source_env *env)
{
    const char *set = env->get("CLAUDE_CONFIG_DIR");
    struct span all = span_of(set), first = SPAN_ABSENT;
    char *folder, *path;

    if (set && span_split(&all, ',', &first) && first.len > 0)
        folder = xstrndup(first.p, first.len);
    else
        folder = path_join(env->home, ".claude");
    path = path_join(folder, ".credentials.json");
    free(folder);
    return path;
}

static void read_login(struct span json, struct credentials *out)
{
    struct picked v[V_COUNT];
    char plan[BUCKET_NAME_SIZE];

    if (pick_json(json, file_keys, v, V_COUNT) < 0)
        return;
    out->token = credentials_word(&v[V_TOKEN]);
    if (!picked_time(&v[V_EXPIRES], &out->expires_ms))
        out->expires_ms = 0;
    span_copy(picked_text(&v[V_PLAN], plan, sizeof(plan)), out->plan, sizeof(out->plan));
}

static bool answer(struct span body, struct observation *about, const struct sink *sink)
{
    struct picked none, whole = { PICKED_OBJECT, span_trim(body), false };

    if (pick_json(body, nothing, &none, 0) < 0)
        return false;
    windows_read(whole, about, sink);
    return true;
}

const struct provider provider_claude = {
    .account = "claude",
    .base = "https://api.anthropic.com",
    .path = "/api/oauth/usage",
    .header = "anthropic-beta: oauth-2025-04-20",
    .file = file,
    .read = read_login,
    .answer = answer,
};
