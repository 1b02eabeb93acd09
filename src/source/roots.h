/* source/roots.h — which folders are looked in, as agents keep them and as the owner adds to it.
 * Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_ROOTS_H
#define SOURCE_ROOTS_H

#include "base/err.h"
#include "source/source.h"

/* `path` and `otherwise` as in source_root_fn; both go over to the callee. */
typedef void roots_fn(void *to, const struct source *source, char *path, char *otherwise);

/* Every root of every agent, as env->settings has it:
 *
 *     { "codex": false,                          this agent is not looked for
 *       "claude": ["/mnt/backup/projects"],      these folders besides
 *       "homes": ["/mnt/c/Users/Kim"] }          whatever lies in these homes, too
 */
void roots_each(const struct source_env *env, roots_fn *fn, void *to);

/* Can `settings` be used? 0, or -1 with *err (ERR_USAGE) naming the key and what is allowed. */
int roots_check(const char *settings, struct err *err);

#endif
