/* gateway_bench.h — rows of "these answers, this place of the document, this value"; for the tests
 * of the gateway room.
 *
 * JSON is written with ' for " in them. A place is keys and indices joined by '|'.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_BENCH_H
#define GATEWAY_BENCH_H

#include "base/mem.h"
#include "config/config.h"
#include "gateway/eval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NOW_MS INT64_C(1795341600000) /* 2026-11-22T10:00:00Z */

/* Answers with nothing in them but one session, or several; a usage.status; a usage.cost. */
#define SESSIONS(list)  "{'cost':{},'status':{},'sessions':{'sessions':[" list "]}}"
#define STATUS(members) "{'cost':{},'status':{" members "},'sessions':[]}"
#define COST(members)   "{'cost':{" members "},'status':{},'sessions':[]}"

struct gateway_row {
    const char *why, *in, *at, *want;
};

/* Prices with tests/gateway/prices.json on top of the built-in table. */
static inline int gateway_set_up(void **state)
{
    char path[] = TESTS_DIR "/gateway/prices.json", config_path[] = "/nonexistent/config.json";
    struct config config = { .pricing_file = path, .config_path = config_path };
    struct gateway_prices *prices = NULL;
    struct err err = { 0 };

    if (gateway_prices_open(&prices, &config, &err) < 0)
        fail_msg("%s", err.text);
    *state = prices;
    return 0;
}

static inline int gateway_tear_down(void **state)
{
    gateway_prices_close(*state);
    return 0;
}

static inline char *gateway_quoted(const char *text)
{
    char *copy = xstrdup(text), *p;

    for (p = copy; *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
    return copy;
}

/* The document as text; yours to free. */
static inline char *gateway_document_text(const struct gateway_prices *prices, struct span in)
{
    struct gateway_eval eval = { prices, NOW_MS, false };
    struct json_out json;
    struct buf out = { 0 };

    json_out_init(&json, &out, 0);
    gateway_eval(&eval, in, &json, NULL);
    return buf_take(&out);
}

static inline json_t *gateway_document(const struct gateway_prices *prices, const char *in)
{
    char *text = gateway_quoted(in), *out = gateway_document_text(prices, span_of(text));
    json_t *document = json_loads(out, 0, NULL);

    assert_non_null(document);
    free(text);
    free(out);
    return document;
}

static inline const json_t *gateway_at(const json_t *value, const char *place)
{
    struct span rest = span_of(place), piece;
    char key[200];

    while (span_split(&rest, '|', &piece)) {
        int64_t index;

        span_copy(piece, key, sizeof(key));
        value = json_is_array(value) && span_int(piece, &index)
                    ? json_array_get(value, (size_t)index)
                    : json_object_get(value, key);
    }
    return value;
}

static inline void gateway_check(const struct gateway_prices *prices, const struct gateway_row *row)
{
    json_t *document = gateway_document(prices, row->in), *want;
    const json_t *got = gateway_at(document, row->at);
    char *text = gateway_quoted(row->want);

    want = json_loads(text, JSON_DECODE_ANY, NULL);
    if (!want && strcmp(row->want, "absent") != 0)
        fail_msg("%s: the test's own JSON is wrong: %s", row->why, row->want);
    if (want ? !got || !json_equal(got, want) : got != NULL) {
        char *is = got ? json_dumps(got, JSON_ENCODE_ANY) : xstrdup("absent");

        print_message("%s: %s is %s, not %s\n", row->why, row->at, is, row->want);
        free(is);
        fail();
    }
    json_decref(want);
    json_decref(document);
    free(text);
}

static inline void gateway_check_all(void **state, const struct gateway_row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        gateway_check(*state, &rows[i]);
}

#endif
