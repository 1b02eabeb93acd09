/* ingest/spool.h — hand a sighting of rate limits to whoever reads logs.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_SPOOL_H
#define INGEST_SPOOL_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

struct config;

/* Appends the rate limits in a status line's JSON to the spool, by one write and without waiting
 * for anybody. What tells of none, or of the same as the last line less than a minute ago, is left
 * out. The file is private and begins anew when it has grown large. 0, or -1 with *err. */
int spool_status_line(const struct config *config, struct span json, int64_t now_ms,
                      struct err *err);

#endif
