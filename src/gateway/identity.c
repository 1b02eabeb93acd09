/* gateway/identity.c — see identity.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/identity.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "gateway/private_file.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_SIZE = 32, SIGNATURE_SIZE = 64, FILE_MAX = 4096 };

struct identity {
    EVP_PKEY *key;
    char id[IDENTITY_ID_SIZE];
    char public_key[IDENTITY_PUBLIC_SIZE];
};

/* base64url without padding; `out` holds 4 * (len + 2) / 3 + 1 bytes. */
static void base64url(const unsigned char *bytes, size_t len, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    int held = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            *out++ = digits[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *out++ = digits[bits << (6 - held) & 63];
    *out = '\0';
}

/* Takes the key over, in every case. */
static int adopt(struct identity **out, EVP_PKEY *key, const char *from, struct err *err)
{
    struct identity *identity;
    unsigned char raw[KEY_SIZE], hash[SHA256_DIGEST_LENGTH];
    size_t len = sizeof(raw);

    if (!key || EVP_PKEY_id(key) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(key, raw, &len) != 1 || len != KEY_SIZE) {
        EVP_PKEY_free(key);
        err_set(err, ERR_DAMAGED, "%s holds no Ed25519 key", from);
        return -1;
    }
    identity = xcalloc(1, sizeof(*identity));
    identity->key = key;
    base64url(raw, sizeof(raw), identity->public_key);
    SHA256(raw, sizeof(raw), hash);
    for (size_t i = 0; i < sizeof(hash); i++)
        snprintf(identity->id + 2 * i, 3, "%02x", hash[i]);
    *out = identity;
    return 0;
}

int identity_from_seed(struct identity **out, const unsigned char seed[IDENTITY_SEED_SIZE],
                       struct err *err)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, IDENTITY_SEED_SIZE);

    return adopt(out, key, "the seed", err);
}

static EVP_PKEY *key_from_pem(struct span pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.len);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return key;
}

/* A new key, saved. */
static EVP_PKEY *make(const char *path, struct err *err)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *bio = BIO_new(BIO_s_mem());
    char *folder = path_dir(path), *pem = NULL;
    long len = 0;

    if (key && bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
        len = BIO_get_mem_data(bio, &pem);
    if (len <= 0) {
        err_set(err, ERR_INTERNAL, "OpenSSL makes no Ed25519 key");
    } else if (path_make(folder, err) < 0 ||
               path_write(path, (struct span){ pem, (size_t)len }, 0600, err) < 0) {
        len = 0;
    }
    if (pem)
        OPENSSL_cleanse(pem, (size_t)BIO_get_mem_data(bio, NULL));
    if (len <= 0) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    BIO_free(bio);
    free(folder);
    return key;
}

int identity_open(struct identity **out, const char *path, struct err *err)
{
    struct buf pem = { 0 };
    struct err why = { 0 };
    EVP_PKEY *key;
    int rc = -1;

    if (private_file_read(path, FILE_MAX, &pem, &why) == 0) {
        rc = adopt(out, key_from_pem(buf_span(&pem)), path, err);
    } else if (why.kind != ERR_NOT_FOUND) {
        *err = why;
    } else {
        key = make(path, err);
        if (key)
            rc = adopt(out, key, path, err);
    }
    if (pem.p)
        OPENSSL_cleanse(pem.p, pem.len);
    buf_fini(&pem);
    return rc;
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    EVP_PKEY_free(identity->key);
    free(identity);
}

const char *identity_id(const struct identity *identity)
{
    return identity->id;
}

const char *identity_public(const struct identity *identity)
{
    return identity->public_key;
}

int identity_sign(const struct identity *identity, struct span text,
                  char out[IDENTITY_SIGNATURE_SIZE], struct err *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char signature[SIGNATURE_SIZE];
    size_t len = sizeof(signature);
    int rc = -1;

    if (context && EVP_DigestSignInit(context, NULL, NULL, NULL, identity->key) == 1 &&
        EVP_DigestSign(context, signature, &len, (const unsigned char *)text.p, text.len) == 1) {
        base64url(signature, len, out);
        rc = 0;
    } else {
        err_set(err, ERR_INTERNAL, "OpenSSL does not sign with the device's key");
    }
    EVP_MD_CTX_free(context);
    return rc;
}
