/* show/sources.h — where logs are looked for, as text for people and JSON for programs.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_SOURCES_H
#define SHOW_SOURCES_H

#include "report/sources.h"
#include "show/show.h"

struct zone;

/* What to draw with. `home` shortens paths below it to "~/…". */
struct show_sources {
    const struct zone *zone;
    const char *home;
    const struct show_style *style;
};
/* Agents with files first, each with its folders, figures and problems; then the others in a line.
 */
void show_sources(struct buf *out, const struct sources_report *report,
                  const struct show_sources *how);
void show_sources_json(struct buf *out, const struct sources_report *report);

#endif
