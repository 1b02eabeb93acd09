/* tui/pen.c — see pen.h. SPDX-License-Identifier: MIT
 */
#include "tui/pen.h"

#include "base/civil.h"
#include "show/show.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const eighths[] = { "",       "\u258f", "\u258e", "\u258d",
                                       "\u258c", "\u258b", "\u258a", "\u2589" };

static void put(struct pen *pen, enum ink ink, struct span text)
{
    pen->at.column = screen_put(pen->screen, pen->at, ink, text);
}

void pen_text(struct pen *pen, enum ink ink, const char *text)
{
    put(pen, ink, span_of(text));
}

void pen_format(struct pen *pen, enum ink ink, const char *format, ...)
{
    char text[256];
    va_list words;

    va_start(words, format);
    vsnprintf(text, sizeof(text), format, words);
    va_end(words);
    put(pen, ink, span_of(text));
}

/* `start` is where the field begins; what stood there before is overwritten. */
static void fill_to(struct pen *pen, int column)
{
    while (pen->at.column < column && pen->at.column < pen->at.end)
        put(pen, INK_PLAIN, SPAN_LIT(" "));
}

void pen_left(struct pen *pen, enum ink ink, struct span text, int width)
{
    int end = pen->at.column + width;
    struct buf cut = { 0 };

    show_text(&cut, text, width, pen->unicode);
    put(pen, ink, buf_span(&cut));
    fill_to(pen, end);
    buf_fini(&cut);
}

void pen_right(struct pen *pen, enum ink ink, struct span text, int width)
{
    struct buf cut = { 0 };

    show_text(&cut, text, width, pen->unicode);
    fill_to(pen, pen->at.column + width - screen_width(buf_span(&cut)));
    put(pen, ink, buf_span(&cut));
    buf_fini(&cut);
}

void pen_tokens(struct pen *pen, enum ink ink, int64_t tokens, int width)
{
    struct buf text = { 0 };

    show_tokens(&text, tokens);
    pen_right(pen, ink, buf_span(&text), width);
    buf_fini(&text);
}

void pen_cost(struct pen *pen, enum ink ink, const struct sums *sums, int width)
{
    struct buf text = { 0 };

    show_cost(&text, sums, pen->unicode);
    pen_right(pen, ink, buf_span(&text), width);
    buf_fini(&text);
}

void pen_money(struct pen *pen, enum ink ink, int64_t nusd)
{
    struct sums sums = { .cost_nusd = nusd };
    struct buf text = { 0 };

    show_cost(&text, &sums, pen->unicode);
    put(pen, ink, buf_span(&text));
    buf_fini(&text);
}

/* Minutes are enough: seconds would only seem exact. */
void pen_span(struct pen *pen, enum ink ink, int64_t ms)
{
    struct buf text = { 0 };

    if (ms < MS_PER_HOUR)
        buf_printf(&text, "%d min", ms < MS_PER_MINUTE ? 1 : (int)(ms / MS_PER_MINUTE));
    else
        show_duration(&text, ms);
    put(pen, ink, buf_span(&text));
    buf_fini(&text);
}

void pen_bar(struct pen *pen, enum ink ink, int64_t part, int64_t whole, int width)
{
    int end = pen->at.column + width, i, parts;

    part = part > whole ? whole : part;
    parts = whole > 0 && part > 0 ? (int)((__int128)part * width * 8 / whole) : 0;
    if (part > 0 && parts == 0)
        parts = 1; /* something is not nothing */
    for (i = 0; i < parts / 8; i++)
        put(pen, ink, pen->unicode ? SPAN_LIT("\u2588") : SPAN_LIT("#"));
    if (pen->unicode)
        put(pen, ink, span_of(eighths[parts % 8]));
    else if (parts > 0 && parts < 8)
        put(pen, ink, SPAN_LIT("#"));
    while (pen->at.column < end && pen->at.column < pen->at.end)
        put(pen, INK_DIM, pen->unicode ? SPAN_LIT("\u2591") : SPAN_LIT("."));
}

void pen_end(struct pen *pen, enum ink ink, struct span text)
{
    int column = pen->at.end - screen_width(text);

    if (column <= pen->at.column)
        return;
    fill_to(pen, column);
    put(pen, ink, text);
}
