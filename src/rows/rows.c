/* rows/rows.c — see rows.h.
 *
 * How a database may be opened without leaving a trace depends on what lies beside it:
 *
 *   -journal          a transaction is being written or was cut off: later
 *   -wal and -shm     its program runs, or ran: a plain read-only connection, which takes part
 *   -wal alone        SQLite would make the -shm: a private copy is read instead
 *   neither           `immutable`, or SQLite would make both for a database in WAL mode; it takes
 * no locks then, so whether somebody wrote meanwhile is looked at afterwards
 * SPDX-License-Identifier: MIT
 */
#include "rows/rows.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS   2000
#define CELLS_MAX 32
#define CELL_MAX  (64 << 20) /* bytes; as long as a line of a log may be */

struct database {
    const char *path;
    sqlite3 *db;
    char folder[64]; /* of the private copy; "" when there is none */
    bool unlocked;   /* read without locks: it was as `was` when that began */
    struct stat was;
};

/* ---- opening ---- */

static bool lies_beside(const char *path, const char *suffix, int64_t *size)
{
    char *name = xasprintf("%s%s", path, suffix);
    struct stat st;
    bool there = stat(name, &st) == 0;

    free(name);
    *size = there ? st.st_size : 0;
    return there;
}

/* Is a transaction being written, or was one cut off? A journal that was done with begins with a
 * zero, where it is kept at all. */
static bool has_hot_journal(const char *path)
{
    char *name = xasprintf("%s-journal", path);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char first = 0;
    bool hot = fd >= 0 && read(fd, &first, 1) == 1 && first != 0;

    if (fd >= 0)
        close(fd);
    free(name);
    return hot;
}

static int copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t n;

    while ((n = read(from, bytes, sizeof(bytes))) > 0) {
        if (write(to, bytes, (size_t)n) != n)
            return -1;
    }
    return n < 0 ? -1 : 0;
}

static int copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = in >= 0 && out >= 0 ? copy_bytes(in, out) : -1;

    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) < 0)
        rc = -1;
    return rc;
}

static void remove_copy(struct database *d)
{
    static const char *const names[] = { "/db", "/db-wal", "/db-shm" };
    size_t i;

    if (!d->folder[0])
        return;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *name = xasprintf("%s%s", d->folder, names[i]);

        unlink(name);
        free(name);
    }
    rmdir(d->folder);
}

/* Copies the database and its log into a folder of our own; answers the copy's name, or NULL. */
static char *copy_database(struct database *d)
{
    char *copy, *log, *log_copy;
    int rc;

    snprintf(d->folder, sizeof(d->folder), "/tmp/tacho-rows-XXXXXX");
    if (!mkdtemp(d->folder)) {
        d->folder[0] = '\0';
        return NULL;
    }
    copy = xasprintf("%s/db", d->folder);
    log = xasprintf("%s-wal", d->path);
    log_copy = xasprintf("%s-wal", copy);
    rc = copy_file(d->path, copy) < 0 || copy_file(log, log_copy) < 0 ? -1 : 0;
    free(log);
    free(log_copy);
    if (rc == 0)
        return copy;
    free(copy);
    return NULL;
}

/* "file:<path>?<how>", with what has a meaning in such a name escaped. */
static void name_uri(struct buf *uri, const char *path, const char *how)
{
    buf_add_text(uri, "file:");
    for (; *path; path++) {
        if (strchr("%?#", *path))
            buf_printf(uri, "%%%02X", (unsigned)(unsigned char)*path);
        else
            buf_add_char(uri, *path);
    }
    buf_printf(uri, "?%s", how);
}

