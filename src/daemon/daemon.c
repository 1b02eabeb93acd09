/* daemon/daemon.c — from the command line of `tachod` to one of its commands.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/log.h"
#include "daemon/daemon_internal.h"
#include "show/banner.h"

#include <locale.h>
#include <stdlib.h>

static const struct {
    const char *word;
    enum log_level level;
} levels[] = {
    { "error", LOG_LEVEL_ERROR },
    { "warning", LOG_LEVEL_WARNING },
    { "info", LOG_LEVEL_INFO },
    { "debug", LOG_LEVEL_DEBUG },
};

static void set_level(const char *word)
{
    size_t i;

    for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strcmp(levels[i].word, word) == 0)
            log_set("tacho", levels[i].level);
    }
}

static int fix_clock(const struct config *config, struct err *err)
{
    int64_t at_ms;

    if (!config->now)
        return 0;
    if (!civil_parse_time(span_of(config->now), &at_ms)) {
        err_set(err, ERR_USAGE, "--now %s is no time; write it like 2026-11-22T10:00:00Z",
                config->now);
        return -1;
    }
    clock_fix(at_ms);
    return 0;
}

static int print_help(const struct config_command *command)
{
    struct buf out = { 0 };

    config_help(&out, command);
    show_banner_text(buf_span(&out));
    buf_fini(&out);
    return EXIT_SUCCESS;
}

static int run(struct config *config, const struct config_call *call, struct err *err)
{
    const struct config_command *command = call->command;
    bool db_given;

    if (config->version) {
        show_banner_line("tachod " TACHO_VERSION);
        return EXIT_SUCCESS;
    }
    if (config->help || !command)
        return print_help(command);
    if (!command->in_daemon) {
        err_set(err, ERR_USAGE, "'%s' is a command of tacho, not of tachod", command->name);
        return -1;
    }
    db_given = config->db != NULL;
    if (config_finish(config, err) < 0 || fix_clock(config, err) < 0)
        return -1;
    if (config->demo)
        demo_configure(config, db_given);
    set_level(config->log_level);
    if (strcmp(command->name, "token") == 0)
        return token_command(config, call->rest, err);
    return serve(config, err);
}

int daemon_main(int argc, char **argv)
{
    struct config_call call;
    struct err err = { 0 };
    struct config config;
    int code = -1;

    setlocale(LC_CTYPE, "");
    log_set("tacho", LOG_LEVEL_WARNING);
    config_init(&config);
    if (config_parse(&config, argc, argv, &call, &err) == 0)
        code = run(&config, &call, &err);
    if (code < 0) {
        show_banner_error(err.text);
        if (err.kind == ERR_DAMAGED)
            show_banner_error("to save what can be read of it and to read the logs again: "
                              "tacho ledger rebuild");
        code = err_exit_code(err.kind);
    }
    free(call.rest);
    config_fini(&config);
    return code;
}
