/* store/salvage.c — save what can be read of a damaged ledger.
 *
 * Rows are read in the order of their ids. Where a page is unreadable, the reader jumps ahead until
 * rows come again; a name that is lost becomes "unknown" rather than costing the tokens. Neither
 * indexes nor roll-ups of the damaged file are trusted.
 * SPDX-License-Identifier: MIT
 */
#include "store/salvage.h"

#include "base/mem.h"
#include "store/runs.h"
#include "store/usage_internal.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS_PER_COMMIT 20000
#define ROWS_PER_STEP   16 /* fewer than stand on a page */
#define BYTES_PER_ROW   16 /* much less than one takes */

/* More than any row of ours says. */
#define COUNT_MAX INT64_C(1000000000000)
#define NUSD_MAX  INT64_C(1000000000000000)
#define AT_MS_MAX INT64_C(32503680000000) /* the year 3000 */

struct rescue {
    struct store *from, *to;
    struct salvage *out;
    struct err *err;
    enum statement read, write;
    int64_t last_at_ms; /* of the row before; 0 at the start */
    int64_t pending;    /* rows since the last commit */
    bool in_gap;
};

static const struct name *again(struct rescue *r, enum name_kind kind, const struct name *old)
{
    return store_name(r->to, kind, old ? old->text : SPAN_LIT("unknown"), r->err);
}

static int keep_root(struct rescue *r, const struct name *old, const struct name *project)
{
    const struct name *root = store_root(r->to, project) ? NULL : store_root(r->from, old);

    return root ? store_set_root(r->to, project, root->text, r->err) : 0;
}

/* The row's names as the new ledger knows them. */
static int translate(struct rescue *r, struct row *row)
{
    static const struct origin none = { 0 };
    const struct origin *old = row->origin ? row->origin : &none;
    struct origin o = {
        .agent = again(r, NAME_AGENT, old->agent),
        .project = again(r, NAME_PROJECT, old->project),
        .machine = again(r, NAME_MACHINE, old->machine),
        .account = again(r, NAME_ACCOUNT, old->account),
        .subagent = old->subagent,
    };

    if (!o.agent || !o.project || !o.machine || !o.account ||
        (old->project && keep_root(r, old->project, o.project) < 0))
        return -1;
    row->origin = store_origin(r->to, &o, r->err);
    row->model = again(r, NAME_MODEL, row->model);
    row->session =
        store_session(r->to, o.agent, row->session ? row->session->text : SPAN_LIT("unknown"),
                      SPAN_ABSENT, r->err);
    return row->origin && row->model && row->session ? 0 : -1;
}

/* The unreadable place lay between the row before and one of this time. */
static void tell_gap(struct rescue *r, int64_t at_ms)
{
    struct salvage *s = r->out;
    int64_t low = r->last_at_ms && r->last_at_ms < at_ms ? r->last_at_ms : at_ms;
    int64_t high = r->last_at_ms > at_ms ? r->last_at_ms : at_ms;

    if (s->gap_first_ms == 0 || low < s->gap_first_ms)
        s->gap_first_ms = low;
    if (high > s->gap_last_ms)
        s->gap_last_ms = high;
    r->in_gap = false;
}

static void tell(struct rescue *r, const struct row *row)
{
    struct salvage *s = r->out;

    s->saved++;
    if (s->first_ms == 0 || row->at_ms < s->first_ms)
        s->first_ms = row->at_ms;
    if (row->at_ms > s->last_ms)
        s->last_ms = row->at_ms;
    if (r->in_gap)
        tell_gap(r, row->at_ms);
    r->last_at_ms = row->at_ms;
}

static int save(struct rescue *r, struct row *row)
{
    if (translate(r, row) < 0 || event_write(r->to, r->write, row, row->part, r->err) < 0)
        return -1;
    if (r->write == SQL_EVENT_KEEP && sqlite3_changes(r->to->db) > 0) {
        rollup_note(r->to, row, 1);
        runs_note(r->to, NULL, row);
        tell(r, row);
    }
    if (++r->pending < ROWS_PER_COMMIT)
        return 0;
    r->pending = 0;
    return store_commit(r->to, r->err) < 0 ? -1 : store_begin(r->to, r->err);
}

static bool is_amount(int64_t nusd)
{
    return nusd >= -NUSD_MAX && nusd <= NUSD_MAX;
}

/* A page that is damaged and still a page may say anything. */
static bool is_plausible(const struct row *row)
{
    const struct figures *f = &row->figures;
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++) {
        if (f->tokens[kind] < 0 || f->tokens[kind] > COUNT_MAX)
            return false;
    }
    return row->at_ms > 0 && row->at_ms < AT_MS_MAX && row->run >= 0 && row->iteration >= 0 &&
           row->iteration <= EVENT_EXTRAS_MAX && f->web_searches >= 0 &&
           f->web_searches <= COUNT_MAX &&
           (f->logged_nusd == COST_UNTOLD || is_amount(f->logged_nusd)) &&
           (row->cost_nusd == COST_UNKNOWN || is_amount(row->cost_nusd));
}

/* Reads rows from id on. Answers 1 at the end, 0 at an unreadable place (*id is then the first id
 * that was not read), -1 when the new ledger cannot be written. */
