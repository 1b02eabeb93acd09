/* tests/unit/test_ingest_settle.c — a group's bill against a reader that sees all of it at once.
 *
 * Random lines of a few responses (repeats, side chains, missing request ids, fallbacks to another
 * model, extras, missing times) are written as text and delivered in random order, in random
 * batches, some of them again. The reference below applies the rules of docs/sources/claude.md to
 * the whole heap of lines, as they are worded there and not as the code is built.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

#include "base/civil.h"
#include "base/hash.h"
#include "ingest/feed.h"

#include <inttypes.h>

#define LINES_MAX  12
#define EXTRAS_MAX 3
#define NOON       INT64_C(1788264000000) /* 2026-09-01T12:00:00Z */

struct step {
    const char *type, *model; /* model NULL: the line's */
    int64_t input, output;
};

struct line {
    int message;            /* number of the response */
    int request;            /* 0: no requestId */
    bool side, stop, below; /* below: in a file under subagents/ */
    int64_t at_ms;          /* 0: the line tells no time */
    const char *model;
    int64_t input, output, read, write_5m, write_1h, searches, thinking;
    bool fast, us;
    struct step steps[EXTRAS_MAX];
    int steps_n;
};

/* ---- making lines ---- */

static const char *const models[] = { "claude-opus-5", "claude-sonnet-4-5", "nobody-knows" };

/* What the rules leave open among copies that are alike in all they compare must not differ: so the
 * rest of a line follows from what they compare. */
static void derive_rest(struct line *l)
{
    struct dice dice = { hash_mix(
        (uint64_t)(l->output * 64 + l->read * 16 + l->write_1h * 4 + l->searches * 2 + l->stop),
        hash_mix(hash_span(span_of(l->model)), (uint64_t)(l->input + l->read + l->write_1h))) };
    static const char *const types[] = { "message", "advisor_message", "fallback_message" };
    int64_t prompt = l->input + l->write_5m;
    int i;

    l->write_5m = prompt > 0 ? roll_below(&dice, prompt + 1) : 0;
    l->input = prompt - l->write_5m;
    l->thinking = roll_below(&dice, 3);
    l->fast = roll_once_in(&dice, 4);
    l->us = roll_once_in(&dice, 4);
    l->steps_n = roll_once_in(&dice, 3) ? (int)roll_between(&dice, 1, EXTRAS_MAX) : 0;
    for (i = 0; i < l->steps_n; i++)
        l->steps[i] = (struct step){ types[roll_below(&dice, 3)],
                                     roll_once_in(&dice, 2) ? models[roll_below(&dice, 3)] : NULL,
                                     roll_below(&dice, 3), roll_below(&dice, 3) };
}

static struct line roll_line(struct dice *dice)
{
    struct line l = {
        .message = (int)roll_below(dice, 2),
        .request = (int)roll_below(dice, 4),
        .side = roll_once_in(dice, 2),
        .stop = roll_once_in(dice, 2),
        .below = roll_once_in(dice, 3),
        .at_ms = roll_once_in(dice, 8) ? 0 : NOON + roll_below(dice, 5) * MS_PER_DAY / 2,
        .model = models[roll_below(dice, 3)],
        .input = roll_below(dice, 3),
        .output = roll_below(dice, 3),
        .read = roll_below(dice, 3),
        .write_1h = roll_below(dice, 2),
        .searches = roll_below(dice, 2),
    };

    derive_rest(&l);
    return l;
}

static void write_line(struct buf *out, const struct line *l)
{
    char stamp[CIVIL_TIME_SIZE];
    int i;

    buf_printf(out, "{\"type\":\"assistant\",\"sessionId\":\"s\",\"cwd\":\"/w\"");
    if (l->at_ms) {
        civil_format_iso(l->at_ms, stamp);
        buf_printf(out, ",\"timestamp\":\"%s\"", stamp);
    }
    if (l->request)
        buf_printf(out, ",\"requestId\":\"r%d\"", l->request);
    buf_printf(out, ",\"isSidechain\":%s,\"message\":{\"id\":\"m%d\",\"model\":\"%s\"",
               l->side ? "true" : "false", l->message, l->model);
    buf_printf(out, ",\"stop_reason\":%s,\"usage\":{", l->stop ? "\"end_turn\"" : "null");
    buf_printf(out, "\"input_tokens\":%d,\"output_tokens\":%d,\"cache_read_input_tokens\":%d",
               (int)l->input, (int)l->output, (int)l->read);
    buf_printf(out,
               ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":%d,"
               "\"ephemeral_1h_input_tokens\":%d}",
               (int)l->write_5m, (int)l->write_1h);
    buf_printf(out, ",\"output_tokens_details\":{\"thinking_tokens\":%d}", (int)l->thinking);
    buf_printf(out, ",\"server_tool_use\":{\"web_search_requests\":%d}", (int)l->searches);
    buf_printf(out, ",\"speed\":\"%s\",\"inference_geo\":\"%s\",\"iterations\":[",
               l->fast ? "fast" : "standard", l->us ? "us" : "");
    for (i = 0; i < l->steps_n; i++) {
        buf_printf(out, "%s{\"type\":\"%s\"", i ? "," : "", l->steps[i].type);
        if (l->steps[i].model)
            buf_printf(out, ",\"model\":\"%s\"", l->steps[i].model);
        buf_printf(out, ",\"input_tokens\":%d,\"output_tokens\":%d}", (int)l->steps[i].input,
                   (int)l->steps[i].output);
    }
    buf_add_text(out, "]}}}\n");
}

