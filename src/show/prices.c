/* show/prices.c — see prices.h.
 *
 *   Model        From        Input  Output  Cache read  Write 5m  Write 1h  Source
 *   gpt-5.6-sol  2026-08-21      4      20         0.4         5         8  compiled
 *     > 272,000                  8      30         0.8        10        16
 *
 * SPDX-License-Identifier: MIT
 */
#include "show/prices.h"

#include "base/civil.h"
#include "base/json_out.h"
#include "show/show_internal.h"

#include <inttypes.h>

#define MODEL_MIN 8

static const char *const rate_heads[RATE_KINDS] = { "Input", "Output", "Cache read", "Write 5m",
                                                    "Write 1h" };
static const char *const rate_keys[RATE_KINDS] = { "input", "output", "cacheRead", "cacheWrite5m",
                                                   "cacheWrite1h" };
static const char *const factor_words[FACTORS] = { "fast", "fast, long", "batch",
                                                   "flex", "priority",   "US" };
static const char *const factor_keys[FACTORS] = { "fast", "fastLong", "batch",
                                                  "flex", "priority", "geoUs" };
static const char *const origin_words[] = {
    [PRICE_BUILT_IN] = "built in",     [PRICE_IMPORTED] = "imported",
    [PRICE_FILE_BY_MODEL] = "file",    [PRICE_FILE] = "file",
    [PRICE_CONFIGURED] = "configured",
};
static const char *const rule_words[] = {
    [PRICE_BY_NAME] = "by its name",
    [PRICE_BY_ALIAS] = "by model_aliases of the configuration",
    [PRICE_BY_VENDOR] = "by who serves it",
    [PRICE_BY_STRIPPED] = "by its name without what resellers and dates add",
    [PRICE_BY_NOTHING] = "not found",
};
static const char *const rule_keys[] = {
    [PRICE_BY_NAME] = "name",         [PRICE_BY_ALIAS] = "alias",
    [PRICE_BY_VENDOR] = "vendor",     [PRICE_BY_STRIPPED] = "stripped",
    [PRICE_BY_NOTHING] = "not found",
};

/* value / 10^digits, at least `least` decimals and as many as there are. */
static void add_decimal(struct buf *out, __int128 value, int digits, int least)
{
    char text[64];
    int n = 0, i, kept = digits;

    for (i = 0; i < digits || value > 0 || i == digits; i++, value /= 10)
        text[n++] = (char)('0' + (int)(value % 10));
    for (i = 0; kept > least && text[i] == '0'; i++)
        kept--;
    for (i = n - 1; i >= digits - kept; i--) {
        if (i == digits - 1)
            buf_add_char(out, '.');
        buf_add_char(out, text[i]);
    }
}

/* Picodollars per token are millionths of a dollar per million tokens. */
static void add_rate(struct buf *out, int64_t pusd)
{
    add_decimal(out, pusd, 6, 0);
}

static void add_factor(struct buf *out, int64_t factor)
{
    add_decimal(out, factor < 0 ? FACTOR_ONE : factor, 6, 0);
}

void show_exact_cost(struct buf *out, int64_t nusd)
{
    if (nusd < 0)
        buf_add_char(out, '-');
    buf_add_char(out, '$');
    add_decimal(out, nusd < 0 ? -(__int128)nusd : nusd, 9, 2);
}

static void add_day(struct buf *out, const struct price_row *row)
{
    char day[CIVIL_DAY_SIZE];

    if (row->valid_from_ms == INT64_MIN) {
        buf_add_text(out, "always");
        return;
    }
    civil_format_day(row->valid_from_ms / MS_PER_DAY, day);
    buf_add_text(out, day);
}

/* ---- the list ---- */

static void add_cell(struct buf *out, struct buf *cell, int width, enum side side)
{
    show_padded(out, buf_span(cell), width, side);
    buf_clear(cell);
}

static void add_rates(struct buf *out, struct buf *cell, const int64_t *rates)
{
    int i;

    for (i = 0; i < RATE_KINDS; i++) {
        add_rate(cell, rates[i]);
        buf_add_text(out, "  ");
        add_cell(out, cell, (int)strlen(rate_heads[i]) < 8 ? 8 : (int)strlen(rate_heads[i]),
                 SIDE_RIGHT);
    }
}

