/* tui/live_lists.c — models of today and sessions of now, in the order and to the filter chosen.
 *
 *   Models today
 *     opus-4-5     █████████░   1.1M    $4.00
 *   Sessions today
 *   * shop         opus-4-5     0.9M    $3.10   2 min ago
 *
 * SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"

#include "base/mem.h"
#include "base/path.h"
#include "show/show.h"

#include <stdlib.h>

#define NOW_MS       (5 * MS_PER_MINUTE) /* used since: it goes on */
#define TOKENS_WIDTH 7
#define COST_WIDTH   10
#define AGO_WIDTH    8
#define FIGURES      (TOKENS_WIDTH + COST_WIDTH)
#define NAME_MOST    28
#define BAR_LEAST    6
#define BAR_MOST     30

/* Rows of a report as they are shown. */
struct list {
    const struct report_row **rows;
    size_t n;
};

/* ---- which, and in what order ---- */

static const char *project_of(const struct report_row *row)
{
    return row->project && row->project[0] ? path_base(row->project) : "-";
}

static const char *name_of(const struct report_row *row)
{
    return row->project ? project_of(row) : row->key;
}

static int falling(int64_t a, int64_t b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

static int compare(const void *a, const void *b, void *sort)
{
    const struct report_row *x = *(const struct report_row *const *)a;
    const struct report_row *y = *(const struct report_row *const *)b;
    int order = 0;

    switch (*(const enum live_sort *)sort) {
    case SORT_COST:
        order = falling(x->sums.cost_nusd, y->sums.cost_nusd);
        break;
    case SORT_LATEST:
        order = falling(x->last_ms, y->last_ms);
        break;
    case SORT_NAME:
        order = strcmp(name_of(x), name_of(y));
        break;
    case SORT_TOKENS:
    case SORTS:
        break;
    }
    if (order == 0)
        order = falling(sums_total(&x->sums), sums_total(&y->sums));
    return order ? order : strcmp(x->key, y->key);
}

static bool has(const char *text, const char *part)
{
    return text && strcasestr(text, part);
}

static bool is_wanted(const struct report_row *row, const char *filter)
{
    size_t i;

    if (!filter[0] || has(row->key, filter) || has(row->project, filter) || has(row->agent, filter))
        return true;
    for (i = 0; i < row->parts_n; i++) {
        if (has(row->parts[i].model, filter) || has(row->parts[i].agent, filter))
            return true;
    }
    return false;
}

static struct list choose(const struct report *report, const struct live_choice *choice)
{
    enum live_sort sort = choice->sort;
    struct list list = { xcalloc(report->rows_n, sizeof(*list.rows)), 0 };
    size_t i;

    for (i = 0; i < report->rows_n; i++) {
        if (is_wanted(&report->rows[i], choice->filter))
            list.rows[list.n++] = &report->rows[i];
    }
    qsort_r(list.rows, list.n, sizeof(*list.rows), compare, &sort);
    return list;
}

/* ---- lines ---- */

static void add_figures(struct pen *pen, const struct sums *sums)
{
    pen_tokens(pen, INK_PLAIN, sums_total(sums), TOKENS_WIDTH);
    pen_cost(pen, INK_BOLD, sums, COST_WIDTH);
}

static void draw_model(struct pen pen, const struct report_row *row, int64_t most)
{
    int room = pen.at.end - pen.at.column - FIGURES - 1;
    int name = room < NAME_MOST + BAR_LEAST ? room : NAME_MOST;
    int bar = room - name - 1;

    pen_left(&pen, INK_PLAIN, show_model_name(row->key), name);
    if (bar >= BAR_LEAST) {
        pen_text(&pen, INK_PLAIN, " ");
        pen_bar(&pen, INK_BLUE, sums_total(&row->sums), most, bar < BAR_MOST ? bar : BAR_MOST);
    }
    add_figures(&pen, &row->sums);
}

static void draw_session(struct pen pen, const struct report_row *row, int64_t now_ms)
{
    bool now = now_ms - row->last_ms < NOW_MS;
    int room = pen.at.end - pen.at.column - FIGURES - AGO_WIDTH - 4;
    int name = room / 2 < NAME_MOST ? room / 2 : NAME_MOST;
    int models = room - name < NAME_MOST ? room - name : NAME_MOST;
    struct buf text = { 0 };

    pen_text(&pen, INK_GREEN, !now ? "  " : pen.unicode ? "\u25cf " : "* ");
    pen_left(&pen, now ? INK_BOLD : INK_PLAIN, span_of(project_of(row)), name);
    pen_text(&pen, INK_PLAIN, " ");
    if (row->parts_n > 0)
        buf_add_span(&text, show_model_name(row->parts[0].model));
    if (row->parts_n > 1)
        buf_printf(&text, " +%d", (int)row->parts_n - 1);
    pen_left(&pen, INK_DIM, buf_span(&text), models);
    add_figures(&pen, &row->sums);
    pen_text(&pen, INK_PLAIN, "  ");
    pen_span(&pen, now ? INK_GREEN : INK_DIM, now_ms - row->last_ms);
    buf_fini(&text);
}

/* ---- the panes ---- */

/* "Models today  3" and, where not all fit, how many there are besides. */
static void draw_title(const struct pane *pane, const char *title, const struct list *list,
                       const char *nothing)
{
    struct pen pen = pane_pen(pane, 0);
    bool filtered = pane->frame->choice->filter[0] != '\0';

    pen_text(&pen, INK_BOLD, title);
    if (list->n > (size_t)pane->rows - 1)
        pen_format(&pen, INK_DIM, "  %d of %d", pane->rows - 1, (int)list->n);
    if (list->n == 0)
        pen_format(&pen, INK_DIM, "  %s", filtered ? "none that the filter lets through" : nothing);
}

void models_draw(const struct pane *pane)
{
    struct list list = choose(&pane->frame->view->today, pane->frame->choice);
    int64_t most = 0;
    size_t i;

    for (i = 0; i < list.n; i++)
        most = sums_total(&list.rows[i]->sums) > most ? sums_total(&list.rows[i]->sums) : most;
    draw_title(pane, "Models today", &list, "none yet");
    for (i = 0; i < list.n && (int)i + 1 < pane->rows; i++)
        draw_model(pane_pen(pane, (int)i + 1), list.rows[i], most);
    free(list.rows);
}

void sessions_draw(const struct pane *pane)
{
    struct list list = choose(&pane->frame->view->sessions, pane->frame->choice);
    size_t i;

    draw_title(pane, "Sessions today", &list, "none yet");
    for (i = 0; i < list.n && (int)i + 1 < pane->rows; i++)
        draw_session(pane_pen(pane, (int)i + 1), list.rows[i], pane->frame->view->now_ms);
    free(list.rows);
}
