/* tui/terminal.h — the terminal while a program has all of it.
 *
 * From terminal_enter to terminal_leave signals that would end or stop the process arrive as
 * events instead, so that it is always given back as it was. One at a time; not thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "base/err.h"
#include "base/span.h"

struct terminal;

/* 0, or -1 with *err where stdin and stdout are none that can do this. */
int terminal_enter(struct terminal **out, struct err *err);
void terminal_leave(struct terminal *terminal); /* NULL is fine */

void terminal_size(const struct terminal *terminal, int *columns, int *rows);
int terminal_write(struct terminal *terminal, struct span bytes, struct err *err);

enum terminal_news {
    TERMINAL_QUIET,   /* nothing happened in that time */
    TERMINAL_KEY,     /* .code: a byte; KEY_ESCAPE for that key alone */
    TERMINAL_CHANGED, /* another size, or somebody else wrote on it */
    TERMINAL_ENDED,   /* .code: the signal */
};
#define KEY_ESCAPE    27
#define KEY_ENTER     '\r'
#define KEY_BACKSPACE 127
struct terminal_event {
    enum terminal_news news;
    int code;
};
struct terminal_event terminal_wait(struct terminal *terminal, int64_t limit_ms);

#endif
