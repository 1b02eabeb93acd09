/* tests/unit/test_ingest_threads.c — forks of forks against a reader that sees all logs at once.
 *
 * Random families of rollouts (forks, sub-agents, absent parents, siblings, metas of ancestors,
 * turns with and without ids, counters that begin anew) are written as text and delivered in random
 * order, in random batches, some of them again. The reference below applies the rules of
 * docs/sources/codex.md to the whole logs, as they are worded there and not as the code is built.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "base/civil.h"
#include "ingest/feed.h"

#include <inttypes.h>

#define THREADS_MAX 6
#define LINES_MAX   120
#define EIGHT       INT64_C(1788336000000) /* 2026-09-02T08:00:00Z */
#define NOBODY      (-1)

enum kind { META, TURN, COUNT };

struct line {
    enum kind kind;
    int number; /* META: the thread; TURN: its id, 0: none */
    int total, last;
    int64_t second;
};

struct log {
    char name; /* its place among the names is not that in the tree */
    int parent;
    bool forked, spawned, present;
    struct line lines[LINES_MAX];
    int n;
    /* while it is delivered */
    int delivered;
    void *memory;
};

struct family {
    struct log logs[THREADS_MAX];
    int n, turns;
    bool turn_ids;
};

/* ---- a family ---- */

static struct line *add_line(struct log *log, enum kind kind, int64_t second)
{
    struct line *line = &log->lines[log->n];

    if (log->n < LINES_MAX - 1)
        log->n++;
    *line = (struct line){ .kind = kind, .second = second };
    return line;
}

static int last_total(const struct log *log)
{
    int i = log->n;

    while (--i >= 0 && log->lines[i].kind != COUNT)
        ;
    return i < 0 ? 0 : log->lines[i].total;
}

/* What the thread does by itself: small figures, so that equal ones occur by chance. */
static void roll_own(struct family *f, struct log *log, struct dice *dice, int64_t second)
{
    int turns = (int)roll_below(dice, 3), counts;

    while (turns-- > 0) {
        add_line(log, TURN, second++)->number =
            f->turn_ids && !roll_once_in(dice, 8) ? ++f->turns : 0;
        for (counts = (int)roll_below(dice, 4); counts > 0; counts--) {
            int before = roll_once_in(dice, 10) ? 0 : last_total(log);
            int last = (int)roll_between(dice, 1, 2);
            struct line *line;

            second += roll_below(dice, 2);
            line = add_line(log, COUNT, second);
            line->last = last;
            line->total = roll_once_in(dice, 10) ? last_total(log) : before + last;
        }
    }
}

/* The parent's lines up to some place, at the time of the fork. */
static void copy_history(struct log *log, const struct log *parent, struct dice *dice,
                         int64_t second)
{
    bool metas = roll_once_in(dice, 2);
    int upto = roll_once_in(dice, 3) ? (int)roll_below(dice, parent->n + 1) : parent->n, i;

    for (i = 0; i < upto; i++) {
        if (parent->lines[i].kind == META && !metas)
            continue;
        *add_line(log, META, 0) = parent->lines[i];
        log->lines[log->n - 1].second = second + (i > 6); /* writing takes its time */
    }
}

static void roll_log(struct family *f, int i, struct dice *dice)
{
    struct log *log = &f->logs[i];
    int64_t second = EIGHT / 1000 + 100 * i;

    log->parent = i > 0 && !roll_once_in(dice, 5) ? (int)roll_below(dice, i) : NOBODY;
    log->forked = log->parent != NOBODY && !roll_once_in(dice, 3);
    log->spawned = log->parent != NOBODY && !log->forked;
    log->present = !roll_once_in(dice, 4);
    add_line(log, META, second)->number = i;
    if (log->parent != NOBODY && !roll_once_in(dice, 5))
        copy_history(log, &f->logs[log->parent], dice, second + 1);
    roll_own(f, log, dice, second + 20);
}

static void roll_family(struct family *f, struct dice *dice)
{
    int i;

    *f = (struct family){ .n = (int)roll_between(dice, 1, THREADS_MAX),
                          .turn_ids = !roll_once_in(dice, 3) };
    for (i = 0; i < f->n; i++) {
        int k = (int)roll_below(dice, i + 1);

        f->logs[i].name = f->logs[k].name;
        f->logs[k].name = (char)('a' + i);
    }
    for (i = 0; i < f->n; i++)
        roll_log(f, i, dice);
}

/* ---- as text ---- */

