/* fuzz/gateway_eval.c — whatever a gateway answers, there is a document and it is whole.
 *
 * The bytes are the input of `tacho gateway eval`. Prices are the built-in ones.
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"
#include "gateway/eval.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW_MS INT64_C(1795341600000) /* 2026-11-22T10:00:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What every document has, and of which kind it is. */
static const struct {
    const char *key;
    json_type type;
} parts[] = {
    { "generated_at", JSON_STRING }, { "gateway_id", JSON_STRING },  { "data", JSON_STRING },
    { "sources", JSON_OBJECT },      { "window", JSON_OBJECT },      { "current", JSON_OBJECT },
    { "burn_rate", JSON_OBJECT },    { "predictions", JSON_OBJECT }, { "per_model", JSON_OBJECT },
    { "top_sessions", JSON_ARRAY },  { "providers", JSON_ARRAY },
};

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "the document is broken: %s\n", what);
    abort();
}

static const struct gateway_prices *open_prices(void)
{
    char path[] = "/nonexistent/config.json";
    struct config config = { .config_path = path };
    struct gateway_prices *prices = NULL;

    demand(gateway_prices_open(&prices, &config, NULL) == 0, "no prices");
    return prices;
}

/* Numbers that are sums or times are never below zero, however wild what they are made of. */
static void demand_no_debts(const json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
        demand(!json_is_number(value) || json_number_value(value) >= 0, key);
}

static void check(struct span text)
{
    json_t *document = json_loadb(text.p, text.len, JSON_REJECT_DUPLICATES, NULL);
    size_t i;

    demand(document != NULL, "it is no JSON");
    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const json_t *part = json_object_get(document, parts[i].key);

        demand(part && json_typeof(part) == parts[i].type, parts[i].key);
    }
    demand_no_debts(json_object_get(document, "window"));
    demand_no_debts(json_object_get(document, "current"));
    demand_no_debts(json_object_get(document, "burn_rate"));
    demand_no_debts(json_object_get(document, "predictions"));
    json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct gateway_prices *prices; /* opened once */
    struct gateway_eval eval = { .now_ms = NOW_MS };
    struct json_out json;
    struct buf out = { 0 };

    if (!prices)
        prices = open_prices();
    eval.prices = prices;
    json_out_init(&json, &out, 0);
    gateway_eval(&eval, (struct span){ (const char *)bytes, size }, &json, NULL);
    check(buf_span(&out));
    buf_fini(&out);
    return 0;
}
