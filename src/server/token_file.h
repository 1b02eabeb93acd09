/* server/token_file.h — secrets.json as JSON: read if it is private, replaced whole.
 *
 * For token.c and tokens.c. Knows who may read the file, not what stands in it.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_TOKEN_FILE_H
#define SERVER_TOKEN_FILE_H

#include "base/err.h"

#include <jansson.h>
#include <sys/stat.h>

enum { TOKENS_MAX = 1000 }; /* in one file */

/* The whole file; *root is NULL and *seen zeroed when there is none. ERR_USAGE when other users
 * can read or replace it. 0, or -1 with *err. The root is yours to json_decref. */
int token_file_load(const char *path, json_t **root, struct stat *seen, struct err *err);
int token_file_save(const char *path, json_t *root, struct err *err); /* mode 0600 */

/* Makes the folder if need be and keeps other writers out of it until close(). The descriptor, or
 * -1 with *err. */
int token_file_lock(const char *path, struct err *err);

#endif
