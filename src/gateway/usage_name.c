/* gateway/usage_name.c — the one name that a model has, however a gateway spells it.
 *
 *   " Claude ", "anthropic/claude-opus-4-7-20260401"  ->  anthropic/claude-opus-4-7
 * SPDX-License-Identifier: MIT
 */
#include "gateway/usage_internal.h"

#include "base/arena.h"

static const char *const provider_names[] = { "modelProvider", "provider", NULL };
static const char *const model_names[] = { "model", "modelName", NULL };

static const struct {
    const char *said, *meant;
} provider_aliases[] = {
    { "claude", "anthropic" },
    { "codex", "openai" },
    { "local", "ollama" },
    { "gemini", "google" },
};

/* Endings that say which build of a model it is, not which model; a pattern's 'N' is a digit. */
static const char *const suffixes[] = { "-NNNNNNNN", "-latest", "-preview", "-instruct", "-chat" };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct span lower(struct arena *arena, struct span text)
{
    char *copy = arena_text(arena, text);
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] |= 0x20;
    }
    return (struct span){ copy, text.len };
}

static bool ends_as(struct span text, const char *pattern)
{
    size_t n = strlen(pattern), i;

    if (text.len < n)
        return false;
    text.p += text.len - n;
    for (i = 0; i < n; i++) {
        if (pattern[i] == 'N' ? !is_digit(text.p[i]) : text.p[i] != pattern[i])
            return false;
    }
    return true;
}

/* The length of "-v2", "-v1.10" at the end, or 0. */
static size_t version_len(struct span text)
{
    size_t at = text.len;

    for (;;) {
        size_t digits = at;

        while (at > 0 && is_digit(text.p[at - 1]))
            at--;
        if (at == digits || at == 0)
            return 0;
        if (text.p[at - 1] != '.')
            break;
        at--;
    }
    return at >= 2 && text.p[at - 1] == 'v' && text.p[at - 2] == '-' ? text.len - at + 2 : 0;
}

static size_t suffix_len(struct span text)
{
    size_t i;

    for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (ends_as(text, suffixes[i]))
            return strlen(suffixes[i]);
    }
    return version_len(text);
}

static struct span plain_model(struct span lowered)
{
    const char *slash = memchr(lowered.p, '/', lowered.len);
    struct span plain = lowered;

    if (slash) {
        plain.p = slash + 1;
        plain.len = (size_t)(lowered.p + lowered.len - plain.p);
    }
    plain.len -= suffix_len(plain);
    return plain.len > 0 ? plain : lowered;
}

static struct span plain_provider(struct arena *arena, struct span said)
{
    struct span provider = said.p ? lower(arena, said) : SPAN_LIT("anthropic");
    size_t i;

    for (i = 0; i < sizeof(provider_aliases) / sizeof(provider_aliases[0]); i++) {
        if (span_is(provider, provider_aliases[i].said))
            return span_of(provider_aliases[i].meant);
    }
    return provider;
}

struct model_name model_name_read(struct arena *arena, const json_t *object)
{
    struct place place = { object, NULL };
    struct model_name name = { .raw = place_text(place, model_names) };
    char *key;

    name.is_told = name.raw.p != NULL;
    if (!name.is_told)
        name.raw = SPAN_LIT("unknown");
    name.provider = plain_provider(arena, place_text(place, provider_names));
    name.model = plain_model(lower(arena, name.raw));
    key = arena_take(arena, name.provider.len + name.model.len + 2);
    memcpy(key, name.provider.p, name.provider.len);
    key[name.provider.len] = '/';
    memcpy(key + name.provider.len + 1, name.model.p, name.model.len);
    name.key = (struct span){ key, name.provider.len + name.model.len + 1 };
    return name;
}
