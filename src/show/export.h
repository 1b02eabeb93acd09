/* show/export.h — single events as lines for other programs.
 *
 * Part of this room's job of giving out what the ledger holds; asks for nothing itself.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_EXPORT_H
#define SHOW_EXPORT_H

#include "base/buf.h"

struct row;

/* RFC 4180: the names, and one event. */
void show_event_csv_head(struct buf *out);
void show_event_csv(struct buf *out, const struct row *row);
/* One JSON object and a newline. */
void show_event_json(struct buf *out, const struct row *row);

#endif
