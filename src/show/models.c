/* show/models.c — models' names, short enough for a column.
 *
 *   claude-opus-4-5-20251101 -> opus-4-5      anthropic/claude-haiku-4-5 -> haiku-4-5
 *
 * The whole name stands in JSON. Knows makers only as words that may be left away.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

static const char *const makers[] = { "anthropic.", "claude-", NULL };

/* How dates hang on names: '9' stands for any digit. */
static const char *const date_shapes[] = { "-99999999", "@99999999", "-9999-99-99", NULL };

static bool has_shape(struct span text, const char *shape)
{
    size_t i, n = strlen(shape);

    if (text.len <= n)
        return false;
    text.p += text.len - n;
    for (i = 0; i < n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';

        if (shape[i] == '9' ? !digit : text.p[i] != shape[i])
            return false;
    }
    return true;
}

struct span show_model_name(const char *model)
{
    struct span name = span_of(model);
    const char *slash = strrchr(model, '/');
    const char *const *p;

    if (slash && slash[1])
        name = span_of(slash + 1);
    for (p = makers; *p; p++) {
        size_t n = strlen(*p);

        if (span_starts(name, *p) && name.len > n)
            name = (struct span){ name.p + n, name.len - n };
    }
    for (p = date_shapes; *p; p++) {
        if (has_shape(name, *p))
            name.len -= strlen(*p);
    }
    return name;
}

void show_models(struct buf *out, const struct report_row *row, bool unicode)
{
    size_t i, k;

    for (i = 0; i < row->parts_n; i++) {
        struct span name = show_model_name(row->parts[i].model);

        for (k = 0; k < i && !span_eq(show_model_name(row->parts[k].model), name); k++)
            ;
        if (k < i)
            continue;
        if (i > 0)
            buf_add_text(out, ", ");
        show_text(out, name, 0, unicode);
    }
}
