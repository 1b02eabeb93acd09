/* store/copy.c — the ledger as another file, and made small again.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* An empty file that nobody else may read, so that what is written into it is not for others. */
static int make_file(const char *path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        err_set(err, ERR_IO, "cannot make %s: %s", path, strerror(errno));
        return -1;
    }
    close(fd);
    return 0;
}

int store_copy(struct store *store, const char *path, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (make_file(path, err) < 0)
        return -1;
    if (sqlite3_prepare_v2(store->db, "VACUUM INTO ?1", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_DONE)
        rc = 0;
    else
        store_fail(store, "copy", err);
    sqlite3_finalize(statement);
    if (rc < 0)
        unlink(path);
    return rc;
}

int store_vacuum(struct store *store, struct err *err)
{
    if (sqlite3_exec(store->db, "VACUUM", NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return store_fail(store, "make smaller", err);
}
