/* tests/unit/test_golden.c — every case of tests/golden, delivered in every way a log can arrive.
 *
 * A case is a small home folder `in/` and what must come out of it, `want.txt`. Each is read whole,
 * line by line, twice, with its files in every order (up to four of them; more: reversed), and cut
 * at every byte (the part before the cut first). One ledger in memory serves all: a delivery is one
 * transaction that is rolled back after it was compared. `test_golden AGENT [CASE]` runs less.
 * SPDX-License-Identifier: MIT
 */
#include "golden_log.h"

#include <dirent.h>
#include <inttypes.h>

/* ---- what came out, as want.txt says it ---- */

static void add_word(struct buf *out, const char *key, struct span text)
{
    size_t i;

    buf_printf(out, " %s=", key);
    for (i = 0; i < text.len; i++) {
        if (text.p[i] == ' ')
            buf_add_text(out, "\\s");
        else if (text.p[i] == '\\')
            buf_add_text(out, "\\\\");
        else
            buf_add_char(out, text.p[i]);
    }
}

static void add_figures(struct buf *out, const int64_t *t, int64_t searches)
{
    buf_printf(out,
               " input=%" PRId64 " output=%" PRId64 " cache_read=%" PRId64
               " cache_write_5m=%" PRId64 " cache_write_1h=%" PRId64 " reasoning=%" PRId64
               " web_searches=%" PRId64,
               t[TOKEN_INPUT], t[TOKEN_OUTPUT], t[TOKEN_CACHE_READ], t[TOKEN_CACHE_WRITE_5M],
               t[TOKEN_CACHE_WRITE_1H], t[TOKEN_REASONING], searches);
}

static const struct {
    uint32_t flag;
    const char *word;
} flag_words[] = {
    { EVENT_FAST, "fast" },
    { EVENT_GEO_US, "us" },
    { EVENT_TIER_BATCH, "batch" },
    { EVENT_TIER_FLEX, "flex" },
    { EVENT_TIER_PRIORITY, "priority" },
    { EVENT_ESTIMATED, "estimated" },
};

enum compare { ALL = 0, NO_OWNER = 1, NO_PROBLEMS = 2, WITH_COST = 4 };

static void add_event(struct buf *out, const struct row *row, int how)
{
    char stamp[CIVIL_TIME_SIZE];
    const char *lead = " flags=";
    size_t i;

    civil_format_iso(row->at_ms, stamp);
    buf_printf(out, "event %s", stamp);
    add_word(out, "model", row->model->text);
    if (!(how & NO_OWNER)) {
        add_word(out, "session", row->session->text);
        add_word(out, "project", row->origin->project->text);
        buf_add_text(out, row->origin->subagent ? " sub" : " main");
    }
    add_figures(out, row->figures.tokens, row->figures.web_searches);
    if ((how & WITH_COST) && row->figures.logged_nusd != COST_UNTOLD)
        buf_printf(out, " logged_nusd=%" PRId64, row->figures.logged_nusd);
    for (i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]); i++) {
        if (row->flags & flag_words[i].flag) {
            buf_printf(out, "%s%s", lead, flag_words[i].word);
            lead = ",";
        }
    }
    buf_add_char(out, '\n');
}

static int by_want_order(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int models = span_cmp(x->model->text, y->model->text);

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    if (models != 0)
        return models;
    if (x->figures.tokens[TOKEN_OUTPUT] != y->figures.tokens[TOKEN_OUTPUT])
        return x->figures.tokens[TOKEN_OUTPUT] < y->figures.tokens[TOKEN_OUTPUT] ? -1 : 1;
    if (x->figures.tokens[TOKEN_INPUT] != y->figures.tokens[TOKEN_INPUT])
        return x->figures.tokens[TOKEN_INPUT] < y->figures.tokens[TOKEN_INPUT] ? -1 : 1;
    return span_cmp(x->session->text, y->session->text);
}

static void read_rows(struct bench *b, struct rows *rows)
{
    sqlite3_stmt *statement = store_sql(b->store, SQL_SUM_EVENTS, NULL);

    assert_non_null(statement);
    sqlite3_bind_int64(statement, 1, INT64_MIN);
    sqlite3_bind_int64(statement, 2, INT64_MAX);
    while (store_step(b->store, statement, NULL) == 1)
        assert_int_equal(event_read(b->store, statement, rows_add(rows), NULL), 0);
    if (rows->n > 1)
        qsort(rows->at, rows->n, sizeof(rows->at[0]), by_want_order);
}

