/* show/ask.h — one line from the person at the terminal.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_ASK_H
#define SHOW_ASK_H

#include "base/buf.h"
#include "base/err.h"

/* Asks for a secret, which is not shown while it is typed; where stdin is no terminal, its first
 * line is taken without a word. 0, or -1 with *err when nothing was entered. */
int show_ask_secret(const char *prompt, struct buf *out, struct err *err);

#endif
