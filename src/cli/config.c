/* cli/config.c — `tacho config`: what holds and where it comes from; to change it.
 *
 * A value may come from more than the configuration: an option of this call, the page, or the
 * orchestrator's file. What each key means, and whether it can be used, the rooms know that read
 * it; they are asked before it is written.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/zone.h"
#include "config/keys.h"
#include "report/usage.h"
#include "source/roots.h"
#include "store/settings.h"
#include "store/store.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- get ---- */

static const char *const origin_names[] = {
    [CONFIG_DEFAULT] = "default",
    [CONFIG_ENVIRONMENT] = "environment",
    [CONFIG_FILE] = "configuration",
    [CONFIG_OPTION] = "option",
};

/* One key, as it holds. */
struct holding {
    char key[CONFIG_KEY_SIZE];
    struct buf value; /* as JSON; "null" where there is none */
    const char *origin;
    char *place; /* file and line, or NULL */
};

static void holding_fini(struct holding *h)
{
    buf_fini(&h->value);
    free(h->place);
}

/* What the page set goes before the configuration. */
static void heed_page(struct holding *h, struct store *store)
{
    struct buf text = { 0 };

    if (store && store_setting_get(store, h->key, &text, NULL) == 1) {
        buf_clear(&h->value);
        buf_add_span(&h->value, buf_span(&text));
        h->origin = "page";
        free(h->place);
        h->place = NULL;
    }
    buf_fini(&text);
}

/* And so does the orchestrator's file. */
static void heed_agents_config(struct holding *h, const char *path)
{
    struct buf text = { 0 };
    struct json_out json;
    int line = path ? config_keys_line(path, h->key, &text) : 0;

    if (line > 0) {
        buf_clear(&h->value);
        json_out_init(&json, &h->value, 0);
        if (text.len > 0 && strchr("{0123456789", text.p[0]))
            json_raw(&json, buf_span(&text));
        else
            json_text(&json, buf_span(&text));
        h->origin = "agents_config";
        free(h->place);
        h->place = xasprintf("%s:%d", path, line);
    }
    buf_fini(&text);
}

/* Who may overrule the configuration, by key. */
static void heed_others(struct holding *h, const struct cli *cli, struct store *store)
{
    if (span_is(span_of(h->key), "thresholds"))
        heed_page(h, store);
    if (span_is(span_of(h->key), "usage_reset") ||
        span_is(span_of(h->key), "usage_threshold_tokens"))
        heed_agents_config(h, cli->config->agents_config);
}

static struct holding find_holding(const struct cli *cli, const struct config_option *option,
                                   struct store *store)
{
    enum config_origin origin = config_keys_origin(cli->config, option);
    struct holding h = { .origin = origin_names[origin] };
    struct json_out json;
    int line;

    config_keys_name(option, h.key, sizeof(h.key));
    json_out_init(&json, &h.value, 0);
    config_keys_value(&json, cli->config, option);
    if (origin == CONFIG_FILE) {
        line = config_keys_line(cli->config->config_path, h.key, NULL);
        h.place = line > 0 ? xasprintf("%s:%d", cli->config->config_path, line)
                           : xstrdup(cli->config->config_path);
    }
    if (origin != CONFIG_OPTION)
        heed_others(&h, cli, store);
    return h;
}

/* "port = 8300  (configuration: /home/kim/.config/tacho/config.json:3)" */
static void show_holding(struct buf *out, const struct cli *cli, const struct holding *h)
{
    bool nothing = span_is(buf_span(&h->value), "null");

    buf_printf(out, "%s = ", h->key);
    show_text(out, nothing ? SPAN_LIT("nothing") : buf_span(&h->value), 0, cli->style.unicode);
    buf_printf(out, "  (%s", h->origin);
    if (h->place) {
        buf_add_text(out, ": ");
        show_text(out, span_of(h->place), 0, cli->style.unicode);
    }
    buf_add_text(out, ")\n");
}

static void write_holding(struct json_out *json, const struct holding *h)
{
    json_open(json, '{');
    json_put_text(json, "key", span_of(h->key));
    json_key(json, "value");
    json_raw(json, buf_span(&h->value));
    json_put_text(json, "origin", span_of(h->origin));
    if (h->place)
        json_put_text(json, "place", span_of(h->place));
    json_close(json, '}');
}

static void tell_holding(struct buf *out, struct json_out *json, const struct cli *cli,
                         const struct holding *h)
{
    if (cli->config->json)
        write_holding(json, h);
    else
        show_holding(out, cli, h);
}

