/* tests/unit/test_report_usage.c — the usage window against a plain count over all events and
 * tasks, and every one of its rules by hand.
 * SPDX-License-Identifier: MIT
 */
#include "task_bench.h"

#include "base/clock.h"
#include "config/config.h"
#include "report/usage.h"

#define SUNDAY_NIGHT INT64_C(1774738800000) /* 2026-03-29T00:00 in Berlin, clocks go forward */
#define AUTUMN_NIGHT INT64_C(1792879200000) /* 2026-10-25T00:00 in Berlin, clocks go back */

/* ---- asking ---- */

static void ask(struct store *store, const char *reset, enum usage_window window, struct usage *out)
{
    struct config config = { .usage_reset = (char *)(uintptr_t)reset,
                             .config_path = (char *)(uintptr_t) "config.json" };
    struct usage_settings *settings = NULL;
    struct err err = { 0 };

    if (usage_settings_new(&settings, &config, &err) < 0 ||
        usage_build(store, settings, window, out, &err) < 0)
        fail_msg("%s", err.text);
    usage_settings_free(settings);
}

static void add_part(struct usage_part *to, const struct usage_part *more)
{
    to->tasks += more->tasks;
    to->turns += more->turns;
    to->input += more->input;
    to->output += more->output;
    to->cache_read += more->cache_read;
    to->cache_creation += more->cache_creation;
}

static void check_sums(const struct usage *u)
{
    struct usage_part agents = { 0 }, days = { 0 };
    size_t i;

    for (i = 0; i < u->agents_n; i++)
        add_part(&agents, &u->agents[i].part);
    for (i = 0; i < u->days_n; i++)
        add_part(&days, &u->days[i].part);
    assert_memory_equal(&agents, &u->totals, sizeof(agents));
    assert_memory_equal(&days, &u->totals, sizeof(days));
}

/* "name type model tasks turns input output read written" per row, then "day …" per day in use. */
static char *as_text(const struct usage *u)
{
    struct buf out = { 0 };
    char day[CIVIL_DAY_SIZE];
    size_t i;

    check_sums(u);
    buf_add_text(&out, "");
    for (i = 0; i < u->agents_n + u->days_n; i++) {
        bool agent = i < u->agents_n;
        const struct usage_part *p = agent ? &u->agents[i].part : &u->days[i - u->agents_n].part;

        if (agent) {
            buf_printf(&out, "%s %s %s", u->agents[i].name, u->agents[i].type,
                       u->agents[i].model ? u->agents[i].model : "-");
        } else if (p->tasks == 0 && p->turns == 0 && usage_part_tokens(p) == 0) {
            continue;
        } else {
            civil_format_day(u->days[i - u->agents_n].day, day);
            buf_add_text(&out, day);
        }
        buf_printf(&out, " %d %d %d %d %d %d\n", (int)p->tasks, (int)p->turns, (int)p->input,
                   (int)p->output, (int)p->cache_read, (int)p->cache_creation);
    }
    return buf_take(&out);
}

static void expect(struct store *store, const char *reset, enum usage_window window,
                   const char *want)
{
    struct usage usage;
    char *text;

    ask(store, reset, window, &usage);
    text = as_text(&usage);
    assert_string_equal(text, want);
    free(text);
    usage_fini(&usage);
}

/* ---- the plain count ---- */

#define EVENTS_MAX 600
#define TASKS_MAX  64
#define ROWS_MAX   600

struct plain_event {
    int64_t at_ms;
    int session, subagent;
    char text[16], agent[16], model[16];
    struct usage_part part;
};

struct plain_task {
    char id[16], agent[16], model[16], session[16];
    int64_t started_ms;
    bool own, has_turns;
    struct usage_part part;
};

struct plain {
    struct plain_event events[EVENTS_MAX];
    int events_n;
    struct plain_task tasks[TASKS_MAX]; /* by session, start, id */
    int tasks_n;
    struct plain_row {
        char key[64];
        struct usage_part part;
    } rows[ROWS_MAX];
    int rows_n;
};

static void copy_column(sqlite3_stmt *statement, int column, char out[16])
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    span_copy(span_of(text ? text : ""), out, 16);
}

