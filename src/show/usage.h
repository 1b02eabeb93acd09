/* show/usage.h — the usage window as JSON for programs and as text for people. Formats; computes
 * nothing.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_USAGE_H
#define SHOW_USAGE_H

#include "report/usage.h"
#include "show/show.h"

/* The document of GET /usage. `indent` as in show_report_json; no newline at the end. */
void show_usage_json(struct buf *out, const struct usage *usage, int indent);

/* What `tacho usage` prints: the number, how it stands to the threshold, agents, days as bars. */
void show_usage(struct buf *out, const struct usage *usage, const struct show_style *style);

#endif
