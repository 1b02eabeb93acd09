/* ingest/threads.c — which events of a thread are copies of its ancestors' history.
 *
 * Logs come in any order and some are gone, so that is decided from what the ledger keeps of each
 * thread, and decided anew for a thread whenever it, its parent or (while the parent was never
 * seen) a sibling has news. What follows for its events is settled in the same transaction; their
 * logs are not needed.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/ingest_internal.h"

#include "base/mem.h"

#include <stdlib.h>

struct entry {
    struct thread_row row;
    bool known;      /* there is such a thread, in the ledger or in this batch */
    bool changed;    /* news have come that others may depend on */
    bool due;        /* to be decided anew */
    int64_t written; /* steps before this one are in the ledger as they are */
    int64_t space;   /* for how many steps there is room */
};

struct threads {
    struct entry **at; /* pointers stay valid until they are cleared */
    size_t n, space;
    uint32_t *slots; /* open addressing by id: index + 1 into at */
    size_t slots_n;  /* power of two */
};

#define SLOTS_FEW 256

/* ---- the table ---- */

struct threads *threads_new(void)
{
    struct threads *t = xcalloc(1, sizeof(*t));

    t->slots_n = SLOTS_FEW;
    t->slots = xcalloc(t->slots_n, sizeof(*t->slots));
    return t;
}

void threads_clear(struct threads *t)
{
    size_t i;

    if (t->n == 0)
        return;
    for (i = 0; i < t->n; i++) {
        thread_row_fini(&t->at[i]->row);
        free(t->at[i]);
    }
    free(t->at);
    t->at = NULL;
    t->n = t->space = 0;
    t->slots_n = SLOTS_FEW;
    t->slots = xreallocarray(t->slots, t->slots_n, sizeof(*t->slots));
    memset(t->slots, 0, t->slots_n * sizeof(*t->slots));
}

void threads_free(struct threads *t)
{
    if (!t)
        return;
    threads_clear(t);
    free(t->slots);
    free(t);
}

static size_t slot_of(const struct threads *t, uint64_t id)
{
    size_t i = id & (t->slots_n - 1);

    while (t->slots[i] && t->at[t->slots[i] - 1]->row.thread.id != id)
        i = (i + 1) & (t->slots_n - 1);
    return i;
}

static void widen(struct threads *t)
{
    size_t i;

    t->slots_n *= 2;
    free(t->slots);
    t->slots = xcalloc(t->slots_n, sizeof(*t->slots));
    for (i = 0; i < t->n; i++)
        t->slots[slot_of(t, t->at[i]->row.thread.id)] = (uint32_t)(i + 1);
}

/* The thread as the ledger knows it, or as one that is not known. NULL with *err. */
static struct entry *get(struct threads *t, struct store *store, uint64_t id, struct err *err)
{
    size_t slot = slot_of(t, id);
    struct entry *e;
    int rc;

    if (t->slots[slot])
        return t->at[t->slots[slot] - 1];
    e = xcalloc(1, sizeof(*e));
    rc = store_thread_load(store, id, &e->row, err);
    if (rc < 0) {
        thread_row_fini(&e->row);
        free(e);
        return NULL;
    }
    e->known = rc == 1;
    e->row.thread.id = id;
    e->written = e->space = e->row.thread.steps_n;
    t->at = xgrow(t->at, t->n, &t->space, sizeof(struct entry *));
    t->at[t->n++] = e;
    t->slots[slot] = (uint32_t)t->n;
    if (t->n * 2 > t->slots_n)
        widen(t);
    return e;
}

/* ---- news ---- */

/* Copies of a log say the same; should they differ, the outcome must not depend on their order. */
static void set_step(struct entry *e, int64_t index, uint64_t mark)
{
    struct lineage *t = &e->row.thread;

    if (index < 0 || index >= THREAD_STEPS_MAX || (index < t->steps_n && t->steps[index] >= mark))
        return;
    if (index >= e->space) {
        e->space = index < 8 ? 16 : index * 2;
        t->steps = xreallocarray(t->steps, (size_t)e->space, sizeof(*t->steps));
    }
    while (t->steps_n <= index)
        t->steps[t->steps_n++] = 0;
    t->steps[index] = mark;
    e->changed = true;
    if (index < e->written)
        e->written = index;
}

static void merge_told(struct entry *e, const struct thread_news *news)
{
    struct lineage *t = &e->row.thread;

    if (news->steps_n < t->told_at || (news->steps_n == t->told_at && news->told <= t->told))
        return;
    t->told = news->told;
    t->told_at = news->steps_n;
    e->changed = true;
}

int threads_note(struct threads *threads, struct store *store, const struct name *agent,
                 const struct thread_news *news, struct err *err)
{
    struct entry *e = get(threads, store, news->id, err);
    struct lineage *t;

    if (!e)
        return -1;
    t = &e->row.thread;
    if (!e->known) {
        e->known = e->changed = true;
        e->row.agent = agent;
        e->row.name = xstrndup(news->name.p, news->name.len);
        t->name = (struct span){ e->row.name, news->name.len };
    }
    e->changed |= news->parent > t->parent || (news->evidence & ~t->evidence) != 0;
    if (news->parent > t->parent)
        t->parent = news->parent;
    t->evidence |= news->evidence;
    if (news->mark)
        set_step(e, news->steps_n - 1, news->mark);
    if (news->evidence) /* else nothing is told of copies */
        merge_told(e, news);
    return 0;
}