static void read_events(struct plain *p, struct store *store)
{
    sqlite3_stmt *statement;

    assert_int_equal(
        sqlite3_prepare_v2(store->db,
                           "SELECT e.at_ms, e.session, o.subagent, s.text, a.text, m.text, e.input,"
                           " e.output, e.cache_read, e.cache_write_5m + e.cache_write_1h"
                           " FROM event e JOIN session s ON s.id = e.session"
                           " JOIN origin o ON o.id = e.origin JOIN name a ON a.id = o.agent"
                           " JOIN name m ON m.id = e.model",
                           -1, &statement, NULL),
        SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        struct plain_event *e = &p->events[p->events_n++];

        e->at_ms = sqlite3_column_int64(statement, 0);
        e->session = sqlite3_column_int(statement, 1);
        e->subagent = sqlite3_column_int(statement, 2);
        copy_column(statement, 3, e->text);
        copy_column(statement, 4, e->agent);
        copy_column(statement, 5, e->model);
        e->part = (struct usage_part){ 0,
                                       1,
                                       sqlite3_column_int64(statement, 6),
                                       sqlite3_column_int64(statement, 7),
                                       sqlite3_column_int64(statement, 8),
                                       sqlite3_column_int64(statement, 9) };
    }
    sqlite3_finalize(statement);
}

static bool read_task(void *to, const struct task *task)
{
    struct plain *p = to;
    struct plain_task *t = &p->tasks[p->tasks_n++];

    *t = (struct plain_task){ .started_ms = task->started_ms,
                              .own = task_has_tokens(task),
                              .has_turns = task->turns != TASK_NULL };
    span_copy(task->id, t->id, sizeof(t->id));
    span_copy(task->agent, t->agent, sizeof(t->agent));
    span_copy(task->model.p ? task->model : SPAN_LIT("-"), t->model, sizeof(t->model));
    span_copy(task->session.p ? task->session : SPAN_LIT(""), t->session, sizeof(t->session));
    t->part = (struct usage_part){
        1,
        t->has_turns ? task->turns : 0,
        task->input == TASK_NULL ? 0 : task->input,
        task->output == TASK_NULL ? 0 : task->output,
        task->cache_read == TASK_NULL ? 0 : task->cache_read,
        task->cache_creation == TASK_NULL ? 0 : task->cache_creation,
    };
    return true;
}

/* The task that an event belongs to, or NULL: the latest begun before it, else the first. */
static struct plain_task *owner(struct plain *p, const struct plain_event *e)
{
    struct plain_task *first = NULL, *latest = NULL;
    int i;

    for (i = 0; i < p->tasks_n; i++) {
        struct plain_task *t = &p->tasks[i];

        if (strcmp(t->session, e->text) != 0)
            continue;
        if (!first || t->started_ms < first->started_ms ||
            (t->started_ms == first->started_ms && strcmp(t->id, first->id) < 0))
            first = t;
        if (t->started_ms <= e->at_ms &&
            (!latest || t->started_ms > latest->started_ms ||
             (t->started_ms == latest->started_ms && strcmp(t->id, latest->id) > 0)))
            latest = t;
    }
    return latest ? latest : first;
}

static struct usage_part *row(struct plain *p, const char *key)
{
    int i;

    for (i = 0; i < p->rows_n; i++) {
        if (strcmp(p->rows[i].key, key) == 0)
            return &p->rows[i].part;
    }
    snprintf(p->rows[p->rows_n].key, sizeof(p->rows[0].key), "%s", key);
    p->rows[p->rows_n].part = (struct usage_part){ 0 };
    return &p->rows[p->rows_n++].part;
}

static void add_row(struct plain *p, const char *agent, const char *type, const char *model,
                    const struct usage_part *part)
{
    char key[64];

    snprintf(key, sizeof(key), "%s %s %s", agent, type, model);
    add_part(row(p, key), part);
}

static void add_day(struct plain *p, const struct zone *zone, int64_t at_ms,
                    const struct usage_part *part)
{
    char key[CIVIL_DAY_SIZE];

    civil_format_day(zone_day_of(zone, at_ms), key);
    add_part(row(p, key), part);
}

