/* config/file.c — the configuration file beneath what the options said.
 *
 *   { "timezone": "Europe/Berlin", "port": 8300, "host": ["kitchen.local"] }
 *
 * One JSON object; keys are those rows of config_options that are IN_FILE. Everything in it is
 * checked, also what an option overrules, so that a mistake shows at once and not months later.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include "base/mem.h"
#include "base/path.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define KEY_SIZE 48

/* The file while it is read. */
struct source_file {
    const char *path;
    struct span text;
    struct config *config;
};

void config_key(const struct config_option *option, char *out, size_t size)
{
    char *p;

    span_copy(span_of(option->key ? option->key : option->name), out, size);
    for (p = out; *p; p++) {
        if (*p == '-')
            *p = '_';
    }
}

/* "config.json:4", or without the line where it is not known. */
static char *place_of(const struct source_file *file, const char *key)
{
    int line = config_line_of(file->text, key);

    return line > 0 ? xasprintf("%s:%d", file->path, line) : xstrdup(file->path);
}

static int refuse_key(const struct source_file *file, const char *key, struct err *err)
{
    char *place = place_of(file, key);
    struct near near = { .typed = key };
    const struct config_option *o;
    char names[CONFIG_OPTIONS_MAX][KEY_SIZE];

    for (o = config_options; o->name; o++) {
        char *name = names[o - config_options];

        config_key(o, name, KEY_SIZE);
        if (o->where & IN_FILE)
            near_offer(&near, name);
    }
    if (near.best)
        err_set(err, ERR_USAGE, "%s: unknown key '%s'; did you mean '%s'?", place, key, near.best);
    else
        err_set(err, ERR_USAGE, "%s: unknown key '%s'", place, key);
    free(place);
    return -1;
}

static int refuse_value(const struct source_file *file, const struct config_option *option,
                        const char *key, const json_t *value, struct err *err)
{
    char *place = place_of(file, key);
    char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
    struct buf allowed = { 0 };

    config_describe(&allowed, option);
    err_set(err, ERR_USAGE, "%s: %s takes %s, not %.80s", place, key, allowed.p,
            shown ? shown : "this");
    buf_fini(&allowed);
    free(shown);
    free(place);
    return -1;
}

static const struct config_option *find_key(const char *key)
{
    const struct config_option *o;
    char name[KEY_SIZE];

    for (o = config_options; o->name; o++) {
        config_key(o, name, sizeof(name));
        if ((o->where & IN_FILE) && span_is(span_of(name), key))
            return o;
    }
    return NULL;
}

/* A value that is no list, as an option would have it; NULL where its type is wrong. Yours. */
static char *scalar_text(const struct config_option *option, const json_t *value)
{
    switch (option->type) {
    case CONFIG_FLAG:
        return json_is_boolean(value) ? xstrdup(json_is_true(value) ? "true" : "false") : NULL;
    case CONFIG_INT:
        return json_is_integer(value) ? xasprintf("%" PRId64, (int64_t)json_integer_value(value))
                                      : NULL;
    case CONFIG_TEXT:
    case CONFIG_LIST:
    case CONFIG_CHOICE:
    case CONFIG_EITHER:
        return json_is_string(value) ? xstrdup(json_string_value(value)) : NULL;
    case CONFIG_OBJECT:
        break;
    }
    return NULL;
}

static bool take_scalar(const struct source_file *file, const struct config_option *option,
                        bool overruled, const json_t *value)
{
    char *text = scalar_text(option, value);
    bool good = text && config_allows(option, text);

    if (good && !overruled)
        config_put(file->config, option, text, CONFIG_FILE);
    free(text);
    return good;
}

static bool take_list(const struct source_file *file, const struct config_option *option,
                      bool overruled, const json_t *list)
{
    size_t i;

    if (!json_is_array(list))
        return false;
    for (i = 0; i < json_array_size(list); i++) {
        if (!take_scalar(file, option, overruled, json_array_get(list, i)))
            return false;
    }
    return true;
}

/* As it is written: numbers in it may be finer than a number of this room. */
static bool take_object(const struct source_file *file, const struct config_option *option,
                        const char *key, const json_t *value)
{
    struct span text = config_text_of(file->text, key);
    char *copy;

    if (!json_is_object(value) || !text.p)
        return false;
    copy = xstrndup(text.p, text.len);
    config_put(file->config, option, copy, CONFIG_FILE);
    free(copy);
    return true;
}

static int take_key(const struct source_file *file, const char *key, const json_t *value,
                    struct err *err)
{
    const struct config_option *option = find_key(key);
    bool overruled, good;

    if (span_is(span_of(key), CONFIG_SCHEMA_KEY) && json_is_string(value))
        return 0;
    if (!option)
        return refuse_key(file, key, err);
    overruled = config_origin_of(file->config, option) == CONFIG_OPTION;
    if (option->type == CONFIG_OBJECT || (option->type == CONFIG_EITHER && json_is_object(value)))
        good = take_object(file, option, key, value);
    else if (option->type == CONFIG_LIST)
        good = take_list(file, option, overruled, value);
    else
        good = take_scalar(file, option, overruled, value);
    return good ? 0 : refuse_value(file, option, key, value, err);
}

static int take_text(const struct source_file *file, struct err *err)
{
    json_error_t problem;
    json_t *root = NULL;
    void *at;
    int rc = -1;

    root = json_loadb(file->text.p, file->text.len, JSON_REJECT_DUPLICATES, &problem);
    if (!root) {
        err_set(err, ERR_USAGE, "%s:%d:%d: %s", file->path, problem.line, problem.column,
                problem.text);
        goto out;
    }
    if (!json_is_object(root)) {
        err_set(err, ERR_USAGE, "%s: this should be one object, { ... }", file->path);
        goto out;
    }
    for (at = json_object_iter(root); at; at = json_object_iter_next(root, at)) {
        if (take_key(file, json_object_iter_key(at), json_object_iter_value(at), err) < 0)
            goto out;
    }
    rc = 0;
out:
    json_decref(root);
    return rc;
}

int config_take_text(struct config *config, const char *path, struct span text, struct err *err)
{
    struct source_file file = { .path = path, .text = text, .config = config };

    return span_trim(text).len > 0 ? take_text(&file, err) : 0;
}

int config_read_file(struct config *config, struct err *err)
{
    const struct config_option *option = config_option_at(offsetof(struct config, config_path));
    bool named = config_origin_of(config, option) == CONFIG_OPTION;
    struct err why = { 0 };
    struct buf text = { 0 };
    int rc = -1;

    if (path_read(config->config_path, CONFIG_FILE_MAX_BYTES, &text, &why) < 0) {
        if (why.kind == ERR_NOT_FOUND && !named)
            rc = 0;
        else
            err_set(err, why.kind, "%s", why.text);
        goto out;
    }
    rc = config_take_text(config, config->config_path, buf_span(&text), err);
out:
    buf_fini(&text);
    return rc;
}
