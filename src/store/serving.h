/* store/serving.h — which daemon serves a ledger, as others find it.
 *
 * `<ledger>.daemon` is locked by the running daemon and holds its process id, its address and its
 * version, a line each. The kernel frees the lock, so a file left behind by a crash means nothing.
 * Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef STORE_SERVING_H
#define STORE_SERVING_H

#include <stdbool.h>

#define SERVING_URL_SIZE     256
#define SERVING_VERSION_SIZE 32

struct serving {
    long pid;
    char url[SERVING_URL_SIZE];
    char version[SERVING_VERSION_SIZE]; /* "" where it did not say */
};

/* What the open file says. False while it says nothing yet. */
bool serving_read(int fd, struct serving *out);
/* Is a daemon serving the ledger at `db`? One that is still starting has url "" and pid 0. */
bool serving_find(const char *db, struct serving *out);

#endif
