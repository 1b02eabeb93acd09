/* notify/webhook.h — POST an announcement to a URL of the owner's.
 * SPDX-License-Identifier: MIT
 */
#ifndef NOTIFY_WEBHOOK_H
#define NOTIFY_WEBHOOK_H

#include "base/buf.h"
#include "base/err.h"

struct config;

/* POSTs `body`, a JSON object. Where secrets.json beside the configuration has a "webhook_secret",
 * the header X-Tacho-Signature is "sha256=" and the HMAC-SHA-256 of the body by it, in hex. 0 when
 * the answer was of the 200s; -1 with *err, and in *wait_s how long the server wants to be left
 * alone (0: it did not say). */
int webhook_post(const struct config *config, struct span body, int64_t *wait_s, struct err *err);

#endif
