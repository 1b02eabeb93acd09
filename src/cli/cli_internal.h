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
    bool as_ccusage;         /* called by that name */
    bool in_file; /* what is wrong stands in the configuration file, not among the words */
};

/* A command: what it has to say goes to `out`, which reaches stdout when all went well.
 * 0 or another exit code, or -1 with *err. */
typedef int cli_fn(const struct cli *cli, struct buf *out, struct err *err);

cli_fn cli_report;         /* report.c: daily, session, models, … */
cli_fn cli_glance;         /* glance.c: no command */
cli_fn cli_export;         /* export.c */
cli_fn cli_gateway;        /* gateway.c */
cli_fn cli_ledger;         /* ledger.c */
cli_fn cli_guard;          /* guard.c */
cli_fn cli_limits;         /* limits.c */
cli_fn cli_mcp;            /* mcp.c */
cli_fn cli_live;           /* live.c */
cli_fn cli_prices;         /* prices.c */
cli_fn cli_reprice;        /* reprice.c */
cli_fn cli_usage;          /* usage.c */
cli_fn cli_task;           /* task.c */
cli_fn cli_sources;        /* sources.c */
cli_fn cli_doctor;         /* doctor.c */
cli_fn ledger_forget;      /* forget.c: `tacho ledger forget` */
cli_fn cli_config;         /* config.c */
cli_fn cli_open;           /* browse.c */
cli_fn cli_service;        /* service.c */
cli_fn cli_watch;          /* watch.c */
cli_fn prices_import;      /* prices_import.c: `tacho prices import` */
cli_fn cli_statusline;     /* statusline.c */
cli_fn statusline_install; /* statusline_install.c: `tacho statusline install` */

/* ---- action.c: commands whose first operand says what to do ---- */

struct cli_action {
    const char *name; /* NULL behind the last */
    cli_fn *run;
};
/* Does what the first operand says; config_commands lets no other pass. */
int cli_act(const struct cli_action *actions, const struct cli *cli, struct buf *out,
            struct err *err);

/* ---- terminal.c ---- */

/* How stdout may be written to, as configuration and environment have it. */
struct show_style terminal_style(const struct config *config);

#define TERMINAL_WATCH_MS 2000 /* between looks of what is watched */

/* Writes it to stdout at once; a screen is cleared before. */
int terminal_draw(const struct buf *text, struct err *err);

/* "Reading logs… 42%" on stderr, while something takes long and somebody sees it. */
struct progress {
    bool wanted, unicode;
    int percent; /* as shown; -1: nothing is */
    int64_t patient_until_ms;
};
struct progress progress_start(const struct cli *cli);
void progress_step(void *to, int permille); /* `to` is the struct progress */
void progress_end(struct progress *progress);

/* ---- open.c ---- */

struct store;
/* The ledger, with all that the logs hold by now. Yours to close. */
int open_ledger(struct store **out, const struct cli *cli, struct err *err);
/* Tables name their zone when it is not the system's; JSON always does. */
void open_tell_zone(struct buf *out, const struct cli *cli, const struct zone *zone);
/* Which cost was asked for, in whatever words. */
enum cost_kind open_cost(const struct cli *cli);

/* ---- ask.c ---- */

/* Reports asked for by a command line, and what they borrow. */
struct asked {
    struct report_query query; /* of the first; .by differs in the others */
    enum report_by by[REPORT_BYS];
    size_t n;
    const char *agents[2]; /* the one named before the command */
    struct zone *zone;
};
/* 0, or -1 with *err (ERR_USAGE) naming the option. */
int ask_reports(struct asked *asked, const struct cli *cli, struct err *err);
void ask_fini(struct asked *asked);

/* ---- ccusage.c ---- */

/* Names of agents that its users put before a command; NULL-terminated. */
extern const char *const ccusage_agents[];
bool ccusage_is_us(const char *program); /* by that name? */
/* Its words as ours, where one of them means something else; yours to free (the list alone). */
char **ccusage_words(char **argv);
enum show_form ccusage_form(const char *agent); /* NULL: all agents */
const char *ccusage_blocks_agent(void);         /* whose blocks it shows */
/* Says on stderr what changes nothing here. */
void ccusage_tell_ignored(const struct cli *cli);

/* ---- logs.c ---- */

/* "Looked in ~/.claude/projects, ….": where the logs of every agent would be. */
void logs_tell(struct buf *out, const struct cli *cli);

/* ---- exec.c ---- */

/* Where the program beside us is, or NULL. Yours. */
char *exec_path_beside(const char *program);
/* Runs a program (found on PATH) to its end, our stdout and stderr its own. Its exit code, or -1
 * with *err (ERR_UNAVAILABLE). */
int exec_run(const char *const *argv, struct err *err);

/* Becomes `program` (the one beside us, else on PATH) with our arguments. Returns -1 with *err
 * (ERR_UNAVAILABLE) only if that failed. */
int exec_beside(const char *program, char **argv, const char *why, struct err *err);

#endif
