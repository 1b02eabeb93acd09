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

int config_line_of(struct span text, const char *key)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct picked object = { .type = PICKED_OBJECT, .text = span_trim(text) };
    struct picked value;
    struct span name;
    size_t at = 0;

    if (pick_json(text, nothing, &value, 0) < 0)
        return 0;
    while (pick_each(object, &at, &name, &value)) {
        if (span_is(name, key))
            return line_at(text, name.p);
    }
    return 0;
}
