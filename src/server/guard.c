/* server/guard.c — Host, Origin and proxies, compared in one normal form.
 * SPDX-License-Identifier: MIT
 */
#include "server/guard.h"

#include "base/mem.h"
#include "config/config.h"

#include <ctype.h>
#include <stdlib.h>

static const struct scheme {
    const char *name;
    int port;
} schemes[] = {
    { "http", 80 },
    { "https", 443 },
};

static const char *const loopback_names[] = { "localhost", "127.0.0.1", "[::1]" };

/* "name", "name:port", "1.2.3.4:port", "[v6]:port": the host in lower case, the port or `port`. */
static bool host_parse(struct span text, int port, struct origin_name *out)
{
    struct span host = text;
    struct address address;
    const char *colon;
    int64_t number;

    if (text.len > 0 && text.p[0] == '[') {
        const char *end = memchr(text.p, ']', text.len);

        if (!end)
            return false;
        host.len = (size_t)(end - text.p) + 1;
        if (!address_parse(host, &address))
            return false;
    } else {
        colon = memchr(text.p ? text.p : "", ':', text.len);
        host.len = colon ? (size_t)(colon - text.p) : text.len;
    }
    if (host.len == 0 || host.len >= sizeof(out->host))
        return false;
    out->port = port;
    if (host.len < text.len) {
        struct span digits = { text.p + host.len + 1, text.len - host.len - 1 };

        if (text.p[host.len] != ':' || !span_int(digits, &number) || number < 1 || number > 65535)
            return false;
        out->port = (int)number;
    }
    for (size_t i = 0; i < host.len; i++) {
        unsigned char c = (unsigned char)host.p[i];

        if (!isalnum(c) && !strchr("-._[]:", c))
            return false;
        out->host[i] = (char)tolower(c);
    }
    out->host[host.len] = '\0';
    return true;
}

bool origin_parse(struct span text, struct origin_name *out)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t len = strlen(schemes[i].name);

        if (!span_starts(text, schemes[i].name) || text.len < len + 3 ||
            memcmp(text.p + len, "://", 3) != 0)
            continue;
        span_copy(span_of(schemes[i].name), out->scheme, sizeof(out->scheme));
        return host_parse((struct span){ text.p + len + 3, text.len - len - 3 }, schemes[i].port,
                          out);
    }
    return false;
}

/* ---- made once, from the configuration ---- */

static size_t list_length(char **list)
{
    size_t n = 0;

    while (list && list[n])
        n++;
    return n;
}

static int take_host(struct guard *guard, const char *text, struct err *err)
{
    size_t n = list_length(guard->hosts);
    struct origin_name name;

    if (!host_parse(span_of(text), 1, &name)) {
        err_set(err, ERR_USAGE, "--host %s: not a host name", text);
        return -1;
    }
    guard->hosts = xreallocarray(guard->hosts, n + 2, sizeof(*guard->hosts));
    guard->hosts[n] = xstrdup(name.host);
    guard->hosts[n + 1] = NULL;
    return 0;
}

/* Those of --host, and the listen address where it is a name. */
static int take_hosts(struct guard *guard, const struct config *config, struct err *err)
{
    guard->hosts = xcalloc(1, sizeof(*guard->hosts));
    if (!guard->listen_known && take_host(guard, config->listen, err) < 0)
        return -1;
    for (char **host = config->hosts; host && *host; host++)
        if (take_host(guard, *host, err) < 0)
            return -1;
    return 0;
}

static int take_origins(struct guard *guard, char **list, struct err *err)
{
    size_t n = list_length(list);

    guard->allowed = xcalloc(n + 1, sizeof(*guard->allowed));
    for (; guard->allowed_n < n; guard->allowed_n++) {
        const char *text = list[guard->allowed_n];

        if (!origin_parse(span_of(text), &guard->allowed[guard->allowed_n])) {
            err_set(err, ERR_USAGE,
                    "--allow-origin %s: not an origin; write scheme, host and port as in "
                    "https://dash.example.org:8443",
                    text);
            return -1;
        }
    }
    return 0;
}

static int take_proxies(struct guard *guard, char **list, struct err *err)
{
    size_t n = list_length(list);

    guard->proxies = xcalloc(n + 1, sizeof(*guard->proxies));
    for (; guard->proxies_n < n; guard->proxies_n++) {
        const char *text = list[guard->proxies_n];

        if (!network_parse(span_of(text), &guard->proxies[guard->proxies_n])) {
            err_set(err, ERR_USAGE,
                    "--trust-proxy %s: not an address such as 10.0.0.2 or 10.0.0.0/8", text);
            return -1;
        }
    }
    return 0;
}

int guard_init(struct guard *guard, const struct config *config, struct err *err)
{
    *guard = (struct guard){ 0 };
    guard->listen_known = address_parse(span_of(config->listen), &guard->listen);
    if (take_hosts(guard, config, err) < 0 ||
        take_origins(guard, config->allowed_origins, err) < 0 ||
        take_proxies(guard, config->trust_proxy, err) < 0) {
        guard_fini(guard);
        return -1;
    }
    return 0;
}

void guard_fini(struct guard *guard)
{
    for (size_t i = 0; guard->hosts && guard->hosts[i]; i++)
        free(guard->hosts[i]);
    free(guard->hosts);
    free(guard->allowed);
    free(guard->proxies);
    *guard = (struct guard){ 0 };
}

/* ---- asked for every request ---- */

bool guard_serves(const struct guard *guard, struct span host)
{
    struct origin_name name;
    struct address address;

    if (!host_parse(host, 1, &name))
        return false;
    for (size_t i = 0; i < sizeof(loopback_names) / sizeof(loopback_names[0]); i++)
        if (strcmp(name.host, loopback_names[i]) == 0)
            return true;
    for (size_t i = 0; guard->hosts[i]; i++)
        if (strcmp(name.host, guard->hosts[i]) == 0)
            return true;
    if (!guard->listen_known || !address_parse(span_of(name.host), &address))
        return false;
    /* listening on every address of the machine: rebinding needs a name, an address cannot lie */
    return address_is_any(&guard->listen) || address_equal(&guard->listen, &address);
}

enum origin_verdict guard_origin(const struct guard *guard, struct span origin, struct span host)
{
    struct origin_name from, here;

    if (!origin_parse(origin, &from)) /* also "null": sandboxed frames and files */
        return ORIGIN_FOREIGN;
    if (host_parse(host, 0, &here)) {
        if (here.port == 0) /* Host leaves the port out where it is the scheme's own */
            here.port = strcmp(from.scheme, "https") == 0 ? 443 : 80;
        if (strcmp(from.host, here.host) == 0 && from.port == here.port)
            return ORIGIN_SAME;
    }
    for (size_t i = 0; i < guard->allowed_n; i++) {
        const struct origin_name *allowed = &guard->allowed[i];

        if (strcmp(from.scheme, allowed->scheme) == 0 && strcmp(from.host, allowed->host) == 0 &&
            from.port == allowed->port)
            return ORIGIN_ALLOWED;
    }
    return ORIGIN_FOREIGN;
}

bool guard_trusts(const struct guard *guard, const struct address *peer)
{
    for (size_t i = 0; i < guard->proxies_n; i++)
        if (network_has(&guard->proxies[i], peer))
            return true;
    return false;
}
