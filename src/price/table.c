/* price/table.c — read price rows from CSV, find the one valid for a model at a time.
 *
 * Rows are sorted by name and date; a lookup is one binary search.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

enum {
    COL_MODELS,
    COL_VALID_FROM,
    COL_RATES, /* RATE_KINDS columns */
    COL_LONG_ABOVE = COL_RATES + RATE_KINDS,
    COL_LONG_RATES, /* RATE_KINDS columns */
    COL_FAST = COL_LONG_RATES + RATE_KINDS,
    COL_GEO_US,
    COL_WEB_SEARCH,
    COL_SOURCE,
    COL_CHECKED,
    COLUMNS
};

/* Dollars and factors stay below these, so that no bill overflows. */
#define RATE_MAX   10000
#define FACTOR_MAX 20
#define SEARCH_MAX 100

struct price_table {
    struct price_row *rows;
    size_t n, space;
    char *names; /* what the rows' names point into */
    int64_t version;
};

/* A count without a sign. */
static bool parse_count(struct span text, int64_t *out)
{
    return text.len > 0 && text.p[0] != '-' && span_int(text, out);
}

/* "12.5" with `digits` decimals and `max` at most, as an integer of 10^-digits. */
static bool parse_decimal(struct span text, int digits, int64_t max, int64_t *out)
{
    const char *point = memchr(text.p, '.', text.len);
    struct span whole = text, part = { "", 0 };
    int64_t fraction = 0;
    int i;

    if (point) {
        whole.len = (size_t)(point - text.p);
        part = (struct span){ point + 1, text.len - whole.len - 1 };
    }
    if (!parse_count(whole, out) || *out >= max || part.len > (size_t)digits ||
        (point && !parse_count(part, &fraction)))
        return false;
    for (i = 0; i < digits; i++)
        *out *= 10;
    for (i = (int)part.len; i < digits; i++)
        fraction *= 10;
    *out += fraction;
    return true;
}

/* Rates that a row leaves out: cache reads and 5-minute writes cost what input does, 1-hour writes
 * twice that. */
static bool parse_rates(const struct span *columns, int64_t rates[RATE_KINDS])
{
    int kind;

    for (kind = 0; kind < RATE_KINDS; kind++) {
        if (columns[kind].len == 0)
            rates[kind] = -1;
        else if (!parse_decimal(columns[kind], 6, RATE_MAX, &rates[kind]))
            return false;
    }
    if (rates[RATE_INPUT] < 0 || rates[RATE_OUTPUT] < 0)
        return false;
    if (rates[RATE_CACHE_READ] < 0)
        rates[RATE_CACHE_READ] = rates[RATE_INPUT];
    if (rates[RATE_CACHE_WRITE_5M] < 0)
        rates[RATE_CACHE_WRITE_5M] = rates[RATE_INPUT];
    if (rates[RATE_CACHE_WRITE_1H] < 0)
        rates[RATE_CACHE_WRITE_1H] = 2 * rates[RATE_INPUT];
    return true;
}

static bool parse_factor(struct span text, int64_t *ppm)
{
    *ppm = FACTOR_ONE;
    return text.len == 0 || parse_decimal(text, 6, FACTOR_MAX, ppm);
}

/* The step to long rates: all of it is there, or nothing. */
static bool parse_long(const struct span *c, struct price_row *row)
{
    int kind;

    if (c[COL_LONG_ABOVE].len > 0)
        return parse_count(c[COL_LONG_ABOVE], &row->long_above) &&
               parse_rates(&c[COL_LONG_RATES], row->long_rates);
    for (kind = 0; kind < RATE_KINDS; kind++) {
        if (c[COL_LONG_RATES + kind].len > 0)
            return false;
    }
    return true;
}

