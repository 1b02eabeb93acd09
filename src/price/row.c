/* price/row.c — what a row of the table may say, and what is taken where it says nothing.
 *
 * Money comes in as decimals (12.5, 1.25e-07) and is never anything but whole numbers here.
 * SPDX-License-Identifier: MIT
 */
#include "price/price_internal.h"

#define DIGITS_MAX   24 /* more are noise behind a rounded number */
#define EXPONENT_MAX 99

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number as written: digits × 10^exponent. */
struct decimal {
    __int128 digits;
    int exponent;
};

/* The digits, with a point among them or not. False when there are none. */
static bool take_digits(struct span *text, struct decimal *d)
{
    bool point = false, any = false;
    int kept = 0;

    for (; text->len > 0; text->p++, text->len--) {
        char c = *text->p;

        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        any = true;
        if (kept < DIGITS_MAX) {
            d->digits = d->digits * 10 + (c - '0');
            kept += d->digits > 0;
            d->exponent -= point;
        } else {
            d->exponent += !point;
        }
    }
    return any;
}

static bool take_exponent(struct span text, struct decimal *d)
{
    int64_t exponent;

    if (text.len == 0)
        return true;
    if (text.len < 2 || (text.p[0] | 0x20) != 'e')
        return false;
    text.p += text.p[1] == '+' ? 2 : 1;
    text.len -= text.p[-1] == '+' ? 2 : 1;
    if (!span_int(text, &exponent) || exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
        return false;
    d->exponent += (int)exponent;
    return true;
}

bool row_decimal(struct span text, int digits, int64_t max, int64_t *out)
{
    struct decimal d = { 0 };
    bool up = false;

    if (!take_digits(&text, &d) || !take_exponent(text, &d))
        return false;
    for (d.exponent += digits; d.exponent < 0 && (d.digits > 0 || up); d.exponent++) {
        up = d.digits % 10 >= 5; /* the last digit that goes decides: half up */
        d.digits /= 10;
    }
    d.digits += up;
    for (; d.exponent > 0 && d.digits > 0 && d.digits <= max; d.exponent--)
        d.digits *= 10;
    if (d.digits > max)
        return false;
    *out = (int64_t)d.digits;
    return true;
}

struct price_row row_blank(enum price_origin origin)
{
    struct price_row row = {
        .valid_from_ms = INT64_MIN,
        .long_above = INT64_MAX,
        .origin = origin,
    };
    int i;

    for (i = 0; i < RATE_KINDS; i++)
        row.rates[i] = row.long_rates[i] = -1;
    for (i = 0; i < FACTORS; i++)
        row.factors[i] = -1;
    return row;
}

/* True where the maker bills writes to a cache above the rate of input. */
static bool writes_cost_more(struct span name)
{
    return span_starts(name, "claude");
}

static void fill_rates(struct span name, int64_t rates[RATE_KINDS])
{
    if (rates[RATE_CACHE_READ] < 0)
        rates[RATE_CACHE_READ] = rates[RATE_INPUT];
    if (rates[RATE_CACHE_WRITE_5M] < 0)
        rates[RATE_CACHE_WRITE_5M] =
            rates[RATE_INPUT] + (writes_cost_more(name) ? (rates[RATE_INPUT] + 2) / 4 : 0);
    if (rates[RATE_CACHE_WRITE_1H] < 0)
        rates[RATE_CACHE_WRITE_1H] = 2 * rates[RATE_INPUT];
}

const char *row_finish(struct price_row *row)
{
    static const struct {
        enum price_factor factor;
        int64_t value;
    } usual[] = { { FACTOR_BATCH, FACTOR_ONE / 2 }, { FACTOR_FLEX, FACTOR_ONE / 2 } };
    size_t i;

    if (row->rates[RATE_INPUT] < 0 || row->rates[RATE_OUTPUT] < 0)
        return "input and output must be dollars per million tokens";
    for (i = 0; i < RATE_KINDS && row->long_above == INT64_MAX; i++) {
        if (row->long_rates[i] >= 0)
            return "long_above needs a count of tokens and long_ rates";
    }
    row->guessed_cache_read = row->rates[RATE_CACHE_READ] < 0;
    fill_rates(row->name, row->rates);
    if (row->long_above < INT64_MAX) {
        if (row->long_above < 1 || row->long_rates[RATE_INPUT] < 0 ||
            row->long_rates[RATE_OUTPUT] < 0)
            return "long_above needs a count of tokens and long_ rates";
        fill_rates(row->name, row->long_rates);
    }
    for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        if (row->factors[usual[i].factor] < 0)
            row->factors[usual[i].factor] = usual[i].value;
    }
    if (row->factors[FACTOR_LONG_FAST] < 0)
        row->factors[FACTOR_LONG_FAST] = row->factors[FACTOR_FAST];
    return NULL;
}
