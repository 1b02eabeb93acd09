/* gateway/eval.c — see eval.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/eval.h"

#include "gateway/usage_internal.h"

#include <stddef.h>
#include <stdio.h>

#define ERROR_MAX 300 /* bytes of what a gateway says went wrong */

/* Which key holds which answer; the first that is there counts. */
static const struct {
    const char *key;
    size_t at; /* of the answer in struct gateway_answers */
    enum gateway_sessions sessions_are;
} answer_keys[] = {
#define AT(field) offsetof(struct gateway_answers, field)
    { "cost", AT(cost), GATEWAY_SESSIONS_GUESS },
    { "usage.cost", AT(cost), GATEWAY_SESSIONS_GUESS },
    { "status", AT(status), GATEWAY_SESSIONS_GUESS },
    { "usage.status", AT(status), GATEWAY_SESSIONS_GUESS },
    { "sessions", AT(sessions), GATEWAY_SESSIONS_GUESS },
    { "sessions.usage", AT(sessions), GATEWAY_SESSIONS_USAGE },
    { "sessions.list", AT(sessions), GATEWAY_SESSIONS_LIST },
#undef AT
};

static const struct {
    const char *const names[2];
    size_t at; /* of the int64_t in struct gateway_limits */
    bool is_money;
} limit_keys[] = {
#define AT(field) offsetof(struct gateway_limits, field)
    { { "output_tokens" }, AT(output_tokens), false },
    { { "total_tokens" }, AT(total_tokens), false },
    { { "tokens" }, AT(tokens), false },
    { { "messages" }, AT(messages), false },
    { { "cost_usd" }, AT(cost_nusd), true },
#undef AT
};

/* Room for what went wrong with each answer. */
struct errors {
    char texts[3][ERROR_MAX];
    size_t n;
};

/* {"type":"res","ok":false,"error":{"code":…,"message":…}}, or just the payload. */
static struct gateway_answer read_answer(const json_t *value, struct errors *errors)
{
    struct gateway_answer answer = { .state = GATEWAY_ANSWERED, .payload = value };
    const json_t *error = json_object_get(value, "error");
    struct span code, message;
    char *text;

    if (json_is_string(value) && strcmp(json_string_value(value), "timeout") == 0)
        return (struct gateway_answer){ .state = GATEWAY_TIMED_OUT };
    if (!span_is(usage_text(json_object_get(value, "type")), "res"))
        return answer;
    answer.payload = json_object_get(value, "payload");
    if (!json_is_false(json_object_get(value, "ok")))
        return answer;
    code = usage_text(json_object_get(error, "code"));
    message = usage_text(json_object_get(error, "message"));
    text = errors->texts[errors->n++];
    snprintf(text, ERROR_MAX, "%.*s%s%.*s", (int)code.len, code.p ? code.p : "",
             code.p && message.p ? ": " : "", (int)(message.len < 200 ? message.len : 200),
             message.p ? message.p : "");
    return (struct gateway_answer){ .state = GATEWAY_REFUSED, .error = text[0] ? text : NULL };
}

static void read_answers(const json_t *document, struct gateway_answers *answers,
                         struct errors *errors)
{
    size_t i;

    for (i = 0; i < sizeof(answer_keys) / sizeof(answer_keys[0]); i++) {
        struct gateway_answer *answer = (void *)((char *)answers + answer_keys[i].at);
        const json_t *value = place_get((struct place){ document, NULL }, answer_keys[i].key);

        if (!value || answer->state != GATEWAY_NO_ANSWER)
            continue;
        *answer = read_answer(value, errors);
        answers->sessions_are = answer_keys[i].sessions_are;
    }
}

static void read_limits(const json_t *document, struct gateway_limits *limits)
{
    struct place place = { json_object_get(document, "limits"), NULL };
    size_t i;

    for (i = 0; i < sizeof(limit_keys) / sizeof(limit_keys[0]); i++) {
        int64_t *limit = (void *)((char *)limits + limit_keys[i].at);

        if (limit_keys[i].is_money)
            place_money(place, limit_keys[i].names, limit);
        else
            place_count(place, limit_keys[i].names, limit);
    }
}

int gateway_eval(const struct gateway_eval *eval, struct span text, struct json_out *out,
                 struct err *err)
{
    json_t *document = gateway_json_read(text, err);
    struct gateway_settings settings = { .prices = eval->prices };
    struct gateway_answers answers = { 0 };
    struct gateway_usage usage;
    struct errors errors = { 0 };
    int64_t now_ms = eval->now_ms;
    int rc = document ? 0 : -1;

    if (document && !json_is_object(document)) {
        err_set(err, ERR_USAGE,
                "line 1: it must be an object such as "
                "{\"cost\":…,\"status\":…,\"sessions\":…}");
        rc = -1;
    }
    if (!eval->now_is_fixed)
        usage_time(json_object_get(document, "now"), &now_ms);
    settings.gateway_id = usage_text(json_object_get(document, "gateway_id"));
    settings.account_key = usage_text(json_object_get(document, "account_key"));
    if (!settings.gateway_id.p)
        settings.gateway_id = SPAN_LIT("eval");
    read_limits(document, &settings.limits);
    read_answers(document, &answers, &errors);
    gateway_usage_build(&answers, &settings, now_ms, &usage);
    gateway_usage_write(out, &usage);
    gateway_usage_fini(&usage);
    json_decref(document);
    return rc;
}
