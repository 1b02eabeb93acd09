/* daemon/daemon_internal.h — what the files of this room share.
 * SPDX-License-Identifier: MIT
 */
#ifndef DAEMON_INTERNAL_H
#define DAEMON_INTERNAL_H

#include "base/err.h"
#include "base/json_out.h"
#include "config/config.h"
#include "ingest/ingest.h"
#include "store/serving.h"

struct limits_crossing;
struct net_loop;
struct zone;

/* ---- instance.c: one daemon per ledger ---- */

struct instance;
/* Claims the ledger for this process. 0; 1 when a daemon has it already (its address in `url`, ""
 * while it is still starting); -1 with *err. */
#define INSTANCE_URL_SIZE SERVING_URL_SIZE
int instance_claim(struct instance **out, const char *db, char url[INSTANCE_URL_SIZE],
                   struct err *err);
int instance_publish(struct instance *instance, const char *url, struct err *err);
void instance_release(struct instance *instance); /* NULL is fine */
/* Ends the daemon of that ledger and waits for it. 0; 1 when there is none; -1 with *err. */
int instance_stop(const char *db, struct err *err);
/* Tells the daemon of that ledger, if there is one, to read its gateways again. */
void instance_poke(const char *db);

/* ---- worker.c: the thread that reads logs ---- */

struct worker;
/* Starts reading into config->db. `changed` is called on the worker's thread after every change. */
int worker_start(struct worker **out, const struct config *config, const struct zone *zone,
                 void (*changed)(void *to), void *to, struct err *err);
void worker_stop(struct worker *worker); /* waits for the open transaction; NULL is fine */
/* false while the worker has not got as far as looking for logs */
bool worker_get_status(struct worker *worker, struct ingest_status *status);
/* The next crossing of a threshold to tell subscribers of. False: there is none. */
bool worker_take_crossing(struct worker *worker, struct limits_crossing *out);

/* Asks something about a run; it is done soon. */
struct run_ask;
void worker_ask(struct worker *worker, const struct run_ask *ask);
/* Gives the server what has come of runs and of what it asked. */
struct server;
void worker_hand_out(struct worker *worker, struct server *server);
/* Has it look whether somebody asks for something in the ledger. */
void worker_attend(struct worker *worker);

/* ---- asks.c: what is asked about runs, and what becomes of them ---- */

struct asks;
struct asks *asks_new(void);
void asks_free(struct asks *asks);                           /* NULL is fine */
void asks_put(struct asks *asks, const struct run_ask *ask); /* copied */
void asks_hand_out(struct asks *asks, struct server *server);
/* On the worker's thread: does what was asked. False: nothing was. */
bool asks_serve(struct asks *asks, struct ingest *ingest);
run_news_fn asks_tell; /* `to` is the struct asks */

/* ---- prices.c: prices that follow the files they come from ---- */

struct price_files;
/* Has the ingest use the prices that the configuration asks for. -1 with *err; *out is set. */
int price_files_use(struct price_files **out, struct ingest *ingest, struct store *store,
                    const struct config *config, struct err *err);
/* The same again where a file has changed. One that is wrong is told of, and changes nothing. */
void price_files_follow(struct price_files *files, struct ingest *ingest, struct store *store);
void price_files_free(struct price_files *files); /* NULL is fine */

/* ---- herald.c: thresholds of rate limits that were crossed ---- */

struct herald;
struct notifier;
struct herald *herald_new(const struct config *config, struct notifier *notifier); /* both lent */
void herald_free(struct herald *herald); /* NULL is fine */
/* On the thread of the writing handle, outside a transaction: marks what is due. */
void herald_look(struct herald *herald, struct store *store);
/* From any thread: the next one to tell of. False: there is none. */
bool herald_take(struct herald *herald, struct limits_crossing *out);

/* ---- health.c ---- */

/* The members of the health document that the worker knows. */
void health_write(struct json_out *out, const struct ingest_status *status, struct store *store);

/* ---- banner.c: what somebody who started the program sees ---- */

struct banner;
struct banner *banner_new(bool quiet);
void banner_free(struct banner *banner); /* NULL is fine */
void banner_url(struct banner *banner, const char *url, const struct config *config);
/* Draws the progress of the first read, and what was found when it ends; true then. */
bool banner_reading(struct banner *banner, const struct ingest_status *status);

/* ---- port.c ---- */

/* Is the program at 127.0.0.1:port a tacho? */
bool port_is_tacho(int64_t port);
/* The next port from `port` up that nobody listens on, or 0. */
int64_t port_find_free(int64_t port);

/* ---- background.c ---- */

/* Goes on as a detached child whose stdout and stderr reach the caller's until background_ready.
 * In the parent it does not return: the parent exits with 0 once the child is ready, or with the
 * child's exit code if it ends before that. */
int background_enter(struct err *err);
void background_ready(const char *log_path);

/* ---- demo.c: invented logs ---- */

struct demo;
/* Gives `config` a home and a ledger of its own, beside the real ones, also where the configuration
 * file names a ledger. Only one that was asked for on the command line (`db_given`) stays. */
void demo_configure(struct config *config, bool db_given);
/* Fills that home with a month of invented use, and goes on with it as time passes. */
int demo_start(struct demo **out, const struct config *config, struct net_loop *loop,
               struct err *err);
void demo_stop(struct demo *demo); /* NULL is fine */

/* ---- notify.c: the service manager ---- */

/* Tells systemd, where it asked to be told ("READY=1"). */
void notify_manager(const char *state);

/* ---- commands ---- */

int serve(struct config *config, struct err *err); /* serve.c; returns the exit code, or -1 */
int import_command(const struct config *config, char **rest, struct err *err);
int token_command(const struct config *config, char **rest, struct err *err);
int gateway_command(const struct config *config, char **rest, struct err *err);

struct gateway_entry;
/* gateway_test.c, gateway_usage.c: connect for themselves. An exit code, or -1 with *err. */
int gateway_test(const struct config *config, const struct gateway_entry *entry, struct err *err);
int gateway_usage(const struct config *config, const struct gateway_entry *entry, struct err *err);

#endif
