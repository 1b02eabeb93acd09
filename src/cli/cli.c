/* cli/cli.c — from the words of a command line to an exit code.
 *
 * Reads the options, hands the command to its function (or the whole call to tachod), writes what
 * came out, and says the one sentence there is when something did not work.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli.h"

#include "base/log.h"
#include "cli/cli_internal.h"

#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int tell_help(const struct cli *cli, struct buf *out, struct err *err)
{
    const struct config_command *about = NULL;

    if (cli->call.rest[0]) {
        about = config_command_find(cli->call.rest[0], err);
        if (!about)
            return -1;
    }
    config_help(out, about);
    return 0;
}

static int tell_completion(const struct cli *cli, struct buf *out, struct err *err)
{
    bool known = config_complete(out, cli->call.rest[0]);

    (void)err;
    assert(known); /* the table of commands lets no other word pass */
    return known ? 0 : -1;
}

static int tell_version(const struct cli *cli, struct buf *out, struct err *err)
{
    (void)cli;
    (void)err;
    buf_add_text(out, "tacho " TACHO_VERSION "\n");
    return 0;
}

/* What commands do; those that are the daemon's alone are not here. */
static const struct {
    const char *name;
    cli_fn *run;
} functions[] = {
    /* clang-format off */
    { "gateway", cli_gateway },
    { "ledger", cli_ledger },
    { "live", cli_live },
    { "prices", cli_prices },
    { "reprice", cli_reprice },
    { "help", tell_help },
    { "version", tell_version },
    { "watch", cli_watch },
    { "export", cli_export },
    { "completion", tell_completion },
    { "limits", cli_limits },
    { "guard", cli_guard },
    { "mcp", cli_mcp },
    { "usage", cli_usage },
    { "task", cli_task },
    { "sources", cli_sources },
    { "config", cli_config },
    { "doctor", cli_doctor },
    { "open", cli_open },
    { "service", cli_service },
    { "statusline", cli_statusline },
    /* clang-format on */
};

static cli_fn *find_function(const struct config_command *command)
{
    size_t i;

    if (!command)
        return cli_glance;
    if (command->takes & FOR_REPORT)
        return cli_report;
    for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (span_is(span_of(command->name), functions[i].name))
            return functions[i].run;
    }
    assert(!"a row of config_commands has no function");
    return NULL;
}

static int write_out(const struct buf *out, struct err *err)
{
    if (out->len > 0 && fwrite(out->p, 1, out->len, stdout) == out->len && fflush(stdout) == 0)
        return 0;
    if (out->len == 0)
        return 0;
    err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot write to stdout: %s",
            strerror(errno));
    return -1;
}

/* What to do about an error, where that can be said. */
static void add_way_out(struct buf *line, const struct cli *cli, enum err_kind kind)
{
    bool about_command = cli->call.command && !span_is(span_of(cli->call.command->name), "help");
    bool rebuilding =
        cli->call.rest && cli->call.rest[0] && span_is(span_of(cli->call.rest[0]), "rebuild");

    if (kind == ERR_USAGE && !cli->in_file)
        buf_printf(line, " (see 'tacho help%s%s')", about_command ? " " : "",
                   about_command ? cli->call.command->name : "");
    if (kind == ERR_DAMAGED && !rebuilding)
        buf_add_text(line, " (repair it with 'tacho ledger rebuild')");
}

/* Whoever shows a status line hides one that failed: there a mistake is the line. */
static bool is_shown_in_line(const struct cli *cli)
{
    const struct config_command *command = cli->call.command;

    return command && span_is(span_of(command->name), "statusline") &&
           (!cli->call.rest || !cli->call.rest[0]);
}

/* "tacho: there is no option --sicne; did you mean --since? (see 'tacho help daily')" */
static int complain(const struct cli *cli, const struct err *err)
{
    struct buf line = { 0 };

    buf_add_text(&line, "tacho: ");
    show_text(&line, span_of(err->text), 0, cli->style.unicode);
    add_way_out(&line, cli, err->kind);
    fprintf(is_shown_in_line(cli) ? stdout : stderr, "%s\n", line.p);
    buf_fini(&line);
    return err_exit_code(err->kind);
}

static bool is_for_daemon(const struct config_call *call)
{
    const struct config_command *command = call->command;

    if (!command || !command->in_daemon)
        return false;
    return !command->but || !call->rest[0] || strcmp(call->rest[0], command->but) != 0;
}

/* These see to a wrong configuration themselves. */
static bool mends_config(const struct cli *cli)
{
    const struct config_command *command = cli->call.command;

    if (!command || !(command->takes & FOR_CARE))
        return false;
    return !cli->call.rest[0] || !span_is(span_of(cli->call.rest[0]), "get");
}

/* All that happens once the command line is understood. */
static int perform(struct cli *cli, struct config *config, char **argv, struct buf *out,
                   struct err *err)
{
    if (config->version)
        return tell_version(cli, out, err);
    if (config->help) {
        config_help(out, cli->call.command);
        return 0;
    }
    if (is_for_daemon(&cli->call))
        return exec_beside("tachod", argv, cli->call.command->name, err);
    if (config_finish(config, err) < 0 && !mends_config(cli)) {
        cli->in_file = true;
        return -1;
    }
    if (config_apply(config, err) < 0)
        return -1;
    cli->style = terminal_style(config);
    ccusage_tell_ignored(cli);
    return find_function(cli->call.command)(cli, out, err);
}

int cli_main(int argc, char **argv)
{
    struct config_dialect dialect = { .agents = ccusage_agents };
    struct config config;
    struct cli cli = { .config = &config };
    struct err err = { 0 };
    struct buf out = { 0 };
    char **words = NULL;
    int code = -1;

    setlocale(LC_CTYPE, "");
    log_set("tacho", LOG_LEVEL_WARNING);
    config_init(&config);
    cli.style = terminal_style(&config); /* for mistakes found before the configuration is read */
    config.dialect = &dialect;
    cli.as_ccusage = ccusage_is_us(argv[0]);
    if (cli.as_ccusage) {
        words = ccusage_words(argv);
        dialect.otherwise = "daily";
        config_suggest(&config, "cost", "auto");
    }
    if (config_parse(&config, argc, words ? words : argv, &cli.call, &err) == 0)
        code = perform(&cli, &config, argv, &out, &err);
    if (code < 0 || write_out(&out, &err) < 0)
        code = complain(&cli, &err);
    if (is_shown_in_line(&cli))
        code = 0;
    buf_fini(&out);
    free(cli.call.rest);
    free(words);
    config_fini(&config);
    return code;
}
