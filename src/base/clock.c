/* base/clock.c — see clock.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed_ms = -1;
static _Atomic int64_t skipped_awake_ms, skipped_asleep_ms;

static int64_t read_ms(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    int64_t at_ms = fixed_ms;

    return at_ms >= 0 ? at_ms : read_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
    return read_ms(CLOCK_BOOTTIME) + skipped_awake_ms + skipped_asleep_ms;
}

int64_t clock_mono_ms(void)
{
    return read_ms(CLOCK_MONOTONIC) + skipped_awake_ms;
}

void clock_skip(int64_t awake_ms, int64_t asleep_ms)
{
    skipped_awake_ms += awake_ms;
    skipped_asleep_ms += asleep_ms;
}

void clock_fix(int64_t at_ms)
{
    fixed_ms = at_ms;
}
