/* daemon/serve.c — `tachod serve`: put the rooms together and run until told to stop.
 *
 *   worker thread:  logs ─▶ ledger ─▶ on_ledger_change ─▶ net_loop_wake
 *   main thread:    loop ─▶ on_wake ─▶ server_changed ─▶ clients
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/zone.h"
#include "gateway/gateways.h"
#include "limits/limits.h"
#include "net/loop.h"
#include "report/usage.h"
#include "server/server.h"
#include "show/banner.h"
#include "store/tasks.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define CONNECTIONS_MAX 12000

struct serve {
    struct config *config;
    struct instance *instance;
    struct zone *zone;
    struct store *store; /* the main thread's reading handle */
    struct net_loop *loop;
    struct gateways *gateways;
    struct server *server;
    struct worker *worker;
    struct demo *demo;
    struct banner *banner;
    struct ingest_status status; /* as health last asked for it; large, so not on the stack */
    atomic_bool changed;
};

/* The one thing a signal handler can reach. */
static struct {
    struct net_loop *_Atomic loop;
    atomic_bool stop, reload;
} signalled;

static void on_signal(int number)
{
    struct net_loop *loop = signalled.loop;

    if (number == SIGHUP)
        signalled.reload = true;
    else
        signalled.stop = true;
    if (loop)
        net_loop_wake(loop);
}

static void catch_signals(struct net_loop *loop)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

    signalled.loop = loop;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void on_ledger_change(void *to)
{
    struct serve *s = to;

    s->changed = true;
    net_loop_wake(s->loop);
}

static void tell_progress(struct serve *s)
{
    if (!worker_get_status(s->worker, &s->status) || !banner_reading(s->banner, &s->status))
        return;
    if (s->config->background) {
        char *log = xasprintf("%s.log", s->config->db);

        background_ready(log);
        free(log);
    }
}

static void tell_crossings(struct serve *s)
{
    struct limits_crossing crossing;

    while (worker_take_crossing(s->worker, &crossing))
        server_crossed(s->server, &crossing);
}

/* A command has changed something in the ledger, or asks for something there. */
static void heed_requests(struct serve *s)
{
    if (s->gateways)
        gateways_reload(s->gateways);
    worker_attend(s->worker);
}

static void on_wake(void *to)
{
    struct serve *s = to;

    if (signalled.stop) {
        net_loop_stop(s->loop);
        return;
    }
    if (atomic_exchange(&signalled.reload, false))
        heed_requests(s);
    if (atomic_exchange(&s->changed, false)) {
        server_changed(s->server);
        worker_hand_out(s->worker, s->server);
        tell_crossings(s);
        tell_progress(s);
    }
}

static void on_gateway_change(void *to, const char *id)
{
    struct serve *s = to;

    server_gateway_changed(s->server, id);
}

static void write_health(void *to, struct json_out *out)
{
    struct serve *s = to;

    if (worker_get_status(s->worker, &s->status))
        health_write(out, &s->status, s->store);
}

static bool tell_paused(void *to, struct err *why)
{
    struct serve *s = to;

    if (!s->worker || !worker_get_status(s->worker, &s->status))
        return false;
    *why = s->status.trouble;
    return why->kind != ERR_NONE;
}

static void ask_run(void *to, const struct run_ask *ask)
{
    struct serve *s = to;

    worker_ask(s->worker, ask);
}

/* ---- the port ---- */

/* The default port may be given up for the next one where another tacho has it; one that was asked
 * for may not. */
static int listen_somewhere(struct serve *s, struct err *err)
{
    const struct server_parts parts = {
        .config = s->config,
        .loop = s->loop,
        .store = s->store,
        .zone = s->zone,
        .gateways = s->gateways,
        .hooks = { s, ask_run, write_health, tell_paused },
    };
    struct config *config = s->config;
    int64_t wanted = config->port, free_port;

    if (server_open(&s->server, &parts, err) == 0)
        return 0;
    if (err->kind != ERR_UNAVAILABLE)
        return -1;
    free_port = port_find_free(wanted + 1);
    if (free_port && !config->port_given && (config->demo || port_is_tacho(wanted))) {
        config->port = free_port;
        return server_open(&s->server, &parts, err);
    }
    if (free_port)
        err_set(err, ERR_UNAVAILABLE,
                "port %d is in use by another program; port %d is free: --port %d", (int)wanted,
                (int)free_port, (int)free_port);
    return -1;
}

