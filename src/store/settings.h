/* store/settings.h — what was set from the page: JSON values by key.
 *
 * Part of the handle in store.h; same thread rule.
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include "base/buf.h"
#include "store/store.h"

/* The value is added to *out: 1; 0 where it was never set; -1 with *err. */
int store_setting_get(struct store *store, const char *key, struct buf *out, struct err *err);
/* Inside a transaction. */
int store_setting_put(struct store *store, const char *key, struct span value, struct err *err);
/* By key. */
typedef void store_setting_fn(void *to, const char *key, struct span value);
int store_settings_each(struct store *store, store_setting_fn *fn, void *to, struct err *err);

#endif
