/* cli/cli_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef CLI_CLI_INTERNAL_H
#define CLI_CLI_INTERNAL_H

#include "config/config.h"
#include "show/show.h"

/* One call of the program. */
struct cli {
    const struct config *config;
    struct config_call call; /* what was asked for */
    struct show_style style; /* of stdout */
    bool in_file; /* what is wrong stands in the configuration file, not among the words */
};

/* A command: what it has to say goes to `out`, which reaches stdout when all went well.
 * 0 or another exit code, or -1 with *err. */
typedef int cli_fn(const struct cli *cli, struct buf *out, struct err *err);

cli_fn cli_daily;     /* report.c */
cli_fn cli_gateway;   /* gateway.c */
cli_fn cli_glance;    /* report.c: no command */
cli_fn cli_ledger;    /* ledger.c */
cli_fn cli_guard;     /* guard.c */
cli_fn cli_limits;    /* limits.c */
cli_fn cli_prices;    /* prices.c */
cli_fn cli_reprice;   /* reprice.c */
cli_fn prices_import; /* prices_import.c: `tacho prices import` */

/* ---- action.c: commands whose first operand says what to do ---- */

struct cli_action {
    const char *name; /* NULL behind the last */
    cli_fn *run;
};
/* Does what the first operand says; config_commands lets no other pass. */
int cli_act(const struct cli_action *actions, const struct cli *cli, struct buf *out,
            struct err *err);

/* ---- report.c ---- */

struct store;
/* The ledger, with all that the logs hold by now. Yours to close. */
int open_ledger(struct store **out, const struct cli *cli, struct err *err);

/* ---- terminal.c ---- */

/* How stdout may be written to, as configuration and environment have it. */
struct show_style terminal_style(const struct config *config);

/* "Reading logs… 42%" on stderr, while something takes long and somebody sees it. */
struct progress {
    bool wanted, unicode;
    int percent; /* as shown; -1: nothing is */
    int64_t patient_until_ms;
};
struct progress progress_start(const struct cli *cli);
void progress_step(void *to, int permille); /* `to` is the struct progress */
void progress_end(struct progress *progress);

/* ---- day.c ---- */

/* 2026-11-22, 20261122, today, yesterday, 7d (the first of the last seven days, today among them).
 * True and *day, or false. */
bool day_parse(struct span text, int64_t today, int64_t *day);

/* ---- logs.c ---- */

/* "Looked in ~/.claude/projects, ….": where the logs of every agent would be. */
void logs_tell(struct buf *out, const struct cli *cli);

/* ---- exec.c ---- */

/* Becomes `program` (the one beside us, else on PATH) with our arguments. Returns -1 with *err
 * (ERR_UNAVAILABLE) only if that failed. */
int exec_beside(const char *program, char **argv, const char *why, struct err *err);

#endif
