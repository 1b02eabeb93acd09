/* gateway/document.c — see document.h: the document as JSON, its words and their order.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/document.h"

#include "base/arena.h"
#include "base/civil.h"

/* ---- words ---- */

static const char *const data_words[] = {
    [GATEWAY_DATA_NONE] = "none",
    [GATEWAY_DATA_PARTIAL] = "partial",
    [GATEWAY_DATA_COMPLETE] = "complete",
};

static const char *const source_words[] = {
    [GATEWAY_SOURCE_NONE] = NULL,
    [GATEWAY_SOURCE_NATIVE] = "provider_native",
    [GATEWAY_SOURCE_RATE_LIMIT] = "provider_api_rate_limit",
    [GATEWAY_SOURCE_SESSIONS] = "local_jsonl_estimate",
    [GATEWAY_SOURCE_AGGREGATES] = "gateway_aggregates",
    [GATEWAY_SOURCE_CONFIGURED] = "configured_limit",
};

/* How far to believe where a window begins and ends. */
static const char *const confidence_words[] = {
    [GATEWAY_SOURCE_NATIVE] = "high",
    [GATEWAY_SOURCE_RATE_LIMIT] = "medium",
    [GATEWAY_SOURCE_SESSIONS] = "low",
};

static const char *const kind_words[] = {
    [GATEWAY_OUTPUT_TOKENS] = "output_tokens",
    [GATEWAY_TOTAL_TOKENS] = "total_tokens",
    [GATEWAY_MESSAGES] = "messages",
};

static const char *const zone_words[] = {
    [GATEWAY_ZONE_NONE] = "none",
    [GATEWAY_CHILL] = "chill",
    [GATEWAY_ON_TRACK] = "on_track",
    [GATEWAY_HOT] = "hot",
};

static const char *const basis_words[] = {
    [GATEWAY_BASIS_SESSIONS] = "sessions",
    [GATEWAY_BASIS_QUARTERS] = "quarter_hours",
};

/* ---- pieces ---- */

static void put_word(struct json_out *out, const char *key, const char *word)
{
    json_put_text(out, key, span_of(word));
}

/* A moment as ISO 8601, 0 as null. */
static void put_time(struct json_out *out, const char *key, int64_t at_ms)
{
    char text[CIVIL_TIME_SIZE];

    if (at_ms > 0)
        civil_format_iso(at_ms, text);
    json_put_text(out, key, at_ms > 0 ? span_of(text) : SPAN_ABSENT);
}

static void put_fixed(struct json_out *out, const char *key, int64_t value, int decimals)
{
    double unit = 1;
    int i;

    for (i = 0; i < decimals; i++)
        unit *= 10;
    json_key(out, key);
    json_fixed(out, (double)value / unit, decimals);
}

/* ---- parts of the document, in its order ---- */

static void write_origins(struct json_out *out, const struct gateway_usage *usage)
{
    size_t i;

    json_key(out, "sources");
    json_open(out, '{');
    for (i = 0; i < GATEWAY_ORIGINS && usage->origins[i].name; i++)
        json_put_text(out, usage->origins[i].name, usage->origins[i].state);
    json_close(out, '}');
}

static void write_range(struct json_out *out, const struct gateway_usage *usage)
{
    json_key(out, "range");
    if (!usage->range_from.p && !usage->range_to.p) {
        json_nil(out);
        return;
    }
    json_open(out, '{');
    json_put_text(out, "from", usage->range_from);
    json_put_text(out, "to", usage->range_to);
    json_close(out, '}');
}

static void write_window(struct json_out *out, const struct gateway_usage *usage)
{
    json_key(out, "window");
    json_open(out, '{');
    put_word(out, "key", "5h");
    put_time(out, "started_at", usage->window.started_ms);
    put_time(out, "resets_at", usage->window.resets_ms);
    json_put_int(out, "reset_in_ms", usage->window.reset_in_ms);
    put_word(out, "source", source_words[usage->window.source]);
    put_word(out, "confidence", confidence_words[usage->window.source]);
    json_close(out, '}');
}

/* The limits of `current`: three keys each. */
static const struct limit_keys {
    const char *value, *percent, *source;
    size_t at; /* of the struct gateway_limit in the document */
    bool is_money;
} limit_keys[] = {
#define AT(field) offsetof(struct gateway_usage, current.field)
    { "output_token_limit", "output_token_limit_pct", "output_token_limit_source", AT(output_limit),
      false },
    { "total_token_limit", "total_token_limit_pct", "total_token_limit_source", AT(total_limit),
      false },
    { "message_limit", "message_pct", "message_limit_source", AT(message_limit), false },
    { "token_limit", "token_pct", "token_limit_source", AT(token_limit), false },
    { "cost_limit_usd", "cost_pct", "cost_limit_source", AT(cost_limit), true },
#undef AT
};

static void write_limit(struct json_out *out, const struct limit_keys *keys,
                        const struct gateway_limit *limit)
{
    bool is_there = limit->value > 0;

    json_key(out, keys->value);
    if (!is_there)
        json_nil(out);
    else if (keys->is_money)
        json_money(out, limit->value);
    else
        json_int(out, limit->value);
    json_key(out, keys->percent);
    if (is_there)
        json_int(out, limit->percent);
    else
        json_nil(out);
    put_word(out, keys->source, is_there ? source_words[limit->source] : NULL);
}

