/* tui/pen.h — writes fields into a line of a screen, from left to right.
 *
 * Not thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include "event/sums.h"
#include "tui/screen.h"

struct pen {
    struct screen *screen;
    struct screen_at at;
    bool unicode;
};

void pen_text(struct pen *pen, enum ink ink, const char *text);
void pen_format(struct pen *pen, enum ink ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Text of any origin in exactly `width` columns, cut or filled up with blanks. */
void pen_left(struct pen *pen, enum ink ink, struct span text, int width);
void pen_right(struct pen *pen, enum ink ink, struct span text, int width);
void pen_tokens(struct pen *pen, enum ink ink, int64_t tokens, int width);
void pen_cost(struct pen *pen, enum ink ink, const struct sums *sums, int width);
void pen_money(struct pen *pen, enum ink ink, int64_t nusd); /* as wide as it is */
void pen_span(struct pen *pen, enum ink ink, int64_t ms);    /* "2h 05m", "12 min" */
/* part/whole of `width` columns. */
void pen_bar(struct pen *pen, enum ink ink, int64_t part, int64_t whole, int width);
/* Ends the line with the text at the right, where there is room for it. */
void pen_end(struct pen *pen, enum ink ink, struct span text);

#endif
