/* server/listen.c — see listen.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/listen.h"

#include "base/log.h"
#include "server/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BACKLOG = 1024,
    ACCEPTS = 64,            /* taken in one round, so that others get their turn */
    UNSENT_MOST = 128 << 10, /* bytes in the kernel before a socket counts as full */
};

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof(at);
    struct sockaddr_in four;
    struct sockaddr_in6 six;

    if (getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        return 0;
    memcpy(&four, &at, sizeof(four));
    memcpy(&six, &at, sizeof(six));
    return ntohs(at.ss_family == AF_INET ? four.sin_port : six.sin6_port);
}

/* One socket; its real port goes to listener->port. */
static int listen_on(struct listener *listener, const struct addrinfo *at)
{
    int on = 1, off = 0;
    struct address address;
    struct sockaddr_storage name;
    in_port_t port = htons((in_port_t)listener->port);
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    memset(&name, 0, sizeof(name));
    memcpy(&name, at->ai_addr, at->ai_addrlen);
    memcpy((char *)&name + (at->ai_family == AF_INET ? offsetof(struct sockaddr_in, sin_port)
                                                     : offsetof(struct sockaddr_in6, sin6_port)),
           &port, sizeof(port));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (at->ai_family == AF_INET6) /* [::] means every address of the machine */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, (struct sockaddr *)&name, at->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
        int why = errno;

        close(fd);
        errno = why;
        return -1;
    }
    if (!address_from_socket(at->ai_addr, &address) || !address_is_loopback(&address))
        listener->loopback = false;
    listener->port = port_of(fd);
    listener->fds[listener->n++] = fd;
    return 0;
}

static void say_why(const char *address, int port, int why, struct err *err)
{
    if (why == EADDRINUSE)
        err_set(err, ERR_UNAVAILABLE, "port %d on %s is taken by another program", port, address);
    else
        err_set(err, ERR_UNAVAILABLE, "cannot listen on %s port %d: %s", address, port,
                strerror(why));
}

int listener_open(struct listener *listener, const char *address, int port, struct err *err)
{
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    struct span name = span_of(address);
    char host[256];
    int why;

    *listener = (struct listener){ .port = port, .loopback = true, .spare_fd = -1 };
    if (span_starts(name, "[") && span_ends(name, "]"))
        name = (struct span){ name.p + 1, name.len - 2 };
    span_copy(name, host, sizeof(host));
    why = getaddrinfo(host, NULL, &wanted, &found);
    if (why != 0) {
        err_set(err, ERR_USAGE, "--listen %s: %s", address, gai_strerror(why));
        return -1;
    }
    why = 0;
    for (struct addrinfo *at = found; at && listener->n < LISTENERS && why != EADDRINUSE;
         at = at->ai_next)
        why = listen_on(listener, at) < 0 ? errno : 0;
    freeaddrinfo(found);
    /* a name may have an address that this machine cannot use (IPv6 switched off): one will do */
    if (listener->n == 0 || why == EADDRINUSE) {
        say_why(address, listener->port, why, err);
        listener_close(listener);
        return -1;
    }
    listener->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return 0;
}

int listener_serve(struct listener *listener, struct conns *conns, struct err *err)
{
    for (int i = 0; i < listener->n; i++) {
        lws_sock_file_fd_type fd = { .filefd = listener->fds[i] };

        listener->wsis[i] =
            lws_adopt_descriptor_vhost(conns->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "listen", NULL);
        if (!listener->wsis[i]) {
            err_set(err, ERR_INTERNAL, "the event loop refuses a listening socket");
            return -1;
        }
        lws_set_opaque_user_data(listener->wsis[i], listener);
    }
    return 0;
}

void listener_close(struct listener *listener)
{
    for (int i = 0; i < listener->n; i++) {
        if (!listener->wsis[i]) {
            close(listener->fds[i]);
            continue;
        }
        lws_set_opaque_user_data(listener->wsis[i], NULL);
        lws_set_timeout(listener->wsis[i], PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    }
    if (listener->n > 0 && listener->spare_fd >= 0)
        close(listener->spare_fd);
    *listener = (struct listener){ .spare_fd = -1 };
}

/* Out of descriptors: take one waiting client off the queue and close it. Left there it would keep
 * the socket readable and the loop spinning. */
static void turn_away(struct listener *listener, int fd)
{
    int refused;

    if (listener->spare_fd < 0)
        return;
    close(listener->spare_fd);
    refused = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (refused >= 0)
        close(refused);
    listener->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    log_warning("a connection was refused: no file descriptors are left");
}

static void take_connections(struct listener *listener, struct conns *conns, int fd)
{
    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof(from);
        int on = 1, most = UNSENT_MOST;
        struct address peer;
        int client = accept4(fd, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (client < 0 && (errno == EMFILE || errno == ENFILE))
            turn_away(listener, fd);
        if (client < 0)
            return;
        if (!address_from_socket((struct sockaddr *)&from, &peer)) {
            close(client);
            continue;
        }
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        setsockopt(client, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof(most));
        conns_accept(conns, client, &peer);
    }
}

int listen_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct listener *listener = wsi ? lws_get_opaque_user_data(wsi) : NULL;

    (void)user, (void)in, (void)len;
    if (listener && reason == LWS_CALLBACK_RAW_RX_FILE)
        take_connections(listener, lws_vhost_user(lws_get_vhost(wsi)), lws_get_socket_fd(wsi));
    return 0;
}
