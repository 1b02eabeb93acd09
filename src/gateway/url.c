/* gateway/url.c — see url.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/url.h"

#include <ctype.h>

enum { PORT = 18789, PORT_TLS = 443 };

static const struct {
    const char *prefix;
    bool tls;
} schemes[] = {
    { "ws://", false }, { "wss://", true }, { "http://", false }, { "https://", true }
};

static int refuse(struct err *err, const char *why)
{
    err_set(err, ERR_USAGE,
            "the gateway's address %s; it is written ws://host:18789 or "
            "wss://host/path",
            why);
    return -1;
}

static struct span without(struct span text, size_t n)
{
    return (struct span){ text.p + n, text.len - n };
}

/* Cuts "host:port" or "[::1]:port"; an absent port is none. */
static bool split_port(struct span *host, struct span *port)
{
    const char *colon;

    *port = SPAN_ABSENT;
    if (host->len > 0 && host->p[0] == '[') {
        const char *end = memchr(host->p, ']', host->len);

        if (!end)
            return false;
        if (end + 1 < host->p + host->len) {
            if (end[1] != ':')
                return false;
            *port = (struct span){ end + 2, (size_t)(host->p + host->len - end - 2) };
        }
        *host = (struct span){ host->p + 1, (size_t)(end - host->p - 1) };
        return true;
    }
    colon = memchr(host->p, ':', host->len);
    if (colon) {
        *port = (struct span){ colon + 1, (size_t)(host->p + host->len - colon - 1) };
        host->len = (size_t)(colon - host->p);
    }
    return true;
}

static bool is_clean(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isgraph((unsigned char)text.p[i]))
            return false;
    return true;
}

int gateway_url_parse(struct gateway_url *out, struct span text, struct err *err)
{
    struct span host, port, path;
    const char *slash;
    int64_t number;

    *out = (struct gateway_url){ .tls = false };
    text = span_trim(text);
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (!span_starts(text, schemes[i].prefix))
            continue;
        out->tls = schemes[i].tls;
        text = without(text, strlen(schemes[i].prefix));
        break;
    }
    if (!is_clean(text) || span_has(text, "://"))
        return refuse(err, "is not one of a WebSocket");
    if (span_has(text, "@") || span_has(text, "?") || span_has(text, "#"))
        return refuse(err, "must not hold a secret or a query");
    slash = text.len > 0 ? memchr(text.p, '/', text.len) : NULL;
    host = slash ? (struct span){ text.p, (size_t)(slash - text.p) } : text;
    path = slash ? without(text, host.len) : SPAN_LIT("/");
    if (!split_port(&host, &port) || host.len == 0 || host.len >= sizeof(out->host))
        return refuse(err, "names no host");
    if (path.len >= sizeof(out->path))
        return refuse(err, "has too long a path");
    number = out->tls ? PORT_TLS : PORT;
    if (port.p && (!span_int(port, &number) || number < 1 || number > 65535))
        return refuse(err, "has a port that is none");
    span_copy(host, out->host, sizeof(out->host));
    span_copy(path, out->path, sizeof(out->path));
    out->port = (int)number;
    return 0;
}

bool gateway_url_is_loopback(const struct gateway_url *url)
{
    struct span host = span_of(url->host);

    return span_is(host, "localhost") || span_is(host, "::1") || span_starts(host, "127.");
}
