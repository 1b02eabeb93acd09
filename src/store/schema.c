/* store/schema.c — the tables of the ledger, and how an older ledger becomes a newer one.
 *
 * `steps[n]` leads from PRAGMA user_version n to n + 1; all missing steps run in one transaction.
 * A step is never changed once released: a change is a new step.
 *
 *   event           one billed response (or extra) per row; `key` is group and part, 8 bytes each
 *   member          all rival copies of the few groups that have several (EVENT_CROWDED)
 *   rollup          sums per UTC quarter hour, origin and model
 *   rollup_day      sums per day of the home zone, origin and model
 *   rollup_session  sums per session, origin and model
 *   name, origin, session   dictionaries
 *   thread, step    threads of conversation and the marks that copies of them are known by
 *   file, problem   how far each log was read, and what was strange in it
 *   bucket, sighting   rate limits as last seen, and as seen before
 *   account         what asking an account's provider came to
 *   setting         what was set from the page, JSON by key
 *   outbox          announcements not delivered yet
 *   meta            single numbers and texts by key
 *   task            pieces of work as they were reported, and what the ledger knows of each
 *   task_day        sums of them per day of the usage zone
 *   usage_day       the same of sessions that no reported task names
 *   usage_total     both per day alone; their rows of day USAGE_EVER are of all days
 *   usage_session   where such a session counts as one task
 *   run             executions of agents; an event names its own in column `run`
 *   run_total       sums per run, origin and model
 *   run_quarter     in which quarter hours a run had how many events
 *   run_problem     strange lines of a run, so that a copy of one is not counted again
 * SPDX-License-Identifier: MIT
 */
#include "store/usage_internal.h"

#include <stdio.h>

#define SUM_TABLE(name, first_key)                                                                 \
    "CREATE TABLE " name "(" first_key                                                             \
    " INTEGER NOT NULL, origin INTEGER NOT NULL, model INTEGER NOT NULL,"                          \
    " events INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,"                   \
    " cache_read INTEGER NOT NULL, cache_write_5m INTEGER NOT NULL,"                               \
    " cache_write_1h INTEGER NOT NULL, reasoning INTEGER NOT NULL, web_search INTEGER NOT NULL,"   \
    " cost_nusd INTEGER NOT NULL, logged_nusd INTEGER NOT NULL, unpriced INTEGER NOT NULL,"        \
    " estimated INTEGER NOT NULL,"                                                                 \
    " PRIMARY KEY(" first_key ", origin, model)) WITHOUT ROWID;"

#define EVENT_TABLE(name, constraint)                                                              \
    "CREATE TABLE " name "(id INTEGER PRIMARY KEY, key BLOB NOT NULL" constraint ","               \
    " at_ms INTEGER NOT NULL, session INTEGER NOT NULL, origin INTEGER NOT NULL,"                  \
    " model INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,"                    \
    " cache_read INTEGER NOT NULL, cache_write_5m INTEGER NOT NULL,"                               \
    " cache_write_1h INTEGER NOT NULL, reasoning INTEGER NOT NULL, web_search INTEGER NOT NULL,"   \
    " logged_nusd INTEGER, cost_nusd INTEGER, flags INTEGER NOT NULL, iteration INTEGER NOT NULL);"

#define USAGE_COLUMNS                                                                              \
    " tasks INTEGER NOT NULL, turns INTEGER NOT NULL, input INTEGER NOT NULL,"                     \
    " output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_creation INTEGER NOT NULL"

#define APPLICATION_ID  1952539496 /* "tach" in ASCII: whose file this is */
#define TEXT(number)    TEXT_OF(number)
#define TEXT_OF(number) #number

/* Sums of the cost that an agent logged, else by list. They begin as if nobody had logged any, and
 * then the events where somebody did are put right. */
