/* daemon/port.c — who has the port, and which one is free.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PORTS_TRIED 100

static int loopback(int64_t port, struct sockaddr_in *address)
{
    *address = (struct sockaddr_in){ .sin_family = AF_INET,
                                     .sin_port = htons((uint16_t)port),
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* Asks for the health document, which nobody else writes like that. */
bool port_is_tacho(int64_t port)
{
    static const char request[] = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"
                                  "Connection: close\r\n\r\n";
    struct timeval limit = { .tv_sec = 1 };
    struct sockaddr_in address;
    char answer[4096];
    size_t len = 0;
    ssize_t n = 1;
    int fd = loopback(port, &address);

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
        send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(request) - 1) {
        while (n > 0 && len < sizeof(answer)) {
            n = recv(fd, answer + len, sizeof(answer) - len, 0);
            len += n > 0 ? (size_t)n : 0;
        }
    }
    close(fd);
    return span_has((struct span){ answer, len }, "{\"ok\":") &&
           span_has((struct span){ answer, len }, "\"ledger\":{\"path\":");
}

int64_t port_find_free(int64_t port)
{
    int64_t last = port + PORTS_TRIED < 65535 ? port + PORTS_TRIED : 65535;

    for (; port <= last; port++) {
        struct sockaddr_in address;
        int fd = loopback(port, &address);
        int yes = 1;
        int rc;

        if (fd < 0)
            return 0;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        rc = bind(fd, (const struct sockaddr *)&address, sizeof(address));
        close(fd);
        if (rc == 0)
            return port;
    }
    return 0;
}
