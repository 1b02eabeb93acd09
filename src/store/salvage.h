/* store/salvage.h — save what can be read of a damaged ledger.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_SALVAGE_H
#define STORE_SALVAGE_H

#include "base/err.h"

#include <stdint.h>

struct salvage {
    int64_t saved;             /* events that could be read */
    int64_t lost;              /* events that were there and could not, as far as can be told */
    int64_t first_ms, last_ms; /* time span of what was saved */
    int64_t gap_first_ms, gap_last_ms; /* span in which rows could not be read; 0, 0: no gap */
};
/* Copies every readable event of a damaged ledger into a new one at `to_path` (which must not
 * exist). Roll-ups are computed anew; files are left out, so that the logs are read again. 0 also
 * when nothing could be saved; -1 with *err when the new ledger cannot be written. */
int store_salvage(const char *from_path, const char *to_path, struct salvage *out, struct err *err);

#endif
