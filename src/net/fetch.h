/* net/fetch.h — ask a web server for one answer, and wait for it.
 *
 * For the few calls that a daemon makes on its owner's behalf. libcurl does it, loaded when it is
 * first needed, so that nobody pays for it who never asks. Follows no redirects, takes no more than
 * it was told to, says nothing of headers or bodies in errors. Thread-safe; blocks the calling
 * thread. SPDX-License-Identifier: MIT
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "base/buf.h"
#include "base/err.h"

struct fetch_request {
    const char *url;            /* http:// or https:// */
    const char *const *headers; /* "Name: value"; NULL-terminated; never shown anywhere */
    struct span body;           /* POSTed; absent: a GET */
    int64_t limit_ms;           /* for all of it */
    size_t most;                /* bytes of the answer's body; a longer one is an error */
};

struct fetch_answer {
    long status;           /* 200, … */
    int64_t retry_after_s; /* 0: not told */
    struct buf body;       /* yours to buf_fini, also after an error */
};

/* 0 for any answer, whatever its status; -1 with *err (ERR_UNAVAILABLE) where there was none. */
int fetch(const struct fetch_request *request, struct fetch_answer *answer, struct err *err);

#endif
