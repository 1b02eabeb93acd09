/* daemon/gateway_usage.c — `tacho gateway usage NAME`: asks the gateway itself, once or for long.
 *
 * Needs no daemon: a loop of its own, with that one gateway on it.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "gateway/gateways.h"
#include "net/loop.h"
#include "show/banner.h"
#include "show/gateways.h"

#include <stdlib.h>

enum { FILES = 64, PATIENCE_MS = 30000 };

struct asking {
    const struct config *config;
    struct net_loop *loop;
    struct gateways *gateways;
    struct net_timer patience;
    char id[GATEWAY_ID_SIZE];
    bool answered;
};

static void show(struct asking *a)
{
    struct buf json = { 0 }, text = { 0 };

    gateways_document(a->gateways, span_of(a->id), &json);
    if (a->config->json)
        buf_printf(&json, "\n");
    else if (show_gateway_usage(&text, buf_span(&json)))
        buf_add_text(&text, a->config->follow ? "\n" : "");
    show_banner_text(a->config->json ? buf_span(&json) : buf_span(&text));
    buf_fini(&json);
    buf_fini(&text);
}

static void on_change(void *to, const char *id)
{
    struct asking *a = to;
    const char *error;
    enum gateway_state state = gateways_state(a->gateways, span_of(id), &error);

    if (gateways_has_document(a->gateways, span_of(id))) {
        a->answered = true;
        net_timer_cancel(a->loop, &a->patience);
        show(a);
        if (!a->config->follow)
            net_loop_stop(a->loop);
    } else if (!a->answered && (state == GATEWAY_AUTH_FAILED || state == GATEWAY_PAIRING_REQUIRED ||
                                state == GATEWAY_DISABLED)) {
        net_loop_stop(a->loop);
    }
}

static void on_patience(void *to)
{
    struct asking *a = to;

    net_loop_stop(a->loop);
}

static int finish(struct asking *a, const char *name, struct err *err)
{
    const char *error;
    enum gateway_state state = gateways_state(a->gateways, span_of(a->id), &error);

    if (a->answered)
        return EXIT_SUCCESS;
    err_set(err, ERR_UNAVAILABLE, "gateway %s: %s; 'tacho gateway test %s' tells more", name,
            error ? error : gateway_state_names[state], name);
    return -1;
}

int gateway_usage(const struct config *config, const struct gateway_entry *entry, struct err *err)
{
    struct asking a = { .config = config };
    int rc;

    span_copy(span_of(entry->id), a.id, sizeof(a.id));
    if (net_loop_new(&a.loop, FILES, err) < 0)
        return -1;
    a.patience = (struct net_timer){ .fn = on_patience, .to = &a };
    net_timer_set(a.loop, &a.patience, PATIENCE_MS);
    a.gateways = gateways_open(&(struct gateways_parts){ a.loop, config, NULL, a.id });
    gateways_on_change(a.gateways, on_change, &a);
    gateways_watch(a.gateways, span_of(a.id), +1);
    if (entry->enabled)
        net_loop_run(a.loop);
    rc = finish(&a, entry->name, err);
    net_timer_cancel(a.loop, &a.patience);
    gateways_close(a.gateways);
    net_loop_free(a.loop);
    return rc;
}
