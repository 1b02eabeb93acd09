/* store/check.c — is the file of the ledger whole?
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

int store_check(struct store *store, struct buf *why, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    struct span said;
    int rc = -1;

    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        store_fail(store, "check", err);
        goto out;
    }
    said = store_column(statement, 0);
    rc = span_is(said, "ok");
    if (rc == 0)
        buf_add_span(why, said);
out:
    sqlite3_finalize(statement);
    return rc;
}