#define TOKENS "input + output + cache_read + cache_write_5m + cache_write_1h"
#define ADD_AUTO_COLUMNS(name)                                                                     \
    "ALTER TABLE " name " ADD COLUMN auto_nusd INTEGER NOT NULL DEFAULT 0;"                        \
    "ALTER TABLE " name " ADD COLUMN auto_unpriced INTEGER NOT NULL DEFAULT 0;"                    \
    "ALTER TABLE " name " ADD COLUMN unlogged INTEGER NOT NULL DEFAULT 0;"                         \
    "UPDATE " name " SET auto_nusd = cost_nusd, auto_unpriced = unpriced, unlogged = " TOKENS ";"
#define CORRECT_AUTO(name, key, bucket)                                                            \
    "UPDATE " name " AS r SET auto_nusd = r.auto_nusd + e.more,"                                   \
    " auto_unpriced = r.auto_unpriced - e.priced, unlogged = r.unlogged - e.logged FROM"           \
    " (SELECT " bucket " AS bucket, origin, model, sum(" TOKENS ") AS logged,"                     \
    " sum(iif(logged_nusd > 0, logged_nusd - ifnull(cost_nusd, 0), 0)) AS more,"                   \
    " sum(iif(logged_nusd > 0 AND cost_nusd IS NULL, " TOKENS ", 0)) AS priced"                    \
    " FROM event WHERE logged_nusd IS NOT NULL GROUP BY 1, 2, 3) AS e"                             \
    " WHERE r." key " = e.bucket AND r.origin = e.origin AND r.model = e.model;"

