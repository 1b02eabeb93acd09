/* report/pulse.h — how many tokens went by in each of the last minutes.
 *
 * Not thread-safe per store handle. SPDX-License-Identifier: MIT
 */
#ifndef REPORT_PULSE_H
#define REPORT_PULSE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct store;

/* Fills tokens[0…minutes): the last one is the minute of `now_ms`, as far as it has come. 0, or -1
 * with *err. */
int report_pulse(struct store *store, int64_t now_ms, int64_t *tokens, size_t minutes,
                 struct err *err);

#endif
