/* limits/limits_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef LIMITS_INTERNAL_H
#define LIMITS_INTERNAL_H

#include "limits/window.h"

/* name.c: the bucket's id, and how long its window is. False: it cannot be told. */
bool window_name(const struct observation *seen, char id[BUCKET_NAME_SIZE], int64_t *window_s);

#endif
