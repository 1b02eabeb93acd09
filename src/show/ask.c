/* show/ask.c — see ask.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/ask.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

static void read_line(struct buf *out)
{
    char c;
    ssize_t n;

    while (out->len < LINE_MAX_BYTES) {
        n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || c == '\n')
            break;
        buf_add_char(out, c);
    }
}

int show_ask_secret(const char *prompt, struct buf *out, struct err *err)
{
    struct termios before, silent;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    struct span line;

    if (terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "%s: ", prompt);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    read_line(out);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fprintf(stderr, "\n");
    }
    line = span_trim(buf_span(out));
    if (line.len == 0) {
        err_set(err, ERR_USAGE, "no secret was entered");
        return -1;
    }
    memmove(out->p, line.p, line.len);
    out->p[line.len] = '\0';
    out->len = line.len;
    return 0;
}
