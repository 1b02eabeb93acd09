/* show/json_internal.h — what the files that write reports as JSON share.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_JSON_INTERNAL_H
#define SHOW_JSON_INTERNAL_H

#include "base/json_out.h"
#include "show/show.h"

struct json_report {
    struct json_out json;
    const struct show_json *how;
    const char *project; /* that all rows belong to; NULL: none is told */
};

/* ---- json_row.c ---- */

/* What lists of rows of that kind are called. */
const char *json_list_name(enum report_by by, enum show_form form);
void json_row(struct json_report *j, const struct report *report, const struct report_row *row);
/* Figures under ccusage's names, in its order; `s` of a row or of the totals. */
void json_figures(struct json_report *j, const struct sums *s);
/* Our figures, the same below a row and below the totals. */
void json_own(struct json_report *j, const struct sums *s);
/* The texts sorted, each once. */
void json_set(struct json_report *j, const char *key, const char **texts, size_t n);
void json_time(struct json_report *j, const char *key, int64_t at_ms);

/* ---- json_block.c ---- */

void json_block(struct json_report *j, const struct report *report, const struct report_row *row);

#endif
