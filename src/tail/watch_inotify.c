/* tail/watch_inotify.c — watch.h on Linux.
 *
 * Knows inotify, statx and the numbers of file systems. Knows nothing of roots or logs.
 * SPDX-License-Identifier: MIT
 */
#include "tail/watch.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 << 10,
    READS = 128, /* per watch_read: about as many events as the kernel's queue holds */

    NAME_EVENTS = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB,
    SELF_EVENTS = IN_DELETE_SELF | IN_MOVE_SELF,
};

struct watch {
    int fd;
    char buffer[READ_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
};

const char *const watch_limit_name = "fs.inotify.max_user_watches";

int watch_open(struct watch **out, struct err *err)
{
    struct watch *watch;
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    if (fd < 0) {
        err_set(err, ERR_UNAVAILABLE, "cannot watch folders: %s%s", strerror(errno),
                errno == EMFILE ? " (sysctl fs.inotify.max_user_instances)" : "");
        return -1;
    }
    watch = xmalloc(sizeof(*watch));
    watch->fd = fd;
    *out = watch;
    return 0;
}

void watch_close(struct watch *watch)
{
    if (!watch)
        return;
    close(watch->fd);
    free(watch);
}

int watch_fd(const struct watch *watch)
{
    return watch->fd;
}

int watch_add(struct watch *watch, int fd, enum watch_kind kind)
{
    uint32_t mask = IN_MASK_ADD | IN_ONLYDIR | SELF_EVENTS | NAME_EVENTS;
    char path[40];

    if (kind == WATCH_FILES)
        mask |= IN_MODIFY | IN_CLOSE_WRITE;
    /* By this name the kernel finds the very folder we opened, whatever its path leads to now. */
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return inotify_add_watch(watch->fd, path, mask);
}

void watch_drop(struct watch *watch, int number)
{
    inotify_rm_watch(watch->fd, number); /* fails if the folder went first: as good */
}

static void hand_out(const struct inotify_event *event, watch_fn *fn, void *to)
{
    const char *name = event->len > 0 ? event->name : NULL;

    if (event->mask & IN_Q_OVERFLOW)
        fn(to, WATCH_OVERFLOW, -1, NULL);
    else if (event->mask & IN_IGNORED)
        fn(to, WATCH_END, event->wd, NULL);
    else if (event->mask & (SELF_EVENTS | IN_UNMOUNT))
        fn(to, WATCH_SELF, event->wd, NULL);
    else if (name && (event->mask & IN_MODIFY))
        fn(to, WATCH_CONTENT, event->wd, name);
    else if (name)
        fn(to, WATCH_NAME, event->wd, name);
}

void watch_read(struct watch *watch, watch_fn *fn, void *to)
{
    int reads;

    for (reads = 0; reads < READS; reads++) {
        ssize_t n = read(watch->fd, watch->buffer, sizeof(watch->buffer));
        const char *p = watch->buffer;

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        while (p < watch->buffer + n) {
            const struct inotify_event *event = (const void *)p;

            hand_out(event, fn, to);
            p += sizeof(*event) + event->len;
        }
    }
}

/* statfs(2) and the kernel's magic.h; virtiofs answers as FUSE. */
static const uint32_t blind_types[] = {
    0x00006969, /* NFS */
    0x0000517b, /* SMB */
    0xff534d42, /* CIFS */
    0xfe534d42, /* SMB2 */
    0x01021997, /* 9p */
    0x65735546, /* FUSE, virtiofs */
    0x00c36400, /* Ceph */
    0x5346414f, /* AFS */
    0x73757245, /* Coda */
    0x0bd00bd0, /* Lustre */
    0x01161970, /* GFS2 */
    0x7461636f, /* OCFS2 */
    0x786f4256, /* VirtualBox shared folders */
    0xbacbacbc, /* VMware shared folders */
};

bool watch_is_blind(int fd)
{
    struct statfs fs;
    size_t i;

    if (fstatfs(fd, &fs) < 0)
        return true;
    for (i = 0; i < sizeof(blind_types) / sizeof(blind_types[0]); i++) {
        if ((uint32_t)fs.f_type == blind_types[i])
            return true;
    }
    return false;
}

static int64_t time_ns(struct statx_timestamp at)
{
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int watch_stat(int folder_fd, const char *name, enum watch_link link, struct watch_stat *out)
{
    int flags = name[0] ? 0 : AT_EMPTY_PATH;
    struct statx sx;

    if (link == WATCH_LINK_ITSELF)
        flags |= AT_SYMLINK_NOFOLLOW;
    if (statx(folder_fd, name, flags, STATX_BASIC_STATS | STATX_BTIME, &sx) < 0)
        return -1;
    *out = (struct watch_stat){
        .dev = makedev(sx.stx_dev_major, sx.stx_dev_minor),
        .ino = sx.stx_ino,
        .mode = sx.stx_mode,
        .names = sx.stx_nlink,
        .size = (int64_t)sx.stx_size,
        .mtime_ns = time_ns(sx.stx_mtime),
        .ctime_ns = time_ns(sx.stx_ctime),
    };
    out->birth_ms = (sx.stx_mask & STATX_BTIME ? time_ns(sx.stx_btime) : out->mtime_ns) / 1000000;
    return 0;
}
