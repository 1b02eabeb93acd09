/* daemon/daemon.c — from the command line of `tachod` to one of its commands.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon.h"

#include "base/log.h"
#include "daemon/daemon_internal.h"
#include "show/banner.h"

#include <locale.h>
#include <stdlib.h>

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
    if (config_finish(config, err) < 0 || config_apply(config, err) < 0)
        return -1;
    if (config->demo)
        demo_configure(config, db_given);
    if (strcmp(command->name, "token") == 0)
        return token_command(config, call->rest, err);
    if (strcmp(command->name, "gateway") == 0)
        return gateway_command(config, call->rest, err);
    if (strcmp(command->name, "import") == 0)
        return import_command(config, call->rest, err);
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
