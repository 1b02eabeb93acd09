/* server/request.c — reads one request head, strictly.
 *
 * Refused with 400: bare CR or LF, folded lines, blanks around a header's name, control bytes, a
 * second Host or Content-Length, any Transfer-Encoding, lengths that are not plain digits, targets
 * that are no absolute path. What gets through has one meaning only.
 * SPDX-License-Identifier: MIT
 */
#include "server/http.h"

#include <strings.h>

const char *const method_names[METHODS] = {
    [METHOD_GET] = "GET",       [METHOD_POST] = "POST",       [METHOD_PATCH] = "PATCH",
    [METHOD_DELETE] = "DELETE", [METHOD_OPTIONS] = "OPTIONS",
};

/* What to do with a header that stands there twice. */
enum twice {
    REFUSE, /* its meaning would depend on who reads it */
    LAST,   /* the last counts: proxies add theirs behind what the client sent */
};

static const struct header_rule {
    const char *name;
    enum twice twice;
} header_rules[HEADERS] = {
    [HEADER_ACCEPT] = { "accept", LAST },
    [HEADER_ACCEPT_ENCODING] = { "accept-encoding", LAST },
    [HEADER_ACCESS_CONTROL_REQUEST_METHOD] = { "access-control-request-method", REFUSE },
    [HEADER_AUTHORIZATION] = { "authorization", REFUSE },
    [HEADER_CONNECTION] = { "connection", LAST },
    [HEADER_CONTENT_LENGTH] = { "content-length", REFUSE },
    [HEADER_CONTENT_TYPE] = { "content-type", REFUSE },
    [HEADER_COOKIE] = { "cookie", REFUSE },
    [HEADER_EXPECT] = { "expect", REFUSE },
    [HEADER_HOST] = { "host", REFUSE },
    [HEADER_IF_NONE_MATCH] = { "if-none-match", LAST },
    [HEADER_ORIGIN] = { "origin", REFUSE },
    [HEADER_TRANSFER_ENCODING] = { "transfer-encoding", REFUSE },
    [HEADER_UPGRADE] = { "upgrade", REFUSE },
    [HEADER_WS_KEY] = { "sec-websocket-key", REFUSE },
    [HEADER_WS_VERSION] = { "sec-websocket-version", REFUSE },
    [HEADER_X_FORWARDED_FOR] = { "x-forwarded-for", LAST },
    [HEADER_X_FORWARDED_HOST] = { "x-forwarded-host", LAST },
    [HEADER_X_FORWARDED_PROTO] = { "x-forwarded-proto", LAST },
};

static bool same_word(struct span text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.p, word, text.len) == 0;
}

static int refuse(struct response *out, int status, const char *code, const char *sentence)
{
    response_error(out, status, code, "%s", sentence);
    out->close = true;
    return -1;
}

static int malformed(struct response *out, const char *sentence)
{
    return refuse(out, 400, "malformed_request", sentence);
}

/* A character of a method or header name (RFC 9110, token). */
static bool is_token_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_char((unsigned char)text.p[i]))
            return false;
    return text.len > 0;
}

/* ---- the target ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum plus { PLUS_IS_PLUS, PLUS_IS_BLANK };

/* Percent-decodes `text` behind what `decoded` holds already. Control bytes are refused: none of
 * our names has one, and a NUL would cut a text short. */
