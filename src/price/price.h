/* price/price.h — what tokens cost: a dated table of list prices and exact arithmetic.
 *
 * Rates are picodollars per token, costs nanodollars; sums are taken in 128 bits and rounded once
 * per event. No floating point anywhere. A model without a row has no cost: COST_UNKNOWN, never 0.
 * A table never changes once opened and may be used by any thread. What the columns mean and how a
 * name is looked up stands in docs/prices.md.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_PRICE_H
#define PRICE_PRICE_H

#include "base/err.h"
#include "event/event.h"

struct config;
struct price_table;

/* ---- rows ---- */

/* In the order of the CSV's columns. */
enum price_rate {
    RATE_INPUT,
    RATE_OUTPUT,
    RATE_CACHE_READ,
    RATE_CACHE_WRITE_5M,
    RATE_CACHE_WRITE_1H,
    RATE_KINDS
};

/* In the order of the CSV's columns. */
enum price_factor {
    FACTOR_FAST,
    FACTOR_LONG_FAST, /* fast where the long rates hold */
    FACTOR_BATCH,
    FACTOR_FLEX,
    FACTOR_PRIORITY,
    FACTOR_GEO_US,
    FACTORS
};
#define FACTOR_ONE INT64_C(1000000) /* factors are millionths */

/* Who said so; a later one goes before an earlier one. */
enum price_origin {
    PRICE_BUILT_IN,
    PRICE_IMPORTED,      /* `tacho prices import` */
    PRICE_FILE_BY_MODEL, /* RUNTIME_USAGE_PRICING_FILE, found without a reseller's name */
    PRICE_FILE,          /* RUNTIME_USAGE_PRICING_FILE, found as it is written there */
    PRICE_CONFIGURED,    /* "prices" of the configuration */
};

struct price_row {
    struct span name;          /* a model; "vendor/" and a star: all of that vendor's */
    int64_t valid_from_ms;     /* UTC; INT64_MIN: since ever */
    int64_t rates[RATE_KINDS]; /* picodollars per token */
    int64_t long_above;        /* tokens of prompt; INT64_MAX: no such step */
    int64_t long_rates[RATE_KINDS];
    int64_t factors[FACTORS]; /* millionths; -1: none is known, 1 is taken */
    int64_t web_search_nusd;  /* per search */
    struct span file;         /* where it stands, */
    int line;                 /* and on which line, from 1; 0: on none */
    bool guessed_cache_read;  /* the table has no rate for it: that of input is taken */
    enum price_origin origin;
    struct span source, checked; /* where the figure is from, and the day it was looked up */
};

/* ---- the table ---- */

/* The built-in table (src/price/prices.csv). */
int price_open(struct price_table **out, struct err *err);
/* The table in use: what was imported, the file named by RUNTIME_USAGE_PRICING_FILE and what the
 * configuration says, each on top of the one before. An entry that makes no sense is left out and
 * told by price_problem; the others stay in force. */
int price_open_config(struct price_table **out, const struct config *config, struct err *err);
/* Where imported rows lie: "prices.csv" beside the configuration. Yours to free. */
char *price_imported_path(const struct config *config);
void price_close(struct price_table *table); /* NULL is fine */

/* What was left out of a table, one sentence each naming file and key; NULL behind the last. */
const char *price_problem(const struct price_table *table, size_t i);

/* Changes whenever a price does: the ledger's costs carry it. Never 0. */
int64_t price_version(const struct price_table *table);

/* Rows sorted by name and date; NULL behind the last. */
const struct price_row *price_row_at(const struct price_table *table, size_t i);

/* ---- a model ---- */

/* How a name was found. */
enum price_rule {
    PRICE_BY_NAME,     /* as it is */
    PRICE_BY_ALIAS,    /* "model_aliases" of the configuration */
    PRICE_BY_VENDOR,   /* by the star of whoever serves it */
    PRICE_BY_STRIPPED, /* without what resellers and dates add */
    PRICE_BY_NOTHING,  /* not found */
};

struct price_match {
    enum price_rule rule;
    const struct price_row *rows; /* of the model, by date */
    size_t n;
    bool is_free; /* the name says so (":free") */
};
struct price_match price_match(const struct price_table *table, struct span model);
/* The row valid then, or NULL. */
const struct price_row *price_match_row(const struct price_match *match, int64_t at_ms);

/* A model's name without what resellers and dates add to it (docs/prices.md, "Model names"),
 * lower-case, in `out`; empty for a name too long for any table. Returns its length. *is_free is
 * set where the name says so (":free"). */
#define PRICE_NAME_SIZE 128
size_t price_model_name(struct span model, char out[PRICE_NAME_SIZE], bool *is_free);

/* ---- a bill ---- */

/* What one event costs, term by term. */
struct price_bill {
    int64_t cost_nusd;           /* list cost, or COST_UNKNOWN */
    const struct price_row *row; /* NULL: none is valid, or the name says that it is free */
    bool is_long;
    bool guessed;                       /* a rate or factor was needed that the table lacks */
    int64_t token_pusd[TOKEN_BILLED];   /* the rate of each kind of token */
    enum price_factor factors[FACTORS]; /* those that apply, */
    int factors_n;
};
/* `flags` as in enum event_flag. */
struct price_bill price_bill(const struct price_match *match, int64_t at_ms,
                             const struct figures *figures, uint32_t flags);

/* Match and bill in one: list cost in nanodollars, or COST_UNKNOWN. */
int64_t price_cost(const struct price_table *table, struct span model, int64_t at_ms,
                   const struct figures *figures, uint32_t flags);

/* ---- for tests and for reading tables from elsewhere ---- */

/* A table from CSV text in the columns of prices.csv. -1 with *err naming the line. */
int price_parse(struct price_table **out, struct span csv, struct err *err);

#endif
