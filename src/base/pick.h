/* base/pick.h — pick a few values out of one JSON text, strictly and without allocating.
 *
 * For log lines: most of a line is conversation we must not keep, a handful of numbers is what we
 * want. A tree of keys says which; one pass over the text checks the whole grammar (so that a line
 * cut off anywhere is refused) and hands back where the wanted values lie. Values point into the
 * text. Thread-safe (no state). Duplicate keys: the last one wins. Depth is limited to 1024. Keys
 * are compared as they are written: one spelt with escapes is another key.
 *
 *     static const struct pick_key usage_keys[] = { { "output_tokens", V_OUTPUT }, { NULL } };
 *     static const struct pick_key line_keys[] = {
 *         { "type", V_TYPE }, { "usage", V_USAGE, usage_keys }, { NULL } };
 *     struct picked v[V_COUNT];
 *     if (pick_json(line, line_keys, v, V_COUNT) < 0) …not JSON…
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_PICK_H
#define BASE_PICK_H

#include "base/span.h"

enum picked_type {
    PICKED_ABSENT, /* not there, or null: logs use both for the same thing */
    PICKED_FALSE,
    PICKED_TRUE,
    PICKED_NUMBER,
    PICKED_STRING,
    PICKED_ARRAY,
    PICKED_OBJECT,
};

struct picked {
    enum picked_type type;
    struct span text; /* as written; of a string without its quotes, escapes still in */
    bool escaped;     /* a string that holds a backslash: picked_text before use as text */
};

struct pick_key {
    const char *name;             /* NULL ends the list */
    int slot;                     /* where the value goes in `values`, or -1 */
    const struct pick_key *below; /* keys wanted inside it if it is an object, or NULL */
};

/* Fills values[0…count) (absent ones are zeroed). The text must be one object, with blanks around
 * it at most. 0, or -1 when it is not valid JSON or no object. */
int pick_json(struct span text, const struct pick_key *keys, struct picked *values, int count);

/* Walks an array or object value: the elements one after another. Start with *at = 0; false at the
 * end. `name` (may be NULL) gets the key where `container` is an object. Only for text that
 * pick_json has accepted. */
bool pick_each(struct picked container, size_t *at, struct span *name, struct picked *value);

/* The text of a string value in UTF-8: itself where nothing is escaped, else decoded into
 * `scratch` (cut to `size`; a lone surrogate becomes U+FFFD). Absent where it is no string. */
struct span picked_text(const struct picked *value, char *scratch, size_t size);

enum picked_number { PICKED_INT_ABSENT, PICKED_INT_OK, PICKED_INT_BAD };
/* An integer however the log writes it: 12, 12.0, 1.2e1, "12". Fractions truncate, negatives give
 * 0. BAD: not a number, or above 2^53. */
enum picked_number picked_int(const struct picked *value, int64_t *out);

/* Dollars to nanodollars, exactly, half up: 0.0123, 1.5e-7, "0.2". False if absent or no number. */
bool picked_nusd(const struct picked *value, int64_t *out);

/* A time as FORMATS allow it: RFC 3339 text or Unix s, ms, us, ns. False if absent or unreadable.
 */
bool picked_time(const struct picked *value, int64_t *at_ms);

#endif
