/* ingest/reading.h — read what a file has gained, however it is framed, and feed it. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef INGEST_READING_H
#define INGEST_READING_H

#include "ingest/batch.h"
#include "ingest/feed.h"
#include "ingest/ingest.h"

#include <stdatomic.h>

/* Set once, used for one file after the other. */
struct reading {
    struct batch *batch;
    struct tail_reader *reader; /* for lines */
    const atomic_bool *stop;    /* set: come to an end soon */
    const char *machine;
    const char *home;   /* as in struct feed */
    int64_t done_bytes; /* moves on */

    bool anew;           /* the file is another one now: whose it is has to be found out */
    enum ingest_how how; /* of the file that is being read */
    struct file *file;
    struct feed feed;
    struct buf whole, near; /* bytes of a document; of a file that was read near it */
};
void reading_fini(struct reading *reading);

enum reading_end {
    READING_DONE,  /* all there is was read */
    READING_MORE,  /* the batch is full, or `stop` was set: there may be more */
    READING_LATER, /* somebody is writing it: try again in a while */
    READING_GONE,  /* there is no such file any more */
};
/* Reads on in a file, inside the open batch. -1 with *err: the ledger refused something, and the
 * batch has to be undone. A file that cannot be read is logged and counts as done. */
int reading_file(struct reading *reading, struct file *file, enum ingest_how how,
                 enum reading_end *end, struct err *err);

#endif
