/* config/apply.c — the settings that belong to the whole process: its log and its clock.
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/log.h"

static const struct {
    const char *name;
    enum log_level level;
} levels[] = {
    { "error", LOG_LEVEL_ERROR },
    { "warning", LOG_LEVEL_WARNING },
    { "info", LOG_LEVEL_INFO },
    { "debug", LOG_LEVEL_DEBUG },
};

static void set_log(const struct config *config)
{
    enum log_level level = LOG_LEVEL_ERROR;
    size_t i;

    for (i = 0; !config->quiet && i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (span_is(span_of(config->log_level), levels[i].name))
            level = levels[i].level;
    }
    log_set("tacho", level);
}

int config_apply(const struct config *config, struct err *err)
{
    int64_t at_ms;

    set_log(config);
    if (!config->now)
        return 0;
    if (!civil_parse_time(span_of(config->now), &at_ms) || at_ms < 0) {
        err_set(err, ERR_USAGE, "--now takes a time such as 2026-11-22T14:05:00Z, not '%s'",
                config->now);
        return -1;
    }
    clock_fix(at_ms);
    return 0;
}
