/* source/headers.h — rate limits in the words that providers and agents use for them.
 *
 * One vocabulary for all sources: a proxy or a wrapper stores response headers beside a line,
 * agents hand out objects with one member per window. Both become observations here. Unknown
 * members are passed over. Pure; thread-safe. SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_HEADERS_H
#define SOURCE_HEADERS_H

#include "base/pick.h"
#include "source/source.h"

/* Every limit told of in an object whose keys are header names (windows as objects in it are read
 * too). `about` says what is known besides: time, account, plan, who saw it. A header that names a
 * span of time counts from about->at_ms. Returns how many observations went to the sink. */
int headers_read(struct picked object, const struct observation *about, const struct sink *sink);

/* Every window that is a member object with a percentage, such as
 *     {"five_hour":{"used_percentage":23.5,"resets_at":1788350000},"seven_day":null}
 *     {"primary":{"used_percent":4,"window_minutes":300,"resets_in_seconds":900}}
 * Returns how many observations went to the sink. */
int windows_read(struct picked object, const struct observation *about, const struct sink *sink);

/* "6m0s", "1h2m3.5s", "250ms": true and *ms, or false. */
bool headers_duration(struct span text, int64_t *ms);

#endif
