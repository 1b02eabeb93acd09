/* gateway/usage_model.c — the rows of the document: spend by model, the dearest sessions.
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/mem.h"
#include "gateway/usage_internal.h"

#include <stdlib.h>

/* To whole hundred-millionths of a dollar, half up. */
static int64_t round_money(int64_t nusd)
{
    return nusd > INT64_MAX - 5 ? INT64_MAX / 10 * 10 : (nusd + 5) / 10 * 10;
}

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* ---- models ---- */

static int pieces_by_key(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;

    return span_cmp(x->name.key, y->name.key);
}

static int models_by_cost(const void *a, const void *b)
{
    const struct gateway_model *x = a, *y = b;
    int order = by_number(y->cost_nusd, x->cost_nusd);

    if (order == 0)
        order = by_number(y->tokens, x->tokens);
    return order ? order : span_cmp(x->key, y->key);
}

static void add_piece(struct gateway_model *model, const struct piece *piece)
{
    model->key = piece->name.key;
    model->provider = piece->name.provider;
    model->model = piece->name.model;
    model->input = usage_add(model->input, piece->amount.input);
    model->output = usage_add(model->output, piece->amount.output);
    model->cache_read = usage_add(model->cache_read, piece->amount.cache_read);
    model->cache_write = usage_add(model->cache_write, piece->amount.cache_write);
    model->tokens = usage_add(model->input, model->output);
    model->calls = usage_add(model->calls, piece->calls);
    model->cost_nusd = usage_add(model->cost_nusd, piece->cost_nusd);
    model->unpriced |= piece->unpriced;
}

/* Adds the pieces up by model, and all of them for `current`. */
static void fill(struct gateway_usage *out, struct piece *pieces, size_t n)
{
    int64_t cost_nusd = 0;
    size_t i;

    if (n == 0)
        return;
    qsort(pieces, n, sizeof(*pieces), pieces_by_key);
    out->models = arena_take(out->arena, n * sizeof(*out->models));
    for (i = 0; i < n; i++) {
        if (i == 0 || !span_eq(pieces[i].name.key, pieces[i - 1].name.key))
            out->models_n++;
        add_piece(&out->models[out->models_n - 1], &pieces[i]);
    }
    for (i = 0; i < out->models_n; i++) {
        struct gateway_model *model = &out->models[i];

        cost_nusd = usage_add(cost_nusd, model->cost_nusd);
        model->cost_nusd = round_money(model->cost_nusd);
        out->current.tokens = usage_add(out->current.tokens, model->tokens);
        out->current.output_tokens = usage_add(out->current.output_tokens, model->output);
        out->current.calls = usage_add(out->current.calls, model->calls);
    }
    out->current.cost_nusd = round_money(cost_nusd);
    qsort(out->models, out->models_n, sizeof(*out->models), models_by_cost);
}

/* The gateway's own sums cover sessions too that its list leaves out. */
static size_t read_aggregates(const struct tally *t, struct piece **pieces)
{
    const json_t *list = json_object_get(json_object_get(t->sessions, "aggregates"), "byModel");
    size_t n = 0, i;

    *pieces = xcalloc(json_array_size(list) + 1, sizeof(**pieces));
    for (i = 0; i < json_array_size(list); i++)
        n += piece_read(t, json_array_get(list, i), t->now_ms, &(*pieces)[n]);
    return n;
}

void tally_fill_models(struct tally *t)
{
    struct piece *aggregates;
    size_t n = read_aggregates(t, &aggregates);

    t->out->models_source = n > 0 ? GATEWAY_SOURCE_AGGREGATES : GATEWAY_SOURCE_SESSIONS;
    if (n > 0)
        fill(t->out, aggregates, n);
    else
        fill(t->out, t->pieces, t->pieces_n);
    free(aggregates);
}

/* ---- sessions ---- */

static int sessions_by_cost(const void *a, const void *b)
{
    const struct session_sum *x = a, *y = b;
    int order = by_number(round_money(y->cost_nusd), round_money(x->cost_nusd));

    if (order == 0)
        order = by_number(y->tokens, x->tokens);
    return order ? order : span_cmp(x->id, y->id);
}

void tally_fill_top(struct tally *t)
{
    struct gateway_usage *out = t->out;

    if (t->sums_n > 1)
        qsort(t->sums, t->sums_n, sizeof(*t->sums), sessions_by_cost);
    for (; out->top_n < GATEWAY_TOP && out->top_n < t->sums_n; out->top_n++) {
        const struct session_sum *sum = &t->sums[out->top_n];

        out->top[out->top_n] = (struct gateway_session){
            .id = sum->id,
            .label = sum->label,
            .model = sum->model,
            .cost_nusd = round_money(sum->cost_nusd),
            .tokens = sum->tokens,
            .updated_ms = sum->updated_ms,
        };
    }
}
