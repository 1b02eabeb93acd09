/* base/log.c — see log.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *_Atomic log_program = "tacho";
static _Atomic int log_level = LOG_LEVEL_WARNING;

static const struct {
    const char *journal; /* sd-daemon(3) priority prefix */
    const char *word;
} levels[] = {
    [LOG_LEVEL_ERROR] = { "<3>", "error: " },
    [LOG_LEVEL_WARNING] = { "<4>", "warning: " },
    [LOG_LEVEL_INFO] = { "<6>", "" },
    [LOG_LEVEL_DEBUG] = { "<7>", "debug: " },
};

void log_set(const char *program, enum log_level level)
{
    log_program = program;
    log_level = (int)level;
}

__attribute__((format(printf, 2, 0))) static void say(enum log_level level, const char *format,
                                                      va_list args)
{
    char text[1024], line[1200];
    size_t i;
    int n;

    if ((int)level > log_level)
        return;
    vsnprintf(text, sizeof(text), format, args);
    for (i = 0; text[i]; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
    }
    n = snprintf(line, sizeof(line), "%s%s: %s%s\n",
                 getenv("JOURNAL_STREAM") ? levels[level].journal : "", log_program,
                 levels[level].word, text);
    /* One write, so that lines of two threads never mix; a closed stderr is not our trouble. */
    if (write(STDERR_FILENO, line, (size_t)n) < 0)
        return;
}

#define LOG_FUNCTION(name, level)                                                                  \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list args;                                                                              \
                                                                                                   \
        va_start(args, format);                                                                    \
        say(level, format, args);                                                                  \
        va_end(args);                                                                              \
    }

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
