/* show/paint.c — colour, lines and blanks.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

static const char *const codes[] = {
    [PAINT_PLAIN] = "",
    [PAINT_BOLD] = "\033[1m",
    [PAINT_DIM] = "\033[2m",
    [PAINT_INK] = "\033[34m",
    [PAINT_GREEN] = "\033[32m",
    [PAINT_YELLOW] = "\033[33m",
    [PAINT_ORANGE] = "\033[38;5;208m",
    [PAINT_RED] = "\033[31m",
};

void show_paint(struct buf *out, const struct show_style *style, enum paint paint, struct span text)
{
    bool painted = style->color && paint != PAINT_PLAIN && text.len > 0;

    if (painted)
        buf_add_text(out, codes[paint]);
    buf_add_span(out, text);
    if (painted)
        buf_add_text(out, "\033[0m");
}

void show_rule(struct buf *out, const struct show_style *style, int width)
{
    struct buf line = { 0 };
    int i;

    for (i = 0; i < width; i++)
        buf_add_text(&line, style->unicode ? "\u2500" : "-");
    show_paint(out, style, PAINT_DIM, buf_span(&line));
    buf_add_char(out, '\n');
    buf_fini(&line);
}

void show_padded(struct buf *out, struct span text, int width, enum side side)
{
    int blanks = width - show_width(text);

    if (blanks < 0)
        blanks = 0;
    if (side == SIDE_RIGHT)
        buf_printf(out, "%*s", blanks, "");
    buf_add_span(out, text);
    if (side == SIDE_LEFT)
        buf_printf(out, "%*s", blanks, "");
}
