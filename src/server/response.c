/* server/response.c — an answer as bytes: status, headers, the JSON of errors, ETag and 304.
 *
 * Every answer carries the same security headers, from one text, so none can be forgotten.
 * SPDX-License-Identifier: MIT
 */
#include "server/http.h"

#include "base/civil.h"
#include "base/hash.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const struct status {
    int code;
    const char *phrase;
} statuses[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 204, "No Content" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 417, "Expectation Failed" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

static const char security_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

static const char *phrase_of(int code)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (statuses[i].code == code)
            return statuses[i].phrase;
    assert(!"a status without a phrase");
    return "";
}

void response_fini(struct response *response)
{
    buf_fini(&response->body);
    buf_fini(&response->headers);
    bytes_drop(response->shared);
    response->shared = NULL;
}

void response_clear(struct response *response)
{
    response_fini(response);
    *response = (struct response){ 0 };
}

void response_text(struct response *response, const char *type, const char *text)
{
    response->status = 200;
    response->type = type;
    response->shared = bytes_new_lent(span_of(text));
}

struct json_out response_json(struct response *response)
{
    struct json_out out;

    response->status = 200;
    buf_clear(&response->body);
    json_out_init(&out, &response->body, 0);
    return out;
}

void response_error(struct response *response, int status, const char *code, const char *format,
                    ...)
{
    char message[512];
    struct json_out out;
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);

    out = response_json(response);
    response->status = status;
    response->type = NULL;
    json_open(&out, '{');
    json_key(&out, "error");
    json_open(&out, '{');
    json_put_text(&out, "code", span_of(code));
    json_put_text(&out, "message", span_of(message));
    json_close(&out, '}');
    json_close(&out, '}');
}

void response_header(struct response *response, const char *name, const char *format, ...)
{
    char value[512];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    /* what a client sent may be echoed here: it must not become a line of its own */
    for (char *c = value; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    buf_printf(&response->headers, "%s: %s\r\n", name, value);
}

/* Does If-None-Match name this ETag? */
static bool client_has(struct span wanted, const char *etag)
{
    struct span piece;

    while (span_split(&wanted, ',', &piece)) {
        piece = span_trim(piece);
        if (span_starts(piece, "W/"))
            piece = (struct span){ piece.p + 2, piece.len - 2 };
        if (span_is(piece, etag) || span_is(piece, "*"))
            return true;
    }
    return false;
}

void response_seal(struct response *response, const struct request *request)
{
    if (!response->shared) {
        response->shared = bytes_new(buf_span(&response->body));
        buf_fini(&response->body);
    }
    if (response->status != 200 || request->method != METHOD_GET)
        return;
    if (response->etag[0] == '\0')
        snprintf(response->etag, sizeof(response->etag), "\"%016" PRIx64 "\"",
                 hash_span(response->shared->at));
    if (client_has(request->headers[HEADER_IF_NONE_MATCH], response->etag))
        response->status = 304;
}

/* "Sun, 22 Nov 2026 05:14:07 GMT" */
static void add_date(struct buf *out, int64_t now_ms)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int64_t day = floor_div(now_ms, MS_PER_DAY);
    int second = (int)((now_ms - day * MS_PER_DAY) / MS_PER_SECOND);
    struct civil date = civil_from_day(day);

    buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[civil_weekday(day)],
               date.day, months[date.month - 1], date.year, second / 3600, second / 60 % 60,
               second % 60);
}

void response_head(struct buf *out, const struct response *response, int64_t now_ms)
{
    bool has_body = response->status != 204 && response->status != 304;

    buf_printf(out, "HTTP/1.1 %d %s\r\n", response->status, phrase_of(response->status));
    add_date(out, now_ms);
    if (has_body) {
        buf_printf(out, "Content-Length: %zu\r\n", response->shared->at.len);
        if (response->shared->at.len > 0)
            buf_printf(out, "Content-Type: %s\r\n",
                       response->type ? response->type : "application/json; charset=utf-8");
    }
    if (response->etag[0] != '\0')
        buf_printf(out, "ETag: %s\r\n", response->etag);
    buf_add_text(out, response->immutable ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                                          : "Cache-Control: no-store\r\n");
    buf_add(out, security_headers, sizeof(security_headers) - 1);
    buf_add_span(out, buf_span(&response->headers));
    if (response->close)
        buf_add_text(out, "Connection: close\r\n");
    buf_add_text(out, "\r\n");
}
