/* event/question.h — what is asked of another program's database, and what it answers.
 *
 * Plain data; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_QUESTION_H
#define EVENT_QUESTION_H

#include "base/span.h"

/* One value of a row that another program's database answers. Lent. */
struct cell {
    enum { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BLOB } type;
    int64_t number;   /* CELL_INT; CELL_REAL: rounded */
    struct span text; /* CELL_TEXT, CELL_BLOB; CELL_REAL: as SQLite prints it */
};

/* A question to another program's database. Of questions with the same topic the first is asked
 * whose tables and columns are there. */
struct question {
    int topic;
    const char *needs;  /* "message(id, data) session(id)"; the tables and columns it names */
    const char *select; /* answers rows from the watermark ?1 on (0 at first), in its order */
    int watermark; /* the column (an integer) whose largest value is the next ?1; -1: ask for all,
                      for tables that stay small */
};
#define QUESTION_TOPICS_MAX 4

#endif
