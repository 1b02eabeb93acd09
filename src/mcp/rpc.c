/* mcp/rpc.c — messages of JSON-RPC 2.0, and the few methods of the protocol.
 *
 *   {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"limits"}}
 *   {"jsonrpc":"2.0","id":1,"result":{…}}
 *
 * What cannot be understood is answered with an error; what wants no answer (a notification, an
 * answer to a question that was never put) gets none.
 * SPDX-License-Identifier: MIT
 */
#include "mcp/mcp_internal.h"

#include <stdlib.h>

enum code {
    NOT_JSON = -32700,
    NO_REQUEST = -32600,
    NO_METHOD = -32601,
    BAD_PARAMS = -32602,
    INTERNAL = -32603,
};

/* ---- methods ---- */

/* Revisions of the protocol that say the same about what we do, newest first. */
static const char *const revisions[] = { "2025-11-25", "2025-06-18", "2024-11-05" };

#define INSTRUCTIONS                                                                               \
    "What coding agents on this machine have spent (tokens, US dollars) and what is left of "      \
    "their rate limits. Ask limits before long work, cost with a budget before expensive work. "   \
    "unpriced: true says that a part has no price, so the cost is a lower bound."

static const char *agreed_revision(const char *wanted)
{
    for (size_t i = 0; i < sizeof(revisions) / sizeof(revisions[0]); i++) {
        if (strcmp(wanted, revisions[i]) == 0)
            return revisions[i];
    }
    return revisions[0];
}

static int initialize(const struct mcp_parts *parts, const json_t *params, struct buf *result,
                      struct err *err)
{
    const char *wanted = json_string_value(json_object_get(params, "protocolVersion"));
    struct json_out out;

    (void)parts;
    if (!wanted) {
        err_set(err, ERR_USAGE, "initialize needs a protocolVersion such as \"%s\"", revisions[0]);
        return -1;
    }
    json_out_init(&out, result, 0);
    json_open(&out, '{');
    json_put_text(&out, "protocolVersion", span_of(agreed_revision(wanted)));
    json_key(&out, "capabilities");
    json_open(&out, '{');
    json_key(&out, "tools");
    json_open(&out, '{');
    json_close(&out, '}');
    json_close(&out, '}');
    json_key(&out, "serverInfo");
    json_open(&out, '{');
    json_put_text(&out, "name", SPAN_LIT("tacho"));
    json_put_text(&out, "version", SPAN_LIT(TACHO_VERSION));
    json_close(&out, '}');
    json_put_text(&out, "instructions", SPAN_LIT(INSTRUCTIONS));
    json_close(&out, '}');
    return 0;
}

static int ping(const struct mcp_parts *parts, const json_t *params, struct buf *result,
                struct err *err)
{
    (void)parts, (void)params, (void)err;
    buf_add_text(result, "{}");
    return 0;
}

static const struct method {
    const char *name;
    mcp_method *run;
} methods[] = {
    { "initialize", initialize },
    { "ping", ping },
    { "tools/list", mcp_tools_list },
    { "tools/call", mcp_tools_call },
};

static mcp_method *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].run;
    }
    return NULL;
}

/* ---- messages ---- */

static bool is_id(const json_t *id)
{
    return json_is_string(id) || json_is_number(id);
}

/* Up to the place where result or error stands. */
static void begin(struct buf *out, const json_t *id)
{
    char *text = is_id(id) ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%s,", text ? text : "null");
    free(text);
}

static void refuse(struct buf *out, const json_t *id, enum code code, const char *why)
{
    struct json_out error;

    begin(out, id);
    buf_add_text(out, "\"error\":");
    json_out_init(&error, out, 0);
    json_open(&error, '{');
    json_put_int(&error, "code", code);
    json_put_text(&error, "message", span_of(why));
    json_close(&error, '}');
    buf_add_char(out, '}');
}

static void perform(const struct mcp_parts *parts, const json_t *id, const char *name,
                    const json_t *params, struct buf *out)
{
    mcp_method *method = find_method(name);
    struct buf result = { 0 };
    struct err err = { 0 };

    if (!method) {
        err_set(&err, ERR_USAGE, "there is no method '%.80s'", name);
        refuse(out, id, NO_METHOD, err.text);
    } else if (params && !json_is_object(params)) {
        refuse(out, id, BAD_PARAMS, "params must be an object");
    } else if (method(parts, params, &result, &err) < 0) {
        refuse(out, id, err.kind == ERR_USAGE ? BAD_PARAMS : INTERNAL, err.text);
    } else {
        begin(out, id);
        buf_add_text(out, "\"result\":");
        buf_add_span(out, buf_span(&result));
        buf_add_char(out, '}');
    }
    buf_fini(&result);
}

static void take_message(const struct mcp_parts *parts, const json_t *message, struct buf *out)
{
    const char *version = json_string_value(json_object_get(message, "jsonrpc"));
    const char *method = json_string_value(json_object_get(message, "method"));
    const json_t *id = json_object_get(message, "id");

    if (!json_is_object(message)) {
        refuse(out, NULL, NO_REQUEST, "a message is one JSON object");
    } else if (!version || strcmp(version, "2.0") != 0) {
        refuse(out, id, NO_REQUEST, "a message has \"jsonrpc\":\"2.0\"");
    } else if (!json_object_get(message, "method") &&
               (json_object_get(message, "result") || json_object_get(message, "error"))) {
        return; /* an answer, and we never ask */
    } else if (!method) {
        refuse(out, id, NO_REQUEST, "a request has a method, as a string");
    } else if (id && !is_id(id)) {
        refuse(out, NULL, NO_REQUEST, "an id is a string or a number");
    } else if (id) {
        perform(parts, id, method, json_object_get(message, "params"), out);
    }
}

void mcp_take(const struct mcp_parts *parts, struct span line, struct buf *out)
{
    json_error_t where;
    json_t *message;
    struct err err;

    line = span_trim(line);
    if (line.len == 0)
        return;
    message = json_loadb(line.p, line.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (message) {
        take_message(parts, message, out);
    } else {
        err_set(&err, ERR_USAGE, "not JSON, at byte %d: %s", where.position, where.text);
        refuse(out, NULL, NOT_JSON, err.text);
    }
    json_decref(message);
}

void mcp_refuse_length(struct buf *out)
{
    struct err err;

    err_set(&err, ERR_USAGE, "a message has at most %d bytes", MCP_LINE_MAX);
    refuse(out, NULL, NO_REQUEST, err.text);
}
