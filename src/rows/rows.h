/* rows/rows.h — read another program's SQLite file: its questions are data, the answers are rows.
 *
 * The file is opened read-only and nothing is ever made beside it, no -wal, no -shm, no journal.
 * Knows no agent and not what the rows mean. Thread-safe (no state).
 * SPDX-License-Identifier: MIT
 */
#ifndef ROWS_ROWS_H
#define ROWS_ROWS_H

#include "base/err.h"
#include "event/question.h"

/* Where the rows go. Cells are lent for the call. False asks for an end: it comes with the next row
 * at which the question's watermark has moved, so that reading on from there gets somewhere however
 * many rows have one value; a question without a watermark is answered to its last row. */
struct rows_taker {
    bool (*row)(void *to, int topic, const struct cell *cells, int n);
    void *to;
};

/* Asks the questions, each from its topic's watermark on (watermarks[topic], moved to the largest
 * value that was seen; they stay where something failed). Questions whose tables are not there are
 * passed over.
 * 0, or -1 with *err: ERR_NOT_FOUND, ERR_BUSY (somebody is writing: again later), ERR_DAMAGED (no
 * database, or not in order), ERR_IO, ERR_USAGE (none of the questions fits: another version). */
int rows_read(const char *path, const struct question *questions, int64_t *watermarks,
              const struct rows_taker *taker, struct err *err);

#endif
