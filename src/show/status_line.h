/* show/status_line.h — one line for the foot of an agent's screen. SPDX-License-Identifier: MIT
 */
#ifndef SHOW_STATUS_LINE_H
#define SHOW_STATUS_LINE_H

#include "limits/window.h"
#include "show/show.h"

/* What a status line may tell; what is not known is NULL, empty or negative. */
struct show_status {
    int64_t now_ms;
    const char *model;
    int64_t session_nusd;                /* COST_UNKNOWN */
    int64_t context_ppm;                 /* -1 */
    const struct sums *today;            /* NULL */
    const struct report_row *block;      /* the active one, or NULL */
    const struct window_state *limit[2]; /* of five hours, of a week; NULL */
};
enum { SHOW_FIVE_HOUR, SHOW_WEEKLY };

/* The pattern where nobody gave one. */
#define SHOW_STATUS_PATTERN                                                                        \
    "{model} | {session} session | {today} today | {block} block, {left} left | "                  \
    "{context} context | 5h {five_hour} | week {weekly}"

/* Fills in the {words} of `pattern` and ends the line. The pattern is cut at '|' into parts; a part
 * with a word that is not known is left out whole. A word that there is not stays as it stands. */
void show_status_line(struct buf *out, const struct show_status *status, const char *pattern,
                      const struct show_style *style);

#endif