/* ---- start and stop ---- */

/* Sums of the usage window are kept by its days. */
static int keep_usage_zone(struct store *writer, const struct config *config, struct err *err)
{
    struct usage_settings *settings = NULL;
    int rc = usage_settings_new(&settings, config, err);

    if (rc == 0)
        rc = store_set_usage_zone(writer, usage_settings_reset(settings)->zone, err);
    usage_settings_free(settings);
    return rc;
}

static int open_ledger(struct serve *s, struct err *err)
{
    struct store *writer = NULL;
    int rc;

    if (strcmp(s->config->db, ":memory:") == 0) {
        err_set(err, ERR_USAGE, "a server needs a ledger on disk; --db :memory: has none");
        return -1;
    }
    /* Makes the file or brings it up to date, so that the reading handle finds it so. */
    if (store_open(&writer, s->config->db, STORE_WRITE, err) < 0)
        return -1;
    rc = keep_usage_zone(writer, s->config, err);
    store_close(writer);
    return rc < 0 ? -1 : store_open(&s->store, s->config->db, STORE_READ, err);
}

static int start(struct serve *s, struct err *err)
{
    struct config *config = s->config;

    if (zone_open(&s->zone, config->timezone, err) < 0 || open_ledger(s, err) < 0 ||
        net_loop_new(&s->loop, CONNECTIONS_MAX, err) < 0)
        return -1;
    catch_signals(s->loop);
    net_loop_on_wake(s->loop, on_wake, s);
    if (config->demo && demo_start(&s->demo, config, s->loop, err) < 0)
        return -1;
    if (!config->demo)
        s->gateways = gateways_open(&(struct gateways_parts){ s->loop, config, config->db, NULL });
    if (worker_start(&s->worker, config, s->zone, on_ledger_change, s, err) < 0 ||
        listen_somewhere(s, err) < 0 ||
        instance_publish(s->instance, server_url(s->server), err) < 0)
        return -1;
    if (s->gateways)
        gateways_on_change(s->gateways, on_gateway_change, s);
    banner_url(s->banner, server_url(s->server), config);
    notify_manager("READY=1");
    on_ledger_change(s); /* what was read before the server was there */
    return 0;
}

static void finish(struct serve *s)
{
    notify_manager("STOPPING=1");
    server_close(s->server);
    gateways_close(s->gateways);
    demo_stop(s->demo);
    worker_stop(s->worker);
    signalled.loop = NULL;
    net_loop_free(s->loop);
    store_close(s->store);
    zone_close(s->zone);
    banner_free(s->banner);
    instance_release(s->instance);
}

static int tell_running(const char *url)
{
    char line[INSTANCE_URL_SIZE + 64];

    if (url[0])
        snprintf(line, sizeof(line), "tacho is running already: %s", url);
    else
        snprintf(line, sizeof(line), "tacho is starting already in another process");
    show_banner_line(line);
    return EXIT_SUCCESS;
}

static int stop_running(const struct config *config, struct err *err)
{
    int rc = instance_stop(config->db, err);

    if (rc >= 0)
        show_banner_line(rc == 0 ? "tacho has stopped." : "No tacho is running for this ledger.");
    return rc < 0 ? -1 : EXIT_SUCCESS;
}

int serve(struct config *config, struct err *err)
{
    struct serve *s;
    char url[INSTANCE_URL_SIZE];
    int rc;

    if (config->stop)
        return stop_running(config, err);
    s = xcalloc(1, sizeof(*s));
    s->config = config;
    rc = instance_claim(&s->instance, config->db, url, err);
    if (rc == 0 && config->background)
        rc = background_enter(err);
    if (rc != 0) {
        free(s);
        return rc < 0 ? -1 : tell_running(url);
    }
    s->banner = banner_new(config->quiet);
    rc = start(s, err);
    if (rc == 0)
        net_loop_run(s->loop);
    finish(s);
    free(s);
    return rc < 0 ? -1 : EXIT_SUCCESS;
}
