/* server/tokens.c — is a token that somebody shows one of ours? See token.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"
#include "base/mem.h"
#include "config/secrets.h"
#include "server/token.h"

#include <openssl/crypto.h>
#include <stdlib.h>

struct token {
    enum access access;
    uint64_t id; /* the first bytes of its hash */
    unsigned char salt[TOKEN_SALT_SIZE];
    unsigned char hash[TOKEN_HASH_SIZE];
};

struct tokens {
    char *path;
    struct token *list;
    size_t n;
    struct stat seen; /* the file as it was read; zeroed: there was none */
};

static bool from_hex(json_t *text, unsigned char *out, size_t n)
{
    size_t len = 0;

    return json_is_string(text) &&
           OPENSSL_hexstr2buf_ex(out, n, &len, json_string_value(text), '\0') == 1 && len == n;
}

static bool read_entry(json_t *entry, struct token *out)
{
    out->access = access_of(json_string_value(json_object_get(entry, "access")));
    if (out->access == ACCESS_NONE ||
        !from_hex(json_object_get(entry, "salt"), out->salt, TOKEN_SALT_SIZE) ||
        !from_hex(json_object_get(entry, "sha256"), out->hash, TOKEN_HASH_SIZE))
        return false;
    memcpy(&out->id, out->hash, sizeof(out->id));
    return true;
}

static int reload(struct tokens *tokens, struct err *err)
{
    json_t *root, *entry;
    size_t i;
    int rc = secrets_load(tokens->path, &root, &tokens->seen, err);

    tokens->n = 0;
    json_array_foreach(json_object_get(root, "tokens"), i, entry)
    {
        if (i == TOKENS_MAX)
            break;
        tokens->list = xreallocarray(tokens->list, tokens->n + 1, sizeof(*tokens->list));
        if (read_entry(entry, &tokens->list[tokens->n]))
            tokens->n++;
        else
            log_warning("%s: entry %zu is not written as a token and opens nothing", tokens->path,
                        i + 1);
    }
    json_decref(root);
    return rc;
}

int tokens_open(struct tokens **out, const char *path, struct err *err)
{
    struct tokens *tokens = xcalloc(1, sizeof(*tokens));

    tokens->path = xstrdup(path);
    if (reload(tokens, err) < 0) {
        tokens_close(tokens);
        return -1;
    }
    *out = tokens;
    return 0;
}

void tokens_close(struct tokens *tokens)
{
    if (!tokens)
        return;
    free(tokens->list);
    free(tokens->path);
    free(tokens);
}

size_t tokens_count(const struct tokens *tokens)
{
    return tokens->n;
}

/* A new or removed token counts from the next request on: one stat() tells. */
static void refresh(struct tokens *tokens)
{
    const struct stat *seen = &tokens->seen;
    struct stat now;
    struct err err;

    if (stat(tokens->path, &now) < 0)
        memset(&now, 0, sizeof(now));
    if (now.st_ino == seen->st_ino && now.st_size == seen->st_size &&
        now.st_ctim.tv_sec == seen->st_ctim.tv_sec && now.st_ctim.tv_nsec == seen->st_ctim.tv_nsec)
        return;
    if (reload(tokens, &err) < 0) {
        log_error("no token is valid any more: %s", err.text);
        tokens->seen = now; /* said once */
    }
}

enum access tokens_check(struct tokens *tokens, struct span text, uint64_t *id)
{
    unsigned char hash[TOKEN_HASH_SIZE];
    enum access access = ACCESS_NONE;

    refresh(tokens);
    for (size_t i = 0; i < tokens->n; i++) { /* all of them, also behind the right one */
        const struct token *token = &tokens->list[i];

        token_hash(token->salt, text, hash);
        if (CRYPTO_memcmp(hash, token->hash, TOKEN_HASH_SIZE) == 0) {
            access = token->access;
            *id = token->id;
        }
    }
    return access;
}

enum access tokens_access(struct tokens *tokens, uint64_t id)
{
    refresh(tokens);
    for (size_t i = 0; i < tokens->n; i++)
        if (tokens->list[i].id == id)
            return tokens->list[i].access;
    return ACCESS_NONE;
}
