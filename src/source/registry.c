/* source/registry.c — every agent we can read, one row each.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"

/* clang-format off */
const struct source *const sources[] = {
    &source_claude,
    &source_claude_status,
    &source_codex,
    &source_gemini,
    &source_qwen,
    &source_openclaw,
    &source_pi,
    &source_omp,
    &source_copilot,
    &source_amp,
    &source_kimi,
    &source_droid,
    &source_cline,
    &source_roo,
    &source_kilocode,
    &source_opencode,
    &source_kilo,
    &source_goose,
    &source_zed,
    &source_crush,
    NULL,
};
/* clang-format on */

const struct format format_wal = { .framing = FRAMING_WAL };

const char *const problem_names[PROBLEM_KINDS] = {
    [PROBLEM_NONE] = "none",
    [PROBLEM_NOT_JSON] = "not_json",
    [PROBLEM_NO_USAGE] = "no_usage",
    [PROBLEM_NO_MODEL] = "no_model",
    [PROBLEM_SUSPICIOUS] = "suspicious",
    [PROBLEM_TOO_LONG] = "too_long",
    [PROBLEM_DAMAGED] = "damaged",
    [PROBLEM_UNKNOWN_FORMAT] = "unknown_format",
};

const struct source *source_find(struct span name)
{
    const struct source *const *s;

    for (s = sources; *s; s++) {
        if (span_is(name, (*s)->name))
            return *s;
    }
    return NULL;
}
