/* report/usage_settings.c — reset, threshold, names: from the configuration, and above it from an
 * orchestrator's file.
 *
 *   { "usage_reset": "monday 00:00 UTC", "usage_threshold_tokens": 50000000,
 *     "agents": [ { "name": "writer", "type": "worker", "model": "h-2" } ] }
 *
 * That file is the orchestrator's own: keys that we do not know are none of our business.
 * SPDX-License-Identifier: MIT
 */
#include "report/usage_internal.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/pick.h"
#include "config/config.h"

#include <stdlib.h>

#define FILE_MAX_BYTES (1024 * 1024)
#define NAME_MAX_BYTES 256
#define AGENTS_MAX     4096

enum { V_RESET, V_THRESHOLD, V_AGENTS, V_COUNT };
static const struct pick_key file_keys[] = {
    { "usage_reset", V_RESET, NULL },
    { "usage_threshold_tokens", V_THRESHOLD, NULL },
    { "agents", V_AGENTS, NULL },
    { NULL, 0, NULL },
};

enum { A_NAME, A_TYPE, A_MODEL, A_COUNT };
static const struct pick_key agent_keys[] = {
    { "name", A_NAME, NULL },
    { "type", A_TYPE, NULL },
    { "model", A_MODEL, NULL },
    { NULL, 0, NULL },
};

/* A text value, kept. Absent where it is none or too long. */
static struct span keep(struct usage_settings *s, const struct picked *value)
{
    char scratch[NAME_MAX_BYTES + 1];
    struct span text = picked_text(value, scratch, sizeof(scratch));

    return text.p && text.len <= NAME_MAX_BYTES ? span_of(arena_text(s->arena, text)) : SPAN_ABSENT;
}

/* ---- the orchestrator's file ---- */

static int read_agents(struct usage_settings *s, const struct picked *list, struct err *err)
{
    struct picked v[A_COUNT], entry;
    struct usage_known known;
    size_t at = 0;

    if (list->type == PICKED_ABSENT)
        return 0;
    if (list->type != PICKED_ARRAY) {
        err_set(err, ERR_USAGE, "agents: allowed is a list of {\"name\",\"type\",\"model\"}");
        return -1;
    }
    while (pick_each(*list, &at, NULL, &entry)) {
        if (entry.type != PICKED_OBJECT || pick_json(entry.text, agent_keys, v, A_COUNT) < 0 ||
            s->agents_n == AGENTS_MAX) {
            err_set(err, ERR_USAGE,
                    "agents: %.*s is no {\"name\",\"type\",\"model\"}, or one of more than %d",
                    entry.text.len < 80 ? (int)entry.text.len : 80, entry.text.p, AGENTS_MAX);
            return -1;
        }
        known =
            (struct usage_known){ keep(s, &v[A_NAME]), keep(s, &v[A_TYPE]), keep(s, &v[A_MODEL]) };
        if (!known.name.p)
            continue;
        s->agents = xgrow(s->agents, s->agents_n, &s->agents_space, sizeof(*s->agents));
        s->agents[s->agents_n++] = known;
    }
    return 0;
}

static int read_threshold(struct usage_settings *s, const struct picked *value, struct err *err)
{
    int64_t tokens;

    if (value->type == PICKED_ABSENT)
        return 0;
    if (value->type == PICKED_NUMBER && span_int(value->text, &tokens) && tokens >= 1 &&
        tokens <= CONFIG_TOKENS_MAX) {
        s->threshold = tokens;
        return 0;
    }
    err_set(err, ERR_USAGE,
            "usage_threshold_tokens: allowed is a whole number from 1 to %lld, not %.*s",
            (long long)CONFIG_TOKENS_MAX, value->text.len < 80 ? (int)value->text.len : 80,
            value->text.p);
    return -1;
}

static int read_reset(struct usage_settings *s, const struct picked *value, struct err *err)
{
    struct usage_reset reset;
    char scratch[512];
    struct span text;
    char *copy;
    int rc;

    if (value->type == PICKED_ABSENT)
        return 0;
    text =
        value->type == PICKED_STRING ? picked_text(value, scratch, sizeof(scratch)) : value->text;
    copy = xstrndup(text.p, text.len);
    rc = usage_reset_read(&reset, copy, err);
    free(copy);
    if (rc == 0) {
        usage_reset_fini(&s->reset);
        s->reset = reset;
    } else {
        usage_reset_fini(&reset);
    }
    return rc;
}

