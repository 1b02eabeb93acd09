/* base/err.h — why something in the world did not work.
 *
 * A function that can fail for reasons outside the program takes a `struct err *`, returns -1 and
 * fills it in with one sentence that names the thing. Whoever is on top says it once.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_kind {
    ERR_NONE,
    ERR_USAGE,       /* the caller asked for something that makes no sense */
    ERR_NOT_FOUND,   /* a named thing that does not exist */
    ERR_IO,          /* disk, permissions */
    ERR_FULL,        /* no space left; trying again later can work */
    ERR_BUSY,        /* somebody else holds it; trying again can work */
    ERR_DAMAGED,     /* the file is not what it should be */
    ERR_NEWER,       /* written by a newer program */
    ERR_UNAVAILABLE, /* a service or port that cannot be had */
    ERR_INTERNAL,
};

struct err {
    enum err_kind kind;
    char text[480]; /* one sentence, no newline, no secret */
};

/* NULL `err` is fine: the reason is then dropped. */
void err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The exit code of the program for this kind: 1, 2, 69, 70 or 74 (sysexits.h). */
int err_exit_code(enum err_kind kind);

#endif
