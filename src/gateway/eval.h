/* gateway/eval.h — the document out of recorded answers, without a gateway.
 *
 *   {"now":"2026-11-22T10:00:00Z", "cost":{…}, "status":{…}, "sessions":{…}}
 *
 * For bug reports, tests and replay. An answer may also be the whole frame that it came in.
 * SPDX-License-Identifier: MIT
 */
#ifndef GATEWAY_EVAL_H
#define GATEWAY_EVAL_H

#include "gateway/usage.h"

struct gateway_eval {
    const struct gateway_prices *prices; /* lent; may be NULL */
    int64_t now_ms;
    bool now_is_fixed; /* goes before the "now" of the text */
};

/* Writes the document, whatever the text is. 0, or -1 with *err when the text could not be read:
 * then the document says that there is no data. */
int gateway_eval(const struct gateway_eval *eval, struct span text, struct json_out *out,
                 struct err *err);

#endif
