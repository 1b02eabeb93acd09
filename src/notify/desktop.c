/* notify/desktop.c — see desktop.h.
 *
 * The programs that desktops have for it are run as they are found on PATH, without a shell: the
 * text is one argument.
 * SPDX-License-Identifier: MIT
 */
#include "notify/desktop.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "notify/hook.h"

#include <stdlib.h>
#include <unistd.h>

#define LIMIT_MS  5000
#define WORDS_MAX 10

static const struct way {
    const char *program;
    const char *words[WORDS_MAX]; /* the text comes behind them */
} ways[] = {
    { "notify-send", { "--app-name=tacho", "--", "tacho" } },
    { "osascript",
      { "-e", "on run words", "-e", "display notification (item 1 of words) with title \"tacho\"",
        "-e", "end run" } },
};

/* Its path, yours to free; NULL: there is none. */
static char *find(const char *program)
{
    struct span rest = span_of(getenv("PATH")), piece;

    while (span_split(&rest, ':', &piece)) {
        char *folder = xstrndup(piece.p, piece.len), *path = path_join(folder, program);

        free(folder);
        if (path[0] == '/' && access(path, X_OK) == 0)
            return path;
        free(path);
    }
    return NULL;
}

static bool run(const struct way *way, char *path, const char *text)
{
    char *words[WORDS_MAX + 3] = { path };
    struct err err = { 0 };
    size_t n = 1, i;
    bool told;

    for (i = 0; i < WORDS_MAX && way->words[i]; i++)
        words[n++] = xstrdup(way->words[i]);
    words[n++] = xstrdup(text);
    told = hook_run(words, SPAN_LIT("{}"), LIMIT_MS, &err) == 0;
    if (!told)
        log_info("%s", err.text);
    for (i = 1; i < n; i++)
        free(words[i]);
    return told;
}

bool desktop_tell(const char *text)
{
    bool told = false;
    size_t i;

    for (i = 0; i < sizeof(ways) / sizeof(ways[0]) && !told; i++) {
        char *path = find(ways[i].program);

        told = path && run(&ways[i], path, text);
        free(path);
    }
    return told;
}
