/* source/agents.h — the constants that registry.c lists. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_AGENTS_H
#define SOURCE_AGENTS_H

#include "source/source.h"

extern const struct source source_claude;
extern const struct source source_codex;
extern const struct source source_gemini;
extern const struct source source_omp;
extern const struct source source_openclaw;
extern const struct source source_pi;
extern const struct source source_qwen;

/* Formats that several agents share. */
const struct format *gemini_format(struct span below);
extern const struct format pi_lines, pi_packed;
enum scan pi_scan(struct scanner *s, struct span line);

#endif
