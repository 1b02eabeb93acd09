/* tests/unit/test_report_report.c — what a report says against a plain sum over the events.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "base/civil.h"
#include "report/report.h"

#define EVENTS 250

/* An event as the reference sees it: texts and numbers, no ids. */
struct seen {
    int64_t at_ms;
    char agent[16], model[16], project[16], machine[16], session[16];
    struct sums sums;
};

struct bench {
    struct store *store;
    struct seen events[EVENTS];
    int n;
};

/* ---- a ledger ---- */

/* Around the nights when clocks are changed, a day is left out, and an ordinary one. */
static const int64_t nights_ms[] = {
    INT64_C(1774746000000), /* Berlin, 2026-03-29 */
    INT64_C(1792890000000), /* Berlin, 2026-10-25 */
    INT64_C(1772953200000), /* New York, 2026-03-08 */
    INT64_C(1793512800000), /* New York, 2026-11-01 */
    INT64_C(1325239200000), /* Apia leaves 2011-12-30 out */
    INT64_C(1788264000000), /* 2026-09-01 */
};

static void copy_text(char out[16], const struct name *name)
{
    span_copy(name->text, out, 16);
}

static void add_event(struct bench *b, struct dice *dice, int64_t at_ms)
{
    struct row row = ledger_roll_row(b->store, dice, at_ms, at_ms);
    struct origin origin = *row.origin;
    struct seen *e = &b->events[b->n++];

    origin.machine = ledger_name(b->store, NAME_MACHINE, "machine", roll_below(dice, 2));
    row.origin = store_origin(b->store, &origin, NULL);
    row.group = roll(dice);
    ledger_put_one(b->store, &row);
    e->at_ms = at_ms;
    copy_text(e->agent, origin.agent);
    copy_text(e->model, row.model);
    copy_text(e->project, origin.project);
    copy_text(e->machine, origin.machine);
    copy_text(e->session, row.session);
    row_sums(&row, &e->sums);
}

static int by_time(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;

    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static int set_up(void **state)
{
    struct bench *b = xcalloc(1, sizeof(*b));
    struct dice dice = { 31 };
    int i;

    b->store = ledger_open(":memory:", STORE_WRITE);
    ledger_set_home(b->store, "UTC");
    ledger_begin(b->store);
    for (i = 0; i < EVENTS; i++) {
        int64_t night = nights_ms[roll_below(&dice, sizeof(nights_ms) / sizeof(nights_ms[0]))];

        add_event(b, &dice, night + roll_between(&dice, -2 * MS_PER_DAY, 2 * MS_PER_DAY));
    }
    ledger_commit(b->store);
    qsort(b->events, EVENTS, sizeof(b->events[0]), by_time);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    store_close(b->store);
    free(b);
    return 0;
}

/* ---- the reference ---- */

struct plain_row {
    char key[48];
    struct sums sums;
};

struct plain {
    struct plain_row rows[2 * EVENTS], parts[2 * EVENTS]; /* a part's key: "row|agent|model" */
    int rows_n, parts_n;
    struct sums totals;
    int64_t first_day, last_day;
};

static struct sums *plain_find(struct plain_row *rows, int *n, const char *key)
{
    int i;

    for (i = 0; i < *n; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i].sums;
    }
    rows[*n] = (struct plain_row){ 0 };
    span_copy(span_of(key), rows[*n].key, sizeof(rows[*n].key));
    return &rows[(*n)++].sums;
}

/* The calendar's word for it, by counting days one by one. */
static void plain_key(const struct report_query *q, const struct seen *e, int64_t day, char key[48])
{
    const char *names[] = { [REPORT_MODEL] = e->model,
                            [REPORT_AGENT] = e->agent,
                            [REPORT_PROJECT] = e->project,
                            [REPORT_MACHINE] = e->machine };

    if (q->by == REPORT_WEEK) {
        while (civil_weekday(day) != q->week_start)
            day--;
    }
    if (q->by == REPORT_SESSION) {
        snprintf(key, 48, "%s of %s", e->session, e->agent);
        return;
    }
    if (q->by > REPORT_MONTH) {
        snprintf(key, 48, "%s", names[q->by]);
        return;
    }
    civil_format_day(day, key);
    if (q->by == REPORT_MONTH)
        key[7] = '\0';
}

