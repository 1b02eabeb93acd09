/* report/session.c — rows that are sessions, each with what falls inside the span.
 *
 * A session that lies wholly inside is read as its roll-up has it. One that reaches over a bound
 * (past midnight, resumed weeks later) is cut by its events' own times.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/mem.h"

#include <stdlib.h>

struct sessions {
    struct gather *g; /* g->at stands by rising id: a row is found by halving */
    struct timespan span;
    bool *cut; /* of every row: it reaches over a bound */
    size_t cut_space;
    struct timespan *pieces; /* spans inside which cut sessions lie, by rising start */
    size_t pieces_n, pieces_space;
    size_t last;
};

/* ---- which ones ---- */

static bool is_asked_for(const struct report_filter *filter, const struct store_session *session)
{
    return !filter->session || span_is(session->text, filter->session);
}

static void note_piece(struct sessions *s, const struct store_session *session)
{
    struct timespan piece = { session->first_ms, session->last_ms + 1 };

    if (piece.since_ms < s->span.since_ms)
        piece.since_ms = s->span.since_ms;
    if (piece.until_ms > s->span.until_ms)
        piece.until_ms = s->span.until_ms;
    s->pieces = xgrow(s->pieces, s->pieces_n, &s->pieces_space, sizeof(*s->pieces));
    s->pieces[s->pieces_n++] = piece;
}

static void take_session(void *to, const struct store_session *session)
{
    struct sessions *s = to;
    struct gathered *row;
    bool cut = session->first_ms < s->span.since_ms || session->last_ms >= s->span.until_ms;

    if (!is_asked_for(&s->g->query->filter, session))
        return;
    s->cut = xgrow(s->cut, s->g->n, &s->cut_space, sizeof(*s->cut));
    s->cut[s->g->n] = cut;
    row = gather_add(s->g, session->id);
    row->text = arena_text(s->g->report->arena, session->text);
    row->agent = arena_text(s->g->report->arena, session->agent->text);
    if (cut) {
        note_piece(s, session);
    } else {
        row->first_ms = session->first_ms;
        row->last_ms = session->last_ms;
    }
}

/* ---- their sums ---- */

/* The index of the row, or SIZE_MAX. */
static size_t find_row(struct sessions *s, int64_t id)
{
    size_t low = 0, high = s->g->n;

    if (s->last < s->g->n && s->g->at[s->last].key == id)
        return s->last;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->g->at[middle].key < id)
            low = middle + 1;
        else
            high = middle;
    }
    s->last = low;
    return low < s->g->n && s->g->at[low].key == id ? low : SIZE_MAX;
}

static void take_whole(void *to, const struct store_sum *sum)
{
    struct sessions *s = to;
    size_t i = find_row(s, sum->bucket);

    if (i == SIZE_MAX || s->cut[i] || !gather_wants(s->g, sum))
        return;
    gather_day(s->g, zone_day_of(s->g->query->zone, s->g->at[i].last_ms));
    gather_sum(s->g, &s->g->at[i], zone_day_of(s->g->query->zone, s->g->at[i].first_ms), sum);
}

static void take_event(void *to, const struct store_sum *sum)
{
    struct sessions *s = to;
    size_t i = find_row(s, sum->bucket);
    struct gathered *row;

    if (i == SIZE_MAX || !s->cut[i] || !gather_wants(s->g, sum))
        return;
    row = &s->g->at[i];
    if (row->sums.events == 0)
        row->first_ms = sum->at_ms;
    row->last_ms = sum->at_ms; /* events come in order of time */
    gather_sum(s->g, row, zone_day_of(s->g->query->zone, sum->at_ms), sum);
}

/* One pass where all are wanted, else one look-up each. */
static int read_whole(struct sessions *s, struct err *err)
{
    const struct store_sink sink = { take_whole, s };
    bool all = s->span.since_ms == INT64_MIN && s->span.until_ms == INT64_MAX &&
               !s->g->query->filter.session;
    size_t i;

    if (all)
        return store_sum_sessions(s->g->store, 0, INT32_MAX, &sink, err);
    for (i = 0; i < s->g->n; i++) {
        int32_t id = (int32_t)s->g->at[i].key;

        if (!s->cut[i] && store_sum_sessions(s->g->store, id, id, &sink, err) < 0)
            return -1;
    }
    return 0;
}

static int by_start(const void *a, const void *b)
{
    const struct timespan *x = a, *y = b;

    return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

/* Every event of the pieces once, however they overlap. */
static int read_pieces(struct sessions *s, struct err *err)
{
    const struct store_sink sink = { take_event, s };
    int64_t read_until_ms = INT64_MIN;
    size_t i;

    if (s->pieces_n > 1)
        qsort(s->pieces, s->pieces_n, sizeof(*s->pieces), by_start);
    for (i = 0; i < s->pieces_n; i++) {
        struct timespan piece = s->pieces[i];

        if (piece.since_ms < read_until_ms)
            piece.since_ms = read_until_ms;
        if (piece.since_ms >= piece.until_ms)
            continue;
        if (store_sum_session_events(s->g->store, piece, &sink, err) < 0)
            return -1;
        read_until_ms = piece.until_ms;
    }
    return 0;
}

int gather_sessions(struct gather *g, struct err *err)
{
    struct sessions s = { .g = g, .span = gather_span(g) };
    int rc = -1;

    if (store_sessions(g->store, s.span, take_session, &s, err) == 0 && read_whole(&s, err) == 0 &&
        read_pieces(&s, err) == 0)
        rc = 0;
    free(s.cut);
    free(s.pieces);
    return rc;
}

/* ---- one by one ---- */

struct entries {
    const struct report_query *query;
    void (*entry)(void *to, const struct report_entry *entry);
    void *to;
    int32_t *ids; /* of sessions by that name; agents may share one */
    size_t n, space;
    struct timespan span;
};

static void find_session(void *to, const struct store_session *session)
{
    struct entries *e = to;

    if (!is_asked_for(&e->query->filter, session))
        return;
    e->ids = xgrow(e->ids, e->n, &e->space, sizeof(*e->ids));
    e->ids[e->n++] = session->id;
    if (session->first_ms < e->span.since_ms)
        e->span.since_ms = session->first_ms;
    if (session->last_ms >= e->span.until_ms)
        e->span.until_ms = session->last_ms + 1;
}

static void take_entry(void *to, const struct store_sum *sum)
{
    struct entries *e = to;
    struct report_entry entry = { sum->at_ms, sum->model->text.p, sum->sums };
    size_t i;

    for (i = 0; i < e->n; i++) {
        if (e->ids[i] == sum->bucket) {
            sums_choose(&entry.sums, e->query->cost);
            e->entry(e->to, &entry);
            return;
        }
    }
}

int report_entries(struct store *store, const struct report_query *query,
                   void (*entry)(void *to, const struct report_entry *entry), void *to,
                   struct err *err)
{
    struct entries e = { .query = query, .entry = entry, .to = to };
    const struct timespan ever = { INT64_MIN, INT64_MAX };
    const struct store_sink sink = { take_entry, &e };
    int rc;

    e.span = (struct timespan){ INT64_MAX, INT64_MIN };
    rc = store_sessions(store, ever, find_session, &e, err);
    if (rc == 0 && e.n > 0)
        rc = store_sum_session_events(store, e.span, &sink, err) < 0 ? -1 : 1;
    free(e.ids);
    return rc;
}