static const char *parse_row(const struct span *c, struct price_row *row)
{
    if (c[COL_MODELS].len == 0 || span_has(c[COL_MODELS], "  "))
        return "models are separated by one blank";
    if (c[COL_VALID_FROM].len > 0) {
        int64_t day;

        if (!civil_parse_day(c[COL_VALID_FROM], &day))
            return "valid_from is no date";
        row->valid_from_ms = day * MS_PER_DAY;
    }
    if (!parse_rates(&c[COL_RATES], row->rates))
        return "input and output must be dollars per million tokens";
    if (!parse_long(c, row))
        return "long_above needs a count of tokens and long_ rates";
    if (!parse_factor(c[COL_FAST], &row->fast_ppm) || !parse_factor(c[COL_GEO_US], &row->geo_ppm))
        return "fast and geo_us are factors such as 1.1";
    if (c[COL_WEB_SEARCH].len > 0 &&
        !parse_decimal(c[COL_WEB_SEARCH], 9, SEARCH_MAX, &row->web_search_nusd))
        return "web_search is dollars per search";
    if (c[COL_SOURCE].len == 0 || c[COL_CHECKED].len == 0)
        return "every price has a source and the date when it was checked";
    return NULL;
}

static int add_line(struct price_table *table, struct span line, int number, struct err *err)
{
    struct span columns[COLUMNS], names, name;
    struct price_row row;
    const char *wrong;
    int n = 0;

    while (n < COLUMNS && span_split(&line, ',', &columns[n]))
        n++;
    row = (struct price_row){ .valid_from_ms = INT64_MIN, .long_above = INT64_MAX, .line = number };
    wrong = n < COLUMNS || line.p ? "a row has 18 columns" : parse_row(columns, &row);
    if (wrong) {
        err_set(err, ERR_USAGE, "price table, line %d: %s", number, wrong);
        return -1;
    }
    names = columns[COL_MODELS];
    while (span_split(&names, ' ', &name)) {
        row.name = name;
        table->rows = xgrow(table->rows, table->n, &table->space, sizeof(row));
        table->rows[table->n++] = row;
    }
    return 0;
}

static int by_name_and_date(const void *a, const void *b)
{
    const struct price_row *x = a, *y = b;
    int order = span_cmp(x->name, y->name);

    return order ? order
                 : (x->valid_from_ms > y->valid_from_ms) - (x->valid_from_ms < y->valid_from_ms);
}

/* Two prices for one model at one time would make the answer a matter of luck. */
static int sort_rows(struct price_table *table, struct err *err)
{
    size_t i;

    if (table->n > 1)
        qsort(table->rows, table->n, sizeof(*table->rows), by_name_and_date);
    for (i = 1; i < table->n; i++) {
        const struct price_row *a = &table->rows[i - 1], *b = &table->rows[i];

        if (by_name_and_date(a, b) == 0) {
            err_set(err, ERR_USAGE, "price table, line %d: %.*s has a price for that time already",
                    a->line > b->line ? a->line : b->line, (int)a->name.len, a->name.p);
            return -1;
        }
    }
    return 0;
}

int price_parse(struct price_table **out, struct span csv, struct err *err)
{
    struct price_table *table = xcalloc(1, sizeof(*table));
    struct span rest, line;
    int number = 0;
    int rc = -1;

    table->names = xstrndup(csv.p, csv.len);
    table->version = (int64_t)(hash_span(csv) >> 1 | 1);
    rest = (struct span){ table->names, csv.len };
    while (span_split(&rest, '\n', &line)) {
        number++;
        if (line.len == 0 || line.p[0] == '#' || span_starts(line, "models,"))
            continue;
        if (add_line(table, line, number, err) < 0)
            goto out;
    }
    if (sort_rows(table, err) < 0)
        goto out;
    *out = table;
    table = NULL;
    rc = 0;
out:
    price_close(table);
    return rc;
}

int price_open(struct price_table **out, struct err *err)
{
    return price_parse(out, span_of(price_csv), err);
}

void price_close(struct price_table *table)
{
    if (!table)
        return;
    free(table->rows);
    free(table->names);
    free(table);
}

int64_t price_version(const struct price_table *table)
{
    return table->version;
}

const struct price_row *price_find(const struct price_table *table, struct span name, int64_t at_ms)
{
    struct price_row wanted = { .name = name, .valid_from_ms = at_ms };
    size_t low = 0, high = table->n;

    /* The last row that is not behind (name, time). */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_name_and_date(&table->rows[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && span_eq(table->rows[low - 1].name, name) ? &table->rows[low - 1] : NULL;
}