int threads_inherited(struct threads *threads, struct store *store, uint64_t id, int64_t *n,
                      struct err *err)
{
    const struct entry *e = get(threads, store, id, err);

    if (!e)
        return -1;
    *n = e->row.thread.inherited;
    return 0;
}

/* ---- who has to be decided anew ---- */

struct ids {
    uint64_t *at;
    size_t n, space;
};

static void add_id(void *to, uint64_t id)
{
    struct ids *ids = to;

    ids->at = xgrow(ids->at, ids->n, &ids->space, sizeof(*ids->at));
    ids->at[ids->n++] = id;
}

static int mark_due(struct threads *t, struct store *store, uint64_t parent, struct err *err)
{
    struct ids ids = { 0 };
    int rc = store_threads_of(store, parent, add_id, &ids, err);
    size_t i;

    for (i = 0; rc == 0 && i < ids.n; i++) {
        struct entry *e = get(t, store, ids.at[i], err);

        if (e)
            e->due = true;
        else
            rc = -1;
    }
    free(ids.at);
    return rc;
}

static int write_one(struct entry *e, struct store *store, struct err *err)
{
    if (store_thread_put(store, &e->row, e->written, err) < 0)
        return -1;
    e->written = e->row.thread.steps_n;
    return 0;
}

/* Writes the threads that have news, so that the ledger can tell their kin; and marks all whom the
 * news concern. */
static int take_news(struct threads *t, struct store *store, struct err *err)
{
    size_t i, n = t->n;

    for (i = 0; i < n; i++) {
        if (t->at[i]->changed && write_one(t->at[i], store, err) < 0)
            return -1;
    }
    for (i = 0; i < n; i++) {
        const struct entry *e = t->at[i];
        uint64_t parent = e->row.thread.parent;
        struct entry *p;

        if (!e->changed)
            continue;
        t->at[i]->due = true;
        if (mark_due(t, store, e->row.thread.id, err) < 0)
            return -1;
        if (parent == 0 || e->row.thread.evidence == 0)
            continue;
        p = get(t, store, parent, err);
        if (!p || (!p->known && mark_due(t, store, parent, err) < 0))
            return -1;
    }
    return 0;
}

/* ---- deciding ---- */

static int ask_among_siblings(struct threads *t, struct store *store, const struct source *source,
                              struct entry *e, struct err *err)
{
    const struct lineage *own = &e->row.thread;
    const struct lineage **siblings;
    struct ids ids = { 0 };
    int rc = store_threads_of(store, own->parent, add_id, &ids, err), n = 0;
    size_t i;

    siblings = xcalloc(ids.n + 1, sizeof(*siblings));
    for (i = 0; rc == 0 && i < ids.n; i++) {
        const struct entry *other = get(t, store, ids.at[i], err);

        if (!other)
            rc = -1;
        else if (other != e)
            siblings[n++] = &other->row.thread;
    }
    if (rc == 0)
        e->row.thread.inherited = source->inherit(own, NULL, siblings, n);
    free(siblings);
    free(ids.at);
    return rc;
}

static int ask(struct threads *t, struct store *store, const struct source *source, struct entry *e,
               struct err *err)
{
    struct lineage *own = &e->row.thread;
    const struct entry *parent;

    if (own->parent == 0 || own->evidence == 0) {
        own->inherited = 0;
        return 0;
    }
    parent = get(t, store, own->parent, err);
    if (!parent)
        return -1;
    if (!parent->known)
        return ask_among_siblings(t, store, source, e, err);
    own->inherited = source->inherit(own, &parent->row.thread, NULL, 0);
    return 0;
}

/* Decides for one and writes it. *was: how many of its events were copies before. */
static int decide(struct threads *t, struct store *store, struct entry *e, int64_t *was,
                  struct err *err)
{
    const struct source *source = source_find(e->row.agent->text);

    *was = e->row.thread.inherited;
    if (!source || !source->inherit)
        return 0;
    if (ask(t, store, source, e, err) < 0)
        return -1;
    return e->row.thread.inherited != *was ? write_one(e, store, err) : 0;
}

/* Tells which of its events stand otherwise than when `was` of them were copies. */
static int tell_changed(const struct entry *e, int64_t was, threads_changed_fn *changed, void *to)
{
    int64_t now = e->row.thread.inherited;
    int64_t step = was < now ? was : now, end = was < now ? now : was;

    for (; step < end; step++) {
        if (changed(to, source_find(e->row.agent->text), e->row.thread.id, step) < 0)
            return -1;
    }
    return 0;
}

int threads_settle(struct threads *t, struct store *store, threads_changed_fn *changed, void *to,
                   struct err *err)
{
    int64_t was;
    size_t i;

    if (take_news(t, store, err) < 0)
        return -1;
    for (i = 0; i < t->n; i++) { /* n may grow: parents and siblings are looked up */
        struct entry *e = t->at[i];

        if (e->due && (decide(t, store, e, &was, err) < 0 || tell_changed(e, was, changed, to) < 0))
            return -1;
        e->due = e->changed = false;
    }
    return 0;
}
