/* ingest/ingest_internal.h — what the files of this room share.
 *
 *   file ──lines.c──▶ source->scan ──event──▶ pending.c (one member per copy, merged in memory)
 *                                  └─thread─▶ threads.c (what is a copy of whose history)
 *                                              │ flush, sorted by group
 *                                              ▼
 *                               settle.c (merge with the ledger, decide, price) ──▶ store
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_INTERNAL_H
#define INGEST_INTERNAL_H

#include "base/hash.h"
#include "ingest/tally.h"
#include "limits/sightings.h"
#include "price/price.h"
#include "source/source.h"
#include "store/rows.h"
#include "store/threads.h"

/* ---- member.c: the copies of one response, merged ---- */

struct extra {
    const struct name *model;
    uint32_t flags;
    struct figures figures;
};

/* All copies seen of one part of a group, as one. Plain but for `extras`, which it owns. */
struct member {
    uint64_t part;
    uint32_t flags, mark;
    int extras_n;
    int64_t at_ms;
    int64_t run; /* the lowest among whose logs a copy was seen, or 0 */
    struct figures figures;
    const struct name *model, *session;
    const struct origin *origin;
    struct extra *extras; /* NULL when there are none */
};

void member_fini(struct member *member);
struct member member_dup(const struct member *member);
/* What a source chooses by; lent, as long as the member lives. */
struct rival member_rival(const struct member *member);
/* `to` was recorded first. Commutative and associative in everything but the owner among equals. */
void member_merge(struct member *to, const struct member *from, const struct source *source);

/* Members of one group. Zeroed = empty. */
struct members {
    struct member *at;
    size_t n, space;
};
#define MEMBERS_MAX 256 /* of one group; a log with more is hostile */
void members_fini(struct members *members);
void members_push(struct members *members, struct member *member); /* takes *member over */
/* Takes *member over: merged into the one of its part, or added. False: the group is full. */
bool members_put(struct members *members, struct member *member, const struct source *source);

/* ---- threads.c: threads that may begin with a copy of another's history ---- */

/* Those that the open batch has to do with, as they will stand in the ledger. */
struct threads;
struct threads *threads_new(void);
void threads_free(struct threads *threads); /* NULL is fine */
void threads_clear(struct threads *threads);
/* A line tells of a thread. */
int threads_note(struct threads *threads, struct store *store, const struct name *agent,
                 const struct thread_news *news, struct err *err);
/* How many events at the thread's start are copies, as far as is known? */
int threads_inherited(struct threads *threads, struct store *store, uint64_t id, int64_t *n,
                      struct err *err);
/* Decides anew for every thread that the batch's news concern, and writes them. `changed` hears of
 * every event that is a copy now and was none, or the other way round; it answers as this does. */
typedef int threads_changed_fn(void *to, const struct source *source, uint64_t id, int64_t step);
int threads_settle(struct threads *threads, struct store *store, threads_changed_fn *changed,
                   void *to, struct err *err);

/* ---- pending.c: groups read but not yet written ---- */

/* What members have in common. */
struct group {
    const struct source *source;
    uint64_t hash;
    uint64_t thread; /* 0: none */
    int64_t step;    /* in the thread */
};
static inline struct group group_in_thread(const struct source *source, uint64_t thread,
                                           int64_t step)
{
    return (struct group){ source, hash_mix(thread, (uint64_t)step), thread, step };
}

struct pending;
struct pending *pending_new(void);
void pending_free(struct pending *pending); /* NULL is fine */
void pending_clear(struct pending *pending);
void pending_trim(struct pending *pending);          /* also gives back what a large batch took */
size_t pending_count(const struct pending *pending); /* groups */
/* Takes *member over. False: the group is full. */
bool pending_add(struct pending *pending, const struct group *group, struct member *member);
/* Every group once, in the order of their hashes. Stops at a non-zero answer and returns it. */
typedef int pending_fn(void *to, const struct group *group, struct members *members);
int pending_each(struct pending *pending, pending_fn *fn, void *to);

/* ---- settle.c: from members to billed rows ---- */

/* Sets cost and the flags that follow from it (EVENT_ESTIMATED, EVENT_UNPRICED). */
void settle_price(struct row *row, const struct price_match *match);

struct settler {
    struct store *store;
    const struct price_table *prices;
    struct threads *threads;
    int64_t changes;     /* groups whose bill is another now */
    struct tally *tally; /* of all groups; NULL: nobody counts them */
};
/* Joins `news` with what the ledger has of the group and writes the outcome. */
int settle_group(struct settler *settler, const struct group *group, const struct members *news,
                 struct err *err);
/* Settles all that is pending, and what follows for other events from the news of threads. */
int settle_all(struct settler *settler, struct pending *pending, struct err *err);

#endif