static void write_meta(struct buf *out, const struct family *f, const struct line *line)
{
    const struct log *log = &f->logs[line->number];

    buf_printf(out, "\"session_meta\",\"payload\":{\"id\":\"%c\",\"cwd\":\"/w\"", log->name);
    if (log->forked)
        buf_printf(out, ",\"forked_from_id\":\"%c\"", f->logs[log->parent].name);
    if (log->spawned)
        buf_printf(out, ",\"thread_source\":\"subagent\",\"parent_thread_id\":\"%c\"",
                   f->logs[log->parent].name);
}

static void write_line(struct buf *out, const struct family *f, const struct line *line)
{
    char stamp[CIVIL_TIME_SIZE];

    civil_format_iso(line->second * 1000, stamp);
    buf_printf(out, "{\"timestamp\":\"%s\",\"type\":", stamp);
    if (line->kind == META)
        write_meta(out, f, line);
    else if (line->kind == COUNT)
        buf_printf(out,
                   "\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{"
                   "\"total_token_usage\":{\"input_tokens\":%d},"
                   "\"last_token_usage\":{\"input_tokens\":%d}}",
                   line->total, line->last);
    else if (line->number)
        buf_printf(out, "\"turn_context\",\"payload\":{\"model\":\"gpt-5\",\"turn_id\":\"u%d\"",
                   line->number);
    else
        buf_printf(out, "\"turn_context\",\"payload\":{\"model\":\"gpt-5\"");
    buf_add_text(out, "}}\n");
}

/* ---- the reference ---- */

/* "What a line adds", for one figure. */
static int added(int *kept, int *kept_n, int *mark, const struct line *line)
{
    int i, d;

    if (*kept_n == 0) {
        *mark = kept[(*kept_n)++] = line->total;
        return line->total < line->last ? line->total : line->last;
    }
    for (i = 0; i < *kept_n; i++) {
        if (kept[i] == line->total)
            return 0;
    }
    for (i = 0; i < *kept_n && kept[i] != line->total - line->last; i++)
        ;
    d = line->last;
    if (i == *kept_n && line->total >= *mark) {
        d = line->total - *mark;
        for (i = 0; i < *kept_n && kept[i] != *mark; i++)
            ;
    } else if (i == *kept_n && line->total != line->last) {
        return 0; /* below the mark */
    }
    memmove(&kept[i], &kept[i + 1], (size_t)(*kept_n - i) * sizeof(kept[0]));
    *kept_n = i == *kept_n ? *kept_n + 1 : *kept_n;
    kept[*kept_n - 1] = line->total;
    if (*kept_n > 8)
        memmove(kept, kept + 1, (size_t)-- * kept_n * sizeof(kept[0]));
    if (line->total > *mark)
        *mark = line->total;
    return d;
}

static bool has_turn(const struct log *log, int id)
{
    int i;

    for (i = 0; i < log->n; i++) {
        if (log->lines[i].kind == TURN && log->lines[i].number == id)
            return true;
    }
    return false;
}

static bool embeds(const struct family *f, int own, int thread)
{
    const struct log *log = &f->logs[own];
    int i;

    for (i = 1; i < log->n; i++) {
        if (log->lines[i].kind == META && log->lines[i].number != own &&
            (thread == NOBODY || log->lines[i].number == thread))
            return true;
    }
    return false;
}

/* The lines of its counts. */
static int counts_of(const struct log *log, const struct line **counts)
{
    int i, n = 0;

    for (i = 0; i < log->n; i++) {
        if (log->lines[i].kind == COUNT)
            counts[n++] = &log->lines[i];
    }
    return n;
}

static int counts_before(const struct log *log, int line)
{
    int n = 0;

    while (line-- > 0)
        n += log->lines[line].kind == COUNT;
    return n;
}

static int begin_alike(const struct log *a, const struct log *b)
{
    const struct line *x[LINES_MAX], *y[LINES_MAX];
    int n = counts_of(a, x), m = counts_of(b, y), i = 0;

    while (i < n && i < m && x[i]->total == y[i]->total && x[i]->last == y[i]->last)
        i++;
    return i;
}

static int copied_of_known_parent(const struct log *own, const struct log *parent)
{
    bool ids = false;
    int i;

    for (i = 0; i < own->n; i++) {
        if (own->lines[i].kind != TURN || own->lines[i].number == 0)
            continue;
        ids = true;
        if (!has_turn(parent, own->lines[i].number))
            return counts_before(own, i);
    }
    return ids ? counts_before(own, own->n) : begin_alike(own, parent);
}

