/* event/estimate.h — what past use says of a limit that nobody has told.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_ESTIMATE_H
#define EVENT_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

/* Of blocks of five hours; tokens of all kinds. */
struct estimate {
    int64_t limit_tokens; /* nine of ten past blocks stayed at or below it; 0: there is none */
    int64_t used_tokens;  /* in the block of this moment */
    int64_t began_ms, resets_at_ms; /* of that block; 0: nothing is under way */
    int blocks;                     /* that it was made from */
};

/* Who wants estimates, and of which accounts. */
struct estimate_sink {
    bool (*wants)(void *to, const char *account);
    void (*take)(void *to, const char *account, const struct estimate *estimate);
    void *to;
};

#endif
