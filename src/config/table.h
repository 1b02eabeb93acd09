/* config/table.h — what a row of the two tables is that everything about options is read from.
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_type {
    CONFIG_FLAG, /* present or not; true/false in the file */
    CONFIG_INT,
    CONFIG_TEXT,   /* may be empty only where the default is */
    CONFIG_LIST,   /* may be given several times; an array of texts in the file */
    CONFIG_CHOICE, /* one word out of `choices`, blank-separated */
    CONFIG_OBJECT, /* a JSON object, kept as its text: its room reads it; in the file only */
    CONFIG_EITHER  /* a text, or a JSON object kept as its text: its room tells them apart */
};

struct config_option {
    const char *name; /* "--since" without the dashes; with '_' for '-' the key in the file */
    const char *key;  /* that key where it is another word, else NULL */
    char letter;      /* "-j", or 0; rows of different commands may share one */
    char also;        /* another letter for it, or 0 */
    enum config_type type;
    size_t at;            /* offset in struct config */
    const char *fallback; /* default as text, or NULL */
    int64_t min, max;     /* of CONFIG_INT */
    const char *choices;  /* of CONFIG_CHOICE */
    unsigned where;       /* enum config_where bits */
    const char *argument; /* "DATE", for help; NULL for flags */
    const char *help;     /* one line, lower case, no full stop; choices are added to it */
    const char *ignored;  /* why it changes nothing; NULL: it does */
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
    FOR_PERIODS = 1 << 9, /* reports by day, week, month */
    FOR_SESSIONS = 1 << 10,
    FOR_BLOCKS = 1 << 11,
    FOR_EXPORT = 1 << 21,
    FOR_CCUSAGE = 1 << 12, /* taken by every report for the sake of scripts, not told in help */
    FOR_USAGE = 1 << 13,
    FOR_TASK = 1 << 14,
    FOR_GATEWAY = 1 << 15,
    FOR_SOURCES = 1 << 16,
    FOR_IMPORT = 1 << 17,
    FOR_CARE = 1 << 22, /* of the program itself: doctor, config */
    FOR_SERVICE = 1 << 23,
    FOR_LEDGER = 1 << 24,
    FOR_WATCH = 1 << 18,
    FOR_STATUSLINE = 1 << 19,
    FOR_LIVE = 1 << 20,
};
#define CONFIG_TOKENS_MAX INT64_C(1000000000000000)
extern const struct config_option config_options[]; /* ends with name == NULL */

/* A command of the program. */
struct config_command {
    const char *name;     /* "daily" */
    const char *summary;  /* one line for the list */
    unsigned takes;       /* which options: config_where bits */
    bool in_daemon;       /* done by tachod; tacho execs it … */
    const char *but;      /* … but for this operand; or NULL */
    const char *operands; /* "new|list|remove [ID]": words by blanks, [] may be left
                             out, "..." said again; or NULL */
    const char *examples; /* lines, for `help daily` */
    const char *group;    /* commands of one are told together in the list; or NULL */
};
extern const struct config_command config_commands[]; /* ends with name == NULL */

#endif
