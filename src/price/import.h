/* price/import.h — prices as others publish them, turned into rows of ours.
 *
 * Understands LiteLLM's model_prices_and_context_window.json, models.dev's api.json and our own
 * CSV; which one it is shows in the text. Reads and compares, changes nothing.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_IMPORT_H
#define PRICE_IMPORT_H

#include "base/buf.h"
#include "price/price.h"

enum import_kind {
    IMPORT_NEW,     /* a model that has no price yet */
    IMPORT_CHANGED, /* one that has another */
    IMPORT_SAME,
    IMPORT_REFUSED, /* makes no sense; `why` says it */
};

struct import_item {
    enum import_kind kind;
    struct span model;
    const char *why;         /* of IMPORT_REFUSED */
    int rank;                /* of several offers for one model the highest was taken */
    struct price_row row;    /* as it would be; of NEW and CHANGED */
    struct price_row before; /* what holds now; of CHANGED */
};

struct price_import {
    const char *format;        /* "LiteLLM", "models.dev", "CSV" */
    struct import_item *items; /* by name */
    size_t n, space;
    int64_t counts[IMPORT_REFUSED + 1];
    struct arena *arena;
};

/* Compares the text with the table as of `day` (UTC). New models are priced since ever, others
 * from that day on. -1 with *err when it is none of the formats. */
int price_import_read(struct price_import *import, const struct price_table *table,
                      struct span text, int64_t day, struct err *err);
void price_import_fini(struct price_import *import);

/* The imported rows as they are to be kept: those of `kept` (CSV, may be empty) with NEW and
 * CHANGED on top. */
void price_import_write(const struct price_import *import, struct span kept, int64_t day,
                        struct buf *out);

#endif
