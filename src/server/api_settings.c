/* server/api_settings.c — GET and PATCH /api/settings: what is set from a page.
 *
 * Keys that we know are checked; others are kept for the clients that know them. A change is on
 * disk before it is answered.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/zone.h"
#include "config/config.h"
#include "limits/limits.h"
#include "server/handlers.h"
#include "server/server_internal.h"
#include "store/settings.h"

#include <jansson.h>
#include <stdlib.h>

enum { KEYS_MAX = 100, KEY_MAX = 100, VALUE_MAX = 4096 };
#define UPDATED_AT "updated_at"

static bool is_bool(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_zone(const json_t *value)
{
    struct zone *zone = NULL;
    bool known = json_is_null(value) ||
                 (json_is_string(value) && zone_open(&zone, json_string_value(value), NULL) == 0);

    zone_close(zone);
    return known;
}

static bool is_thresholds(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    struct thresholds t;
    bool good = text && limits_thresholds_read(span_of(text), &t);

    free(text);
    return good;
}

/* In the order in which they are answered. */
static const struct setting {
    const char *key, *fallback;
    bool (*allows)(const json_t *value);
    const char *takes;
} settings[] = {
    { "notifications_enabled", "true", is_bool, "true or false" },
    { "usage_notifications_enabled", "false", is_bool, "true or false" },
    { "thresholds", "[75,90]", is_thresholds, "a list of percentages, 1 to 1000" },
    { "timezone", "null", is_zone, "the name of a time zone, or null" },
};
#define SETTINGS_N (sizeof(settings) / sizeof(settings[0]))

static const struct setting *find_setting(const char *key)
{
    size_t i;

    for (i = 0; i < SETTINGS_N; i++)
        if (strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

/* ---- following ---- */

static bool zone_was_given(const struct config *config)
{
    const struct config_option *o;

    for (o = config_options; o->name; o++)
        if (strcmp(o->name, "timezone") == 0)
            return config_was_given(config, o);
    return false;
}

/* An option wins over the page, the page over the configuration. */
void server_take_settings(struct server *server)
{
    const char *configured = server->config->timezone;
    struct buf text = { 0 };
    struct err err = { 0 };
    json_t *name = NULL;

    zone_close(server->page_zone);
    server->page_zone = NULL;
    server->usage_zone = configured && configured[0] ? server->zone : server->utc;
    if (zone_was_given(server->config))
        return;
    if (store_setting_get(server->store, "timezone", &text, &err) == 1)
        name = json_loadb(text.p, text.len, JSON_DECODE_ANY, NULL);
    if (json_is_string(name) && zone_open(&server->page_zone, json_string_value(name), &err) == 0)
        server->usage_zone = server->page_zone;
    else if (err.kind != ERR_NONE) /* the system may have forgotten a zone since it was set */
        log_warning("timezone, as set from the page: %s", err.text);
    json_decref(name);
    buf_fini(&text);
}

/* ---- answering ---- */

static void add_kept(void *to, const char *key, struct span value)
{
    json_t *parsed = json_loadb(value.p, value.len, JSON_DECODE_ANY, NULL);

    if (parsed)
        json_object_set_new(to, key, parsed);
}

static json_t *read_settings(struct store *store, struct err *err)
{
    json_t *kept = json_object(), *all = json_object();
    json_t *updated;
    size_t i;

    if (store_settings_each(store, add_kept, kept, err) < 0) {
        json_decref(kept);
        json_decref(all);
        return NULL;
    }
    for (i = 0; i < SETTINGS_N; i++) {
        json_t *value = json_object_get(kept, settings[i].key);

        json_object_set_new(all, settings[i].key,
                            value ? json_incref(value)
                                  : json_loads(settings[i].fallback, JSON_DECODE_ANY, NULL));
        json_object_del(kept, settings[i].key);
    }
    updated = json_incref(json_object_get(kept, UPDATED_AT));
    json_object_del(kept, UPDATED_AT);
    json_object_update(all, kept);
    json_object_set_new(all, UPDATED_AT, updated ? updated : json_integer(0));
    json_decref(kept);
    return all;
}

void api_settings(struct server *server, const struct request *request, struct response *response)
{
    struct err err;
    json_t *all = read_settings(server->store, &err);
    char *text;

    (void)request;
    if (!all) {
        response_error(response, 503, "ledger_unavailable", "%s", err.text);
        return;
    }
    text = json_dumps(all, JSON_COMPACT);
    buf_add_text(&response->body, text);
    response->status = 200;
    free(text);
    json_decref(all);
}

/* ---- changing ---- */

/* False, and answered, when a value is none that its key takes. */
static bool check(const json_t *changes, struct response *response)
{
    const char *key;
    json_t *value;

    if (json_object_size(changes) > KEYS_MAX) {
        response_error(response, 400, "too_many_settings", "At most %d settings are taken at once.",
                       KEYS_MAX);
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)changes, key, value)
    {
        const struct setting *setting = find_setting(key);

        if (setting && !setting->allows(value)) {
            response_error(response, 400, "bad_setting", "%s takes %s.", key, setting->takes);
            return false;
        }
        if (strlen(key) > KEY_MAX) {
            response_error(response, 400, "bad_setting", "A setting's name has at most %d bytes.",
                           KEY_MAX);
            return false;
        }
    }
    return true;
}

static int put(struct store *store, const char *key, const json_t *value, struct err *err)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    int rc = -1;

    if (!text || strlen(text) > VALUE_MAX)
        err_set(err, ERR_USAGE, "The value of %.100s is larger than %d bytes.", key, VALUE_MAX);
    else
        rc = store_setting_put(store, key, span_of(text), err);
    free(text);
    return rc;
}

