/* server/session.c — see session.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/session.h"

#include "base/civil.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

static void hash(struct span id, unsigned char out[32])
{
    EVP_Digest(id.p ? id.p : "", id.len, out, NULL, EVP_sha256(), NULL);
}

int session_begin(struct sessions *sessions, uint64_t token_id, int64_t now_ms,
                  char id[TOKEN_TEXT_SIZE], struct err *err)
{
    struct session *place = &sessions->list[0];

    if (token_random("", id, err) < 0)
        return -1;
    for (int i = 1; i < SESSIONS; i++) /* the free place, or the one that ends first */
        if (sessions->list[i].until_ms < place->until_ms)
            place = &sessions->list[i];
    hash(span_of(id), place->hash);
    place->token_id = token_id;
    place->until_ms = now_ms + SESSION_DAYS * MS_PER_DAY;
    return 0;
}

bool session_find(const struct sessions *sessions, struct span id, int64_t now_ms,
                  uint64_t *token_id)
{
    unsigned char wanted[32];
    bool found = false;

    hash(id, wanted);
    for (int i = 0; i < SESSIONS; i++) {
        const struct session *session = &sessions->list[i];
        bool same = CRYPTO_memcmp(wanted, session->hash, sizeof(wanted)) == 0;

        if (same && session->until_ms > now_ms) {
            *token_id = session->token_id;
            found = true;
        }
    }
    return found;
}

void session_end(struct sessions *sessions, struct span id)
{
    unsigned char wanted[32];

    hash(id, wanted);
    for (int i = 0; i < SESSIONS; i++)
        if (CRYPTO_memcmp(wanted, sessions->list[i].hash, sizeof(wanted)) == 0)
            sessions->list[i] = (struct session){ 0 };
}
