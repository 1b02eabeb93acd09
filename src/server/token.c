/* server/token.c — making, listing and removing tokens; see token.h.
 *
 * The secret has 256 random bits, so one round of SHA-256 is enough: nobody tries them all. The
 * salt only keeps equal secrets from looking equal.
 * SPDX-License-Identifier: MIT
 */
#include "server/token.h"

#include "base/clock.h"
#include "base/path.h"
#include "config/secrets.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *const access_names[] = {
    [ACCESS_NONE] = "none",
    [ACCESS_READ] = "read",
    [ACCESS_ADMIN] = "admin",
};

char *token_path(const char *config_path)
{
    char *folder = path_dir(config_path);
    char *path = path_join(folder, "secrets.json");

    free(folder);
    return path;
}

enum access access_of(const char *name)
{
    for (int i = ACCESS_READ; name && i <= ACCESS_ADMIN; i++)
        if (strcmp(name, access_names[i]) == 0)
            return (enum access)i;
    return ACCESS_NONE;
}

/* ---- secrets ---- */

int token_random(const char *prefix, char text[TOKEN_TEXT_SIZE], struct err *err)
{
    unsigned char secret[TOKEN_SECRET_SIZE];
    unsigned char letters[4 * (TOKEN_SECRET_SIZE + 2) / 3 + 1];
    int n;

    if (RAND_bytes(secret, sizeof(secret)) != 1) {
        err_set(err, ERR_INTERNAL, "the system gives no random numbers");
        return -1;
    }
    n = EVP_EncodeBlock(letters, secret, sizeof(secret));
    for (int i = 0; i < n; i++) { /* base64 to base64url */
        if (letters[i] == '+')
            letters[i] = '-';
        else if (letters[i] == '/')
            letters[i] = '_';
        else if (letters[i] == '=')
            letters[i] = '\0';
    }
    snprintf(text, TOKEN_TEXT_SIZE, "%s%s", prefix, (const char *)letters);
    OPENSSL_cleanse(secret, sizeof(secret));
    OPENSSL_cleanse(letters, sizeof(letters));
    return 0;
}

void token_hash(const unsigned char salt[TOKEN_SALT_SIZE], struct span text,
                unsigned char out[TOKEN_HASH_SIZE])
{
    unsigned char
        both[TOKEN_SALT_SIZE + TOKEN_TEXT_SIZE]; /* a token is shorter: a cut text is none */
    size_t len = text.len < TOKEN_TEXT_SIZE ? text.len : TOKEN_TEXT_SIZE;

    memcpy(both, salt, TOKEN_SALT_SIZE);
    if (len > 0)
        memcpy(both + TOKEN_SALT_SIZE, text.p, len);
    EVP_Digest(both, TOKEN_SALT_SIZE + len, out, NULL, EVP_sha256(), NULL);
    OPENSSL_cleanse(both, sizeof(both));
}

static void to_hex(const unsigned char *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* ---- the list in the file ---- */

static int64_t number_of(json_t *entry)
{
    return json_integer_value(json_object_get(entry, "number"));
}

static json_t *entry_new(int64_t number, enum access access, const char *label, const char *text)
{
    unsigned char salt[TOKEN_SALT_SIZE], hash[TOKEN_HASH_SIZE];
    char salt_hex[2 * TOKEN_SALT_SIZE + 1], hash_hex[2 * TOKEN_HASH_SIZE + 1];

    if (RAND_bytes(salt, sizeof(salt)) != 1)
        return NULL;
    token_hash(salt, span_of(text), hash);
    to_hex(salt, sizeof(salt), salt_hex);
    to_hex(hash, sizeof(hash), hash_hex);
    return json_pack("{s:I, s:s, s:s, s:I, s:s, s:s}", "number", (json_int_t)number, "access",
                     access_names[access], "label", label ? label : "", "created_at",
                     (json_int_t)clock_now_ms(), "salt", salt_hex, "sha256", hash_hex);
}

static int64_t next_number(json_t *list)
{
    int64_t most = 0;
    json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        if (number_of(entry) > most)
            most = number_of(entry);
    }
    return most + 1;
}

static int add_entry(const char *path, enum access access, const char *label, const char *text,
                     struct err *err)
{
    json_t *root, *list, *entry;
    struct stat seen;
    int rc = -1;

    if (secrets_load(path, &root, &seen, err) < 0)
        return -1;
    if (!root)
        root = json_object();
    list = json_object_get(root, "tokens");
    if (!list) {
        list = json_array();
        json_object_set_new(root, "tokens", list);
    }
    entry = entry_new(next_number(list), access, label, text);
    if (json_array_size(list) >= TOKENS_MAX) {
        err_set(err, ERR_USAGE, "%s holds %d tokens already; remove some first", path, TOKENS_MAX);
        json_decref(entry);
    } else if (json_array_append_new(list, entry) < 0) {
        err_set(err, ERR_USAGE,
                "%s: no token can be added: \"tokens\" is no array, or the label no "
                "UTF-8",
                path);
    } else {
        rc = secrets_save(path, root, err);
    }
    json_decref(root);
    return rc;
}

int token_new(const char *path, enum access access, const char *label, char text[TOKEN_TEXT_SIZE],
              struct err *err)
{
    const char *prefix = access == ACCESS_ADMIN ? "tacho_a_" : "tacho_r_";
    int lock = secrets_lock(path, err);
    int rc = -1;

    if (lock < 0)
        return -1;
    if (token_random(prefix, text, err) == 0)
        rc = add_entry(path, access, label, text, err);
    close(lock);
    return rc;
}

static int remove_entry(const char *path, int64_t number, struct err *err)
{
    json_t *root, *list, *entry;
    struct stat seen;
    bool found = false;
    int rc = -1;
    size_t i;

    if (secrets_load(path, &root, &seen, err) < 0)
        return -1;
    list = json_object_get(root, "tokens");
    json_array_foreach(list, i, entry)
    {
        found = number_of(entry) == number && json_array_remove(list, i) == 0;
        if (found)
            break;
    }
    if (found)
        rc = secrets_save(path, root, err);
    else
        err_set(err, ERR_NOT_FOUND, "%s has no token %lld", path, (long long)number);
    json_decref(root);
    return rc;
}

int token_remove(const char *path, int64_t number, struct err *err)
{
    int lock = secrets_lock(path, err);
    int rc;

    if (lock < 0)
        return -1;
    rc = remove_entry(path, number, err);
    close(lock);
    return rc;
}

int token_each(const char *path, token_fn *fn, void *to, struct err *err)
{
    json_t *root, *entry;
    struct stat seen;
    size_t i;

    if (secrets_load(path, &root, &seen, err) < 0)
        return -1;
    json_array_foreach(json_object_get(root, "tokens"), i, entry)
    {
        const char *label = json_string_value(json_object_get(entry, "label"));
        struct token_facts facts = {
            .number = number_of(entry),
            .access = access_of(json_string_value(json_object_get(entry, "access"))),
            .label = span_of(label ? label : ""),
            .created_ms = json_integer_value(json_object_get(entry, "created_at")),
        };

        fn(to, &facts);
    }
    json_decref(root);
    return 0;
}