static bool decode(struct span text, enum plus plus, struct buf *decoded, struct span *out)
{
    size_t start = decoded->len;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.p[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.p[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            c = (unsigned char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus == PLUS_IS_BLANK) {
            c = ' ';
        }
        if (c < 0x20 || c == 0x7f)
            return false;
        buf_add_char(decoded, (char)c);
    }
    *out = (struct span){ decoded->p + start, decoded->len - start };
    return true;
}

bool request_pairs(struct span text, struct buf *decoded, struct pair *pairs, size_t *count)
{
    struct span piece;

    *count = 0;
    while (span_split(&text, '&', &piece)) {
        struct span name = SPAN_ABSENT;
        struct pair pair = { .value = { "", 0 } };

        if (piece.len == 0)
            continue;
        if (*count == REQUEST_PAIRS_MAX)
            return false;
        span_split(&piece, '=', &name);
        if (!decode(name, PLUS_IS_BLANK, decoded, &pair.name))
            return false;
        if (piece.p && !decode(piece, PLUS_IS_BLANK, decoded, &pair.value))
            return false;
        pairs[(*count)++] = pair;
    }
    return true;
}

static int parse_target(struct request *request, struct span target, struct response *out)
{
    struct span path, query = target;

    for (size_t i = 0; i < target.len; i++)
        if ((unsigned char)target.p[i] <= ' ' || (unsigned char)target.p[i] >= 0x7f)
            return malformed(out, "The request's target has a byte that must be percent-encoded.");
    if (target.len == 0 || target.p[0] != '/')
        return malformed(out, "The request's target must be a path that begins with '/'.");
    request->target = target;
    span_split(&query, '?', &path);
    buf_reserve(&request->decoded, target.len + 1); /* never moves while spans point into it */
    if (!decode(path, PLUS_IS_PLUS, &request->decoded, &request->path))
        return malformed(out, "The path is not properly percent-encoded.");
    if (!request_pairs(query, &request->decoded, request->pairs, &request->pairs_n))
        return malformed(out, "The query is not properly encoded or has more than 32 keys.");
    return 0;
}

static int parse_line(struct request *request, struct span line, struct response *out)
{
    struct span method, target;

    if (line.len > REQUEST_LINE_MAX)
        return refuse(out, 414, "uri_too_long", "The request line is longer than 8 KiB.");
    if (!span_split(&line, ' ', &method) || !span_split(&line, ' ', &target) || !is_token(method) ||
        !span_starts(line, "HTTP/"))
        return malformed(out, "The request line is not METHOD TARGET VERSION.");
    if (span_is(line, "HTTP/1.1"))
        request->keep_alive = true;
    else if (!span_is(line, "HTTP/1.0"))
        return refuse(out, 505, "version_not_supported",
                      "Of HTTP only version 1.1 is spoken here.");

    request->method = METHOD_OTHER;
    request->head_only = span_is(method, "HEAD");
    if (request->head_only)
        request->method = METHOD_GET;
    for (int i = 0; i < METHODS; i++)
        if (span_is(method, method_names[i]))
            request->method = (enum method)i;
    return parse_target(request, target, out);
}

/* ---- the headers ---- */

static bool is_field_value(struct span value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.p[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static int parse_header(struct request *request, struct span line, struct response *out)
{
    struct span name;

    span_split(&line, ':', &name);
    if (!line.p || !is_token(name))
        return malformed(out, "A header line is not NAME: VALUE.");
    if (!is_field_value(line))
        return malformed(out, "A header's value has a control byte.");
    for (int i = 0; i < HEADERS; i++) {
        if (!same_word(name, header_rules[i].name))
            continue;
        if (request->headers[i].p && header_rules[i].twice == REFUSE) {
            response_error(out, 400, "malformed_request", "The header %s stands there twice.",
                           header_rules[i].name);
            out->close = true;
            return -1;
        }
        request->headers[i] = span_trim(line);
        break;
    }
    return 0;
}

static int parse_length(struct request *request, struct response *out)
{
    struct span text = request->headers[HEADER_CONTENT_LENGTH];

    if (request->headers[HEADER_TRANSFER_ENCODING].p)
        return malformed(out, "Transfer-Encoding is not taken here; send a Content-Length.");
    if (!text.p)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            text.len = 0;
    if (text.len == 0 || !span_int(text, &request->body_len))
        return malformed(out, "The Content-Length is not a number.");
    return 0;
}

bool request_lists(struct span list, const char *word)
{
    struct span piece;

    while (span_split(&list, ',', &piece))
        if (same_word(span_trim(piece), word))
            return true;
    return false;
}

/* The next line of the head, without its CRLF. False where a line ends in anything else. */
static bool next_line(struct span *rest, struct span *line)
{
    return span_split(rest, '\n', line) && rest->p && line->len > 0 &&
           line->p[--line->len] == '\r' && memchr(line->p, '\r', line->len) == NULL;
}

int request_parse(struct request *request, struct span head, struct response *out)
{
    struct span line;
    int count = 0;

    *request = (struct request){ .method = METHOD_OTHER };
    if (!next_line(&head, &line))
        return malformed(out, "Lines must end with CR and LF.");
    if (parse_line(request, line, out) < 0)
        return -1;
    for (;;) {
        if (!next_line(&head, &line))
            return malformed(out, "Lines must end with CR and LF.");
        if (line.len == 0)
            break;
        if (++count > REQUEST_HEADERS_MAX)
            return refuse(out, 431, "headers_too_large", "There are more than 100 headers.");
        if (parse_header(request, line, out) < 0)
            return -1;
    }
    if (request->headers[HEADER_HOST].len == 0)
        return malformed(out, "The header Host is missing.");
    if (request_lists(request->headers[HEADER_CONNECTION], "close"))
        request->keep_alive = false;
    return parse_length(request, out);
}

void request_fini(struct request *request)
{
    buf_fini(&request->decoded);
}

struct span request_query(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->pairs_n; i++)
        if (span_is(request->pairs[i].name, name))
            return request->pairs[i].value;
    return SPAN_ABSENT;
}
