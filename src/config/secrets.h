/* config/secrets.h — secrets.json as JSON: read if it is private, replaced whole.
 *
 * Knows who may read the file, not what stands in it. Thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_SECRETS_H
#define CONFIG_SECRETS_H

#include "base/err.h"

#include <jansson.h>
#include <sys/stat.h>

/* The whole file; *root is NULL and *seen zeroed when there is none. ERR_USAGE when other users
 * can read or replace it. 0, or -1 with *err. The root is yours to json_decref. */
int secrets_load(const char *path, json_t **root, struct stat *seen, struct err *err);
int secrets_save(const char *path, json_t *root, struct err *err); /* mode 0600 */

/* Makes the folder if need be and keeps other writers out of it until close(). The descriptor, or
 * -1 with *err. */
int secrets_lock(const char *path, struct err *err);

#endif
