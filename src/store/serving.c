/* store/serving.c — see serving.h. The one that writes the file is the daemon.
 * SPDX-License-Identifier: MIT
 */
#include "store/serving.h"

#include "base/mem.h"
#include "base/span.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool serving_read(int fd, struct serving *out)
{
    char text[SERVING_URL_SIZE + SERVING_VERSION_SIZE + 32];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    struct span rest = { text, n > 0 ? (size_t)n : 0 }, line;
    int64_t pid;

    *out = (struct serving){ 0 };
    if (!span_split(&rest, '\n', &line) || !span_int(line, &pid) || pid <= 1 ||
        !span_split(&rest, '\n', &line) || !rest.p)
        return false;
    out->pid = (long)pid;
    span_copy(line, out->url, sizeof(out->url));
    if (span_split(&rest, '\n', &line))
        span_copy(line, out->version, sizeof(out->version));
    return true;
}

bool serving_find(const char *db, struct serving *out)
{
    char *path = xasprintf("%s.daemon", db);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

    *out = (struct serving){ 0 };
    if (held)
        serving_read(fd, out);
    if (fd >= 0)
        close(fd);
    free(path);
    return held;
}
