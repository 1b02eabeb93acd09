/* source/agents.h — the constants that registry.c lists. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_AGENTS_H
#define SOURCE_AGENTS_H

#include "source/source.h"

extern const struct source source_amp;
extern const struct source source_claude;
extern const struct source source_cline;
extern const struct source source_claude_status;
extern const struct source source_codex;
extern const struct source source_copilot;
extern const struct source source_crush;
extern const struct source source_droid;
extern const struct source source_gemini;
extern const struct source source_goose;
extern const struct source source_kilocode;
extern const struct source source_kimi;
extern const struct source source_kilo;
extern const struct source source_omp;
extern const struct source source_openclaw;
extern const struct source source_opencode;
extern const struct source source_pi;
extern const struct source source_qwen;
extern const struct source source_roo;
extern const struct source source_zed;

/* Formats that several agents share. */
const struct format *gemini_format(struct span below);
extern const struct format pi_lines, pi_packed;
enum scan pi_scan(struct scanner *s, struct span line);

#endif
