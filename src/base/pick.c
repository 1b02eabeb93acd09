/* base/pick.c — one strict pass over a JSON text, picking values on the way.
 *
 * A recursive descent without a tree: every function takes the place where a value begins and
 * answers the place behind it, or NULL for "this is not JSON". Strings, which are most of a log
 * line, are skipped by base/find.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/pick.h"

#include "base/find.h"

#define DEPTH_MAX 1024

struct walk {
    const char *end;
    struct picked *values;
};

static const char *walk_value(const struct walk *w, const char *p, const struct pick_key *keys,
                              int slot, int depth);

static const char *skip_blanks(const struct walk *w, const char *p)
{
    while (p < w->end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Behind the escape that begins at p (a backslash), or NULL. */
static const char *skip_escape(const struct walk *w, const char *p)
{
    int i;

    if (++p >= w->end)
        return NULL;
    if (*p != 'u')
        return memchr("\"\\/bfnrt", *p, 8) ? p + 1 : NULL;
    for (i = 0; i < 4; i++) {
        if (++p >= w->end || !is_hex(*p))
            return NULL;
    }
    return p + 1;
}

/* p stands behind the opening quote; answers the closing one. */
static const char *find_quote(const struct walk *w, const char *p, bool *escaped)
{
    *escaped = false;
    for (;;) {
        p = find_string_stop(p, w->end);
        if (p == w->end || (unsigned char)*p < 0x20)
            return NULL;
        if (*p == '"')
            return p;
        *escaped = true;
        p = skip_escape(w, p);
        if (!p)
            return NULL;
    }
}

static const char *skip_digits(const struct walk *w, const char *p)
{
    const char *start = p;

    while (p < w->end && *p >= '0' && *p <= '9')
        p++;
    return p > start ? p : NULL;
}

static const char *skip_number(const struct walk *w, const char *p)
{
    if (p < w->end && *p == '-')
        p++;
    if (p < w->end && *p == '0')
        p++; /* no digits may follow a leading zero */
    else if (!(p = skip_digits(w, p)))
        return NULL;
    if (p < w->end && *p == '.' && !(p = skip_digits(w, p + 1)))
        return NULL;
    if (p < w->end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < w->end && (*p == '+' || *p == '-'))
            p++;
        p = skip_digits(w, p);
    }
    return p;
}

