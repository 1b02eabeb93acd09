/* store/legacy.c — tasks out of another program's SQLite file.
 *
 * Looks at which columns the table has and takes those it knows under any of their usual names.
 * What the table does not have, and what is NULL in it, is not told; rows without a readable start
 * or agent are refused by their number. Opened read-only, never written.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"
#include "store/tasks.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum field {
    F_ID,
    F_AGENT,
    F_TYPE,
    F_MODEL,
    F_SESSION,
    F_STATUS,
    F_STARTED,
    F_FINISHED,
    F_TURNS,
    F_INPUT,
    F_OUTPUT,
    F_CREATION,
    F_READ,
    F_COST,
    FIELDS
};

/* Names of columns, the likeliest first. */
static const char *const names[FIELDS] = {
    [F_ID] = "id task_id uuid",
    [F_AGENT] = "agent_name agent name",
    [F_TYPE] = "agent_type type",
    [F_MODEL] = "model model_name",
    [F_SESSION] = "session_id session",
    [F_STATUS] = "status state result",
    [F_STARTED] = "started_at start_time started created_at timestamp",
    [F_FINISHED] = "finished_at end_time completed_at ended_at finished",
    [F_TURNS] = "turns num_turns turn_count",
    [F_INPUT] = "input_tokens tokens_input",
    [F_OUTPUT] = "output_tokens tokens_output",
    [F_CREATION] = "cache_creation_tokens cache_creation_input_tokens cache_creation cache_write",
    [F_READ] = "cache_read_tokens cache_read_input_tokens cache_read",
    [F_COST] = "total_cost_usd cost_usd total_cost cost",
};

struct legacy {
    const char *path, *table;
    sqlite3 *db;
    sqlite3_stmt *rows;
    int column[FIELDS]; /* of the statement, or -1 */
    int64_t row;        /* from 1 */
};

static int fail(const struct legacy *l, struct err *err)
{
    err_set(err, ERR_USAGE, "%s: table %s: %s", l->path, l->table, sqlite3_errmsg(l->db));
    return -1;
}

static int open_file(struct legacy *l, struct err *err)
{
    char *select;
    int rc;

    if (sqlite3_open_v2(l->path, &l->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        err_set(err, ERR_IO, "cannot open %s: %s", l->path,
                l->db ? sqlite3_errmsg(l->db) : "out of memory");
        return -1;
    }
    sqlite3_busy_timeout(l->db, 5000);
    select = sqlite3_mprintf("SELECT * FROM \"%w\"", l->table);
    rc = sqlite3_prepare_v2(l->db, select, -1, &l->rows, NULL);
    sqlite3_free(select);
    return rc == SQLITE_OK ? 0 : fail(l, err);
}

static int find_column(const struct legacy *l, struct span name)
{
    int i;

    for (i = 0; i < sqlite3_column_count(l->rows); i++) {
        const char *column = sqlite3_column_name(l->rows, i);

        if (strlen(column) == name.len && strncasecmp(column, name.p, name.len) == 0)
            return i;
    }
    return -1;
}

static int find_columns(struct legacy *l, struct err *err)
{
    static const enum field needed[] = { F_ID, F_AGENT, F_STARTED };
    size_t i;
    int f;

    for (f = 0; f < FIELDS; f++) {
        struct span rest = span_of(names[f]), name;

        l->column[f] = -1;
        while (l->column[f] < 0 && span_split(&rest, ' ', &name))
            l->column[f] = find_column(l, name);
    }
    for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (l->column[needed[i]] >= 0)
            continue;
        err_set(err, ERR_USAGE, "%s: table %s has no column for it: one of %s is needed", l->path,
                l->table, names[needed[i]]);
        return -1;
    }
    return 0;
}

static struct span text_of(const struct legacy *l, enum field f)
{
    int column = l->column[f];
    const char *text = column < 0 ? NULL : (const char *)sqlite3_column_text(l->rows, column);

    return text ? (struct span){ text, (size_t)sqlite3_column_bytes(l->rows, column) }
                : SPAN_ABSENT;
}

