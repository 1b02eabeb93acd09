/* server/token.h — access tokens: made once, shown once, kept only as salted hashes.
 *
 * `secrets.json` beside the configuration file, 0600, in a folder that only its owner may write:
 *
 *   {"tokens":[{"number":1,"access":"read","label":"laptop","created_at":1795312800000,
 *               "salt":"<32 hex>","sha256":"<64 hex>"}]}
 *
 * Other keys of the file are left as they are. Knows no HTTP. Not thread-safe per `struct tokens`.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_TOKEN_H
#define SERVER_TOKEN_H

#include "base/err.h"
#include "base/span.h"

enum access {
    ACCESS_NONE,
    ACCESS_READ,  /* every GET and WebSocket */
    ACCESS_ADMIN, /* writes too */
};

extern const char *const access_names[]; /* "none", "read", "admin" */
enum access access_of(const char *name); /* ACCESS_NONE for NULL and strange words */

enum {
    TOKEN_TEXT_SIZE = 64,   /* a token and its NUL */
    TOKEN_SECRET_SIZE = 32, /* random bytes in it */
    TOKEN_SALT_SIZE = 16,
    TOKEN_HASH_SIZE = 32,
    TOKENS_MAX = 1000, /* in one file */
};

/* ---- token.c: the file, for the command line ---- */

/* Where the tokens lie for this configuration file. Yours to free. */
char *token_path(const char *config_path);

/* Makes a token and adds its hash to the file at `path`. `text` is the only copy of it: show it to
 * its owner and forget it. 0, or -1 with *err. */
int token_new(const char *path, enum access access, const char *label, char text[TOKEN_TEXT_SIZE],
              struct err *err);

/* Takes a token out. ERR_NOT_FOUND: there is none of that number. 0, or -1 with *err. */
int token_remove(const char *path, int64_t number, struct err *err);

/* What may be told of a token. Lent for the call. */
struct token_facts {
    int64_t number; /* counts up from 1 */
    enum access access;
    struct span label;
    int64_t created_ms; /* UTC */
};
typedef void token_fn(void *to, const struct token_facts *facts);
/* Every token in the file, in the order they were made. 0, or -1 with *err. */
int token_each(const char *path, token_fn *fn, void *to, struct err *err);
/* A fresh secret behind `prefix`, in the letters of base64url. */
int token_random(const char *prefix, char text[TOKEN_TEXT_SIZE], struct err *err);
void token_hash(const unsigned char salt[TOKEN_SALT_SIZE], struct span text,
                unsigned char out[TOKEN_HASH_SIZE]);

/* ---- tokens.c: checking them, for the server ---- */

struct tokens;

/* Reads the file; a missing one means that there are no tokens. ERR_USAGE when other people can
 * read it or could replace it. 0, or -1 with *err. */
int tokens_open(struct tokens **out, const char *path, struct err *err);
void tokens_close(struct tokens *tokens); /* NULL is fine */
size_t tokens_count(const struct tokens *tokens);

/* What the token is worth; *id then names it. Takes the same time for every wrong text. A file
 * that has changed is read first; one that cannot be used any more opens nothing. */
enum access tokens_check(struct tokens *tokens, struct span text, uint64_t *id);
/* What the token of that id is worth now. */
enum access tokens_access(struct tokens *tokens, uint64_t id);

#endif
