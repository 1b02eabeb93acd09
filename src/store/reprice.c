/* store/reprice.c — walk all events and give them another cost; roll-ups follow by the difference.
 *
 * One kind of statement does it: `reprices` looks at a row and says whether its cost or flags move,
 * and `new_cost` and `new_flags` are what they become. So a row is sought, read and written once.
 * The answers belong to the row looked at last; should the database ever ask about another, the
 * statement fails and the transaction is rolled back.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

/* The columns that `reprices` is given (SQL_EVENT_REPRICE in sql.c). */
enum {
    ARG_ID,
    ARG_AT,
    ARG_SESSION,
    ARG_ORIGIN,
    ARG_MODEL,
    ARG_TOKENS, /* TOKEN_KINDS of them */
    ARG_SEARCHES = ARG_TOKENS + TOKEN_KINDS,
    ARG_LOGGED,
    ARG_COST,
    ARG_FLAGS,
    ARG_RUN,
    ARGS
};

struct repricing {
    struct store *store;
    struct timespan span;
    const struct store_pricer *pricer;
    struct row row; /* the one looked at last, as it becomes */
    struct err err; /* kind set: why it was given up */
};

static int64_t value_or(sqlite3_value *value, int64_t otherwise)
{
    return sqlite3_value_type(value) == SQLITE_NULL ? otherwise : sqlite3_value_int64(value);
}

static int read_row(struct repricing *r, sqlite3_value **values, struct row *row)
{
    int64_t bits = sqlite3_value_int64(values[ARG_FLAGS]);
    int kind;

    *row = (struct row){
        .id = sqlite3_value_int64(values[ARG_ID]),
        .at_ms = sqlite3_value_int64(values[ARG_AT]),
        .session = session_by_id(r->store, sqlite3_value_int(values[ARG_SESSION]), &r->err),
        .origin = origin_by_id(r->store, sqlite3_value_int(values[ARG_ORIGIN]), &r->err),
        .model = names_by_id(r->store, sqlite3_value_int(values[ARG_MODEL]), &r->err),
        .cost_nusd = value_or(values[ARG_COST], COST_UNKNOWN),
        .run = sqlite3_value_int64(values[ARG_RUN]),
        .flags = (uint32_t)bits,
        .mark = (uint32_t)(bits >> 32),
    };
    for (kind = 0; kind < TOKEN_KINDS; kind++)
        row->figures.tokens[kind] = sqlite3_value_int64(values[ARG_TOKENS + kind]);
    row->figures.web_searches = sqlite3_value_int64(values[ARG_SEARCHES]);
    row->figures.logged_nusd = value_or(values[ARG_LOGGED], COST_UNTOLD);
    return row->session && row->origin && row->model ? 0 : -1;
}

static void reprices(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct repricing *r = sqlite3_user_data(context);
    int64_t at_ms = sqlite3_value_int64(values[ARG_AT]);
    struct row old;
    bool moved;

    (void)n;
    if (at_ms < r->span.since_ms || at_ms >= r->span.until_ms) {
        sqlite3_result_int(context, 0);
        return;
    }
    if (read_row(r, values, &old) < 0) {
        sqlite3_result_error(context, "a name is lost", -1);
        return;
    }
    r->row = old;
    r->pricer->price(r->pricer->to, &r->row);
    moved = old.cost_nusd != r->row.cost_nusd || old.flags != r->row.flags;
    if (moved)
        rollup_note_change(r->store, &old, &r->row);
    sqlite3_result_int(context, moved);
}

/* Is the row that is asked about the one looked at last? */
static bool is_current(sqlite3_context *context, const struct repricing *r, sqlite3_value *id)
{
    if (r->row.id == sqlite3_value_int64(id))
        return true;
    sqlite3_result_error(context, "rows were mixed up", -1);
    return false;
}

static void new_cost(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct repricing *r = sqlite3_user_data(context);

    (void)n;
    if (!is_current(context, r, values[0]))
        return;
    if (r->row.cost_nusd == COST_UNKNOWN)
        sqlite3_result_null(context);
    else
        sqlite3_result_int64(context, r->row.cost_nusd);
}

static void new_flags(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct repricing *r = sqlite3_user_data(context);

    (void)n;
    if (is_current(context, r, values[0]))
        sqlite3_result_int64(context, row_bits(&r->row));
}

static const struct {
    const char *name;
    int args;
    void (*fn)(sqlite3_context *context, int n, sqlite3_value **values);
} functions[] = {
    { "reprices", ARGS, reprices },
    { "new_cost", 1, new_cost },
    { "new_flags", 1, new_flags },
};
#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

/* The database remembers what a statement has changed until it ends: so it does not get large. */
#define IDS_AT_ONCE 100000

static int run_some(struct store *store, int64_t first, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_REPRICE, err);

    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, first + IDS_AT_ONCE - 1);
    return store_run(store, statement, err);
}

static int last_id(struct store *store, int64_t *id, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_EVENT_MAX_ID, err);

    if (!statement || store_step(store, statement, err) < 0)
        return -1;
    *id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return 0;
}

static int run(struct repricing *r, struct err *err)
{
    int64_t first, last;
    int rc = last_id(r->store, &last, err);

    for (first = 1; first <= last && rc == 0; first += IDS_AT_ONCE)
        rc = run_some(r->store, first, err);
    if (rc < 0 && r->err.kind != ERR_NONE)
        err_set(err, r->err.kind, "%s", r->err.text);
    return rc;
}

int store_reprice(struct store *store, struct timespan span, const struct store_pricer *pricer,
                  struct err *err)
{
    struct repricing r = { .store = store, .span = span, .pricer = pricer };
    size_t i;
    int rc = 0;

    for (i = 0; i < FUNCTIONS && rc == 0; i++) {
        if (sqlite3_create_function(store->db, functions[i].name, functions[i].args, SQLITE_UTF8,
                                    &r, functions[i].fn, NULL, NULL) != SQLITE_OK)
            rc = store_fail(store, "use", err);
    }
    if (rc == 0)
        rc = run(&r, err);
    sqlite3_finalize(store->statements[SQL_EVENT_REPRICE]); /* it knows this call's functions */
    store->statements[SQL_EVENT_REPRICE] = NULL;
    for (i = 0; i < FUNCTIONS; i++)
        sqlite3_create_function(store->db, functions[i].name, functions[i].args, SQLITE_UTF8, NULL,
                                NULL, NULL, NULL);
    return rc;
}
