/* tail/watch_none.c — watch.h where the system has no inotify: everything is polled.
 * SPDX-License-Identifier: MIT
 */
#include "tail/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

#ifdef __APPLE__
#define MTIME(st) ((st).st_mtimespec)
#define CTIME(st) ((st).st_ctimespec)
#else
#define MTIME(st) ((st).st_mtim)
#define CTIME(st) ((st).st_ctim)
#endif

const char *const watch_limit_name = "";

int watch_open(struct watch **out, struct err *err)
{
    *out = NULL;
    err_set(err, ERR_UNAVAILABLE, "this system has no inotify: folders are looked at every 2 s");
    return -1;
}

void watch_close(struct watch *watch)
{
    (void)watch;
}

int watch_fd(const struct watch *watch)
{
    (void)watch;
    return -1;
}

int watch_add(struct watch *watch, int fd, enum watch_kind kind)
{
    (void)watch;
    (void)fd;
    (void)kind;
    errno = ENOSYS;
    return -1;
}

void watch_drop(struct watch *watch, int number)
{
    (void)watch;
    (void)number;
}

void watch_read(struct watch *watch, watch_fn *fn, void *to)
{
    (void)watch;
    (void)fn;
    (void)to;
}

bool watch_is_blind(int fd)
{
    (void)fd;
    return true;
}

static int64_t time_ns(struct timespec at)
{
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int watch_stat(int folder_fd, const char *name, enum watch_link link, struct watch_stat *out)
{
    int flags = link == WATCH_LINK_ITSELF ? AT_SYMLINK_NOFOLLOW : 0;
    struct stat st;

    if ((name[0] ? fstatat(folder_fd, name, &st, flags) : fstat(folder_fd, &st)) < 0)
        return -1;
    *out = (struct watch_stat){
        .dev = (uint64_t)st.st_dev,
        .ino = (uint64_t)st.st_ino,
        .mode = st.st_mode,
        .names = (uint64_t)st.st_nlink,
        .size = (int64_t)st.st_size,
        .mtime_ns = time_ns(MTIME(st)),
        .ctime_ns = time_ns(CTIME(st)),
        .birth_ms = time_ns(MTIME(st)) / 1000000,
    };
    return 0;
}
