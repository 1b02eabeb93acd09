/* ingest/settle.c — what a group is billed for, once its new copies have met the old ones.
 *
 * A pure decision over all members of the group (source->settle), made again whenever one of them
 * arrives or changes; so the order of arrival cannot matter. Groups of one member, nearly all, are
 * one row in the ledger. Where there are more, all members are kept beside the billed rows.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/ingest_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* ---- rows to members ---- */

static void add_extra(struct members *members, const struct row *row)
{
    size_t i;

    for (i = 0; i < members->n; i++) {
        struct member *m = &members->at[i];

        if (m->part != row->part)
            continue;
        if (!m->extras)
            m->extras = xcalloc(EVENT_EXTRAS_MAX, sizeof(*m->extras));
        if (row->iteration > m->extras_n) /* rows come in the order of their keys */
            m->extras_n = row->iteration;
        m->extras[row->iteration - 1] =
            (struct extra){ row->model, row->flags & EVENT_FIGURE_FLAGS, row->figures };
        return;
    }
}

/* Of a ledger that was rescued some may be lost: the others move up. */
static void close_ranks(struct member *m)
{
    int i, n = 0;

    for (i = 0; i < m->extras_n; i++) {
        if (m->extras[i].model)
            m->extras[n++] = m->extras[i];
    }
    m->extras_n = n;
}

static void read_members(const struct rows *rows, struct members *members)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct row *row = &rows->at[i];

        if (row->iteration > 0)
            continue;
        members->at = xgrow(members->at, members->n, &members->space, sizeof(*members->at));
        members->at[members->n++] = (struct member){
            .part = row->part,
            .flags = row->flags & ~(uint32_t)(EVENT_ESTIMATED | EVENT_UNPRICED | EVENT_CROWDED),
            .mark = row->mark,
            .at_ms = row->at_ms,
            .run = row->run,
            .figures = row->figures,
            .model = row->model,
            .session = row->session,
            .origin = row->origin,
        };
    }
    for (i = 0; i < rows->n; i++) {
        if (rows->at[i].iteration > 0)
            add_extra(members, &rows->at[i]);
    }
    for (i = 0; i < members->n; i++)
        close_ranks(&members->at[i]);
}

/* ---- members to rows ---- */

static void add_row(struct rows *rows, uint64_t group, const struct member *m, int iteration)
{
    struct row *row = rows_add(rows);

    *row = (struct row){
        .group = group,
        .part = m->part,
        .iteration = iteration,
        .flags = m->flags,
        .mark = m->mark,
        .at_ms = m->at_ms,
        .run = m->run,
        .figures = m->figures,
        .cost_nusd = COST_UNKNOWN,
        .model = m->model,
        .session = m->session,
        .origin = m->origin,
    };
    if (iteration > 0) {
        const struct extra *extra = &m->extras[iteration - 1];

        row->figures = extra->figures;
        row->model = extra->model;
        row->flags = (m->flags & ~(uint32_t)EVENT_FIGURE_FLAGS) | extra->flags;
    }
}

static void add_rows(struct rows *rows, uint64_t group, const struct member *m)
{
    int i;

    for (i = 0; i <= m->extras_n; i++)
        add_row(rows, group, m, i);
}

void settle_price(struct row *row, const struct price_match *match)
{
    struct price_bill bill = price_bill(match, row->at_ms, &row->figures, row->flags);

    /* An agent told the money and no tokens: what they would cost nobody knows. */
    if (figures_total(&row->figures) == 0 && row->figures.web_searches == 0)
        bill = (struct price_bill){ .cost_nusd = COST_UNKNOWN };
    row->flags &= ~(uint32_t)(EVENT_ESTIMATED | EVENT_UNPRICED);
    if ((row->flags & (EVENT_TIME_GUESSED | EVENT_INFERRED)) || !(row->flags & EVENT_STOPPED) ||
        bill.guessed)
        row->flags |= EVENT_ESTIMATED;
    if (bill.cost_nusd == COST_UNKNOWN)
        row->flags |= EVENT_UNPRICED;
    row->cost_nusd = bill.cost_nusd;
}

static void finish_row(const struct settler *settler, struct row *row, bool crowded)
{
    struct price_match match = price_match(settler->prices, row->model->text);

    if (crowded)
        row->flags |= EVENT_CROWDED;
    settle_price(row, &match);
}

/* Adds the billed rows of a group with several members. */
static void decide(const struct source *source, uint64_t group, const struct members *members,
                   struct rows *billed)
{
    struct contender *c = xcalloc(members->n, sizeof(*c));
    struct members joined = { 0 };
    size_t i;

