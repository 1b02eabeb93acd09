/* notify/hook.h — run a command of the owner's to tell him of something.
 *
 * Never a shell: the words are the program and its arguments. Thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef NOTIFY_HOOK_H
#define NOTIFY_HOOK_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/* Runs `words` (NULL-terminated) with `body`, a JSON object, on its stdin and each of the object's
 * plain members in its environment ("reset_at" as TACHO_RESET_AT). What it prints is dropped. Still
 * running after `limit_ms`, it is killed with all that it started. 0 when it ended with 0; -1 with
 * *err. */
int hook_run(char *const *words, struct span body, int64_t limit_ms, struct err *err);

#endif
