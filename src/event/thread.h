/* event/thread.h — threads of conversation, whose logs may begin with a copy of another's.
 *
 * A fork or a sub-agent may take the history of its parent along into a log of its own, where
 * nothing tells copies from what was spent anew. So the ledger keeps of each thread what it takes
 * to recognise a copy of it: marks of its steps in their order, also when its log is long gone.
 * Plain data; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_THREAD_H
#define EVENT_THREAD_H

#include "base/span.h"

/* What a line tells of the thread it stands in. The log has `steps_n` steps now. */
struct thread_news {
    uint64_t id;       /* hash of its name; never 0 */
    uint64_t parent;   /* id of the thread it may have begun as a copy of; 0: none */
    struct span name;  /* lent; their order decides who counts what siblings share */
    uint32_t evidence; /* the source's own bits: why there may be copies; 0: there are none */
    int64_t told;      /* events at its start that are copies, as far as its own log shows */
    int64_t steps_n;
    uint64_t mark; /* of the last step, if this line is one; else 0 */
};

/* What is known of a thread. */
struct lineage {
    uint64_t id, parent;
    struct span name;
    uint32_t evidence;
    int64_t told, told_at; /* said when the log had so many steps: more of it knows better */
    int64_t inherited;     /* events at its start that are copies and not billed */
    uint64_t *steps;       /* marks; 0 where one is lost */
    int64_t steps_n;
};
#define THREAD_STEPS_MAX (1 << 20) /* kept of one thread; what is behind cannot be a copy */

/* How many events at a thread's start are copies, which are not billed. `parent` is NULL while no
 * log of it was ever seen; only then the other threads that name it are given, in the order of
 * their names. A pure function of what it is shown, asked again whenever any of that changes. */
typedef int64_t thread_inherit_fn(const struct lineage *own, const struct lineage *parent,
                                  const struct lineage *const *siblings, int n);

#endif
