/* base/zone.h — a time zone of the system's tzdata: where a local day begins.
 *
 * Reads TZif files (RFC 8536, versions 1 to 3, with the POSIX rule in the footer for years after
 * the table). No tzset, no global state: several zones can be open at once; the environment is
 * looked at by zone_open alone.
 * A zone never changes once opened and may be used by any thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/civil.h"
#include "base/err.h"

struct zone;

/* `name`: "Europe/Berlin", "UTC", or "" / "local" for the system's (the TZ variable, else
 * /etc/localtime, else UTC). Files come from $TZDIR, else /usr/share/zoneinfo. "UTC" needs none.
 * A name that leaves that folder ("../x", "/etc/passwd") is refused. TZ may also hold a bare POSIX
 * rule ("CET-1CEST,M3.5.0,M10.5.0/3") or the path of a file in that folder.
 * Returns 0, or -1 with *err (ERR_USAGE) naming the zone. */
int zone_open(struct zone **out, const char *name, struct err *err);
void zone_close(struct zone *zone); /* NULL is fine */

const char *zone_name(const struct zone *zone); /* lent; the system's zone under its own name */

int32_t zone_offset_s(const struct zone *zone, int64_t at_ms); /* local = UTC + offset */
/* The civil day (see civil.h). A day that has begun does not end because the clock is turned back
 * over midnight, so this never falls as time goes on; zone_civil then shows the day before. */
int64_t zone_day_of(const struct zone *zone, int64_t at_ms);
/* The first instant of a local day. Where midnight does not exist (the clock jumps over it): the
 * first instant after the gap. Where it exists twice: the earlier one. So the spans
 * [start(d), start(d+1)) cover all time and never overlap, and zone_day_of is constant in each.
 * A day that was left out (Apia, 2011-12-30) is an empty span. */
int64_t zone_day_start_ms(const struct zone *zone, int64_t day);
/* A local wall time of a day (ms since local midnight by the clock face) as an instant; in a gap
 * the instant after it, in a fold the earlier one. */
int64_t zone_wall_ms(const struct zone *zone, int64_t day, int64_t wall_ms);
/* "2026-11-22 14:05" and the like in this zone: the date, and the clock face in *wall_ms (may be
 * NULL) as milliseconds since 00:00. */
struct civil zone_civil(const struct zone *zone, int64_t at_ms, int64_t *wall_ms);

#endif
