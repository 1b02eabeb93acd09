/* show/gateways.c — see gateways.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/gateways.h"

#include "show/show.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

void show_gateway_row(struct buf *out, const struct show_gateway *g)
{
    if (out->len == 0)
        buf_add_text(out, "Name              Secret        Address\n");
    show_text(out, g->name, 17, true);
    buf_printf(out, "%*s ", g->name.len < 17 ? (int)(17 - g->name.len) : 0, "");
    buf_printf(out, "%-13.*s ", (int)g->secret.len, g->secret.p);
    show_text(out, g->url, 0, true);
    buf_printf(out, "%s\n", g->enabled ? "" : "  (disabled)");
}

void show_gateway_none(struct buf *out)
{
    buf_add_text(out, "There are no gateways. 'tacho gateway add NAME URL' adds one.\n");
}

/* ---- the document ---- */

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static int64_t whole(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static struct span text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return span_of(value ? value : "");
}

static void add_limit(struct buf *out, const json_t *current, const char *what, const char *key)
{
    if (!json_is_number(json_object_get(current, key)))
        return;
    buf_printf(out, "  %-12s %" PRId64 "%% used\n", what, whole(current, key));
}

static void add_forecast(struct buf *out, const json_t *forecast)
{
    const json_t *left = json_object_get(forecast, "time_to_limit_ms");

    buf_add_text(out, "Forecast    ");
    if (json_is_integer(left)) {
        buf_add_text(out, "limit in ");
        show_duration(out, json_integer_value(left));
        buf_add_text(out, json_is_true(json_object_get(forecast, "safe")) ? ", after the reset\n"
                                                                          : ", before the reset\n");
    } else {
        buf_add_text(out, json_is_true(json_object_get(forecast, "exhausted"))
                              ? "a limit is used up\n"
                              : "no limit in sight\n");
    }
}

static void add_models(struct buf *out, const json_t *models)
{
    const char *key;
    json_t *model;

    json_object_foreach((json_t *)(uintptr_t)models, key, model)
    {
        buf_add_text(out, "  ");
        show_text(out, span_of(key), 40, true);
        buf_add_text(out, "  ");
        show_tokens(out, whole(model, "total_tokens"));
        if (json_is_true(json_object_get(model, "unpriced")))
            buf_add_text(out, " tokens, no price known\n");
        else
            buf_printf(out, " tokens, $%.4f\n", number(model, "cost_usd"));
    }
}

static void add_providers(struct buf *out, const json_t *providers)
{
    const json_t *provider, *window;
    size_t i, j;

    json_array_foreach(providers, i, provider)
    {
        json_array_foreach(json_object_get(provider, "windows"), j, window)
        {
            buf_add_text(out, "  ");
            show_text(out, text(provider, "display_name"), 24, true);
            buf_add_char(out, ' ');
            show_text(out, text(window, "label"), 24, true);
            buf_printf(out, "  %.0f%% used\n", number(window, "used_percent"));
        }
    }
}

static void add_sources(struct buf *out, const json_t *sources)
{
    const char *key;
    json_t *state;

    json_object_foreach((json_t *)(uintptr_t)sources, key, state)
    {
        struct span what = span_of(json_string_value(state));

        if (!what.p || span_is(what, "ok"))
            continue;
        if (span_is(what, "refreshing"))
            what = SPAN_LIT("the gateway is still counting; ask again in half a minute");
        buf_printf(out, "  %s: ", key);
        show_text(out, what, 0, true);
        buf_add_char(out, '\n');
    }
}

bool show_gateway_usage(struct buf *out, struct span document)
{
    json_t *root = json_loadb(document.p, document.len, 0, NULL);
    const json_t *current = json_object_get(root, "current");
    const json_t *window = json_object_get(root, "window");
    bool known = !span_is(text(root, "data"), "none");

    if (!json_is_object(root)) {
        json_decref(root);
        return false;
    }
    if (known) {
        buf_printf(out, "Spent       $%.4f, ", number(current, "total_cost_usd"));
        show_tokens(out, whole(current, "total_tokens"));
        buf_printf(out, " tokens, %" PRId64 " calls\nWindow      ends in ",
                   whole(current, "total_calls"));
        show_duration(out, whole(window, "reset_in_ms"));
        buf_printf(out, " (%.*s)\n", (int)text(window, "confidence").len,
                   text(window, "confidence").p);
        buf_printf(out, "Speed       %.1f tokens a minute\n",
                   number(json_object_get(root, "burn_rate"), "tokens_per_minute"));
        add_limit(out, current, "output", "output_token_limit_pct");
        add_limit(out, current, "tokens", "total_token_limit_pct");
        add_limit(out, current, "messages", "message_pct");
        add_limit(out, current, "cost", "cost_pct");
        add_forecast(out, json_object_get(root, "predictions"));
        add_models(out, json_object_get(root, "per_model"));
        add_providers(out, json_object_get(root, "providers"));
    } else {
        buf_add_text(out, "No figures yet.\n");
    }
    add_sources(out, json_object_get(root, "sources"));
    json_decref(root);
    return true;
}
