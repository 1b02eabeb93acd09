/* store/store.c — opening, transactions, statements, and the few numbers about the ledger itself.
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* For every handle; these change nothing in the file. */
static const char pragmas[] = "PRAGMA temp_store = MEMORY;"
                              "PRAGMA cache_size = -4000; PRAGMA foreign_keys = OFF;"
                              "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864;";
#define PATIENCE_MS 5000

/* A file beside the ledger that cannot grow is an I/O error to SQLite, but a full disk to us. */
static bool is_full(int os_error)
{
    return os_error == ENOSPC || os_error == EDQUOT;
}

static enum err_kind kind_of(int code, int os_error)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_DAMAGED;
    default:
        return is_full(os_error) ? ERR_FULL : ERR_IO;
    }
}

int store_fail(struct store *store, const char *what, struct err *err)
{
    int os_error = sqlite3_system_errno(store->db);
    enum err_kind kind = kind_of(sqlite3_extended_errcode(store->db), os_error);
    const char *why = sqlite3_errmsg(store->db);

    if (kind == ERR_DAMAGED)
        err_set(err, kind, "the ledger %s is damaged (%s)", store->path, why);
    else if (kind == ERR_FULL)
        err_set(err, kind, "cannot %s the ledger %s: the disk is full", what, store->path);
    else
        err_set(err, kind, "cannot %s the ledger %s: %s", what, store->path, why);
    return -1;
}

sqlite3_stmt *store_sql(struct store *store, enum statement which, struct err *err)
{
    sqlite3_stmt **slot = &store->statements[which];

    if (*slot) {
        sqlite3_reset(*slot);
        return *slot;
    }
    if (sqlite3_prepare_v3(store->db, store_texts[which], -1, SQLITE_PREPARE_PERSISTENT, slot,
                           NULL) != SQLITE_OK) {
        store_fail(store, "use", err);
        return NULL;
    }
    return *slot;
}

int store_step(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);

    if (code == SQLITE_ROW)
        return 1;
    if (code != SQLITE_DONE)
        store_fail(store, sqlite3_stmt_readonly(statement) ? "read" : "write", err);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? 0 : -1;
}

int store_run(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    return statement && store_step(store, statement, err) >= 0 ? 0 : -1;
}

/* ---- open and close ---- */

static int make_folder(const char *path, struct err *err)
{
    char *folder = path_dir(path);
    int rc = access(folder, F_OK) == 0 ? 0 : path_make(folder, err);

    free(folder);
    return rc;
}

/* SQLite gives what it makes beside a ledger (-wal, -shm) the ledger's own mode. Only a file that
 * is not there yet is opened here: closing one would drop the locks of this process's handles. */
static void make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd); /* if not, SQLite will say why */
}

static int open_file(struct store *store, struct err *err)
{
    int flags = store->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                           : SQLITE_OPEN_READWRITE;
    bool in_memory = strcmp(store->path, ":memory:") == 0;
    int code;

    if (!in_memory && store->mode != STORE_WRITE && access(store->path, F_OK) < 0) {
        err_set(err, ERR_NOT_FOUND, "there is no ledger at %s yet", store->path);
        return -1;
    }
    if (!in_memory && store->mode == STORE_WRITE) {
        if (make_folder(store->path, err) < 0)
            return -1;
        make_file(store->path);
    }
    code = sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        return 0;
    if (!store->db)
        err_set(err, ERR_IO, "cannot open the ledger %s: out of memory", store->path);
    else
        store_fail(store, "open", err);
    return -1;
}

/* Nothing is written before the version is known to be ours: a newer ledger stays as it is, down to
 * the log beside it, which closing the last handle would otherwise fold in. */
static int set_up(struct store *store, struct err *err)
{
    bool glances = store->mode == STORE_GLANCE;
    int code;

    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    /* SQLite then also reads a file that is shorter than it should be. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, store->lenient, NULL);
    sqlite3_busy_timeout(store->db, glances ? 0 : PATIENCE_MS);
    if (sqlite3_exec(store->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
        return store_fail(store, "open", err);
    if (schema_bring_up(store, err) < 0)
        return -1;
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, store->lenient || glances, NULL);
    code = sqlite3_exec(store->db,
                        store->mode == STORE_WRITE ? "PRAGMA journal_mode = WAL"
                                                   : "PRAGMA query_only = ON",
                        NULL, NULL, NULL);
    /* Busy: another process is at it in this moment, and that will do for both. */
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        return store_fail(store, "open", err);
    return 0;
}

static struct store *store_new(const char *path, enum store_mode mode)
{
    struct store *store = xcalloc(1, sizeof(*store));

    store->path = xstrdup(path);
    store->mode = mode;
    store->names = names_new();
    store->deltas = deltas_new();
    store->ties = ties_new();
    store->turns = turns_new();
    return store;
}

