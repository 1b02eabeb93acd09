/* tail/watch.h — what the operating system tells about folders and files.
 *
 * One implementation per platform, chosen by the build. Where there is nothing that can watch,
 * watch_open fails and the room polls. Only for this room.
 * SPDX-License-Identifier: MIT
 */
#ifndef TAIL_WATCH_H
#define TAIL_WATCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct watch; /* many folders, each known by its number */

enum watch_kind {
    WATCH_FILES, /* names that come, go and change, and what is written to files */
    WATCH_NAMES  /* names only; adds nothing where WATCH_FILES stands already */
};

enum watch_what {
    WATCH_NAME,    /* `name` in the folder came, went, was closed or became another one */
    WATCH_CONTENT, /* the file `name` was written to */
    WATCH_SELF,    /* the folder itself was moved, deleted or unmounted */
    WATCH_END,     /* the folder's number is no more */
    WATCH_OVERFLOW /* some events are lost: look at everything */
};

typedef void watch_fn(void *to, enum watch_what what, int number, const char *name);

int watch_open(struct watch **out, struct err *err); /* 0, or -1 with *err */
void watch_close(struct watch *watch);               /* NULL is fine */
int watch_fd(const struct watch *watch);             /* readable when there is something to read */

/* Watches the folder that is open as `fd`; the same folder gives the same number again.
 * The number, or -1 and errno: ENOSPC when the limit is reached. */
int watch_add(struct watch *watch, int fd, enum watch_kind kind);
void watch_drop(struct watch *watch, int number);

/* Calls `fn` for what is pending. Never blocks; may leave some if there is very much. */
void watch_read(struct watch *watch, watch_fn *fn, void *to);

extern const char *const watch_limit_name; /* how the administrator raises the limit */

/* Can others change files here without our hearing of it (network, FUSE)? */
bool watch_is_blind(int fd);

enum watch_link { WATCH_LINK_ITSELF, WATCH_LINK_TARGET };

struct watch_stat {
    uint64_t dev, ino;
    mode_t mode;
    uint64_t names;             /* hard links */
    int64_t size;               /* bytes */
    int64_t mtime_ns, ctime_ns; /* UTC */
    int64_t birth_ms;           /* UTC; mtime where it is not told */
};

/* Looks at a name in an open folder; the empty name is the folder itself. 0, or -1 and errno. */
int watch_stat(int folder_fd, const char *name, enum watch_link link, struct watch_stat *out);

#endif
