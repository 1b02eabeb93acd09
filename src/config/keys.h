/* config/keys.h — the configuration file key by key: what a key is worth, and to set it.
 *
 * Walks the rows of config_options that are IN_FILE. Knows no key's meaning.
 * Not thread-safe: two that set a key at the same time are one too many.
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include "base/json_out.h"
#include "config/config.h"

#define CONFIG_KEY_SIZE 48

/* The row of that key ('-' for '_' is fine); NULL with *err (ERR_USAGE, naming the near one). */
const struct config_option *config_keys_find(const char *key, struct err *err);
/* The key of a row, cut to `size`. */
void config_keys_name(const struct config_option *option, char *out, size_t size);

enum config_origin config_keys_origin(const struct config *config,
                                      const struct config_option *option);
/* The value as JSON; null where there is none. */
void config_keys_value(struct json_out *json, const struct config *config,
                       const struct config_option *option);
/* Line of the key in a JSON file, from 1, with the value as it is written there in *value (may be
 * NULL); 0 when it cannot be told. */
int config_keys_line(const char *path, const char *key, struct buf *value);

/* Is the file one that config_finish would take? A missing one is. 0, or -1 with *err. */
int config_keys_check(const char *path, struct err *err);

/* Gives the key another value in the file, which is made if need be (0600, its folder 0700). All
 * else in it stays as it is written. A text stands for itself, a list is JSON or its one text, an
 * object is JSON. 0, or -1 with *err; then nothing has changed. */
int config_keys_set(const char *path, const struct config_option *option, const char *text,
                    struct err *err);

/* What the file may hold, as a JSON Schema (draft-07) for editors. */
void config_schema(struct buf *out);

#endif
