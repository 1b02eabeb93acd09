/* show/glance.c — the plain `tacho`: today, this week, and the days of the week as bars.
 *
 *   Today       4.2M tokens   $12.34  opus-4-5, haiku-4-5
 *   This week  31.0M tokens   $52.34
 *
 *   Mon 16 Nov  ████████████████   8.2M  $10.21
 *   Tue 17 Nov  ████               2.1M   $3.10
 *
 * SPDX-License-Identifier: MIT
 */
#include "show/show_internal.h"

#include "base/civil.h"

#define DAYS_MAX    7
#define BAR_MAX     32
#define BAR_MIN     6 /* below this a bar says nothing */
#define MODELS_MIN  9 /* nor does a list of models */
#define LABEL_WIDTH 10

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const eighths[] = { "",       "\u258f", "\u258e", "\u258d",
                                       "\u258c", "\u258b", "\u258a", "\u2589" };

struct glance {
    struct buf *out;
    const struct show_style *style;
    int tokens_width, cost_width, bar_width;
    int64_t most; /* tokens of the busiest day */
};

static int token_width(int64_t tokens)
{
    struct buf text = { 0 };
    int width;

    show_tokens(&text, tokens);
    width = show_width(buf_span(&text));
    buf_fini(&text);
    return width;
}

static int cost_width(const struct sums *s, bool unicode)
{
    struct buf text = { 0 };
    int width;

    show_cost(&text, s, unicode);
    width = show_width(buf_span(&text));
    buf_fini(&text);
    return width;
}

static void add_tokens(struct glance *g, int64_t tokens)
{
    struct buf text = { 0 };

    show_tokens(&text, tokens);
    show_padded(g->out, buf_span(&text), g->tokens_width, SIDE_RIGHT);
    buf_fini(&text);
}

static void add_cost(struct glance *g, const struct sums *s, enum paint paint)
{
    struct buf text = { 0 }, padded = { 0 };

    show_cost(&text, s, g->style->unicode);
    show_padded(&padded, buf_span(&text), g->cost_width, SIDE_RIGHT);
    show_paint(g->out, g->style, paint, buf_span(&padded));
    buf_fini(&text);
    buf_fini(&padded);
}

static void widen(int *width, int wanted)
{
    if (wanted > *width)
        *width = wanted;
}

static void measure(struct glance *g, const struct report *today, const struct report *week)
{
    bool unicode = g->style->unicode;
    size_t i;

    widen(&g->tokens_width, token_width(sums_total(&today->totals)));
    widen(&g->tokens_width, token_width(sums_total(&week->totals)));
    widen(&g->cost_width, cost_width(&today->totals, unicode));
    widen(&g->cost_width, cost_width(&week->totals, unicode));
    for (i = 0; i < week->rows_n; i++) {
        const struct sums *s = &week->rows[i].sums;

        widen(&g->tokens_width, token_width(sums_total(s)));
        widen(&g->cost_width, cost_width(s, unicode));
        if (sums_total(s) > g->most)
            g->most = sums_total(s);
    }
    g->bar_width = BAR_MAX;
    if (g->style->width > 0) {
        int left = g->style->width - LABEL_WIDTH - g->tokens_width - g->cost_width - 6;

        g->bar_width = left < BAR_MIN ? 0 : left < BAR_MAX ? left : BAR_MAX;
    }
}

/* "Today       4.2M tokens   $12.34  opus-4-5" */
static void draw_sum(struct glance *g, const char *label, const struct report *report,
                     const struct report_row *models)
{
    struct buf text = { 0 }, cut = { 0 };
    int used = LABEL_WIDTH + g->tokens_width + g->cost_width + 13;
    int left = g->style->width > 0 ? g->style->width - used : 0;

    buf_printf(g->out, "%-*s  ", LABEL_WIDTH, label);
    add_tokens(g, sums_total(&report->totals));
    buf_add_text(g->out, " tokens  ");
    add_cost(g, &report->totals, PAINT_BOLD);
    if (models && (left >= MODELS_MIN || g->style->width == 0)) {
        show_models(&text, models, g->style->unicode);
        show_text(&cut, buf_span(&text), left, g->style->unicode);
        buf_add_text(g->out, "  ");
        show_paint(g->out, g->style, PAINT_DIM, buf_span(&cut));
    }
    buf_add_char(g->out, '\n');
    buf_fini(&text);
    buf_fini(&cut);
}

static void draw_bar(struct glance *g, int64_t tokens)
{
    struct buf bar = { 0 };
    int64_t parts, i;

    /* In doubles: the product may pass 2^63, and a bar needs no exact number. */
    parts = g->most > 0 ? (int64_t)((double)tokens / (double)g->most * g->bar_width * 8 + 0.5) : 0;
    if (tokens > 0 && parts == 0)
        parts = 1; /* something is not nothing */
    for (i = 0; i < parts / 8; i++)
        buf_add_text(&bar, g->style->unicode ? "\u2588" : "#");
    if (g->style->unicode)
        buf_add_text(&bar, eighths[parts % 8]);
    else if (parts > 0 && parts < 8)
        buf_add_char(&bar, '#');
    show_paint(g->out, g->style, PAINT_INK, buf_span(&bar));
    buf_printf(g->out, "%*s", g->bar_width - show_width(buf_span(&bar)) + 2, "");
    buf_fini(&bar);
}

static void draw_day(struct glance *g, int64_t day, const struct sums *s, bool today)
{
    struct civil date = civil_from_day(day);
    struct buf label = { 0 };

    buf_printf(&label, "%s %2d %s", weekdays[civil_weekday(day)], date.day, months[date.month - 1]);
    show_paint(g->out, g->style, today ? PAINT_BOLD : PAINT_PLAIN, buf_span(&label));
    buf_add_text(g->out, "  ");
    if (g->bar_width > 0)
        draw_bar(g, sums_total(s));
    add_tokens(g, sums_total(s));
    buf_add_text(g->out, "  ");
    add_cost(g, s, today ? PAINT_BOLD : PAINT_PLAIN);
    buf_add_char(g->out, '\n');
    buf_fini(&label);
}

/* Days without use are no rows of the report, but they are days of the week. */
static void draw_days(struct glance *g, const struct report *week, int64_t today)
{
    static const struct sums nothing;
    int64_t day;
    size_t i;

    for (day = week->since_day; day <= week->until_day && day < week->since_day + DAYS_MAX; day++) {
        const struct sums *s = &nothing;

        for (i = 0; i < week->rows_n; i++) {
            if (week->rows[i].day == day)
                s = &week->rows[i].sums;
        }
        draw_day(g, day, s, day == today);
    }
}

void show_glance(struct buf *out, const struct report *today, const struct report *week,
                 const struct show_style *style)
{
    struct glance g = { .out = out, .style = style };

    measure(&g, today, week);
    draw_sum(&g, "Today", today, today->rows_n > 0 ? &today->rows[0] : NULL);
    draw_sum(&g, "This week", week, NULL);
    if (week->rows_n > 0 && week->since_day != REPORT_OPEN) {
        buf_add_char(out, '\n');
        draw_days(&g, week, today->since_day);
    }
    show_notes(out, week, style);
}
