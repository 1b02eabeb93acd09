/* price/price_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_INTERNAL_H
#define PRICE_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "price/price.h"

struct price_alias {
    struct span from, to;
};

struct price_table {
    struct price_row *rows;
    size_t n, space;
    struct price_alias *aliases;
    size_t aliases_n, aliases_space;
    char **problems;
    size_t problems_n, problems_space;
    struct arena *arena; /* what the spans point into */
    uint64_t hash;       /* of all that was added */
};

/* ---- table.c ---- */

struct price_table *price_table_new(void);
/* Adds a row; its spans are copied. */
void price_table_add(struct price_table *table, const struct price_row *row);
/* Sorts, and drops what a later origin has replaced. Before any lookup. */
void price_table_settle(struct price_table *table);
/* "file: key: why" */
void price_table_problem(struct price_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The rows of exactly this name; 0 when there are none. */
size_t price_table_find(const struct price_table *table, struct span name,
                        const struct price_row **rows);

/* ---- row.c: what a row may be ---- */

#define RATE_MAX INT64_C(9999999999) /* below 10,000 dollars per million tokens */
/* A row that says nothing yet. Rates are -1: not told. */
struct price_row row_blank(enum price_origin origin);
/* Fills in the rates that were not told. What is wrong with the row, or NULL. */
const char *row_finish(struct price_row *row);
/* A decimal such as 12.5 or 1.25e-07 as a whole number of 10^-digits; half up where it has more.
 * False when it is no number, negative or above `max`. */
bool row_decimal(struct span text, int digits, int64_t max, int64_t *out);

/* ---- csv.c ---- */

/* Adds the rows of a CSV text. -1 with *err naming `name` and the line. */
int csv_add(struct price_table *table, struct span csv, enum price_origin origin, const char *name,
            struct err *err);

/* Adds what a line says of each of its models; `blank` is what is known of them before. What is
 * wrong with it, or NULL. */
const char *csv_line(struct price_table *table, struct span line, const struct price_row *blank);
/* The whole table as CSV. */
void csv_write(const struct price_table *table, struct buf *out);

/* ---- entry.c: prices and aliases in JSON ---- */

/* Adds {"model": {"input": 3, "output": 15, …}}; `where` names it in problems. */
void entries_add(struct price_table *table, struct span json, enum price_origin origin,
                 const char *where);
void aliases_add(struct price_table *table, struct span json, const char *where);

extern const char price_csv[]; /* made from prices.csv by the build */

#endif
