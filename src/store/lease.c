/* store/lease.c — the right to ingest into a ledger: a lock that dies with its process.
 *
 * An open-file-description lock on a file beside the ledger. Unlike a pid file it can neither be
 * left behind by a crash nor be lost when some other handle of the process is closed.
 * SPDX-License-Identifier: MIT
 */
#include "store/lease.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lease {
    int fd; /* -1 for a ledger in memory */
};

int lease_take(struct lease **out, const char *path, struct err *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    struct lease *lease = xcalloc(1, sizeof(*lease));
    char *beside = xasprintf("%s.lease", path);
    int rc = -1;

    lease->fd = -1;
    if (strcmp(path, ":memory:") != 0) {
        lease->fd = open(beside, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (lease->fd < 0) {
            err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot open %s: %s", beside,
                    strerror(errno));
            goto out;
        }
        if (fcntl(lease->fd, F_OFD_SETLK, &whole) < 0) {
            if (errno == EAGAIN || errno == EACCES)
                err_set(err, ERR_BUSY, "another tacho is reading logs into %s", path);
            else
                err_set(err, ERR_IO, "cannot lock %s: %s", beside, strerror(errno));
            goto out;
        }
    }
    *out = lease;
    lease = NULL;
    rc = 0;
out:
    lease_give(lease);
    free(beside);
    return rc;
}

void lease_give(struct lease *lease)
{
    if (!lease)
        return;
    if (lease->fd >= 0)
        close(lease->fd);
    free(lease);
}