/* Output of a session's model among main (or sub-agents') work in the window. */
static int64_t output_of(const struct plain *p, const struct plain_event *like, int64_t since_ms)
{
    int64_t output = 0;
    int i;

    for (i = 0; i < p->events_n; i++) {
        const struct plain_event *e = &p->events[i];

        if (e->session == like->session && e->subagent == like->subagent && e->at_ms >= since_ms &&
            strcmp(e->model, like->model) == 0)
            output += e->part.output;
    }
    return output;
}

/* Counts the session of event `k` once, when `k` is its first event in the window. */
static void count_session(struct plain *p, int k, int64_t since_ms, const struct zone *zone)
{
    static const struct usage_part one = { .tasks = 1 };
    const struct plain_event *first = &p->events[k], *best = NULL;
    int i;

    for (i = 0; i < p->events_n; i++) {
        const struct plain_event *e = &p->events[i];

        if (e->session != first->session || e->at_ms < since_ms)
            continue;
        if (e->at_ms < first->at_ms || (e->at_ms == first->at_ms && i < k))
            return;
        if (!best || e->subagent < best->subagent ||
            (e->subagent == best->subagent &&
             (output_of(p, e, since_ms) > output_of(p, best, since_ms) ||
              (output_of(p, e, since_ms) == output_of(p, best, since_ms) &&
               strcmp(e->model, best->model) < 0))))
            best = e;
    }
    add_row(p, best->agent, "main", best->model, &one);
    add_day(p, zone, first->at_ms, &one);
}

static void count_all(struct plain *p, int64_t since_ms, const struct zone *zone)
{
    int i;

    p->rows_n = 0;
    for (i = 0; i < p->events_n; i++) {
        struct plain_event *e = &p->events[i];
        struct plain_task *t = owner(p, e);

        if (t && !t->own) {
            struct usage_part part = e->part;

            part.turns = t->has_turns ? 0 : 1;
            add_part(&t->part, &part);
        }
        if (t || e->at_ms < since_ms)
            continue;
        add_row(p, e->agent, e->subagent ? "sub-agent" : "main", e->model, &e->part);
        add_day(p, zone, e->at_ms, &e->part);
        count_session(p, i, since_ms, zone);
    }
    for (i = 0; i < p->tasks_n; i++) {
        const struct plain_task *t = &p->tasks[i];

        if (t->started_ms < since_ms)
            continue;
        add_row(p, t->agent, "worker", t->model, &t->part);
        add_day(p, zone, t->started_ms, &t->part);
    }
}

static void compare(struct plain *p, const struct usage *u)
{
    char key[64];
    size_t i;
    int used = 0;

    check_sums(u);
    for (i = 0; i < u->agents_n; i++) {
        snprintf(key, sizeof(key), "%s %s %s", u->agents[i].name, u->agents[i].type,
                 u->agents[i].model ? u->agents[i].model : "-");
        assert_memory_equal(row(p, key), &u->agents[i].part, sizeof(struct usage_part));
        used++;
    }
    for (i = 0; i < u->days_n; i++) {
        static const struct usage_part none;

        civil_format_day(u->days[i].day, key);
        assert_memory_equal(row(p, key), &u->days[i].part, sizeof(struct usage_part));
        used += memcmp(&u->days[i].part, &none, sizeof(none)) != 0;
    }
    for (i = 0; (int)i < p->rows_n; i++) {
        static const struct usage_part none;

        used -= strchr(p->rows[i].key, ' ') || memcmp(&p->rows[i].part, &none, sizeof(none)) != 0;
    }
    assert_int_equal(used, 0);
}

static void check_window(struct store *store, const char *reset, enum usage_window window,
                         int64_t now_ms)
{
    struct plain *p = xcalloc(1, sizeof(*p));
    struct usage_reset r;
    struct usage usage;
    struct err err;

    clock_fix(now_ms);
    assert_int_equal(usage_reset_read(&r, reset, &err), 0);
    read_events(p, store);
    assert_int_equal(store_tasks_each(store, (struct timespan){ 0, INT64_MAX }, read_task, p, &err),
                     0);
    ask(store, reset, window, &usage);
    count_all(p, window == USAGE_ALL ? INT64_MIN : usage.since_ms, r.zone);
    compare(p, &usage);
    usage_fini(&usage);
    usage_reset_fini(&r);
    free(p);
}

