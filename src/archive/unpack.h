/* archive/unpack.h — takes wanted files out of a .tar (plain, gzip, zstd, xz, bzip2) or a .zip.
 *
 * Trusts nothing in the archive: a file is written only below the folder that the caller names, and
 * neither many files, nor large ones, nor ones that were packed too well to be true fill the disk.
 * Knows nothing of logs. SPDX-License-Identifier: MIT
 */
#ifndef ARCHIVE_UNPACK_H
#define ARCHIVE_UNPACK_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* More than one of these, and the archive is refused. 0 stands for none at all. */
struct unpack_limits {
    int64_t bytes; /* written in all */
    int64_t files; /* written in all */
    int64_t names; /* looked at */
    int64_t ratio; /* bytes that a byte of the archive may become, once it is past `ratio_from` */
    int64_t ratio_from;
};
extern const struct unpack_limits unpack_limits;

/* What the caller decides. */
struct unpack_taker {
    bool (*wants)(void *to, const char *path); /* as it stands in the archive, without "./" */
    bool (*stop)(void *to);                    /* come to an end now */
    void *to;
    const struct unpack_limits *limits;
};

struct unpack_result {
    int64_t files, bytes; /* written */
    int64_t refused;      /* wanted but no plain file; or a name that leads out of a folder */
};

/* Writes every wanted file to the same path below `folder`, with its time; folders 0700, files
 * 0600. 0, or -1 with *err: ERR_DAMAGED (no archive, torn, over a limit; the sentence names it),
 * ERR_NOT_FOUND, ERR_IO, ERR_FULL, ERR_UNAVAILABLE (stopped). What was written stays. */
int unpack_into(const char *folder, const char *archive, const struct unpack_taker *taker,
                struct unpack_result *out, struct err *err);

#endif
