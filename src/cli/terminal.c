/* cli/terminal.c — what the terminal can do, and a line that comes and goes on it.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLEAR_SCREEN "\033[H\033[2J"

#define WIDTH_MAX   1000
#define PATIENCE_MS 300 /* what is over sooner needs no progress */
#define ERASE_LINE  "\r\033[K"

/* $COLUMNS where somebody exported it, else what the terminal says, else 0 (a pipe). */
static int find_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int64_t width;

    if (columns && span_int(span_of(columns), &width) && width > 0 && width <= WIDTH_MAX)
        return (int)width;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static bool find_color(const char *when)
{
    const char *term = getenv("TERM");

    if (!span_is(span_of(when), "auto"))
        return span_is(span_of(when), "always");
    return isatty(STDOUT_FILENO) && term && !span_is(span_of(term), "dumb");
}

struct show_style terminal_style(const struct config *config)
{
    return (struct show_style){
        .width = find_width(),
        .color = find_color(config->no_color ? "never" : config->color),
        .unicode = span_is(span_of(nl_langinfo(CODESET)), "UTF-8"),
        .compact = config->compact,
    };
}

struct progress progress_start(const struct cli *cli)
{
    return (struct progress){
        .wanted = !cli->config->quiet && isatty(STDERR_FILENO),
        .unicode = cli->style.unicode,
        .percent = -1,
        .patient_until_ms = clock_boot_ms() + PATIENCE_MS,
    };
}

void progress_step(void *to, int permille)
{
    struct progress *p = to;

    if (!p->wanted || permille / 10 == p->percent || clock_boot_ms() < p->patient_until_ms)
        return;
    p->percent = permille / 10;
    fprintf(stderr, ERASE_LINE "Reading logs%s %d%%", p->unicode ? "\u2026" : "...", p->percent);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->percent >= 0)
        fputs(ERASE_LINE, stderr);
    progress->percent = -1;
}

int terminal_draw(const struct buf *text, struct err *err)
{
    bool screen = isatty(STDOUT_FILENO);

    if ((!screen || fputs(CLEAR_SCREEN, stdout) >= 0) &&
        fwrite(text->p, 1, text->len, stdout) == text->len && fflush(stdout) == 0)
        return 0;
    err_set(err, ERR_IO, "cannot write to stdout: %s", strerror(errno));
    return -1;
}
