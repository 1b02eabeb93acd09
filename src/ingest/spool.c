/* ingest/spool.c — see spool.h.
 *
 * Only the newest sighting matters, so the file may be cut at any time; whoever follows it then
 * begins at its start again.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/spool.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/catch_up.h"
#include "source/sightings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPOOL_MAX  (256 << 10) /* bytes; then it begins anew */
#define LIMITS_MAX (8 << 10)   /* bytes of one sighting; more is none */

/* Does the last line say the same, and was it written just now? */
static bool is_told(int fd, off_t size, struct span limits, int64_t now_ms)
{
    char tail[LIMITS_MAX + 64];
    size_t most = size < (off_t)sizeof(tail) ? (size_t)size : sizeof(tail);
    ssize_t n = pread(fd, tail, most, size - (off_t)most);
    struct span last = { tail, n > 0 ? (size_t)n - 1 : 0 }, kept;
    const char *newline = memrchr(last.p, '\n', last.len);
    struct timespan recent = { now_ms - MS_PER_MINUTE, now_ms };
    int64_t at_ms;

    if (newline)
        last = (struct span){ newline + 1, (size_t)(last.p + last.len - newline - 1) };
    kept = sightings_of(last);
    at_ms = sightings_at(last);
    return kept.p && span_eq(kept, limits) && at_ms > recent.since_ms && at_ms <= recent.until_ms;
}

static int append(const char *path, struct span limits, int64_t now_ms, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct buf line = { 0 };
    struct stat st;
    int rc = -1;

    if (fd < 0 || fstat(fd, &st) < 0)
        goto out;
    if (is_told(fd, st.st_size, limits, now_ms)) {
        rc = 0;
        goto out;
    }
    sightings_line(&line, limits, now_ms);
    if (st.st_size > SPOOL_MAX && ftruncate(fd, 0) < 0)
        goto out;
    if (write(fd, line.p, line.len) == (ssize_t)line.len)
        rc = 0;
out:
    if (rc < 0)
        err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot append to %s: %s", path,
                strerror(errno));
    if (fd >= 0)
        close(fd);
    buf_fini(&line);
    return rc;
}

int spool_status_line(const struct config *config, struct span json, int64_t now_ms,
                      struct err *err)
{
    struct source_env env = catch_up_env(config);
    struct span limits = sightings_of(json);
    char *folder, *path;
    int rc;

    if (!limits.p || limits.len > LIMITS_MAX)
        return 0;
    folder = sightings_folder(&env);
    path = path_join(folder, SIGHTINGS_FILE);
    rc = path_make(folder, err) < 0 ? -1 : append(path, limits, now_ms, err);
    free(folder);
    free(path);
    return rc;
}