/* ---- the reference ---- */

static int64_t prompt_of(const struct line *l)
{
    return l->input + l->read + l->write_5m + l->write_1h;
}

static bool counts(const struct line *l)
{
    return prompt_of(l) + l->output > 0 || l->searches > 0;
}

/* "Choice among copies": is a to be preferred? */
static bool better(const struct line *a, const struct line *b)
{
    if (a->output != b->output)
        return a->output > b->output;
    if (a->stop != b->stop)
        return a->stop;
    if (prompt_of(a) != prompt_of(b))
        return prompt_of(a) > prompt_of(b);
    if (a->read != b->read)
        return a->read > b->read;
    if (a->write_1h != b->write_1h)
        return a->write_1h > b->write_1h;
    if (a->searches != b->searches)
        return a->searches > b->searches;
    return strcmp(a->model, b->model) > 0;
}

/* What stands for one response, out of the lines for which `mine` is true. */
struct bill {
    const struct line *chosen; /* NULL: there is no such line */
    bool main, stopped;
    int64_t at_ms; /* earliest that was told; 0: none was */
};

static void take(struct bill *bill, const struct line *l)
{
    if (!bill->chosen || better(l, bill->chosen))
        bill->chosen = l;
    bill->main |= !l->side;
    bill->stopped |= l->stop;
    if (l->at_ms && (!bill->at_ms || l->at_ms < bill->at_ms))
        bill->at_ms = l->at_ms;
}

static uint64_t hash_of_request(int request)
{
    char text[8];

    return hash_span((struct span){ text, (size_t)snprintf(text, 8, "r%d", request) }) | 1;
}

/* "Identity": whose are the lines without requestId? 0: nobody's. */
static int adopter(const struct bill bills[4])
{
    int best = 0, r;

    for (r = 1; r < 4; r++) {
        if (!bills[r].chosen)
            continue;
        if (!best || better(bills[r].chosen, bills[best].chosen))
            best = r;
        else if (better(bills[best].chosen, bills[r].chosen))
            continue;
        else if (bills[r].main != bills[best].main)
            best = bills[r].main ? r : best;
        else if (hash_of_request(r) < hash_of_request(best)) /* alike in every fact: either */
            best = r;
    }
    return best;
}

static void tell_row(struct buf *out, const char *model, const int64_t *f, const char *flags,
                     const struct bill *bill)
{
    buf_printf(out, "%s in=%d out=%d read=%d 5m=%d 1h=%d think=%d web=%d%s%s", model, (int)f[0],
               (int)f[1], (int)f[2], (int)f[3], (int)f[4], (int)f[5], (int)f[6], flags,
               bill->stopped && bill->at_ms ? "" : " estimated");
    if (bill->at_ms)
        buf_printf(out, " at=%" PRId64, bill->at_ms);
    buf_add_char(out, '\n');
}

static void tell_bill(struct buf *out, const struct bill *bill)
{
    const struct line *l = bill->chosen;
    int64_t f[7] = { l->input,    l->output,   l->read,
                     l->write_5m, l->write_1h, l->thinking < l->output ? l->thinking : l->output,
                     l->searches };
    int64_t input = 0, output = 0, others = 0;
    char flags[16];
    int i;

    snprintf(flags, sizeof(flags), "%s%s", l->fast ? " fast" : "", l->us ? " us" : "");
    tell_row(out, l->model, f, flags, bill);
    for (i = 0; i < l->steps_n; i++) {
        input += l->steps[i].input;
        output += l->steps[i].output;
        if (strcmp(l->steps[i].type, "message") != 0)
            others += l->steps[i].input + l->steps[i].output;
    }
    if (others == 0 || (input == l->input && output == l->output && prompt_of(l) == l->input))
        return;
    for (i = 0; i < l->steps_n; i++) {
        const struct step *s = &l->steps[i];
        int64_t extra[7] = { s->input, s->output };

        if (strcmp(s->type, "message") != 0 && s->input + s->output > 0)
            tell_row(out, s->model ? s->model : l->model, extra, l->us ? " us" : "", bill);
    }
}

