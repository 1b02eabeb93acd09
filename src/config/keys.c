/* config/keys.c — see keys.h.
 *
 * A key is set in the text of the file, not in a parsed copy of it: so its order, its blanks and
 * the digits of its numbers stay what their owner wrote. The whole new text then has to pass the
 * same checks as at every start, before it takes the place of the old one.
 * SPDX-License-Identifier: MIT
 */
#include "config/keys.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/pick.h"
#include "config/config_internal.h"

#include <inttypes.h>
#include <stdlib.h>

#define INDENT "    "

const struct config_option *config_keys_find(const char *key, struct err *err)
{
    char names[CONFIG_OPTIONS_MAX][CONFIG_KEY_SIZE], typed[CONFIG_KEY_SIZE];
    struct near near = { .typed = typed };
    const struct config_option *o;
    char *p;

    span_copy(span_of(key), typed, sizeof(typed));
    for (p = typed; *p; p++)
        *p = *p == '-' ? '_' : *p;
    for (o = config_options; o->name; o++) {
        char *name = names[o - config_options];

        if (!(o->where & IN_FILE))
            continue;
        config_key(o, name, CONFIG_KEY_SIZE);
        if (span_is(span_of(name), typed))
            return o;
        near_offer(&near, name);
    }
    if (near.best)
        err_set(err, ERR_USAGE, "the configuration has no key '%s'; did you mean '%s'?", key,
                near.best);
    else
        err_set(err, ERR_USAGE, "the configuration has no key '%s'; 'tacho config get' lists them",
                key);
    return NULL;
}

void config_keys_name(const struct config_option *option, char *out, size_t size)
{
    config_key(option, out, size);
}

enum config_origin config_keys_origin(const struct config *config,
                                      const struct config_option *option)
{
    return config_origin_of(config, option);
}

/* ---- a value ---- */

static void write_list(struct json_out *json, char *const *list)
{
    if (!list) {
        json_nil(json);
        return;
    }
    json_open(json, '[');
    for (; *list; list++)
        json_text(json, span_of(*list));
    json_close(json, ']');
}

static void write_text(struct json_out *json, const char *text, bool may_be_object)
{
    if (text && may_be_object && text[0] == '{')
        json_raw(json, span_of(text));
    else
        json_text(json, text ? span_of(text) : SPAN_ABSENT);
}

void config_keys_value(struct json_out *json, const struct config *config,
                       const struct config_option *option)
{
    const void *place = (const char *)config + option->at;

    switch (option->type) {
    case CONFIG_FLAG:
        json_bool(json, *(const bool *)place);
        break;
    case CONFIG_INT:
        if (!option->fallback && config_origin_of(config, option) == CONFIG_DEFAULT)
            json_nil(json);
        else
            json_int(json, *(const int64_t *)place);
        break;
    case CONFIG_TEXT:
    case CONFIG_CHOICE:
        write_text(json, *(char *const *)place, false);
        break;
    case CONFIG_OBJECT:
    case CONFIG_EITHER:
        write_text(json, *(char *const *)place, true);
        break;
    case CONFIG_LIST:
        write_list(json, *(char **const *)place);
        break;
    }
}

int config_keys_line(const char *path, const char *key, struct buf *value)
{
    struct buf text = { 0 };
    int line = 0;

    if (path_read(path, CONFIG_FILE_MAX_BYTES, &text, NULL) == 0) {
        line = config_line_of(buf_span(&text), key);
        if (line > 0 && value)
            buf_add_span(value, config_text_of(buf_span(&text), key));
    }
    buf_fini(&text);
    return line;
}

/* ---- setting one ---- */

/* What stands in the file for `text`. The check of the whole judges it. */
static void add_value(struct buf *out, const struct config_option *option, const char *text)
{
    bool list = option->type == CONFIG_LIST;
    bool quoted = option->type == CONFIG_TEXT || option->type == CONFIG_CHOICE ||
                  (option->type == CONFIG_EITHER && text[0] != '{') || (list && text[0] != '[');
    struct json_out json;

    json_out_init(&json, out, 0);
    if (!quoted) {
        buf_add_text(out, text);
        return;
    }
    if (list)
        json_open(&json, '[');
    json_text(&json, span_of(text));
    if (list)
        json_close(&json, ']');
}

/* The last key of the outermost object; absent when it has none. */
static struct span last_key(struct span text)
{
    struct picked object = { .type = PICKED_OBJECT, .text = span_trim(text) }, value;
    struct span name, last = SPAN_ABSENT;
    size_t at = 0;