static int name_width(const struct show_prices *prices)
{
    int width = MODEL_MIN;
    size_t i;

    for (i = 0; i < prices->n; i++) {
        int wide = show_width(prices->rows[i]->name);

        width = wide > width ? wide : width;
    }
    return width;
}

static void add_head(struct buf *out, const struct show_style *style, int width)
{
    struct buf line = { 0 };
    int i;

    buf_printf(&line, "%-*s  %-10s", width, "Model", "From");
    for (i = 0; i < RATE_KINDS; i++)
        buf_printf(&line, "  %8s", rate_heads[i]);
    buf_add_text(&line, "  Source");
    show_paint(out, style, PAINT_DIM, buf_span(&line));
    buf_add_char(out, '\n');
    buf_fini(&line);
}

static void add_row(struct buf *out, const struct show_style *style, const struct price_row *row,
                    int width)
{
    struct buf cell = { 0 };

    show_text(&cell, row->name, 0, style->unicode);
    add_cell(out, &cell, width + 2, SIDE_LEFT);
    add_day(&cell, row);
    add_cell(out, &cell, 10, SIDE_LEFT);
    add_rates(out, &cell, row->rates);
    buf_add_text(out, "  ");
    show_text(out, row->source, 0, style->unicode);
    buf_add_char(out, '\n');
    if (row->long_above < INT64_MAX) {
        buf_add_text(&cell, "  > ");
        show_count(&cell, row->long_above);
        add_cell(out, &cell, width + 12, SIDE_LEFT);
        add_rates(out, &cell, row->long_rates);
        buf_add_char(out, '\n');
    }
    buf_fini(&cell);
}

void show_price_list(struct buf *out, const struct show_prices *prices,
                     const struct show_style *style)
{
    int width = name_width(prices);
    size_t i;

    add_head(out, style, width);
    for (i = 0; i < prices->n; i++)
        add_row(out, style, prices->rows[i], width);
    show_paint(out, style, PAINT_DIM, SPAN_LIT("US dollars per million tokens\n"));
}

static void put_rate(struct json_out *json, const char *key, int64_t pusd)
{
    json_key(json, key);
    json_money(json, pusd * 1000); /* six decimals: exact */
}

static void put_rates(struct json_out *json, const int64_t *rates)
{
    int i;

    for (i = 0; i < RATE_KINDS; i++)
        put_rate(json, rate_keys[i], rates[i]);
}

void show_price_row_json(struct json_out *json, const struct price_row *row)
{
    char day[CIVIL_DAY_SIZE];
    int i;

    json_open(json, '{');
    json_put_text(json, "model", row->name);
    json_key(json, "validFrom");
    if (row->valid_from_ms == INT64_MIN) {
        json_nil(json);
    } else {
        civil_format_day(row->valid_from_ms / MS_PER_DAY, day);
        json_text(json, span_of(day));
    }
    put_rates(json, row->rates);
    json_key(json, "long");
    if (row->long_above < INT64_MAX) {
        json_open(json, '{');
        json_put_int(json, "above", row->long_above);
        put_rates(json, row->long_rates);
        json_close(json, '}');
    } else {
        json_nil(json);
    }
    json_key(json, "factors");
    json_open(json, '{');
    for (i = 0; i < FACTORS; i++) {
        if (row->factors[i] >= 0)
            put_rate(json, factor_keys[i], row->factors[i]);
    }
    json_close(json, '}');
    json_put_money(json, "webSearch", row->web_search_nusd);
    json_put_text(json, "origin", span_of(origin_words[row->origin]));
    json_put_text(json, "source", row->source);
    json_put_text(json, "checked", row->checked);
    json_close(json, '}');
}

