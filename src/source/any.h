/* source/any.h — logs whose path tells nothing: whose they are is found out from their lines.
 *
 * Nothing is counted before that is known; then the file begins again as a log of that agent.
 * Pure; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_ANY_H
#define SOURCE_ANY_H

#include "source/source.h"

extern const struct source source_any; /* not one of `sources` */

/* Whose log it is, out of the memory of its format; NULL: no line has told yet. */
const struct source *source_any_told(const void *memory);

#endif