static int read_run(struct rescue *r, int64_t *id)
{
    sqlite3_stmt *statement = store_sql(r->from, r->read, NULL);
    int rc;

    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, *id);
    while ((rc = store_step(r->from, statement, NULL)) == 1) {
        struct row row = { 0 };

        /* Fails where a name is lost too; the figures are there all the same. */
        event_read(r->from, statement, &row, NULL);
        *id = row.id + 1;
        if (is_plausible(&row) && save(r, &row) < 0) {
            sqlite3_reset(statement);
            return -1;
        }
    }
    sqlite3_reset(statement);
    return rc == 0;
}

/* Can the first row from id on be read, or is there none? */
static bool is_readable(struct rescue *r, int64_t id)
{
    sqlite3_stmt *statement = store_sql(r->from, r->read, NULL);
    int rc = -1;

    if (statement) {
        sqlite3_bind_int64(statement, 1, id);
        rc = store_step(r->from, statement, NULL);
        sqlite3_reset(statement);
    }
    return rc >= 0;
}

/* The first id behind an unreadable place: by steps that do not pass over a whole page of rows,
 * then halving what lies between. */
static int64_t find_readable(struct rescue *r, int64_t bad, int64_t max_id)
{
    int64_t good = bad;

    do {
        bad = good;
        good += ROWS_PER_STEP;
    } while (good <= max_id && !is_readable(r, good));
    while (good - bad > 1) {
        int64_t middle = bad + (good - bad) / 2;

        if (is_readable(r, middle))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static int read_table(struct rescue *r, int64_t max_id)
{
    int64_t id = 0;
    int rc;

    while ((rc = read_run(r, &id)) == 0) {
        r->in_gap = r->write == SQL_EVENT_KEEP;
        id = find_readable(r, id, max_id);
        if (id > max_id)
            return 0;
    }
    return rc < 0 ? -1 : 0;
}

static int64_t ask(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store_sql(store, which, NULL);
    int64_t value = 0;

    if (!statement)
        return 0;
    if (store_step(store, statement, NULL) == 1)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

/* How far ids go: as the damaged ledger says, or else as its size allows. */
static int64_t find_max_id(struct store *from)
{
    int64_t max_id = ask(from, SQL_EVENT_MAX_ID);
    struct stat st;

    if (max_id == 0 && stat(from->path, &st) == 0)
        max_id = st.st_size / BYTES_PER_ROW;
    return max_id;
}

/* Runs and their strange lines, as far as they can be read: the sums follow from the events. */
static int save_runs(struct rescue *r)
{
    sqlite3_stmt *statement = store_sql(r->from, SQL_RUNS, NULL);
    int rc = 0;

    while (rc >= 0 && statement && store_step(r->from, statement, NULL) == 1) {
        struct run run;

        run_read(statement, &run);
        run.parse_errors = 0;
        if (run.id > 0)
            rc = store_run_add(r->to, &run, r->err);
    }
    statement = statement ? store_sql(r->from, SQL_RUN_PROBLEMS, NULL) : NULL;
    while (rc >= 0 && statement && store_step(r->from, statement, NULL) == 1)
        rc = store_run_problem(r->to, sqlite3_column_int64(statement, 0),
                               (uint64_t)sqlite3_column_int64(statement, 1), r->err);
    return rc < 0 ? -1 : 0;
}

static int rescue_all(struct rescue *r)
{
    int64_t expected = ask(r->from, SQL_EVENT_COUNT);
    int64_t max_id = find_max_id(r->from);
    bool old = !store_sql(r->from, SQL_EVENT_FROM, NULL); /* from before there were runs */

    if (store_begin(r->to, r->err) < 0 || save_runs(r) < 0)
        return -1;
    r->read = old ? SQL_EVENT_FROM_OLD : SQL_EVENT_FROM;
    r->write = SQL_EVENT_KEEP;
    if (read_table(r, max_id) < 0)
        return -1;
    if (r->in_gap) /* the end is lost: nobody knows how far it went */
        tell_gap(r, r->last_at_ms);
    r->read = old ? SQL_MEMBER_FROM_OLD : SQL_MEMBER_FROM;
    r->write = SQL_MEMBER_KEEP;
    if (read_table(r, max_id) < 0 || rollup_flush(r->to, r->err) < 0 ||
        task_rescue(r->from, r->to, r->err) < 0 || threads_rescue(r->from, r->to, r->err) < 0 ||
        store_commit(r->to, r->err) < 0)
        return -1;
    r->out->lost = expected > r->out->saved ? expected - r->out->saved : 0;
    return 0;
}

int store_salvage(const char *from_path, const char *to_path, struct salvage *out, struct err *err)
{
    struct rescue r = { .out = out, .err = err };
    int rc = -1;

    *out = (struct salvage){ 0 };
    if (access(to_path, F_OK) == 0) {
        err_set(err, ERR_USAGE, "%s exists already", to_path);
        return -1;
    }
    if (store_open(&r.to, to_path, STORE_WRITE, err) < 0)
        return -1;
    /* Too damaged to open at all: the new ledger stays empty and the logs must do. */
    if (store_open_damaged(&r.from, from_path, NULL) < 0)
        rc = 0;
    else
        rc = rescue_all(&r);
    store_close(r.from);
    store_close(r.to);
    return rc;
}
