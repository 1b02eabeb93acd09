/* price/csv.c — price rows from CSV, in the columns of prices.csv.
 *
 *   models,valid_from,input,output,…
 *   gpt-5.6-luna,2026-07-30,0.2,1.2,…
 *
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#include "base/civil.h"

#include <inttypes.h>

enum {
    COL_MODELS,
    COL_VALID_FROM,
    COL_RATES, /* RATE_KINDS columns */
    COL_LONG_ABOVE = COL_RATES + RATE_KINDS,
    COL_LONG_RATES,                            /* RATE_KINDS columns */
    COL_FACTORS = COL_LONG_RATES + RATE_KINDS, /* FACTORS columns */
    COL_WEB_SEARCH = COL_FACTORS + FACTORS,
    COL_SOURCE,
    COL_CHECKED,
    COLUMNS
};

#define FACTOR_MAX     (20 * FACTOR_ONE - 1)
#define SEARCH_MAX     INT64_C(99999999999) /* below 100 dollars */
#define LONG_ABOVE_MAX INT64_C(1000000000)

/* "12.5": a table says what it means, so there is no exponent and no decimal that would be lost. */
static bool parse_decimal(struct span text, int digits, int64_t max, int64_t *out)
{
    const char *point = memchr(text.p, '.', text.len);
    size_t decimals = point ? (size_t)(text.p + text.len - point - 1) : 0;

    return point != text.p && (!point || decimals > 0) && decimals <= (size_t)digits &&
           !memchr(text.p, 'e', text.len) && !memchr(text.p, 'E', text.len) &&
           row_decimal(text, digits, max, out);
}

/* `n` millionths, each empty or within bounds. */
static bool parse_decimals(const struct span *columns, int n, int64_t max, int64_t *out)
{
    int i;

    for (i = 0; i < n; i++) {
        if (columns[i].len > 0 && !parse_decimal(columns[i], 6, max, &out[i]))
            return false;
    }
    return true;
}

static const char *parse_row(const struct span *c, struct price_row *row)
{
    int64_t day;

    if (c[COL_VALID_FROM].len > 0) {
        if (!civil_parse_day(c[COL_VALID_FROM], &day))
            return "valid_from is no date";
        row->valid_from_ms = day * MS_PER_DAY;
    }
    if (!parse_decimals(&c[COL_RATES], RATE_KINDS, RATE_MAX, row->rates) ||
        !parse_decimals(&c[COL_LONG_RATES], RATE_KINDS, RATE_MAX, row->long_rates))
        return "rates are dollars per million tokens, below 10000";
    if (c[COL_LONG_ABOVE].len > 0 &&
        !parse_decimal(c[COL_LONG_ABOVE], 0, LONG_ABOVE_MAX, &row->long_above))
        return "long_above needs a count of tokens and long_ rates";
    if (!parse_decimals(&c[COL_FACTORS], FACTORS, FACTOR_MAX, row->factors))
        return "factors are numbers such as 1.1, below 20";
    if (c[COL_WEB_SEARCH].len > 0 &&
        !parse_decimal(c[COL_WEB_SEARCH], 9, SEARCH_MAX, &row->web_search_nusd))
        return "web_search is dollars per search, below 100";
    if (c[COL_SOURCE].len == 0 || !civil_parse_day(c[COL_CHECKED], &day))
        return "every price has a source and the date when it was checked";
    row->source = c[COL_SOURCE];
    row->checked = c[COL_CHECKED];
    return NULL;
}

const char *csv_line(struct price_table *table, struct span line, const struct price_row *blank)
{
    struct span columns[COLUMNS], names, name;
    const char *wrong = NULL;
    int n = 0;

    while (n < COLUMNS && span_split(&line, ',', &columns[n]))
        n++;
    if (n < COLUMNS || line.p)
        return "a row has 22 columns";
    names = columns[COL_MODELS];
    while (!wrong && span_split(&names, ' ', &name)) {
        struct price_row row = *blank;

        row.name = name;
        wrong = name.len == 0 || name.len >= PRICE_NAME_SIZE ? "models are names by single blanks"
                                                             : parse_row(columns, &row);
        if (!wrong)
            wrong = row_finish(&row);
        if (!wrong)
            price_table_add(table, &row);
    }
    return wrong;
}
_Static_assert(COLUMNS == 22, "csv_line says how many columns there are");

int csv_add(struct price_table *table, struct span csv, enum price_origin origin, const char *name,
            struct err *err)
{
    struct price_row blank = row_blank(origin);
    struct span line;

    blank.file = span_of(name);
    while (span_split(&csv, '\n', &line)) {
        const char *wrong;

        blank.line++;
        if (span_ends(line, "\r"))
            line.len--;
        if (line.len == 0 || line.p[0] == '#' || span_starts(line, "models,"))
            continue;
        wrong = csv_line(table, line, &blank);
        if (!wrong)
            continue;
        err_set(err, ERR_USAGE, "%s, line %d: %s", name, blank.line, wrong);
        return -1;
    }
    return 0;
}

/* ---- writing ---- */

static const char heads[] =
    "models,valid_from,input,output,cache_read,cache_write_5m,cache_write_1h,long_above,long_input,"
    "long_output,long_cache_read,long_cache_write_5m,long_cache_write_1h,fast,fast_long,batch,flex,"
    "priority,geo_us,web_search,source,checked\n";

/* ",12.5": value / 10^digits; nothing behind the comma where there is no value. */
static void add_decimal(struct buf *out, int64_t value, int digits)
{
    int64_t unit = 1;
    int i;

    buf_add_char(out, ',');
    if (value < 0)
        return;
    for (i = 0; i < digits; i++)
        unit *= 10;
    buf_printf(out, "%" PRId64, value / unit);
    value %= unit;
    if (value > 0)
        buf_add_char(out, '.');
    while (value > 0) {
        unit /= 10;
        buf_printf(out, "%d", (int)(value / unit));
        value %= unit;
    }
}

/* A text that a column can hold. */
static void add_text(struct buf *out, struct span text)
{
    size_t i;

    buf_add_char(out, ',');
    for (i = 0; i < text.len; i++)
        buf_add_char(out, text.p[i] == ',' || text.p[i] == '\n' ? ' ' : text.p[i]);
}

static void write_row(const struct price_row *row, struct buf *out)
{
    bool has_long = row->long_above < INT64_MAX;
    char day[CIVIL_DAY_SIZE] = "";
    int i;

    if (row->valid_from_ms > INT64_MIN)
        civil_format_day(floor_div(row->valid_from_ms, MS_PER_DAY), day);
    buf_add_span(out, row->name);
    buf_printf(out, ",%s", day);
    for (i = 0; i < RATE_KINDS; i++)
        add_decimal(out, i == RATE_CACHE_READ && row->guessed_cache_read ? -1 : row->rates[i], 6);
    add_decimal(out, has_long ? row->long_above : -1, 0);
    for (i = 0; i < RATE_KINDS; i++)
        add_decimal(out, has_long ? row->long_rates[i] : -1, 6);
    for (i = 0; i < FACTORS; i++)
        add_decimal(out, row->factors[i], 6);
    add_decimal(out, row->web_search_nusd > 0 ? row->web_search_nusd : -1, 9);
    add_text(out, row->source);
    add_text(out, row->checked);
    buf_add_char(out, '\n');
}

void csv_write(const struct price_table *table, struct buf *out)
{
    size_t i;

    buf_add_text(out, heads);
    for (i = 0; i < table->n; i++)
        write_row(&table->rows[i], out);
}
