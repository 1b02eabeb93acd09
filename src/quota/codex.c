/* quota/codex.c — the usage of a ChatGPT account, as Codex's own login may ask for it.
 *
 *   ~/.codex/auth.json  {"tokens":{"access_token":"…","account_id":"…"}}
 *
 *   {"plan_type":"plus","rate_limit":{"primary_window":{"used_percent":12,"reset_at":1788350000,
 *    "limit_window_seconds":18000},"secondary_window":null},"additional_rate_limits":[
 *    {"limit_name":"Spark","metered_feature":"codex_spark","rate_limit":{…}}]}
 *
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota_internal.h"

#include "base/mem.h"
#include "base/path.h"
#include "source/headers.h"

#include <stdlib.h>

enum { V_TOKEN, V_HOLDER, V_COUNT };
static const struct pick_key tokens_keys[] = {
    { "access_token", V_TOKEN, NULL },
    { "account_id", V_HOLDER, NULL },
    { NULL, 0, NULL },
};
static const struct pick_key file_keys[] = { { "tokens", -1, tokens_keys }, { NULL, 0, NULL } };

enum { A_PLAN, A_LIMIT, A_MORE, A_COUNT };
static const struct pick_key answer_keys[] = {
    { "plan_type", A_PLAN, NULL },
    { "rate_limit", A_LIMIT, NULL },
    { "additional_rate_limits", A_MORE, NULL },
    { NULL, 0, NULL },
};

enum { M_NAME, M_FEATURE, M_LIMIT, M_COUNT };
static const struct pick_key more_keys[] = {
    { "limit_name", M_NAME, NULL },
    { "metered_feature", M_FEATURE, NULL },
    { "rate_limit", M_LIMIT, NULL },
    { NULL, 0, NULL },
};

static char *file(const struct source_env *env)
{
    const char *set = env->get("CODEX_HOME");
    char *folder = set && *set ? xstrdup(set) : path_join(env->home, ".codex");
    char *path = path_join(folder, "auth.json");

    free(folder);
    return path;
}

static void read_login(struct span json, struct credentials *out)
{
    struct picked v[V_COUNT];

    if (pick_json(json, file_keys, v, V_COUNT) < 0)
        return;
    out->token = credentials_word(&v[V_TOKEN]);
    out->holder = credentials_word(&v[V_HOLDER]);
}

/* A limit beside the main one, under the name that the agent's logs have for it. */
static void read_more(struct picked entry, const struct observation *about, const struct sink *sink)
{
    struct observation own = *about;
    struct picked v[M_COUNT];
    char id[BUCKET_NAME_SIZE];

    if (entry.type != PICKED_OBJECT || pick_json(entry.text, more_keys, v, M_COUNT) < 0 ||
        v[M_LIMIT].type != PICKED_OBJECT)
        return;
    own.limit_id = picked_text(&v[M_FEATURE], id, sizeof(id));
    if (own.limit_id.len == 0)
        own.limit_id = picked_text(&v[M_NAME], id, sizeof(id));
    if (own.limit_id.len > 0)
        windows_read(v[M_LIMIT], &own, sink);
}

static bool answer(struct span body, struct observation *about, const struct sink *sink)
{
    struct picked v[A_COUNT], entry;
    char plan[BUCKET_NAME_SIZE];
    size_t at = 0;

    if (pick_json(body, answer_keys, v, A_COUNT) < 0)
        return false;
    if (v[A_PLAN].type == PICKED_STRING)
        about->plan = picked_text(&v[A_PLAN], plan, sizeof(plan));
    if (v[A_LIMIT].type == PICKED_OBJECT)
        windows_read(v[A_LIMIT], about, sink);
    while (v[A_MORE].type == PICKED_ARRAY && pick_each(v[A_MORE], &at, NULL, &entry))
        read_more(entry, about, sink);
    about->plan = SPAN_ABSENT;
    return true;
}

const struct provider provider_codex = {
    .account = "codex",
    .base = "https://chatgpt.com",
    .path = "/backend-api/wham/usage",
    .holder_header = "ChatGPT-Account-Id",
    .file = file,
    .read = read_login,
    .answer = answer,
};
