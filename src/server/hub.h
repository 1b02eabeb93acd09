/* server/hub.h — WebSocket topics and who listens to them.
 *
 * A document is written once per change and shared by all who get it. Each subscriber has at most
 * one frame under way and one newest document waiting, so a slow one misses what lies between and
 * costs no memory. Knows documents and subscribers, not sockets: conn.c asks what to send next.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_HUB_H
#define SERVER_HUB_H

#include "event/run.h"
#include "net/loop.h"
#include "server/bytes.h"
#include "server/http.h"
#include "server/ws.h"

struct conn;
struct run_feed;
struct server;
struct subscriber;

/* What a document says of itself. */
struct topic_state {
    struct span param;     /* in: what stands for the braces of the pattern; empty without */
    int64_t good_until_ms; /* UTC: it should be sent anew then even if nothing has changed */
    uint64_t mark;         /* of what it says: sent only when it moves; 0: always */
};
/* Writes the document. 0, or -1 with *err. */
typedef int topic_fn(struct server *server, struct buf *out, struct topic_state *state,
                     struct err *err);

struct topic {
    const char *pattern;
    topic_fn *build; /* NULL: there is no document, only what hub_tell says */
    bool punctual;   /* sent anew at good_until_ms, not some seconds later */
    bool apart;      /* changes of the ledger do not change it; hub_publish says what does */
    bool (*exists)(struct server *server, struct span param);            /* NULL: always */
    void (*watch)(struct server *server, struct span param, int change); /* a subscriber has come
                                                                          * (+1) or gone (-1) */
    /* What a subscriber has yet to be told of the run that the parameter names; NULL: it is told of
     * none. */
    struct run_feed *(*follow)(struct server *server, struct span param);
};

enum { HUB_TOPICS = 6, HUB_NOTES_MAX = 8, HUB_PARAM_MAX = 64 };
extern const struct topic hub_topics[HUB_TOPICS];

/* What the subscribers of one document share; there while there are any. */
struct channel {
    const struct topic *topic;
    struct channel *next;
    struct subscriber *first;
    struct bytes *newest;     /* framed; NULL: none made yet */
    int64_t revision;         /* of the server, when `newest` was made */
    struct topic_state state; /* of `newest`; its param points into `text` */
    char text[HUB_PARAM_MAX];
};

struct hub {
    struct server *server;
    struct channel *channels;
    int subscribers;
    int64_t ping_ms;          /* between pings */
    int64_t published_ms;     /* CLOCK_BOOTTIME of the last round */
    struct net_timer publish; /* the next round, when changes come fast */
    struct net_timer expiry;  /* when a punctual topic's document is outdated */
    struct net_timer ping;    /* armed only while there are subscribers */
};

void hub_init(struct hub *hub, struct server *server);
void hub_fini(struct hub *hub); /* all subscribers have left before */

/* The topic of a path, or NULL; params[0] gets its parameter. */
const struct topic *hub_find(struct span path, struct span params[REQUEST_PARAMS_MAX]);
/* Is there such a document? */
bool hub_has(const struct hub *hub, const struct topic *topic, struct span param);
/* One document has changed: its subscribers get it at once, or a goodbye if it is gone. */
void hub_publish(struct hub *hub, const char *pattern, struct span param);
/* Something has changed: everybody gets the newest soon. */
void hub_changed(struct hub *hub);
/* Says one thing, a text frame, to everybody who listens to the topic of that pattern, behind the
 * newest document. A subscriber that does not keep up loses the oldest of HUB_NOTES_MAX. */
void hub_tell(struct hub *hub, const char *pattern, struct span text);

/* Something happened to a run: those who follow it are told. */
void hub_run_news(struct hub *hub, const struct run_news *news);

/* `param` is copied. */
struct subscriber *hub_join(struct hub *hub, const struct topic *topic, struct span param,
                            struct conn *conn);
void hub_leave(struct hub *hub, struct subscriber *subscriber); /* NULL is fine */

/* Bytes from the client. */
void hub_read(struct subscriber *subscriber, struct span in);

enum hub_next { HUB_NOTHING, HUB_FRAME, HUB_LAST_FRAME };
/* What to send now: a control frame added to *control, or a document (a reference, yours to drop).
 * HUB_LAST_FRAME: the connection ends behind it. */
enum hub_next hub_next(struct subscriber *subscriber, struct buf *control, struct bytes **document);

#endif
