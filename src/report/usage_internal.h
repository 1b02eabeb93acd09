/* report/usage_internal.h — what the files of the usage window share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_USAGE_INTERNAL_H
#define REPORT_USAGE_INTERNAL_H

#include "base/arena.h"
#include "report/usage.h"

/* An orchestrator's agent: what is not told of its tasks is found here. */
struct usage_known {
    struct span name, type, model;
};

/* A folder whose work goes by another name. */
struct usage_alias {
    struct span folder, name;
};

struct usage_settings {
    struct usage_reset reset;
    int64_t threshold; /* 0: none */
    struct usage_known *agents;
    size_t agents_n, agents_space;
    struct usage_alias *aliases;
    size_t aliases_n, aliases_space;
    struct arena *arena; /* owns the texts */
};

/* NULL where the agent is not known. */
const struct usage_known *usage_settings_agent(const struct usage_settings *settings,
                                               struct span name);
/* The name that work in this folder, or below it, goes by; absent where it has none. */
struct span usage_settings_alias(const struct usage_settings *settings, struct span project);

#endif