/* The lists that filters are rolled from, and what they mean. */
static const char *const agent_globs[] = { "agent-0", NULL };
static const char *const model_globs[] = { "model-[12]", NULL };
static const char *const project_globs[] = { "PROJECT-3", "*-1", NULL };
static const char *const machine_globs[] = { "machine-?", NULL };

static bool is_wanted(const struct report_filter *f, const struct seen *e)
{
    if (f->agents && strcmp(e->agent, "agent-0") != 0)
        return false;
    if (f->models && strcmp(e->model, "model-0") == 0)
        return false;
    return !f->projects || strcmp(e->project, "project-3") == 0 ||
           strcmp(e->project, "project-1") == 0;
}

static bool is_day_wanted(const struct report_query *q, int64_t day)
{
    return (q->since_day == REPORT_OPEN || day >= q->since_day) &&
           (q->until_day == REPORT_OPEN || day <= q->until_day);
}

/* The block that the last event was in, event by event. */
struct plain_block {
    bool any;
    int64_t start_ms, last_ms;
};

static void plain_block(const struct report_query *q, const struct seen *e, struct plain_block *b,
                        struct plain *p)
{
    char key[48] = "gap-";
    int64_t gap_ms = b->last_ms + 5 * MS_PER_HOUR;

    if (b->any && e->at_ms > gap_ms && is_day_wanted(q, zone_day_of(q->zone, gap_ms))) {
        civil_format_iso(gap_ms, key + 4);
        plain_find(p->rows, &p->rows_n, key);
    }
    if (!b->any || e->at_ms >= b->start_ms + 5 * MS_PER_HOUR)
        b->start_ms = floor_div(e->at_ms, MS_PER_HOUR) * MS_PER_HOUR;
    b->any = true;
    b->last_ms = e->at_ms;
}

static void add_up(const struct bench *b, const struct report_query *q, struct plain *p)
{
    struct plain_block block = { 0 };
    int i;

    *p = (struct plain){ .first_day = INT64_MAX, .last_day = INT64_MIN };
    for (i = 0; i < b->n; i++) {
        const struct seen *e = &b->events[i];
        int64_t day = zone_day_of(q->zone, e->at_ms);
        char key[48], part[96];

        if (!is_wanted(&q->filter, e))
            continue;
        if (q->by == REPORT_BLOCK)
            plain_block(q, e, &block, p);
        if (!is_day_wanted(q, q->by == REPORT_BLOCK ? zone_day_of(q->zone, block.start_ms) : day))
            continue;
        if (q->by == REPORT_BLOCK)
            civil_format_iso(block.start_ms, key);
        else
            plain_key(q, e, day, key);
        snprintf(part, sizeof(part), "%s|%s|%s", key, e->agent, e->model);
        sums_add(plain_find(p->rows, &p->rows_n, key), &e->sums, 1);
        sums_add(plain_find(p->parts, &p->parts_n, part), &e->sums, 1);
        sums_add(&p->totals, &e->sums, 1);
        p->first_day = day < p->first_day ? day : p->first_day;
        p->last_day = day > p->last_day ? day : p->last_day;
    }
}

/* What the reference calls a row: sessions of two agents may share a name. */
static void name_row(const struct report_query *q, const struct report_row *row, char name[48])
{
    if (q->by == REPORT_SESSION)
        snprintf(name, 48, "%s of %s", row->key, row->agent);
    else
        snprintf(name, 48, "%s", row->key);
}

/* ---- one against the other ---- */

static void assert_same(const struct sums *got, const struct sums *want, const char *what)
{
    if (memcmp(got, want, sizeof(*got)) != 0)
        fail_msg("%s: %lld events and %lld tokens, not %lld and %lld", what, (long long)got->events,
                 (long long)sums_total(got), (long long)want->events, (long long)sums_total(want));
}

