/* tui/screen.c — see screen.h.
 *
 * Two grids: as it is to be, and as the terminal has it. A glyph that takes two columns stands in
 * the first of its cells; the second is empty. SPDX-License-Identifier: MIT
 */
#include "tui/screen.h"

#include "base/mem.h"

#include <stdlib.h>
#include <utf8proc.h>

#define GLYPH_MAX    12 /* bytes: a character and what combines with it */
#define COLUMNS_MOST 1000
#define ROWS_MOST    500

struct cell {
    char text[GLYPH_MAX];
    unsigned char len; /* 0: the second half of the glyph before it */
    unsigned char ink;
};

struct screen {
    struct cell *wanted, *shown;
    int columns, rows;
    bool color, anew; /* the terminal's content is not known */
};

static const char *const inks[] = {
    [INK_PLAIN] = "\033[0m",   [INK_BOLD] = "\033[0;1m",    [INK_DIM] = "\033[0;2m",
    [INK_BLUE] = "\033[0;34m", [INK_GREEN] = "\033[0;32m",  [INK_ORANGE] = "\033[0;38;5;208m",
    [INK_RED] = "\033[0;31m",  [INK_REVERSE] = "\033[0;7m",
};

struct screen *screen_new(bool color)
{
    struct screen *s = xcalloc(1, sizeof(*s));

    s->color = color;
    return s;
}

void screen_free(struct screen *s)
{
    if (!s)
        return;
    free(s->wanted);
    free(s->shown);
    free(s);
}

static int within(int n, int most)
{
    return n < 1 ? 1 : n > most ? most : n;
}

void screen_resize(struct screen *s, int columns, int rows)
{
    size_t cells;

    s->columns = within(columns, COLUMNS_MOST);
    s->rows = within(rows, ROWS_MOST);
    cells = (size_t)s->columns * (size_t)s->rows;
    s->wanted = xreallocarray(s->wanted, cells, sizeof(*s->wanted));
    s->shown = xreallocarray(s->shown, cells, sizeof(*s->shown));
    s->anew = true;
    screen_clear(s);
}

int screen_columns(const struct screen *s)
{
    return s->columns;
}

int screen_rows(const struct screen *s)
{
    return s->rows;
}

static const struct cell blank = { " ", 1, INK_PLAIN };

static void fill(struct cell *cells, const struct screen *s)
{
    int i;

    for (i = 0; i < s->columns * s->rows; i++)
        cells[i] = blank;
}

void screen_clear(struct screen *s)
{
    fill(s->wanted, s);
}

/* ---- putting ---- */

/* The next character, and its width. */
static struct span next_glyph(struct span *rest, int *width)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)rest->p, (utf8proc_ssize_t)rest->len, &c);
    struct span glyph = { rest->p, n > 0 ? (size_t)n : 1 };

    *width = n > 0 ? utf8proc_charwidth(c) : 1;
    if (n <= 0)
        glyph = SPAN_LIT("?");
    rest->p += n > 0 ? n : 1;
    rest->len -= n > 0 ? (size_t)n : 1;
    return glyph;
}

int screen_width(struct span text)
{
    int total = 0, width;

    while (text.len > 0) {
        next_glyph(&text, &width);
        total += width;
    }
    return total;
}

static void combine(struct cell *cell, struct span glyph)
{
    if (cell->len == 0 || cell->len + glyph.len > GLYPH_MAX)
        return;
    memcpy(cell->text + cell->len, glyph.p, glyph.len);
    cell->len += (unsigned char)glyph.len;
}

int screen_put(struct screen *s, struct screen_at at, enum ink ink, struct span text)
{
    struct cell *row;
    int width, end = at.end < s->columns ? at.end : s->columns, column = at.column;

    if (at.row < 0 || at.row >= s->rows || column < 0)
        return column;
    row = s->wanted + (size_t)at.row * (size_t)s->columns;
    while (text.len > 0) {
        struct span glyph = next_glyph(&text, &width);

        if (width == 0 && column > at.column)
            combine(&row[column - 1], glyph);
        if (width == 0)
            continue;
        if (column + width > end)
            break;
        row[column] = (struct cell){ .len = (unsigned char)glyph.len, .ink = (unsigned char)ink };
        memcpy(row[column].text, glyph.p, glyph.len);
        if (width == 2)
            row[column + 1] = (struct cell){ .ink = (unsigned char)ink };
        column += width;
    }
    return column;
}

/* ---- drawing ---- */

static bool same(const struct cell *a, const struct cell *b)
{
    return a->len == b->len && a->ink == b->ink && memcmp(a->text, b->text, a->len) == 0;
}

static void draw_row(struct screen *s, int row, int *ink, struct buf *out)
{
    struct cell *wanted = s->wanted + (size_t)row * (size_t)s->columns;
    struct cell *shown = s->shown + (size_t)row * (size_t)s->columns;
    int column, at = -1; /* where the cursor is, as far as it is known */

    for (column = 0; column < s->columns; column++) {
        const struct cell *cell = &wanted[column];

        if (same(cell, &shown[column]))
            continue;
        shown[column] = *cell;
        if (cell->len == 0)
            continue;
        if (at != column)
            buf_printf(out, "\033[%d;%dH", row + 1, column + 1);
        if (s->color && *ink != cell->ink)
            buf_add_text(out, inks[cell->ink]);
        *ink = cell->ink;
        buf_add(out, cell->text, cell->len);
        at = column + (column + 1 < s->columns && wanted[column + 1].len == 0 ? 2 : 1);
    }
}

void screen_draw(struct screen *s, struct buf *out)
{
    int row, ink = -1;

    if (s->anew) {
        buf_add_text(out, "\033[0m\033[2J");
        fill(s->shown, s);
        s->anew = false;
    }
    for (row = 0; row < s->rows; row++)
        draw_row(s, row, &ink, out);
    if (s->color && ink > INK_PLAIN)
        buf_add_text(out, inks[INK_PLAIN]);
}
