/* source/roots.c — see roots.h.
 * SPDX-License-Identifier: MIT
 */
#include "source/roots.h"

#include "base/mem.h"
#include "base/path.h"

#include <jansson.h>
#include <stdlib.h>

#define HOMES "homes"

struct giver {
    const struct source *source;
    roots_fn *fn;
    void *to;
};

static void give(void *to, char *path, char *otherwise)
{
    struct giver *giver = to;

    giver->fn(giver->to, giver->source, path, otherwise);
}

/* Another home has its own environment, which nobody can ask. */
static const char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

static void give_homes(const struct source_env *env, const json_t *homes, struct giver *giver)
{
    const json_t *home;
    size_t i;

    json_array_foreach(homes, i, home)
    {
        char *folder = path_expand(json_string_value(home), env->home);
        struct source_env there = { folder, no_variable, env->each_name, env->read, NULL };

        giver->source->roots(&there, give, giver);
        free(folder);
    }
}

static void give_folders(const struct source_env *env, const json_t *folders, struct giver *giver)
{
    const json_t *folder;
    size_t i;

    json_array_foreach(folders, i, folder)
        give(giver, path_expand(json_string_value(folder), env->home), NULL);
}

void roots_each(const struct source_env *env, roots_fn *fn, void *to)
{
    bool usable = env->settings && roots_check(env->settings, NULL) == 0;
    json_t *wishes = usable ? json_loads(env->settings, 0, NULL) : NULL;
    const struct source *const *s;

    for (s = sources; *s; s++) {
        const json_t *wish = json_object_get(wishes, (*s)->name);
        struct giver giver = { *s, fn, to };

        if (json_is_false(wish))
            continue;
        (*s)->roots(env, give, &giver);
        give_homes(env, json_object_get(wishes, HOMES), &giver);
        give_folders(env, wish, &giver);
    }
    json_decref(wishes);
}

static bool is_list_of_texts(const json_t *list)
{
    const json_t *entry;
    size_t i;

    if (!json_is_array(list))
        return false;
    json_array_foreach(list, i, entry)
    {
        if (json_string_length(entry) == 0)
            return false;
    }
    return true;
}

static int refuse(const char *key, const char *allowed, struct err *err)
{
    err_set(err, ERR_USAGE, "in the configuration, \"sources\": \"%s\" %s", key, allowed);
    return -1;
}

static int check_wish(const char *key, const json_t *value, struct err *err)
{
    bool is_homes = strcmp(key, HOMES) == 0;

    if (!is_homes && !source_find(span_of(key)))
        return refuse(key, "is no agent that is known ('tacho sources' lists them)", err);
    if (is_list_of_texts(value) || (!is_homes && json_is_boolean(value)))
        return 0;
    return refuse(
        key, is_homes ? "takes a list of folders" : "takes true, false or a list of folders", err);
}

int roots_check(const char *settings, struct err *err)
{
    json_t *wishes = json_loads(settings, JSON_REJECT_DUPLICATES, NULL);
    const char *key;
    json_t *value;
    int rc = 0;

    if (!json_is_object(wishes)) {
        err_set(err, ERR_USAGE, "in the configuration, \"sources\" takes an object");
        rc = -1;
    }
    json_object_foreach(wishes, key, value)
    {
        if (rc == 0)
            rc = check_wish(key, value, err);
    }
    json_decref(wishes);
    return rc;
}
