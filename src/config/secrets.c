/* config/secrets.c — see secrets.h.
 * SPDX-License-Identifier: MIT
 */
#include "config/secrets.h"

#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 }; /* bytes */

/* May this file be used for secrets, going by who can read and replace it? */
static int check_private(const char *path, const struct stat *file, struct err *err)
{
    char *folder = path_dir(path);
    struct stat around;
    int rc = -1;

    if (!S_ISREG(file->st_mode))
        err_set(err, ERR_USAGE, "%s is not a regular file", path);
    else if (file->st_uid != geteuid())
        err_set(err, ERR_USAGE,
                "%s belongs to another user; secrets are only read from a file of "
                "one's own",
                path);
    else if (file->st_mode & 077)
        err_set(err, ERR_USAGE, "%s can be read by other users; run: chmod 600 %s", path, path);
    else if (stat(folder, &around) < 0)
        err_set(err, ERR_IO, "%s: %s", folder, strerror(errno));
    else if (around.st_mode & 022)
        err_set(err, ERR_USAGE, "%s can be written by other users; run: chmod 700 %s", folder,
                folder);
    else
        rc = 0;
    free(folder);
    return rc;
}

/* The bytes of an open file as a JSON object; NULL with *err. */
static json_t *parse(const char *path, int fd, struct err *err)
{
    char *text = xmalloc(FILE_MAX);
    ssize_t n = read(fd, text, FILE_MAX);
    json_t *root = NULL;

    if (n < 0) {
        err_set(err, ERR_IO, "read %s: %s", path, strerror(errno));
    } else {
        root = json_loadb(text, (size_t)n, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(root)) {
            err_set(err, ERR_DAMAGED, "%s is not a JSON object", path);
            json_decref(root);
            root = NULL;
        }
        explicit_bzero(text, (size_t)n);
    }
    free(text);
    return root;
}

int secrets_load(const char *path, json_t **root, struct stat *seen, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold us */
    int rc = -1;

    *root = NULL;
    memset(seen, 0, sizeof(*seen));
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0 || fstat(fd, seen) < 0)
        err_set(err, ERR_IO, "open %s: %s", path, strerror(errno));
    else if (check_private(path, seen, err) == 0)
        *root = parse(path, fd, err);
    if (*root)
        rc = 0;
    if (fd >= 0)
        close(fd);
    return rc;
}

int secrets_save(const char *path, json_t *root, struct err *err)
{
    char *text = json_dumps(root, JSON_INDENT(2));
    int rc;

    if (!text) {
        err_set(err, ERR_INTERNAL, "%s: cannot be written as JSON", path);
        return -1;
    }
    rc = path_write(path, span_of(text), 0600, err);
    explicit_bzero(text, strlen(text));
    free(text);
    return rc;
}

int secrets_lock(const char *path, struct err *err)
{
    char *folder = path_dir(path);
    int fd = -1;

    if (path_make(folder, err) < 0)
        goto out;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        goto out;
    err_set(err, ERR_IO, "lock %s: %s", folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    fd = -1;
out:
    free(folder);
    return fd;
}