static int copied_by_itself(const struct log *log, int own)
{
    const struct line *counts[LINES_MAX];
    int n = counts_of(log, counts), last_meta = 0, run = 0, i;

    for (i = 0; i < log->n; i++) {
        if (log->lines[i].kind == META && log->lines[i].number != own)
            last_meta = i;
    }
    for (i = last_meta; i < log->n; i++) {
        int before = counts_before(log, i);

        if (log->lines[i].kind == TURN && before > 0 && before < n &&
            counts[before]->total - counts[before]->last == counts[before - 1]->total)
            return before;
    }
    while (run < n && counts[run]->second == counts[0]->second)
        run++;
    return run >= 2 ? run : 0;
}

static int copied_of_siblings(const struct family *f, int own)
{
    const struct log *log = &f->logs[own];
    int most = 0, i;

    for (i = 0; i < f->n; i++) {
        const struct log *other = &f->logs[i];
        int alike;

        if (i == own || !other->present || !other->forked || other->parent != log->parent ||
            embeds(f, i, NOBODY) || other->name > log->name)
            continue;
        alike = begin_alike(log, other);
        most = alike > most ? alike : most;
    }
    return most >= 3 ? most : 0;
}

/* "Copied history". */
static int copied(const struct family *f, int own)
{
    const struct log *log = &f->logs[own];

    if (log->parent == NOBODY)
        return 0;
    if (f->logs[log->parent].present)
        return log->forked || embeds(f, own, log->parent)
                   ? copied_of_known_parent(log, &f->logs[log->parent])
                   : 0;
    if (embeds(f, own, NOBODY))
        return copied_by_itself(log, own);
    return log->forked ? copied_of_siblings(f, own) : 0;
}

static void tell_family(struct buf *out, const struct family *f)
{
    int name, i, k;

    for (name = 'a'; name < 'a' + f->n; name++) {
        for (i = 0; f->logs[i].name != name; i++)
            ;
        if (f->logs[i].present) {
            const struct line *counts[LINES_MAX];
            int n = counts_of(&f->logs[i], counts), from = copied(f, i);
            int kept[10] = { 0 }, kept_n = 0, mark = 0;

            buf_printf(out, "%c", name);
            for (k = 0; k < n; k++) {
                int d = added(kept, &kept_n, &mark, counts[k]);

                if (k >= from && d > 0)
                    buf_printf(out, " %" PRId64 ":%d", counts[k]->second - EIGHT / 1000, d);
            }
            buf_add_char(out, '\n');
        }
    }
}

/* ---- the real thing ---- */

struct world {
    struct store *store;
    struct price_table *prices;
    struct pending *pending;
    struct threads *threads;
};

static void flush(struct world *w)
{
    struct settler settler = { w->store, w->prices, w->threads, 0 };
    struct err err = { 0 };

    if (settle_all(&settler, w->pending, &err) < 0)
        fail_msg("%s", err.text);
    pending_clear(w->pending);
    threads_clear(w->threads); /* only the ledger knows what was before */
}

static const struct format *format_of(const struct log *log, char path[64])
{
    snprintf(path, 64, "sessions/2026/09/02/rollout-%c.jsonl", log->name);
    return source_find(SPAN_LIT("codex"))->format(span_of(path));
}

static void feed(struct world *w, const struct family *f, struct log *log, int lines)
{
    char path[64];
    struct buf text = { 0 };
    struct feed feed = {
        .source = source_find(SPAN_LIT("codex")),
        .format = format_of(log, path),
        .scanner = { .below = span_of(path), .memory = log->memory },
        .store = w->store,
        .pending = w->pending,
        .threads = w->threads,
        .agent = store_name(w->store, NAME_AGENT, SPAN_LIT("codex"), NULL),
        .machine = store_name(w->store, NAME_MACHINE, SPAN_LIT("m"), NULL),
        .account = store_name(w->store, NAME_ACCOUNT, SPAN_LIT("a"), NULL),
    };

    for (; lines > 0 && log->delivered < log->n; lines--)
        write_line(&text, f, &log->lines[log->delivered++]);
    feed_lines(&feed, buf_span(&text), 0);
    assert_int_equal(feed.err.kind, ERR_NONE);
    assert_int_equal(feed.problems[PROBLEM_NOT_JSON] + feed.problems[PROBLEM_SUSPICIOUS], 0);
    buf_fini(&text);
}

static void rewind_log(struct log *log)
{
    char path[64];

    log->delivered = 0;
    memset(log->memory, 0, format_of(log, path)->memory);
}

