/* bench/fill_ledger.c — a ledger of many invented events, made faster than logs could be read.
 *
 *   fill_ledger PATH EVENTS
 *
 * Two years of use by a few models, in time order, as a daemon would have written it. Each has a
 * cost of one nanodollar, so that repricing moves every one that has a price. The same arguments
 * give the same events.
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/hash.h"
#include "store/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define FIRST_MS     INT64_C(1732000000000) /* 2024-11-19 */
#define SPAN_MS      (730 * MS_PER_DAY)
#define BATCH        100000
#define SESSIONS     2000
#define PROJECTS     8
#define MODELS       5
#define NAME_LONGEST 32

static const char *const models[MODELS] = { "claude-opus-5", "claude-haiku-4-5-20251001", "gpt-5.6",
                                            "gpt-5.6-luna", "heron-9" };

/* Names hold for one transaction only: it begins with them. */
struct filler {
    struct store *store;
    int64_t events;
    const struct name *agent, *model[MODELS];
    const struct origin *origin[PROJECTS];
};

static const struct name *project(struct filler *f, int n, struct err *err)
{
    char text[NAME_LONGEST];

    snprintf(text, sizeof(text), "project-%d", n);
    return store_name(f->store, NAME_PROJECT, span_of(text), err);
}

static int take_names(struct filler *f, struct err *err)
{
    struct origin wanted;
    int i;

    f->agent = store_name(f->store, NAME_AGENT, SPAN_LIT("claude"), err);
    for (i = 0; i < MODELS; i++)
        f->model[i] = store_name(f->store, NAME_MODEL, span_of(models[i]), err);
    wanted = (struct origin){
        .agent = f->agent,
        .machine = store_name(f->store, NAME_MACHINE, SPAN_LIT("bench"), err),
        .account = store_name(f->store, NAME_ACCOUNT, SPAN_LIT("claude"), err),
    };
    for (i = 0; i < PROJECTS; i++) {
        wanted.project = project(f, i, err);
        f->origin[i] = wanted.project ? store_origin(f->store, &wanted, err) : NULL;
        if (!f->origin[i])
            return -1;
    }
    return 0;
}

static const struct name *session_of(struct filler *f, int64_t i, struct err *err)
{
    char text[NAME_LONGEST];

    snprintf(text, sizeof(text), "session-%d", (int)(i * SESSIONS / f->events));
    return store_session(f->store, f->agent, span_of(text), SPAN_ABSENT, err);
}

static int add_event(struct filler *f, int64_t i, struct err *err)
{
    uint64_t dice = hash_mix((uint64_t)i, 1);
    struct rows was = { 0 }, now = { 0 };
    struct row *row = rows_add(&now);
    int rc = -1;

    *row = (struct row){
        .group = (uint64_t)i << 8,
        .at_ms = FIRST_MS + SPAN_MS / f->events * i,
        .figures = { .tokens = { [TOKEN_INPUT] = (int64_t)(dice % 3000),
                                 [TOKEN_OUTPUT] = (int64_t)(dice / 3000 % 5000),
                                 [TOKEN_CACHE_READ] = (int64_t)(dice / 15000000 % 90000),
                                 [TOKEN_CACHE_WRITE_5M] = (int64_t)(dice >> 50 & 4095) },
                     .logged_nusd = COST_UNTOLD },
        .cost_nusd = 1,
        .model = f->model[dice % MODELS],
        .session = session_of(f, i, err),
        .origin = f->origin[i * SESSIONS / f->events % PROJECTS],
    };
    if (row->session)
        rc = store_group_put(f->store, &was, &now, err);
    rows_fini(&now);
    return rc;
}

static int add_batch(struct filler *f, int64_t first, struct err *err)
{
    int64_t i;

    if (store_begin(f->store, err) < 0)
        return -1;
    if (take_names(f, err) < 0)
        goto undo;
    for (i = first; i < f->events && i < first + BATCH; i++) {
        if (add_event(f, i, err) < 0)
            goto undo;
    }
    return store_commit(f->store, err);
undo:
    store_rollback(f->store);
    return -1;
}

int main(int argc, char **argv)
{
    struct filler f = { 0 };
    struct err err = { 0 };
    int64_t first;

    if (argc != 3 || !span_int(span_of(argv[2]), &f.events) || f.events < 1) {
        fprintf(stderr, "usage: fill_ledger PATH EVENTS\n");
        return EX_USAGE;
    }
    if (store_open(&f.store, argv[1], STORE_WRITE, &err) < 0)
        goto bad;
    for (first = 0; first < f.events; first += BATCH) {
        if (add_batch(&f, first, &err) < 0)
            goto bad;
    }
    store_close(f.store);
    return EXIT_SUCCESS;
bad:
    fprintf(stderr, "fill_ledger: %s\n", err.text);
    store_close(f.store);
    return EXIT_FAILURE;
}
