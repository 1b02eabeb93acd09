/* gateway/client.h — one gateway, connected as long as it can be.
 *
 * Shakes hands (challenge, signature, protocol 4 or 3), asks, matches answers that come in any
 * order, listens to ticks, and comes back after a loss: at once where the gateway said when, else
 * ever more slowly; not at all where only a person can help. Lives on the loop's thread.
 *
 *   IDLE ─connect→ DIALING ─open→ CHALLENGE ─nonce→ HELLO ─hello-ok→ OPEN
 *                     ↑                                               │ lost, refused
 *                  WAITING ←──────────────────────────────────────────┴──→ STOPPED
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_CLIENT_H
#define GATEWAY_CLIENT_H

#include "gateway/protocol.h"
#include "gateway/usage.h"
#include "gateway/wire.h"

struct gateway_client;

enum client_phase {
    CLIENT_IDLE,
    CLIENT_DIALING,
    CLIENT_CHALLENGE,
    CLIENT_HELLO,
    CLIENT_OPEN,
    CLIENT_WAITING,
    CLIENT_STOPPED,
};

struct client_hooks {
    void *to;
    void (*changed)(void *to); /* phase or state; never within a call of ours, but for free */
    /* A device token to keep, or NULL: forget the one there is. */
    void (*device)(void *to, const char *token);
};

/* What is known of the connection; texts lent until the next change. */
struct client_facts {
    enum client_phase phase;
    enum gateway_state state;
    const char *error;        /* one sentence with what helps, or NULL */
    const char *version;      /* of the gateway; "" while unknown */
    int64_t last_seen_ms;     /* UTC; 0: never */
    int64_t retry_in_ms;      /* of CLIENT_WAITING */
    bool host_found, reached; /* in the last attempt: name resolved; WebSocket open */
};

struct client_parts { /* lent */
    struct net_loop *loop;
    struct wires *wires;
    const struct identity *identity; /* NULL: none is shown */
};

struct gateway_client *client_new(const struct client_parts *parts,
                                  const struct client_hooks *hooks);
void client_free(struct gateway_client *client); /* NULL is fine */

/* Connects there with these secrets (all copied); what was under way ends. */
void client_connect(struct gateway_client *client, const struct gateway_url *url,
                    const struct credentials *credentials);
/* Tries again now if it waits or has stopped. */
void client_retry(struct gateway_client *client);
void client_get_facts(const struct gateway_client *client, struct client_facts *out);

/* The answer to a request: one call, never within client_ask. `payload` is lent JSON text. */
struct client_answer {
    enum gateway_answer_state state;
    struct span payload;
    const char *error; /* of GATEWAY_REFUSED: one sentence */
    bool too_large;    /* refused by us: more than we keep */
};
typedef void client_answer_fn(void *to, const struct client_answer *answer);

enum { CLIENT_ASKED_MAX = 8, CLIENT_ANSWER_MAX = 4 << 20 };

/* False when there is no connection, or too much is asked already. */
struct client_question {
    const char *method;
    struct span params; /* a JSON object */
    int64_t timeout_ms;
    client_answer_fn *fn;
    void *to;
};
bool client_ask(struct gateway_client *client, const struct client_question *question);

#endif
