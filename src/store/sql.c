/* store/sql.c — every statement of the ledger, in one table.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#define SUM_COLUMNS                                                                                \
    "events, input, output, cache_read, cache_write_5m, cache_write_1h, reasoning, web_search,"    \
    " cost_nusd, logged_nusd, unpriced, estimated, auto_nusd, auto_unpriced, unlogged"

#define ROLLUP_ADD(table, key)                                                                     \
    "INSERT INTO " table "(" key ", origin, model, " SUM_COLUMNS ")"                               \
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"     \
    " ON CONFLICT(" key ", origin, model) DO UPDATE SET events = events + ?4, input = input + ?5," \
    " output = output + ?6, cache_read = cache_read + ?7, cache_write_5m = cache_write_5m + ?8,"   \
    " cache_write_1h = cache_write_1h + ?9, reasoning = reasoning + ?10,"                          \
    " web_search = web_search + ?11, cost_nusd = cost_nusd + ?12,"                                 \
    " logged_nusd = logged_nusd + ?13, unpriced = unpriced + ?14, estimated = estimated + ?15,"    \
    " auto_nusd = auto_nusd + ?16, auto_unpriced = auto_unpriced + ?17, unlogged = unlogged + ?18"

#define ROLLUP_CLEAN(table, key)                                                                   \
    "DELETE FROM " table " WHERE " key " = ?1 AND origin = ?2 AND model = ?3 AND events = 0"

#define EVENT_COLUMNS                                                                              \
    "key, at_ms, session, origin, model, input, output, cache_read, cache_write_5m,"               \
    " cache_write_1h, reasoning, web_search, logged_nusd, cost_nusd, flags, iteration, run"
/* Of a ledger from before there were runs. */
#define OLD_EVENT_COLUMNS                                                                          \
    "key, at_ms, session, origin, model, input, output, cache_read, cache_write_5m,"               \
    " cache_write_1h, reasoning, web_search, logged_nusd, cost_nusd, flags, iteration, 0"

#define RUN_COLUMNS                                                                                \
    "id, kind, state, ending, project_id, agent, model, label, dir, created_ms, finished_ms,"      \
    " problems"

#define USAGE_COLUMNS "tasks, turns, input, output, cache_read, cache_creation"
#define USAGE_SET                                                                                  \
    "tasks = tasks + excluded.tasks, turns = turns + excluded.turns,"                              \
    " input = input + excluded.input, output = output + excluded.output,"                          \
    " cache_read = cache_read + excluded.cache_read,"                                              \
    " cache_creation = cache_creation + excluded.cache_creation"
#define TASK_COLUMNS                                                                               \
    "id, agent, type, model, session, status, started_ms, finished_ms, turns, input, output,"      \
    " cache_creation, cache_read, cost_nusd"
#define TASK_SEEN ", seq, seen_turns, seen_input, seen_output, seen_creation, seen_read"
#define USE_COLUMNS                                                                                \
    "at_ms, session, origin, model, input, output, cache_read,"                                    \
    " cache_write_5m + cache_write_1h"

#define EVENT_VALUES                                                                               \
    "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"                       \
    " ?17"

#define BUCKET_FACTS                                                                               \
    "account, name, plan, at_ms, used, whole, window_s, resets_at_ms, announced, via,"             \
    " tokens_left, tokens_limit, requests_left, requests_limit"
#define BUCKET_COLUMNS "id, " BUCKET_FACTS