static void any_window_says_what_a_plain_count_says(void **state)
{
    static const int64_t nights[] = { SUNDAY_NIGHT, AUTUMN_NIGHT };
    static const char *const resets[] = {
        "sunday 02:30 Europe/Berlin",
        "monday 00:00 UTC",
        "sunday 00:00 Europe/Berlin",
        "{\"at\":\"2026-03-29T03:07:11Z\",\"every_days\":3,\"timezone\":\"America/New_York\"}",
    };
    struct ledger_bench *b = *state;
    struct dice dice = { 23 };
    int night, round, i, k;

    for (night = 0; night < 2; night++) {
        int64_t low = nights[night] - 2 * MS_PER_DAY, high = nights[night] + 2 * MS_PER_DAY;

        ledger_fill(b->store, &dice, 120, low, high);
        for (round = 0; round < 4; round++) {
            ledger_begin(b->store);
            for (i = 0; i < 4; i++)
                task_roll(b->store, &dice, low, high);
            ledger_commit(b->store);
            for (k = 0; k < 4; k++) {
                int64_t now_ms = roll_between(&dice, low, high);

                check_window(b->store, resets[k], USAGE_WEEK, now_ms);
                check_window(b->store, resets[k], USAGE_DAY, now_ms);
                check_window(b->store, resets[k], USAGE_ALL, now_ms);
            }
        }
    }
    clock_fix(-1);
}

static void the_zone_that_days_are_kept_in_changes_nothing(void **state)
{
    struct ledger_bench *b = *state;
    struct zone *zone = NULL;
    struct dice dice = { 29 };
    struct err err;
    int i;

    assert_int_equal(zone_open(&zone, "Europe/Berlin", &err), 0);
    assert_int_equal(store_set_usage_zone(b->store, zone, &err), 0);
    zone_close(zone);
    ledger_fill(b->store, &dice, 150, SUNDAY_NIGHT - MS_PER_DAY, SUNDAY_NIGHT + MS_PER_DAY);
    ledger_begin(b->store);
    for (i = 0; i < 10; i++)
        task_roll(b->store, &dice, SUNDAY_NIGHT - MS_PER_DAY, SUNDAY_NIGHT + MS_PER_DAY);
    ledger_commit(b->store);
    for (i = 0; i < USAGE_WINDOWS; i++) {
        check_window(b->store, "sunday 00:00 Europe/Berlin", i, SUNDAY_NIGHT + MS_PER_HOUR);
        check_window(b->store, "sunday 00:00 UTC", i, SUNDAY_NIGHT + MS_PER_HOUR);
        check_window(b->store, "sunday 01:00 America/New_York", i, SUNDAY_NIGHT + MS_PER_HOUR);
    }
    clock_fix(-1);
}

/* ---- by hand ---- */

#define MONDAY INT64_C(1795392000000) /* 2026-11-23T00:00:00Z */

struct spent {
    const char *session, *model;
    int64_t at_ms;
    int64_t output; /* and 1 token of input, 2 read, 3 + 4 written */
    bool subagent;
};

static void spend(struct store *store, const struct spent *s)
{
    struct origin origin = { .agent = ledger_name(store, NAME_AGENT, "agent", 1),
                             .project = ledger_name(store, NAME_PROJECT, "project", 1),
                             .machine = ledger_name(store, NAME_MACHINE, "machine", 0),
                             .account = ledger_name(store, NAME_ACCOUNT, "account", 0),
                             .subagent = s->subagent };
    struct row row = { .at_ms = s->at_ms, .cost_nusd = COST_UNKNOWN };
    static uint64_t group;

    row.group = ++group;
    row.figures.logged_nusd = COST_UNTOLD;
    row.figures.tokens[TOKEN_INPUT] = 1;
    row.figures.tokens[TOKEN_OUTPUT] = s->output;
    row.figures.tokens[TOKEN_CACHE_READ] = 2;
    row.figures.tokens[TOKEN_CACHE_WRITE_5M] = 3;
    row.figures.tokens[TOKEN_CACHE_WRITE_1H] = 4;
    row.origin = store_origin(store, &origin, NULL);
    row.model = store_name(store, NAME_MODEL, span_of(s->model), NULL);
    row.session = store_session(store, origin.agent, span_of(s->session), SPAN_ABSENT, NULL);
    ledger_put_one(store, &row);
}

