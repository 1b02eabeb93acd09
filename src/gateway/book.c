/* gateway/book.c — see book.h.
 *
 *   {"gateways":[{"id":"…","name":"home","url":"ws://127.0.0.1:18789","token":"…","enabled":true}]}
 * SPDX-License-Identifier: MIT
 */
#include "gateway/book.h"

#include "base/mem.h"
#include "base/path.h"
#include "gateway/private_file.h"
#include "gateway/protocol.h"

#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, SECRET_MAX = 4096 };

char *book_path(const char *config_path)
{
    char *folder = path_dir(config_path), *path = path_join(folder, "gateways.json");

    free(folder);
    return path;
}

char *book_key_path(const char *config_path)
{
    char *folder = path_dir(config_path), *path = path_join(folder, "device.pem");

    free(folder);
    return path;
}

void book_fini(struct book *book)
{
    for (size_t i = 0; i < book->count; i++)
        gateway_entry_fini(&book->entries[i]);
    free(book->entries);
    *book = (struct book){ NULL, 0 };
}

/* ---- the file ---- */

/* The object {"gateways":[…]}, a new reference; NULL with *err. */
static json_t *load(const char *path, struct err *err)
{
    struct buf text = { 0 };
    struct err why = { 0 };
    json_t *root = NULL;

    if (private_file_read(path, FILE_MAX, &text, &why) == 0) {
        root = json_loadb(text.p, text.len, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_array(json_object_get(root, "gateways"))) {
            json_decref(root);
            root = NULL;
            err_set(err, ERR_DAMAGED, "%s is not the list of gateways that it should be", path);
        }
    } else if (why.kind == ERR_NOT_FOUND) {
        root = json_object();
        json_object_set_new(root, "gateways", json_array());
    } else {
        *err = why;
    }
    if (text.p)
        explicit_bzero(text.p, text.len);
    buf_fini(&text);
    return root;
}

static int save(const char *path, const json_t *root, struct err *err)
{
    char *text = json_dumps(root, JSON_INDENT(2));
    int rc;

    if (!text) {
        err_set(err, ERR_INTERNAL, "%s: cannot be written as JSON", path);
        return -1;
    }
    rc = path_write(path, span_of(text), 0600, err);
    explicit_bzero(text, strlen(text));
    free(text);
    return rc;
}

int book_load(struct book *out, const char *path, struct err *err)
{
    json_t *root = load(path, err), *list, *item;
    size_t i;
    int rc = -1;

    *out = (struct book){ NULL, 0 };
    if (!root)
        return -1;
    list = json_object_get(root, "gateways");
    if (json_array_size(list) > GATEWAYS_MAX) {
        err_set(err, ERR_USAGE, "%s lists more than %d gateways", path, GATEWAYS_MAX);
        goto out;
    }
    out->entries = xcalloc(json_array_size(list) + 1, sizeof(*out->entries));
    json_array_foreach(list, i, item)
    {
        struct gateway_entry *entry = &out->entries[out->count++];
        struct err why = { 0 };

        entry->enabled = true;
        if (gateway_entry_read(entry, item, &why) < 0 || gateway_entry_check(entry, &why) < 0) {
            err_set(err, ERR_USAGE, "%s, entry %zu: %s", path, i + 1, why.text);
            goto out;
        }
    }
    rc = 0;
out:
    json_decref(root);
    if (rc < 0)
        book_fini(out);
    return rc;
}

struct gateway_entry *book_find(struct book *book, struct span name, struct err *err)
{
    for (size_t i = 0; i < book->count; i++)
        if (span_is(name, book->entries[i].id) || span_is(name, book->entries[i].name))
            return &book->entries[i];
    err_set(err, ERR_NOT_FOUND, "there is no gateway '%.*s'; 'tacho gateway list' shows all",
            name.len < 100 ? (int)name.len : 100, name.p ? name.p : "");
    return NULL;
}

/* ---- changes ---- */

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : NULL; /* jansson leaves a missing one out */
}

static void set(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, text_or_null(text));
}

static json_t *entry_json(const struct gateway_entry *e)
{
    json_t *object = json_object(), *limits = json_object();
    const struct {
        const char *key;
        int64_t value;
    } whole[] = { { "output_tokens", e->limits.output_tokens },
                  { "total_tokens", e->limits.total_tokens },
                  { "tokens", e->limits.tokens },
                  { "messages", e->limits.messages } };

    set(object, "id", e->id);
    set(object, "name", e->name);
    set(object, "url", e->url);
    set(object, "account_key", e->account_key);
    set(object, "token", e->token);
    set(object, "password", e->password);
    set(object, "token_env", e->token_env);
    set(object, "token_file", e->token_file);
    set(object, "device_token", e->device_token);
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
        if (whole[i].value > 0)
            json_object_set_new(limits, whole[i].key, json_integer(whole[i].value));
    if (e->limits.cost_nusd > 0)
        json_object_set_new(limits, "cost_usd", json_real((double)e->limits.cost_nusd / 1e9));
    json_object_set_new(object, "limits", limits);
    json_object_set_new(object, "enabled", json_boolean(e->enabled));
    return object;
}