const char *const store_texts[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",

    [SQL_NAME_FIND] = "SELECT id FROM name WHERE kind = ?1 AND text = ?2",
    [SQL_NAME_BY_ID] = "SELECT kind, text FROM name WHERE id = ?1",
    [SQL_NAME_ADD] = "INSERT INTO name(kind, text) VALUES(?1, ?2)",
    [SQL_ROOT_GET] = "SELECT root FROM project_root WHERE project = ?1",
    [SQL_ROOT_SET] = "REPLACE INTO project_root(project, root) VALUES(?1, ?2)",
    [SQL_ORIGIN_FIND] = "SELECT id FROM origin WHERE agent = ?1 AND project = ?2 AND machine = ?3"
                        " AND account = ?4 AND subagent = ?5",
    [SQL_ORIGIN_BY_ID] = "SELECT agent, project, machine, account, subagent FROM origin"
                         " WHERE id = ?1",
    [SQL_ORIGIN_ADD] = "INSERT INTO origin(agent, project, machine, account, subagent)"
                       " VALUES(?1, ?2, ?3, ?4, ?5)",
    [SQL_SESSION_FIND] = "SELECT id FROM session WHERE agent = ?1 AND text = ?2",
    [SQL_SESSION_BY_ID] = "SELECT agent, text FROM session WHERE id = ?1",
    [SQL_SESSION_ADD] = "INSERT INTO session(agent, text, parent) VALUES(?1, ?2, ?3)",
    [SQL_SESSION_TOUCH] = "UPDATE session SET first_ms = min(ifnull(first_ms, ?2), ?2),"
                          " last_ms = max(ifnull(last_ms, ?3), ?3) WHERE id = ?1",

    [SQL_EVENT_GROUP] = "SELECT " EVENT_COLUMNS ", id FROM event WHERE key BETWEEN ?1 AND ?2",
    [SQL_EVENT_ADD] = "INSERT INTO event(" EVENT_COLUMNS ") VALUES(" EVENT_VALUES ")",
    /* Leaves out the indexed columns: their entries would be written again for nothing. */
    [SQL_EVENT_SET] = "UPDATE event SET (session, origin, model, input, output, cache_read,"
                      " cache_write_5m, cache_write_1h, reasoning, web_search, logged_nusd,"
                      " cost_nusd, flags, iteration, run)"
                      " = (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
                      " WHERE id = ?18",
    [SQL_EVENT_TIME] = "UPDATE event SET at_ms = ?2 WHERE id = ?1",
    [SQL_EVENT_DROP] = "DELETE FROM event WHERE id = ?1",
    [SQL_MEMBER_GROUP] = "SELECT " EVENT_COLUMNS ", id FROM member WHERE key BETWEEN ?1 AND ?2",
    [SQL_MEMBER_PUT] = "INSERT INTO member(" EVENT_COLUMNS ") VALUES(" EVENT_VALUES ")",
    [SQL_MEMBER_DROP] = "DELETE FROM member WHERE key BETWEEN ?1 AND ?2",

    [SQL_ROLLUP_ADD] = ROLLUP_ADD("rollup", "quarter"),
    [SQL_ROLLUP_DAY_ADD] = ROLLUP_ADD("rollup_day", "day"),
    [SQL_ROLLUP_SESSION_ADD] = ROLLUP_ADD("rollup_session", "session"),
    [SQL_ROLLUP_CLEAN] = ROLLUP_CLEAN("rollup", "quarter"),
    [SQL_ROLLUP_DAY_CLEAN] = ROLLUP_CLEAN("rollup_day", "day"),
    [SQL_ROLLUP_SESSION_CLEAN] = ROLLUP_CLEAN("rollup_session", "session"),
    [SQL_ROLLUP_DAY_EMPTY] = "DELETE FROM rollup_day",

    [SQL_FILES] = "SELECT id, agent, path, dev, ino, size, mtime_ms, offset, head_len, head_hash,"
                  " marker_len, marker_hash, memory, run FROM file",
    [SQL_FILE_ADD] = "INSERT INTO file(agent, path, dev, ino, size, mtime_ms, offset, head_len,"
                     " head_hash, marker_len, marker_hash, memory, run)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    [SQL_FILE_SET] = "UPDATE file SET (agent, path, dev, ino, size, mtime_ms, offset, head_len,"
                     " head_hash, marker_len, marker_hash, memory, run)"
                     " = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                     " WHERE id = ?14",
    [SQL_FILE_FORGET] = "DELETE FROM file WHERE dev = ?1 AND ino = ?2",
    [SQL_PROBLEM_ADD] = "INSERT INTO problem(file, kind, count, offset) VALUES(?1, ?2, ?3, ?4)"
                        " ON CONFLICT(file, kind) DO UPDATE SET count = count + ?3",
    [SQL_PROBLEM_FORGET] = "DELETE FROM problem"
                           " WHERE file IN (SELECT id FROM file WHERE dev = ?1 AND ino = ?2)",
    [SQL_PROBLEM_CLEAR] = "DELETE FROM problem WHERE file = ?1",
    [SQL_PROBLEMS] = "SELECT n.text, p.kind, sum(p.count), min(f.path), p.offset"
                     " FROM problem p JOIN file f ON f.id = p.file JOIN name n ON n.id = f.agent"
                     " GROUP BY f.agent, p.kind ORDER BY n.text, p.kind",

    [SQL_META_GET] = "SELECT value FROM meta WHERE key = ?1",
    [SQL_META_SET] = "INSERT INTO meta(key, value) VALUES(?1, ?2)"
                     " ON CONFLICT(key) DO UPDATE SET value = ?2",
    [SQL_EVENT_COUNT] = "SELECT ifnull(sum(events), 0) FROM rollup_day",
    [SQL_EVENT_LAST] = "SELECT max(at_ms) FROM event",
    [SQL_EVENT_ANY] = "SELECT 1 FROM event LIMIT 1",
    [SQL_SUM_DAYS] = "SELECT day, origin, model, " SUM_COLUMNS " FROM rollup_day"
                     " WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
    [SQL_SUM_QUARTERS] = "SELECT quarter, origin, model, " SUM_COLUMNS " FROM rollup"
                         " WHERE quarter >= ?1 AND quarter < ?2 ORDER BY quarter",
    [SQL_SUM_EVENTS] = "SELECT " EVENT_COLUMNS ", id FROM event"
                       " WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms",
    [SQL_SESSIONS] = "SELECT id, agent, text, first_ms, last_ms FROM session"
                     " WHERE last_ms >= ?1 AND first_ms < ?2 ORDER BY id",
    [SQL_SUM_SESSIONS] = "SELECT session, origin, model, " SUM_COLUMNS " FROM rollup_session"
                         " WHERE session BETWEEN ?1 AND ?2 ORDER BY session",
    [SQL_QUARTER_NEXT] = "SELECT quarter, origin, model FROM rollup"
                         " WHERE quarter >= ?1 ORDER BY quarter",
    [SQL_EVENT_FIRST_IN] = "SELECT at_ms, origin, model FROM event"
                           " WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms",
    [SQL_EVENT_LAST_IN] = "SELECT at_ms, origin, model FROM event"
                          " WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms DESC",

    [SQL_EVENT_FROM] = "SELECT " EVENT_COLUMNS ", id FROM event WHERE id >= ?1 ORDER BY id",
    [SQL_EVENT_OF_SESSION] = "SELECT " EVENT_COLUMNS ", id FROM event WHERE session = ?1"
                             " ORDER BY key",
    [SQL_EVENT_KEEP] = "INSERT OR IGNORE INTO event(" EVENT_COLUMNS ") VALUES(" EVENT_VALUES ")",
    [SQL_MEMBER_KEEP] = "INSERT OR IGNORE INTO member(" EVENT_COLUMNS ") VALUES(" EVENT_VALUES ")",
    [SQL_MEMBER_FROM] = "SELECT " EVENT_COLUMNS ", id FROM member WHERE id >= ?1 ORDER BY id",
    [SQL_EVENT_MAX_ID] = "SELECT max(id) FROM event",

    [SQL_EVENT_REPRICE] = "UPDATE event SET cost_nusd = new_cost(id), flags = new_flags(id)"
                          " WHERE id BETWEEN ?1 AND ?2"
                          " AND reprices(id, at_ms, session, origin, model, input, output,"
                          " cache_read, cache_write_5m, cache_write_1h, reasoning, web_search,"
                          " logged_nusd, cost_nusd, flags, run)",
    [SQL_MODEL_QUARTER] = "SELECT max(quarter) FROM rollup WHERE model = ?1 AND quarter < ?2",
    [SQL_EVENT_BY_ID] = "SELECT " EVENT_COLUMNS ", id FROM event WHERE id = ?1",
    [SQL_MODEL_LAST] = "SELECT " EVENT_COLUMNS ", id FROM event"
                       " WHERE at_ms >= ?1 AND at_ms < ?2 AND model = ?3"
                       " ORDER BY at_ms DESC LIMIT 1",

    [SQL_BUCKET_GET] = "SELECT " BUCKET_COLUMNS " FROM bucket WHERE account = ?1 AND name = ?2",
    [SQL_BUCKETS] = "SELECT " BUCKET_COLUMNS " FROM bucket ORDER BY account, name",
    [SQL_BUCKET_PUT] = "INSERT INTO bucket(" BUCKET_FACTS ")"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
                       " ON CONFLICT(account, name) DO UPDATE SET"
                       " (plan, at_ms, used, whole, window_s, resets_at_ms, announced, via,"
                       " tokens_left, tokens_limit, requests_left, requests_limit)"
                       " = (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING id",
    [SQL_SIGHTING_ADD] = "INSERT OR REPLACE INTO sighting(bucket, at_ms, used_ppm, resets_at_ms)"
                         " VALUES(?1, ?2, ?3, ?4)",
    [SQL_SIGHTINGS] = "SELECT at_ms, used_ppm, resets_at_ms FROM sighting"
                      " WHERE bucket = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms",
    [SQL_SIGHTINGS_THIN] =
        "DELETE FROM sighting AS s"
        " WHERE bucket = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND EXISTS"
        " (SELECT 1 FROM sighting AS o WHERE o.bucket = ?1"
        " AND o.at_ms > s.at_ms AND o.at_ms < s.at_ms - s.at_ms % 60000 + 60000)",
    [SQL_ACCOUNT_GET] = "SELECT name, error, error_at_ms, due_ms, failures, mark FROM account"
                        " WHERE name = ?1",
    [SQL_ACCOUNTS] = "SELECT name, error, error_at_ms, due_ms, failures, mark FROM account"
                     " ORDER BY name",
    [SQL_ACCOUNT_PUT] = "INSERT OR REPLACE INTO account(name, error, error_at_ms, due_ms, failures,"
                        " mark) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_SETTING_GET] = "SELECT value FROM setting WHERE key = ?1",
    [SQL_SETTING_PUT] = "INSERT OR REPLACE INTO setting(key, value) VALUES(?1, ?2)",
    [SQL_SETTINGS] = "SELECT key, value FROM setting ORDER BY key",
    [SQL_OUTBOX_ADD] = "INSERT INTO outbox(channel, body, created_ms, due_ms, tries)"
                       " VALUES(?1, ?2, ?3, ?3, 0)",
    [SQL_OUTBOX_FIRST] = "SELECT id, channel, created_ms, due_ms, tries, body FROM outbox"
                         " ORDER BY due_ms, id LIMIT 1",
    [SQL_OUTBOX_DROP] = "DELETE FROM outbox WHERE id = ?1",
    [SQL_OUTBOX_RETRY] = "UPDATE outbox SET due_ms = ?2, tries = tries + 1 WHERE id = ?1",
    [SQL_DATA_VERSION] = "PRAGMA data_version",
    [SQL_SNAPSHOT] = "BEGIN",
    [SQL_TASK_ADD] = "INSERT INTO task(" TASK_COLUMNS ")"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    [SQL_TASK_BY_ID] = "SELECT " TASK_COLUMNS TASK_SEEN " FROM task WHERE id = ?1",
    [SQL_TASK_BY_SEQ] = "SELECT " TASK_COLUMNS TASK_SEEN " FROM task WHERE seq = ?1",
    [SQL_TASK_SEEN] = "UPDATE task SET seen_turns = seen_turns + ?2, seen_input = seen_input + ?3,"
                      " seen_output = seen_output + ?4, seen_creation = seen_creation + ?5,"
                      " seen_read = seen_read + ?6 WHERE seq = ?1",
    [SQL_TASK_DROP] = "DELETE FROM task WHERE id = ?1",
    [SQL_TASK_ANY_TIED] = "SELECT 1 FROM task WHERE session IS NOT NULL LIMIT 1",
    [SQL_TASK_TIES] = "SELECT t.seq, t.started_ms FROM task t JOIN session s ON s.text = t.session"
                      " WHERE s.id = ?1 ORDER BY t.started_ms, t.id",
    [SQL_TASKS_ALL] = "SELECT " TASK_COLUMNS TASK_SEEN " FROM task ORDER BY seq",
    /* newest first */
    [SQL_TASKS_STARTED] = "SELECT " TASK_COLUMNS TASK_SEEN " FROM task"
                          " WHERE started_ms >= ?1 AND started_ms < ?2"
                          " ORDER BY started_ms DESC, id DESC",
    [SQL_TASK_FIRST] = "SELECT min(started_ms) FROM task",
    [SQL_TASK_UNSEE] = "UPDATE task SET seen_turns = 0, seen_input = 0, seen_output = 0,"
                       " seen_creation = 0, seen_read = 0 WHERE seen_turns <> 0",
    [SQL_TASK_DAY_ADD] = "INSERT INTO task_day(day, agent, type, model, " USAGE_COLUMNS ")"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                         " ON CONFLICT(day, agent, type, model) DO UPDATE SET " USAGE_SET,
    [SQL_TASK_DAY_CLEAN] = "DELETE FROM task_day WHERE day = ?1 AND agent = ?2 AND type = ?3"
                           " AND model = ?4 AND tasks = 0",
    [SQL_TASK_DAY_EMPTY] = "DELETE FROM task_day",
    [SQL_TASK_DAYS] = "SELECT day, agent, type, model, " USAGE_COLUMNS " FROM task_day"
                      " WHERE day BETWEEN ?1 AND ?2",
    [SQL_USAGE_DAY_ADD] = "INSERT INTO usage_day(day, origin, model, " USAGE_COLUMNS ")"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                          " ON CONFLICT(day, origin, model) DO UPDATE SET " USAGE_SET,
    [SQL_USAGE_DAY_CLEAN] = "DELETE FROM usage_day WHERE day = ?1 AND origin = ?2 AND model = ?3"
                            " AND turns = 0 AND tasks = 0",
    [SQL_USAGE_DAY_EMPTY] = "DELETE FROM usage_day",
    [SQL_USAGE_DAYS] = "SELECT day, origin, model, " USAGE_COLUMNS " FROM usage_day"
                       " WHERE day BETWEEN ?1 AND ?2",
    [SQL_USAGE_TOTAL_ADD] = "INSERT INTO usage_total(day, " USAGE_COLUMNS ")"
                            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                            " ON CONFLICT(day) DO UPDATE SET " USAGE_SET,
    [SQL_USAGE_TOTAL_CLEAN] = "DELETE FROM usage_total WHERE day = ?1 AND turns = 0 AND tasks = 0",
    [SQL_USAGE_TOTAL_EMPTY] = "DELETE FROM usage_total",
    [SQL_USAGE_TOTALS] = "SELECT day, " USAGE_COLUMNS " FROM usage_total",
    [SQL_USAGE_SESSION_GET] = "SELECT first_ms, origin, model, tasks FROM usage_session"
                              " WHERE session = ?1",
    [SQL_USAGE_SESSION_SET] = "INSERT OR REPLACE INTO"
                              " usage_session(session, first_ms, origin, model, tasks)"
                              " VALUES(?1, ?2, ?3, ?4, ?5)",
    [SQL_USAGE_SESSION_DROP] = "DELETE FROM usage_session WHERE session = ?1",
    [SQL_USAGE_SESSION_EMPTY] = "DELETE FROM usage_session",
    [SQL_USAGE_SESSIONS] = "SELECT u.session, u.first_ms, u.origin, u.model, u.tasks, s.last_ms,"
                           " s.parent IS NOT NULL"
                           " FROM usage_session u JOIN session s ON s.id = u.session"
                           " WHERE s.last_ms >= ?1",
    /* Only of sessions that no task names: the others have no row in usage_session. */
    [SQL_USAGE_EVENTS] =
        "SELECT " USE_COLUMNS " FROM event"
        " WHERE at_ms >= ?1 AND at_ms < ?2 AND EXISTS(SELECT 1 FROM usage_session u"
        " WHERE u.session = event.session) ORDER BY at_ms",
    [SQL_USAGE_ALL_EVENTS] = "SELECT " USE_COLUMNS " FROM event",
    [SQL_SESSION_EVENTS] = "SELECT " USE_COLUMNS " FROM event INDEXED BY event_time"
                           " WHERE at_ms BETWEEN ?2 AND ?3 AND session = ?1",
    [SQL_SESSION_FIRST] = "SELECT at_ms FROM event INDEXED BY event_time"
                          " WHERE at_ms >= ?2 AND session = ?1 ORDER BY at_ms LIMIT 1",
    [SQL_SESSION_MODELS] = "SELECT origin, model, output FROM rollup_session WHERE session = ?1",
    [SQL_SESSION_BOUNDS] = "SELECT first_ms, last_ms, parent IS NOT NULL FROM session"
                           " WHERE id = ?1",
    [SQL_SESSIONS_BY_TEXT] = "SELECT id FROM session"
                             " WHERE agent IN (SELECT id FROM name WHERE kind = 1) AND text = ?1",
    [SQL_SESSION_FIRSTS] = "SELECT session, min(at_ms) FROM event GROUP BY session",
    [SQL_EVENT_FIRST] = "SELECT min(at_ms) FROM event",

    [SQL_GATEWAY_FIND] = "SELECT id FROM gateway WHERE uuid = ?1",
    [SQL_GATEWAY_ADD] = "INSERT INTO gateway(uuid) VALUES(?1)",
    [SQL_GATEWAY_READ] = "INSERT OR REPLACE INTO gateway_reading(gateway, at_ms, cost_nusd, tokens,"
                         " output_tokens, calls, tokens_e4, speed_nusd, started_ms, resets_ms)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [SQL_GATEWAY_GAUGE] = "INSERT OR REPLACE INTO gateway_gauge(gateway, at_ms, provider, label,"
                          " used_ppm, resets_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_GATEWAY_READINGS] = "SELECT at_ms, cost_nusd, tokens, output_tokens, calls, tokens_e4,"
                             " speed_nusd, started_ms, resets_ms FROM gateway_reading"
                             " WHERE gateway = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms",
    [SQL_GATEWAY_GAUGES] = "SELECT at_ms, provider, label, used_ppm, resets_ms FROM gateway_gauge"
                           " WHERE gateway = ?1 AND at_ms >= ?2 AND at_ms < ?3"
                           " ORDER BY at_ms, provider, label",

    [SQL_THREAD] = "SELECT agent, name, parent, evidence, told, told_at, inherited FROM thread"
                   " WHERE id = ?1",
    [SQL_THREAD_PUT] = "INSERT INTO thread(id, agent, name, parent, evidence, told, told_at,"
                       " inherited) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                       " ON CONFLICT(id) DO UPDATE SET (parent, evidence, told, told_at,"
                       " inherited) = (?4, ?5, ?6, ?7, ?8)",
    [SQL_THREADS_OF] = "SELECT id FROM thread WHERE parent = ?1 AND evidence <> 0"
                       " ORDER BY name, id",
    [SQL_THREAD_IDS] = "SELECT id FROM thread",
    [SQL_STEPS] = "SELECT piece, marks FROM step WHERE thread = ?1 ORDER BY piece",
    [SQL_STEPS_PUT] = "INSERT INTO step(thread, piece, marks) VALUES(?1, ?2, ?3)"
                      " ON CONFLICT(thread, piece) DO UPDATE SET marks = ?3",
    [SQL_ROLLUP_RUN_ADD] = ROLLUP_ADD("run_total", "run"),
    [SQL_ROLLUP_RUN_CLEAN] = ROLLUP_CLEAN("run_total", "run"),
    [SQL_RUN_QUARTER_ADD] = "INSERT INTO run_quarter(quarter, run, events) VALUES(?1, ?2, ?3)"
                            " ON CONFLICT(quarter, run) DO UPDATE SET events = events + ?3",
    [SQL_RUN_QUARTER_CLEAN] = "DELETE FROM run_quarter"
                              " WHERE quarter = ?1 AND run = ?2 AND events = 0",
    [SQL_RUN_QUARTERS] = "SELECT run, quarter FROM run_quarter"
                         " WHERE quarter >= ?1 AND quarter < ?2",
    [SQL_RUN_ADD] = "INSERT OR IGNORE INTO run(" RUN_COLUMNS ")"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [SQL_RUN_GET] = "SELECT " RUN_COLUMNS " FROM run WHERE id = ?1",
    [SQL_RUN_STATE] = "UPDATE run SET state = ?2, ending = 0, finished_ms = iif(?2 = 0, NULL,"
                      " ifnull(finished_ms, ?3)) WHERE id = ?1",
    [SQL_RUN_ASK_END] = "UPDATE run SET ending = ?2 WHERE id = ?1 AND state = 0",
    [SQL_RUN_PROBLEM_ADD] = "INSERT OR IGNORE INTO run_problem(run, mark) VALUES(?1, ?2)",
    [SQL_RUN_PROBLEM_COUNT] = "UPDATE run SET problems = problems + 1 WHERE id = ?1",
    [SQL_RUN_PROBLEMS] = "SELECT run, mark FROM run_problem",
    [SQL_RUNS] = "SELECT " RUN_COLUMNS " FROM run ORDER BY created_ms DESC, id DESC",
    [SQL_RUN_SUMS] = "SELECT run, origin, model, " SUM_COLUMNS " FROM run_total WHERE run = ?1",
    [SQL_RUN_CLAIMABLE] = "SELECT " EVENT_COLUMNS ", id FROM event"
                          " WHERE at_ms >= ?1 AND at_ms < ?2 AND run = 0"
                          " AND session IN (SELECT id FROM session"
                          " WHERE first_ms >= ?1 AND first_ms < ?2)",
    [SQL_RUN_CLAIM_EVENT] = "UPDATE event SET run = ?2 WHERE id = ?1",
    [SQL_RUN_CLAIM_MEMBERS] = "UPDATE member SET run = ?3"
                              " WHERE key BETWEEN ?1 AND ?2 AND run = 0",
    [SQL_EVENT_FROM_OLD] = "SELECT " OLD_EVENT_COLUMNS ", id FROM event WHERE id >= ?1"
                           " ORDER BY id",
    [SQL_MEMBER_FROM_OLD] = "SELECT " OLD_EVENT_COLUMNS ", id FROM member WHERE id >= ?1"
                            " ORDER BY id",
};
