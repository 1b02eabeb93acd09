/* config/config_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_INTERNAL_H
#define CONFIG_CONFIG_INTERNAL_H

#include "config/config.h"

/* ---- value.c: one option's value as text ---- */

/* Is `text` a value this option takes? Flags take "true" and "false". */
bool config_allows(const struct config_option *option, const char *text);
/* What it takes, for people: "a whole number from 1 to 65535". */
void config_describe(struct buf *out, const struct config_option *option);
/* Puts an allowed value (copied) where it belongs; lists grow by it. */
void config_put(struct config *config, const struct config_option *option, const char *text,
                enum config_origin origin);
enum config_origin config_origin_of(const struct config *config,
                                    const struct config_option *option);
/* Can it be given on a command line? */
bool config_is_word(const struct config_option *option);
/* The row that fills the field at `at`; there is one for every field asked for. */
const struct config_option *config_option_at(size_t at);

/* ---- manual.c ---- */

void config_manual(struct buf *out); /* mdoc(7) */

/* ---- near.c: what somebody may have meant ---- */

/* Which name is the nearest to `typed`, two slips away at most. Start with .typed alone, offer
 * every name; `best` is NULL while none is near. */
struct near {
    const char *typed;
    const char *best; /* lent from what was offered */
    size_t slips;
};
void near_offer(struct near *near, const char *name);

/* ---- where.c: the place of a key ---- */

/* The value of a key of the outermost object, as it is written; absent when there is none. */
struct span config_text_of(struct span text, const char *key);
/* Line (from 1) of a key of the outermost object, 0 when it cannot be told. */
int config_line_of(struct span text, const char *key);

/* ---- file.c ---- */

/* The key of an option in the file: its name with '_' for '-', or its own word. Cut to `size`. */
void config_key(const struct config_option *option, char *out, size_t size);
/* The key by which a file says what editors are to check it by; it is not ours to read. */
#define CONFIG_SCHEMA_KEY     "$schema"
#define CONFIG_FILE_MAX_BYTES (1024 * 1024)
/* Takes what the text of the file at `path` says; one of blanks alone says nothing. */
int config_take_text(struct config *config, const char *path, struct span text, struct err *err);
/* Reads config->config_path beneath what is set already. A missing file is fine unless it was named
 * by an option. */
int config_read_file(struct config *config, struct err *err);

#endif
