/* config/value.c — one value: is it allowed, what would be, and where does it go.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

/* Flags and choices are words out of a list. */
static struct span words_of(const struct config_option *option)
{
    return option->type == CONFIG_FLAG ? SPAN_LIT("true false") : span_of(option->choices);
}

static bool is_one_of(struct span words, const char *text)
{
    struct span word;

    while (span_split(&words, ' ', &word)) {
        if (span_is(word, text))
            return true;
    }
    return false;
}

/* "" stands for the default there. */
static bool may_be_empty(const struct config_option *option)
{
    return option->fallback && !option->fallback[0];
}

bool config_allows(const struct config_option *option, const char *text)
{
    int64_t n;

    switch (option->type) {
    case CONFIG_FLAG:
    case CONFIG_CHOICE:
        return is_one_of(words_of(option), text);
    case CONFIG_INT:
        return span_int(span_of(text), &n) && n >= option->min && n <= option->max;
    case CONFIG_TEXT:
        return text[0] || may_be_empty(option);
    case CONFIG_LIST:
        return text[0];
    case CONFIG_OBJECT:
        return text[0] == '{';
    case CONFIG_EITHER:
        return text[0];
    }
    return false;
}

/* "auto, always or never" */
static void add_words(struct buf *out, struct span words)
{
    struct span word;
    bool first = true;

    while (span_split(&words, ' ', &word)) {
        if (!first)
            buf_add_text(out, words.len > 0 ? ", " : " or ");
        buf_add_span(out, word);
        first = false;
    }
}

void config_describe(struct buf *out, const struct config_option *option)
{
    switch (option->type) {
    case CONFIG_FLAG:
    case CONFIG_CHOICE:
        add_words(out, words_of(option));
        break;
    case CONFIG_INT:
        buf_printf(out, "a whole number from %" PRId64 " to %" PRId64, option->min, option->max);
        break;
    case CONFIG_TEXT:
        buf_add_text(out, may_be_empty(option) ? "a text" : "a text that is not empty");
        break;
    case CONFIG_LIST:
        buf_add_text(out, "a list of texts that are not empty");
        break;
    case CONFIG_OBJECT:
        buf_add_text(out, "an object, { ... }");
        break;
    case CONFIG_EITHER:
        buf_add_text(out, "a text that is not empty or an object, { ... }");
        break;
    }
}

static void put_text(char **place, const char *text)
{
    free(*place);
    *place = xstrdup(text);
}

static void put_list(char ***place, const char *text)
{
    size_t n = 0;

    while (*place && (*place)[n])
        n++;
    *place = xreallocarray(*place, n + 2, sizeof(**place));
    (*place)[n] = xstrdup(text);
    (*place)[n + 1] = NULL;
}

void config_put(struct config *config, const struct config_option *option, const char *text,
                enum config_origin origin)
{
    void *place = (char *)config + option->at;

    assert(config_allows(option, text));
    config->origins[option - config_options] = (unsigned char)origin;
    switch (option->type) {
    case CONFIG_FLAG:
        *(bool *)place = span_is(span_of(text), "true");
        break;
    case CONFIG_INT:
        span_int(span_of(text), place);
        break;
    case CONFIG_TEXT:
    case CONFIG_CHOICE:
    case CONFIG_OBJECT:
    case CONFIG_EITHER:
        put_text(place, text);
        break;
    case CONFIG_LIST:
        put_list(place, text);
        break;
    }
}

enum config_origin config_origin_of(const struct config *config, const struct config_option *option)
{
    return (enum config_origin)config->origins[option - config_options];
}

void config_suggest(struct config *config, const char *name, const char *text)
{
    const struct config_option *o = config_options;

    while (!span_is(span_of(name), o->name))
        o++;
    config_put(config, o, text, CONFIG_DEFAULT);
}

bool config_was_given(const struct config *config, const struct config_option *option)
{
    return config_origin_of(config, option) == CONFIG_OPTION;
}

bool config_is_word(const struct config_option *option)
{
    return (option->where & ~(unsigned)IN_FILE) != 0;
}

const struct config_option *config_option_at(size_t at)
{
    const struct config_option *o = config_options;

    while (o->name && o->at != at)
        o++;
    assert(o->name);
    return o;
}