static void count_setting(void *to, const char *key, struct span value)
{
    (void)key;
    (void)value;
    ++*(int *)to;
}

static int put_all(struct store *store, const json_t *changes, struct err *err)
{
    json_t *now = json_integer(clock_now_ms());
    const char *key;
    json_t *value;
    int n = 0, rc = 0;

    json_object_foreach((json_t *)(uintptr_t)changes, key, value)
    {
        if (rc == 0 && strcmp(key, UPDATED_AT) != 0)
            rc = put(store, key, value, err);
    }
    if (rc == 0)
        rc = put(store, UPDATED_AT, now, err);
    if (rc == 0)
        rc = store_settings_each(store, count_setting, &n, err);
    if (rc == 0 && n > KEYS_MAX) {
        err_set(err, ERR_USAGE, "At most %d settings are kept.", KEYS_MAX);
        rc = -1;
    }
    json_decref(now);
    return rc;
}

static int keep(const struct server *server, const json_t *changes, struct err *err)
{
    struct store *store = NULL;
    int rc = -1;

    if (store_open(&store, store_path(server->store), STORE_WRITE, err) < 0 ||
        store_begin_sure(store, err) < 0)
        goto out;
    if (put_all(store, changes, err) < 0)
        store_rollback(store);
    else
        rc = store_commit(store, err);
out:
    store_close(store);
    return rc;
}

void api_settings_change(struct server *server, const struct request *request,
                         struct response *response)
{
    json_error_t where;
    json_t *changes = json_loadb(request->body.p ? request->body.p : "", request->body.len,
                                 JSON_REJECT_DUPLICATES, &where);
    struct err err = { 0 };

    if (!json_is_object(changes)) {
        response_error(response, 400, "bad_json", "The body must be a JSON object: %s",
                       changes ? "it is another value." : where.text);
    } else if (check(changes, response)) {
        if (keep(server, changes, &err) < 0) {
            bool ours = err.kind == ERR_USAGE;

            response_error(response, ours ? 400 : 503, ours ? "bad_setting" : "ledger_unavailable",
                           "%s", err.text);
        } else {
            server_take_settings(server);
            api_settings(server, request, response);
            server_changed(server);
        }
    }
    json_decref(changes);
}
