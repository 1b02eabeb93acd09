/* base/path.h — small things about files and folders.
 *
 * Thread-safe (no state). Returned strings are on the heap, yours to free.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/buf.h"
#include "base/err.h"

char *path_join(const char *folder, const char *name);
/* "~/x" below `home`; anything else as it is. */
char *path_expand(const char *path, const char *home);
char *path_dir(const char *path);        /* what stands before the last '/', or "." */
const char *path_base(const char *path); /* lent: what stands behind it */

/* `name` below a folder, where one part of it may be "*": then the first in the order of the names
 * that is there; NULL: none. */
char *path_find(const char *folder, const char *name);

/* Calls fn with every name in a folder but "." and "..", in any order; nothing if it cannot be
 * read. */
void path_each_name(const char *folder, void (*fn)(void *to, const char *name), void *to);

/* Makes the folder and its parents, 0700 each. 0, or -1 with *err. */
int path_make(const char *folder, struct err *err);

/* The whole file, at most `max` bytes, into `out`. 0, or -1 with *err (ERR_NOT_FOUND, ERR_IO,
 * ERR_USAGE when it is larger). */
int path_read(const char *path, size_t max, struct buf *out, struct err *err);

/* Replaces the file whole or not at all (temporary file beside it, fsync, rename). */
int path_write(const char *path, struct span bytes, unsigned mode, struct err *err);

#endif