static void write_current(struct json_out *out, const struct gateway_usage *usage)
{
    size_t i;

    json_key(out, "current");
    json_open(out, '{');
    json_put_money(out, "total_cost_usd", usage->current.cost_nusd);
    json_put_int(out, "total_tokens", usage->current.tokens);
    json_put_int(out, "total_output_tokens", usage->current.output_tokens);
    json_put_int(out, "total_calls", usage->current.calls);
    for (i = 0; i < sizeof(limit_keys) / sizeof(limit_keys[0]); i++) {
        const void *limit = (const char *)usage + limit_keys[i].at;

        write_limit(out, &limit_keys[i], limit);
    }
    json_close(out, '}');
}

static void write_speed(struct json_out *out, const struct gateway_usage *usage)
{
    json_key(out, "burn_rate");
    json_open(out, '{');
    put_fixed(out, "tokens_per_minute", usage->burn.tokens_e4, 4);
    put_fixed(out, "output_tokens_per_minute", usage->burn.output_tokens_e4, 4);
    json_put_money(out, "cost_usd_per_minute", usage->burn.cost_nusd);
    put_word(out, "basis", basis_words[usage->burn.basis]);
    json_close(out, '}');
    json_key(out, "predictions");
    json_open(out, '{');
    json_key(out, "time_to_limit_ms");
    if (usage->prediction.time_to_limit_ms >= 0)
        json_int(out, usage->prediction.time_to_limit_ms);
    else
        json_nil(out);
    json_put_bool(out, "safe", usage->prediction.safe);
    put_word(out, "limit_kind", kind_words[usage->prediction.kind]);
    if (usage->prediction.exhausted)
        json_put_bool(out, "exhausted", true);
    json_close(out, '}');
}

static void write_model(struct json_out *out, const struct gateway_usage *usage,
                        const struct gateway_model *model)
{
    json_key(out, model->key.p);
    json_open(out, '{');
    json_put_text(out, "provider", model->provider);
    json_put_text(out, "account_key", usage->account_key);
    json_put_text(out, "model", model->model);
    json_put_int(out, "input_tokens", model->input);
    json_put_int(out, "output_tokens", model->output);
    json_put_int(out, "cache_read_tokens", model->cache_read);
    json_put_int(out, "cache_write_tokens", model->cache_write);
    json_put_int(out, "total_tokens", model->tokens);
    json_put_money(out, "cost_usd", model->cost_nusd);
    json_put_int(out, "calls", model->calls);
    json_put_bool(out, "unpriced", model->unpriced);
    put_word(out, "source", source_words[usage->models_source]);
    json_close(out, '}');
}

static void write_session(struct json_out *out, const struct gateway_session *session)
{
    json_open(out, '{');
    json_put_text(out, "session_id", session->id);
    json_put_text(out, "label", session->label);
    json_put_text(out, "model", session->model);
    json_put_money(out, "cost_usd", session->cost_nusd);
    json_put_int(out, "total_tokens", session->tokens);
    put_time(out, "updated_at", session->updated_ms);
    put_word(out, "source", source_words[GATEWAY_SOURCE_SESSIONS]);
    json_close(out, '}');
}

static void write_rows(struct json_out *out, const struct gateway_usage *usage)
{
    size_t i;

    json_key(out, "per_model");
    json_open(out, '{');
    for (i = 0; i < usage->models_n; i++)
        write_model(out, usage, &usage->models[i]);
    json_close(out, '}');
    json_key(out, "top_sessions");
    json_open(out, '[');
    for (i = 0; i < usage->top_n; i++)
        write_session(out, &usage->top[i]);
    json_close(out, ']');
}

static void write_provider_window(struct json_out *out, const struct gateway_window *window)
{
    json_open(out, '{');
    json_put_text(out, "label", window->label);
    if (window->used_ppm >= 0) {
        put_fixed(out, "used_percent", window->used_ppm, 4);
    } else {
        json_key(out, "used_percent");
        json_nil(out);
    }
    put_time(out, "resets_at", window->resets_ms);
    put_time(out, "started_at", window->started_ms);
    json_key(out, "pacing");
    json_open(out, '{');
    put_fixed(out, "delta", window->delta_e4, 4);
    put_word(out, "zone", zone_words[window->zone]);
    json_close(out, '}');
    json_close(out, '}');
}

static void write_provider(struct json_out *out, const struct gateway_provider *provider)
{
    size_t i;

    json_open(out, '{');
    json_put_text(out, "provider", provider->provider);
    json_put_text(out, "display_name", provider->display_name);
    json_put_text(out, "plan", provider->plan);
    json_key(out, "windows");
    json_open(out, '[');
    for (i = 0; i < provider->windows_n; i++)
        write_provider_window(out, &provider->windows[i]);
    json_close(out, ']');
    json_put_text(out, "error", provider->error);
    json_close(out, '}');
}

void gateway_usage_write(struct json_out *out, const struct gateway_usage *usage)
{
    size_t i;

    json_open(out, '{');
    put_time(out, "generated_at", usage->generated_ms);
    json_put_text(out, "gateway_id", usage->gateway_id);
    put_word(out, "data", data_words[usage->data]);
    write_origins(out, usage);
    write_range(out, usage);
    write_window(out, usage);
    write_current(out, usage);
    write_speed(out, usage);
    write_rows(out, usage);
    json_key(out, "providers");
    json_open(out, '[');
    for (i = 0; i < usage->providers_n; i++)
        write_provider(out, &usage->providers[i]);
    json_close(out, ']');
    json_close(out, '}');
}

void gateway_usage_fini(struct gateway_usage *usage)
{
    arena_free(usage->arena);
    *usage = (struct gateway_usage){ 0 };
}
