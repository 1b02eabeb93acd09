/* show/banner.h — what a person who calls the daemon reads on the terminal.
 *
 * Writes to stdout at once (errors to stderr). On a terminal, progress is drawn over itself;
 * elsewhere only its beginning and end are written. SPDX-License-Identifier: MIT
 */
#ifndef SHOW_BANNER_H
#define SHOW_BANNER_H

#include "base/span.h"

struct show_found {
    const char *title; /* "Claude Code" */
    int64_t files, bytes;
};

void show_banner_url(const char *url, bool demo);
/* `done_ms` < 0 while it goes on. */
void show_banner_reading(const struct show_found *found, size_t n, int permille, int64_t done_ms);
/* No logs at all: where they would be, and what to do. */
void show_banner_empty(const char *const *folders, size_t n);
/* "tacho is running already: …" and other single sentences. */
void show_banner_line(const char *text);
/* What went wrong, on stderr, with the program's name before it. */
void show_banner_error(const char *text);
/* Text that stands ready, as it is. */
void show_banner_text(struct span text);

#endif