void show_price_list_json(struct buf *out, const struct show_prices *prices)
{
    struct json_out json;
    size_t i;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_text(&json, "unit", SPAN_LIT("USD per million tokens"));
    json_key(&json, "prices");
    json_open(&json, '[');
    for (i = 0; i < prices->n; i++)
        show_price_row_json(&json, prices->rows[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

void show_stale_prices(struct buf *out, const struct show_style *style)
{
    show_paint(out, style, PAINT_DIM,
               SPAN_LIT("prices have changed since these costs were computed; "
                        "'tacho reprice' brings them up to date"));
    buf_add_char(out, '\n');
}

/* ---- a bill ---- */

static const char *const kind_words[TOKEN_BILLED] = {
    [TOKEN_INPUT] = "input",
    [TOKEN_OUTPUT] = "output",
    [TOKEN_CACHE_READ] = "cache read",
    [TOKEN_CACHE_WRITE_5M] = "cache write",
    [TOKEN_CACHE_WRITE_1H] = "cache write, 1 h",
};
static const char *const kind_keys[TOKEN_BILLED] = {
    [TOKEN_INPUT] = "input",
    [TOKEN_OUTPUT] = "output",
    [TOKEN_CACHE_READ] = "cacheRead",
    [TOKEN_CACHE_WRITE_5M] = "cacheWrite5m",
    [TOKEN_CACHE_WRITE_1H] = "cacheWrite1h",
};

static void add_line(struct buf *out, const char *label, struct buf *text)
{
    buf_printf(out, "  %-18s", label);
    buf_add_span(out, buf_span(text));
    buf_add_char(out, '\n');
    buf_clear(text);
}

static void add_terms(struct buf *out, const struct show_bill *b, struct buf *text)
{
    const struct price_bill *bill = &b->bill;
    int i;

    for (i = 0; i < TOKEN_BILLED; i++) {
        int64_t tokens = b->figures.tokens[i];

        if (tokens == 0)
            continue;
        show_count(text, tokens);
        buf_add_text(text, " x $");
        add_rate(text, bill->token_pusd[i]);
        buf_add_text(text, "/M = $");
        add_decimal(text, (__int128)tokens * bill->token_pusd[i], 12, 2);
        add_line(out, kind_words[i], text);
    }
    for (i = 0; i < bill->factors_n; i++) {
        buf_add_text(text, "x ");
        add_factor(text, b->row->factors[bill->factors[i]]);
        if (b->row->factors[bill->factors[i]] < 0)
            buf_add_text(text, " (none is known)");
        add_line(out, factor_words[bill->factors[i]], text);
    }
    if (b->figures.web_searches > 0) {
        show_count(text, b->figures.web_searches);
        buf_add_text(text, " x ");
        show_exact_cost(text, b->row->web_search_nusd);
        add_line(out, "web searches", text);
    }
}

static void add_why(struct buf *out, const struct show_bill *b, const struct show_style *style,
                    struct buf *text)
{
    buf_add_text(text, rule_words[b->match.rule]);
    add_line(out, "found", text);
    if (!b->row)
        return;
    show_text(text, b->row->name, 0, style->unicode);
    buf_add_text(text, b->row->valid_from_ms == INT64_MIN ? ", " : ", from ");
    add_day(text, b->row);
    buf_printf(text, ", %s", origin_words[b->row->origin]);
    add_line(out, "row", text);
    show_text(text, b->row->source, 0, style->unicode);
    if (b->row->checked.len > 0)
        buf_printf(text, ", as of %.*s", (int)b->row->checked.len, b->row->checked.p);
    add_line(out, "source", text);
    if (b->row->long_above == INT64_MAX)
        return;
    if (b->has_figures) {
        buf_add_text(text, b->bill.is_long ? "long: " : "short: ");
        show_count(text, figures_prompt(&b->figures));
        buf_add_text(text, b->bill.is_long ? " tokens of prompt are above "
                                           : " tokens of prompt are not above ");
    } else {
        buf_add_text(text, "long above ");
    }
    show_count(text, b->row->long_above);
    add_line(out, "rates", text);
}

static void add_row_rates(struct buf *out, const struct price_row *row, struct buf *text)
{
    int i;

    for (i = 0; i < RATE_KINDS; i++) {
        buf_add_char(text, '$');
        add_rate(text, row->rates[i]);
        buf_add_text(text, "/M");
        if (row->long_above < INT64_MAX) {
            buf_add_text(text, ", long $");
            add_rate(text, row->long_rates[i]);
            buf_add_text(text, "/M");
        }
        add_line(out, rate_heads[i], text);
    }
}

static void add_total(struct buf *out, const struct show_bill *b, struct buf *text)
{
    if (b->bill.cost_nusd == COST_UNKNOWN)
        buf_add_text(text, "unknown");
    else
        show_exact_cost(text, b->bill.cost_nusd);
    if (b->match.is_free)
        buf_add_text(text, " (its name says that it is free)");
    else if (b->bill.guessed)
        buf_add_text(text, " (estimated: a rate or factor is not known)");
    add_line(out, "list cost", text);
    if (b->figures.logged_nusd != COST_UNTOLD) {
        show_exact_cost(text, b->figures.logged_nusd);
        add_line(out, "logged cost", text);
    }
}

void show_bill(struct buf *out, const struct show_bill *b, const struct show_style *style)
{
    char stamp[CIVIL_TIME_SIZE];
    struct buf text = { 0 };

    show_text(out, b->model, 0, style->unicode);
    civil_format_iso(b->event_ms ? b->event_ms : b->at_ms, stamp);
    if (b->event_ms)
        buf_printf(out, ", its last event, %s\n", stamp);
    else
        buf_printf(out, ", %.10s\n", stamp);
    add_why(out, b, style, &text);
    if (b->has_figures && b->row)
        add_terms(out, b, &text);
    else if (b->row)
        add_row_rates(out, b->row, &text);
    if (b->has_figures || b->match.is_free)
        add_total(out, b, &text);
    if (!b->row && !b->match.is_free)
        show_price_hint(out, b->model, style);
    buf_fini(&text);
}

static void put_terms(struct json_out *json, const struct show_bill *b)
{
    int i;

    json_key(json, "terms");
    json_open(json, '[');
    for (i = 0; i < TOKEN_BILLED; i++) {
        if (b->figures.tokens[i] == 0 || !b->row)
            continue;
        json_open(json, '{');
        json_put_text(json, "kind", span_of(kind_keys[i]));
        json_put_int(json, "tokens", b->figures.tokens[i]);
        put_rate(json, "rate", b->bill.token_pusd[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "factors");
    json_open(json, '[');
    for (i = 0; i < b->bill.factors_n; i++) {
        int64_t factor = b->row->factors[b->bill.factors[i]];

        json_open(json, '{');
        json_put_text(json, "name", span_of(factor_keys[b->bill.factors[i]]));
        put_rate(json, "factor", factor < 0 ? FACTOR_ONE : factor);
        json_put_bool(json, "known", factor >= 0);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_put_int(json, "webSearches", b->figures.web_searches);
}

static void put_cost(struct json_out *json, const char *key, int64_t nusd)
{
    json_key(json, key);
    if (nusd == COST_UNKNOWN) /* the same as COST_UNTOLD */
        json_nil(json);
    else
        json_money(json, nusd);
}
_Static_assert(COST_UNKNOWN == COST_UNTOLD, "put_cost writes both as null");

void show_bill_json(struct buf *out, const struct show_bill *b)
{
    char stamp[CIVIL_TIME_SIZE];
    struct json_out json;

    civil_format_iso(b->event_ms ? b->event_ms : b->at_ms, stamp);
    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_text(&json, "model", b->model);
    json_put_text(&json, "at", span_of(stamp));
    json_put_bool(&json, "event", b->event_ms != 0);
    json_put_text(&json, "rule", span_of(rule_keys[b->match.rule]));
    json_put_bool(&json, "free", b->match.is_free);
    json_key(&json, "row");
    if (b->row)
        show_price_row_json(&json, b->row);
    else
        json_nil(&json);
    if (b->has_figures) {
        json_put_bool(&json, "long", b->bill.is_long);
        put_terms(&json, b);
        put_cost(&json, "listCost", b->bill.cost_nusd);
        put_cost(&json, "loggedCost", b->figures.logged_nusd);
        json_put_bool(&json, "estimated", b->bill.guessed);
    }
    json_put_bool(&json, "unpriced", !b->row && !b->match.is_free);
    json_close(&json, '}');
    buf_add_char(out, '\n');
}
