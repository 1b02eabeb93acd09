/* gateway/usage_price.c — what tokens cost that a gateway has put no price on.
 *
 * A price file names models as "provider/model" in the form that this room gives them; rows of the
 * built-in table are found from the name as it was sent. So two tables are held: one with the file,
 * asked for the first, and one without it.
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "gateway/usage_internal.h"
#include "price/price.h"

#include <stdlib.h>

struct gateway_prices {
    struct price_table *with_file, *without_file;
};

int gateway_prices_open(struct gateway_prices **out, const struct config *config, struct err *err)
{
    struct gateway_prices *prices = xcalloc(1, sizeof(*prices));
    struct config without = *config; /* borrows its texts */
    size_t i;

    without.pricing_file = NULL;
    if (price_open_config(&prices->with_file, config, err) < 0 ||
        price_open_config(&prices->without_file, &without, err) < 0) {
        gateway_prices_close(prices);
        return -1;
    }
    for (i = 0; price_problem(prices->with_file, i); i++)
        log_warning("%s", price_problem(prices->with_file, i));
    *out = prices;
    return 0;
}

void gateway_prices_close(struct gateway_prices *prices)
{
    if (!prices)
        return;
    price_close(prices->with_file);
    price_close(prices->without_file);
    free(prices);
}

const char *gateway_prices_problem(const struct gateway_prices *prices)
{
    return prices ? price_problem(prices->with_file, 0) : NULL;
}

static struct price_match find(const struct gateway_prices *prices, const struct model_name *name)
{
    struct price_match match = price_match(prices->with_file, name->key), vendor;

    if (match.rule == PRICE_BY_NAME && match.rows[0].origin >= PRICE_FILE)
        return match;
    match = price_match(prices->without_file, name->raw);
    if (match.n > 0 || match.is_free)
        return match;
    vendor = price_match(prices->without_file, name->key); /* "lmstudio/" and a star */
    return vendor.rule == PRICE_BY_VENDOR ? vendor : match;
}

/* Rounded once, from picodollars. */
static int64_t round_cost(const struct price_bill *bill, const struct figures *figures)
{
    __int128 pusd = 0;
    int kind;

    for (kind = 0; kind < TOKEN_BILLED; kind++)
        pusd += (__int128)figures->tokens[kind] * bill->token_pusd[kind];
    return (int64_t)((pusd + 5000) / 10000) * 10;
}

bool amount_price(const struct gateway_prices *prices, const struct model_name *name, int64_t at_ms,
                  const struct amount *amount, int64_t *nusd)
{
    struct figures figures = {
        .tokens = { [TOKEN_INPUT] = amount->input,
                    [TOKEN_OUTPUT] = amount->output,
                    [TOKEN_CACHE_READ] = amount->cache_read,
                    [TOKEN_CACHE_WRITE_5M] = amount->cache_write },
        .logged_nusd = COST_UNTOLD,
    };
    struct price_match match;
    struct price_bill bill;

    *nusd = 0;
    if (span_is(name->provider, "ollama"))
        return true; /* runs on one's own machine */
    if (!prices)
        return false;
    match = find(prices, name);
    bill = price_bill(&match, at_ms, &figures, EVENT_SUMMED);
    if (bill.cost_nusd == COST_UNKNOWN)
        return false;
    *nusd = round_cost(&bill, &figures);
    return true;
}
