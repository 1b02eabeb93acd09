/* gateway/url.h — the address of a gateway: ws://host:port/path or wss://….
 * Pure. SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_URL_H
#define GATEWAY_URL_H

#include "base/err.h"
#include "base/span.h"

struct gateway_url {
    bool tls;
    char host[256]; /* without brackets */
    int port;
    char path[256]; /* begins with '/' */
};

/* "host", "host:port" and http(s):// are understood too. 0, or -1 with *err (ERR_USAGE), whose text
 * repeats nothing that could be a secret. */
int gateway_url_parse(struct gateway_url *out, struct span text, struct err *err);

/* Does it lead to this machine? */
bool gateway_url_is_loopback(const struct gateway_url *url);

#endif