static const char *skip_word(const struct walk *w, const char *p, const char *word)
{
    size_t n = strlen(word);

    return (size_t)(w->end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

static void clear_below(const struct walk *w, const struct pick_key *keys)
{
    for (; keys && keys->name; keys++) {
        if (keys->slot >= 0)
            w->values[keys->slot] = (struct picked){ 0 };
        clear_below(w, keys->below);
    }
}

static const struct pick_key *find_key(const struct pick_key *keys, struct span name)
{
    for (; keys && keys->name; keys++) {
        if (keys->name[0] == (name.len ? name.p[0] : '\0') && span_is(name, keys->name))
            return keys;
    }
    return NULL;
}

/* One `"name": value` of an object; p stands on the opening quote. */
static const char *walk_member(const struct walk *w, const char *p, const struct pick_key *keys,
                               int depth)
{
    const struct pick_key *key = NULL;
    const char *quote;
    bool escaped;

    if (p >= w->end || *p != '"')
        return NULL;
    quote = find_quote(w, p + 1, &escaped);
    if (!quote)
        return NULL;
    if (keys)
        key = find_key(keys, (struct span){ p + 1, (size_t)(quote - p - 1) });
    p = skip_blanks(w, quote + 1);
    if (p >= w->end || *p != ':')
        return NULL;
    if (!key)
        return walk_value(w, skip_blanks(w, p + 1), NULL, -1, depth);
    clear_below(w, key->below); /* the last of duplicates wins, with all that is in it */
    return walk_value(w, skip_blanks(w, p + 1), key->below, key->slot, depth);
}

static const char *walk_object(const struct walk *w, const char *p, const struct pick_key *keys,
                               int depth)
{
    p = skip_blanks(w, p + 1);
    if (p < w->end && *p == '}')
        return p + 1;
    for (;;) {
        p = walk_member(w, p, keys, depth);
        if (!p)
            return NULL;
        p = skip_blanks(w, p);
        if (p >= w->end || (*p != ',' && *p != '}'))
            return NULL;
        if (*p++ == '}')
            return p;
        p = skip_blanks(w, p);
    }
}

static const char *walk_array(const struct walk *w, const char *p, int depth)
{
    p = skip_blanks(w, p + 1);
    if (p < w->end && *p == ']')
        return p + 1;
    for (;;) {
        p = walk_value(w, p, NULL, -1, depth);
        if (!p)
            return NULL;
        p = skip_blanks(w, p);
        if (p >= w->end || (*p != ',' && *p != ']'))
            return NULL;
        if (*p++ == ']')
            return p;
        p = skip_blanks(w, p);
    }
}

/* Which kind of value begins with c; PICKED_ABSENT stands for null. False: none does. */
static bool type_of(char c, enum picked_type *type)
{
    switch (c) {
    case '{':
        *type = PICKED_OBJECT;
        return true;
    case '[':
        *type = PICKED_ARRAY;
        return true;
    case '"':
        *type = PICKED_STRING;
        return true;
    case 't':
        *type = PICKED_TRUE;
        return true;
    case 'f':
        *type = PICKED_FALSE;
        return true;
    case 'n':
        *type = PICKED_ABSENT;
        return true;
    default:
        *type = PICKED_NUMBER;
        return c == '-' || (c >= '0' && c <= '9');
    }
}

static const char *walk_value(const struct walk *w, const char *p, const struct pick_key *keys,
                              int slot, int depth)
{
    struct picked value = { 0 };
    const char *start = p;

    if (p >= w->end || depth >= DEPTH_MAX || !type_of(*p, &value.type))
        return NULL;
    switch (value.type) {
    case PICKED_OBJECT:
        p = walk_object(w, p, keys, depth + 1);
        break;
    case PICKED_ARRAY:
        p = walk_array(w, p, depth + 1);
        break;
    case PICKED_STRING:
        p = find_quote(w, ++start, &value.escaped);
        break;
    case PICKED_NUMBER:
        p = skip_number(w, p);
        break;
    case PICKED_TRUE:
        p = skip_word(w, p, "true");
        break;
    case PICKED_FALSE:
        p = skip_word(w, p, "false");
        break;
    case PICKED_ABSENT:
        p = skip_word(w, p, "null");
        break;
    }
    if (!p)
        return NULL;
    if (slot >= 0) {
        value.text = (struct span){ start, (size_t)(p - start) };
        w->values[slot] = value;
    }
    return value.type == PICKED_STRING ? p + 1 : p;
}

int pick_json(struct span text, const struct pick_key *keys, struct picked *values, int count)
{
    struct walk w = { text.p + text.len, values };
    const char *p;

    memset(values, 0, sizeof(*values) * (size_t)count);
    p = skip_blanks(&w, text.p);
    if (p >= w.end || *p != '{')
        return -1;
    p = walk_value(&w, p, keys, -1, 0);
    return p && skip_blanks(&w, p) == w.end ? 0 : -1;
}

bool pick_each(struct picked container, size_t *at, struct span *name, struct picked *value)
{
    struct walk w = { .values = value };
    const char *p, *quote;
    bool escaped;

    if (container.type != PICKED_ARRAY && container.type != PICKED_OBJECT)
        return false;
    w.end = container.text.p + container.text.len;
    p = container.text.p + (*at ? *at : 1); /* 0: just behind the bracket */
    p = skip_blanks(&w, p);
    if (p < w.end && *p == ',')
        p = skip_blanks(&w, p + 1);
    if (p >= w.end || *p == ']' || *p == '}')
        return false;
    if (container.type == PICKED_OBJECT) {
        quote = find_quote(&w, p + 1, &escaped);
        if (!quote)
            return false;
        if (name)
            *name = (struct span){ p + 1, (size_t)(quote - p - 1) };
        p = skip_blanks(&w, skip_blanks(&w, quote + 1) + 1);
    }
    p = walk_value(&w, p, NULL, 0, 0);
    if (!p)
        return false;
    *at = (size_t)(p - container.text.p);
    return true;
}