static int get(const struct cli *cli, struct buf *out, struct err *err)
{
    const struct config_option *only = NULL, *o;
    struct store *store = NULL; /* none yet: then nobody set anything from the page */
    struct json_out json;

    if (cli->call.rest[1]) {
        only = config_keys_find(cli->call.rest[1], err);
        if (!only)
            return -1;
    }
    store_open(&store, cli->config->db, STORE_READ, NULL);
    json_out_init(&json, out, 2);
    if (cli->config->json)
        json_open(&json, '[');
    for (o = config_options; o->name; o++) {
        struct holding h;

        if (!(o->where & IN_FILE) || (only && o != only))
            continue;
        h = find_holding(cli, o, store);
        tell_holding(out, &json, cli, &h);
        holding_fini(&h);
    }
    if (cli->config->json) {
        json_close(&json, ']');
        buf_add_char(out, '\n');
    }
    store_close(store);
    return 0;
}

/* ---- set ---- */

static int check_zone(const char *text, struct err *err)
{
    struct zone *zone = NULL;
    int rc = zone_open(&zone, text, err);

    zone_close(zone);
    return rc;
}

static int check_reset(const char *text, struct err *err)
{
    struct usage_reset reset = { 0 };
    int rc = usage_reset_read(&reset, text, err);

    usage_reset_fini(&reset);
    return rc;
}

/* Keys whose values have more to be than of a type. */
static const struct {
    const char *key;
    int (*check)(const char *text, struct err *err);
} checks[] = {
    { "timezone", check_zone },
    { "usage_reset", check_reset },
    { "sources", roots_check },
    { "plans", report_check_plans },
};

static int check(const char *key, const char *text, struct err *err)
{
    size_t i;

    for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (span_is(span_of(key), checks[i].key))
            return checks[i].check(text, err);
    }
    return 0;
}

static int set(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *text = cli->call.rest[1] ? cli->call.rest[2] : NULL;
    const char *path = cli->config->config_path;
    const struct config_option *option;
    char key[CONFIG_KEY_SIZE];

    if (!text) {
        err_set(err, ERR_USAGE, "'config set' needs a KEY and its VALUE");
        return -1;
    }
    option = config_keys_find(cli->call.rest[1], err);
    if (!option)
        return -1;
    config_keys_name(option, key, sizeof(key));
    if (check(key, text, err) < 0 || config_keys_set(path, option, text, err) < 0)
        return -1;
    buf_printf(out, "%s is set in ", key);
    show_text(out, span_of(path), 0, cli->style.unicode);
    buf_add_char(out, '\n');
    return 0;
}

/* ---- the file as a whole ---- */

static int tell_path(const struct cli *cli, struct buf *out, struct err *err)
{
    (void)err;
    buf_printf(out, "%s\n", cli->config->config_path);
    return 0;
}

static int tell_schema(const struct cli *cli, struct buf *out, struct err *err)
{
    (void)cli;
    (void)err;
    config_schema(out);
    return 0;
}

/* An editor begins with an object, not with nothing. */
static int make_file(const char *path, struct err *err)
{
    char *folder;
    int rc = 0;

    if (access(path, F_OK) == 0)
        return 0;
    folder = path_dir(path);
    if (path_make(folder, err) < 0 || path_write(path, SPAN_LIT("{\n}\n"), 0600, err) < 0)
        rc = -1;
    free(folder);
    return rc;
}

static const char *editor(void)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

    if (visual && visual[0])
        return visual;
    return plain && plain[0] ? plain : "vi";
}

/* By the shell, as everywhere: an editor may come with options. */
static int edit(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *path = cli->config->config_path;
    char *line = xasprintf("exec %s \"$1\"", editor());
    const char *const argv[] = { "/bin/sh", "-c", line, "sh", path, NULL };
    int rc = -1;

    (void)out;
    if (make_file(path, err) < 0)
        goto out;
    rc = exec_run(argv, err);
    if (rc > 0)
        err_set(err, ERR_UNAVAILABLE, "the editor '%s' ended with %d", editor(), rc);
    rc = rc == 0 ? config_keys_check(path, err) : -1;
out:
    free(line);
    return rc;
}

/* How many operands each takes at most. */
static const struct {
    struct cli_action action;
    int operands;
} actions[] = {
    { { "get", get }, 2 },
    { { "set", set }, 3 },
    { { "path", tell_path }, 1 },
    { { "edit", edit }, 1 },
    { { "schema", tell_schema }, 1 },
};

int cli_config(const struct cli *cli, struct buf *out, struct err *err)
{
    char **rest = cli->call.rest;
    int given = 0;
    size_t i = 0;

    *err = (struct err){ 0 }; /* of a configuration that is to be mended here */
    while (rest[given])
        given++;
    while (!span_is(span_of(rest[0]), actions[i].action.name))
        i++; /* the table of commands lets no other word pass */
    if (given > actions[i].operands) {
        err_set(err, ERR_USAGE, "'config %s' does not know what to do with '%s'", rest[0],
                rest[actions[i].operands]);
        return -1;
    }
    return actions[i].action.run(cli, out, err);
}
