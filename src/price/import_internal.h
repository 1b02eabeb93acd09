/* price/import_internal.h — what the readers of foreign formats share. Room-internal.
 * SPDX-License-Identifier: MIT
 */
#ifndef PRICE_IMPORT_INTERNAL_H
#define PRICE_IMPORT_INTERNAL_H

#include "base/pick.h"
#include "price/import.h"
#include "price/price_internal.h"

/* A price as somebody tells it; rates and factors that are not told are -1. */
struct import_offer {
    struct span model;    /* lent */
    struct price_row row; /* not finished */
    const char *why;      /* it makes no sense */
    int rank;             /* of several offers for one model the highest counts */
};
void import_take(struct price_import *import, const struct import_offer *offer);

/* Reads a number of dollars into `rate` (10^-digits of what is told per token or million). A null
 * tells nothing. False when it is no price. */
bool import_rate(const struct picked *value, int digits, int64_t *rate);
/* Part over whole as a factor, where it is one without a remainder; else -1. */
int64_t import_factor(int64_t part, int64_t whole);

void import_litellm(struct price_import *import, struct picked models);
void import_models_dev(struct price_import *import, struct picked providers);

#endif