static void spend_all(struct store *store, const struct spent *all, size_t n)
{
    ledger_begin(store);
    while (n-- > 0)
        spend(store, all++);
    ledger_commit(store);
}
#define SPEND(store, ...)                                                                          \
    spend_all(store, (const struct spent[]){ __VA_ARGS__ },                                        \
              sizeof((const struct spent[]){ __VA_ARGS__ }) / sizeof(struct spent))

static void the_last_millisecond_before_a_reset_is_the_old_window(void **state)
{
    struct ledger_bench *b = *state;

    SPEND(b->store, { "s", "h-1", MONDAY - 1, 10 }, { "s", "h-2", MONDAY, 20 },
          { "s", "h-2", MONDAY + 1, 30 });
    clock_fix(MONDAY - 1);
    expect(b->store, NULL, USAGE_DAY,
           "agent-1 main h-2 1 2 2 50 4 14\nagent-1 main h-1 0 1 1 10 2 7\n"
           "2026-11-22 1 1 1 10 2 7\n2026-11-23 0 2 2 50 4 14\n");
    clock_fix(MONDAY);
    expect(b->store, NULL, USAGE_WEEK,
           "agent-1 main h-2 1 2 2 50 4 14\n2026-11-23 1 2 2 50 4 14\n");
    clock_fix(MONDAY + 5);
    expect(b->store, NULL, USAGE_DAY, "agent-1 main h-2 1 2 2 50 4 14\n2026-11-23 1 2 2 50 4 14\n");
    clock_fix(-1);
}

static void a_session_of_several_models_is_one_task_of_the_largest(void **state)
{
    struct ledger_bench *b = *state;

    clock_fix(MONDAY + MS_PER_HOUR);
    SPEND(b->store, { "s", "h-1", MONDAY + 1, 60 }, { "s", "h-2", MONDAY + 2, 50 },
          { "s", "h-2", MONDAY + 3, 50 }, { "s", "h-9", MONDAY + 4, 500, true });
    expect(b->store, NULL, USAGE_WEEK,
           "agent-1 sub-agent h-9 0 1 1 500 2 7\nagent-1 main h-2 1 2 2 100 4 14\n"
           "agent-1 main h-1 0 1 1 60 2 7\n2026-11-23 1 4 4 660 8 28\n");
    clock_fix(-1);
}

static void a_reported_task_with_tokens_hides_its_session(void **state)
{
    struct ledger_bench *b = *state;
    struct task task = task_plain("t", "writer", "s", MONDAY + 1);

    task.output = 7;
    clock_fix(MONDAY + MS_PER_HOUR);
    SPEND(b->store, { "s", "h-1", MONDAY + 2, 60 }, { "free", "h-1", MONDAY + 3, 5 });
    task_put_alone(b->store, &task);
    expect(b->store, NULL, USAGE_WEEK,
           "writer worker - 1 0 0 7 0 0\nagent-1 main h-1 1 1 1 5 2 7\n"
           "2026-11-23 2 1 1 12 2 7\n");
    clock_fix(-1);
}

static void a_reported_task_is_never_split_by_a_window(void **state)
{
    struct ledger_bench *b = *state;
    struct task task = task_plain("t", "writer", "s", MONDAY - 1);

    clock_fix(MONDAY + MS_PER_HOUR);
    SPEND(b->store, { "s", "h-1", MONDAY - 1, 10 }, { "s", "h-1", MONDAY + 2, 60 });
    task_put_alone(b->store, &task);
    expect(b->store, NULL, USAGE_WEEK, "");
    expect(b->store, NULL, USAGE_ALL, "writer worker - 1 2 2 70 4 14\n2026-11-22 1 2 2 70 4 14\n");
    task.started_ms = MONDAY;
    task_put_alone(b->store, &task);
    expect(b->store, NULL, USAGE_WEEK, "writer worker - 1 2 2 70 4 14\n2026-11-23 1 2 2 70 4 14\n");
    clock_fix(-1);
}

