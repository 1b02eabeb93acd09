/* show/tokens.h — access tokens for the person who looks after them. Appends text; prints nothing.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_TOKENS_H
#define SHOW_TOKENS_H

#include "base/buf.h"

struct show_token {
    int64_t number;
    const char *access; /* "read", "admin" */
    struct span label;
    int64_t created_ms; /* UTC */
};

/* The one time that a token is shown: itself on the first line, alone, so that a script can take
 * it. */
void show_token_new(struct buf *out, const char *token, const char *access);
/* A line per token; the head stands above the first. */
void show_token_row(struct buf *out, const struct show_token *token);
void show_token_none(struct buf *out);

#endif
