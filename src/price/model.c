/* price/model.c — the name under which a model stands in the price table.
 *
 * Logs name one model in many ways: with the reseller's path in front, with a date or revision
 * behind. Only the forms listed here are taken off; anything else is another model. Never by
 * prefix, never by "contains": "gpt-5.4-ultra" is not "gpt-5.4".
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

static const char *const prefixes[] = {
    "anthropic/",
    "openai/",
    "google/",
    "gemini/",
    "moonshot/",
    "moonshotai/",
    "xai/",
    "x-ai/",
    "zai/",
    "z-ai/",
    "vertex_ai/",
    "openrouter/",
    "bedrock/",
    "converse/",
    "publishers/anthropic/models/",
    "publishers/google/models/",
    "models/",
    "us.anthropic.",
    "eu.anthropic.",
    "apac.anthropic.",
    "jp.anthropic.",
    "au.anthropic.",
    "us-gov.anthropic.",
    "global.anthropic.",
    "anthropic.",
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *p, size_t n)
{
    while (n > 0 && is_digit(*p)) {
        p++;
        n--;
    }
    return n == 0;
}

/* Each answers the name's length without the suffix, or the same length. */

static size_t cut_word(const char *name, size_t len, const char *word)
{
    size_t n = strlen(word);

    return len > n && memcmp(name + len - n, word, n) == 0 ? len - n : len;
}

/* "-20251101", "@20251101", "-2025-11-01" */
static size_t cut_date(const char *name, size_t len)
{
    if (len > 9 && (name[len - 9] == '-' || name[len - 9] == '@') && name[len - 8] == '2' &&
        all_digits(name + len - 8, 8))
        return len - 9;
    if (len > 11 && (name[len - 11] == '-' || name[len - 11] == '@') &&
        all_digits(name + len - 10, 4) && name[len - 6] == '-' && all_digits(name + len - 5, 2) &&
        name[len - 3] == '-' && all_digits(name + len - 2, 2))
        return len - 11;
    return len;
}

/* "-v1:0" */
static size_t cut_revision(const char *name, size_t len)
{
    size_t colon = len, v;

    while (colon > 0 && is_digit(name[colon - 1]))
        colon--;
    if (colon == len || colon == 0 || name[--colon] != ':')
        return len;
    v = colon;
    while (v > 0 && is_digit(name[v - 1]))
        v--;
    return v < colon && v > 2 && name[v - 1] == 'v' && name[v - 2] == '-' ? v - 2 : len;
}

/* "claude-opus-4.5" is written "claude-opus-4-5" by its maker. */
static void dots_to_dashes(char *name, size_t len)
{
    size_t i;

    for (i = 1; i + 1 < len; i++) {
        if (name[i] == '.' && is_digit(name[i - 1]) && is_digit(name[i + 1]))
            name[i] = '-';
    }
}

/* A resource of a cloud, "arn:aws:bedrock:…/us.anthropic.claude-…" or
 * "projects/…/publishers/google/models/gemini-…": what counts stands behind the last slash. */
static struct span cut_resource(struct span model)
{
    const char *slash;

    if (!span_starts(model, "arn:aws") && !span_starts(model, "projects/"))
        return model;
    slash = memrchr(model.p, '/', model.len);
    if (!slash || slash + 1 == model.p + model.len)
        return model;
    return (struct span){ slash + 1, (size_t)(model.p + model.len - slash - 1) };
}

static struct span cut_prefixes(struct span model)
{
    size_t i = 0;

    while (i < sizeof(prefixes) / sizeof(prefixes[0])) {
        size_t n = strlen(prefixes[i]);

        if (span_starts(model, prefixes[i]) && model.len > n) {
            model.p += n;
            model.len -= n;
            i = 0;
        } else {
            i++;
        }
    }
    return model;
}

size_t price_model_name(struct span model, char out[PRICE_NAME_SIZE], bool *is_free)
{
    size_t len, before, i;

    model = cut_prefixes(cut_resource(span_trim(model)));
    if (model.len >= PRICE_NAME_SIZE) /* of no table; cut short it might be another's */
        model.len = 0;
    len = span_copy(model, out, PRICE_NAME_SIZE);
    for (i = 0; i < len; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] |= 0x20;
    }
    *is_free = cut_word(out, len, ":free") < len;
    do {
        before = len;
        len = cut_word(out, len, ":free");
        len = cut_word(out, len, "[1m]");
        len = cut_word(out, len, "-latest");
        len = cut_word(out, len, "@latest");
        len = cut_word(out, len, "@default");
        len = cut_revision(out, len);
        len = cut_date(out, len);
    } while (len < before);
    if (len > 6 && memcmp(out, "claude", 6) == 0)
        dots_to_dashes(out, len);
    out[len] = '\0';
    return len;
}

/* ---- lookup ---- */

static bool find(const struct price_table *table, struct span name, enum price_rule rule,
                 struct price_match *match)
{
    match->n = price_table_find(table, name, &match->rows);
    if (match->n > 0)
        match->rule = rule;
    return match->n > 0;
}

/* "ollama/llama4" by the row of "ollama/" and a star. */
static bool find_vendor(const struct price_table *table, struct span model,
                        struct price_match *match)
{
    const char *slash = memchr(model.p, '/', model.len);
    char star[PRICE_NAME_SIZE];
    size_t len, i;

    if (!slash || (size_t)(slash - model.p) + 3 > sizeof(star))
        return false;
    len = (size_t)(slash - model.p) + 1;
    for (i = 0; i < len; i++)
        star[i] = model.p[i] >= 'A' && model.p[i] <= 'Z' ? (char)(model.p[i] | 0x20) : model.p[i];
    star[len++] = '*';
    return find(table, (struct span){ star, len }, PRICE_BY_VENDOR, match);
}

static struct price_match match_name(const struct price_table *table, struct span model)
{
    struct price_match match = { .rule = PRICE_BY_NOTHING };
    char name[PRICE_NAME_SIZE];
    size_t len = price_model_name(model, name, &match.is_free);

    if (find(table, model, PRICE_BY_NAME, &match) || find_vendor(table, model, &match))
        match.is_free = false; /* somebody has put a price on it all the same */
    else if (match.is_free)
        match.rule = PRICE_BY_STRIPPED;
    else
        find(table, (struct span){ name, len }, PRICE_BY_STRIPPED, &match);
    return match;
}

/* What the configuration calls the model, by its name as logged or stripped; else absent. */
static struct span find_alias(const struct price_table *table, struct span model)
{
    char name[PRICE_NAME_SIZE];
    bool is_free;
    struct span stripped = { name, 0 };
    size_t i;

    if (table->aliases_n == 0)
        return SPAN_ABSENT;
    stripped.len = price_model_name(model, name, &is_free);
    for (i = 0; i < table->aliases_n; i++) {
        if (span_eq(table->aliases[i].from, model) || span_eq(table->aliases[i].from, stripped))
            return table->aliases[i].to;
    }
    return SPAN_ABSENT;
}

struct price_match price_match(const struct price_table *table, struct span model)
{
    struct span alias = find_alias(table, model);
    struct price_match match = match_name(table, alias.p ? alias : model);

    if (alias.p && match.rule != PRICE_BY_NOTHING)
        match.rule = PRICE_BY_ALIAS;
    return match;
}
