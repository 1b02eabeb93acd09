/* gateway/usage_session.c — sessions as gateways tell them, in every shape there has been.
 *
 *   {"sessionId":"s1","model":"claude-opus-4-7","usage":{"input_tokens":10,"cost":{"total":0.1}}}
 *   {"key":"agent:main:main","inputTokens":10,"estimatedCostUsd":0.1,"updatedAt":1795315027527}
 *   {"sessionId":"s1","usage":{"input":10,"totalCost":0.1,"modelUsage":[{"model":…,"totals":…}]}}
 *
 * Finds the list, and makes of each session a sum and one piece for each model that worked in it.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "gateway/usage_internal.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

/* ---- spellings ---- */

static const char *const input_names[] = { "input_tokens", "inputTokens", "input", NULL };
static const char *const output_names[] = { "output_tokens", "outputTokens", "output", NULL };
static const char *const read_names[] = { "cache_read_input_tokens", "cacheReadTokens",
                                          "cache_read", "cacheRead", NULL };
static const char *const write_names[] = { "cache_creation_input_tokens", "cacheWriteTokens",
                                           "cache_write", "cacheWrite", NULL };
static const char *const own_input_names[] = { "input_tokens", "inputTokens", NULL };
static const char *const own_output_names[] = { "output_tokens", "outputTokens", NULL };
static const char *const own_read_names[] = { "cache_read_tokens", "cacheReadTokens", NULL };
static const char *const own_write_names[] = { "cache_write_tokens", "cacheWriteTokens", NULL };

static const struct {
    size_t at;                /* of the int64_t in struct amount */
    const char *const *block; /* in "usage" or "tokens" */
    const char *const *own;   /* in the session itself */
} amounts[] = {
    { offsetof(struct amount, input), input_names, own_input_names },
    { offsetof(struct amount, output), output_names, own_output_names },
    { offsetof(struct amount, cache_read), read_names, own_read_names },
    { offsetof(struct amount, cache_write), write_names, own_write_names },
};

static const char *const calls_names[] = { "calls", "messageCount", "messages", NULL };
static const char *const assistant_names[] = { "assistant", NULL };
static const char *const count_names[] = { "count", "calls", NULL };
static const char *const own_cost_names[] = { "cost", "cost_usd", "costUsd", "estimatedCostUsd",
                                              NULL };
static const char *const id_names[] = { "sessionId", "id", "session_id", "key", NULL };
static const char *const label_names[] = { "label",       "name",         "title",
                                           "displayName", "derivedTitle", NULL };
static const char *const updated_names[] = { "updated_at",    "updatedAt",      "lastActivity",
                                             "last_activity", "lastActivityAt", NULL };
static const char *const created_names[] = { "created_at", "createdAt", NULL };
static const char *const last_names[] = { "lastActivity", NULL };

/* Keys of usage.cost that older gateways kept sessions below. */
static const char *const window_names[] = { "5hour", "5h", "today", "week", "7day", "data", NULL };

/* ---- finding them ---- */

/* A list, or an object's "sessions". NULL when it is neither. */
static const json_t *list_in(const json_t *value)
{
    const json_t *list = json_is_array(value) ? value : json_object_get(value, "sessions");

    return json_is_array(list) ? list : NULL;
}

static const json_t *find_sessions(const struct tally *t)
{
    const json_t *list = list_in(t->sessions);
    size_t i;

    if (json_array_size(list) > 0)
        return list;
    list = json_object_get(t->cost, "sessions");
    for (i = 0; json_array_size(list) == 0 && window_names[i]; i++) {
        const json_t *below = list_in(json_object_get(t->cost, window_names[i]));

        if (below)
            return below;
    }
    return list;
}

/* ---- one session ---- */

/* "usage", else "tokens"; something else in "usage" hides "tokens" all the same. */
static const json_t *find_block(const json_t *session)
{
    const json_t *block = json_object_get(session, "usage");

    if (usage_is_empty(block))
        block = json_object_get(session, "tokens");
    return json_is_object(block) ? block : NULL;
}

static int64_t *amount_at(struct amount *amount, size_t i)
{
    return (int64_t *)(void *)((char *)amount + amounts[i].at);
}

struct amount amount_read(const json_t *block)
{
    struct place place = { block, NULL };
    struct amount amount = { 0 };
    size_t i;

    for (i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
        place_count(place, amounts[i].block, amount_at(&amount, i));
    return amount;
}

static struct amount session_amount(const json_t *session, const json_t *block)
{
    struct place own = { session, NULL };
    struct amount amount = amount_read(block);
    size_t i;

