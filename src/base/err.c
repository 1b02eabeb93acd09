/* base/err.c — see err.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

void err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list args;

    if (!err)
        return;
    err->kind = kind;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
}

int err_exit_code(enum err_kind kind)
{
    switch (kind) {
    case ERR_NONE:
        return 0;
    case ERR_USAGE:
        return 2;
    case ERR_NOT_FOUND:
        return 1;
    case ERR_BUSY:
    case ERR_NEWER:
    case ERR_UNAVAILABLE:
        return EX_UNAVAILABLE;
    case ERR_INTERNAL:
        return EX_SOFTWARE;
    case ERR_IO:
    case ERR_FULL:
    case ERR_DAMAGED:
        return EX_IOERR;
    }
    return EX_SOFTWARE;
}
