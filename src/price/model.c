/* price/model.c — the name under which a model stands in the price table.
 *
 * Logs name one model in many ways: with the reseller's path in front, with a date or revision
 * behind. Only the forms listed here are taken off; anything else is another model. Never by
 * prefix, never by "contains": "gpt-5.4-ultra" is not "gpt-5.4".
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

static const char *const prefixes[] = {
    "anthropic/",      "openai/",           "google/",       "vertex_ai/",
    "openrouter/",     "bedrock/",          "us.anthropic.", "eu.anthropic.",
    "apac.anthropic.", "global.anthropic.", "anthropic.",    "models/",
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

    model = cut_prefixes(span_trim(model));
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
        len = cut_revision(out, len);
        len = cut_date(out, len);
    } while (len < before);
    if (len > 6 && memcmp(out, "claude", 6) == 0)
        dots_to_dashes(out, len);
    out[len] = '\0';
    return len;
}