static int fail(const struct database *d, int code, struct err *err)
{
    static const struct {
        int code;
        enum err_kind kind;
    } kinds[] = {
        { SQLITE_BUSY, ERR_BUSY },       { SQLITE_LOCKED, ERR_BUSY },
        { SQLITE_CORRUPT, ERR_DAMAGED }, { SQLITE_NOTADB, ERR_DAMAGED },
        { SQLITE_FORMAT, ERR_DAMAGED },  { SQLITE_ERROR, ERR_USAGE },
    };
    enum err_kind kind = ERR_IO;
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].code == (code & 0xff))
            kind = kinds[i].kind;
    }
    err_set(err, kind, "cannot read %s: %s", d->path,
            d->db ? sqlite3_errmsg(d->db) : sqlite3_errstr(code));
    return -1;
}

static int open_uri(struct database *d, const char *path, const char *how, struct err *err)
{
    struct buf uri = { 0 };
    int code;

    name_uri(&uri, path, how);
    code = sqlite3_open_v2(uri.p, &d->db,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    buf_fini(&uri);
    if (code != SQLITE_OK)
        return fail(d, code, err);
    /* Nothing in a stranger's schema runs code of ours. */
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, CELL_MAX);
    sqlite3_busy_timeout(d->db, BUSY_MS);
    return 0;
}

static int open_copy(struct database *d, struct err *err)
{
    char *copy = copy_database(d);
    int rc;

    if (!copy) {
        err_set(err, ERR_IO, "cannot copy %s to read it: %s", d->path, strerror(errno));
        return -1;
    }
    rc = open_uri(d, copy, "mode=ro", err);
    free(copy);
    return rc;
}

static int open_unlocked(struct database *d, struct err *err)
{
    d->unlocked = stat(d->path, &d->was) == 0;
    return open_uri(d, d->path, "mode=ro&immutable=1", err);
}

/* Did nobody write while it was read without locks? */
static int check_unmoved(const struct database *d, struct err *err)
{
    struct stat now;

    if (!d->unlocked ||
        (stat(d->path, &now) == 0 && now.st_ino == d->was.st_ino && now.st_size == d->was.st_size &&
         now.st_mtim.tv_sec == d->was.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == d->was.st_mtim.tv_nsec && !has_hot_journal(d->path)))
        return 0;
    err_set(err, ERR_BUSY, "%s was written while it was read", d->path);
    return -1;
}

static int open_database(struct database *d, struct err *err)
{
    int64_t wal, size;

    if (access(d->path, F_OK) < 0) {
        err_set(err, ERR_NOT_FOUND, "%s does not exist", d->path);
        return -1;
    }
    if (has_hot_journal(d->path)) {
        err_set(err, ERR_BUSY, "%s is being written", d->path);
        return -1;
    }
    if (!lies_beside(d->path, "-wal", &wal))
        return open_unlocked(d, err);
    if (lies_beside(d->path, "-shm", &size))
        return open_uri(d, d->path, "mode=ro", err);
    return wal > 0 ? open_copy(d, err) : open_unlocked(d, err);
}

static void close_database(struct database *d)
{
    sqlite3_close(d->db);
    remove_copy(d);
}

/* ---- which questions fit ---- */

static bool has_column(struct database *d, struct span table, struct span column)
{
    static const char *const text = "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2";
    sqlite3_stmt *statement = NULL;
    bool there;

    if (sqlite3_prepare_v2(d->db, text, -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(statement, 1, table.p, (int)table.len, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, column.p, (int)column.len, SQLITE_STATIC);
    there = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return there;
}

/* Is all that "table(column, column) table(column)" names there? */
static bool has_all(struct database *d, const char *needs)
{
    struct span rest = span_of(needs), table, columns, column;

    while (span_split(&rest, ')', &columns)) {
        if (span_trim(columns).len == 0)
            continue;
        span_split(&columns, '(', &table);
        while (span_split(&columns, ',', &column)) {
            if (!has_column(d, span_trim(table), span_trim(column)))
                return false;
        }
    }
    return true;
}

/* ---- asking ---- */

static struct span cell_text(sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_type(statement, at) == SQLITE_BLOB
                            ? sqlite3_column_blob(statement, at)
                            : (const void *)sqlite3_column_text(statement, at);

    return (struct span){ bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement, at) };
}

static struct cell cell_at(sqlite3_stmt *statement, int at)
{
    switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
        return (struct cell){ CELL_INT, sqlite3_column_int64(statement, at), SPAN_LIT("") };
    case SQLITE_FLOAT: {
        int64_t rounded = sqlite3_column_int64(statement, at);

        return (struct cell){ CELL_REAL, rounded, cell_text(statement, at) };
    }
    case SQLITE_TEXT:
        return (struct cell){ CELL_TEXT, 0, cell_text(statement, at) };
    case SQLITE_BLOB:
        return (struct cell){ CELL_BLOB, 0, cell_text(statement, at) };
    default:
        return (struct cell){ CELL_NULL, 0, SPAN_LIT("") };
    }
}

