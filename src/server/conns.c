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
    [WAIT_NEXT] = 60000,   [WAIT_HEAD] = 10000,  [WAIT_BODY] = 30000,
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

    for (int i = 0; i < CONN_WAITS; i++)
        while ((wait = wait_due(&conns->waits[i], now_ms)))
            conn_kill((struct conn *)wait); /* which leaves the queue by that */
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

void conns_accept(struct conns *conns, int fd, const struct address *peer)
{
    static const char full[] = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                               "Retry-After: 5\r\nContent-Length: 0\r\n\r\n";
    lws_sock_file_fd_type socket = { .sockfd = fd };

    if (conns->count < conns->most) {
        conns->arriving = *peer;
        lws_adopt_descriptor_vhost(conns->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL, socket,
                                   "connection", NULL);
        return;
    }
    if (!conns->tls && send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log_debug("a connection beyond %d was refused without a word", conns->most);
    close(fd);
}
