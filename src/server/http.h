/* server/http.h — the words of HTTP: what was asked (request.c) and what is answered (response.c).
 *
 * The parser takes HTTP/1.1 (and 1.0, which proxies speak) in its strictest form: whatever two
 * programs could read in two ways is refused, so nothing can be smuggled past a proxy. No I/O, no
 * state; the connection (conn.c) feeds it and sends what comes back.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "base/json_out.h"
#include "server/address.h"
#include "server/bytes.h"

enum method {
    METHOD_GET,
    METHOD_POST,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHODS,
    METHOD_HEAD,  /* becomes GET with `head_only` */
    METHOD_OTHER, /* a word we do not know: 405 everywhere */
};
extern const char *const method_names[METHODS];

/* The headers we read; every other one is only checked for its form. */
enum header {
    HEADER_ACCEPT,
    HEADER_ACCEPT_ENCODING,
    HEADER_ACCESS_CONTROL_REQUEST_METHOD,
    HEADER_AUTHORIZATION,
    HEADER_CONNECTION,
    HEADER_CONTENT_LENGTH,
    HEADER_CONTENT_TYPE,
    HEADER_COOKIE,
    HEADER_EXPECT,
    HEADER_HOST,
    HEADER_IF_NONE_MATCH,
    HEADER_ORIGIN,
    HEADER_TRANSFER_ENCODING,
    HEADER_UPGRADE,
    HEADER_WS_KEY,
    HEADER_WS_VERSION,
    HEADER_X_FORWARDED_FOR,
    HEADER_X_FORWARDED_HOST,
    HEADER_X_FORWARDED_PROTO,
    HEADERS,
};

enum {
    REQUEST_HEAD_MAX = 16 << 10, /* bytes of request line and headers */
    REQUEST_LINE_MAX = 8 << 10,
    REQUEST_HEADERS_MAX = 100,
    REQUEST_PAIRS_MAX = 32,
    REQUEST_PARAMS_MAX = 4,
};

struct pair {
    struct span name, value;
};

struct request {
    enum method method;
    bool head_only;                       /* HEAD: the same answer without its body */
    bool keep_alive;                      /* the client wants to go on after this one */
    bool secure;                          /* came over TLS, or so says a proxy we trust */
    struct address peer;                  /* who asks, behind a proxy we trust */
    struct span target;                   /* as sent, with the query: the key of the answer cache */
    struct span path;                     /* decoded, base path taken off; begins with '/' */
    struct pair pairs[REQUEST_PAIRS_MAX]; /* the query, decoded, in order */
    size_t pairs_n;
    struct span headers[HEADERS];           /* absent: not sent */
    struct span params[REQUEST_PARAMS_MAX]; /* what stood where the route's pattern has {…} */
    int64_t body_len;                       /* bytes, from Content-Length; 0 without */
    struct span body;                       /* complete when a handler sees it */
    struct buf decoded;                     /* owns what percent-decoding changed */
};

struct response {
    int status;            /* 0: not answered yet */
    const char *type;      /* Content-Type; NULL: JSON */
    struct buf body;       /* what a handler writes */
    struct bytes *shared;  /* or bytes that are kept elsewhere: a reference, instead of `body` */
    char etag[40];         /* with its quotes; "" : made from the body */
    bool immutable;        /* the path names the content: may be cached for ever */
    bool close;            /* no further request on this connection */
    int64_t good_until_ms; /* UTC; the answer may be kept until then. 0: may not be kept */
    uint64_t ticket;       /* not 0: it comes later, with this number */
    int64_t hold_ms;       /* send it only after so long: the price of a wrong token */
    struct buf headers;    /* more header lines, each with its CRLF */
};

/* ---- request.c ---- */

/* Reads `head`, which ends with an empty line and is lent for as long as the request lives.
 * 0, or -1 with the refusal in *out. The request must be ended by request_fini in both cases. */
int request_parse(struct request *request, struct span head, struct response *out);
void request_fini(struct request *request);

/* The first value of a query key, decoded; absent where it was not given. */
struct span request_query(const struct request *request, const char *name);

/* Splits "a=1&b=2" (a query or a form) into decoded pairs. `decoded` takes what changes; it is not
 * moved, so it needs room for text.len + 1 bytes. False: badly encoded or too many. */
bool request_pairs(struct span text, struct buf *decoded, struct pair *pairs, size_t *count);

/* Is `word` an element of a comma list such as Connection? Case does not matter. */
bool request_lists(struct span list, const char *word);

/* ---- response.c ---- */

void response_fini(struct response *response);
void response_clear(struct response *response); /* as if nothing had been answered yet */

/* {"error":{"code":…,"message":…}}. The message is one sentence that names the bad thing. */
void response_error(struct response *response, int status, const char *code, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));
void response_header(struct response *response, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* 200 with a text that lives as long as the program. `type` NULL: JSON. */
void response_text(struct response *response, const char *type, const char *text);
/* 200 and a writer for its JSON body. */
struct json_out response_json(struct response *response);

/* Makes body and ETag final, and a 304 of it if the client has it already. */
void response_seal(struct response *response, const struct request *request);
/* Status line and headers of a sealed response, the empty line included. */
void response_head(struct buf *out, const struct response *response, int64_t now_ms);

#endif
