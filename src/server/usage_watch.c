/* server/usage_watch.c — see usage_watch.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/usage_watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "report/usage.h"

#include <string.h>
#include <sys/stat.h>

#define LOOK_MS 1000

static struct usage_file look_at(const char *path)
{
    struct usage_file file = { 0 };
    struct stat st;

    if (path && stat(path, &st) == 0) {
        file.size = st.st_size;
        file.changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
        file.inode = st.st_ino;
    }
    return file;
}

static bool has_changed(struct usage_file *file, const char *path)
{
    struct usage_file now = look_at(path);
    bool changed = memcmp(&now, file, sizeof(now)) != 0;

    *file = now;
    return changed;
}

int usage_watch_init(struct usage_watch *watch, const struct config *config, struct err *err)
{
    watch->config = config;
    watch->config_file = look_at(config->config_path);
    watch->agents_file = look_at(config->agents_config);
    watch->looked_ms = clock_boot_ms();
    return usage_settings_new(&watch->settings, config, err);
}

void usage_watch_fini(struct usage_watch *watch)
{
    usage_settings_free(watch->settings);
    watch->settings = NULL;
}

static bool read_again(struct usage_watch *watch)
{
    struct usage_settings *settings = NULL;
    struct config fresh;
    struct err err = { 0 };

    if (config_again(&fresh, watch->config, &err) == 0)
        usage_settings_new(&settings, &fresh, &err);
    config_fini(&fresh);
    if (!settings) {
        log_warning("%s; the usage window stays as it was", err.text);
        return false;
    }
    usage_settings_free(watch->settings);
    watch->settings = settings;
    log_info("the settings of the usage window were read again");
    return true;
}

bool usage_watch_look(struct usage_watch *watch)
{
    int64_t now_ms = clock_boot_ms();
    bool config_changed, agents_changed;

    if (now_ms - watch->looked_ms < LOOK_MS)
        return false;
    watch->looked_ms = now_ms;
    config_changed = has_changed(&watch->config_file, watch->config->config_path);
    agents_changed = has_changed(&watch->agents_file, watch->config->agents_config);
    return (config_changed || agents_changed) && read_again(watch);
}
