/* show/show_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_SHOW_INTERNAL_H
#define SHOW_SHOW_INTERNAL_H

#include "show/show.h"

/* ---- text.c ---- */

/* Columns that text which came out of show_text takes on a terminal. */
int show_width(struct span text);

/* ---- models.c ---- */

/* Short names of the parts' models, each once, with commas. */
void show_models(struct buf *out, const struct report_row *row, bool unicode);

/* ---- paint.c ---- */

enum paint {
    PAINT_PLAIN,
    PAINT_BOLD,
    PAINT_DIM,
    PAINT_INK,
    PAINT_GREEN,
    PAINT_YELLOW,
    PAINT_ORANGE,
    PAINT_RED
};
/* Appends `text` in that paint, or plainly where the style has no colour. */
void show_paint(struct buf *out, const struct show_style *style, enum paint paint,
                struct span text);
/* A horizontal line of `width` columns and a newline. */
void show_rule(struct buf *out, const struct show_style *style, int width);

enum side { SIDE_LEFT, SIDE_RIGHT };
/* `text` filled up with blanks to `width` columns; `side` is where the text stands. */
void show_padded(struct buf *out, struct span text, int width, enum side side);

/* ---- report_csv.c ---- */

/* A field, in quotes where it must be (RFC 4180). */
void show_csv_text(struct buf *out, struct span text);

/* ---- notes.c ---- */

/* What must be said below any view of `report`, a line each; nothing if there is nothing. */
void show_notes(struct buf *out, const struct report *report, const struct show_style *style);

/* How to give a model a price, as a line. */
void show_price_hint(struct buf *out, struct span model, const struct show_style *style);

#endif
