/* config/config.h — every option and setting, from one table.
 *
 * Who wins: option, configuration file, default. (Settings saved from the page and agents.json join
 * between them with their rooms.) Help, the configuration file's keys and their checks are all read
 * from `config_options`, so they cannot disagree. Not thread-safe; filled in once at start.
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/err.h"
#include "config/table.h"

enum config_origin { CONFIG_DEFAULT, CONFIG_ENVIRONMENT, CONFIG_FILE, CONFIG_OPTION }; /* by rank */

#define CONFIG_OPTIONS_MAX 128

/* What a caller understands beside the tables. */
struct config_dialect {
    const char *const *agents; /* names that may stand before a command; NULL-terminated */
    const char *otherwise;     /* the command where none is named; or NULL */
};

/* Every value, NULL or 0 where there is none. Strings and lists are owned by the struct. */
struct config {
    /* where things are */
    char *db;          /* the ledger; never NULL after config_finish */
    char *config_path; /* the configuration file */
    char *home;        /* HOME as the sources see it */
    /* what to show */
    char *timezone; /* "" the system's */
    char *since, *until;
    char *color; /* auto, always, never */
    bool json;
    bool compact;
    char *now;   /* RFC 3339 or Unix time: a fixed clock */
    char *order; /* asc, desc, or NULL: the usual way of the report */
    int64_t limit, last;
    char **agents, **models, **projects, **machines; /* globs: NULL-terminated lists, or NULL */
    char *format;                                    /* csv, jsonl, sqlite */
    char *sections, *start_of_week, *id;
    bool csv, markdown, wide, watch, breakdown, instances, by_agent, no_cost;
    bool fold_projects, no_fold;
    bool active, recent; /* blocks */
    int64_t session_length;
    char *token_limit; /* a number, or max */
    /* words of ccusage that change little or nothing here */
    char *mode, *project_aliases;
    bool all, offline, no_offline, debug, single_thread, no_color;
    int64_t debug_samples;
    /* the daemon */
    char *listen; /* address, default 127.0.0.1 */
    int64_t port;
    bool port_given; /* named by option or file: then no other is tried */
    char *base_path;
    char **hosts; /* NULL-terminated lists, or NULL */
    char **allowed_origins;
    char **trust_proxy;
    bool require_token;
    char *tls_cert, *tls_key;
    bool background, stop;
    bool demo;       /* keep producing invented events into `home` */
    char *log_level; /* error, warning, info, debug */
    /* prices */
    char *prices, *model_aliases, *plans; /* JSON objects as they stand in the file, or NULL */
    char *sources;      /* where to look for logs, a JSON object (source/roots.h), or NULL */
    char *pricing_file; /* more prices; RUNTIME_USAGE_PRICING_FILE names it too */
    char *cost;         /* list, logged, auto */
    char *at;           /* a day */
    char *tier;         /* batch, flex, priority */
    int64_t input, output, cache_read, cache_write, cache_write_1h, searches; /* of a bill */
    bool fast, geo_us, dry_run;
    char *session; /* to forget, … */
    bool yes;      /* … which is meant */
    /* rate limits */
    char *thresholds;               /* JSON object as it stands in the file, or NULL */
    char *webhook;                  /* a URL, or NULL */
    char *account_endpoints, *plan; /* JSON objects as they stand in the file, or NULL */
    char **on_threshold;            /* a command and its arguments, or NULL */
    bool notify;                    /* on the desktop, else in the terminal */
    char *bucket, *account, *max_cost;
    int64_t min_remaining; /* percent */
    char *status_line;     /* the pattern of the status line, or NULL */
    /* tasks and the usage window */
    int64_t usage_threshold; /* tokens; 0: none */
    char *usage_reset, *agents_config, *project_names, *window, *file, *table;
    /* runs */
    char *runs_dir;    /* the folder of run folders; never NULL after config_finish */
    int64_t runs_idle; /* hours after which a run without growth has ended; 0: never */
    /* tokens */
    bool read_only_token, admin_token;
    char *label;
    /* gateways */
    bool follow;                  /* go on showing */
    bool password;                /* the secret is a password, not a token */
    char *token_env, *token_file; /* where the token is: a variable, or a file */
    /* everywhere */
    bool help, version, quiet;
    const struct config_dialect *dialect;      /* lent; NULL: none */
    unsigned char origins[CONFIG_OPTIONS_MAX]; /* enum config_origin, per row of config_options */
};

/* The command of that name, or NULL with *err (ERR_USAGE, naming the near one). */
const struct config_command *config_command_find(const char *name, struct err *err);

/* Defaults. */
void config_init(struct config *config);
void config_fini(struct config *config);

/* What the words of a command line ask for. */
struct config_call {
    const char *agent;                    /* one of dialect->agents; NULL when none was named */
    const struct config_command *command; /* NULL when there is none */
    char **rest; /* operands; lent from argv, NULL-terminated; the list is yours to free */
};

/* Reads argv[1…]. Options may stand before or behind the command; "--opt=value", "--opt value" and
 * "--" are understood. A mistyped name suggests the near one. Returns 0, or -1 with *err
 * (ERR_USAGE); then call->command is what was understood so far and call->rest NULL. With --help or
 * --version nothing is refused for not belonging to the command. */
int config_parse(struct config *config, int argc, char **argv, struct config_call *call,
                 struct err *err);

/* Reads the configuration file (a missing one is fine unless named by --config) beneath what the
 * options said, then fills in what depends on the environment (db, home). A bad value is -1 with
 * *err naming file, line, key, value and what is allowed. */
int config_finish(struct config *config, struct err *err);

/* What the file says by now, beneath the options of `was`. config_fini ends *fresh, also on -1. */
int config_again(struct config *fresh, const struct config *was, struct err *err);

/* Sets what the whole process shares: the level of its log, and its clock where --now fixes it.
 * 0, or -1 with *err (ERR_USAGE). */
int config_apply(const struct config *config, struct err *err);

/* Gives an option another default: before the command line and the file are read. */
void config_suggest(struct config *config, const char *name, const char *text);

/* Did somebody give it on the command line? */
bool config_was_given(const struct config *config, const struct config_option *option);

/* What a shell needs to complete our command line (bash, zsh, fish), or the manual page (man).
 * False for any other word. */
bool config_complete(struct buf *out, const char *shell);

/* Help from the tables: of the program (fits a screen), or of one command. */
void config_help(struct buf *out, const struct config_command *command);

#endif
