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

enum config_type {
    CONFIG_FLAG, /* present or not; true/false in the file */
    CONFIG_INT,
    CONFIG_TEXT,   /* may be empty only where the default is */
    CONFIG_LIST,   /* may be given several times; an array of texts in the file */
    CONFIG_CHOICE, /* one word out of `choices`, blank-separated */
    CONFIG_OBJECT  /* a JSON object, kept as its text: its room reads it; in the file only */
};

enum config_origin { CONFIG_DEFAULT, CONFIG_ENVIRONMENT, CONFIG_FILE, CONFIG_OPTION }; /* by rank */

#define CONFIG_OPTIONS_MAX 64

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
    char *order; /* asc, desc */
    int64_t limit;
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
    char *pricing_file;                   /* more prices; RUNTIME_USAGE_PRICING_FILE names it too */
    char *cost;                           /* list, logged, auto */
    char *at;                             /* a day */
    char *tier;                           /* batch, flex, priority */
    int64_t input, output, cache_read, cache_write, cache_write_1h,
        searches; /* of a made-up bill */
    bool fast, geo_us, dry_run;
    /* rate limits */
    char *thresholds; /* JSON object as it stands in the file, or NULL */
    char *bucket, *account, *max_cost;
    int64_t min_remaining; /* percent */
    /* tokens */
    bool read_only_token, admin_token;
    char *label;
    /* everywhere */
    bool help, version, quiet;
    unsigned char origins[CONFIG_OPTIONS_MAX]; /* enum config_origin, per row of config_options */
};

struct config_option {
    const char *name; /* "--since" without the dashes; with '_' for '-' the key in the file */
    const char *key;  /* that key where it is another word, else NULL */
    char letter;      /* "-j", or 0 */
    enum config_type type;
    size_t at;            /* offset in struct config */
    const char *fallback; /* default as text, or NULL */
    int64_t min, max;     /* of CONFIG_INT */
    const char *choices;  /* of CONFIG_CHOICE */
    unsigned where;       /* enum config_where bits */
    const char *argument; /* "DATE", for help; NULL for flags */
    const char *help;     /* one line, lower case, no full stop; choices are added to it */
};

enum config_where {
    IN_FILE = 1 << 0, /* a key of the configuration file too */
    FOR_ALL = 1 << 1, /* taken by every command */
    FOR_REPORT = 1 << 2,
    FOR_SERVE = 1 << 3,
    FOR_TOKEN = 1 << 4,
    FOR_PRICES = 1 << 5,
    FOR_REPRICE = 1 << 6,
    FOR_LIMITS = 1 << 7,
    FOR_GUARD = 1 << 8,
};
extern const struct config_option config_options[]; /* ends with name == NULL */

/* A command of the program. */
struct config_command {
    const char *name;     /* "daily" */
    const char *summary;  /* one line for the list */
    unsigned takes;       /* which options: config_where bits */
    bool in_daemon;       /* done by tachod; tacho execs it */
    const char *operands; /* "new|list|remove [ID]": words by blanks, [] may be left out; or NULL */
    const char *examples; /* lines, for `help daily` */
};
extern const struct config_command config_commands[]; /* ends with name == NULL */

/* The command of that name, or NULL with *err (ERR_USAGE, naming the near one). */
const struct config_command *config_command_find(const char *name, struct err *err);

/* Defaults. */
void config_init(struct config *config);
void config_fini(struct config *config);

/* What the words of a command line ask for. */
struct config_call {
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

/* Sets what the whole process shares: the level of its log, and its clock where --now fixes it.
 * 0, or -1 with *err (ERR_USAGE). */
int config_apply(const struct config *config, struct err *err);

/* Help from the tables: of the program (fits a screen), or of one command. */
void config_help(struct buf *out, const struct config_command *command);

#endif