    for (i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
        if (*amount_at(&amount, i) == 0)
            place_count(own, amounts[i].own, amount_at(&amount, i));
    }
    return amount;
}

/* The first positive of what the gateway says it cost; 0 if it says nothing. */
static int64_t told_cost(const json_t *session, const json_t *block)
{
    const json_t *cost = json_object_get(block, "cost");
    const json_t *in_block[] = { json_object_get(cost, "total"), cost,
                                 json_object_get(block, "totalCost") };
    int64_t nusd = 0;
    size_t i;

    for (i = 0; i < sizeof(in_block) / sizeof(in_block[0]); i++) {
        if (usage_money(in_block[i], &nusd) && nusd > 0)
            return nusd;
    }
    for (i = 0; own_cost_names[i]; i++) {
        if (usage_money(json_object_get(session, own_cost_names[i]), &nusd) && nusd > 0)
            return nusd;
    }
    return 0;
}

static int64_t session_calls(const json_t *session, const json_t *block)
{
    struct place counts = { json_object_get(block, "messageCounts"), NULL };
    int64_t calls = 1;

    if (!place_count((struct place){ session, NULL }, calls_names, &calls))
        place_count(counts, assistant_names, &calls);
    return calls;
}

void piece_price(const struct tally *t, int64_t at_ms, int64_t told_nusd, struct piece *piece)
{
    int64_t list_nusd;

    piece->unpriced =
        !amount_price(t->settings->prices, &piece->name, at_ms, &piece->amount, &list_nusd);
    piece->cost_nusd = told_nusd > 0 ? told_nusd : list_nusd;
}

bool piece_read(const struct tally *t, const json_t *entry, int64_t at_ms, struct piece *piece)
{
    const json_t *totals = json_object_get(entry, "totals");

    if (!json_is_object(entry))
        return false;
    if (!json_is_object(totals))
        totals = entry;
    *piece = (struct piece){ .amount = amount_read(totals), .calls = 1 };
    piece->name = model_name_read(t->out->arena, entry);
    place_count((struct place){ entry, NULL }, count_names, &piece->calls);
    piece_price(t, at_ms, told_cost(entry, totals), piece);
    return true;
}

static void add_piece(struct tally *t, const struct piece *piece)
{
    t->pieces = xgrow(t->pieces, t->pieces_n, &t->pieces_space, sizeof(*t->pieces));
    t->pieces[t->pieces_n++] = *piece;
}

/* Adds the pieces of modelUsage. *main becomes the one with most tokens, with the cost of all.
 * False when they say nothing: then nothing was added. */
static bool add_models(struct tally *t, const json_t *block, int64_t at_ms, struct piece *main)
{
    const json_t *list = json_object_get(block, "modelUsage");
    int64_t tokens = 0, most = -1, cost_nusd = 0;
    size_t first = t->pieces_n, i;

    for (i = 0; i < json_array_size(list); i++) {
        struct piece piece;
        int64_t made;

        if (!piece_read(t, json_array_get(list, i), at_ms, &piece))
            continue;
        add_piece(t, &piece);
        made = piece.amount.input + piece.amount.output;
        tokens += made + piece.amount.cache_read + piece.amount.cache_write;
        cost_nusd = usage_add(cost_nusd, piece.cost_nusd);
        if (made > most)
            *main = piece;
        most = made > most ? made : most;
    }
    if (tokens == 0 && cost_nusd == 0) {
        t->pieces_n = first;
        return false;
    }
    main->cost_nusd = cost_nusd;
    return true;
}

/* Ids may be numbers. */
static struct span read_id(struct tally *t, const json_t *session)
{
    char digits[24];
    size_t i;

    for (i = 0; id_names[i]; i++) {
        const json_t *value = json_object_get(session, id_names[i]);
        struct span text = usage_text(value);

        if (json_is_integer(value)) {
            snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            text = span_of(digits);
        }
        if (text.p)
            return usage_keep(t->out->arena, text);
    }
    return SPAN_ABSENT;
}

static void read_times(const json_t *session, const json_t *block, struct session_sum *sum)
{
    struct place own = { session, NULL };

    if (!place_time(own, updated_names, &sum->updated_ms))
        place_time((struct place){ block, NULL }, last_names, &sum->updated_ms);
    sum->activity_ms = sum->updated_ms;
    if (sum->activity_ms == 0)
        place_time(own, created_names, &sum->activity_ms);
}

static void read_session(struct tally *t, const json_t *session)
{
    const json_t *block = find_block(session);
    struct piece whole = { .amount = session_amount(session, block) }, main = { 0 };
    int64_t told_nusd = told_cost(session, block), at_ms;
    struct session_sum sum = { 0 };

    read_times(session, block, &sum);
    at_ms = sum.updated_ms ? sum.updated_ms : t->now_ms;
    whole.name = model_name_read(t->out->arena, session);
    whole.calls = session_calls(session, block);
    if (add_models(t, block, at_ms, &main)) {
        whole.cost_nusd = told_nusd > 0 ? told_nusd : main.cost_nusd;
        if (!whole.name.is_told)
            whole.name = main.name;
    } else {
        piece_price(t, at_ms, told_nusd, &whole);
        add_piece(t, &whole);
        main.name = whole.name;
    }
    tally_quarters(t, block, &main.name);
    sum.id = read_id(t, session);
    sum.label = usage_keep(t->out->arena, place_text((struct place){ session, NULL }, label_names));
    sum.model = whole.name.is_told ? whole.name.key : SPAN_ABSENT;
    sum.cost_nusd = whole.cost_nusd;
    sum.tokens = whole.amount.input + whole.amount.output;
    sum.output = whole.amount.output;
    t->sums = xgrow(t->sums, t->sums_n, &t->sums_space, sizeof(*t->sums));
    t->sums[t->sums_n++] = sum;
}

void tally_sessions(struct tally *t)
{
    const json_t *list = find_sessions(t);
    size_t i;

    for (i = 0; i < json_array_size(list); i++) {
        if (json_is_object(json_array_get(list, i)))
            read_session(t, json_array_get(list, i));
    }
}
