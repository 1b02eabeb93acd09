/* price/table.c — the rows of all origins as one sorted table.
 *
 * Rows are added origin by origin; settling sorts them by name and date and lets a later origin go
 * before an earlier one: what was imported replaces row by row, what somebody wrote by hand
 * replaces all rows of its model. A lookup is one binary search.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct price_table *price_table_new(void)
{
    struct price_table *table = xcalloc(1, sizeof(*table));

    table->arena = arena_new();
    return table;
}

void price_close(struct price_table *table)
{
    size_t i;

    if (!table)
        return;
    for (i = 0; i < table->problems_n; i++)
        free(table->problems[i]);
    free(table->problems);
    free(table->aliases);
    free(table->rows);
    arena_free(table->arena);
    free(table);
}

static struct span keep(struct price_table *table, struct span text)
{
    return text.p ? (struct span){ arena_text(table->arena, text), text.len } : text;
}

void price_table_add(struct price_table *table, const struct price_row *row)
{
    struct price_row *to;

    table->rows = xgrow(table->rows, table->n, &table->space, sizeof(*table->rows));
    to = &table->rows[table->n++];
    *to = *row;
    to->name = keep(table, row->name);
    to->source = keep(table, row->source);
    to->file = keep(table, row->file);
    to->checked = keep(table, row->checked);
}

void price_table_problem(struct price_table *table, const char *format, ...)
{
    char text[480];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    table->problems =
        xgrow(table->problems, table->problems_n, &table->problems_space, sizeof(*table->problems));
    table->problems[table->problems_n++] = xstrdup(text);
}

const char *price_problem(const struct price_table *table, size_t i)
{
    return i < table->problems_n ? table->problems[i] : NULL;
}

static int by_name_and_date(const void *a, const void *b)
{
    const struct price_row *x = a, *y = b;
    int order = span_cmp(x->name, y->name);

    return order ? order
                 : (x->valid_from_ms > y->valid_from_ms) - (x->valid_from_ms < y->valid_from_ms);
}

/* The stronger origin first, among rows of one date. */
static int by_all(const void *a, const void *b)
{
    const struct price_row *x = a, *y = b;
    int order = by_name_and_date(a, b);

    if (order == 0)
        order = (int)y->origin - (int)x->origin;
    return order ? order : x->line - y->line;
}

/* The strongest origin among n rows of one name, if it replaces all others; else the weakest. */
static enum price_origin least_of(const struct price_row *rows, size_t n)
{
    enum price_origin strongest = PRICE_BUILT_IN;
    size_t i;

    for (i = 0; i < n; i++) {
        if (rows[i].origin > strongest)
            strongest = rows[i].origin;
    }
    return strongest >= PRICE_FILE_BY_MODEL ? strongest : PRICE_BUILT_IN;
}

static void add_hash(struct price_table *table, uint64_t more)
{
    table->hash = hash_mix(table->hash, more);
}

/* What costs depend on: names, dates, figures. Not who said so, nor when it was looked up. */
static void hash_row(struct price_table *table, const struct price_row *row)
{
    add_hash(table, hash_span(row->name));
    add_hash(table, (uint64_t)row->valid_from_ms);
    add_hash(table, hash_span((struct span){ (const char *)row->rates, sizeof(row->rates) }));
    add_hash(table, (uint64_t)row->long_above);
    add_hash(table,
             hash_span((struct span){ (const char *)row->long_rates, sizeof(row->long_rates) }));
    add_hash(table, hash_span((struct span){ (const char *)row->factors, sizeof(row->factors) }));
    add_hash(table, (uint64_t)row->web_search_nusd);
    add_hash(table, row->guessed_cache_read);
}

static void settle_name(struct price_table *table, size_t first, size_t end, size_t *kept)
{
    enum price_origin least = least_of(&table->rows[first], end - first);
    size_t begin = *kept, i;

    for (i = first; i < end; i++) {
        const struct price_row *row = &table->rows[i];
        const struct price_row *before = *kept > begin ? &table->rows[*kept - 1] : NULL;
        bool again = before && before->valid_from_ms == row->valid_from_ms;

        /* Two prices of one model for one time: which one holds would be a matter of luck. */
        if (again && before->origin == row->origin && row->line > 0)
            price_table_problem(table, "%.*s, line %d: %.*s has a price for that time already",
                                (int)row->file.len, row->file.p, row->line, (int)row->name.len,
                                row->name.p);
        if (again || row->origin < least)
            continue;
        table->rows[(*kept)++] = *row;
        hash_row(table, row);
    }
}

void price_table_settle(struct price_table *table)
{
    size_t first = 0, end, kept = 0, i;

    if (table->n > 0)
        qsort(table->rows, table->n, sizeof(*table->rows), by_all);
    for (; first < table->n; first = end) {
        end = first + 1;
        while (end < table->n && span_eq(table->rows[end].name, table->rows[first].name))
            end++;
        settle_name(table, first, end, &kept);
    }
    table->n = kept;
    for (i = 0; i < table->aliases_n; i++) {
        add_hash(table, hash_span(table->aliases[i].from));
        add_hash(table, hash_span(table->aliases[i].to));
    }
}

int64_t price_version(const struct price_table *table)
{
    return (int64_t)(table->hash >> 1 | 1);
}

const struct price_row *price_row_at(const struct price_table *table, size_t i)
{
    return i < table->n ? &table->rows[i] : NULL;
}

size_t price_table_find(const struct price_table *table, struct span name,
                        const struct price_row **rows)
{
    size_t low = 0, high = table->n, n = 0;

    /* The first row that is not before the name. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (span_cmp(table->rows[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *rows = &table->rows[low];
    while (low + n < table->n && span_eq(table->rows[low + n].name, name))
        n++;
    return n;
}

const struct price_row *price_match_row(const struct price_match *match, int64_t at_ms)
{
    size_t i = match->n;

    while (i > 0 && match->rows[i - 1].valid_from_ms > at_ms)
        i--;
    return i > 0 ? &match->rows[i - 1] : NULL;
}