    joined.at = xcalloc(members->n, sizeof(*joined.at));
    joined.n = joined.space = members->n;
    for (i = 0; i < members->n; i++) {
        const struct member *m = &members->at[i];

        joined.at[i] = member_dup(m);
        c[i] = (struct contender){
            .part = m->part,
            .flags = m->flags,
            .at_ms = m->at_ms,
            .session = m->session->id,
            .own = member_rival(m),
            .joins = -1,
            .counted = true,
            .bill = &joined.at[i].figures,
        };
    }
    if (source->settle)
        source->settle(c, (int)members->n);
    for (i = 0; i < members->n; i++) {
        if (c[i].joins >= 0)
            member_merge(&joined.at[c[i].joins], &members->at[i], source);
    }
    for (i = 0; i < members->n; i++) {
        if (c[i].counted)
            add_rows(billed, group, &joined.at[i]);
    }
    members_fini(&joined);
    free(c);
}

/* ---- the group ---- */

/* Are all members of the group kept beside its billed rows, or may be? */
static bool has_kept(const struct group *group, const struct rows *was)
{
    if (was->n > 0)
        return (was->at[0].flags & EVENT_CROWDED) != 0;
    return group->source->settles_alone || group->thread != 0;
}

/* A group as the ledger has it. Zeroed = empty. */
struct known {
    struct rows billed;
    struct members members;
    bool kept; /* the members stand in a table of their own */
};

static void known_fini(struct known *known)
{
    rows_fini(&known->billed);
    members_fini(&known->members);
}

static int load(struct settler *settler, const struct group *group, struct known *known,
                struct err *err)
{
    struct rows rows = { 0 };
    int rc;

    if (store_group_load(settler->store, group->hash, &known->billed, err) < 0)
        return -1;
    if (!has_kept(group, &known->billed)) {
        read_members(&known->billed, &known->members);
        return 0;
    }
    rc = store_members_load(settler->store, group->hash, &rows, err);
    known->kept = rows.n > 0;
    /* None: lost, in a rescued ledger. */
    read_members(known->kept ? &rows : &known->billed, &known->members);
    rows_fini(&rows);
    return rc;
}

static int keep_members(struct settler *settler, uint64_t group, const struct members *members,
                        struct err *err)
{
    struct rows rows = { 0 };
    size_t i;
    int rc;

    for (i = 0; i < members->n; i++)
        add_rows(&rows, group, &members->at[i]);
    rc = store_members_put(settler->store, group, &rows, err);
    rows_fini(&rows);
    return rc;
}

/* Adds the rows that the group is billed for. */
static int bill(struct settler *settler, const struct group *group, const struct members *members,
                struct rows *billed, struct err *err)
{
    int64_t inherited = 0;
    size_t i;

    if (group->thread &&
        threads_inherited(settler->threads, settler->store, group->thread, &inherited, err) < 0)
        return -1;
    if (group->step < inherited)
        return 0;
    if (members->n == 1 && !group->source->settles_alone)
        add_rows(billed, group->hash, &members->at[0]);
    else
        decide(group->source, group->hash, members, billed);
    for (i = 0; i < billed->n; i++)
        finish_row(settler, &billed->at[i], members->n > 1);
    return 0;
}

int settle_group(struct settler *settler, const struct group *group, const struct members *news,
                 struct err *err)
{
    static const struct members none;
    struct known was = { 0 };
    struct members *members = &was.members;
    struct rows billed = { 0 };
    int rc = -1;
    bool keeps;
    size_t i;

    if (load(settler, group, &was, err) < 0)
        goto out;
    for (i = 0; i < news->n; i++) {
        struct member copy = member_dup(&news->at[i]);

        members_put(members, &copy, group->source);
    }
    if (members->n > 0 && bill(settler, group, members, &billed, err) < 0)
        goto out;
    keeps = members->n > 1 || members->n > billed.n; /* what the billed rows do not tell of */
    if ((keeps || was.kept) && keep_members(settler, group->hash, keeps ? members : &none, err) < 0)
        goto out;
    if (!rows_equal(&was.billed, &billed)) {
        if (store_group_put(settler->store, &was.billed, &billed, err) < 0)
            goto out;
        settler->changes++;
    }
    if (settler->tally)
        tally_group(settler->tally, group->source, news->n > 0 ? group->hash : 0,
                    (int64_t)was.billed.n, (int64_t)billed.n);
    rc = 0;
out:
    known_fini(&was);
    rows_fini(&billed);
    return rc;
}

/* ---- all of them ---- */

struct settling {
    struct settler *settler;
    struct err *err;
};

static int on_group(void *to, const struct group *group, struct members *members)
{
    struct settling *s = to;

    return settle_group(s->settler, group, members, s->err);
}

static int on_changed(void *to, const struct source *source, uint64_t id, int64_t step)
{
    static const struct members none;
    struct settling *s = to;
    struct group group = group_in_thread(source, id, step);

    return settle_group(s->settler, &group, &none, s->err);
}

int settle_all(struct settler *settler, struct pending *pending, struct err *err)
{
    struct settling s = { settler, err };

    if (threads_settle(settler->threads, settler->store, on_changed, &s, err) < 0)
        return -1;
    return pending_each(pending, on_group, &s);
}
