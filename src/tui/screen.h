/* tui/screen.h — a screen of cells, and the fewest bytes that bring a terminal up to it.
 *
 * Knows columns, rows and ink; nothing of what is shown, and writes nowhere itself. Not
 * thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "base/buf.h"

enum ink { INK_PLAIN, INK_BOLD, INK_DIM, INK_BLUE, INK_GREEN, INK_ORANGE, INK_RED, INK_REVERSE };

struct screen;

struct screen *screen_new(bool color);
void screen_free(struct screen *screen); /* NULL is fine */

/* Another size, or the terminal was written to by others: all is drawn anew. */
void screen_resize(struct screen *screen, int columns, int rows);
int screen_columns(const struct screen *screen);
int screen_rows(const struct screen *screen);

void screen_clear(struct screen *screen);
/* Text as show_text leaves it, cut at `end` (a column) and the edge. Returns the column behind. */
struct screen_at {
    int row, column, end;
};
int screen_put(struct screen *screen, struct screen_at at, enum ink ink, struct span text);
/* Columns that it takes. */
int screen_width(struct span text);

/* What differs from what the terminal has; nothing where nothing does. */
void screen_draw(struct screen *screen, struct buf *out);

#endif
