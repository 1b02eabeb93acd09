/* base/path.c — see path.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/path.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *path_join(const char *folder, const char *name)
{
    size_t n = strlen(folder);

    return xasprintf("%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name);
}

char *path_expand(const char *path, const char *home)
{
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0') && home)
        return path[1] ? path_join(home, path + 2) : xstrdup(home);
    return xstrdup(path);
}

char *path_dir(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return xstrdup(".");
    return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The first of the folder's names below which there is `rest`. */
static char *find_below(const char *folder, const char *rest)
{
    struct dirent **names = NULL;
    int n = scandir(folder, &names, NULL, alphasort), i;
    char *found = NULL;

    for (i = 0; i < n; i++) {
        char *path = xasprintf("%s/%s/%s", folder, names[i]->d_name, rest);

        if (!found && names[i]->d_name[0] != '.' && access(path, F_OK) == 0)
            found = path;
        else
            free(path);
        free(names[i]);
    }
    free(names);
    return found;
}

char *path_find(const char *folder, const char *name)
{
    const char *star = strstr(name, "*/");
    char *before, *within, *found;

    if (!star)
        return path_join(folder, name);
    before = xstrndup(name, (size_t)(star - name));
    within = path_join(folder, before);
    found = find_below(within, star + 2);
    free(before);
    free(within);
    return found;
}

int path_make(const char *folder, struct err *err)
{
    char *path = xstrdup(folder);
    char *p;
    int rc = 0;

    for (p = path + (path[0] == '/'); rc == 0; p++) {
        char c = *p;

        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST) {
            err_set(err, ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
            rc = -1;
        }
        *p = c;
        if (c == '\0')
            break;
    }
    free(path);
    return rc;
}

void path_each_name(const char *folder, void (*fn)(void *to, const char *name), void *to)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            fn(to, entry->d_name);
    }
    closedir(dir);
}

int path_read(const char *path, size_t max, struct buf *out, struct err *err)
{
    int rc = -1;
    ssize_t n;
    int fd;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %s", path,
                strerror(errno));
        return -1;
    }
    for (;;) {
        buf_reserve(out, 65536);
        n = read(fd, out->p + out->len, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        out->len += (size_t)n;
        out->p[out->len] = '\0';
        if (out->len > max) {
            err_set(err, ERR_USAGE, "%s is larger than %zu bytes", path, max);
            goto out;
        }
    }
    if (n < 0) {
        err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        goto out;
    }
    rc = 0;
out:
    close(fd);
    return rc;
}

static int write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.p, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes.p += n;
        bytes.len -= (size_t)n;
    }
    return fsync(fd);
}

int path_write(const char *path, struct span bytes, unsigned mode, struct err *err)
{
    char *temporary = xasprintf("%s.new-%d", path, (int)getpid());
    int rc = -1;
    int fd;

    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0 || write_all(fd, bytes) < 0 || rename(temporary, path) < 0) {
        err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot write %s: %s", path,
                strerror(errno));
        unlink(temporary);
        goto out;
    }
    rc = 0;
out:
    if (fd >= 0)
        close(fd);
    free(temporary);
    return rc;
}
