/* server/conns.c — all connections: their place in lws, their number and their patience.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "server/server_internal.h"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PACKET_SIZE = 64 << 10, /* bytes that lws hands to the kernel at once */
    SPARE_FDS = 64,         /* descriptors left for files */
};

static const int64_t patience_ms[CONN_WAITS] = {
    [WAIT_NEXT] = 60000,   [WAIT_HEAD] = 10000,  [WAIT_BODY] = 30000, [WAIT_WORK] = 120000,
    [WAIT_ANSWER] = 30000, [WAIT_LINGER] = 2000, [WAIT_TAKE] = 30000,
};

static const struct lws_protocols protocols[] = {
    { .name = "connection", .callback = conn_callback, .tx_packet_size = PACKET_SIZE },
    { .name = "listen", .callback = listen_callback },
    { 0 },
};

/* ---- patience ---- */

static void arm(struct conns *conns)
{
    int64_t first_ms = INT64_MAX;

    for (int i = 0; i < CONN_WAITS; i++)
        if (conns->waits[i].first && conns->waits[i].first->due_ms < first_ms)
            first_ms = conns->waits[i].first->due_ms;
    if (first_ms != INT64_MAX)
        net_timer_set(conns->server->loop, &conns->timer, first_ms - clock_boot_ms());
}

static void on_due(void *to)
{
    struct conns *conns = to;
    int64_t now_ms = clock_boot_ms();
    struct wait *wait;

    for (int i = 0; i < CONN_WAITS; i++) {
        while ((wait = wait_due(&conns->waits[i], now_ms))) {
            if (i == WAIT_TAKE)
                log_info("a WebSocket client took nothing for too long and was dropped");
            conn_kill((struct conn *)wait); /* which leaves the queue by that */
        }
    }
    arm(conns);
}

void conns_wait(struct conns *conns, struct wait *wait, enum conn_wait what)
{
    wait_join(&conns->waits[what], wait, clock_boot_ms());
    if (!conns->timer.armed || wait->due_ms < conns->timer.due_ms)
        arm(conns);
}

/* ---- opening and closing ---- */

int conns_open(struct conns *conns, struct server *server, struct err *err)
{
    const struct config *config = server->config;
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = "server",
        .protocols = protocols,
        .user = conns,
        .options =
            LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, /* without it the next lines mean nothing */
        .ssl_cert_filepath = config->tls_cert,
        .ssl_private_key_filepath = config->tls_key,
        .ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION,
        .alpn = "http/1.1",
    };

    conns->server = server;
    conns->tls = config->tls_cert != NULL;
    conns->most = net_loop_max_fds(server->loop) - SPARE_FDS;
    conns->timer = (struct net_timer){ .fn = on_due, .to = conns };
    for (int i = 0; i < CONN_WAITS; i++)
        conns->waits[i].patience_ms = patience_ms[i];
    if (!config->tls_cert != !config->tls_key) {
        err_set(err, ERR_USAGE, "--tls-cert and --tls-key go together; one of them is missing");
        return -1;
    }
    conns->vhost = lws_create_vhost(net_loop_context(server->loop), &info);
    if (!conns->vhost) {
        err_set(err, ERR_USAGE, "TLS cannot be served with certificate %s and key %s",
                conns->tls ? config->tls_cert : "(none)", conns->tls ? config->tls_key : "(none)");
        return -1;
    }
    return 0;
}

void conns_close(struct conns *conns)
{
    while (conns->first)
        conn_bye(conns->first);
    if (conns->server)
        net_timer_cancel(conns->server->loop, &conns->timer);
}

/* One answer, once, to a client for whom there is no place: nobody waits for it to be taken. */
static void turn_away(const struct conns *conns, int fd)
{
    static const struct request nothing = { .method = METHOD_OTHER };
    struct response response = { .close = true };
    struct buf out = { 0 };

    response_error(&response, 503, "too_many_connections",
                   "All %d connections are in use; try again later.", conns->most);
    response_header(&response, "Retry-After", "5");
    response_seal(&response, &nothing);
    response_head(&out, &response, clock_now_ms());
    buf_add_span(&out, response.shared->at);
    if (!conns->tls && send(fd, out.p, out.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log_debug("a connection beyond %d was refused without a word", conns->most);
    buf_fini(&out);
    response_fini(&response);
    close(fd);
}

void conns_accept(struct conns *conns, int fd, const struct address *peer)
{
    lws_sock_file_fd_type socket = { .sockfd = fd };

    if (conns->count >= conns->most) {
        turn_away(conns, fd);
        return;
    }
    conns->arriving = *peer;
    lws_adopt_descriptor_vhost(conns->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL, socket,
                               "connection", NULL);
}