    while (pick_each(object, &at, &name, &value))
        last = name;
    return last;
}

/* The blanks before a key that begins its line, with the line's end; or one blank. */
static struct span indent_of(struct span text, struct span key)
{
    const char *quote = key.p - 1, *p = quote;

    while (p > text.p && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    if (p > text.p && p[-1] == '\n')
        return (struct span){ p - 1, (size_t)(quote - p) + 1 };
    return SPAN_LIT(" ");
}

static void append_key(struct buf *out, struct span text, const char *key, struct span value)
{
    struct span last = last_key(text);
    size_t end = (size_t)(span_trim(text).p - text.p) + span_trim(text).len - 1; /* of the '}' */
    size_t from = end;

    while (from > 0 && strchr(" \t\r\n", text.p[from - 1]))
        from--;
    buf_add(out, text.p, from);
    if (last.p) {
        buf_add_char(out, ',');
        buf_add_span(out, indent_of(text, last));
    } else {
        buf_add_text(out, "\n" INDENT);
    }
    buf_printf(out, "\"%s\": %.*s", key, (int)value.len, value.p);
    if (!last.p)
        buf_add_char(out, '\n');
    else
        buf_add(out, text.p + from, end - from);
    buf_add(out, text.p + end, text.len - end);
}

/* The text with the key set to `value`. */
static void change_text(struct buf *out, struct span text, const char *key, struct span value)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct span old = config_text_of(text, key);
    struct picked none;
    const char *begin = old.p, *end = old.p + old.len;

    if (span_trim(text).len == 0)
        text = SPAN_LIT("{\n}\n");
    if (pick_json(text, nothing, &none, 0) < 0) {
        buf_add_span(out, text); /* the check finds what is wrong, and where */
        return;
    }
    if (!old.p) {
        append_key(out, text, key, value);
        return;
    }
    if (begin > text.p && begin[-1] == '"') { /* a text comes without its quotes */
        begin--;
        end++;
    }
    buf_add(out, text.p, (size_t)(begin - text.p));
    buf_add_span(out, value);
    buf_add(out, end, text.len - (size_t)(end - text.p));
}

/* What is there is read, or nothing where there is no file. */
static int read_file(const char *path, struct buf *text, struct err *err)
{
    struct err why = { 0 };

    if (path_read(path, CONFIG_FILE_MAX_BYTES, text, &why) == 0 || why.kind == ERR_NOT_FOUND)
        return 0;
    err_set(err, why.kind, "%s", why.text);
    return -1;
}

/* A link stays a link: the file behind it is written. */
static int write_file(const char *path, struct span text, struct err *err)
{
    char *real = realpath(path, NULL);
    char *folder = path_dir(real ? real : path);
    int rc = -1;

    if (path_make(folder, err) == 0)
        rc = path_write(real ? real : path, text, 0600, err);
    free(folder);
    free(real);
    return rc;
}

static int check_text(const char *path, struct span text, struct err *err)
{
    struct config scratch;
    int rc;

    config_init(&scratch);
    rc = config_take_text(&scratch, path, text, err);
    config_fini(&scratch);
    return rc;
}

int config_keys_check(const char *path, struct err *err)
{
    struct buf text = { 0 };
    int rc = read_file(path, &text, err);

    if (rc == 0)
        rc = check_text(path, buf_span(&text), err);
    buf_fini(&text);
    return rc;
}

/* Said of the word that was given; what is wrong elsewhere is said with its line. */
static int check_value(const struct config_option *option, const char *key, const char *text,
                       struct err *err)
{
    struct buf allowed = { 0 };

    if (option->type == CONFIG_LIST || config_allows(option, text))
        return 0;
    config_describe(&allowed, option);
    err_set(err, ERR_USAGE, "%s takes %s, not '%.80s'", key, allowed.p, text);
    buf_fini(&allowed);
    return -1;
}

int config_keys_set(const char *path, const struct config_option *option, const char *text,
                    struct err *err)
{
    struct buf was = { 0 }, value = { 0 }, now = { 0 };
    char key[CONFIG_KEY_SIZE];
    int rc = -1;

    config_key(option, key, sizeof(key));
    add_value(&value, option, text);
    if (check_value(option, key, text, err) < 0 || read_file(path, &was, err) < 0)
        goto out;
    change_text(&now, buf_span(&was), key, buf_span(&value));
    if (check_text(path, buf_span(&now), err) == 0)
        rc = write_file(path, buf_span(&now), err);
out:
    buf_fini(&was);
    buf_fini(&value);
    buf_fini(&now);
    return rc;
}
