/* event/run.c — see run.h.
 * SPDX-License-Identifier: MIT
 */
#include "event/run.h"

const char *const run_state_names[RUN_STATES] = {
    [RUN_RUNNING] = "running",
    [RUN_SUCCEEDED] = "succeeded",
    [RUN_FAILED] = "failed",
    [RUN_CANCELLED] = "cancelled",
};

bool run_state_parse(struct span name, enum run_state *state)
{
    int i;

    for (i = 0; i < RUN_STATES; i++) {
        if (span_is(name, run_state_names[i])) {
            *state = (enum run_state)i;
            return true;
        }
    }
    return false;
}
