/* source/sightings.h — the spool of rate limits that a status line has seen.
 *
 * Whoever shows a status line appends one line per sighting; whoever reads logs follows the spool
 * as it follows any log. Opens no file itself. Thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_SIGHTINGS_H
#define SOURCE_SIGHTINGS_H

#include "base/buf.h"
#include "source/source.h"

/* The spool's folder; on the heap, yours to free. */
char *sightings_folder(const struct source_env *env);
#define SIGHTINGS_FILE "status-line.jsonl"

/* The part of a status line's JSON that is worth a line; absent if it tells of no limits (or is no
 * JSON). Lent from `json`. */
struct span sightings_of(struct span json);
/* When a line of the spool was written; 0: it does not say. */
int64_t sightings_at(struct span line);
/* The line for it, newline included. */
void sightings_line(struct buf *out, struct span limits, int64_t at_ms);

#endif
