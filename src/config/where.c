/* config/where.c — on which line of the configuration file a key stands.
 *
 * jansson tells positions of what it cannot read, not of what it can; a message about a wrong value
 * needs them too.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include "base/pick.h"

static int line_at(struct span text, const char *p)
{
    int line = 1;
    const char *q;

    for (q = text.p; q < p; q++)
        line += *q == '\n';
    return line;
}

/* Name and value of a key of the outermost object. False when it is not there. */
static bool find_key(struct span text, const char *key, struct span *name, struct picked *value)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct picked object = { .type = PICKED_OBJECT, .text = span_trim(text) };
    size_t at = 0;

    if (pick_json(text, nothing, value, 0) < 0)
        return false;
    while (pick_each(object, &at, name, value)) {
        if (span_is(*name, key))
            return true;
    }
    return false;
}

int config_line_of(struct span text, const char *key)
{
    struct picked value;
    struct span name;

    return find_key(text, key, &name, &value) ? line_at(text, name.p) : 0;
}

struct span config_text_of(struct span text, const char *key)
{
    struct picked value;
    struct span name;

    return find_key(text, key, &name, &value) ? value.text : SPAN_ABSENT;
}
