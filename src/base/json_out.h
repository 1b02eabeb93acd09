/* base/json_out.h — JSON written straight into a buffer, numbers exact.
 *
 * For what we say, never for what we read. The writer puts the commas; the caller opens and closes
 * in the right order (checked by assert). Text that is not UTF-8 comes out with U+FFFD in the bad
 * places, so an answer is always valid JSON. Not thread-safe.
 *
 *     json_open(&out, '{');
 *     json_key(&out, "cost");  json_money(&out, cost_nusd);
 *     json_close(&out, '}');
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include "base/buf.h"

struct json_out {
    struct buf *buf; /* lent */
    int indent;      /* blanks per level; 0 writes everything on one line */
    int depth;
    uint64_t objects; /* bit d: the container at depth d + 1 is an object; at most 64 deep */
    bool first;       /* nothing stands in the current container yet */
    bool after_key;   /* the next value belongs to a key */
};

void json_out_init(struct json_out *out, struct buf *buf, int indent);
void json_open(struct json_out *out, char bracket);  /* '{' or '[' */
void json_close(struct json_out *out, char bracket); /* '}' or ']' */
void json_key(struct json_out *out, const char *key);
void json_text(struct json_out *out, struct span text); /* an absent span writes null */
void json_int(struct json_out *out, int64_t value);
void json_bool(struct json_out *out, bool value);
void json_nil(struct json_out *out);
void json_raw(struct json_out *out, struct span json); /* a value that is valid JSON already */
void json_money(struct json_out *out, int64_t nusd);   /* dollars, at most 9 decimals, exact */
void json_fixed(struct json_out *out, double value, int decimals); /* NaN and infinities: null */

/* Key and value in one call, for the common cases. */
void json_put_int(struct json_out *out, const char *key, int64_t value);
void json_put_text(struct json_out *out, const char *key, struct span text);
void json_put_money(struct json_out *out, const char *key, int64_t nusd);
void json_put_bool(struct json_out *out, const char *key, bool value);

#endif
