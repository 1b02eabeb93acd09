/* ingest/member.c — merge copies of one response, whatever order they come in.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/ingest_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

#define OWNER_FLAGS (EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN | EVENT_SUBAGENT)
#define SEEN_FLAGS  (EVENT_STOPPED | EVENT_MAIN_CHAIN)

void member_fini(struct member *member)
{
    free(member->extras);
    member->extras = NULL;
    member->extras_n = 0;
}

static void copy_extras(struct member *to, const struct member *from)
{
    free(to->extras);
    to->extras = NULL;
    to->extras_n = from->extras_n;
    if (from->extras_n == 0)
        return;
    to->extras = xreallocarray(NULL, (size_t)from->extras_n, sizeof(*to->extras));
    memcpy(to->extras, from->extras, (size_t)from->extras_n * sizeof(*to->extras));
}

struct member member_dup(const struct member *member)
{
    struct member copy = *member;

    copy.extras = NULL;
    copy_extras(&copy, member);
    return copy;
}

static uint64_t extra_mark(const struct extra *extra)
{
    struct span figures = { (const char *)&extra->figures, sizeof(extra->figures) };

    return hash_span_seed(figures, hash_mix(hash_span(extra->model->text), extra->flags));
}

struct rival member_rival(const struct member *m)
{
    struct rival r = { &m->figures, m->flags, m->mark, m->model->text, 0, 0 };
    int i;

    for (i = 0; i < m->extras_n; i++) {
        r.extras_total += figures_total(&m->extras[i].figures);
        r.extras_mark += extra_mark(&m->extras[i]);
    }
    return r;
}

static void take_flags(struct member *to, const struct member *from, uint32_t which)
{
    to->flags = (to->flags & ~which) | (from->flags & which);
}

/* The earliest logged time; a guessed one counts only while there is no other. */
static void merge_time(struct member *to, const struct member *from)
{
    bool guessed = to->flags & EVENT_TIME_GUESSED;
    bool other_guessed = from->flags & EVENT_TIME_GUESSED;

    if (guessed == other_guessed ? from->at_ms < to->at_ms : guessed) {
        to->at_ms = from->at_ms;
        take_flags(to, from, EVENT_TIME_GUESSED);
    }
}

static int owner_rank(const struct member *m)
{
    return (m->flags & EVENT_OWNER_MAIN ? 2 : 0) + (m->flags & EVENT_OWNER_PLAIN ? 1 : 0);
}

/* Whose figures stand, or what both come to. */
static void merge_figures(struct member *to, const struct member *from, const struct source *source)
{
    struct rival a = member_rival(to), b = member_rival(from);
    struct figures joined = to->figures;

    if (source->join)
        source->join(&joined, &from->figures);
    if (source->choose(&a, &b) < 0) {
        to->figures = from->figures;
        to->model = from->model;
        to->mark = from->mark;
        take_flags(to, from, EVENT_FIGURE_FLAGS);
        copy_extras(to, from);
    }
    if (source->join)
        to->figures = joined;
}

/* A copy outside every run's logs takes it from nobody. */
static int64_t lower_run(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

void member_merge(struct member *to, const struct member *from, const struct source *source)
{
    to->run = lower_run(to->run, from->run);
    merge_figures(to, from, source);
    merge_time(to, from);
    if (owner_rank(from) > owner_rank(to)) {
        to->session = from->session;
        to->origin = from->origin;
        take_flags(to, from, OWNER_FLAGS);
    }
    to->flags |= from->flags & SEEN_FLAGS;
}

void members_fini(struct members *members)
{
    size_t i;

    for (i = 0; i < members->n; i++)
        member_fini(&members->at[i]);
    free(members->at);
    *members = (struct members){ 0 };
}

void members_push(struct members *members, struct member *member)
{
    members->at = xgrow(members->at, members->n, &members->space, sizeof(*members->at));
    members->at[members->n++] = *member;
    member->extras = NULL;
}

bool members_put(struct members *members, struct member *member, const struct source *source)
{
    size_t i;

    for (i = 0; i < members->n; i++) {
        if (members->at[i].part == member->part) {
            member_merge(&members->at[i], member, source);
            member_fini(member);
            return true;
        }
    }
    if (members->n == MEMBERS_MAX) {
        member_fini(member);
        return false;
    }
    members_push(members, member);
    return true;
}
