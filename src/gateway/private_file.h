/* gateway/private_file.h — files that hold secrets: read only if nobody else can.
 * Thread-safe (no state). SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_PRIVATE_FILE_H
#define GATEWAY_PRIVATE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* The whole file, at most `max` bytes. 0, or -1 with *err: ERR_NOT_FOUND, or ERR_USAGE when it
 * belongs to somebody else or can be read by others (the command that helps is named). */
int private_file_read(const char *path, size_t max, struct buf *out, struct err *err);

/* Waits until no other process of ours changes the folder of `path`, which is made if need be. A
 * descriptor to close when done, or -1 with *err. */
int private_file_lock(const char *path, struct err *err);

#endif
