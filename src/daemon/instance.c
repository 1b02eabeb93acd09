/* daemon/instance.c — one daemon per ledger. How others find it: store/serving.h.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STOP_MS       10000
#define STARTING_MS   3000
#define LOOK_AGAIN_MS 20

struct instance {
    int fd;
    char *path;
};

static int open_beside(const char *db, char **path, struct err *err)
{
    char *folder = path_dir(db);
    int fd = -1;

    *path = xasprintf("%s.daemon", db);
    if (access(folder, F_OK) == 0 || path_make(folder, err) == 0) {
        fd = open(*path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot write to %s: %s", *path,
                    strerror(errno));
    }
    free(folder);
    return fd;
}

static bool lock(int fd)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* The process and the address in the file; false while they are not there (yet). */
static bool read_lines(int fd, long *pid, char url[INSTANCE_URL_SIZE])
{
    struct serving serving;
    bool there = serving_read(fd, &serving);

    *pid = serving.pid;
    span_copy(span_of(serving.url), url, INSTANCE_URL_SIZE);
    return there;
}

/* Waits until `done` says so or the time is up. */
static bool wait_until(bool (*done)(void *to), void *to, int64_t limit_ms)
{
    int64_t end = clock_boot_ms() + limit_ms;

    while (!done(to)) {
        if (clock_boot_ms() >= end)
            return false;
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
    return true;
}

struct look {
    int fd;
    long pid;
    char *url;
};

static bool has_url(void *to)
{
    struct look *look = to;

    return read_lines(look->fd, &look->pid, look->url) || lock(look->fd);
}

int instance_claim(struct instance **out, const char *db, char url[INSTANCE_URL_SIZE],
                   struct err *err)
{
    struct instance *in = xcalloc(1, sizeof(*in));
    struct look look;
    int rc = -1;

    url[0] = '\0';
    in->fd = open_beside(db, &in->path, err);
    if (in->fd < 0)
        goto out;
    if (!lock(in->fd)) {
        look = (struct look){ in->fd, 0, url };
        wait_until(has_url, &look, STARTING_MS);
        rc = 1;
        goto out;
    }
    if (ftruncate(in->fd, 0) < 0) {
        err_set(err, ERR_IO, "cannot write to %s: %s", in->path, strerror(errno));
        goto out;
    }
    *out = in;
    in = NULL;
    rc = 0;
out:
    instance_release(in);
    return rc;
}

int instance_publish(struct instance *in, const char *url, struct err *err)
{
    char text[INSTANCE_URL_SIZE + SERVING_VERSION_SIZE + 32];
    int n = snprintf(text, sizeof(text), "%ld\n%s\n" TACHO_VERSION "\n", (long)getpid(), url);

    if (n >= (int)sizeof(text) || pwrite(in->fd, text, (size_t)n, 0) != n) {
        err_set(err, ERR_IO, "cannot write to %s: %s", in->path, strerror(errno));
        return -1;
    }
    return 0;
}

void instance_release(struct instance *in)
{
    if (!in)
        return;
    if (in->fd >= 0)
        close(in->fd);
    free(in->path);
    free(in);
}

static bool is_free(void *to)
{
    return lock(((struct look *)to)->fd);
}

int instance_stop(const char *db, struct err *err)
{
    char url[INSTANCE_URL_SIZE];
    struct look look = { .url = url };
    char *path = xasprintf("%s.daemon", db);
    int rc = -1;

    look.fd = open(path, O_RDWR | O_CLOEXEC);
    if (look.fd < 0 || lock(look.fd)) {
        rc = 1;
        goto out;
    }
    if (!wait_until(has_url, &look, STARTING_MS) || look.pid == 0) {
        err_set(err, ERR_UNAVAILABLE, "the daemon of %s is starting and cannot be stopped yet", db);
        goto out;
    }
    if (kill((pid_t)look.pid, SIGTERM) < 0 && errno != ESRCH) {
        err_set(err, ERR_UNAVAILABLE, "cannot stop process %ld: %s", look.pid, strerror(errno));
        goto out;
    }
    if (!wait_until(is_free, &look, STOP_MS)) {
        err_set(err, ERR_UNAVAILABLE, "process %ld was asked to end but has not", look.pid);
        goto out;
    }
    rc = 0;
out:
    if (look.fd >= 0)
        close(look.fd);
    free(path);
    return rc;
}

void instance_poke(const char *db)
{
    char url[INSTANCE_URL_SIZE];
    char *path = xasprintf("%s.daemon", db);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    long pid;

    if (fd >= 0 && !lock(fd) && read_lines(fd, &pid, url))
        kill((pid_t)pid, SIGHUP);
    if (fd >= 0)
        close(fd);
    free(path);
}