/* SQLITE_DONE after the last row, SQLITE_ROW where the taker wanted an end, else what is wrong. */
static int answer(sqlite3_stmt *statement, const struct question *q, int64_t *watermark,
                  const struct rows_taker *taker)
{
    struct cell cells[CELLS_MAX];
    int n = sqlite3_column_count(statement), code, i;
    int64_t began = *watermark;

    if (n > CELLS_MAX)
        n = CELLS_MAX;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (i = 0; i < n; i++)
            cells[i] = cell_at(statement, i);
        /* Before the row is handed out: its cells are lent. */
        if (q->watermark >= 0 && q->watermark < n && cells[q->watermark].number > *watermark)
            *watermark = cells[q->watermark].number;
        if (!taker->row(taker->to, q->topic, cells, n) && *watermark > began)
            return SQLITE_ROW;
    }
    return code;
}

enum asked { ASKED_ALL, ASKED_ENOUGH, ASKED_IN_VAIN };

static enum asked ask(struct database *d, const struct question *q, int64_t *watermark,
                      const struct rows_taker *taker, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(d->db, q->select, -1, &statement, NULL);

    if (code == SQLITE_OK) {
        if (sqlite3_bind_parameter_count(statement) > 0)
            sqlite3_bind_int64(statement, 1, *watermark);
        code = answer(statement, q, watermark, taker);
    }
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        fail(d, code, err);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ASKED_ALL : code == SQLITE_ROW ? ASKED_ENOUGH : ASKED_IN_VAIN;
}

/* Can the schema be read at all? What cannot be read would look like a table that is not there. */
static int check_readable(struct database *d, struct err *err)
{
    int code = sqlite3_exec(d->db, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : fail(d, code, err);
}

static int ask_all(struct database *d, const struct question *questions, int64_t *watermarks,
                   const struct rows_taker *taker, struct err *err)
{
    bool asked[QUESTION_TOPICS_MAX] = { false };
    enum asked how = ASKED_ALL;
    const struct question *q;
    bool any = false;

    for (q = questions; q->select && how == ASKED_ALL; q++) {
        if (asked[q->topic] || !has_all(d, q->needs))
            continue;
        asked[q->topic] = any = true;
        how = ask(d, q, &watermarks[q->topic], taker, err);
    }
    if (how == ASKED_IN_VAIN)
        return -1;
    if (any)
        return 0;
    err_set(err, ERR_USAGE, "%s has none of the tables that are known", d->path);
    return -1;
}

int rows_read(const char *path, const struct question *questions, int64_t *watermarks,
              const struct rows_taker *taker, struct err *err)
{
    int64_t moved[QUESTION_TOPICS_MAX];
    struct database d = { .path = path };
    int rc = -1;

    memcpy(moved, watermarks, sizeof(moved));
    if (open_database(&d, err) == 0 && check_readable(&d, err) == 0)
        rc = ask_all(&d, questions, moved, taker, err);
    if (check_unmoved(&d, err) < 0) /* whatever went wrong, that is why */
        rc = -1;
    close_database(&d);
    if (rc == 0)
        memcpy(watermarks, moved, sizeof(moved));
    return rc;
}
