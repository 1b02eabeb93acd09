/* server/handlers.h — what stands behind the rows of routes.c, by file.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_HANDLERS_H
#define SERVER_HANDLERS_H

#include "base/err.h"
#include "server/hub.h"
#include "server/routes.h"

handler_fn api_usage_daily;                                                /* api_usage.c */
handler_fn api_settings, api_settings_change;                              /* api_settings.c */
handler_fn api_usage, api_limits;                                          /* api_limits.c */
handler_fn api_usage_window, api_tasks_list, api_tasks_take;               /* api_tasks.c */
handler_fn api_report;                                                     /* api_report.c */
handler_fn api_live;                                                       /* api_live.c */
handler_fn api_metrics;                                                    /* api_metrics.c */
handler_fn api_gateways, api_gateway_add, api_gateway, api_gateway_change; /* api_gateways.c */
handler_fn api_gateway_remove, api_gateway_usage, api_gateway_history;
handler_fn api_runs, api_run, api_run_usage;                  /* api_runs.c */
handler_fn api_run_add, api_run_finish;                       /* run_asks.c */
handler_fn api_health, api_openapi;                           /* api_health.c */
handler_fn login_form, login_style, login_enter, login_leave; /* login.c */

/* Drops kept answers if another program wrote to the ledger, or to the settings of the usage window
 * (api_tasks.c). */
void usage_follow_changes(struct server *server);
/* Is there the run that a socket is about? What its subscriber is to be told (api_runs.c). */
struct run_feed;
bool run_exists(struct server *server, struct span param);
struct run_feed *run_follow(struct server *server, struct span param);
/* What stands for {id} in the path; false, and the response says why, where it is no number. */
bool run_id_of(const struct request *request, int64_t *id, struct response *response);
/* Answers with a run as it stands. */
void run_answer(struct server *server, int64_t id, int status, struct response *response);

/* The document of /api/v1/live and /api/ws/live. *good_until_ms: when it should be made anew even
 * if the ledger did not change. 0, or -1 with *err. */
int live_document(struct server *server, struct buf *out, int64_t *good_until_ms, struct err *err);
struct limits_crossing;
void usage_crossed(struct server *server, const struct limits_crossing *crossing);
topic_fn live_topic;     /* the same, as a topic */
topic_fn usage_document; /* of /api/ws/usage; api_limits.c */

/* api_gateways.c */
#define GATEWAY_TOPIC "/api/ws/gateways/{id}"
topic_fn gateway_document;
bool gateway_exists(struct server *server, struct span id);
void gateway_watch(struct server *server, struct span id, int change);

#endif