static void check_parts(const struct report_row *row, const char *name, struct plain *p)
{
    struct sums all = { 0 };
    size_t i;

    for (i = 0; i < row->parts_n; i++) {
        const struct report_part *part = &row->parts[i];
        char key[96];
        int before = p->parts_n;

        snprintf(key, sizeof(key), "%s|%s|%s", name, part->agent, part->model);
        assert_same(&part->sums, plain_find(p->parts, &p->parts_n, key), key);
        assert_int_equal(p->parts_n, before); /* it was known */
        sums_add(&all, &part->sums, 1);
        if (i > 0) {
            int64_t above = sums_total(&part[-1].sums), own = sums_total(&part->sums);
            int order = strcmp(part[-1].model, part->model);

            assert_true(above > own || (above == own && order <= 0));
        }
    }
    assert_same(&all, &row->sums, row->key);
}

static void check_order(const struct report_query *q, const struct report *r)
{
    size_t i;

    for (i = 1; i < r->rows_n; i++) {
        const struct report_row *a = &r->rows[i - 1], *b = &r->rows[i];

        if (q->by == REPORT_BLOCK)
            continue;
        if (q->by <= REPORT_MONTH)
            assert_true(q->order == REPORT_DESCENDING ? a->day > b->day : a->day < b->day);
        else if (q->order == REPORT_ASCENDING)
            assert_true(sums_total(&a->sums) <= sums_total(&b->sums));
        else
            assert_true(sums_total(&a->sums) >= sums_total(&b->sums));
    }
}

