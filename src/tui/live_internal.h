/* tui/live_internal.h — what the files of the live screen share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef TUI_LIVE_INTERNAL_H
#define TUI_LIVE_INTERNAL_H

#include "tui/pen.h"
#include "tui/view.h"

enum live_sort { SORT_TOKENS, SORT_COST, SORT_LATEST, SORT_NAME, SORTS };

/* What the person at the keys has chosen. */
struct live_choice {
    enum live_sort sort;
    char filter[48];
    bool typing; /* the filter */
    bool paused, help, quit;
};

/* ---- live_keys.c ---- */

/* Does what the key says. */
void live_key(struct live_choice *choice, int key);
/* The n-th of what keys do: "q", "quit"; false behind the last. */
bool live_key_help(size_t n, const char **key, const char **what);
extern const char *const live_sort_names[SORTS];

/* ---- live_draw.c ---- */

struct live_frame {
    const struct view *view;
    const struct live_choice *choice;
    const char *trouble; /* why the figures stand still; NULL: they do not */
    bool unicode;
};
void live_draw(struct screen *screen, const struct live_frame *frame);

/* ---- panes: a part of the screen each ---- */

struct pane {
    struct screen *screen;
    const struct live_frame *frame;
    int row, column; /* its upper left corner */
    int rows, columns;
};
struct pen pane_pen(const struct pane *pane, int row); /* at the start of its row */

int limits_rows(const struct live_frame *frame); /* as many as it would like */
void limits_draw(const struct pane *pane);       /* live_limits.c */
void block_draw(const struct pane *pane);        /* live_block.c: three rows */
void pulse_draw(const struct pane *pane);        /* live_block.c: a title and the graph */
void models_draw(const struct pane *pane);       /* live_lists.c */
void sessions_draw(const struct pane *pane);

#endif