static int read_text(struct usage_settings *s, struct span text, struct err *err)
{
    struct picked v[V_COUNT];

    if (pick_json(text, file_keys, v, V_COUNT) < 0) {
        err_set(err, ERR_USAGE, "this is no JSON object");
        return -1;
    }
    return read_reset(s, &v[V_RESET], err) < 0 || read_threshold(s, &v[V_THRESHOLD], err) < 0
               ? -1
               : read_agents(s, &v[V_AGENTS], err);
}

static int read_file(struct usage_settings *s, const char *path, struct err *err)
{
    struct buf text = { 0 };
    struct err why = { 0 };
    int rc = path_read(path, FILE_MAX_BYTES, &text, err);

    if (rc == 0) {
        rc = read_text(s, buf_span(&text), &why);
        if (rc < 0)
            err_set(err, why.kind, "%s: %s", path, why.text);
    }
    buf_fini(&text);
    return rc;
}

/* ---- the configuration ---- */

static int read_aliases(struct usage_settings *s, const char *json, struct err *err)
{
    static const struct pick_key nothing[] = { { NULL, 0, NULL } };
    struct picked value, object = { PICKED_OBJECT, span_of(json), false };
    struct usage_alias alias;
    struct span folder;
    size_t at = 0;

    if (!json)
        return 0;
    if (pick_json(object.text, nothing, &value, 0) < 0) {
        err_set(err, ERR_USAGE, "project_names: this is no JSON object");
        return -1;
    }
    while (pick_each(object, &at, &folder, &value)) {
        const struct picked key = { PICKED_STRING, folder, memchr(folder.p, '\\', folder.len) };

        alias = (struct usage_alias){ keep(s, &key), keep(s, &value) };
        if (!alias.folder.p || !alias.name.p || alias.name.len == 0) {
            err_set(err, ERR_USAGE, "project_names: %.*s must be a name such as \"shop\"",
                    folder.len < 80 ? (int)folder.len : 80, folder.p);
            return -1;
        }
        s->aliases = xgrow(s->aliases, s->aliases_n, &s->aliases_space, sizeof(*s->aliases));
        s->aliases[s->aliases_n++] = alias;
    }
    return 0;
}

static int read_config(struct usage_settings *s, const struct config *config, struct err *err)
{
    struct err why = { 0 };

    s->threshold = config->usage_threshold;
    if (usage_reset_read(&s->reset, config->usage_reset, &why) == 0 &&
        read_aliases(s, config->project_names, &why) == 0)
        return 0;
    err_set(err, why.kind, "%s: %s", config->config_path, why.text);
    return -1;
}

int usage_settings_new(struct usage_settings **out, const struct config *config, struct err *err)
{
    struct usage_settings *s = xcalloc(1, sizeof(*s));
    int rc = -1;

    s->arena = arena_new();
    if (read_config(s, config, err) < 0)
        goto out;
    if (config->agents_config && read_file(s, config->agents_config, err) < 0)
        goto out;
    *out = s;
    s = NULL;
    rc = 0;
out:
    usage_settings_free(s);
    return rc;
}

void usage_settings_free(struct usage_settings *s)
{
    if (!s)
        return;
    usage_reset_fini(&s->reset);
    free(s->agents);
    free(s->aliases);
    arena_free(s->arena);
    free(s);
}

const struct usage_reset *usage_settings_reset(const struct usage_settings *settings)
{
    return &settings->reset;
}

/* ---- names ---- */

const struct usage_known *usage_settings_agent(const struct usage_settings *s, struct span name)
{
    size_t i;

    for (i = 0; i < s->agents_n; i++) {
        if (span_eq(s->agents[i].name, name))
            return &s->agents[i];
    }
    return NULL;
}

static bool is_below(struct span path, struct span folder)
{
    return path.len >= folder.len && memcmp(path.p, folder.p, folder.len) == 0 &&
           (path.len == folder.len || path.p[folder.len] == '/');
}

struct span usage_settings_alias(const struct usage_settings *s, struct span project)
{
    const struct usage_alias *best = NULL;
    size_t i;

    for (i = 0; i < s->aliases_n; i++) {
        const struct usage_alias *a = &s->aliases[i];

        if (is_below(project, a->folder) && (!best || a->folder.len > best->folder.len))
            best = a;
    }
    return best ? best->name : SPAN_ABSENT;
}