static void check_report(const struct bench *b, const struct report_query *q)
{
    struct plain *p = xmalloc(sizeof(*p));
    struct report r;
    struct err err = { 0 };
    size_t i;

    add_up(b, q, p);
    if (report_build(b->store, q, &r, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(r.by, q->by);
    assert_string_equal(r.zone_name, zone_name(q->zone));
    assert_int_equal(r.rows_total, p->rows_n);
    assert_int_equal(r.rows_n, p->rows_n);
    assert_same(&r.totals, &p->totals, "totals");
    if (p->rows_n > 0 && q->by != REPORT_SESSION) { /* a session's days are told as a whole */
        assert_int_equal(r.since_day, q->since_day == REPORT_OPEN ? p->first_day : q->since_day);
        assert_int_equal(r.until_day, q->until_day == REPORT_OPEN ? p->last_day : q->until_day);
    }
    for (i = 0; i < r.rows_n; i++) {
        char name[48];

        name_row(q, &r.rows[i], name);
        assert_same(&r.rows[i].sums, plain_find(p->rows, &p->rows_n, name), name);
        check_parts(&r.rows[i], name, p);
    }
    assert_int_equal(r.rows_n, p->rows_n); /* every key was known */
    check_order(q, &r);
    report_fini(&r);
    free(p);
}

static const char *const zones[] = {
    "UTC",          "Europe/Berlin",      "America/New_York", "Asia/Kathmandu",
    "Pacific/Apia", "Australia/Lord_Howe"
};
#define ZONES (sizeof(zones) / sizeof(zones[0]))

static struct report_query roll_query(struct dice *dice, const struct zone *zone)
{
    int64_t night = nights_ms[roll_below(dice, sizeof(nights_ms) / sizeof(nights_ms[0]))];
    int64_t day = zone_day_of(zone, night);
    struct report_query q = {
        .by = (enum report_by)roll_below(dice, REPORT_BYS),
        .zone = zone,
        .since_day = roll_once_in(dice, 2) ? REPORT_OPEN : day + roll_between(dice, -3, 3),
        .until_day = roll_once_in(dice, 2) ? REPORT_OPEN : day + roll_between(dice, -3, 3),
        .order = roll_once_in(dice, 2) ? REPORT_ASCENDING : REPORT_DESCENDING,
        .week_start = (int)roll_below(dice, 7),
        .filter = { .agents = roll_once_in(dice, 4) ? agent_globs : NULL,
                    .models = roll_once_in(dice, 4) ? model_globs : NULL,
                    .projects = roll_once_in(dice, 4) ? project_globs : NULL,
                    .machines = roll_once_in(dice, 4) ? machine_globs : NULL },
    };

    return q;
}

static void any_report_in_any_zone_is_the_sum_of_its_events(void **state)
{
    struct bench *b = *state;
    struct dice dice = { 32 };
    size_t home, i;
    int k;

    for (home = 0; home < ZONES; home++) {
        ledger_set_home(b->store, zones[home]);
        for (i = 0; i < ZONES; i++) {
            struct zone *zone = NULL;

            assert_int_equal(zone_open(&zone, zones[i], NULL), 0);
            for (k = 0; k < 40; k++) {
                struct report_query q = roll_query(&dice, zone);

                check_report(b, &q);
            }
            zone_close(zone);
        }
    }
}

static void any_span_to_the_millisecond_is_the_sum_of_its_events(void **state)
{
    struct bench *b = *state;
    struct dice dice = { 33 };
    int i, k;

    for (i = 0; i < 4000; i++) {
        static const int64_t widths[] = { 0, 1, 1000, MS_PER_QUARTER, MS_PER_DAY, 30 * MS_PER_DAY };
        int64_t since = b->events[roll_below(&dice, b->n)].at_ms + roll_between(&dice, -2, 2);
        struct timespan span = { since, since + widths[roll_below(&dice, 6)] };
        struct sums got, want = { 0 };

        if (roll_once_in(&dice, 4)) /* bounds on whole quarters */
            span.since_ms = floor_div(span.since_ms, MS_PER_QUARTER) * MS_PER_QUARTER;
        if (roll_once_in(&dice, 4))
            span.until_ms = floor_div(span.until_ms, MS_PER_QUARTER) * MS_PER_QUARTER;
        if (roll_once_in(&dice, 4)) /* up to just behind an event */
            span.until_ms = b->events[roll_below(&dice, b->n)].at_ms + roll_between(&dice, 0, 1);
        for (k = 0; k < b->n; k++) {
            if (b->events[k].at_ms >= span.since_ms && b->events[k].at_ms < span.until_ms)
                sums_add(&want, &b->events[k].sums, 1);
        }
        assert_int_equal(report_span(b->store, span, &got, NULL), 0);
        assert_same(&got, &want, "span");
    }
}

static void all_time_is_a_span_too(void **state)
{
    struct bench *b = *state;
    struct sums got, want = { 0 };
    int k;

    for (k = 0; k < b->n; k++)
        sums_add(&want, &b->events[k].sums, 1);
    assert_int_equal(report_span(b->store, (struct timespan){ INT64_MIN, INT64_MAX }, &got, NULL),
                     0);
    assert_same(&got, &want, "all time");
    assert_int_equal(report_span(b->store, (struct timespan){ INT64_MAX, INT64_MIN }, &got, NULL),
                     0);
    assert_int_equal(got.events, 0);
}

/* ---- limit and offset ---- */

static void limit_and_offset_cut_rows_and_no_totals(void **state)
{
    static const int64_t numbers[] = { 0, 1, 2, 5, 1000 };
    struct bench *b = *state;
    struct zone *zone = NULL;
    struct report whole;
    size_t i, k, n;
    int order;

    assert_int_equal(zone_open(&zone, "UTC", NULL), 0);
    for (order = REPORT_ASCENDING; order <= REPORT_DESCENDING; order++) {
        struct report_query q = { .by = REPORT_DAY,
                                  .zone = zone,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN,
                                  .order = (enum report_order)order };

        assert_int_equal(report_build(b->store, &q, &whole, NULL), 0);
        for (i = 0; i < 5; i++) {
            for (k = 0; k < 5; k++) {
                struct report r;
                int64_t left = (int64_t)whole.rows_n - numbers[k];

                q.limit = numbers[i];
                q.offset = numbers[k];
                assert_int_equal(report_build(b->store, &q, &r, NULL), 0);
                left = left < 0 ? 0 : left;
                assert_int_equal(r.rows_n, q.limit > 0 && q.limit < left ? q.limit : left);
                assert_int_equal(r.rows_total, whole.rows_n);
                assert_same(&r.totals, &whole.totals, "totals");
                for (n = 0; n < r.rows_n; n++)
                    assert_string_equal(r.rows[n].key, whole.rows[(int64_t)n + q.offset].key);
                report_fini(&r);
            }
        }
        report_fini(&whole);
    }
    zone_close(zone);
}

/* ---- single answers ---- */

static void an_empty_ledger_makes_an_empty_report(void **state)
{
    struct store *store = ledger_open(":memory:", STORE_WRITE);
    struct zone *zone = NULL;
    int by;

    (void)state;
    assert_int_equal(zone_open(&zone, "Europe/Berlin", NULL), 0);
    for (by = 0; by < REPORT_BYS; by++) {
        struct report_query q = {
            .by = (enum report_by)by, .zone = zone, .since_day = REPORT_OPEN, .until_day = 20000
        };
        struct report r;

        assert_int_equal(report_build(store, &q, &r, NULL), 0);
        assert_int_equal(r.rows_n, 0);
        assert_int_equal(r.rows_total, 0);
        assert_int_equal(r.totals.events, 0);
        assert_int_equal(r.since_day, REPORT_OPEN);
        assert_int_equal(r.until_day, 20000);
        assert_false(r.complete);
        report_fini(&r);
    }
    zone_close(zone);
    store_close(store);
}

static void a_report_tells_how_far_the_first_read_is(void **state)
{
    struct bench *b = *state;
    struct zone *zone = NULL;
    struct report_query q = { .since_day = REPORT_OPEN, .until_day = REPORT_OPEN };
    struct report r;

    assert_int_equal(zone_open(&zone, "UTC", NULL), 0);
    q.zone = zone;
    ledger_begin(b->store);
    assert_int_equal(store_set_progress(b->store, 421, false, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(report_build(b->store, &q, &r, NULL), 0);
    assert_false(r.complete);
    assert_int_equal(r.read_permille, 421);
    report_fini(&r);
    ledger_begin(b->store);
    assert_int_equal(store_set_progress(b->store, 1000, true, NULL), 0);
    ledger_commit(b->store);
    assert_int_equal(report_build(b->store, &q, &r, NULL), 0);
    assert_true(r.complete);
    report_fini(&r);
    zone_close(zone);
}

/* A reader that has the ledger open sees what the writer has added since. */
static void a_report_follows_the_writer(void **state)
{
    struct ledger_bench *ledger;
    struct zone *zone = NULL;
    struct report_query q = { .by = REPORT_MODEL,
                              .since_day = REPORT_OPEN,
                              .until_day = REPORT_OPEN };
    struct dice dice = { 35 };
    struct store *reader;
    struct report r;
    int i;

    (void)state;
    ledger_set_up((void **)&ledger);
    assert_int_equal(zone_open(&zone, "Asia/Kathmandu", NULL), 0);
    q.zone = zone;
    reader = ledger_open(ledger->path, STORE_READ);
    for (i = 1; i <= 5; i++) {
        ledger_fill(ledger->store, &dice, 10, nights_ms[0], nights_ms[1]);
        if (i == 3)
            ledger_set_home(ledger->store, "Asia/Kathmandu");
        assert_int_equal(report_build(reader, &q, &r, NULL), 0);
        assert_int_equal(r.totals.events, i * 10);
        report_fini(&r);
    }
    store_close(reader);
    zone_close(zone);
    ledger_tear_down((void **)&ledger);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_report_in_any_zone_is_the_sum_of_its_events),
        TEST(any_span_to_the_millisecond_is_the_sum_of_its_events),
        TEST(all_time_is_a_span_too),
        TEST(limit_and_offset_cut_rows_and_no_totals),
        cmocka_unit_test(an_empty_ledger_makes_an_empty_report),
        TEST(a_report_tells_how_far_the_first_read_is),
        cmocka_unit_test(a_report_follows_the_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
