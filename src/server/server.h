/* server/server.h — HTTP and WebSocket for programs and for the page.
 *
 * Routes, authentication, the embedded page and the hub that feeds WebSocket subscribers. Computes
 * no totals and knows no SQL: documents come from report/ and show/. Lives on the net loop's thread
 * and owns one read-only ledger handle there.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/err.h"
#include "base/json_out.h"
#include "store/runs.h"

struct config;
struct gateways;
struct net_loop;
struct server;
struct store;
struct zone;

/* What somebody asks about a run over HTTP: to register it, or to end it in the state it has. Lent
 * for the call. */
struct run_ask {
    uint64_t ticket; /* comes back with the answer */
    enum { RUN_ASK_ADD, RUN_ASK_END } what;
    struct run run;
};
struct run_answer {
    uint64_t ticket;
    int64_t run;
    bool in_use;    /* the number that was asked for is taken */
    struct err err; /* kind set: it did not work */
};

struct server_hooks {
    void *to;
    /* Has whoever writes the ledger do it; server_run_answered is called some time after. NULL:
     * nobody does. */
    void (*ask_run)(void *to, const struct run_ask *ask);
    /* Writes the members of the health document that the daemon alone knows (sources, reading,
     * problems, ingest state) into the open object. May be NULL. */
    void (*health)(void *to, struct json_out *out);
    /* Why reading has stopped for now, as a sentence in `why`; false where it has not. May be
     * NULL. */
    bool (*paused)(void *to, struct err *why);
};

/* What a server is made of; all lent, and outliving it. */
struct server_parts {
    const struct config *config;
    struct net_loop *loop;
    struct store *store;       /* a read handle */
    const struct zone *zone;   /* of reports */
    struct gateways *gateways; /* NULL: there are none, and none can be added */
    struct server_hooks hooks;
};

/* Listens as the configuration says. Returns 0, or -1 with *err: ERR_UNAVAILABLE when the port is
 * taken. */
int server_open(struct server **out, const struct server_parts *parts, struct err *err);
void server_close(struct server *server); /* WebSocket clients get 1001; NULL is fine */

/* On the loop's thread, behind server_changed: those who follow the run hear of it. */
void server_run_news(struct server *server, const struct run_news *news);

/* On the loop's thread, behind the news: what was asked is done, and on the disk. */
void server_run_answered(struct server *server, const struct run_answer *answer);

const char *server_url(const struct server *server); /* "http://127.0.0.1:8224/", lent */

/* On the loop's thread: the ledger has changed. Cached answers are dropped and subscribers get the
 * newest document, at once if the last is older than 20 ms, else when it is. */
void server_changed(struct server *server);
/* Likewise: there is something new of this gateway. */
void server_gateway_changed(struct server *server, const char *id);

struct limits_crossing;
/* On the loop's thread, behind server_changed: tells subscribers of a threshold that was crossed.
 */
void server_crossed(struct server *server, const struct limits_crossing *crossing);

#endif
