/* show/notes.c — what must stand below the figures for them to be honest.
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "base/civil.h"

static void add_note(struct buf *out, const struct show_style *style, struct buf *text)
{
    show_paint(out, style, PAINT_DIM, buf_span(text));
    buf_add_char(out, '\n');
    buf_clear(text);
}

/* "heron: API value $412.10 on a $100 plan, 2026-11-01 to 2026-11-22" */
void show_plans(struct buf *out, const struct report *report, const struct show_style *style)
{
    char first[CIVIL_DAY_SIZE], last[CIVIL_DAY_SIZE];
    size_t i;

    for (i = 0; i < report->plans_n && report->since_day != REPORT_OPEN; i++) {
        const struct report_plan *plan = &report->plans[i];
        struct sums price = { .cost_nusd = plan->price_nusd };

        civil_format_day(report->since_day, first);
        civil_format_day(report->until_day, last);
        show_text(out, span_of(plan->agent), 0, style->unicode);
        buf_add_text(out, ": API value ");
        show_cost(out, &plan->sums, style->unicode);
        buf_add_text(out, " on a ");
        show_cost(out, &price, style->unicode);
        if (span_ends(buf_span(out), ".00")) {
            out->len -= 3;
            out->p[out->len] = '\0';
        }
        buf_printf(out, " plan, %s to %s\n", first, last);
    }
}

/* "168K tokens and $0.09 an hour", "616K tokens and $0.32 at its end" */
static void add_pace(struct buf *out, const struct show_style *style, int64_t tokens, int64_t nusd)
{
    struct sums cost = { .cost_nusd = nusd };

    show_tokens(out, tokens);
    buf_add_text(out, " tokens");
    if (style->no_cost)
        return;
    buf_add_text(out, " and ");
    show_cost(out, &cost, style->unicode);
}

static void add_rate(struct buf *out, const struct report_block *block,
                     const struct show_style *style)
{
    add_pace(out, style, block->tokens_per_hour, block->cost_nusd_per_hour);
    buf_add_text(out, " an hour\n");
    add_pace(out, style, block->projected_tokens, block->projected_nusd);
    buf_add_text(out, " at its end\n");
}

/* "limit 454,096: reached in 12m" */
static void add_limit(struct buf *out, const struct report *report, const struct report_row *row)
{
    const struct report_block *block = row->block;
    int64_t left = report->token_limit - sums_total(&row->sums);

    buf_add_text(out, "limit ");
    show_count(out, report->token_limit);
    if (left < 0) {
        buf_add_text(out, ": passed\n");
    } else if (block->projected_tokens > report->token_limit && block->tokens_per_hour > 0) {
        buf_add_text(out, ": reached in ");
        show_duration(out, (int64_t)((__int128)left * MS_PER_HOUR / block->tokens_per_hour));
        buf_add_char(out, '\n');
    } else {
        buf_add_text(out, ": not reached\n");
    }
}

void show_block_rate(struct buf *out, const struct report *report, const struct show_style *style)
{
    size_t i;

    for (i = 0; i < report->rows_n; i++) {
        const struct report_block *block = report->rows[i].block;

        if (!block || !block->has_rate)
            continue;
        add_rate(out, block, style);
        if (report->token_limit > 0)
            add_limit(out, report, &report->rows[i]);
    }
}

void show_price_hint(struct buf *out, struct span model, const struct show_style *style)
{
    struct buf text = { 0 };

    buf_add_text(&text, "add a price to the configuration: \"prices\": {\"");
    show_text(&text, model, 0, style->unicode);
    buf_add_text(&text, "\": {\"input\": 3, \"output\": 15}}");
    if (style->width > 0 && show_width(buf_span(&text)) > style->width) {
        buf_clear(&text); /* half a line of JSON helps nobody */
        buf_add_text(&text, "how: tacho prices explain MODEL");
    }
    add_note(out, style, &text);
    buf_fini(&text);
}

void show_unpriced(struct buf *out, const struct report *report, const struct show_style *style)
{
    size_t i, k;

    if (report->cost == COST_LOGGED)
        return;
    for (i = 0; i < report->rows_n; i++) {
        for (k = 0; k < report->rows[i].parts_n; k++) {
            const struct report_part *part = &report->rows[i].parts[k];

            if (part->sums.unpriced_tokens > 0) {
                show_price_hint(out, span_of(part->model), style);
                return;
            }
        }
    }
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
