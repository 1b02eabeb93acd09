/* gateway/private_file.c — see private_file.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/private_file.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int private_file_read(const char *path, size_t max, struct buf *out, struct err *err)
{
    struct stat file;

    if (stat(path, &file) < 0) {
        err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %s", path,
                strerror(errno));
        return -1;
    }
    if (!S_ISREG(file.st_mode)) {
        err_set(err, ERR_USAGE, "%s is not a regular file", path);
        return -1;
    }
    if (file.st_uid != geteuid()) {
        err_set(err, ERR_USAGE,
                "%s belongs to another user; secrets are only read from a file "
                "of one's own",
                path);
        return -1;
    }
    if (file.st_mode & 077) {
        err_set(err, ERR_USAGE, "%s can be read by other users; run: chmod 600 %s", path, path);
        return -1;
    }
    return path_read(path, max, out, err);
}

int private_file_lock(const char *path, struct err *err)
{
    char *folder = path_dir(path);
    int fd = -1;

    if (path_make(folder, err) < 0)
        goto out;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) < 0) {
        err_set(err, ERR_IO, "cannot lock %s: %s", folder, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
out:
    free(folder);
    return fd;
}
