/* gateway/gateways_internal.h — what gateways.c and refresh.c share.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_GATEWAYS_INTERNAL_H
#define GATEWAY_GATEWAYS_INTERNAL_H

#include "gateway/client.h"
#include "gateway/gateways.h"
#include "gateway/maker.h"

struct gateways;

/* One round of questions, then one document. */
struct round {
    struct making *making; /* being filled in; NULL: none is under way */
    struct making *sent;   /* with the maker; NULL: none */
    int waiting;           /* answers still to come */
    int64_t due_ms;        /* CLOCK_BOOTTIME: the document is made by then */
};

struct member {
    struct gateways *all;
    struct gateway_entry entry;
    struct gateway_client *client; /* NULL: disabled */
    char *trouble;                 /* why there is none, though enabled; or NULL */
    struct round round;
    struct buf document; /* the newest with data; empty: none since the connection was made */
    int64_t made_ms;     /* CLOCK_BOOTTIME of the newest document, or of the last try; 0: none */
    int64_t wanted_ms;   /* CLOCK_BOOTTIME when somebody last asked; 0: never */
    int64_t tried_ms;    /* CLOCK_BOOTTIME of the last try that a person caused */
    int listeners;
    int soon;        /* how often it was asked again soon, because it was still counting */
    int limit_step;  /* how many sessions are asked for: an index, larger is fewer */
    bool lists_only; /* no sessions.usage there */
    bool was_open;
    enum gateway_state state; /* as it was told last */
    struct net_timer timer;
};

struct gateways {
    struct net_loop *loop;
    const struct config *config; /* lent */
    char *ledger, *path, *only;  /* owned */
    struct wires *wires;
    struct identity *identity;
    struct maker *maker;
    struct member **members;
    size_t count, space;
    void (*on_change)(void *to, const char *id);
    void *to;
};

void gateways_tell(struct member *member);

/* ---- refresh.c ---- */

/* Asks now, unless it is being asked or there is no connection. */
void refresh_now(struct member *member);
/* Sets the time of the next round. */
void refresh_plan(struct member *member);
void refresh_abandon(struct member *member); /* nothing that is under way counts any more */

#endif