static int place_of(const json_t *list, const char *id)
{
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(json_object_get(item, "id"));

        if (text && strcmp(text, id) == 0)
            return (int)i;
    }
    return -1;
}

static bool name_taken(const json_t *list, const struct gateway_entry *entry)
{
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(json_object_get(item, "name"));
        const char *id = json_string_value(json_object_get(item, "id"));

        if (name && id && strcmp(name, entry->name) == 0 && strcmp(id, entry->id) != 0)
            return true;
    }
    return false;
}

/* Puts the entry into the list. 0, or -1 with *err. */
static int place(json_t *list, const struct gateway_entry *entry, enum book_put how,
                 struct err *err)
{
    int at = place_of(list, entry->id);

    if (name_taken(list, entry)) {
        err_set(err, ERR_BUSY, "there is a gateway named '%s' already", entry->name);
        return -1;
    }
    if (how == BOOK_ADD && at >= 0) {
        err_set(err, ERR_BUSY, "there is a gateway with the id %s already", entry->id);
        return -1;
    }
    if (how == BOOK_REPLACE && at < 0) {
        err_set(err, ERR_NOT_FOUND, "there is no gateway %s", entry->id);
        return -1;
    }
    if (how == BOOK_ADD && json_array_size(list) >= GATEWAYS_MAX) {
        err_set(err, ERR_USAGE, "there are %d gateways already, and no room for more",
                GATEWAYS_MAX);
        return -1;
    }
    if (at >= 0)
        json_array_set_new(list, (size_t)at, entry_json(entry));
    else
        json_array_append_new(list, entry_json(entry));
    return 0;
}

int book_put(const char *path, const struct gateway_entry *entry, enum book_put how,
             struct err *err)
{
    int lock = private_file_lock(path, err), rc = -1;
    json_t *root = lock >= 0 ? load(path, err) : NULL;

    if (root && place(json_object_get(root, "gateways"), entry, how, err) == 0)
        rc = save(path, root, err);
    json_decref(root);
    if (lock >= 0)
        close(lock);
    return rc;
}

int book_remove(const char *path, const char *id, struct err *err)
{
    int lock = private_file_lock(path, err), rc = -1, at;
    json_t *root = lock >= 0 ? load(path, err) : NULL;

    if (root) {
        at = place_of(json_object_get(root, "gateways"), id);
        if (at >= 0) {
            json_array_remove(json_object_get(root, "gateways"), (size_t)at);
            rc = save(path, root, err);
        } else {
            err_set(err, ERR_NOT_FOUND, "there is no gateway %s", id);
        }
    }
    json_decref(root);
    if (lock >= 0)
        close(lock);
    return rc;
}

int book_keep_device(const char *path, const char *id, const char *token, struct err *err)
{
    int lock = private_file_lock(path, err), rc = -1, at;
    json_t *root = lock >= 0 ? load(path, err) : NULL, *item;

    if (root) {
        at = place_of(json_object_get(root, "gateways"), id);
        item = json_array_get(json_object_get(root, "gateways"), at < 0 ? SIZE_MAX : (size_t)at);
        if (item && token)
            json_object_set_new(item, "device_token", json_string(token));
        else if (item)
            json_object_del(item, "device_token");
        rc = item ? save(path, root, err) : 0; /* removed meanwhile: nothing to keep */
    }
    json_decref(root);
    if (lock >= 0)
        close(lock);
    return rc;
}

/* ---- secrets ---- */

static int secret_from(struct buf *scratch, const char *what, struct span text, struct err *err)
{
    text = span_trim(text);
    if (text.len == 0) {
        err_set(err, ERR_USAGE, "%s holds no token", what);
        return -1;
    }
    buf_clear(scratch);
    buf_add_span(scratch, text);
    return 0;
}

int gateway_entry_credentials(const struct gateway_entry *entry, struct credentials *out,
                              struct buf *scratch, struct err *err)
{
    struct buf file = { 0 };
    int rc = 0;

    *out = (struct credentials){ entry->token, entry->password, entry->device_token };
    if (entry->token_env) {
        const char *value = getenv(entry->token_env);

        if (!value) {
            err_set(err, ERR_USAGE, "the environment has no %s, which should hold the token",
                    entry->token_env);
            return -1;
        }
        rc = secret_from(scratch, entry->token_env, span_of(value), err);
    } else if (entry->token_file) {
        rc = private_file_read(entry->token_file, SECRET_MAX, &file, err);
        if (rc == 0)
            rc = secret_from(scratch, entry->token_file, buf_span(&file), err);
        if (file.p)
            explicit_bzero(file.p, file.len);
        buf_fini(&file);
    } else {
        return 0;
    }
    if (rc == 0)
        out->token = scratch->p;
    return rc;
}
