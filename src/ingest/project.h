/* ingest/project.h — which repository does a folder belong to? Asked once, when a project is met.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_PROJECT_H
#define INGEST_PROJECT_H

#include "base/span.h"

/* The root of the repository that `folder` lies in; of a worktree, that of its main one; yours to
 * free. NULL where there is none. `home` itself counts only for its own name: who keeps a whole
 * home under version control does not work on one project there. */
char *project_root(struct span folder, const char *home);

#endif
