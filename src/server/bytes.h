/* server/bytes.h — bytes that several senders share: an answer in the cache and on three sockets.
 *
 * Counted references, never changed after they were made. One thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_BYTES_H
#define SERVER_BYTES_H

#include "base/span.h"

struct bytes {
    int refs;
    struct span at;
};

struct bytes *bytes_new(struct span content);       /* copied; one reference, yours to drop */
struct bytes *bytes_new_lent(struct span constant); /* not copied: lives as long as the program */
struct bytes *bytes_keep(struct bytes *bytes);      /* one more reference to the same */
void bytes_drop(struct bytes *bytes);               /* NULL is fine */

#endif