static void tell_message(struct buf *out, const struct line *lines, int n, int message)
{
    struct bill bills[4] = { { 0 } };
    bool main = false;
    int parent, i, r;

    for (i = 0; i < n; i++) {
        if (lines[i].message == message && counts(&lines[i]))
            take(&bills[lines[i].request], &lines[i]);
    }
    parent = adopter(bills);
    if (parent) {
        for (i = 0; i < n; i++) {
            if (lines[i].message == message && counts(&lines[i]) && lines[i].request == 0)
                take(&bills[parent], &lines[i]);
        }
        bills[0].chosen = NULL;
    }
    for (r = 0; r < 4; r++)
        main |= bills[r].chosen && bills[r].main;
    for (r = 0; r < 4; r++) {
        if (bills[r].chosen && (!main || bills[r].main))
            tell_bill(out, &bills[r]);
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
}

static void feed(struct world *w, const struct line *line)
{
    static const char *const paths[] = { "-w/s.jsonl", "-w/s/subagents/agent-1.jsonl" };
    const struct source *source = source_find(SPAN_LIT("claude"));
    struct buf text = { 0 };
    struct feed f = {
        .source = source,
        .format = source->format(span_of(paths[line->below])),
        .scanner = { .below = span_of(paths[line->below]), .mtime_ms = NOON + 12345 },
        .store = w->store,
        .pending = w->pending,
        .agent = store_name(w->store, NAME_AGENT, SPAN_LIT("claude"), NULL),
        .machine = store_name(w->store, NAME_MACHINE, SPAN_LIT("m"), NULL),
        .account = store_name(w->store, NAME_ACCOUNT, SPAN_LIT("a"), NULL),
    };

    f.scanner.memory = xcalloc(1, f.format->memory);
    write_line(&text, line);
    feed_lines(&f, buf_span(&text), 0);
    assert_int_equal(f.err.kind, ERR_NONE);
    assert_int_equal(f.problems[PROBLEM_NOT_JSON] + f.problems[PROBLEM_SUSPICIOUS], 0);
    free(f.scanner.memory);
    buf_fini(&text);
}

static void tell_ledger(struct world *w, struct buf *out)
{
    sqlite3_stmt *statement = store_sql(w->store, SQL_SUM_EVENTS, NULL);

    sqlite3_bind_int64(statement, 1, INT64_MIN);
    sqlite3_bind_int64(statement, 2, INT64_MAX);
    while (store_step(w->store, statement, NULL) == 1) {
        struct row row = { 0 };
        const int64_t *t = row.figures.tokens;
        struct bill bill;
        int64_t f[7];
        char flags[16];

        assert_int_equal(event_read(w->store, statement, &row, NULL), 0);
        memcpy(f,
               (int64_t[]){ t[TOKEN_INPUT], t[TOKEN_OUTPUT], t[TOKEN_CACHE_READ],
                            t[TOKEN_CACHE_WRITE_5M], t[TOKEN_CACHE_WRITE_1H], t[TOKEN_REASONING],
                            row.figures.web_searches },
               sizeof(f));
        bill = (struct bill){
            .stopped = !(row.flags & EVENT_ESTIMATED) || (row.flags & EVENT_STOPPED),
            .at_ms = row.flags & EVENT_TIME_GUESSED ? 0 : row.at_ms,
        };
        snprintf(flags, sizeof(flags), "%s%s", row.flags & EVENT_FAST ? " fast" : "",
                 row.flags & EVENT_GEO_US ? " us" : "");
        tell_row(out, row.model->text.p, f, flags, &bill);
        assert_int_equal(row.cost_nusd, price_cost(w->prices, row.model->text, row.at_ms,
                                                   &row.figures, row.flags));
        assert_int_equal((row.flags & EVENT_UNPRICED) != 0, row.cost_nusd == COST_UNKNOWN);
    }
}

/* ---- one against the other ---- */

static int by_text(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

static void sort_lines(struct buf *text)
{
    struct span rest = buf_span(text), lines[200];
    struct buf sorted = { 0 };
    size_t n = 0, i;

    while (n < 200 && span_split(&rest, '\n', &lines[n]))
        n++;
    qsort(lines, n, sizeof(lines[0]), by_text);
    for (i = 0; i < n; i++) {
        buf_add_span(&sorted, lines[i]);
        buf_add_char(&sorted, '\n');
    }
    buf_fini(text);
    *text = sorted;
}

static void compare(struct world *w, const struct line *lines, int n, int trial)
{
    struct buf want = { 0 }, got = { 0 };

    tell_message(&want, lines, n, 0);
    tell_message(&want, lines, n, 1);
    tell_ledger(w, &got);
    sort_lines(&want);
    sort_lines(&got);
    if (!span_eq(buf_span(&want), buf_span(&got))) {
        struct buf heap = { 0 };
        int i;

        for (i = 0; i < n; i++)
            write_line(&heap, &lines[i]);
        fprintf(stderr, "%s--- wanted%s--- got%s", heap.p, want.p, got.p);
        fail_msg("trial %d went wrong", trial);
    }
    buf_fini(&want);
    buf_fini(&got);
}

static void deliver(struct world *w, struct dice *dice, const struct line *lines, int n)
{
    int order[LINES_MAX], i;

    for (i = 0; i < n; i++) {
        int k = (int)roll_below(dice, i + 1);

        order[i] = order[k];
        order[k] = i;
    }
    for (i = 0; i < n; i++) {
        feed(w, &lines[order[i]]);
        if (roll_once_in(dice, 4)) /* read again, now or later */
            feed(w, &lines[order[roll_below(dice, i + 1)]]);
        if (roll_once_in(dice, 3))
            flush(w);
    }
    flush(w);
}

static void any_heap_of_lines_is_billed_as_if_seen_at_once(void **state)
{
    struct world w = { .store = ledger_open(":memory:", STORE_WRITE),
                       .pending = pending_new(),
                       .threads = threads_new() };
    struct dice dice = { 2026 };
    int trial, round, i;

    (void)state;
    assert_int_equal(price_open(&w.prices, NULL), 0);
    for (trial = 0; trial < 4000; trial++) {
        struct line lines[LINES_MAX];
        int n = (int)roll_between(&dice, 1, LINES_MAX);

        for (i = 0; i < n; i++)
            lines[i] = roll_line(&dice);
        for (round = 0; round < 2; round++) {
            ledger_begin(w.store);
            deliver(&w, &dice, lines, n);
            compare(&w, lines, n, trial);
            store_rollback(w.store);
        }
    }
    price_close(w.prices);
    pending_free(w.pending);
    threads_free(w.threads);
    store_close(w.store);
}

/* ---- in a ledger that was rescued, some rows are lost ---- */

static struct line whole_line(int request, int64_t output)
{
    return (struct line){ .request = request,
                          .stop = true,
                          .at_ms = NOON,
                          .model = models[0],
                          .input = 5,
                          .output = output,
                          .steps_n = 3,
                          .steps = { { "advisor_message", NULL, 1, 10 },
                                     { "advisor_message", NULL, 2, 20 },
                                     { "advisor_message", NULL, 3, 30 } } };
}

static void open_world(struct world *w)
{
    *w = (struct world){ .store = ledger_open(":memory:", STORE_WRITE),
                         .pending = pending_new(),
                         .threads = threads_new() };
    assert_int_equal(price_open(&w->prices, NULL), 0);
    ledger_begin(w->store);
}

static void close_world(struct world *w)
{
    ledger_commit(w->store);
    price_close(w->prices);
    pending_free(w->pending);
    threads_free(w->threads);
    store_close(w->store);
}

static void lose_rows(struct world *w, const char *sql)
{
    assert_int_equal(sqlite3_exec(w->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void lost_extras_are_made_up_for_when_their_line_is_read_again(void **state)
{
    struct line line = whole_line(1, 100), smaller = whole_line(1, 50);
    struct world w;

    (void)state;
    open_world(&w);
    feed(&w, &line);
    flush(&w);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM event"), 160);
    lose_rows(&w, "DELETE FROM event WHERE iteration IN (1, 2)");
    feed(&w, &smaller); /* does not bring them back, and does no harm */
    flush(&w);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM event"), 130);
    feed(&w, &line);
    flush(&w);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM event"), 160);
    close_world(&w);
}

static void what_was_billed_stays_billed_where_the_members_of_a_group_are_lost(void **state)
{
    struct line one = whole_line(1, 100), two = whole_line(2, 200), three = whole_line(3, 300);
    struct world w;

    (void)state;
    open_world(&w);
    feed(&w, &one);
    feed(&w, &two);
    flush(&w);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM event"), 420);
    lose_rows(&w, "DELETE FROM member");
    feed(&w, &three);
    flush(&w);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM event"), 780);
    assert_int_equal(ledger_ask(w.store, "SELECT sum(output) FROM member"), 780);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_heap_of_lines_is_billed_as_if_seen_at_once),
        cmocka_unit_test(lost_extras_are_made_up_for_when_their_line_is_read_again),
        cmocka_unit_test(what_was_billed_stays_billed_where_the_members_of_a_group_are_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
