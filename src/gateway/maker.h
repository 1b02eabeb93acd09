/* gateway/maker.h — the thread that makes documents out of answers.
 *
 * Reading megabytes of JSON and waiting for the ledger's lock would hold the loop up. So answers
 * travel as text to a thread of its own, which reads them, builds the document, keeps what is worth
 * drawing in the ledger, and posts the document back to the loop.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_MAKER_H
#define GATEWAY_MAKER_H

#include "gateway/book.h"
#include "net/loop.h"

struct maker;

enum { MAKING_COST, MAKING_STATUS, MAKING_SESSIONS, MAKINGS };
extern const char *const making_methods[MAKINGS]; /* what each is called in `sources` */

/* One document on its way. Made by making_new, given away to maker_submit, freed behind `done`. */
struct making {
    /* in */
    struct {
        enum gateway_answer_state state;
        struct buf payload; /* JSON text */
        char *error;        /* owned, or NULL */
    } answers[MAKINGS];
    enum gateway_sessions sessions_are;
    char gateway_id[GATEWAY_ID_SIZE];
    char *account_key; /* owned, or NULL */
    struct gateway_limits limits;
    int64_t now_ms;
    /* out */
    struct buf document; /* JSON */
    enum gateway_data data;
    bool cost_refreshing, refreshing; /* the gateway is still counting: ask again */
    bool uncounted;                   /* the sums are not there yet: they are not zero */
    /* on the loop's thread */
    void (*done)(void *to, struct making *making); /* `making` is lent */
    void *to;                                      /* set to NULL: nobody is told */
    struct net_loop *loop;
    struct making *next;
};
struct making *making_new(const struct gateway_entry *entry, int64_t now_ms);
void making_free(struct making *making); /* NULL is fine */

struct config;
/* `ledger`: the path of the ledger, or NULL to keep nothing. 0, or -1 with *err. */
int maker_open(struct maker **out, struct net_loop *loop, const struct config *config,
               const char *ledger, struct err *err);
/* Waits for what is under way; the rest is dropped. NULL is fine. */
void maker_close(struct maker *maker);
void maker_submit(struct maker *maker, struct making *making);

/* Makes it at once, on this thread, without keeping anything: for documents without data. */
void making_make(struct making *making, const struct gateway_prices *prices);

#endif
