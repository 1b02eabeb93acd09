/* gateway/gateways.h — all gateways of this daemon: connected, asked in time, their documents kept.
 *
 * Every gateway is asked once a minute while somebody listens, every five minutes otherwise, and at
 * once when a page asks and the last figures are older than half a minute. Lives on the loop's
 * thread; documents are made on another (maker.h).
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_GATEWAYS_H
#define GATEWAY_GATEWAYS_H

#include "base/json_out.h"
#include "gateway/book.h"
#include "gateway/protocol.h"
#include "net/loop.h"

struct gateways;
struct config;

struct gateways_parts { /* lent, and outliving it */
    struct net_loop *loop;
    const struct config *config;
    const char *ledger; /* path; NULL: nothing is kept */
    const char *only;   /* the id of the one gateway to connect to; NULL: all */
};
/* Reads the book beside the configuration and connects. A book that cannot be read is said in the
 * log; then there are no gateways until it is put right. */
struct gateways *gateways_open(const struct gateways_parts *parts);
void gateways_close(struct gateways *gateways); /* NULL is fine */

/* Called whenever a gateway's document or state has changed. */
void gateways_on_change(struct gateways *gateways, void (*fn)(void *to, const char *id), void *to);

/* Reads the book again and follows what has changed in it. */
void gateways_reload(struct gateways *gateways);

/* ---- for the server ---- */

bool gateways_has(const struct gateways *gateways, struct span id);
/* How it stands with one; `error` is lent until the next change, NULL where there is none. */
enum gateway_state gateways_state(const struct gateways *gateways, struct span id,
                                  const char **error);
/* Are there figures of it? */
bool gateways_has_document(const struct gateways *gateways, struct span id);
/* The array of all, or the object of one (false: there is none); never a secret. */
void gateways_write_all(const struct gateways *gateways, struct json_out *out);
bool gateways_write_one(const struct gateways *gateways, struct span id, struct json_out *out);

/* Changes from outside, saved before they return. `id` of a new one is its UUID. 0, or -1 with
 * *err: ERR_USAGE, ERR_BUSY (name or id taken), ERR_NOT_FOUND, or the file cannot be written. */
int gateways_add(struct gateways *gateways, struct span body, char id[GATEWAY_ID_SIZE],
                 struct err *err);
int gateways_change(struct gateways *gateways, struct span id, struct span body, struct err *err);
int gateways_remove(struct gateways *gateways, struct span id, struct err *err);

/* The newest document of runtime usage; whoever wants one makes it be asked for anew if it is old.
 * False: there is no such gateway. */
bool gateways_document(struct gateways *gateways, struct span id, struct buf *out);
/* Somebody listens from now on (+1), or no more (-1). */
void gateways_watch(struct gateways *gateways, struct span id, int change);

#endif