static bool is_all_delivered(const struct family *f)
{
    int i;

    for (i = 0; i < f->n; i++) {
        if (f->logs[i].present && f->logs[i].delivered < f->logs[i].n)
            return false;
    }
    return true;
}

static void deliver(struct world *w, struct family *f, struct dice *dice)
{
    char path[64];
    int i;

    for (i = 0; i < f->n; i++) {
        f->logs[i].memory = xcalloc(1, format_of(&f->logs[i], path)->memory);
        f->logs[i].delivered = 0;
    }
    while (!is_all_delivered(f)) {
        struct log *log = &f->logs[roll_below(dice, f->n)];

        if (!log->present)
            continue;
        if (roll_once_in(dice, 12))
            rewind_log(log); /* read again */
        feed(w, f, log, roll_once_in(dice, 3) ? log->n : (int)roll_between(dice, 1, 4));
        if (roll_once_in(dice, 2))
            flush(w);
    }
    flush(w);
    for (i = 0; i < f->n; i++)
        free(f->logs[i].memory);
}

static void tell_ledger(struct world *w, const struct family *f, struct buf *out)
{
    int name, i;

    for (name = 'a'; name < 'a' + f->n; name++) {
        char sql[256];
        sqlite3_stmt *statement = NULL;

        for (i = 0; f->logs[i].name != name; i++)
            ;
        if (!f->logs[i].present)
            continue;
        snprintf(sql, sizeof(sql),
                 "SELECT e.at_ms, e.input FROM event e JOIN session s ON s.id = e.session"
                 " WHERE s.text = '%c' ORDER BY e.at_ms, e.id",
                 name);
        assert_int_equal(sqlite3_prepare_v2(w->store->db, sql, -1, &statement, NULL), SQLITE_OK);
        buf_printf(out, "%c", name);
        while (sqlite3_step(statement) == SQLITE_ROW)
            buf_printf(out, " %" PRId64 ":%d",
                       (int64_t)(sqlite3_column_int64(statement, 0) - EIGHT) / 1000,
                       sqlite3_column_int(statement, 1));
        buf_add_char(out, '\n');
        sqlite3_finalize(statement);
    }
}

/* ---- one against the other ---- */

static int by_word(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Counts of one second come in any order: sorts the words of each line. */
static void sort_words(struct buf *text)
{
    struct span rest = buf_span(text), line, words[LINES_MAX];
    struct buf sorted = { 0 };

    while (span_split(&rest, '\n', &line)) {
        size_t n = 0, i;

        while (n < LINES_MAX && span_split(&line, ' ', &words[n]))
            n++;
        qsort(words, n, sizeof(words[0]), by_word);
        for (i = 0; i < n; i++) {
            buf_add_span(&sorted, words[i]);
            buf_add_char(&sorted, ' ');
        }
        buf_add_char(&sorted, '\n');
    }
    buf_fini(text);
    *text = sorted;
}

static void compare(struct world *w, const struct family *f, int trial)
{
    struct buf want = { 0 }, got = { 0 };

    tell_family(&want, f);
    tell_ledger(w, f, &got);
    sort_words(&want);
    sort_words(&got);
    if (!span_eq(buf_span(&want), buf_span(&got))) {
        struct buf heap = { 0 };
        int i, k;

        for (i = 0; i < f->n; i++) {
            buf_printf(&heap, "-- %c%s\n", f->logs[i].name, f->logs[i].present ? "" : " (absent)");
            for (k = 0; k < f->logs[i].n; k++)
                write_line(&heap, f, &f->logs[i].lines[k]);
        }
        fprintf(stderr, "%s--- wanted\n%s--- got\n%s", heap.p, want.p, got.p);
        fail_msg("trial %d went wrong", trial);
    }
    buf_fini(&want);
    buf_fini(&got);
}

static void any_family_is_billed_as_if_seen_at_once(void **state)
{
    struct world w = { .store = ledger_open(":memory:", STORE_WRITE),
                       .pending = pending_new(),
                       .threads = threads_new() };
    struct dice dice = { 4711 };
    struct family family;
    int trial, round;

    (void)state;
    assert_int_equal(price_open(&w.prices, NULL), 0);
    for (trial = 0; trial < 1500; trial++) {
        roll_family(&family, &dice);
        for (round = 0; round < 2; round++) {
            ledger_begin(w.store);
            deliver(&w, &family, &dice);
            compare(&w, &family, trial);
            store_rollback(w.store);
        }
    }
    price_close(w.prices);
    pending_free(w.pending);
    threads_free(w.threads);
    store_close(w.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_family_is_billed_as_if_seen_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