/* Takes the store over: *out has it, or it is closed. */
static int open_store(struct store *store, struct store **out, struct err *err)
{
    int rc = -1;

    if (open_file(store, err) < 0 || set_up(store, err) < 0)
        goto out;
    *out = store;
    store = NULL;
    rc = 0;
out:
    store_close(store);
    return rc;
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    return open_store(store_new(path, mode), out, err);
}

int store_open_damaged(struct store **out, const char *path, struct err *err)
{
    struct store *store = store_new(path, STORE_READ);

    store->lenient = true;
    return open_store(store, out, err);
}

void store_close(struct store *store)
{
    int i;

    if (!store)
        return;
    if (store->in_transaction)
        store_rollback(store);
    for (i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    names_free(store->names);
    deltas_free(store->deltas);
    ties_free(store->ties);
    turns_free(store->turns);
    buf_fini(&store->run_texts);
    zone_close(store->home);
    zone_close(store->usage_zone);
    free(store->path);
    free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

/* ---- transactions ---- */

int store_begin(struct store *store, struct err *err)
{
    if (store_run(store, store_sql(store, SQL_BEGIN, err), err) < 0)
        return -1;
    store->in_transaction = true;
    runs_forget(store);
    home_follow(store);
    usage_follow(store);
    return 0;
}

static void set_sure(struct store *store, bool sure)
{
    if (store->sure != sure)
        sqlite3_exec(store->db, sure ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                     NULL, NULL, NULL);
    store->sure = sure;
}

int store_begin_sure(struct store *store, struct err *err)
{
    set_sure(store, true);
    if (store_begin(store, err) == 0)
        return 0;
    set_sure(store, false);
    return -1;
}

int store_commit(struct store *store, struct err *err)
{
    if (rollup_flush(store, err) < 0 || runs_flush(store, err) < 0 ||
        store_run(store, store_sql(store, SQL_COMMIT, err), err) < 0) {
        store_rollback(store);
        return -1;
    }
    store->in_transaction = false;
    set_sure(store, false);
    return 0;
}

void store_rollback(struct store *store)
{
    /* SQLite may have rolled back by itself (full disk): then this fails, and that is fine. */
    store_run(store, store_sql(store, SQL_ROLLBACK, NULL), NULL);
    store->in_transaction = false;
    set_sure(store, false);
    deltas_clear(store->deltas);
    runs_forget(store);
    names_free(store->names); /* ids given out in the transaction are void */
    store->names = names_new();
}

/* ---- numbers about the ledger ---- */

int64_t store_meta_get(struct store *store, const char *key, int64_t fallback)
{
    sqlite3_stmt *statement = store_sql(store, SQL_META_GET, NULL);
    int64_t value = fallback;

    if (!statement)
        return fallback;
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    if (store_step(store, statement, NULL) == 1)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

int store_meta_set(struct store *store, const char *key, int64_t value, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_META_SET, err);

    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, value);
    return store_run(store, statement, err);
}

static int64_t ask_number(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store_sql(store, which, NULL);
    int64_t value = 0;

    if (statement && store_step(store, statement, NULL) == 1)
        value = sqlite3_column_int64(statement, 0);
    if (statement)
        sqlite3_reset(statement);
    return value;
}

int64_t store_last_event_ms(struct store *store)
{
    return ask_number(store, SQL_EVENT_LAST);
}

bool store_is_empty(struct store *store)
{
    return ask_number(store, SQL_EVENT_ANY) == 0;
}

int64_t store_revision(struct store *store)
{
    return ask_number(store, SQL_DATA_VERSION);
}

int store_get_facts(struct store *store, struct store_facts *facts, struct err *err)
{
    struct stat st;
    char *wal;

    *facts = (struct store_facts){
        .events = ask_number(store, SQL_EVENT_COUNT),
        .last_event_ms = store_last_event_ms(store),
    };
    facts->complete = store_is_complete(store, &facts->read_permille);
    if (strcmp(store->path, ":memory:") == 0)
        return 0;
    if (stat(store->path, &st) < 0) {
        err_set(err, ERR_IO, "cannot look at the ledger %s", store->path);
        return -1;
    }
    facts->size_bytes = st.st_size;
    wal = xasprintf("%s-wal", store->path);
    if (stat(wal, &st) == 0)
        facts->size_bytes += st.st_size;
    free(wal);
    return 0;
}

bool store_is_complete(struct store *store, int *permille)
{
    *permille = (int)store_meta_get(store, "read_permille", 0);
    return store_meta_get(store, "complete", 0) != 0;
}

int store_set_progress(struct store *store, int permille, bool complete, struct err *err)
{
    return store_meta_set(store, "read_permille", permille, err) < 0 ||
                   store_meta_set(store, "complete", complete, err) < 0
               ? -1
               : 0;
}

int64_t store_price_version(struct store *store)
{
    return store_meta_get(store, "price_version", 0);
}

int store_set_price_version(struct store *store, int64_t version, struct err *err)
{
    return store_meta_set(store, "price_version", version, err);
}
