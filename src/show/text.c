/* show/text.c — text of unknown origin, made fit for a terminal.
 *
 * A model name or a folder comes out of somebody's log; printed raw it could recolour the screen,
 * reorder what stands beside it or write where it likes. Every character that does anything but
 * stand there becomes '?'. Widths are utf8proc's.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include <utf8proc.h>

/* Characters that act instead of standing there. */
static const struct {
    utf8proc_int32_t first, last;
} hidden[] = {
    { 0x0000, 0x001f },   /* C0: escape sequences, newlines */
    { 0x007f, 0x009f },   /* DEL and C1: escape sequences in one byte */
    { 0x061c, 0x061c },   /* Arabic letter mark */
    { 0x200e, 0x200f },   /* left-to-right and right-to-left marks */
    { 0x2028, 0x202e },   /* line and paragraph separators, bidirectional overrides */
    { 0x2066, 0x2069 },   /* bidirectional isolates */
    { 0xfeff, 0xfeff },   /* byte order mark */
    { 0xe0000, 0xe007f }, /* invisible tags */
};

static bool is_hidden(utf8proc_int32_t c)
{
    size_t i;

    for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    }
    return false;
}

/* The next character of `rest`, or "?" in its place, and its width; `rest` moves behind it. */
static struct span next_glyph(struct span *rest, bool unicode, int *width)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)rest->p;
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate(p, (utf8proc_ssize_t)rest->len, &c);
    bool bad = n <= 0 || is_hidden(c) || (c > 0x7e && !unicode);
    struct span glyph = { rest->p, n > 0 ? (size_t)n : 1 };

    rest->p += glyph.len;
    rest->len -= glyph.len;
    *width = bad ? 1 : utf8proc_charwidth(c);
    return bad ? SPAN_LIT("?") : glyph;
}

static int width_of(struct span text, bool unicode)
{
    int total = 0, width;

    while (text.len > 0) {
        next_glyph(&text, unicode, &width);
        total += width;
    }
    return total;
}

int show_width(struct span text)
{
    return width_of(text, true);
}

void show_text(struct buf *out, struct span text, int width, bool unicode)
{
    struct span dots = unicode ? SPAN_LIT("\u2026") : SPAN_LIT("...");
    int dots_width = unicode ? 1 : 3;
    bool cut = width > 0 && width_of(text, unicode) > width;
    int left = cut ? width - dots_width : 0;

    if (cut && left < 0) {
        buf_add(out, "...", (size_t)width);
        return;
    }
    while (text.len > 0) {
        int wide;
        struct span glyph = next_glyph(&text, unicode, &wide);

        left -= wide;
        if (cut && left < 0)
            break;
        buf_add_span(out, glyph);
    }
    if (cut)
        buf_add_span(out, dots);
}
