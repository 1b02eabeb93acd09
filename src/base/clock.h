/* base/clock.h — the only place where time is read.
 *
 * The wall clock can be fixed (`--now`, tests), which makes every output reproducible. Deadlines
 * run on CLOCK_BOOTTIME, which goes on while the machine sleeps and never jumps.
 * Thread-safe; clock_fix is for start-up.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);  /* UTC, milliseconds since 1970 */
int64_t clock_boot_ms(void); /* milliseconds since boot, suspended time included */
int64_t clock_mono_ms(void); /* the same without it; what both have grown apart was sleep */

/* From now on clock_now_ms answers `at_ms`; a negative value gives the real clock back. */
void clock_fix(int64_t at_ms);

/* As if so much more time had passed, awake and suspended: so that tests need not wait. */
void clock_skip(int64_t awake_ms, int64_t asleep_ms);

#endif
