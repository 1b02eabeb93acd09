/* gateway/identity.h — who we are to gateways: one Ed25519 key per user.
 *
 * A gateway knows a device by its public key and lets it in once its owner has approved it. The
 * private key lies in a file of its own (0600) and never leaves this room. Not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_IDENTITY_H
#define GATEWAY_IDENTITY_H

#include "base/err.h"
#include "base/span.h"

enum {
    IDENTITY_SEED_SIZE = 32,
    IDENTITY_ID_SIZE = 65,        /* hex and NUL */
    IDENTITY_PUBLIC_SIZE = 44,    /* base64url and NUL */
    IDENTITY_SIGNATURE_SIZE = 87, /* base64url and NUL */
};

struct identity;

/* Reads the key at `path`, or makes one there. 0, or -1 with *err: ERR_USAGE when others can read
 * the file, ERR_DAMAGED when it holds no Ed25519 key. */
int identity_open(struct identity **out, const char *path, struct err *err);
/* The key that a seed stands for. */
int identity_from_seed(struct identity **out, const unsigned char seed[IDENTITY_SEED_SIZE],
                       struct err *err);
void identity_free(struct identity *identity); /* NULL is fine */

const char *identity_id(const struct identity *identity);     /* SHA-256 of the public key; lent */
const char *identity_public(const struct identity *identity); /* base64url, unpadded; lent */

/* Signs the text. 0, or -1 with *err. */
int identity_sign(const struct identity *identity, struct span text,
                  char out[IDENTITY_SIGNATURE_SIZE], struct err *err);

#endif
