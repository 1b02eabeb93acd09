/* source/gauge.h — agents that keep no list of responses but a running total per session.
 *
 * Whoever looks sees the total as it is then: a sighting. What a session is billed for is how its
 * total grew from one sighting to the next. Sightings of one UTC day are one member of the
 * session's group, so that members stay few; what all of them come to is the largest total ever
 * seen, in whatever order and however often they were seen. For such a source or for the part of it
 * that keeps totals: choose = choose_larger, join = join_counters, settle = gauge_settle.
 * Room-internal, no state.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_GAUGE_H
#define SOURCE_GAUGE_H

#include "source/source.h"

/* Tokens of a session: more than any can have. */
#define GAUGE_TOTAL_MAX INT64_C(1000000000000)

/* Makes an event whose session, time and figures (the total so far) are set a sighting: sets its
 * group and part, and the flags that say what it is. */
void gauge_sighting(struct event *event);

/* Bills each sighting of a session for what it is above the smaller ones. */
source_settle_fn gauge_settle;

#endif
