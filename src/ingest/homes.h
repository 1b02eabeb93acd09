/* ingest/homes.h — in whose home does a log lie? For logs that came from elsewhere.
 *
 * Wherever a home folder was copied to, its agents' folders lie below it as they did at home. So a
 * path is held against every folder that it leads through, as if that were a home. Touches no file.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_HOMES_H
#define INGEST_HOMES_H

#include "source/source.h"

/* What of a path somebody may want. */
enum homes_what {
    HOMES_NOTHING,
    HOMES_NEAR, /* no log, but a file that the scan of one may ask for */
    HOMES_LOG,
};
/* Of an absolute path. *home_len: bytes of it that are the home; where there are several, that of
 * the deepest. */
enum homes_what homes_find(const char *path, size_t *home_len);

/* The environment of a home that is not ours: nobody can ask its variables. `home` is lent. */
struct source_env homes_env(const char *home);

#endif
