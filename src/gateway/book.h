/* gateway/book.h — the gateways that were added, with their secrets: one file, 0600.
 *
 * `gateways.json` beside the configuration. A secret stands in it, or the name of the environment
 * variable or of the file that holds it. Every change reads the file anew under a lock, so commands
 * and the daemon do not undo each other's. Not thread-safe within a process.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_BOOK_H
#define GATEWAY_BOOK_H

#include "base/json_out.h"
#include "gateway/url.h"
#include "gateway/usage.h"

enum { GATEWAY_ID_SIZE = 37, GATEWAYS_MAX = 200 };

struct gateway_entry {
    char id[GATEWAY_ID_SIZE]; /* a UUID */
    char *name, *url;         /* owned, as are all texts here */
    char *account_key;        /* NULL: default */
    char *token, *password;   /* secrets; NULL where there is none */
    char *token_env;          /* name of the variable that holds the token */
    char *token_file;         /* path of the file that does */
    char *device_token;       /* what the gateway gave this device */
    struct gateway_limits limits;
    bool enabled;
};
void gateway_entry_fini(struct gateway_entry *entry);

struct book {
    struct gateway_entry *entries;
    size_t count;
};
void book_fini(struct book *book);

/* "gateways.json" and "device.pem" beside the configuration; yours to free. */
char *book_path(const char *config_path);
char *book_key_path(const char *config_path);

/* All entries; a missing file is an empty book. 0, or -1 with *err. */
int book_load(struct book *out, const char *path, struct err *err);
/* By id or by name; NULL with *err (ERR_NOT_FOUND). */
struct gateway_entry *book_find(struct book *book, struct span name, struct err *err);

/* Reads what is set in a JSON object (POST, PATCH) over the entry. 0, or -1 with *err (ERR_USAGE)
 * naming the key. On -1 the entry may be half changed. */
int gateway_entry_read(struct gateway_entry *entry, const json_t *object, struct err *err);
/* A new entry has an id and is enabled. */
void gateway_entry_init(struct gateway_entry *entry);
/* Is it whole? 0, or -1 with *err. */
int gateway_entry_check(const struct gateway_entry *entry, struct err *err);

enum book_put { BOOK_ADD, BOOK_REPLACE };
/* Saves the entry under its id: new (ERR_BUSY if id or name are taken), or instead of the one that
 * is there. 0, or -1 with *err. */
int book_put(const char *path, const struct gateway_entry *entry, enum book_put how,
             struct err *err);
int book_remove(const char *path, const char *id, struct err *err);
/* Keeps (or forgets: NULL) a device token. */
int book_keep_device(const char *path, const char *id, const char *token, struct err *err);

/* The secret to show, read from where it is. 0, or -1 with *err. `scratch` owns what was read. */
struct credentials;
int gateway_entry_credentials(const struct gateway_entry *entry, struct credentials *out,
                              struct buf *scratch, struct err *err);

#endif
