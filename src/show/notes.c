/* show/notes.c — what must stand below the figures for them to be honest.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

static void add_note(struct buf *out, const struct show_style *style, struct buf *text)
{
    show_paint(out, style, PAINT_DIM, buf_span(text));
    buf_add_char(out, '\n');
    buf_clear(text);
}

void show_price_hint(struct buf *out, struct span model, const struct show_style *style)
{
    struct buf text = { 0 };

    buf_add_text(&text, "add a price to the configuration: \"prices\": {\"");
    show_text(&text, model, 0, style->unicode);
    buf_add_text(&text, "\": {\"input\": 3, \"output\": 15}}");
    add_note(out, style, &text);
    buf_fini(&text);
}

void show_notes(struct buf *out, const struct report *report, const struct show_style *style)
{
    struct buf text = { 0 };

    if ((int64_t)report->rows_n < report->rows_total) {
        show_count(&text, (int64_t)report->rows_n);
        buf_add_text(&text, " of ");
        show_count(&text, report->rows_total);
        buf_add_text(&text, " rows; the total is of all");
        add_note(out, style, &text);
    }
    if (report->cost != COST_LIST) {
        buf_add_text(&text, report->cost == COST_LOGGED
                                ? "costs are what agents logged"
                                : "costs are what agents logged, else by price list");
        add_note(out, style, &text);
    }
    if (report->totals.unpriced_tokens > 0) {
        buf_add_text(&text, sums_unpriced(&report->totals) ? "" : "+ ");
        show_count(&text, report->totals.unpriced_tokens);
        buf_add_text(&text, report->cost == COST_LOGGED ? " tokens have no logged cost"
                                                        : " tokens have no known price");
        add_note(out, style, &text);
    }
    if (!report->complete) {
        buf_printf(&text, "still reading the logs: %d%%", report->read_permille / 10);
        add_note(out, style, &text);
    }
    buf_fini(&text);
}
