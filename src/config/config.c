/* config/config.c — the life of a struct config: defaults, environment, end.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include "base/mem.h"
#include "base/path.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

void config_init(struct config *config)
{
    const struct config_option *o;

    memset(config, 0, sizeof(*config));
    for (o = config_options; o->name; o++) {
        if (o->fallback)
            config_put(config, o, o->fallback, CONFIG_DEFAULT);
    }
}

static void free_list(char **list)
{
    size_t i;

    for (i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}

void config_fini(struct config *config)
{
    const struct config_option *o;

    for (o = config_options; o->name; o++) {
        void *place = (char *)config + o->at;

        if (o->type == CONFIG_TEXT || o->type == CONFIG_CHOICE || o->type == CONFIG_OBJECT ||
            o->type == CONFIG_EITHER)
            free(*(char **)place);
        else if (o->type == CONFIG_LIST)
            free_list(*(char ***)place);
    }
    free(config->home);
    memset(config, 0, sizeof(*config));
}

static char *find_home(void)
{
    const char *home = getenv("HOME");
    const struct passwd *user;

    if (home && home[0])
        return xstrdup(home);
    user = getpwuid(getuid());
    return xstrdup(user && user->pw_dir ? user->pw_dir : "/");
}

/* A folder of the XDG specification, which says that relative values count as unset. Yours. */
static char *xdg_folder(const char *variable, const char *home, const char *otherwise)
{
    const char *value = getenv(variable);

    return value && value[0] == '/' ? xstrdup(value) : path_join(home, otherwise);
}

/* Sets an empty path to <XDG folder>/tacho/<name>; resolves "~/" in one that was given. */
static void settle_path(char **path, char *folder, const char *name, const char *home)
{
    char *given = *path;
    char *below;

    if (given) {
        *path = path_expand(given, home);
    } else {
        below = path_join(folder, "tacho");
        *path = path_join(below, name);
        free(below);
    }
    free(given);
    free(folder);
}

/* no-color.org: what the user wrote down for this program goes before the variable. */
static void heed_no_color(struct config *config)
{
    const struct config_option *color = config_option_at(offsetof(struct config, color));
    const char *value = getenv("NO_COLOR");

    if (value && value[0] && config_origin_of(config, color) == CONFIG_DEFAULT)
        config_put(config, color, "never", CONFIG_ENVIRONMENT);
}

/* A file of prices, as the configuration or the variable names it. */
static void heed_pricing_file(struct config *config)
{
    const struct config_option *file = config_option_at(offsetof(struct config, pricing_file));
    const char *value = getenv("RUNTIME_USAGE_PRICING_FILE");
    char *given;

    if (value && value[0] && config_origin_of(config, file) == CONFIG_DEFAULT)
        config_put(config, file, value, CONFIG_ENVIRONMENT);
    given = config->pricing_file;
    if (given)
        config->pricing_file = path_expand(given, config->home);
    free(given);
}

/* Options that are lists or texts are copied; flags and numbers of them do not matter here. */
int config_again(struct config *fresh, const struct config *was, struct err *err)
{
    const struct config_option *o;

    config_init(fresh);
    for (o = config_options; o->name; o++) {
        const char *text = *(char *const *)((const char *)was + o->at);

        if (o->type == CONFIG_TEXT && config_origin_of(was, o) == CONFIG_OPTION)
            config_put(fresh, o, text, CONFIG_OPTION);
    }
    free(fresh->config_path);
    fresh->config_path = xstrdup(was->config_path);
    return config_finish(fresh, err);
}

/* An orchestrator's file may be named from the home folder. */
static void heed_agents_config(struct config *config)
{
    char *given = config->agents_config;

    if (given)
        config->agents_config = path_expand(given, config->home);
    free(given);
}

int config_finish(struct config *config, struct err *err)
{
    const struct config_option *port = config_option_at(offsetof(struct config, port));

    config->home = find_home();
    settle_path(&config->config_path, xdg_folder("XDG_CONFIG_HOME", config->home, ".config"),
                "config.json", config->home);
    if (config_read_file(config, err) < 0)
        return -1;
    settle_path(&config->db, xdg_folder("XDG_DATA_HOME", config->home, ".local/share"), "tacho.db",
                config->home);
    settle_path(&config->runs_dir, xdg_folder("XDG_DATA_HOME", config->home, ".local/share"),
                "runs", config->home);
    heed_no_color(config);
    heed_pricing_file(config);
    heed_agents_config(config);
    config->port_given = config_origin_of(config, port) != CONFIG_DEFAULT;
    return 0;
}
