/* show/columns.h — the columns that a table of a report may have.
 *
 * Shared by the table for terminals and the one in Markdown, so that they cannot disagree.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_COLUMNS_H
#define SHOW_COLUMNS_H

#include "show/show_internal.h"

enum column_id {
    COLUMN_WHEN, /* a block's start, a session's last use */
    COLUMN_STATE,
    COLUMN_KEY,
    COLUMN_PROJECT,
    COLUMN_MODELS,
    COLUMN_INPUT,
    COLUMN_OUTPUT,
    COLUMN_CACHE_WRITE,
    COLUMN_CACHE_READ,
    COLUMN_CACHE, /* both */
    COLUMN_TOTAL,
    COLUMN_LIMIT,
    COLUMN_COST,
    COLUMNS
};

/* One line of the table: a row of the report, or its totals. */
struct column_line {
    const struct report *report;
    const struct report_row *row;
};

struct column {
    const char *head; /* NULL: see column_head */
    enum side side;
    int least; /* columns a text may be cut to; 0: never cut */
    void (*write)(struct buf *out, const struct column_line *line, bool unicode);
};
extern const struct column columns[COLUMNS];

const char *column_head(const struct report *report, enum column_id id);

/* Sets of columns (bit 1 << id) from roomy to narrow; 0 ends them. The first that fits is drawn,
 * the last whatever the width. *compact: where --compact begins. */
const unsigned *column_layouts(const struct report *report, size_t *compact);
/* Columns that this report and style do without. */
unsigned column_unwanted(const struct report *report, const struct show_style *style);

#endif
