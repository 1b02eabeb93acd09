/* source/agents.h — the constants that registry.c lists. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_AGENTS_H
#define SOURCE_AGENTS_H

#include "source/source.h"

extern const struct source source_claude;

#endif