/* clang-format off */
static const char *const steps[] = {
    /* 0 → 1 */
    "PRAGMA application_id = " TEXT(APPLICATION_ID) ";"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE name(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL,"
    " UNIQUE(kind, text));"
    "CREATE TABLE origin(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, project INTEGER NOT NULL,"
    " machine INTEGER NOT NULL, account INTEGER NOT NULL, subagent INTEGER NOT NULL,"
    " UNIQUE(agent, project, machine, account, subagent));"
    "CREATE TABLE session(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, text TEXT NOT NULL,"
    " parent TEXT, first_ms INTEGER, last_ms INTEGER, UNIQUE(agent, text));"
    EVENT_TABLE("event", " UNIQUE")
    "CREATE INDEX event_time ON event(at_ms);"
    EVENT_TABLE("member", " UNIQUE")
    SUM_TABLE("rollup", "quarter")
    SUM_TABLE("rollup_day", "day")
    SUM_TABLE("rollup_session", "session")
    "CREATE TABLE file(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, path TEXT NOT NULL,"
    " dev INTEGER NOT NULL, ino INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ms INTEGER NOT NULL,"
    " offset INTEGER NOT NULL, head_len INTEGER NOT NULL, head_hash INTEGER NOT NULL,"
    " marker_len INTEGER NOT NULL, marker_hash INTEGER NOT NULL, memory BLOB,"
    " UNIQUE(dev, ino));"
    "CREATE INDEX file_path ON file(path);"
    "CREATE TABLE problem(file INTEGER NOT NULL, kind INTEGER NOT NULL, count INTEGER NOT NULL,"
    " offset INTEGER NOT NULL, PRIMARY KEY(file, kind)) WITHOUT ROWID;",
    /* 1 → 2. Days cannot be cut here: without a home zone they are cut anew by whoever sets it. */
    ADD_AUTO_COLUMNS("rollup")
    ADD_AUTO_COLUMNS("rollup_day")
    ADD_AUTO_COLUMNS("rollup_session")
    CORRECT_AUTO("rollup", "quarter", "(at_ms - ((at_ms % 900000) + 900000) % 900000) / 900000")
    CORRECT_AUTO("rollup_session", "session", "session")
    "DELETE FROM meta WHERE key = 'home_zone';",
    /* 2 → 3: rate limits, and what is to be said about them. */
    "CREATE TABLE bucket(id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL,"
    " plan TEXT NOT NULL, at_ms INTEGER NOT NULL, used INTEGER NOT NULL, whole INTEGER NOT NULL,"
    " window_s INTEGER NOT NULL, resets_at_ms INTEGER NOT NULL, announced INTEGER NOT NULL,"
    " via INTEGER NOT NULL, tokens_left INTEGER NOT NULL, tokens_limit INTEGER NOT NULL,"
    " requests_left INTEGER NOT NULL, requests_limit INTEGER NOT NULL, UNIQUE(account, name));"
    "CREATE TABLE sighting(bucket INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " used_ppm INTEGER NOT NULL, resets_at_ms INTEGER NOT NULL,"
    " PRIMARY KEY(bucket, at_ms)) WITHOUT ROWID;"
    "CREATE TABLE account(name TEXT PRIMARY KEY, error TEXT NOT NULL, error_at_ms INTEGER NOT NULL,"
    " due_ms INTEGER NOT NULL, failures INTEGER NOT NULL, mark INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, body TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, tries INTEGER NOT NULL);",
    /* 3 → 4. usage_day and usage_session are filled from the events by climb(). */
    "CREATE TABLE task(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL,"
    " type TEXT NOT NULL, model TEXT, session TEXT, status TEXT, started_ms INTEGER NOT NULL,"
    " finished_ms INTEGER, turns INTEGER, input INTEGER, output INTEGER, cache_creation INTEGER,"
    " cache_read INTEGER, cost_nusd INTEGER, seen_turns INTEGER NOT NULL DEFAULT 0,"
    " seen_input INTEGER NOT NULL DEFAULT 0, seen_output INTEGER NOT NULL DEFAULT 0,"
    " seen_creation INTEGER NOT NULL DEFAULT 0, seen_read INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX task_session ON task(session, started_ms) WHERE session IS NOT NULL;"
    "CREATE INDEX task_started ON task(started_ms);"
    "CREATE TABLE task_day(day INTEGER NOT NULL, agent TEXT NOT NULL, type TEXT NOT NULL,"
    " model TEXT NOT NULL," USAGE_COLUMNS ", PRIMARY KEY(day, agent, type, model)) WITHOUT ROWID;"
    "CREATE TABLE usage_day(day INTEGER NOT NULL, origin INTEGER NOT NULL, model INTEGER NOT NULL,"
    USAGE_COLUMNS ", PRIMARY KEY(day, origin, model)) WITHOUT ROWID;"
    "CREATE TABLE usage_total(day INTEGER PRIMARY KEY," USAGE_COLUMNS ");"
    "CREATE TABLE usage_session(session INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL,"
    " origin INTEGER NOT NULL, model INTEGER NOT NULL, tasks INTEGER NOT NULL);",
    /* 4 → 5: gateways over time. */
    "CREATE TABLE gateway(id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE);"
    "CREATE TABLE gateway_reading(gateway INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " cost_nusd INTEGER NOT NULL, tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,"
    " calls INTEGER NOT NULL, tokens_e4 INTEGER NOT NULL, speed_nusd INTEGER NOT NULL,"
    " started_ms INTEGER NOT NULL, resets_ms INTEGER NOT NULL,"
    " PRIMARY KEY(gateway, at_ms)) WITHOUT ROWID;"
    "CREATE TABLE gateway_gauge(gateway INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " provider TEXT NOT NULL, label TEXT NOT NULL, used_ppm INTEGER NOT NULL,"
    " resets_ms INTEGER NOT NULL, PRIMARY KEY(gateway, at_ms, provider, label)) WITHOUT ROWID;",
    /* 5 → 6: threads and the marks of their steps */
    "CREATE TABLE thread(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, name TEXT NOT NULL,"
    " parent INTEGER NOT NULL, evidence INTEGER NOT NULL, told INTEGER NOT NULL,"
    " told_at INTEGER NOT NULL, inherited INTEGER NOT NULL);"
    "CREATE INDEX thread_kin ON thread(parent, name) WHERE evidence <> 0;"
    "CREATE TABLE step(thread INTEGER NOT NULL, piece INTEGER NOT NULL, marks BLOB NOT NULL,"
    " PRIMARY KEY(thread, piece)) WITHOUT ROWID;",
    /* 6 → 7: which repository a project's folder lies in; itself where it lies in none. */
    "CREATE TABLE project_root(project INTEGER PRIMARY KEY, root INTEGER NOT NULL);",
    /* 7 → 8: runs. `run` 0: none. */
    "ALTER TABLE event ADD COLUMN run INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE member ADD COLUMN run INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE file ADD COLUMN run INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
    " ending INTEGER NOT NULL, project_id INTEGER NOT NULL, agent TEXT, model TEXT, label TEXT,"
    " dir TEXT, created_ms INTEGER NOT NULL, finished_ms INTEGER, problems INTEGER NOT NULL);"
    "CREATE INDEX run_created ON run(created_ms);"
    SUM_TABLE("run_total", "run")
    ADD_AUTO_COLUMNS("run_total")
    "CREATE TABLE run_quarter(quarter INTEGER NOT NULL, run INTEGER NOT NULL,"
    " events INTEGER NOT NULL, PRIMARY KEY(quarter, run)) WITHOUT ROWID;"
    "CREATE TABLE run_problem(run INTEGER NOT NULL, mark INTEGER NOT NULL,"
    " PRIMARY KEY(run, mark)) WITHOUT ROWID;",
};
/* clang-format on */
#define VERSION_OF_TASKS 4
#define VERSION          ((int)(sizeof(steps) / sizeof(steps[0])))

static int read_number(struct store *store, const char *pragma, int *number, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (sqlite3_prepare_v2(store->db, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        *number = sqlite3_column_int(statement, 0);
        rc = 0;
    } else {
        store_fail(store, "read the version of", err);
    }
    sqlite3_finalize(statement);
    return rc;
}

static int read_version(struct store *store, int *version, struct err *err)
{
    return read_number(store, "PRAGMA user_version", version, err);
}

/* Is there no table at all in it? */
static bool is_blank(struct store *store)
{
    sqlite3_stmt *statement = NULL;
    bool blank = sqlite3_prepare_v2(store->db, "SELECT 1 FROM sqlite_master", -1, &statement,
                                    NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_DONE;

    sqlite3_finalize(statement);
    return blank;
}

static int refuse_stranger(struct store *store, struct err *err)
{
    err_set(err, ERR_DAMAGED, "%s is a database, but no ledger; it was left as it is", store->path);
    return -1;
}

static int climb(struct store *store, int version, struct err *err)
{
    char set_version[48];
    int from;

    if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return store_fail(store, "lock", err);
    /* Another process may have climbed while we waited for the lock. */
    if (read_version(store, &version, err) < 0)
        goto undo;
    if (version == 0 && !is_blank(store)) {
        refuse_stranger(store, err);
        goto undo;
    }
    for (from = version; version < VERSION; version++) {
        if (sqlite3_exec(store->db, steps[version], NULL, NULL, NULL) != SQLITE_OK) {
            store_fail(store, "bring up to date", err);
            goto undo;
        }
    }
    if (from > 0 && from < VERSION_OF_TASKS && usage_rebuild(store, err) < 0)
        goto undo;
    snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d", version);
    if (sqlite3_exec(store->db, set_version, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    store_fail(store, "bring up to date", err);
undo:
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int schema_bring_up(struct store *store, struct err *err)
{
    int version, owner;

    if (read_version(store, &version, err) < 0 ||
        read_number(store, "PRAGMA application_id", &owner, err) < 0)
        return -1;
    if (version != 0 && owner != APPLICATION_ID)
        return refuse_stranger(store, err);
    if (version > VERSION) {
        err_set(err, ERR_NEWER,
                "%s was written by a newer tacho (its version is %d, this program knows %d); "
                "it was left as it is",
                store->path, version, VERSION);
        return -1;
    }
    if (version < 0)
        return refuse_stranger(store, err);
    if (version == VERSION || (store->lenient && version > 0))
        return 0; /* events have but gained their run since the first version */
    if (store->mode != STORE_WRITE) {
        err_set(err, version == 0 ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
                version == 0 ? "%s is still empty"
                             : "%s is of an older version; run a command that may write first",
                store->path);
        return -1;
    }
    return climb(store, version, err);
}