static void rows_without_token_columns_count_as_tasks_and_turns(void **state)
{
    struct ledger_bench *b = *state;
    struct task task = task_plain("t", "writer", NULL, MONDAY + 1);

    clock_fix(MONDAY + MS_PER_HOUR);
    task.turns = 9;
    task_put_alone(b->store, &task);
    expect(b->store, NULL, USAGE_WEEK, "writer worker - 1 9 0 0 0 0\n2026-11-23 1 9 0 0 0 0\n");
    clock_fix(-1);
}

static void agents_and_aliases_give_names_to_what_has_none(void **state)
{
    struct ledger_bench *b = *state;
    struct config config = { .config_path = (char *)(uintptr_t) "config.json",
                             .project_names = (char *)(uintptr_t) "{\"project-1\":\"shop\"}" };
    struct task task = task_plain("t", "writer", NULL, MONDAY + 1);
    struct usage_settings *settings = NULL;
    struct usage usage;
    struct err err = { 0 };
    char *text;

    config.agents_config = path_join(b->top, "agents.json");
    assert_int_equal(path_write(config.agents_config,
                                SPAN_LIT("{\"agents\":[{\"name\":\"writer\",\"type\":\"cook\","
                                         "\"model\":\"h-7\"}],\"usage_threshold_tokens\":100,"
                                         "\"other\":[1]}"),
                                0600, &err),
                     0);
    clock_fix(MONDAY + MS_PER_HOUR);
    task.type = SPAN_LIT("");
    task_put_alone(b->store, &task);
    SPEND(b->store, { "s", "h-1", MONDAY + 2, 60 });
    if (usage_settings_new(&settings, &config, &err) < 0 ||
        usage_build(b->store, settings, USAGE_WEEK, &usage, &err) < 0)
        fail_msg("%s", err.text);
    text = as_text(&usage);
    assert_string_equal(text, "shop main h-1 1 1 1 60 2 7\nwriter cook h-7 1 0 0 0 0 0\n"
                              "2026-11-23 2 1 1 60 2 7\n");
    assert_int_equal(usage.threshold, 100);
    free(text);
    usage_fini(&usage);
    usage_settings_free(settings);
    free(config.agents_config);
    clock_fix(-1);
}

static void days_without_use_have_their_row(void **state)
{
    struct ledger_bench *b = *state;
    struct usage usage;

    clock_fix(MONDAY + 3 * MS_PER_DAY);
    ask(b->store, NULL, USAGE_ALL, &usage);
    assert_int_equal(usage.days_n, 0);
    assert_int_equal(usage.since_ms, USAGE_NONE);
    usage_fini(&usage);
    SPEND(b->store, { "s", "h-1", MONDAY + MS_PER_DAY, 60 });
    ask(b->store, NULL, USAGE_WEEK, &usage);
    assert_int_equal(usage.days_n, 4);
    assert_int_equal(usage.good_until_ms, MONDAY + 4 * MS_PER_DAY);
    usage_fini(&usage);
    ask(b->store, NULL, USAGE_ALL, &usage);
    assert_int_equal(usage.days_n, 3);
    assert_int_equal(usage.since_ms, MONDAY + MS_PER_DAY);
    assert_int_equal(usage.reset_ms, USAGE_NONE);
    usage_fini(&usage);
    clock_fix(-1);
}

int main(void)
{
#define WITH_LEDGER(test) cmocka_unit_test_setup_teardown(test, ledger_set_up, ledger_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_LEDGER(any_window_says_what_a_plain_count_says),
        WITH_LEDGER(the_zone_that_days_are_kept_in_changes_nothing),
        WITH_LEDGER(the_last_millisecond_before_a_reset_is_the_old_window),
        WITH_LEDGER(a_session_of_several_models_is_one_task_of_the_largest),
        WITH_LEDGER(a_reported_task_with_tokens_hides_its_session),
        WITH_LEDGER(a_reported_task_is_never_split_by_a_window),
        WITH_LEDGER(rows_without_token_columns_count_as_tasks_and_turns),
        WITH_LEDGER(agents_and_aliases_give_names_to_what_has_none),
        WITH_LEDGER(days_without_use_have_their_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