/* The roll-ups must say what the events say. */
static void check_rollups(struct bench *b, const struct sums *wanted)
{
    static const char *const tables[] = { "rollup", "rollup_day", "rollup_session" };
    size_t i;

    assert_int_equal(rollup_flush(b->store, NULL), 0);
    for (i = 0; i < 3; i++) {
        char *sql = xasprintf("SELECT ifnull(sum(events), 0), ifnull(sum(output), 0),"
                              " ifnull(sum(cost_nusd), 0), count(*) FILTER (WHERE events = 0)"
                              " FROM %s",
                              tables[i]);
        sqlite3_stmt *statement = NULL;

        assert_int_equal(sqlite3_prepare_v2(b->store->db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int64(statement, 0), wanted->events);
        assert_int_equal(sqlite3_column_int64(statement, 1), wanted->tokens[TOKEN_OUTPUT]);
        assert_int_equal(sqlite3_column_int64(statement, 2), wanted->cost_nusd);
        assert_int_equal(sqlite3_column_int64(statement, 3), 0);
        sqlite3_finalize(statement);
        free(sql);
    }
}

static void dump(struct bench *b, int how, struct buf *out)
{
    struct rows rows = { 0 };
    struct sums sums = { 0 };
    bool begun = false;
    size_t i;
    int kind;

    read_rows(b, &rows);
    for (i = 0; i < rows.n; i++) {
        struct sums one;

        row_sums(&rows.at[i], &one);
        sums_add(&sums, &one, 1);
    }
    check_rollups(b, &sums);
    buf_printf(out, "sums events=%" PRId64, sums.events);
    add_figures(out, sums.tokens, sums.web_searches);
    buf_add_char(out, '\n');
    for (kind = 1; kind < PROBLEM_KINDS && !(how & NO_PROBLEMS); kind++) {
        if (b->problems[kind] > 0) {
            buf_printf(out, "%s %s=%" PRId64, begun ? "" : "problems", problem_names[kind],
                       b->problems[kind]);
            begun = true;
        }
    }
    if (begun)
        buf_add_char(out, '\n');
    if (b->signals > 0 && !(how & NO_PROBLEMS))
        buf_printf(out, "signals %" PRId64 "\n", b->signals);
    for (i = 0; i < rows.n; i++)
        add_event(out, &rows.at[i], how);
    rows_fini(&rows);
}

/* want.txt without its remarks, and without what this comparison leaves out. */
static void reduce_want(struct span want, int how, struct buf *out)
{
    struct span line, word;

    while (span_split(&want, '\n', &line)) {
        const char *blank = "";

        if (line.len == 0 || line.p[0] == '#' ||
            ((how & NO_PROBLEMS) &&
             (span_starts(line, "problems") || span_starts(line, "signals"))))
            continue;
        while (span_split(&line, ' ', &word)) {
            if ((how & NO_OWNER) &&
                (span_starts(word, "session=") || span_starts(word, "project=") ||
                 span_is(word, "main") || span_is(word, "sub")))
                continue;
            buf_add_text(out, blank);
            buf_add_span(out, word);
            blank = " ";
        }
        buf_add_char(out, '\n');
    }
}

static void compare(struct bench *b, const struct golden *g, int how, const char *delivery)
{
    struct buf want = { 0 }, got = { 0 };

    /* What the agent says it cost is compared where a case is about it. */
    if (span_has(buf_span(&g->want), " logged_nusd="))
        how |= WITH_COST;
    reduce_want(buf_span(&g->want), how, &want);
    dump(b, how, &got);
    if (!span_eq(buf_span(&want), buf_span(&got)))
        fail_msg("%s, %s:\n--- wanted\n%s--- got\n%s", g->folder, delivery, want.p, got.p);
    buf_fini(&want);
    buf_fini(&got);
    store_rollback(b->store);
}

/* ---- the ways to deliver ---- */

static void in_one_go(struct bench *b, struct golden *g)
{
    size_t i;

    begin(b, g);
    for (i = 0; i < g->n; i++)
        log_deliver_whole(b, &g->logs[i]);
    compare(b, g, ALL, "in one go");
}

static void line_by_line(struct bench *b, struct golden *g)
{
    size_t i, k;

    begin(b, g);
    for (i = 0; i < g->n; i++) {
        struct log *log = &g->logs[i];

        for (k = 0; k < log->bytes.len; k++) {
            if (log_may_end(log, k + 1))
                log_deliver(b, log, k + 1, false);
        }
        log_deliver_whole(b, log);
    }
    compare(b, g, ALL, "line by line");
}

static void twice(struct bench *b, struct golden *g)
{
    size_t i;
    int round;

    begin(b, g);
    for (round = 0; round < 2; round++) {
        for (i = 0; i < g->n; i++) {
            log_rewind(&g->logs[i]);
            log_deliver_whole(b, &g->logs[i]);
        }
    }
    compare(b, g, NO_PROBLEMS, "twice");
}

/* Delivers in the order that `number` stands for among all permutations. */
static void permuted(struct bench *b, struct golden *g, size_t number)
{
    char *delivery = xasprintf("files in order %zu", number);
    size_t left[FILES_MAX], i, n;

    for (i = 0; i < g->n; i++)
        left[i] = i;
    begin(b, g);
    for (n = g->n; n > 0; n--) {
        size_t at = number % n;

        number /= n;
        log_deliver_whole(b, &g->logs[left[at]]);
        memmove(&left[at], &left[at + 1], (n - at - 1) * sizeof(left[0]));
    }
    compare(b, g, NO_OWNER, delivery);
    free(delivery);
}

static void in_every_order(struct bench *b, struct golden *g)
{
    static const size_t orders[] = { 1, 1, 2, 6, 24 };
    size_t i;

    for (i = 0; g->n <= 4 && i < orders[g->n]; i++)
        permuted(b, g, i);
    if (g->n <= 4)
        return;
    begin(b, g);
    for (i = g->n; i-- > 0;)
        log_deliver_whole(b, &g->logs[i]);
    compare(b, g, NO_OWNER, "last file first");
}

/* Of a line that is torn nothing is delivered: all cuts in it are the one before it. */
static bool waits_with_its_line(const struct log *log, size_t cut)
{
    return log->format->framing == FRAMING_LINES && cut > 0 && log->bytes.p[cut - 1] != '\n';
}

static void cut_everywhere(struct bench *b, struct golden *g)
{
    size_t i, k, cut;

    for (i = 0; i < g->n; i++) {
        for (cut = 0; cut < g->logs[i].bytes.len; cut++) {
            char *delivery;

            /* A line that lacks only its newline counts; any other part of a line has to wait. */
            bool lacks_newline = memchr("\r\n", g->logs[i].bytes.p[cut], 2) != NULL;

            if (!log_may_be_cut(&g->logs[i], cut) ||
                (!lacks_newline && waits_with_its_line(&g->logs[i], cut)))
                continue;
            delivery = xasprintf("%s cut at byte %zu", g->logs[i].below, cut);
            begin(b, g);
            for (k = 0; k < g->n; k++) {
                if (k == i)
                    log_deliver(b, &g->logs[k], cut, lacks_newline);
                log_deliver_whole(b, &g->logs[k]);
            }
            compare(b, g, NO_PROBLEMS, delivery);
            free(delivery);
        }
    }
}

static struct {
    const char *agent, *name; /* of what alone is to run; NULL: all */
} only;

static bool is_chosen(const char *wanted, const char *name)
{
    return name[0] != '.' && (!wanted || strcmp(wanted, name) == 0);
}

static void run_all(void (*deliver)(struct bench *b, struct golden *g))
{
    const struct source *const *s;
    struct bench b = { 0 };
    int cases = 0;

    assert_int_equal(store_open(&b.store, ":memory:", STORE_WRITE, NULL), 0);
    assert_int_equal(price_open(&b.prices, NULL), 0);
    b.pending = pending_new();
    b.threads = threads_new();
    for (s = sources; *s; s++) {
        char *folder = path_join(TESTS_DIR "/golden", (*s)->name);
        struct dirent **names = NULL;
        int n = is_chosen(only.agent, (*s)->name) ? scandir(folder, &names, NULL, alphasort) : 0;
        int i;

        for (i = 0; i < n; i++) {
            char *path = path_join(folder, names[i]->d_name);
            struct golden g;

            if (is_chosen(only.name, names[i]->d_name)) {
                golden_read(&g, path, *s);
                deliver(&b, &g);
                golden_fini(&g);
                cases++;
            }
            free(path);
            free(names[i]);
        }
        free(names);
        free(folder);
    }
    assert_true(cases > 0);
    pending_free(b.pending);
    threads_free(b.threads);
    price_close(b.prices);
    store_close(b.store);
}

#define DELIVERY(test, deliver)                                                                    \
    static void test(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        run_all(deliver);                                                                          \
    }

DELIVERY(every_case_counts_right_in_one_go, in_one_go)
DELIVERY(every_case_counts_right_line_by_line, line_by_line)
DELIVERY(every_case_counts_right_when_read_twice, twice)
DELIVERY(every_case_counts_right_with_its_files_in_every_order, in_every_order)
DELIVERY(every_case_counts_right_cut_at_every_byte, cut_everywhere)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_counts_right_in_one_go),
        cmocka_unit_test(every_case_counts_right_line_by_line),
        cmocka_unit_test(every_case_counts_right_when_read_twice),
        cmocka_unit_test(every_case_counts_right_with_its_files_in_every_order),
        cmocka_unit_test(every_case_counts_right_cut_at_every_byte),
    };

    only.agent = argc > 1 ? argv[1] : NULL;
    only.name = argc > 2 ? argv[2] : NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
