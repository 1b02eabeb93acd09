/* source/any.c — see any.h.
 *
 * Every agent with a format of lines (source->lines) is asked for each line in the order of the
 * table; whoever finds something to count in it has found a log of its own.
 * SPDX-License-Identifier: MIT
 */
#include "source/any.h"

#include "base/find.h"
#include "source/common.h"

#include <assert.h>

#define MEMORY_MAX 8192 /* bytes that a format keeps per file */

struct any_memory {
    int64_t told; /* place in `sources` and one; 0: nobody knows the lines so far */
};

const struct source *source_any_told(const void *memory)
{
    const struct any_memory *m = memory;

    return m->told > 0 ? sources[m->told - 1] : NULL;
}

static void note_event(void *to, const struct event *event)
{
    (void)event;
    *(bool *)to = true;
}

static void note_observation(void *to, const struct observation *observation)
{
    (void)observation;
    *(bool *)to = true;
}

/* What a source makes of a line, without a word to anybody. True: it found something in it. */
static bool finds(const struct source *source, const struct scanner *s, struct span line,
                  enum problem *problem)
{
    bool found = false;
    const struct sink sink = { note_event, note_observation, &found };
    _Alignas(16) char memory[MEMORY_MAX] = { 0 };
    struct scanner own = *s;

    assert(source->lines->memory <= sizeof(memory));
    own.memory = memory;
    own.before = SPAN_ABSENT;
    own.out = &sink;
    own.problem = PROBLEM_NONE;
    source->lines->scan(&own, line);
    *problem = own.problem;
    return found;
}

static enum scan any_scan(struct scanner *s, struct span line)
{
    struct any_memory *memory = s->memory;
    enum problem first = PROBLEM_NONE, problem;
    struct picked nothing;
    int i;

    if (memory->told > 0)
        return SCAN_SKIP; /* it will be read again */
    if (pick_json(line, (const struct pick_key[]){ { NULL } }, &nothing, 1) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    for (i = 0; sources[i]; i++) {
        if (!sources[i]->lines)
            continue;
        if (finds(sources[i], s, line, &problem)) {
            memory->told = i + 1;
            return SCAN_SKIP;
        }
        if (first == PROBLEM_NONE)
            first = problem;
    }
    return first == PROBLEM_NONE ? SCAN_SKIP : scan_bad(s, first);
}

static const char *const needles[] = { NULL }; /* every line of a run is looked at */

static const struct format lines = {
    .framing = FRAMING_LINES,
    .needles = needles,
    .memory = sizeof(struct any_memory),
    .scan = any_scan,
};

static void no_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    (void)env;
    (void)add;
    (void)to;
}

static const struct format *any_format(struct span below)
{
    return span_ends(below, ".jsonl") ? &lines : NULL;
}

const struct source source_any = {
    .name = "unknown",
    .title = "unknown agent",
    .roots = no_roots,
    .format = any_format,
    .choose = choose_larger,
    .lines = &lines,
};