/* "2026-09-01 10:00:03" has no zone: such times are UTC. */
static bool parse_time(struct span text, int64_t *at_ms)
{
    struct buf zulu = { 0 };
    bool good;

    text = span_trim(text);
    if (civil_parse_time(text, at_ms))
        return true;
    buf_printf(&zulu, "%.*sZ", text.len < 60 ? (int)text.len : 60, text.p);
    good = civil_parse_rfc3339(buf_span(&zulu), at_ms);
    buf_fini(&zulu);
    return good;
}

static int read_time(const struct legacy *l, enum field f, int64_t *at_ms, struct err *err)
{
    struct span text = text_of(l, f);

    *at_ms = TASK_NULL;
    if (!text.p || parse_time(text, at_ms))
        return 0;
    err_set(err, ERR_USAGE, "%s: table %s, row %" PRId64 ": %s is no time: %.*s", l->path, l->table,
            l->row, sqlite3_column_name(l->rows, l->column[f]), text.len < 80 ? (int)text.len : 80,
            text.p);
    return -1;
}

static int read_count(const struct legacy *l, enum field f, int64_t *count, struct err *err)
{
    struct span text = text_of(l, f);

    *count = TASK_NULL;
    if (!text.p || (span_int(text, count) && *count >= 0 && *count <= TASK_COUNT_MAX))
        return 0;
    err_set(err, ERR_USAGE, "%s: table %s, row %" PRId64 ": %s is no count of tokens: %.*s",
            l->path, l->table, l->row, sqlite3_column_name(l->rows, l->column[f]),
            text.len < 80 ? (int)text.len : 80, text.p);
    return -1;
}

/* Dollars of another program: a binary fraction to the nearest nanodollar. */
static int64_t read_cost(const struct legacy *l)
{
    double dollars;

    if (!text_of(l, F_COST).p)
        return TASK_NULL;
    dollars = sqlite3_column_double(l->rows, l->column[F_COST]);
    return dollars >= 0 && dollars <= 1e9 ? (int64_t)llround(dollars * 1e9) : TASK_NULL;
}

static int read_row(const struct legacy *l, struct task *task, struct err *err)
{
    *task = (struct task){
        .id = text_of(l, F_ID),
        .agent = text_of(l, F_AGENT),
        .type = text_of(l, F_TYPE),
        .model = text_of(l, F_MODEL),
        .session = text_of(l, F_SESSION),
        .status = text_of(l, F_STATUS),
        .cost_nusd = read_cost(l),
    };
    if (!task->type.p)
        task->type = SPAN_LIT("");
    if (read_time(l, F_STARTED, &task->started_ms, err) < 0 ||
        read_time(l, F_FINISHED, &task->finished_ms, err) < 0 ||
        read_count(l, F_TURNS, &task->turns, err) < 0 ||
        read_count(l, F_INPUT, &task->input, err) < 0 ||
        read_count(l, F_OUTPUT, &task->output, err) < 0 ||
        read_count(l, F_CREATION, &task->cache_creation, err) < 0 ||
        read_count(l, F_READ, &task->cache_read, err) < 0)
        return -1;
    if (task->id.p && task->agent.p && task->started_ms != TASK_NULL)
        return 0;
    err_set(err, ERR_USAGE, "%s: table %s, row %" PRId64 ": has no %s", l->path, l->table, l->row,
            !task->id.p      ? "id"
            : !task->agent.p ? "agent"
                             : "time of its start");
    return -1;
}

int store_legacy_tasks(const char *path, const char *table,
                       int (*fn)(void *to, const struct task *task, struct err *err), void *to,
                       struct err *err)
{
    struct legacy l = { .path = path, .table = table };
    struct task task;
    int code = SQLITE_DONE, rc = -1;

    if (open_file(&l, err) < 0 || find_columns(&l, err) < 0)
        goto out;
    while ((code = sqlite3_step(l.rows)) == SQLITE_ROW) {
        l.row++;
        if (read_row(&l, &task, err) < 0 || fn(to, &task, err) < 0)
            goto out;
    }
    rc = code == SQLITE_DONE ? 0 : fail(&l, err);
out:
    sqlite3_finalize(l.rows);
    sqlite3_close(l.db);
    return rc;
}
