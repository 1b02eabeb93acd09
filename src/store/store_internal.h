/* store/store_internal.h — what the files of this room share.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/buf.h"
#include "store/files.h"
#include "store/query.h"
#include "store/rows.h"
#include "store/sql.h"

#include <sqlite3.h>

struct names;
struct deltas;

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    bool in_transaction;
    bool sure;    /* the open transaction is to be on disk when its commit returns */
    bool lenient; /* read what is there of a damaged file, and leave it as it is */
    sqlite3_stmt *statements[SQL_COUNT];
    struct names *names;   /* names.c */
    struct turns *turns;   /* runs.c: the same for runs, turn by turn */
    struct buf run_texts;  /* runs.c: of the run that was got last */
    struct deltas *deltas; /* rollup.c: what the open transaction adds to the roll-ups */
    struct zone *home;     /* zone of rollup_day as of the open transaction; NULL: UTC */
    char home_name[256];
    struct ties *ties;       /* usage.c: which tasks name which session */
    struct zone *usage_zone; /* zone of usage_day and task_day; NULL: UTC */
    char usage_zone_name[256];
};

/* The statement, reset and ready to bind. NULL with *err. */
sqlite3_stmt *store_sql(struct store *store, enum statement which, struct err *err);
/* Runs a statement that answers no rows. 0, or -1 with *err. */
int store_run(struct store *store, sqlite3_stmt *statement, struct err *err);
/* Steps a statement that answers rows: 1 a row, 0 the end, -1 with *err. */
int store_step(struct store *store, sqlite3_stmt *statement, struct err *err);
/* Fills *err from what SQLite said last. Always -1. */
int store_fail(struct store *store, const char *what, struct err *err);
int store_meta_set(struct store *store, const char *key, int64_t value, struct err *err);
int64_t store_meta_get(struct store *store, const char *key, int64_t fallback);

/* For reading, however damaged it is; the file is not changed, not even by closing it. */
int store_open_damaged(struct store **out, const char *path, struct err *err);

/* schema.c */
int schema_bring_up(struct store *store, struct err *err);

/* A text column as it lies in the statement: lent until its next step. Never absent. */
struct span store_column(sqlite3_stmt *statement, int column);

/* names.c */
struct names *names_new(void);
void names_free(struct names *names); /* NULL is fine */
const struct name *names_by_id(struct store *store, int32_t id, struct err *err);
const struct origin *origin_by_id(struct store *store, int32_t id, struct err *err);
const struct name *session_by_id(struct store *store, int32_t id, struct err *err);

/* query.c: takes over the zone that another handle has set since. Inside a transaction. */
void home_follow(struct store *store);

/* rollup.c */
struct deltas *deltas_new(void);
void deltas_free(struct deltas *deltas); /* NULL is fine */
void deltas_clear(struct deltas *deltas);
void rollup_note(struct store *store, const struct row *row, int sign); /* a row comes or goes */
/* Cost or flags of a row change, and nothing else. */
void rollup_note_change(struct store *store, const struct row *old, const struct row *row);
int rollup_flush(struct store *store, struct err *err); /* writes and clears the deltas */

/* Flags and mark share a column. */
static inline int64_t row_bits(const struct row *row)
{
    return (int64_t)(((uint64_t)row->mark << 32) | row->flags);
}

/* events.c: the columns of EVENT_COLUMNS in sql.c, and the id behind them. */
int event_read(struct store *store, sqlite3_stmt *statement, struct row *row, struct err *err);
/* `part` as it stands in the key: of an extra, already mixed. */
int event_write(struct store *store, enum statement which, const struct row *row, uint64_t part,
                struct err *err);

/* threads.c: saves what can be read of another ledger's threads; -1: this one cannot be written. */
int threads_rescue(struct store *from, struct store *to, struct err *err);
/* From the first to the last key that a group can have. */
#define KEY_SIZE 16
struct key_range {
    unsigned char low[KEY_SIZE], high[KEY_SIZE];
};
/* A statement about all keys of a group, ready to run; `range` must live until then. NULL with
 * *err. */
sqlite3_stmt *group_sql(struct store *store, enum statement which, uint64_t group,
                        struct key_range *range, struct err *err);

/* runs.c: what the open transaction does to runs */
struct turns;
struct turns *turns_new(void);
void turns_free(struct turns *turns); /* NULL is fine */
void runs_note(struct store *store, const struct row *old, const struct row *row); /* or NULL */
struct run;
void run_read(sqlite3_stmt *statement, struct run *run); /* of RUN_COLUMNS; spans are lent */
int runs_flush(struct store *store, struct err *err);
void runs_forget(struct store *store);

/* query.c: feeds every (bucket, origin, model, sums) row of a bound statement to the sink. */
int each_sum(struct store *store, sqlite3_stmt *statement, const struct store_sink *sink,
             struct err *err);

/* What one row adds to a sum. */
void row_sums(const struct row *row, struct sums *out);
/* Binds a sum's columns from parameter `first` on; their order is that of SUM_COLUMNS in sql.c. */
void sums_bind(sqlite3_stmt *statement, int first, const struct sums *sums);
void sums_read(sqlite3_stmt *statement, int first, struct sums *sums);

#endif
